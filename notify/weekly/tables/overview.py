"""What was seen, how all of it stands, and how near a veto is."""

from __future__ import annotations

from notify.documents.parts import Cell, Mark, Table, heads
from notify.terms import VERDICTS
from notify.weekly.lines import VetoLine
from notify.weekly.model import Tally, VetoWatch, WeeklyFigures


def coverage(figures: WeeklyFigures) -> Table:
    looks, cover = figures.coverage.looks, figures.coverage
    return Table(
        name="查看情况",
        heads=heads(
            ("查看情况", 58, True),
            ("网站", 18),
            ("栏目", 18),
            ("信箱", 18),
            ("新媒体账号", 24),
            ("合计", 20),
        ),
        rows=tuple((x.words, x.site, x.column, x.mailbox, x.account, x.total) for x in looks),
        empty="登记册内没有监测对象。",
        total=(
            "合计",
            sum(look.site for look in looks),
            sum(look.column for look in looks),
            sum(look.mailbox for look in looks),
            sum(look.account for look in looks),
            cover.registered,
        ),
        notes=("被拦截、无法连接等未能查看的对象不作判定，不影响任何单位。",)
        if cover.unseen
        else (),
    )


def overview(figures: WeeklyFigures) -> tuple[Table, ...]:
    tallies = (
        figures.columns,
        figures.free_columns,
        figures.mailboxes,
        figures.accounts,
        figures.sites,
    )
    words = [(words, 7 + 3 * len(words)) for words in VERDICTS.values()]
    return (
        Table(
            name="判定汇总",
            heads=heads(("监测对象", 40, True), *words, ("合计", 16)),
            rows=tuple(_tally(tally) for tally in tallies),
            empty="",
            notes=(
                "信箱按其在办来信中最差的一封判定；未设更新时限的栏目、网站只判定能否正常查看。",
            ),
        ),
        Table(
            name="来信汇总",
            heads=heads(
                ("来信", 36, True),
                ("待答复", 18),
                ("逾期未答复", 22),
                ("期限暂定", 20),
                ("按期答复", 20),
                ("逾期答复", 20),
                ("合计", 20),
            ),
            rows=tuple(
                (
                    x.label,
                    x.waiting,
                    x.overdue,
                    x.provisional,
                    x.answered_in_time,
                    x.answered_late,
                    x.total,
                )
                for x in (figures.letters, figures.all_letters)
            ),
            empty="",
            notes=(
                "本期在办来信指判定日尚未答复和报告期内答复的来信；按期答复含不作期限认定的已答复来信。",
            ),
        ),
        trend(figures),
        by_class(figures),
        *reach(figures),
    )


def trend(figures: WeeklyFigures) -> Table:
    """The on-time rate of twelve weeks, which the chart shows."""
    return Table(
        name="近12周按时率",
        heads=heads(
            ("周次", 40), ("截至", 32), ("按时栏目", 28), ("已判定栏目", 28), ("按时率", 28)
        ),
        rows=tuple(
            (
                point.period.chinese,
                min(point.period.last, figures.as_of),
                point.rate.part if point.rate else None,
                point.rate.whole if point.rate else None,
                point.rate,
            )
            for point in figures.trend
        ),
        empty="",
        notes=("各周按该周周日所知判定；没有已判定栏目的周不计，图中为断点。",),
    )


def reach(figures: WeeklyFigures) -> tuple[Table, ...]:
    """Seven days of looks at the sites; no table where no pack asks for it."""
    rated = [(line, line.rate) for line in figures.reach if line.rate is not None]
    rest = len(figures.reach) - len(rated)
    table = Table(
        name="近7日网站访问情况",
        heads=heads(
            ("网站", 56, True),
            *(("监测次数", 25), ("未能打开", 25), ("情况不明", 25), ("无法访问率", 25)),
        ),
        rows=tuple((line.site, rate.whole, rate.part, line.unclear, rate) for line, rate in rated),
        empty="各网站监测次数均不足，不作统计。",
        notes=(f"另有{rest}个网站监测次数不足，不作统计。",) if rest and rated else (),
    )
    return (table,) if figures.reach else ()


def by_class(figures: WeeklyFigures) -> Table:
    return Table(
        name="超期栏目分类",
        heads=heads(("栏目类别", 100, True), ("超期栏目", 56)),
        rows=figures.by_class,
        empty="没有超期的栏目。",
        total=("合计", figures.columns.overdue),
    )


def _tally(tally: Tally) -> tuple[Cell, ...]:
    return (tally.label, *(getattr(tally, verdict.value) for verdict in VERDICTS), tally.total)


def veto(figures: WeeklyFigures) -> tuple[Table, ...]:
    watch = figures.veto
    near = Table(
        name="单项否决监测",
        heads=heads(
            ("网站/账号", 24, True),
            ("指标", 36, True),
            ("现有数", 13),
            ("限值", 10),
            ("距限值", 13),
            ("近四周", 28),
            ("说明", 32, True),
        ),
        rows=tuple(
            (v.place, v.indicator, v.count, v.limit, v.gap, v.trend, _remark(v))
            for v in watch.lines
        ),
        empty="没有发现单项否决情形。" if watch.sources else "未采用含单项否决的指标集。",
    )
    return (near, _groups(watch)) if watch.sources else (near,)


def _remark(line: VetoLine) -> Cell:
    return Mark(line.remark, "bad") if line.hit else line.remark


def _groups(watch: VetoWatch) -> Table:
    return Table(
        name="单项否决各指标情况",
        heads=heads(
            ("指标", 56, True),
            ("对象", 23),
            ("应监测", 15),
            ("已列出", 14),
            ("未发现", 14),
            ("未能判定", 19),
            ("未监测", 15),
        ),
        rows=tuple(
            (x.indicator, x.kind, x.total, x.listed, x.clear, x.unjudged, x.unwatched)
            for x in watch.groups
        ),
        empty="登记册内没有网站和新媒体账号。",
        notes=(
            "“已列出”的见上表；“未能判定”为未能查看或数据不足；“未监测”为须人工核查、尚无监测数据"
            "或未登记可供检查的对象。后两项不作判定，不等于未发现问题。",
        )
        if watch.groups
        else (),
    )
