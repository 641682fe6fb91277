"""The sheet of one unit (考核评分表): what was counted, what was not and why, and the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal

from checks.periods import Days

# Why something was not counted: of several reasons the first holds.
REASONS: Mapping[str, str] = {
    "operator": "属监测系统自身运行事项，与被考核单位无关",
    "not_applicable": "所属部分不适用于本单位",
    "no_item": "评分办法没有对应的评分项",
    "outside": "不在本考核周期内",
    "no_days": "没有超期天数，无法按天数分档",
    "dismissed": "经核实为误报",
    "unconfirmed": "尚未经人工核实确认",
    "waived": "已批准豁免",
    "appealed": "申诉尚在处理",
    "provisional": "期限涉及尚未公布放假安排的年度，仅为暂定",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that costs or gives points: a column, a letter, an entry, a month.

    `of` names it (subject, letter, level, month), `label` what sets its price apart from others
    of the same item; its points are quantity times price times factor.
    """

    of: str
    label: str
    quantity: int
    price: Decimal
    factor: Decimal = Decimal(1)
    findings: tuple[int, ...] = ()
    entries: tuple[str, ...] = ()

    @property
    def points(self) -> Decimal:
        return self.quantity * self.price * self.factor


@dataclass(frozen=True, slots=True)
class Line:
    """What one item costs or gives.

    `listed` are the points before grace, `graced` after it, `points` after the cap too: those
    that count. `beside`: it takes findings that another line has taken too, as events and items
    that set the score do. `rules` and `calendars` are the versions behind it (`pack/id version`).
    With `set_to` the points are 0, and the score becomes that number unless it is lower already.
    """

    item: str
    name: str
    section: str
    count: int
    listed: Decimal
    graced: Decimal
    points: Decimal
    sentence: str
    parts: tuple[Part, ...]
    findings: tuple[int, ...] = ()
    entries: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    calendars: tuple[str, ...] = ()
    beside: bool = False
    set_to: Decimal | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not counted, by one reason."""

    reason: str
    words: str
    findings: tuple[int, ...] = ()
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """What nobody knows: it costs nothing. `gives`: once known it could only add points."""

    item: str
    section: str
    words: str
    gives: bool


@dataclass(frozen=True, slots=True)
class SectionResult:
    """The points of one section, before its weight.

    `full` is what is reached at most, after points of other sections were spread over it. `sum`
    are its lines. `most`: what the points can still become, None: more without a bound. `worth`
    is what goes into the score: 0 when it is not applicable or a bonus that no gate let in.
    `entry` is the id behind points by hand; `missing`: none was made, and full points stand in.
    """

    id: str
    name: str
    applicable: bool
    full: Decimal | None
    sum: Decimal
    points: Decimal
    most: Decimal | None
    weight: Decimal
    bonus: bool
    counted: bool
    worth: Decimal
    entry: str | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Fired:
    """A gate that applied: with which points, against which limit, and what it did."""

    text: str
    points: Decimal
    limit: Decimal
    sentence: str
    enables: str | None = None
    set_to: Decimal | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole assessment of one unit.

    `subtotal` are all lines together; `reached` the base and the sections without the bonus, for
    which gates ask as `score`. Where points of sections not applicable were spread, `spread` says
    how, and what the others have is times `factor` (numerator, denominator). `total` is with the
    bonus; `settled` after the lowest of what sets the score; `result` after the map; `score` is
    `clamped` rounded. `grade` is None while `still_open` (sections by hand without an entry, taken
    as full) or what is not known could change it.
    """

    scheme: str
    version: str
    title: str
    proposal: bool
    unit: str
    unit_name: str
    unit_kind: str
    period: Days
    as_of: date
    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]
    not_known: tuple[Unknown, ...]
    sections: tuple[SectionResult, ...]
    subtotal: Decimal
    base: Decimal
    spread: str
    factor: tuple[Decimal, Decimal]
    reached: Decimal
    bonus: Decimal
    total: Decimal
    gates: tuple[Fired, ...]
    set_to: Decimal | None
    settled: Decimal
    result: Decimal
    clamped: Decimal
    score: Decimal
    grade: str | None
    still_open: tuple[str, ...]

    @property
    def final(self) -> bool:
        """Is everything entered that must be?"""
        return not self.still_open


def sheet_json(sheet: Sheet) -> dict[str, object]:
    """The sheet as JSON values: numbers as texts, days as ISO dates. Equal sheets, equal values."""
    return {field.name: _plain(getattr(sheet, field.name)) for field in fields(sheet)}


def plain(number: Decimal) -> str:
    """A number without exponent and idle zeros: `-0.2`, `10`, `0`."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value
