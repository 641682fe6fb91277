"""The weekly report in words and tables, the same for Word, Excel and HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from checks.freshness import SHANGHAI
from checks.lifecycle import State
from notify.documents.parts import Rate, Report, Section
from notify.selfcheck import Check, checks_table
from notify.weekly.charts import NO_FONT, pictures
from notify.weekly.lines import FlagLine, ReachLine
from notify.weekly.model import Conflicts, PostTally, WeeklyFigures
from notify.weekly.tables import letters, overview, subjects, units
from notify.words import chinese_day

TITLE = "网站与新媒体合规周报"
USUAL_GRADES = ("正常", "预警", "不合格", "僵尸", "未知")
DISCLAIMER = (
    "本报告由巡检系统根据公开页面和办公室导入、登记的数据自动生成。所列问题除第八部分注明已确认的外，均为系统发现，待核实；"
    "核实前不作为通报、扣分的依据。"
)


def weekly_report(figures: WeeklyFigures, checks: Sequence[Check]) -> Report:
    """The whole report; `checks` are printed at its end."""
    period = figures.period
    days = "至".join(f"{day.month}月{day.day}日" for day in (period.first, period.last))
    return Report(
        title=TITLE,
        subtitle=f"（{period.chinese}，{days}）",
        made_at=figures.made_at,
        sections=(
            Section("一、报告说明", head(figures), (overview.coverage(figures),)),
            _overview(figures),
            Section("三、单项否决监测", _veto(figures), overview.veto(figures)),
            Section("四、超期栏目", _overdue(figures), subjects.overdue(figures)),
            Section("五、临期栏目", (), (subjects.near(figures),)),
            Section("六、信箱来信", _origins(figures), letters.letters(figures)),
            Section("七、政务新媒体", (), (subjects.accounts(figures),)),
            Section("八、问题整改", (), (units.findings(figures),)),
            Section("九、各单位情况", (), (units.units(figures),)),
            Section("十、数据质量说明", _quality(figures), units.quality(figures)),
            Section("附：数据核对", (), (checks_table(checks),)),
        ),
    )


def _overview(figures: WeeklyFigures) -> Section:
    charts, words = pictures(figures), summary(figures)
    return Section(
        heading="二、总体情况",
        paragraphs=words if charts is not None else (*words, NO_FONT),
        tables=overview.overview(figures),
        pictures=charts or (),
    )


def head(figures: WeeklyFigures) -> tuple[str, ...]:
    """Which week, as of when, under which law."""
    period, made_at = figures.period, figures.made_at.astimezone(SHANGHAI)
    return (
        f"报告期：{chinese_day(period.first)}（周一）至{chinese_day(period.last)}（周日），"
        f"编号{period}。判定截至{chinese_day(figures.as_of)}。"
        f"生成时间：{chinese_day(made_at.date())}{made_at:%H:%M}。",
        f"判定依据：{'、'.join(figures.packs)}；工作日历{figures.calendar}。",
        DISCLAIMER,
    )


def summary(figures: WeeklyFigures) -> tuple[str, ...]:
    """The week in seven sentences; the mail's plain text is made of them too."""
    return (
        _headline(figures),
        _seen(figures),
        _columns(figures),
        _letters(figures),
        _accounts(figures),
        _findings(figures),
        _reach(figures.reach),
    )


def _headline(figures: WeeklyFigures) -> str:
    head, columns, accounts = figures.headline, figures.columns, figures.accounts
    letters = figures.letters
    return (
        f"超期{head.overdue}项（栏目{columns.overdue}项、新媒体账号{accounts.overdue}项、"
        f"来信{letters.overdue}项），临期{head.due_soon}项（栏目{columns.due_soon}项、"
        f"新媒体账号{accounts.due_soon}项、来信{letters.near}项），未能查看{head.unseen}项。"
    )


def _seen(figures: WeeklyFigures) -> str:
    cover = figures.coverage
    excused = f"，豁免或关停{cover.excused}个" if cover.excused else ""
    return (
        f"共登记监测对象{cover.registered}个（网站{figures.sites.total}个、"
        f"栏目{figures.columns.total + figures.free_columns.total}个、"
        f"信箱{figures.mailboxes.total}个、新媒体账号{figures.accounts.total}个），"
        f"其中正常查看{cover.seen}个，未能查看{cover.unseen}个{excused}。"
        "未能查看不等于未更新，不作判定，不计入任何单位的超期。"
    )


def _columns(figures: WeeklyFigures) -> str:
    columns, free = figures.columns, figures.free_columns
    extra = (
        f"未设更新时限的栏目{free.total}个，只记录页面情况，不计入按时率。" if free.total else ""
    )
    return (
        f"设有更新时限的栏目{columns.total}个：按时{columns.in_time.part}个（其中临期"
        f"{columns.due_soon}个），超期{columns.overdue}个，空白{columns.blank}个，"
        f"未标日期{columns.undated}个，豁免{columns.exempt}个，未判定{columns.unknown}个；"
        f"已判定的栏目按时率{columns.in_time}。{extra}"
    )


def _letters(figures: WeeklyFigures) -> str:
    letters = figures.letters
    return (
        f"本期在办来信{letters.total}封：待答复{letters.waiting}封（其中临期{letters.near}封），"
        f"逾期未答复{letters.overdue}封，按期答复{letters.answered_in_time}封，"
        f"逾期答复{letters.answered_late}封，期限暂定{letters.provisional}封。"
    )


