"""Findings, the units in all, and what limits the data."""

from __future__ import annotations

from notify.documents.parts import Cell, Mark, Points, Table, heads
from notify.terms import STATES
from notify.weekly.letters import in_time
from notify.weekly.lines import FindingLine, NoteLine, RuleLine, UnitLine
from notify.weekly.model import WeeklyFigures
from notify.words import KIND_WORDS


def findings(figures: WeeklyFigures) -> Table:
    return Table(
        name="问题整改",
        heads=heads(
            ("编号", 10),
            ("单位", 22, True),
            ("问题", 33, True),
            ("发现日期", 20),
            ("下发日期", 20),
            ("整改期限", 20),
            ("状态", 15),
            ("复查", 16),
        ),
        rows=tuple(
            (
                x.id,
                x.unit,
                x.problem,
                x.found_on,
                x.notified_on,
                x.due,
                _state(x),
                x.recheck or None,
            )
            for x in figures.finding_lines
        ),
        empty="本期没有未销号的问题。",
        notes=_earlier(figures),
    )


def _state(line: FindingLine) -> Cell:
    words = STATES[line.state] + ("（申诉中）" if line.appealed else "")
    return Mark(f"{words}，逾期未反馈", "bad") if line.lapsed else words


def _earlier(figures: WeeklyFigures) -> tuple[str, ...]:
    earlier = figures.findings.ended_earlier
    return (f"往期事后认定的问题{earlier}项（来信已逾期答复）不再逐项列出。",) if earlier else ()


def units(figures: WeeklyFigures) -> Table:
    return Table(
        name="各单位情况",
        heads=heads(
            ("单位", 27, True),
            ("栏目数", 11),
            ("按时数", 11),
            ("超期数", 11),
            ("空白无日期", 13),
            ("豁免", 9),
            ("未判定", 11),
            ("未设时限", 11),
            ("按时率", 14),
            ("信件按期率", 14),
            ("未整改数", 11),
            ("加减分预测", 13),
        ),
        rows=tuple(_unit(unit) for unit in figures.units),
        empty="登记册内没有单位。",
        total=_units_total(figures),
        notes=(
            "按时率＝按时数÷（按时数＋超期数＋空白无日期数），只计已判定的栏目；没有已判定对象的记“—”。",
            "未整改数含待核实的问题，不含待复查和事后认定的问题。",
            "加减分预测为本周使本单位当期考核得分增减的分值，只计已确认的问题和已录入的事项，"
            "待核实的不计；以审定结果为准。",
        ),
    )


def _unit(unit: UnitLine) -> tuple[Cell, ...]:
    return (
        unit.unit,
        unit.columns,
        unit.on_time,
        unit.overdue,
        unit.bare,
        unit.exempt,
        unit.unknown,
        unit.free,
        unit.in_time,
        unit.letters,
        unit.unrectified,
        None if unit.points is None else Points(unit.points, signed=True),
    )


def _units_total(figures: WeeklyFigures) -> tuple[Cell, ...]:
    columns, free = figures.columns, figures.free_columns
    return (
        "合计",
        columns.total + free.total,
        columns.in_time.part,
        columns.overdue,
        columns.blank + columns.undated,
        columns.exempt,
        columns.unknown,
        free.total,
        columns.in_time,
        in_time(figures.letter_lines),
        figures.findings.unrectified,
        None,
    )


def quality(figures: WeeklyFigures) -> tuple[Table, ...]:
    unknown = _notes("未判定对象及原因", figures.unknown, "没有未判定的对象。")
    exempt = _notes("豁免对象", figures.exempt, "没有豁免的对象。")
    operator = _notes("待运维人员处理的对象", figures.operator, "没有待运维人员处理的对象。")
    return unknown, exempt, operator, _rules(figures.rules)


def _notes(name: str, lines: tuple[NoteLine, ...], empty: str) -> Table:
    return Table(
        name=name,
        heads=heads(("单位", 32, True), ("类型", 21), ("对象", 37, True), ("原因", 66, True)),
        rows=tuple((x.unit, KIND_WORDS[x.kind], x.name, x.reason) for x in lines),
        empty=empty,
    )


def _rules(rules: tuple[RuleLine, ...]) -> Table:
    return Table(
        name="判定依据",
        heads=heads(
            ("指标", 33, True),
            ("时限", 20),
            ("依据", 71, True),
            ("可信度", 15),
            ("是否核实", 17),
        ),
        rows=tuple(
            (x.id, x.limit, x.clause, x.confidence, "是" if x.verified else "否") for x in rules
        ),
        empty="没有生效的指标。",
    )
