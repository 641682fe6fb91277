"""What accounts posted, and what persons found by hand."""

from __future__ import annotations

from datetime import date, datetime

from app.web.api.shapes.base import Shape, Text
from checks.account_year import Box
from checks.facts import Method


class Span(Shape):
    """Both days inclusive."""

    first: date
    last: date


class MeasureRow(Shape):
    """One account; null is not known, which is not zero."""

    id: str
    name: str
    platform: str | None
    unit: str
    last_post: date | None
    posts: int | None
    per_week: float | None
    longest_gap: int | None
    gap_from: date | None
    gap_to: date | None
    covered_from: date | None
    covered_to: date | None
    complete: bool
    comments: int | None
    replies: int | None
    reply_rate: float | None


class Measures(Shape):
    """`xunjian account measures`."""

    as_of: date
    period: Span
    accounts: list[MeasureRow]


class YearRow(Shape):
    box: Box
    id: str
    name: str
    platform: str | None
    unit: str
    posts: int | None
    complete: bool
    covered_from: date | None
    covered_to: date | None
    ways: list[Method]
    followers: int | None
    followers_on: date | None
    source_posts: int | None
    source_posts_on: date | None
    source_posts_since: date | None
    source_posts_until: date | None
    note: str


class Yearly(Shape):
    """`xunjian account yearly`: the accounts by the boxes of the form; `has` null: not known."""

    as_of: date
    year: int
    has: bool | None
    weibo: list[YearRow]
    wechat: list[YearRow]
    other: list[YearRow]


class HandLine(Shape):
    subject: str
    name: str
    pack: str
    row: str
    headline: str
    fault: bool | None
    points: Text | None
    evidence: str
    by: str
    at: datetime
    until: date | None


class Hands(Shape):
    """`xunjian hand list`."""

    as_of: date
    hands: list[HandLine]
