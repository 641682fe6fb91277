"""The sentences of the section 政府信息公开平台建设, ready to be pasted into the annual report."""

from __future__ import annotations

from notify.annual.model import AccountTally, AnnualFigures, LetterYear, QuarterLine
from notify.words import chinese_day


def platform(figures: AnnualFigures) -> tuple[str, ...]:
    """What the section says, one paragraph a matter; what is not known is left out."""
    told = (
        _published(figures),
        _limits(figures),
        _accounts(figures),
        _inspections(figures),
        _letters(figures),
        _talks(figures),
    )
    return tuple(paragraph for paragraph in told if paragraph)


def span(figures: AnnualFigures) -> str:
    """Of which days do the figures speak?"""
    if figures.over:
        return f"{figures.year}年"
    return f"{figures.year}年（截至{chinese_day(figures.period.last)}）"


def _published(figures: AnnualFigures) -> str:
    if not any(line.columns for line in figures.buckets):
        return (
            "（登记册内没有栏目登记年报分类，信息发布数未作统计，请先在登记册“栏目”表中填写。）"
            f"{_interpreted(figures)}{_seen(figures)}"
        )
    parts = "，".join(f"{line.words}{line.number}条" for line in figures.buckets)
    return (
        f"加强政府信息公开平台建设。{span(figures)}，通过政府网站发布信息{figures.total}条，"
        f"其中{parts}。{_interpreted(figures)}{_seen(figures)}"
    )


def _interpreted(figures: AnnualFigures) -> str:
    number = figures.interpretations
    return f"发布政策解读{number}条。" if number is not None else ""


def _seen(figures: AnnualFigures) -> str:
    """What must go wherever the sentence is pasted: figures of a part of the year are no others."""
    since = figures.doubts.watched_since
    if since is None:
        return "（统计期内没有查看记录，以上数字不反映实际发布情况。）"
    if since <= figures.period.first:
        return ""
    return f"（以上为自{chinese_day(since)}起查看所见，此前发布的仅计列表中仍能见到的。）"


def _limits(figures: AnnualFigures) -> str:
    limits = figures.limits
    told = [
        f"{words}不超过{limit}"
        for words, limit in (
            ("动态新闻类栏目更新", limits.news),
            ("政策解读类栏目更新", limits.interpretation),
            ("政府信箱来信答复", limits.letters),
        )
        if limit is not None
    ]
    return f"严格执行内容更新和答复时限：{'，'.join(told)}。" if told else ""


def _accounts(figures: AnnualFigures) -> str:
    tally = figures.accounts
    if not tally.now and not tally.before and not tally.opened:
        return ""
    when = "年末" if figures.over else f"截至{chinese_day(figures.period.last)}"
    return f"加强政务新媒体管理。{when}，开设政务新媒体账号{tally.now}个{_moved(tally)}。"


def _moved(tally: AccountTally) -> str:
    if tally.before is None:
        return f"，年内新开设{tally.opened}个、关停{tally.closed}个"
    if not any((tally.opened, tally.closed, tally.enrolled, tally.dropped)):
        return f"，与上年末（{tally.before}个）持平"
    told = [f"新开设{tally.opened}个", f"关停{tally.closed}个"]
    told += [f"新登记{tally.enrolled}个"] if tally.enrolled else []
    told += [f"不再登记{tally.dropped}个"] if tally.dropped else []
    return f"，上年末为{tally.before}个，年内{'、'.join(told)}"


def _inspections(figures: AnnualFigures) -> str:
    done = [quarter for quarter in figures.quarters if quarter.inspected]
    faults = figures.faults
    checks = f"开展季度检查{len(done)}次（{'、'.join(x.name for x in done)}），" if done else ""
    rates = [quarter for quarter in figures.quarters if _rated(quarter)]
    on_time = (
        "各季度末设有更新时限的栏目按时更新率为"
        + "、".join(f"{x.name}{x.on_time}" for x in rates)
        + "。"
        if rates
        else ""
    )
    return (
        f"加强日常检查和跟踪整改。{checks}发现问题{faults.found}项，核实确认{faults.confirmed}项，"
        f"整改销号{faults.closed}项，通报督办{faults.urged}项。{on_time}"
    )


def _rated(quarter: QuarterLine) -> bool:
    return quarter.over and quarter.on_time is not None and quarter.on_time.whole > 0


def _letters(figures: AnnualFigures) -> str:
    letters = figures.letters
    if not letters.received:
        return ""
    timed = ""
    if letters.in_time.whole:
        timed = (
            f"；可判定时限的{letters.in_time.whole}封中，按期答复{letters.in_time.part}封，"
            f"按期答复率{letters.in_time}"
        )
    mean = f"，平均办理时间{letters.average}个工作日" if letters.average.count else ""
    return (
        f"办好政府信箱。收到来信{letters.received}封，已答复{letters.answered}封{timed}{mean}。"
        f"{origin(letters)}"
    )


def origin(letters: LetterYear) -> str:
    """On which word the letters rest."""
    if not letters.by_export:
        return "以上来信数据均据公开页面。"
    if not letters.by_page:
        return "以上来信数据均据后台导出。"
    return f"以上来信数据中{letters.by_page}封据公开页面、{letters.by_export}封据后台导出。"


def _talks(figures: AnnualFigures) -> str:
    told = [
        f"{words}{number}期"
        for words, number in (("征集调查", figures.surveys), ("在线访谈", figures.interviews))
        if number is not None
    ]
    if not told:
        return ""
    return f"加强互动交流。发布{'、'.join(told)}（按相应栏目发布的信息条数统计）。"
