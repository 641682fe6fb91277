"""From findings, entries and measures to the lines of a sheet, each with its arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from checks.assessment_case import Case, Entry, Scored, months_of
from checks.assessment_findings import parts_of
from checks.assessment_sheet import Line, Part, Unknown, plain
from checks.periods import read_period
from checks.scheme_table import COUNTED, LEVELS, Item

ZERO = Decimal(0)


def line_of(item: Item, parts: tuple[Part, ...], findings: Sequence[Scored] = ()) -> Line | None:
    """The line of one item; None where nothing was counted."""
    if not parts:
        return None
    listed = sum((part.quantity * part.price for part in parts), ZERO)
    graced = sum((part.points for part in parts), ZERO)
    points = capped(graced, item.cap)
    versions = {f"{each.pack}/{each.rule} {each.rule_version}" for each in findings}
    calendars = {each.calendar_version for each in findings if each.calendar_version}
    return Line(
        item=item.id,
        name=item.name,
        section=item.section,
        count=sum(part.quantity for part in parts),
        listed=listed,
        graced=graced,
        points=points,
        sentence=_sentence(item, parts, graced, points),
        parts=parts,
        findings=tuple(sorted({id_ for part in parts for id_ in part.findings})),
        entries=tuple(sorted(id_ for part in parts for id_ in part.entries)),
        rules=tuple(sorted(versions)),
        calendars=tuple(sorted(calendars)),
        beside=item.set_to is not None or item.event is not None,
        set_to=item.set_to,
        grade=item.grade,
    )


def capped(points: Decimal, cap: Decimal | None) -> Decimal:
    """The points, but not beyond the cap, which has their sign."""
    if cap is None:
        return points
    return max(points, cap) if cap < 0 else min(points, cap)


def finding_line(item: Item, findings: Sequence[Scored], case: Case) -> Line | None:
    return line_of(item, parts_of(item, findings, case), findings)


def entry_line(item: Item, entries: Sequence[Entry]) -> Line | None:
    """What was entered by hand under this item."""
    return line_of(item, tuple(_entered(item, entry) for entry in entries))


def _entered(item: Item, entry: Entry) -> Part:
    level = entry.level if item.levels and entry.level else ""
    label = LEVELS[level] if level else ""
    price = dict(item.levels)[level] if level else item.points
    if item.entered:
        price = entry.points
    return Part(entry.id, label, entry.count, price or ZERO, entries=(entry.id,))


def measure_line(item: Item, case: Case) -> tuple[Line | None, Unknown | None]:
    """What the months that are over cost or give, and the months of which nothing is known."""
    known = {each.month: each.value for each in case.measures if each.name == item.measure}
    over = [m for m in months_of(case.period) if read_period(m).last <= case.as_of]
    values = {month: known.get(month) for month in over}
    parts = [_month(item, month, value) for month, value in values.items() if value is not None]
    line = line_of(item, tuple(part for part in parts if part is not None))
    missing = [month for month, value in values.items() if value is None]
    if not missing:
        return line, None
    words = f"{item.name}：{'、'.join(missing)}数据不详，不计分"
    return line, Unknown(item.id, item.section, words, gives=item.per == "item")


def _month(item: Item, month: str, value: int) -> Part | None:
    price = item.points or ZERO
    if item.least is None:
        return Part(month, "", value, price) if value else None
    if value == 0 and item.blank is not None:
        return Part(month, "全月空白", 1, item.blank)
    return Part(month, f"不足{item.least}条", 1, price) if value < item.least else None


def _sentence(item: Item, parts: Sequence[Part], graced: Decimal, points: Decimal) -> str:
    """The arithmetic, such as `2个栏目×(-0.1)=-0.2`."""
    word = COUNTED[item.per]
    if item.set_to is not None:
        count = sum(part.quantity for part in parts)
        return f"{count}{word}，得分按{plain(item.set_to)}计（原得分更低的，按原得分计）"
    counts: dict[tuple[Decimal, Decimal, str], int] = {}
    for part in parts:
        alike = (part.price, part.factor, part.label)
        counts[alike] = counts.get(alike, 0) + part.quantity
    dearest = sorted(counts, key=lambda alike: (-abs(alike[0] * alike[1]), alike))
    terms = [_term(*alike, f"{counts[alike]}{word}") for alike in dearest]
    words = f"{'+'.join(terms)}={plain(graced)}"
    return words if points == graced else f"{words}，本项以{plain(points)}为限"


def _term(price: Decimal, factor: Decimal, label: str, count: str) -> str:
    notes = [label] if label else []
    if factor != 1:
        notes.append("按期整改")
    noted = f"（{'，'.join(notes)}）" if notes else ""
    times = f"×{plain(factor)}" if factor != 1 else ""
    return f"{count}{noted}×{signed(price)}{times}"


def signed(number: Decimal) -> str:
    """A number as a factor: negative ones in brackets."""
    return f"({plain(number)})" if number < 0 else plain(number)
