"""What was looked at, who failed, and the confirmed problems of sites, columns and accounts."""

from __future__ import annotations

from collections.abc import Sequence

from checks.subjects import SubjectKind
from notify.documents.parts import Table, heads
from notify.quarterly.lines import GroupLine, ProblemLine
from notify.quarterly.model import QuarterlyFigures
from notify.quarterly.problems import OF_SITES
from notify.terms import STATES
from notify.words import KIND_WORDS


def coverage(figures: QuarterlyFigures) -> Table:
    return Table(
        name="检查覆盖情况",
        heads=heads(
            ("检查对象", 32, True),
            ("登记", 20),
            ("已检查", 22),
            ("未能查看", 24),
            ("豁免或已关停", 32),
            ("覆盖率", 26),
        ),
        rows=tuple(
            (KIND_WORDS[x.kind], x.registered, x.seen, x.unseen, x.excused, x.rate)
            for x in figures.coverage
        ),
        empty="登记册内没有检查对象。",
        notes=("已检查指检查时段内至少有一次正常查看；覆盖率＝已检查÷登记。",),
    )


def failed_sites(figures: QuarterlyFigures) -> Table:
    return Table(
        name="不合格网站",
        heads=heads(
            ("序号", 12),
            ("网站标识码", 30),
            ("网站名称", 38, True),
            ("主办单位", 32, True),
            ("不合格原因", 44, True),
        ),
        rows=tuple(
            (n, x.code, x.name, x.unit, x.reason) for n, x in enumerate(figures.failed_sites, 1)
        ),
        empty="本季度没有认定为不合格的网站。",
    )


def near(figures: QuarterlyFigures) -> Table:
    return Table(
        name="接近单项否决的网站",
        heads=heads(
            ("网站名称", 40, True),
            ("指标", 64, True),
            ("现有数", 18),
            ("限值", 16),
            ("距限值", 18),
        ),
        rows=tuple((x.name, x.indicator, x.count, x.limit, x.gap) for x in figures.near),
        empty="没有接近单项否决的网站。",
        notes=("现有数只计经人工核实的问题。",) if figures.near else (),
    )


def of_sites(figures: QuarterlyFigures) -> Table:
    return Table(
        name="网站和栏目问题",
        heads=heads(
            ("编号", 12),
            ("责任单位", 28, True),
            ("网站/栏目", 30, True),
            ("问题", 38, True),
            ("最近更新", 24),
            ("整改情况", 24),
        ),
        rows=tuple(
            (x.id, x.unit, x.name, repeated(x), x.updated, STATES[x.state])
            for x in figures.problems
            if x.kind in OF_SITES
        ),
        empty="本季度没有经核实的网站和栏目问题。",
    )


def of_accounts(figures: QuarterlyFigures) -> Table:
    return Table(
        name="政务新媒体问题",
        heads=heads(
            ("编号", 12),
            ("新媒体类型", 24),
            ("新媒体名称", 30, True),
            ("责任单位", 30, True),
            ("问题类别", 36, True),
            ("最近更新", 24),
        ),
        rows=tuple(
            (x.id, x.kind_word, x.name, x.unit, repeated(x), x.updated)
            for x in figures.problems
            if x.kind is SubjectKind.ACCOUNT
        ),
        empty="本季度没有经核实的政务新媒体问题。",
    )


def repeated(line: ProblemLine) -> str:
    again = line.run is not None and line.run > 1
    return f"{line.headline}（连续{line.run}季度）" if again else line.headline


def group_table(name: str, label: str, lines: Sequence[GroupLine]) -> Table:
    return Table(
        name=name,
        heads=heads(
            (label, 44, True), ("账号数", 26), ("检查数", 26), ("不合格数", 28), ("合格率", 32)
        ),
        rows=tuple((x.label, x.total, x.checked, x.failed, x.passed) for x in lines),
        empty="没有登记在用的政务新媒体账号。",
    )


def failed_accounts(figures: QuarterlyFigures) -> Table:
    return Table(
        name="不合格政务新媒体",
        heads=heads(
            ("序号", 12),
            ("新媒体类型", 28),
            ("新媒体名称", 36, True),
            ("责任单位", 34, True),
            ("不合格原因", 46, True),
        ),
        rows=tuple(
            (n, x.platform, x.name, x.unit, x.reason)
            for n, x in enumerate(figures.failed_accounts, 1)
        ),
        empty="本季度没有认定为不合格的政务新媒体账号。",
    )
