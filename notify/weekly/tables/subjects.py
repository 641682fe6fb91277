"""Columns that are late, bare or near their limit, and the new-media accounts."""

from __future__ import annotations

from checks.lifecycle import State
from notify.documents.parts import Cell, Link, Mark, Table, heads
from notify.terms import VERDICTS
from notify.weekly.lines import AccountLine, AtLeast, ColumnLine
from notify.weekly.model import WeeklyFigures
from notify.weekly.subjects import DEAD, FAILED

SETTLED: dict[State | None, str] = {State.DISMISSED: "（已认定误报）", State.WAIVED: "（豁免）"}
GRADE_TONES = {FAILED: "bad", DEAD: "bad", "预警": "warn", "正常": "good"}


def overdue(figures: WeeklyFigures) -> tuple[Table, ...]:
    late = Table(
        name="超期栏目",
        heads=heads(
            ("责任单位", 31, True),
            ("栏目", 33, True),
            ("类别", 18),
            ("时限", 14),
            ("最近更新日期", 25),
            ("超期天数", 11),
            ("连续超期周数", 13),
            ("页面", 11),
        ),
        rows=tuple(
            (
                x.unit,
                _name(x),
                x.class_words,
                x.limit,
                x.newest,
                x.days_over,
                x.weeks_over,
                _page(x.url),
            )
            for x in figures.overdue
        ),
        empty=_none(figures, "超期栏目"),
        notes=(
            "超期天数自最后期限次日起按日历日计；连续超期周数自超期首日起每7天计1周，不满7天按1周计。",
        )
        if figures.overdue
        else (),
    )
    bare = Table(
        name="空白及未标日期栏目",
        heads=heads(
            ("责任单位", 32, True),
            ("栏目", 32, True),
            ("类别", 18),
            ("时限", 14),
            ("判定", 17),
            ("说明", 32, True),
            ("页面", 11),
        ),
        rows=tuple(_bare(x) for x in figures.bare),
        empty=_none(figures, "空白及未标日期栏目"),
    )
    return late, bare


def _name(line: ColumnLine) -> str:
    """The column; where a person took its fault back or set it aside, that too."""
    return line.column + SETTLED.get(line.handled, "")


def _bare(line: ColumnLine) -> tuple[Cell, ...]:
    word = Mark(VERDICTS[line.verdict], "bad")
    reason = line.reason
    return (line.unit, _name(line), line.class_words, line.limit, word, reason, _page(line.url))


def near(figures: WeeklyFigures) -> Table:
    return Table(
        name="临期栏目",
        heads=heads(
            ("责任单位", 31, True),
            ("栏目", 33, True),
            ("类别", 18),
            ("时限", 14),
            ("最近更新日期", 25),
            ("最后期限", 24),
            ("剩余天数", 11),
        ),
        rows=tuple(
            (x.unit, x.column, x.class_words, x.limit, x.newest, x.due, x.days_left)
            for x in figures.near
        ),
        empty=_none(figures, "临期栏目"),
        notes=("最后期限当日更新仍为按时；剩余天数为0的，当日到期。",) if figures.near else (),
    )


def _none(figures: WeeklyFigures, what: str) -> str:
    unknown = figures.columns.unknown + figures.free_columns.unknown
    return f"本期未发现{what}" + (f"（另有{unknown}个栏目未判定）。" if unknown else "。")


def _page(url: str | None) -> Cell:
    return Link("查看", url) if url else None


def accounts(figures: WeeklyFigures) -> Table:
    return Table(
        name="政务新媒体",
        heads=heads(
            ("账号", 24, True),
            ("平台", 20),
            ("主办单位", 22, True),
            ("最近更新", 23),
            ("未更新天数", 11),
            ("等级", 14),
            ("本周发布数", 11),
            ("近30天最长间隔（天）", 13),
            ("观测方式", 18),
        ),
        rows=tuple(
            (
                _account(x),
                x.platform,
                x.unit,
                x.newest,
                x.days,
                Mark(x.grade, GRADE_TONES.get(x.grade, "mute")),
                _at_least(x.posts),
                _at_least(x.gap),
                x.source,
            )
            for x in figures.account_lines
        ),
        empty="登记册内没有新媒体账号。",
        notes=(
            "不合格为超过时限未更新；僵尸为超过3个月未更新；未知为未能查看或未能判定，不作评价。",
            "本周发布数按发布日期计；近30天最长间隔为截至判定日的30天内相邻两次发布之间、或最近一次发布至"
            "最近一次查看之间的最长天数，此前最近一次发布计为起点。两项仅据已见到的内容统计，不作评价："
            "“≥”为部分日期未能掌握，“—”为未能掌握，均不等于没有发布。",
        )
        if figures.account_lines
        else (),
    )


def _at_least(seen: AtLeast | None) -> Cell:
    if seen is None or seen.whole:
        return seen.number if seen else None
    return f"≥{seen.number}"


def _account(line: AccountLine) -> Cell:
    """The account's name stands there whether or not its address may be a link."""
    link = Link(line.account, line.url or "")
    return link if link.target else line.account
