"""What an assessment is made of: one unit, one period, and all that is known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from checks.periods import DAY, Days
from checks.scheme_table import CYCLES, Item, Scheme

CYCLE_MONTHS = {"quarter": 3, "half_year": 6, "year": 12}


class CaseError(ValueError):
    """A case that cannot be assessed: every entry, finding and declaration at fault, at once."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One finding as scoring needs it.

    `subject` is such as `column:c1`; `letter` is empty but in a mailbox. `ended_on` is the first
    day on which it no longer stood, None while it stands. `days_over` are calendar days past due
    of columns and accounts, working days of letters, None where there are none. `confirmed`: a
    person has confirmed it; `appealed`: an appeal is open; `provisional`: its deadline rests on a
    year without a published holiday plan; `fixed_in_time`: rectified on or before the
    rectification deadline; `urged_on`: each 通报督办. `calendar_version` is None where no working
    day was counted.
    """

    id: int
    pack: str
    rule: str
    rule_version: str
    calendar_version: str | None
    severity: str
    subject: str
    kind: str
    opened_on: date
    column_class: str | None = None
    letter: str = ""
    ended_on: date | None = None
    days_over: int | None = None
    confirmed: bool = False
    dismissed: bool = False
    waived: bool = False
    appealed: bool = False
    provisional: bool = False
    fixed_in_time: bool = False
    urged_on: tuple[date, ...] = ()

    def stood(self, as_of: date) -> Days:
        """On which days did it stand, as known on `as_of`? One that was over when found: one."""
        last = as_of if self.ended_on is None else min(as_of, self.ended_on - DAY)
        return Days(self.opened_on, max(self.opened_on, last))


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person entered: so many events of an item, or the points of a section by hand.

    `item` is the id of an item or of a section; `points` only where the scheme leaves them to the
    person, and then in all.
    """

    id: str
    item: str
    count: int
    evidence: str
    by: str
    on: date
    level: str | None = None
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of one month (`2026-07`), such as published items. None: not known, never 0."""

    name: str
    month: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """One unit in one period, as known at the end of `as_of`.

    `lacks` are the ids of sections of which it was declared that the unit has nothing of the kind.
    """

    unit: str
    unit_name: str
    unit_kind: str
    period: Days
    as_of: date
    findings: tuple[Scored, ...] = ()
    entries: tuple[Entry, ...] = ()
    measures: tuple[Measure, ...] = ()
    lacks: tuple[str, ...] = ()


def cycle_of(period: Days) -> str | None:
    """Is the period a calendar quarter, half-year or year? None: none of them."""
    months = months_of(period)
    whole = period.first.day == 1 and (period.last + DAY).day == 1
    for cycle, count in CYCLE_MONTHS.items():
        if whole and len(months) == count and (period.first.month - 1) % count == 0:
            return cycle
    return None


def months_of(period: Days) -> tuple[str, ...]:
    """Which months, such as `2026-07`, lie wholly in the period?"""
    index = period.first.year * 12 + period.first.month - (1 if period.first.day == 1 else 0)
    after = period.last + DAY
    return tuple(
        f"{each // 12:04d}-{each % 12 + 1:02d}"
        for each in range(index, after.year * 12 + after.month - 1)
    )


def checked(scheme: Scheme, case: Case) -> Case:
    """The same case in a fixed order. Raises CaseError naming everything that is at fault."""
    faults = [*_period(scheme, case), *_lacks(scheme, case), *_twice(case)]
    faults += _repeated("entry of", (e.item for e in case.entries if e.item in _hands(scheme)))
    items = {item.id: item for item in scheme.items if item.entry}
    by_hand = _hands(scheme)
    for entry in case.entries:
        item = items.get(entry.item)
        if item is None and entry.item not in by_hand:
            wrong = [f"{entry.item!r} is no item or section of this scheme to be entered"]
        elif item is None:
            wrong = _by_hand(entry, by_hand[entry.item])
        else:
            wrong = _of_item(entry, item)
        if not entry.evidence.strip():
            wrong.append("entered without evidence")
        faults += [f"entry {entry.id}: {fault}" for fault in wrong]
    if faults:
        raise CaseError("\n".join(faults))
    return replace(
        case,
        findings=tuple(sorted(case.findings, key=lambda finding: finding.id)),
        entries=tuple(sorted(case.entries, key=lambda entry: entry.id)),
        measures=tuple(sorted(case.measures, key=lambda measure: (measure.name, measure.month))),
        lacks=tuple(sorted(set(case.lacks))),
    )


def _hands(scheme: Scheme) -> dict[str, Decimal | None]:
    """Full points of the sections that are entered as a whole, by id."""
    return {section.id: section.full for section in scheme.sections if section.by_hand}


def _period(scheme: Scheme, case: Case) -> Iterator[str]:
    cycle = cycle_of(case.period)
    if cycle not in scheme.cycles:
        allowed = "、".join(CYCLES[each] for each in scheme.cycles)
        yield f"{case.period.first} to {case.period.last}: this scheme assesses by {allowed}"
    if case.as_of < case.period.first:
        yield f"as of {case.as_of}: the period begins on {case.period.first}"


def _lacks(scheme: Scheme, case: Case) -> Iterator[str]:
    may = {section.id for section in scheme.sections if section.may_lack}
    return (
        f"lacks {id_!r}: no section of this scheme that a unit may lack"
        for id_ in case.lacks
        if id_ not in may
    )


def _twice(case: Case) -> Iterator[str]:
    yield from _repeated("finding", (finding.id for finding in case.findings))
    yield from _repeated("entry", (entry.id for entry in case.entries))
    yield from _repeated("measure", (f"{each.name} of {each.month}" for each in case.measures))
    for each in case.measures:
        if each.value is not None and each.value < 0:
            yield f"measure {each.name} of {each.month}: {each.value}; expected 0 or more"


def _repeated(what: str, ids: Iterable[object]) -> Iterator[str]:
    return (f"{what} {id_}: comes twice" for id_, count in Counter(ids).items() if count > 1)


def _by_hand(entry: Entry, full: Decimal | None) -> list[str]:
    if entry.points is None or full is None or not 0 <= entry.points <= full:
        return [f"points: {entry.points}; expected 0 to {full}"]
    return []


def _of_item(entry: Entry, item: Item) -> list[str]:
    faults: list[str] = []
    levels = [level for level, _ in item.levels]
    if entry.count < 1:
        faults.append(f"count: {entry.count}; expected 1 or more")
    if levels and entry.level not in levels:
        faults.append(f"level: {entry.level!r}; expected one of {', '.join(levels)}")
    if item.entered and (entry.points is None or entry.count != 1):
        faults.append("expected points and a count of 1: this item's points are entered")
    if item.entered and item.cap is not None and (entry.points or 0) * item.cap < 0:
        faults.append(f"points: {entry.points}; expected the sign of the cap {item.cap}")
    if not item.entered and entry.points is not None:
        faults.append(f"points: {entry.points}; the scheme prices this item itself")
    return faults
