"""From points to the result: what sets the score, the map, the grade."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from checks.assessment_count import Counted
from checks.assessment_sections import rounded
from checks.assessment_sheet import Fired, Line
from checks.scheme_table import Scheme


def lowest(lines: Sequence[Line], gates: Sequence[Fired]) -> Decimal | None:
    """To what is the score set, of all that set it the lowest? None: nothing does."""
    found = [line.set_to for line in lines] + [gate.set_to for gate in gates]
    return min((value for value in found if value is not None), default=None)


def mapped(scheme: Scheme, points: Decimal) -> Decimal:
    """The result for so many points: between two corners a straight line, beyond them flat."""
    if scheme.linear is None:
        return points
    if points <= scheme.linear[0][0]:
        return scheme.linear[0][1]
    for (x0, y0), (x1, y1) in pairwise(scheme.linear):
        if points <= x1:
            return y0 + (points - x0) * (y1 - y0) / (x1 - x0)
    return scheme.linear[-1][1]


def grade_of(
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
