"""How many points has a unit under a scheme, and by which arithmetic? Pure: case in, sheet out.

1. Findings go to the items that take them; entries and months stand by themselves.
2. Each item gives a line, each section its points; points of what is not applicable are spread.
3. Gates let the bonus in, set the score or give a grade.
4. The lowest of what sets the score holds, unless the sum is lower already.
5. The map, the clamp and the rounding make the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from checks.assessment_case import Case, Entry, checked
from checks.assessment_findings import take
from checks.assessment_gates import fired
from checks.assessment_lines import entry_line, finding_line, measure_line
from checks.assessment_sections import (
    Spread,
    not_applicable,
    rounded,
    section_result,
    skipped,
    spread,
)
from checks.assessment_sheet import (
    REASONS,
    Fired,
    LeftOut,
    Line,
    SectionResult,
    Sheet,
    Unknown,
)
from checks.scheme_table import Scheme

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Counted:
    """All lines, what was left out by reason, and what is not known."""

    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]
    not_known: tuple[Unknown, ...]


def assess(scheme: Scheme, case: Case) -> Sheet:
    """The sheet of one unit. Raises CaseError naming all that is wrong with the case.

    Equal schemes and cases give equal sheets, in whatever order findings and entries come. The
    score is rounded half up, away from zero: -0.125 becomes -0.13.
    """
    case = checked(scheme, case)
    left = skipped(scheme, case)
    counted = _count(scheme, case, left)
    shares = spread(scheme, left)
    results = _sections(scheme, case, counted, shares, left)
    reached, most = _reached(scheme, results, shares)
    gates = fired(scheme, results, reached, most)
    results = tuple(_let_in(scheme, result, gates) for result in results)
    bonus = sum((result.worth for result in results if result.bonus), ZERO)
    set_to = _lowest(counted.lines, gates)
    total = reached + bonus
    settled = total if set_to is None else min(total, set_to)
    result = _mapped(scheme, settled)
    clamped = min(max(result, scheme.clamp[0]), scheme.clamp[1])
    still_open = tuple(row.id for row in results if row.missing)
    return Sheet(
        scheme=scheme.id,
        version=scheme.version,
        title=scheme.title,
        proposal=scheme.proposal,
        unit=case.unit,
        unit_name=case.unit_name,
        unit_kind=case.unit_kind,
        period=case.period,
        as_of=case.as_of,
        lines=counted.lines,
        left_out=counted.left_out,
        not_known=counted.not_known,
        sections=results,
        subtotal=sum((line.points for line in counted.lines), ZERO),
        base=scheme.base,
        spread=shares.words,
        factor=shares.factor,
        reached=reached,
        bonus=bonus,
        total=total,
        gates=gates,
        set_to=set_to,
        settled=settled,
        result=result,
        clamped=clamped,
        score=rounded(clamped, scheme.step),
        grade=_grade(scheme, counted, gates, settled, bool(still_open)),
        still_open=still_open,
    )


def _count(scheme: Scheme, case: Case, left: frozenset[str]) -> Counted:
    taken = take(scheme, case, left)
    entered, out = _entries(scheme, case, left)
    lines: list[Line | None] = []
    unknown: list[Unknown | None] = []
    for item in (item for item in scheme.items if item.section not in left):
        if item.entry:
            lines.append(entry_line(item, [each for each in entered if each.item == item.id]))
        elif item.measure is not None:
            line, missing = measure_line(item, case)
            lines.append(line)
            unknown.append(missing)
        else:
            lines.append(finding_line(item, taken.by_item.get(item.id, ()), case))
    left_out = (
        LeftOut(reason, words, taken.left_out.get(reason, ()), tuple(out.get(reason, ())))
        for reason, words in REASONS.items()
    )
    return Counted(
        tuple(line for line in lines if line is not None),
        tuple(each for each in left_out if each.findings or each.entries),
        tuple(each for each in unknown if each is not None),
    )


def _entries(
    scheme: Scheme, case: Case, left: frozenset[str]
) -> tuple[list[Entry], dict[str, list[str]]]:
    """The entries of items that count, and the ids of the others by reason.

    The points of a section by hand are given after the period, so their day does not matter.
    """
    sections = {item.id: item.section for item in scheme.items}
    counted: list[Entry] = []
    out: dict[str, list[str]] = {}
    for entry in case.entries:
        if sections.get(entry.item, entry.item) in left:
            out.setdefault("not_applicable", []).append(entry.id)
        elif entry.item not in sections:
            continue
        elif entry.on in case.period and entry.on <= case.as_of:
            counted.append(entry)
        else:
            out.setdefault("outside", []).append(entry.id)
    return counted, out


def _sections(
    scheme: Scheme, case: Case, counted: Counted, shares: Spread, left: frozenset[str]
) -> tuple[SectionResult, ...]:
    by_hand = {entry.item: entry for entry in case.entries}
    return tuple(
        not_applicable(section)
        if section.id in left
        else section_result(
            section,
            scheme,
            shares.full.get(section.id, section.full),
            counted.lines,
            by_hand,
            counted.not_known,
        )
        for section in scheme.sections
    )


def _reached(
    scheme: Scheme, results: Sequence[SectionResult], shares: Spread
) -> tuple[Decimal, Decimal | None]:
    """The points without the bonus, and the most they can become (None: no bound)."""
    main = [result for result in results if not result.bonus]
    points = _times(sum((result.worth for result in main), ZERO), shares, scheme.step)
    most = [None if each.most is None else each.most * each.weight for each in main]
    if None in most:
        return scheme.base + points, None
    highest = sum((each for each in most if each is not None), ZERO)
    return scheme.base + points, scheme.base + _times(highest, shares, scheme.step)


def _times(points: Decimal, shares: Spread, step: Decimal) -> Decimal:
    above, below = shares.factor
    return points if above == below else rounded(points * above / below, step)


def _let_in(scheme: Scheme, result: SectionResult, gates: Sequence[Fired]) -> SectionResult:
    """A bonus counts when all gates that name it let it in; one that no gate names, always."""
    if not result.bonus or not result.applicable:
        return result
    asked = [gate.text for gate in scheme.gates if gate.enables == result.id]
    passed = [gate.text for gate in gates if gate.enables == result.id]
    if asked != passed:
        return result
    return replace(result, counted=True, worth=result.points * result.weight)


def _lowest(lines: Sequence[Line], gates: Sequence[Fired]) -> Decimal | None:
    found = [line.set_to for line in lines] + [gate.set_to for gate in gates]
    return min((value for value in found if value is not None), default=None)


def _mapped(scheme: Scheme, points: Decimal) -> Decimal:
    """The result for so many points: between two corners a straight line, beyond them flat."""
    if scheme.linear is None:
        return points
    if points <= scheme.linear[0][0]:
        return scheme.linear[0][1]
    for (x0, y0), (x1, y1) in pairwise(scheme.linear):
        if points <= x1:
            return y0 + (points - x0) * (y1 - y0) / (x1 - x0)
    return scheme.linear[-1][1]


def _grade(
    scheme: Scheme, counted: Counted, gates: Sequence[Fired], settled: Decimal, open_: bool
) -> str | None:
    """The first grade that an item or a gate gives; else that of the table.

    While points are open, full ones stand in for them: then only falling below is certain.
    """
    certain = [gate for gate in gates if not open_ or "<" in gate.text]
    grades = [line.grade for line in counted.lines] + [gate.grade for gate in certain]
    given = next((grade for grade in grades if grade is not None), None)
    if given is not None:
        return given
    if open_ or any(each.gives for each in counted.not_known):
        return None
    points = rounded(settled, scheme.step)
    reached = (row.name for row in scheme.grades if row.least is None or points >= row.least)
    return next(reached, None)
