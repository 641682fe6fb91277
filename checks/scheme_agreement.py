"""Do the rows of a scheme agree with each other? Ids, sections, optional parts, gates, grades."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from checks.scheme_gates import SCORE
from checks.scheme_table import REDISTRIBUTIONS, Gate, Scheme


def disagreements(scheme: Scheme) -> Iterable[str]:
    """What is wrong between rows that are each right? As sentences; none: nothing.

    The scheme may be one of which other rows, or the head, have faults of their own.
    """
    yield from _twice("section", [section.id for section in scheme.sections])
    yield from _twice("item", [item.id for item in scheme.items])
    yield from _twice("grade", [grade.name for grade in scheme.grades])
    both = {s.id for s in scheme.sections} & {item.id for item in scheme.items}
    yield from (f"{id_}: the id of a section and of an item" for id_ in sorted(both))
    yield from _in_sections(scheme)
    yield from _optional(scheme)
    for gate in scheme.gates:
        yield from (f"gate ({gate.text}): {fault}" for fault in _gate_faults(scheme, gate))
    bounds = [grade.least for grade in scheme.grades]
    upper = [bound for bound in bounds[:-1] if bound is not None]
    falling = all(first > second for first, second in pairwise(upper))
    if bounds and (len(upper) < len(bounds) - 1 or bounds[-1] is not None or not falling):
        yield "grade: expected least falling from row to row, and the last row without least"


def _twice(what: str, ids: list[str]) -> Iterable[str]:
    return (f"{what} {id_}: comes twice" for id_, count in Counter(ids).items() if count > 1)


def _in_sections(scheme: Scheme) -> Iterable[str]:
    sections = {section.id: section for section in scheme.sections}
    expected = ", ".join(sections)
    for item in scheme.items:
        section = sections.get(item.section)
        if section is None:
            yield f"item {item.id}: section: {item.section!r}; expected one of {expected}"
        elif section.by_hand:
            yield f"item {item.id}: section: {item.section!r} is entered by hand and has no items"


def _optional(scheme: Scheme) -> Iterable[str]:
    """Points can be spread over the others only where all of them have full points."""
    main = [section for section in scheme.sections if not section.bonus]
    optional = [section for section in main if section.optional]
    if not optional:
        if scheme.redistribute:
            yield f"redistribute: {scheme.redistribute!r}; no section is optional"
        return
    if scheme.redistribute is None:
        yield f"missing redistribute; expected one of {', '.join(REDISTRIBUTIONS)}"
    for section in main:
        if section.full is None:
            yield f"section {section.id}: missing full; expected where a section is optional"
        if section.weight != 1:
            yield f"section {section.id}: weight: no weight is possible where a section is optional"


def _gate_faults(scheme: Scheme, gate: Gate) -> Iterable[str]:
    main = [section.id for section in scheme.sections if not section.bonus]
    bonus = [section.id for section in scheme.sections if section.bonus]
    expected = ", ".join((SCORE, *main))
    for name in gate.condition.names:
        if name not in (SCORE, *main):
            yield f"when: {name!r}; expected one of {expected}"
    if gate.enables is not None and gate.enables not in bonus:
        yield f"enables: {gate.enables!r}; expected a section with bonus = true"
