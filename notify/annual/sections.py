"""The annual report's platform section in words and tables, the same for Word, Excel and HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.counting_total import Method
from checks.freshness import SHANGHAI
from notify.annual import tables
from notify.annual.counts import METHODS
from notify.annual.model import AnnualFigures
from notify.annual.sentences import platform
from notify.documents.parts import Report, Section
from notify.selfcheck import Check, checks_table
from notify.words import chinese_day

TITLE = "政府信息公开平台建设情况"
DRAFT = (
    "以下文字供编写政府信息公开工作年度报告使用，数据由巡检系统根据公开页面和办公室导入、登记的数据"
    "统计，采用前须经审核。"
)


def annual_report(figures: AnnualFigures, checks: Sequence[Check]) -> Report:
    """The whole document; `checks` are printed at its end."""
    told = "" if figures.over else f"，截至{chinese_day(figures.period.last)}"
    return Report(
        title=TITLE,
        subtitle=f"（{figures.year}年{told}）",
        made_at=figures.made_at,
        sections=(
            Section("一、政府信息公开平台建设", (DRAFT, *platform(figures))),
            Section("二、信息发布", (), tables.items(figures)),
            Section("三、政务新媒体", (), (tables.accounts(figures),)),
            Section("四、检查和整改", (), tables.inspections(figures)),
            Section("五、来信办理", (), (tables.letters(figures),)),
            Section("六、统计口径和数据质量", tuple(_basis(figures))),
            Section("附：数据核对", (), (checks_table(checks),)),
        ),
    )


def _basis(figures: AnnualFigures) -> Iterator[str]:
    """How it was counted, and what a reader must know of it."""
    made_at = figures.made_at.astimezone(SHANGHAI)
    yield (
        f"统计期：{chinese_day(figures.period.first)}至{chinese_day(figures.period.last)}。"
        f"生成时间：{chinese_day(made_at.date())}{made_at:%H:%M}。"
        f"判定依据：{'、'.join(figures.packs)}。"
    )
    yield from _watched(figures)
    yield (
        "信息按发布日期所在年度、所属栏目统计，同一信息无论见于几个栏目、几个网址，只计一次；"
        "所属栏目按网址判定，网址不能判定的归最先见到的栏目。没有网址的信息按栏目、标题、日期统计。"
        "改过日期的信息按最后日期计入所在年度。未标日期的、日期晚于首次看到之日的不计入任何年度。"
        "转到其他栏目的入口不重复统计。"
    )
    yield (
        "信息公开目录类栏目的列表总数年内净增多于逐条见到的条数时，说明未能逐条见全，按列表总数差"
        "（净增）统计；列表总数减少时不采用。列表总数差不能识别其中与其他栏目重复的信息。"
        + _growth(figures)
    )
    yield from _doubts(figures)


def _growth(figures: AnnualFigures) -> str:
    """How much of the total rests on the growth of lists?"""
    grown = [line for line in figures.counts if line.method == METHODS[Method.TOTAL]]
    if not grown:
        return "本期各栏目均为逐条统计。"
    number = sum(line.growth for line in figures.buckets)
    return f"本期{len(grown)}个栏目的{number}条按列表总数差（净增）统计，其余逐条统计。"


def _watched(figures: AnnualFigures) -> Iterator[str]:
    doubts = figures.doubts
    if doubts.watched_since is None:
        yield "统计期内没有查看记录，以上数字不反映实际发布情况。"
    elif doubts.watched_since > figures.period.first:
        yield (
            f"系统自{chinese_day(doubts.watched_since)}起查看各栏目，此前发布的信息仅统计列表中仍能"
            "见到的，以上数字为系统所见，可能少于实际发布数。"
        )
    elif doubts.late_columns:
        yield (
            f"有{doubts.late_columns}个栏目在统计期开始之后才开始查看，此前发布的信息仅统计列表中"
            "仍能见到的。"
        )
    if doubts.watched_since is not None and doubts.unseen_columns:
        yield f"有{doubts.unseen_columns}个计入年报的栏目未能查看，没有计入，不等于没有发布。"


def _doubts(figures: AnnualFigures) -> Iterator[str]:
    doubts, copies = figures.doubts, figures.doubts.copies
    yield (
        f"年内另见未标日期的信息{doubts.undated}条、日期有误的信息{doubts.misdated}条，均未计入。"
        f"改过日期的信息{doubts.redated}条，见于两个以上栏目的信息{doubts.several}条，均各计一次。"
    )
    hidden = (
        f"其中{doubts.hidden}条同时见于计入年报的栏目，因所属栏目不计入而未计，请核对栏目的年报分类。"
        if doubts.hidden
        else ""
    )
    yield (
        f"登记册中年报分类为“不计入”的栏目{doubts.uncounted_columns}个，"
        f"其信息{doubts.uncounted_items}条未计入总数。{hidden}"
    )
    if not copies.read:
        yield "没有读取正文可供比对的信息，内容相同而网址不同的信息未作识别。"
        return
    yield (
        f"内容相同而网址不同的信息：在已读取正文的{copies.read}篇中发现{copies.texts}篇另有"
        f"{copies.further}处重复登载，仅作说明，未从总数中扣除；其余信息未读取正文，未作比对。"
    )
