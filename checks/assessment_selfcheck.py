"""Do the numbers of a sheet add up? Asked before a sheet is shown or frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from checks.assessment_case import Case
from checks.assessment_sections import rounded
from checks.assessment_sheet import Sheet, plain
from checks.scheme_table import Scheme

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared, both sides as printed, and whether they agree."""

    name: str
    left: str
    right: str

    @property
    def holds(self) -> bool:
        return self.left == self.right


def check_sheet(scheme: Scheme, case: Case, sheet: Sheet) -> tuple[Comparison, ...]:
    """Which comparisons must hold of the sheet that `case` gave under `scheme`?"""
    return tuple(_comparisons(scheme, case, sheet))


def _comparisons(scheme: Scheme, case: Case, sheet: Sheet) -> Iterator[Comparison]:
    lines, sections = sheet.lines, sheet.sections
    for line in lines:
        parts = sum((part.points for part in line.parts), ZERO)
        yield _same(f"{line.name}：各项之和与小计", parts, line.graced)
    points = sum((line.points for line in lines), ZERO)
    yield _same("各评分项之和与小计", points, sheet.subtotal)
    yield _same("各部分之和与小计", sum((s.sum for s in sections), ZERO), sheet.subtotal)
    worth = sum((section.worth for section in sections if not section.bonus), ZERO)
    above, below = sheet.factor
    if above != below:
        worth = rounded(worth * above / below, scheme.step)
    yield _same("基础分与各部分得分之和与得分", sheet.base + worth, sheet.reached)
    bonus = sum((section.worth for section in sections if section.bonus), ZERO)
    yield _same("得分与加分之和与总分", sheet.reached + bonus, sheet.total)
    lowest, highest = scheme.clamp
    yield _same("得分在上下限之内", min(max(sheet.score, lowest), highest), sheet.score)
    once = [id_ for line in lines if not line.beside for id_ in line.findings]
    yield _same("每个问题只计一次", len(set(once)), len(once))
    told = {id_ for line in lines for id_ in line.findings}
    told |= {id_ for each in sheet.left_out for id_ in each.findings}
    yield _same("列明的问题数与问题总数", len(told), len(case.findings))
    entered = [id_ for line in lines for id_ in line.entries]
    entered += [id_ for each in sheet.left_out for id_ in each.entries]
    entered += [section.entry for section in sections if section.entry is not None]
    yield _same("列明的录入事项数与录入事项总数", len(entered), len(case.entries))


def _same(name: str, left: Decimal | int, right: Decimal | int) -> Comparison:
    return Comparison(name, plain(Decimal(left)), plain(Decimal(right)))
