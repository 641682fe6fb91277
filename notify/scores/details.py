"""What stands behind each line of a sheet, row by row: the rows of a line make its points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from checks.assessment_lines import signed
from checks.assessment_sheet import Line, Part, Sheet, plain
from notify.scores.model import Detail
from notify.scores.words import is_gain

ZERO = Decimal(0)


def details(sheet: Sheet) -> Iterator[Detail]:
    """Every finding, entry and month that was counted, and what the caps of items took back."""
    for line in sheet.lines:
        row = Detail(
            unit=sheet.unit,
            unit_name=sheet.unit_name,
            item=line.item,
            item_name=line.name,
            points=ZERO,
            sum="",
            beside=line.beside,
            gain=is_gain(line),
        )
        rows = [each for part in line.parts for each in _rows(row, line, part)]
        yield from sorted(rows, key=lambda each: each.finding or 0)
        if line.points != line.graced:
            yield replace(
                row, points=line.points - line.graced, sum=f"本项以{plain(line.points)}为限"
            )


def _rows(row: Detail, line: Line, part: Part) -> Iterator[Detail]:
    made = replace(row, points=part.points, sum=_arithmetic(line, part))
    if part.findings:
        first, *others = part.findings
        yield replace(made, finding=first)
        for other in others:
            yield replace(row, finding=other, sum=f"与问题{first}同计一次")
    elif part.entries:
        yield replace(made, entry=part.entries[0])
    else:
        yield replace(made, of=part.of)


def _arithmetic(line: Line, part: Part) -> str:
    if line.set_to is not None:
        return f"得分按{plain(line.set_to)}计"
    factors = [] if part.quantity == 1 else [str(part.quantity)]
    factors.append(signed(part.price) if factors or part.factor != 1 else plain(part.price))
    if part.factor != 1:
        factors.append(f"{plain(part.factor)}（按期整改）")
    words = "×".join(factors)
    return f"{part.label}：{words}" if part.label else words
