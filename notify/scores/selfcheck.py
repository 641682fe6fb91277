"""Do the scores add up? Each unit's sheet, the rows against it, and the table as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from checks.assessment_case import Case
from checks.assessment_sections import rounded
from checks.assessment_selfcheck import check_sheet
from checks.assessment_sheet import plain
from notify.scores.model import Detail, ScoreFigures, UnitLine
from notify.selfcheck import Check, released

Value = Decimal | int | str | None
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Unit:
    """All that is compared of one unit."""

    line: UnitLine
    case: Case
    losses: tuple[Detail, ...]
    gains: tuple[Detail, ...]

    @property
    def counted(self) -> set[int]:
        return {row.finding for row in (*self.losses, *self.gains) if row.finding is not None}


def check(figures: ScoreFigures) -> tuple[Check, ...]:
    """Which comparisons must hold before the table is released, and do they?"""
    return (*_units(figures), *_table(figures), *_changes(figures), *_kept(figures))


def check_unit(figures: ScoreFigures, unit: str) -> tuple[Check, ...]:
    """The comparisons of one unit's sheet."""
    (one,) = (each for each in _laid_out(figures) if each.line.unit == unit)
    own = [change for change in figures.changes if change.unit == unit]
    changes = [
        _same("更正后得分－更正前得分＝差", each.difference, one.line.score - each.before)
        for each in own
        if each.before is not None
    ]
    return (*_unit(figures, one), *changes, *_kept(figures))


def release(checks: Sequence[Check]) -> tuple[Check, ...]:
    """The checks, all of which hold. Raises ReportError naming both figures of any other."""
    return released(tuple(checks), "考核得分表")


def _same(name: str, left: Value, right: Value) -> Check:
    return Check(name, _printed(left), _printed(right), left == right)


def _printed(value: Value) -> str:
    if value is None:
        return "无"
    return plain(value) if isinstance(value, Decimal) else str(value)


def _laid_out(figures: ScoreFigures) -> Iterator[Unit]:
    cases = {case.unit: case for case in figures.material.cases}
    for line in figures.units:
        losses = tuple(row for row in figures.losses if row.unit == line.unit)
        gains = tuple(row for row in figures.gains if row.unit == line.unit)
        yield Unit(line, cases[line.unit], losses, gains)


def _units(figures: ScoreFigures) -> Iterator[Check]:
    """One row for what holds of all units; what does not is told of each."""
    held: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for one in _laid_out(figures):
        for each in _unit(figures, one):
            asked[each.name] += 1
            held[each.name] += each.holds
            if not each.holds:
                yield Check(f"{one.line.name}：{each.name}", each.left, each.right, holds=False)
    for name, number in asked.items():
        if held[name] == number:
            yield _same(f"{name}（相符项数）", held[name], number)


def _unit(figures: ScoreFigures, one: Unit) -> Iterator[Check]:
    material, line = figures.material, one.line
    sheet = figures.sheet(line.unit)
    for compared in check_sheet(material.scheme, one.case, sheet):
        yield Check(compared.name, compared.left, compared.right, compared.holds)
    lowest, highest = material.scheme.clamp
    yield _same("扣分＋加分＝小计", line.minus + line.plus, sheet.subtotal)
    yield _same("扣分明细分值之和＝扣分", _sum(one.losses), line.minus)
    yield _same("加分明细分值之和＝加分", _sum(one.gains), line.plus)
    yield _same(
        "封顶前结果限于上下限＝封顶后", min(max(sheet.result, lowest), highest), line.clamped
    )
    yield _same("封顶后四舍五入＝得分", rounded(line.clamped, material.scheme.step), line.score)
    yield _same("得分表的得分＝评分表的得分", line.score, sheet.score)
    own = [id_ for id_ in one.counted if _is_proven(figures, id_, line.unit)]
    yield _same("计分的问题属本单位、经确认、无未结申诉（项数）", len(own), len(one.counted))
    once = [(row.item, row.finding) for row in one.losses if row.finding and not row.beside]
    yield _same("同一评分项下的问题不重复（项数）", len(set(once)), len(once))
    left = sum(len(each.left.findings) for each in figures.left if each.unit == line.unit)
    known = sum(finding.unit == line.unit for finding in material.findings.values())
    yield _same(
        "计分的问题＋未计入的问题＝本周期涉及的问题（项数）", len(one.counted) + left, known
    )


def _sum(rows: Sequence[Detail]) -> Decimal:
    return sum((row.points for row in rows), ZERO)


def _is_proven(figures: ScoreFigures, id_: int, unit: str) -> bool:
    finding = figures.material.findings.get(id_)
    if finding is None or finding.unit != unit:
        return False
    course = finding.course
    return course.confirmed_on is not None and course.dismissed_on is None and not course.appealed


def _table(figures: ScoreFigures) -> Iterator[Check]:
    units, kinds = figures.units, figures.kinds
    yield _same("得分汇总表行数＝登记单位数", len(units), len(figures.material.cases))
    yield _same("各类单位数之和＝登记单位数", sum(each.units for each in kinds), len(units))
    better = [
        1 + sum(other.kind == line.kind and other.score > line.score for other in units)
        for line in units
    ]
    agree = [line.rank == rank for line, rank in zip(units, better, strict=True)]
    yield _same("名次＝同类得分较高的单位数＋1（相符行数）", sum(agree), len(units))
    yield from _kinds(units, {kind.kind: kind.mean for kind in kinds})
    yield _same(
        "附件2分值合计＝扣分合计", _sum(figures.losses), sum((u.minus for u in units), ZERO)
    )
    yield _same("附件3分值合计＝加分合计", _sum(figures.gains), sum((u.plus for u in units), ZERO))
    total = sum((u.subtotal for u in units), ZERO)
    yield _same("附件2、附件3分值合计＝小计合计", _sum(figures.details), total)


def _kinds(units: Sequence[UnitLine], means: Mapping[str, Decimal]) -> Iterator[Check]:
    """The mean times the number is the sum, but for what rounding took: half of 0.01 a unit."""
    near = [
        2 * abs(mean * len(own) - sum(own, ZERO)) <= Decimal("0.01") * len(own)
        for kind, mean in means.items()
        for own in [[line.score for line in units if line.kind == kind]]
    ]
    yield _same("各类平均分×单位数＝得分之和，差在四舍五入之内（相符类数）", sum(near), len(near))


def _changes(figures: ScoreFigures) -> Iterator[Check]:
    before = figures.material.before
    if before is None:
        return
    old = {sheet.unit: sheet.score for sheet in before}
    new = {line.unit: line.score for line in figures.units}
    other = sum(old.get(unit) != new.get(unit) for unit in old.keys() | new.keys())
    told = sum(change.before != change.after for change in figures.changes)
    yield _same("更正表中得分有变的单位数＝两次得分不同的单位数", told, other)
    pairs = [
        (change.difference, new[change.unit] - old[change.unit])
        for change in figures.changes
        if change.unit in old and change.unit in new
    ]
    yield _same("更正表的差＝更正后－更正前（相符行数）", sum(a == b for a, b in pairs), len(pairs))


def _kept(figures: ScoreFigures) -> Iterator[Check]:
    edition = figures.material.edition
    if edition.kept is not None and edition.computed is not None:
        yield Check(
            "存档内容＝按存档时已知数据重新计算（SHA-256的前12位）",
            edition.kept[:12],
            edition.computed[:12],
            edition.kept == edition.computed,
        )
