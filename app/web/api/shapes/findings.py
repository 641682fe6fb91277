"""What was found, and what persons did to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from app.web.api.shapes.base import Shape, mirrored
from checks.course import Course, EventKind, State
from notify.notices import NoticeKind

CourseShape: Any = mirrored(Course, float)


class EventLine(Shape):
    kind: EventKind
    at: datetime
    by: str
    note: str
    evidence: str | None
    until: date | None


class FindingRow(Shape):
    """One finding. `letter` is null but in a mailbox; `unit` null: the operator's matter."""

    id: int
    rule: str
    pack: str
    subject: str
    letter: str | None
    unit: str | None
    state: State
    opened_on: date
    events: list[EventLine]
    evidence: str | None


class Findings(Shape):
    """`xunjian findings`."""

    findings: list[FindingRow]


class NoticeLine(Shape):
    kind: NoticeKind
    number: str
    at: datetime
    due: date
    document: str


class FindingDocument(Shape):
    """`xunjian findings show ID`. `working_days_left` up to the deadline, its day included."""

    as_of: date
    finding: FindingRow
    headline: str
    clause: str | None
    verified: bool | None
    rule_version: str
    calendar_version: str
    course: CourseShape
    working_days_left: int | None
    notices: list[NoticeLine]
