"""What every page of a government site owes: marks in its foot, page tags, domain, yearly form.

Facts in, judgements out. The duties and what is allowed are rows of a rule pack. Each answer is
met, unmet or unknown: what a page did not show beyond doubt never counts against its unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from checks.duty_table import Duty, Mark, PageKind
from checks.verdicts import DutyState

__all__ = [
    "Duty",
    "DutyJudgement",
    "DutyState",
    "FormLink",
    "LinkSeen",
    "Mark",
    "MarkSeen",
    "PageFacts",
    "PageKind",
    "Presence",
    "TagSeen",
    "judge_page",
]


class Presence(StrEnum):
    FOUND = "found"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MarkSeen:
    """One mark as the page shows it: its words, where it leads, and why it is not known."""

    mark: Mark
    presence: Presence
    text: str | None = None
    link: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class TagSeen:
    """One page tag (网页标签) as written, blanks at its ends left out."""

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """One link that leaves the page's host; `text` is what a visitor reads."""

    url: str
    host: str
    text: str


@dataclass(frozen=True, slots=True)
class FormLink:
    """One link to a 政府网站工作年度报表; `year` is the year it reports on, None if not said."""

    title: str
    url: str | None
    year: int | None


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What one fetched page shows of its duties.

    `seen` is empty where the page was seen, else says in Chinese why it was not; `tags_doubt` and
    `form_doubt` likewise say why a tag or a form that is not listed may still be there.
    `shown_times` are the days with a time that the page shows, `YYYY-MM-DD HH:MM`. `entry_code` is
    the site code that the entry 我为政府网站找错 hands on.
    """

    url: str
    kind: PageKind
    host: str
    unseen: str = ""
    marks: tuple[MarkSeen, ...] = ()
    tags: tuple[TagSeen, ...] = ()
    tags_doubt: str = ""
    shown_times: tuple[str, ...] = ()
    entry_code: str | None = None
    links: tuple[LinkSeen, ...] = ()
    forms: tuple[FormLink, ...] = ()
    form_doubt: str = ""


@dataclass(frozen=True, slots=True)
class DutyJudgement:
    """One duty of one page: is it met, by what, and why. `links` are the links at fault."""

    duty: Duty
    url: str
    state: DutyState
    reason: str
    text: str | None = None
    links: tuple[LinkSeen, ...] = ()


Answer = tuple[DutyState, str, str | None]

_NOTHING = frozenset({"", "null", "undefined", "none", "nan"})
_ENTRY = "找错入口"
_NOON = timedelta(hours=12)
_MET, _UNMET, _UNKNOWN = DutyState.MET, DutyState.UNMET, DutyState.UNKNOWN


def judge_page(
    facts: PageFacts, duties: Sequence[Duty], as_of: date, registered_code: str | None = None
) -> tuple[DutyJudgement, ...]:
    """Which duties of this page are met, unmet or not known, in the order of the table?

    `registered_code` is the site's 网站标识码 in the register. A page that was not seen leaves
    everything about it unknown. Duties about the domain are those of `checks.domains`.
    """
    owed = [duty for duty in duties if facts.kind in duty.pages]
    return tuple(_judged(facts, duty, as_of, registered_code) for duty in owed)


def _judged(facts: PageFacts, duty: Duty, as_of: date, code: str | None) -> DutyJudgement:
    if facts.unseen:
        return DutyJudgement(duty, facts.url, _UNKNOWN, f"没有看到页面：{facts.unseen}")
    if duty.about == "links":
        return _links(facts, duty)
    if duty.about == "mark":
        state, reason, text = _mark(facts, duty)
    elif duty.about == "tag":
        state, reason, text = _tag(facts, duty)
    elif duty.about == "code":
        state, reason, text = _codes(facts, duty, code)
    else:
        state, reason, text = _form(facts, duty, as_of)
    return DutyJudgement(duty, facts.url, state, reason, text)


def _mark(facts: PageFacts, duty: Duty) -> Answer:
    seen = next((each for each in facts.marks if each.mark == duty.name), None)
    if seen is None or seen.presence is Presence.UNKNOWN:
        return _UNKNOWN, (seen.why if seen else "") or "未能判断页面是否有此项", None
    if seen.presence is Presence.ABSENT:
        return _UNMET, "页面上没有此项", None
    if duty.pattern and not duty.pattern.fullmatch(seen.text or ""):
        return _UNKNOWN, "页面上有此项，但写法与常见格式不同，请人工核对", seen.text
    return _MET, "页面上有此项", seen.text or seen.link


def _tag(facts: PageFacts, duty: Duty) -> Answer:
    written = [tag.content for tag in facts.tags if tag.name.lower() == duty.name.lower()]
    if not written:
        if facts.tags_doubt:
            return _UNKNOWN, facts.tags_doubt, None
        return _UNMET, f"页面没有 {duty.name} 标签", None
    values = list(dict.fromkeys(each for each in written if each.lower() not in _NOTHING))
    if not values:
        return _UNMET, f"{duty.name} 标签的内容为空", written[0]
    if len(values) > 1:
        return _UNKNOWN, f"{duty.name} 标签出现多次且内容不同，请人工核对", "；".join(values)
    value = values[0]
    if value in duty.placeholders:
        return _UNMET, f"{duty.name} 标签仍是模板文字", value
    if duty.pattern and not duty.pattern.fullmatch(value):
        return _UNMET, f"{duty.name} 标签的格式不符合要求", value
    if duty.times and (fault := _time_fault(value, facts.shown_times)):
        return _UNMET, fault, value
    repeated = "，但出现多次" if len(written) > 1 else ""
    return _MET, f"页面有 {duty.name} 标签{repeated}", value


def _time_fault(value: str, shown: Sequence[str]) -> str:
    """Is this no time of any day, or one of a 12-hour clock beside the true time in sight?"""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return "PubDate 标签不是有效的日期和时间"
    later = f"{moment + _NOON:%Y-%m-%d %H:%M}"
    # At noon a 12-hour clock that starts at 0 would say 00:00, which often means no time is kept.
    if 0 < moment.hour < 12 and later in shown and f"{moment:%Y-%m-%d %H:%M}" not in shown:
        return f"PubDate 标签使用了12小时制，页面显示的时间是 {later}"
    return ""


def _codes(facts: PageFacts, duty: Duty, registered: str | None) -> Answer:
    """Do page tag, foot, entry and register name one 网站标识码? The register may be wrong."""
    foot = next((each.text for each in facts.marks if each.mark is Mark.SITE_CODE), None)
    tags = [tag.content for tag in facts.tags if tag.name.lower() == duty.name.lower()]
    named = [("页面标签", each) for each in dict.fromkeys(tags)]
    named += [("页脚", foot or ""), (_ENTRY, facts.entry_code or "")]
    good = [(at, each) for at, each in named if duty.pattern and duty.pattern.fullmatch(each)]
    told = "；".join(f"{at} {each}" for at, each in good)
    if not good:
        return _UNKNOWN, "页面上没有读到格式正确的网站标识码", None
    if len({each.lower() for at, each in good if at != _ENTRY}) > 1:
        return _UNMET, "页面标签和页脚的网站标识码不一致", told
    if len({each.lower() for _, each in good}) > 1:
        # A site on a common platform may rightly hand on the code of its portal.
        return _UNKNOWN, "找错入口与页面的网站标识码不一致，请人工核对", told
    if registered and good[0][1].lower() != registered.lower():
        return _UNKNOWN, f"页面与登记册（{registered}）的网站标识码不一致，请核对登记册", told
    if len(good) == 1 and not registered:
        return _UNKNOWN, "只有一处网站标识码，无从比对", told
    return _MET, "网站标识码一致", told


def _links(facts: PageFacts, duty: Duty) -> DutyJudgement:
    outside = tuple(link for link in facts.links if not is_allowed(link.host, duty.allowed))
    if not outside:
        return DutyJudgement(duty, facts.url, _MET, "没有链接到不允许的域名或IP地址")
    hosts = dict.fromkeys(link.host for link in outside)
    reason = f"链接到{len(hosts)}个非政府网站域名或IP地址"
    return DutyJudgement(duty, facts.url, _UNMET, reason, "、".join(hosts), outside)


def is_allowed(host: str, allowed: Sequence[str]) -> bool:
    """Is this one of the allowed domains, or below one?"""
    host = host.lower().rstrip(".")
    return any(host == each or host.endswith(f".{each}") for each in allowed)


def _form(facts: PageFacts, duty: Duty, as_of: date) -> Answer:
    """Is the form of the last year that is due linked? A later one counts as well."""
    owed = _owed_year(duty, as_of)
    years = sorted({form.year for form in facts.forms if form.year is not None})
    if years and years[-1] >= owed:
        return _MET, f"首页链接了{years[-1]}年度报表", f"{years[-1]}年度"
    if any(form.year is None for form in facts.forms):
        return _UNKNOWN, f"首页有年度报表入口，未写年份，请人工核对是否有{owed}年度报表", None
    if facts.form_doubt:
        return _UNKNOWN, f"首页没有看到{owed}年度报表：{facts.form_doubt}", None
    latest = f"，最近一份是{years[-1]}年度" if years else ""
    return _UNMET, f"首页没有{owed}年度报表{latest}", None


def _owed_year(duty: Duty, as_of: date) -> int:
    if duty.due is None:
        raise ValueError(f"{duty.id}: a form without the day on which it is due")
    return as_of.year - (1 if as_of > date(as_of.year, *duty.due) else 2)
