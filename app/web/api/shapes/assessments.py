"""The points of every unit in a period, and how far the assessment has come."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from app.web.api.shapes.base import Shape, Text, many, mirrored
from checks.assessment_sheet import Sheet
from checks.signing import SigningStep

SheetShapes: Any = many(mirrored(Sheet, Text))


class SignatureLine(Shape):
    step: SigningStep
    at: datetime
    by: str
    note: str


class ChangeLine(Shape):
    """What has become another since it was kept; null: the unit was not assessed."""

    unit: str
    before: Text | None
    after: Text | None
    findings_added: list[int]
    findings_gone: list[int]


class Assessed(Shape):
    """`xunjian assess`: each unit's whole sheet, numbers as texts."""

    period: str
    scheme: str
    scheme_version: str
    scheme_sha256: str
    calendar: str
    as_of: date
    units: SheetShapes
    state: Literal["draft", "entered", "reviewed", "frozen"]
    assessment: int | None
    signatures: list[SignatureLine]
    corrections: list[int]
    changes: list[ChangeLine]


class KeptLine(Shape):
    id: int
    period: str
    scheme: str
    corrects: int | None
    frozen: bool
    sha256: str
    signatures: list[SignatureLine]


class Kept(Shape):
    """`xunjian assessment list`."""

    assessments: list[KeptLine]


class EntryLine(Shape):
    id: int
    unit: str
    unit_name: str
    item: str
    name: str
    on: date
    count: int
    level: str | None
    points: str | None
    evidence: str
    by: str
    at: datetime


class Entries(Shape):
    """`xunjian assessment entries`."""

    scheme: str
    entries: list[EntryLine]
