"""What is wrong with a case? Everything is told at once, and nothing is scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from checks.assessment_case import Case, CaseError, Entry, cycle_of
from checks.scheme_fields import is_plain
from checks.scheme_table import CYCLES, UNIT_KINDS, Item, Scheme


def checked(scheme: Scheme, case: Case) -> Case:
    """The same case in a fixed order. Raises CaseError naming everything that is at fault."""
    faults = [*_period(scheme, case), *_lacks(scheme, case), *_twice(case)]
    items = {item.id: item for item in scheme.items if item.entry}
    by_hand = {section.id: section.full for section in scheme.sections if section.by_hand}
    # An entry of another period may be of a scheme as it was then: it is left out, not at fault.
    entries = [entry for entry in case.entries if entry.on in case.period]
    faults += _repeated("entry of", (entry.item for entry in entries if entry.item in by_hand))
    for entry in entries:
        item = items.get(entry.item)
        if entry.points is not None and not is_plain(entry.points):
            wrong = [f"points: {entry.points}; expected a number"]
        elif item is None and entry.item not in by_hand:
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


def _period(scheme: Scheme, case: Case) -> Iterator[str]:
    if case.unit_kind not in UNIT_KINDS:
        yield f"unit kind {case.unit_kind!r}; expected one of {', '.join(UNIT_KINDS)}"
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
