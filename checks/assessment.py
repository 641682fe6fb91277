"""How many points has a unit under a scheme, and by which arithmetic? Pure: case in, sheet out.

1. Findings go to the items that take them; entries and months stand by themselves.
2. Each item gives a line, each section its points; points of what is not applicable are spread.
3. Gates let the bonus in, set the score or give a grade.
4. The lowest of what sets the score holds, unless the sum is lower already.
5. The map, the clamp and the rounding make the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from checks.assessment_case import Case
from checks.assessment_count import Counted, count
from checks.assessment_faults import checked
from checks.assessment_gates import fired
from checks.assessment_result import grade_of, lowest, mapped
from checks.assessment_sections import (
    Spread,
    not_applicable,
    rounded,
    section_result,
    skipped,
    spread,
)
from checks.assessment_sheet import Fired, SectionResult, Sheet
from checks.scheme_table import Scheme

ZERO = Decimal(0)


def assess(scheme: Scheme, case: Case) -> Sheet:
    """The sheet of one unit. Raises CaseError naming all that is wrong with the case.

    Equal schemes and cases give equal sheets, in whatever order findings and entries come. The
    score is rounded half up, away from zero: -0.125 becomes -0.13.
    """
    case = checked(scheme, case)
    left = skipped(scheme, case)
    counted = count(scheme, case, left)
    shares = spread(scheme, left)
    results = _sections(scheme, case, counted, shares, left)
    reached, most = _reached(scheme, results, shares)
    gates = fired(scheme, results, reached, most)
    results = tuple(_let_in(scheme, result, gates) for result in results)
    bonus = sum((result.worth for result in results if result.bonus), ZERO)
    set_to = lowest(counted.lines, gates)
    total = reached + bonus
    settled = total if set_to is None else min(total, set_to)
    result = mapped(scheme, settled)
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
        grade=grade_of(scheme, counted, gates, settled, bool(still_open)),
        still_open=still_open,
    )


def _sections(
    scheme: Scheme, case: Case, counted: Counted, shares: Spread, left: frozenset[str]
) -> tuple[SectionResult, ...]:
    by_hand = {entry.item: entry for entry in case.entries if case.counts(entry)}
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
