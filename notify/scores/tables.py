"""The score table and its details, on pages that lie on their side, 225 mm wide."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from notify.documents.parts import Cell, Points, Table, heads
from notify.scores.model import Detail, ScoreFigures, UnitLine
from notify.scores.words import clamp_words
from notify.terms import UNIT_KINDS


def signed(value: Decimal) -> Points:
    return Points(value, signed=True)


def summary(figures: ScoreFigures) -> Table:
    """Annex 1: one row a unit, by kind and rank."""
    units = figures.units
    return Table(
        name="得分汇总表",
        heads=heads(
            *(("单位", 22, True), ("类别", 12), ("扣分明细", 50, True), ("加分明细", 28, True)),
            *(("扣分", 13), ("加分", 13), ("小计", 13), ("封顶后", 13), ("得分", 13)),
            *(("类内名次", 10), ("备注", 38, True)),
        ),
        rows=tuple(_unit(figures, line) for line in units),
        empty="登记册内没有单位。",
        total=(
            "合计",
            *(None,) * 3,
            signed(sum((line.minus for line in units), Decimal(0))),
            signed(sum((line.plus for line in units), Decimal(0))),
            signed(sum((line.subtotal for line in units), Decimal(0))),
            *(None,) * 4,
        ),
        notes=(
            "扣分、加分明细中的编号为问题编号，其后为指标编号；逐项算式和依据见附件2、附件3。",
            f"得分限于{clamp_words(figures.material.scheme)}。得分相同的名次相同，其后名次依次顺延。",
        ),
    )


def _unit(figures: ScoreFigures, line: UnitLine) -> tuple[Cell, ...]:
    return (
        line.name,
        UNIT_KINDS[line.kind],
        line.minus_words or None,
        line.plus_words or None,
        signed(line.minus),
        signed(line.plus),
        signed(line.subtotal),
        figures.score(line.clamped),
        figures.score(line.score),
        line.rank,
        line.remark or None,
    )


def sections(figures: ScoreFigures) -> tuple[Table, ...]:
    """The points of each part, where the scheme has more than what is added and taken away."""
    scheme = figures.material.scheme
    plain = (s.full is None and s.weight == 1 and not s.by_hand for s in scheme.sections)
    if scheme.base == 0 and all(plain):
        return ()
    rows = tuple(
        (
            line.name,
            section.name,
            None if section.full is None else Points(section.full),
            Points(section.points) if section.applicable else "不适用",
            Points(section.weight),
            Points(section.worth),
        )
        for line in figures.units
        for section in figures.sheet(line.unit).sections
    )
    return (
        Table(
            name="各部分得分",
            heads=heads(
                *(("单位", 60, True), ("考核项目", 60, True), ("满分", 25), ("得分", 25)),
                *(("权重", 25), ("计入", 30)),
            ),
            rows=rows,
            empty="",
        ),
    )


def losses(figures: ScoreFigures) -> Table:
    """Annex 2: one row a finding under an item, and what else took points."""
    rows = figures.losses
    return Table(
        name="扣分明细",
        heads=heads(
            *(("单位", 21, True), ("问题编号", 12), ("指标", 33, True), ("对象", 30, True)),
            *(("来信编号", 17), ("发现日期", 21), ("评分项", 24, True), ("算式", 22, True)),
            *(("分值", 14), ("规则版本", 13), ("日历版本", 18)),
        ),
        rows=tuple(_loss(figures, row) for row in rows),
        empty="没有扣分。",
        total=("合计", *(None,) * 7, signed(_sum(rows)), *(None,) * 2),
        notes=(
            "日历版本为发现问题时所用的工作日历。",
            "同一对象同计一次的，分值列于第一项；超过评分项限额的，另列一行调整。",
        ),
    )


def _loss(figures: ScoreFigures, row: Detail) -> tuple[Cell, ...]:
    found = figures.problems.get(row.finding) if row.finding is not None else None
    if found is None:
        entry = figures.entries.get(row.entry or "")
        of = entry.evidence if entry else row.of
        on = entry.on if entry else None
        what = (None, f"录入{row.entry}" if entry else None, of or None, None, on)
        return (row.unit_name, *what, row.item_name, row.sum, signed(row.points), None, None)
    return (
        row.unit_name,
        found.id,
        f"{found.headline}（{found.rule}）",
        found.subject,
        found.letter or None,
        found.opened_on,
        row.item_name,
        row.sum,
        signed(row.points),
        found.version,
        found.calendar,
    )


def gains(figures: ScoreFigures) -> Table:
    """Annex 3: what was added, each with its evidence."""
    rows = figures.gains
    return Table(
        name="加分明细",
        heads=heads(
            *(("单位", 26, True), ("录入编号", 14), ("评分项", 36, True), ("级别", 15)),
            *(("次数", 12), ("算式", 26, True), ("分值", 16), ("日期", 20)),
            *(("依据", 44, True), ("录入人", 16)),
        ),
        rows=tuple(_gain(figures, row) for row in rows),
        empty="没有加分。",
        total=("合计", *(None,) * 5, signed(_sum(rows)), *(None,) * 3),
    )


def _gain(figures: ScoreFigures, row: Detail) -> tuple[Cell, ...]:
    entry = figures.entries.get(row.entry or "")
    given = (row.sum, signed(row.points))
    if entry is None:
        number = f"问题{row.finding}" if row.finding is not None else None
        return (
            row.unit_name,
            number,
            row.item_name,
            None,
            None,
            *given,
            None,
            row.of or None,
            None,
        )
    return (
        *(row.unit_name, int(entry.id), row.item_name, entry.level or None, entry.count),
        *(*given, entry.on, entry.evidence, entry.by),
    )


def _sum(rows: Sequence[Detail]) -> Decimal:
    return sum((row.points for row in rows), Decimal(0))