def _accounts(figures: WeeklyFigures) -> str:
    accounts = figures.accounts
    grades = [line.grade for line in figures.account_lines]
    order = dict.fromkeys((*USUAL_GRADES, *sorted(grades)))
    counts = "，".join(f"{grade}{grades.count(grade)}个" for grade in order)
    return (
        f"新媒体账号{accounts.total}个"
        + (f"：{counts}。" if accounts.total else "。")
        + (_posts(figures.postings))
    )


def _posts(postings: PostTally) -> str:
    if not postings.accounts:
        return ""
    part = f"，其中{postings.part}个仅见部分日期" if postings.part else ""
    return f"本周见到发布{postings.posts}条（计{postings.accounts}个账号{part}）。"


def _findings(figures: WeeklyFigures) -> str:
    tally = figures.findings
    ended = f"、事后认定{tally.ended}项" if tally.ended else ""
    dismissed = f"，认定误报{tally.dismissed}项" if tally.dismissed else ""
    return (
        f"本期新发现问题{tally.opened}项，恢复{tally.recovered}项，销号{tally.closed}项{dismissed}；"
        f"期末未销号{tally.standing}项，其中未整改{tally.unrectified}项、待复查{tally.recheck}项"
        f"{ended}；超过整改期限未反馈{tally.lapsed}项。"
    )


def _veto(figures: WeeklyFigures) -> tuple[str, ...]:
    sources = figures.veto.sources
    if not sources:
        return ("未采用国家检查指标，不作单项否决监测。",)
    return (
        f"依据{'、'.join(sources)}单项否决部分统计，仅计入已判定的对象；除注明经人工核查的外，"
        "均为系统统计，待核实。" + _hits(figures),
        "下表只列达到或可能达到单项否决的、以及已有问题计入的情形，达到的在前，其余以距限值近者为先；"
        "近四周为各周日（本周为判定日）的数量。",
    )


def _hits(figures: WeeklyFigures) -> str:
    lines = figures.veto.lines
    hits = sum(line.hit is True for line in lines)
    return f"达到单项否决{hits}项，未达到或待查清、列入监测{len(lines) - hits}项。"


def _overdue(figures: WeeklyFigures) -> tuple[str, ...]:
    if not figures.overdue:
        return ()
    handled = Counter(line.handled for line in figures.overdue)
    set_aside = "".join(
        f"，{words}{handled[state]}个"
        for state, words in ((State.DISMISSED, "已认定误报"), (State.WAIVED, "豁免期内"))
        if handled[state]
    )
    waiting = handled[None]
    confirmed = len(figures.overdue) - waiting - handled[State.DISMISSED] - handled[State.WAIVED]
    return (
        f"超期栏目{len(figures.overdue)}个，其中已确认{confirmed}个，"
        f"系统发现、待核实{waiting}个{set_aside}。",
    )


def _origins(figures: WeeklyFigures) -> tuple[str, ...]:
    """Which figures rest on public pages, and which on exports?"""
    by_page = sum(line.by_page for line in figures.origins)
    by_export = sum(line.by_export for line in figures.origins)
    if not by_export:
        return ("本部分来信数据均据公开页面。",) if by_page else ()
    return (f"本部分来信数据：据公开页面{by_page}封，据后台导出{by_export}封，分信箱情况见末表。",)


def _quality(figures: WeeklyFigures) -> tuple[str, ...]:
    columns, free = figures.columns, figures.free_columns
    unverified = [rule.id for rule in figures.rules if not rule.verified]
    return (
        f"页面有内容但未标日期的栏目{columns.undated + free.undated}个，列于第四部分。",
        f"答复期限为暂定的来信{figures.letters.provisional}封：期限所在年份的放假安排尚未公布，"
        "不作超期认定，不计入按期答复率。",
        f"依据尚未核实的指标{len(unverified)}项"
        + (f"：{'、'.join(unverified)}，请核对原文。" if unverified else "。"),
        _conflicts(figures.conflicts),
        *_flags(figures.flags),
    )


def _conflicts(conflicts: Conflicts) -> str:
    told = f"日期冲突：本期首次见到、由列表标明日期的栏目信息{conflicts.rows}条"
    if not conflicts.items:
        return f"{told}，未见网址所示日期与之不同的。"
    return (
        f"{told}，其中网址所示日期与之不同的{conflicts.items}条（{conflicts.columns}个栏目），"
        "以列表所标日期为准，请核对。"
    )


def _flags(lines: Sequence[FlagLine]) -> tuple[str, ...]:
    asked = [line for line in lines if line.asked]
    rest = "、".join(line.words for line in lines if not line.asked)
    told = "；".join(
        f"{line.words}：本期新提示{line.raised}项，期末未销号{line.standing}项" for line in asked
    )
    words = (f"{told}。均为系统提示，由人工核实，核实前不作认定。",) if asked else ()
    return (*words, f"{rest}：未采用该项指标。") if rest else words


def _reach(lines: Sequence[ReachLine]) -> str:
    rates = [line.rate for line in lines if line.rate is not None]
    if not lines:
        return "近7日无法访问率：未采用该项指标。"
    rest = len(lines) - len(rates)
    short = f"，监测次数不足、不作统计的网站{rest}个" if rest else ""
    if not rates:
        return f"近7日无法访问率：各网站监测次数均不足，不作统计（{rest}个）。"
    total = Rate(sum(rate.part for rate in rates), sum(rate.whole for rate in rates))
    return (
        f"近7日监测网站{len(rates)}个、{total.whole}次，未能在时限内打开{total.part}次，"
        f"无法访问率{total}{short}。"
    )
