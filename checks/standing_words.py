"""Where does an indicator stand, in one sentence for a clerk?"""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from checks.indicators import Indicator
from checks.owed import DutyRow
from checks.sites import Measure, Standing
from checks.subjects import SubjectKind

NOUNS = {
    SubjectKind.COLUMN: "栏目",
    SubjectKind.MAILBOX: "信箱",
    SubjectKind.ACCOUNT: "账号",
    SubjectKind.SITE: "网站",
}
UNVERIFIED = "指标未经核实"
BY_PERSON = {True: "经人工核查存在问题", False: "经人工核查未发现问题"}
BY_MACHINE = {True: "经系统检查存在问题，待核实", False: "经系统检查未发现问题"}
NAMED = 3


def in_words(standing: Standing) -> str:
    """Where does the indicator stand? What is not verified is said to be so."""
    words = _words(standing)
    return words if standing.indicator.verified else f"{words}；{UNVERIFIED}"


def noun_of(indicator: Indicator) -> str:
    return NOUNS[SubjectKind(indicator.subject)]


def percent(share: Decimal) -> str:
    """A share as a clerk writes it: 5%, 3.33%. Cut off, so that what is below 5% never reads 5%."""
    return f"{(share * 100).quantize(Decimal('0.01'), ROUND_DOWN).normalize():f}%"


def share_of(measure: Measure) -> Decimal:
    return Decimal(measure.part) / measure.whole if measure.whole else Decimal(0)


def amount(standing: Standing) -> int | str | None:
    """How much there is now: a number, or a share of visits; None where it is not known.

    None at fault is not zero where enough is not known to hit it, or where nothing was seen.
    """
    if standing.measure is not None and standing.measure.whole:
        return percent(share_of(standing.measure))
    unseen = len(standing.not_known) == standing.watched
    return None if unseen or (not standing.count and standing.hit is None) else standing.count


def bound(standing: Standing) -> int | str | None:
    """From which number, or share, on is it a veto?"""
    share = standing.indicator.share
    return standing.indicator.limit if share is None else percent(share)


def gap(standing: Standing) -> int | str | None:
    """How far is that amount from the bound? None where either is not known."""
    share, measure = standing.indicator.share, standing.measure
    if share is not None and measure is not None and measure.whole:
        return percent(max(Decimal(0), share - share_of(measure))).replace("%", "个百分点")
    return None if amount(standing) is None else standing.distance


def unmet_words(row: DutyRow) -> str:
    """One unmet duty: what is missing, and the first places where."""
    faults = row.answer.faults
    more = f"等{len(faults)}处" if len(faults) > NAMED else ""
    places = "；".join(faults[:NAMED])
    of = f"（{row.subject.name}）" if row.subject.kind is not SubjectKind.SITE else ""
    return f"{row.duty.headline}{of}" + (f"：{places}{more}" if places else "")


def _words(standing: Standing) -> str:
    if standing.said is not None:
        return BY_PERSON[standing.said]
    if standing.indicator.counts == "hand":
        return "须人工核查" if standing.hit is None else BY_MACHINE[standing.hit]
    if standing.indicator.counts == "share":
        return _share_words(standing)
    if standing.indicator.counts == "duties":
        return _duty_words(standing)
    return _count_words(standing)


def _count_words(standing: Standing) -> str:
    noun, limit = noun_of(standing.indicator), standing.indicator.limit
    if not standing.watched:
        return f"未登记可供本项检查的{noun}，不作判定"
    if len(standing.not_known) == standing.watched:
        return f"{standing.watched}个{noun}均未能判定，不作判定，查清后可能计入"
    parts = [f"计入{standing.count}个{noun}"]
    if limit is not None and standing.distance:
        parts.append(f"达到{limit}个为单项否决，还差{standing.distance}个")
    elif limit is not None:
        parts.append(f"已达到单项否决的{limit}个")
    if standing.not_known:
        parts.append(f"另有{len(standing.not_known)}个未能判定，未计入，查清后可能计入")
    return "；".join(parts)


def _duty_words(standing: Standing) -> str:
    if not standing.watched:
        return "系统尚未检查本项，须人工核查"
    parts = [f"{standing.count}项不符合要求" if standing.count else "系统检查未发现问题"]
    if standing.not_known:
        parts.append(f"另有{len(standing.not_known)}项未能判定，未计入")
    if standing.indicator.partial:
        parts.append("系统只检查其中一部分，其余须人工核查")
    return "；".join(parts)


def _share_words(standing: Standing) -> str:
    measure, indicator = standing.measure, standing.indicator
    if measure is None or indicator.share is None:
        return "尚无监测数据，不作判定"
    facts = f"监测{measure.whole}次，其中{measure.part}次未能在时限内打开"
    if measure.whole < (indicator.least or 0):
        return f"{facts}；监测次数不足{indicator.least}次，不作判定"
    if standing.hit is None:
        return f"{facts}；另有{measure.unclear}次情况不明，不作判定"
    share = percent(share_of(measure))
    reached = "已达到" if standing.hit else "未达到"
    return f"{facts}，占{share}；{reached}单项否决的{percent(indicator.share)}"
