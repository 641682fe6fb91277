"""The tables of the annual section."""

from __future__ import annotations

from notify.annual.counts import BUCKETS, UNCOUNTED
from notify.annual.model import AnnualFigures, LetterYear, QuarterLine
from notify.documents.parts import Cell, Mark, Table, heads

SHORT = {"overview": "概况类", "news": "政务动态类", "disclosure": "公开目录"}


def items(figures: AnnualFigures) -> tuple[Table, ...]:
    return (_buckets(figures), _units(figures), _columns(figures), _methods(figures))


def _buckets(figures: AnnualFigures) -> Table:
    lines = figures.buckets
    return Table(
        name="信息发布汇总",
        heads=heads(
            ("类别", 44, True), ("栏目数", 22), ("逐条统计", 30), ("列表总数差", 30), ("合计", 30)
        ),
        rows=tuple((x.words, x.columns, x.seen, x.growth, x.number) for x in lines),
        empty="",
        total=(
            "合计",
            sum(line.columns for line in lines),
            sum(line.seen for line in lines),
            sum(line.growth for line in lines),
            figures.total,
        ),
    )


def _units(figures: AnnualFigures) -> Table:
    units = figures.units
    return Table(
        name="各单位发布情况",
        heads=heads(("单位", 56, True), *((SHORT[bucket], 25) for bucket in BUCKETS), ("合计", 25)),
        rows=tuple((x.unit, x.overview, x.news, x.disclosure, x.total) for x in units),
        empty="没有计入年报的栏目。",
        total=(
            "合计",
            *(sum(getattr(unit, bucket) for unit in units) for bucket in BUCKETS),
            figures.total,
        ),
    )


def _columns(figures: AnnualFigures) -> Table:
    return Table(
        name="各栏目发布情况",
        heads=heads(
            ("单位", 30, True),
            ("栏目", 32, True),
            ("年报分类", 21),
            ("统计方法", 25),
            ("条数", 15),
            ("备注", 33, True),
        ),
        rows=tuple(
            (
                line.unit,
                line.column,
                SHORT.get(line.bucket, UNCOUNTED),
                line.method,
                line.number,
                line.note or None,
            )
            for line in figures.counts
        ),
        empty="登记册内没有栏目。",
        notes=(f"年报分类为“{UNCOUNTED}”的栏目只列出条数，不计入总数。",)
        if figures.doubts.uncounted_columns
        else (),
    )


def _methods(figures: AnnualFigures) -> Table:
    return Table(
        name="两种统计方法对照",
        heads=heads(
            ("栏目", 24, True),
            ("逐条见到", 15),
            ("上年末总数", 18),
            ("快照日期", 21),
            ("期末总数", 18),
            ("快照日期", 21),
            ("总数差", 15),
            ("采用", 24, True),
        ),
        rows=tuple(
            (
                line.column,
                line.shown,
                line.before,
                line.before_on,
                line.after,
                line.after_on,
                line.growth,
                "；".join(filter(None, (line.taken, line.note))),
            )
            for line in figures.methods
        ),
        empty="两种统计方法均相差不超过1%，或列表未标明总数。",
        notes=(
            "列出逐条统计与列表总数差（净增）相差超过1%的、以及列表总数不能采用的信息公开目录类栏目；"
            "“逐条见到”含归属其他栏目的信息。",
        )
        if figures.methods
        else (),
    )


def accounts(figures: AnnualFigures) -> Table:
    return Table(
        name="政务新媒体账号",
        heads=heads(("账号", 56, True), ("平台", 30), ("主办单位", 46, True), ("状态", 24)),
        rows=figures.account_lines,
        empty="登记册内没有在用的政务新媒体账号。",
        notes=("登记册不单列账号合并，合并的按关停统计。",),
    )


def inspections(figures: AnnualFigures) -> tuple[Table, ...]:
    faults = figures.faults
    return (
        Table(
            name="季度检查",
            heads=heads(
                ("季度", 32), ("天数", 22), ("有查看记录的天数", 38), ("检查", 30), ("按时率", 34)
            ),
            rows=tuple(map(_quarter, figures.quarters)),
            empty="",
            notes=(
                "一个季度的每个月均有查看记录的，计为已检查；按时率为季度末设有更新时限、已判定的栏目"
                "按时更新的比例。",
            ),
        ),
        Table(
            name="问题整改",
            heads=heads(
                ("发现", 26),
                ("核实确认", 26),
                ("整改销号", 26),
                ("通报督办", 26),
                ("误报", 26),
                ("期末未销号", 26),
            ),
            rows=(
                (
                    faults.found,
                    faults.confirmed,
                    faults.closed,
                    faults.urged,
                    faults.dismissed,
                    faults.standing,
                ),
            ),
            empty="",
            notes=(
                "“发现”为年内系统发现的问题，不含认定为误报的；其余各项按事项发生在年内统计，"
                "含上年发现的问题。",
            ),
        ),
    )


def _quarter(line: QuarterLine) -> tuple[Cell, ...]:
    done: Cell = Mark("已检查", "good") if line.inspected else Mark("未完整检查", "mute")
    if not line.over:
        done = Mark("进行中", "mute")
    return line.name, line.days, line.looked, done, line.on_time


def letters(figures: AnnualFigures) -> Table:
    return Table(
        name="各信箱来信",
        heads=heads(
            ("信箱", 22, True),
            ("收到", 12),
            ("答复", 12),
            ("按期率", 15),
            ("平均工作日", 21),
            ("据公开页面", 21),
            ("据后台导出", 21),
            ("结转办结", 18),
            ("日期不明", 14),
        ),
        rows=tuple(map(_letters, figures.letter_lines)),
        empty="没有信箱来信记录。",
        total=_letters(figures.letters),
        notes=(
            "来信按来信日期所在年度统计；按期率、平均工作日只计可判定时限的来信；"
            "“结转办结”为上年来信本年办结的，不计入收到、答复。",
        )
        if figures.letter_lines
        else (),
    )


def _letters(line: LetterYear) -> tuple[Cell, ...]:
    return (
        line.mailbox,
        line.received,
        line.answered,
        line.in_time,
        line.average,
        line.by_page,
        line.by_export,
        line.carried,
        line.undated,
    )
