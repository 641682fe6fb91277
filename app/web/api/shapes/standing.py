"""How everything stands: subjects, letters, items, and why."""

from __future__ import annotations

from datetime import date, datetime

from app.web.api.shapes.base import Shape
from checks.facts import DateSource, Outcome
from checks.subjects import SubjectKind
from checks.verdicts import DutyState, LetterVerdict, Verdict

# A field may be called `date`.
Day = date


class SubjectRow(Shape):
    """One subject under one rule. `due` is the last good day, inclusive."""

    kind: SubjectKind
    id: str
    name: str
    unit: str
    rule: str | None
    verdict: Verdict
    newest: date | None
    due: date | None
    days_over: int | None
    days_left: int | None
    outcome: Outcome | None
    last_seen: datetime | None
    reason: str
    evidence: str | None


class Status(Shape):
    """`xunjian status`."""

    as_of: date
    subjects: list[SubjectRow]


class LetterLine(Shape):
    mailbox: str
    ref: str
    received: date | None
    replied: date | None
    due: date | None
    working_days: int | None
    verdict: LetterVerdict
    unit: str
    url: str | None
    reason: str


class Letters(Shape):
    """`xunjian letters`."""

    as_of: date
    letters: list[LetterLine]


class ItemLine(Shape):
    subject: str
    title: str
    url: str | None
    date: Day | None
    date_text: str | None
    date_source: DateSource | None
    first_seen: datetime


class Items(Shape):
    """`xunjian items`."""

    items: list[ItemLine]


class DutyLine(Shape):
    pack: str
    duty: str
    headline: str
    state: DutyState
    reason: str
    faults: list[str]
    doubts: list[str]
    evidence: str | None
    clause: str
    source: str
    verified: bool


class NewestItem(Shape):
    title: str | None
    url: str | None
    date: Day | None
    date_text: str | None
    date_source: DateSource | None


class Candidate(Shape):
    """One date that was weighed, and by which reading rule."""

    date: Day | None
    date_text: str
    date_source: DateSource | None
    rule: str


class Explanation(Shape):
    """`xunjian explain ID`. `findings` are numbers of findings, `text` the lines for a person."""

    as_of: date
    subject: str
    subjects: list[SubjectRow]
    duties: list[DutyLine]
    item: NewestItem | None
    candidates: list[Candidate]
    why: str | None
    origin: str | None
    findings: list[int]
    text: list[str]
