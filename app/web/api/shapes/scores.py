"""How near each site and account is to a veto, and what a portal is worth."""

from __future__ import annotations

from datetime import date

from app.web.api.shapes.base import Number, Shape
from checks.subjects import SubjectKind


class Veto(Shape):
    """One indicator of a site or account; null is not known, which is not zero."""

    indicator: str
    group: str
    name: str
    headline: str
    hit: bool | None
    by_hand: bool
    count: int | None
    limit: int | None
    distance: int | None
    share: Number | None
    share_limit: Number | None
    watched: int
    subjects: list[str]
    not_known: list[str]
    words: str
    clause: str
    source: str
    confidence: str
    verified: bool


class ScoreLine(Shape):
    indicator: str
    section: str
    name: str
    faults: int | None
    points: Number | None
    cap: Number | None
    evidence: str | None
    still_open: bool
    confidence: str
    verified: bool


class Score(Shape):
    """A portal's points: with something `still_open`, what it can have at most."""

    vetoes: list[str]
    deducted: Number | None
    deduction_score: Number | None
    bonus: Number | None
    total: Number | None
    grade: str | None
    still_open: list[str]
    lines: list[ScoreLine]


class Standing(Shape):
    kind: SubjectKind
    id: str
    name: str
    unit: str
    pack: str
    version: str
    vetoed: bool | None
    vetoes: list[Veto]
    score: Score | None


class Scores(Shape):
    """`xunjian scores`."""

    as_of: date
    scores: list[Standing]
