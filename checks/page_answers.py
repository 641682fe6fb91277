"""Which duties of its pages does a site meet? (国办发〔2017〕47号; 国办函〔2018〕12号)

A few pages a day are looked at, and all of the last days count together: a fault of one template
is one fault of the site, however many pages show it. A page that was not seen, one that is not the
site's own, and one that has since been removed count for nothing against it. Nor does it count for
the site that nobody looked again at a page that was at fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from checks.domains import judge_hosts
from checks.duties import DutyJudgement, LinkSeen, PageFacts, PageKind, judge_page
from checks.duty_table import Duty
from checks.facts import Observed, Outcome
from checks.freshness import local_day
from checks.owed import Answer, Case, nothing_seen
from checks.page_facts import PAGE, own_page, page_facts, plain_host
from checks.verdicts import DutyState

_KINDS = {PageKind.HOME: "首页", PageKind.LIST: "栏目页", PageKind.ARTICLE: "文章页"}
_WORST = {"mark": "缺少此项", "tag": "不符合要求", "code": "前后不一致"}
# A page that is gone owes nothing any more, and one that robots.txt keeps from us is never judged.
_NOT_OWING = (Outcome.GONE, Outcome.REFUSED)
_PAGES_TOLD = 3
_LINKS_TOLD = 10
_LINES_TOLD = 10
_URL_CHARS = 200
_TEXT_CHARS = 20
_MET, _UNMET, _UNKNOWN = DutyState.MET, DutyState.UNMET, DutyState.UNKNOWN


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one page, and how one duty stands on it."""

    seen: Observed
    facts: PageFacts
    judged: DutyJudgement

    @property
    def line(self) -> str:
        """The page, and what it does wrong or does not show beyond doubt."""
        on = local_day(self.seen.at)
        return f"{_place(self.facts)}：{self.judged.reason}（{on}查看）"


def answer_pages(case: Case, duty: Duty) -> Answer:
    """Do all pages of this site that were looked at show what they owe: marks, tags, one code?

    Unmet as soon as one of them beyond doubt does not; met only when all of them beyond doubt do,
    and none that was at fault still waits to be looked at again.
    """
    looks = _looks(case, duty)
    unmet = [look for look in looks if look.judged.state is _UNMET]
    if not unmet:
        return _without_fault(case, duty, looks, "网站页面")
    told = [f"{_place(look.facts)}（{look.judged.reason}）" for look in unmet]
    worst = _WORST.get(duty.about, "不符合要求")
    if len({look.judged.reason for look in unmet}) == 1:
        told = [_place(look.facts) for look in unmet]
        worst += "" if duty.about == "mark" else f"（{unmet[0].judged.reason}）"
    more = f"等{len(unmet)}个页面" if len(unmet) > _PAGES_TOLD else ""
    return Answer(
        _UNMET,
        f"{_summary(looks, f'{len(unmet)}个{worst}')}：{'；'.join(told[:_PAGES_TOLD])}{more}",
        _capped([look.line for look in unmet], "个页面"),
        _doubts(looks),
        unmet[0].seen.evidence,
    )


def answer_links(case: Case, duty: Duty) -> Answer:
    """Which links of this site's pages lead to hosts that are not allowed? Each is told once."""
    looks = _looks(case, duty)
    unmet = [look for look in looks if look.judged.state is _UNMET]
    if not unmet:
        return _without_fault(case, duty, looks, "网站页面")
    links: dict[str, tuple[LinkSeen, Look]] = {}
    for look in unmet:
        for link in look.judged.links:
            links.setdefault(link.url, (link, look))
    lines = [_link_line(link, look) for link, look in _host_by_host(list(links.values()))]
    summary = _summary(looks, f"{len(unmet)}个含此类链接，共{len(lines)}条")
    more = f"等{len(lines)}条" if len(lines) > _LINKS_TOLD else ""
    return Answer(
        _UNMET,
        f"{summary}：{'；'.join(lines[:_LINKS_TOLD])}{more}",
        _capped(lines, "条链接"),
        _doubts(looks),
        unmet[0].seen.evidence,
    )


def answer_form(case: Case, duty: Duty) -> Answer:
    """Does the home page carry the last yearly form that is due? Rests on the home page alone.

    A look from before the day on which the form was due says nothing of the days after it.
    """
    looks = _looks(case, duty)
    if not looks or looks[0].judged.state is not _UNMET:
        return _without_fault(case, duty, looks, "网站首页")
    (home, *_) = looks
    lines = (home.line,)
    return Answer(
        _UNMET, home.judged.reason, lines, (), home.seen.evidence, last_due(duty, case.as_of)
    )


def answer_domain(case: Case, duty: Duty) -> Answer:
    """Does the site's domain keep the rule? Rests on where its home page was served.

    An address that only leads on to another is a second name, yet serves nothing itself.
    """
    home = _home(case, duty)
    if home is None:
        return nothing_seen("网站首页")
    facts = page_facts(home.facts)
    if not home.outcome.seen:
        return Answer(_UNKNOWN, f"没有看到首页：{facts.unseen}")
    hosts = [plain_host(facts.host)]
    if duty.name == "one_domain":
        hosts.insert(0, plain_host(_host_of(case)))
    (judged,) = judge_hosts(hosts, [duty])
    reason = f"{judged.reason}：{judged.text}" if judged.text else judged.reason
    if judged.state is _UNMET:
        return Answer(_UNMET, reason, (f"{_place(facts)}：{reason}",), (), home.evidence)
    return Answer(judged.state, reason, evidence=home.evidence)


def last_due(duty: Duty, as_of: date) -> date:
    """The last day on which a form was due, before `as_of`."""
    if duty.due is None:
        raise ValueError(f"{duty.id}: a form without the day on which it is due")
    this_year = date(as_of.year, *duty.due)
    return this_year if as_of > this_year else date(as_of.year - 1, *duty.due)


def _looks(case: Case, duty: Duty) -> list[Look]:
    """The looks at pages that owe this duty: home first, then columns, then articles."""
    most = duty.within.n
    pages = case.once(("pages", most), lambda: _pages(case, case.looks(PAGE, duty)))
    return _judged_pages(case, duty, pages)


def _waiting(case: Case, duty: Duty) -> list[Look]:
    """The pages at fault when last seen, which was too long ago, and not looked at since.

    Home and columns alone: they come round again. An article is looked at while it is the newest
    of its column, so one that was mended might never be cleared.
    """
    most = duty.within.n
    pages = case.once(("waiting pages", most), lambda: _pages(case, _lapsed(case, most)))
    columns = [page for page in pages if page[1].kind is not PageKind.ARTICLE]
    looks = _judged_pages(case, duty, columns)
    return [look for look in looks if look.judged.state is _UNMET]


def _lapsed(case: Case, most: int) -> list[Observed]:
    """The last look at each page, where it is more than `most` days old."""
    seen = [each for each in case.observed if each.family == PAGE]
    known = [each for each in seen if local_day(each.at) <= case.as_of]
    last = {each.key: each for each in sorted(known, key=lambda each: each.at)}
    return [each for each in last.values() if (case.as_of - local_day(each.at)).days > most]


def _judged_pages(
    case: Case, duty: Duty, pages: Sequence[tuple[Observed, PageFacts]]
) -> list[Look]:
    return [
        Look(seen, facts, _judged(case, duty, seen, facts))
        for seen, facts in pages
        if facts.kind in duty.pages
    ]


def _pages(case: Case, looks: Sequence[Observed]) -> list[tuple[Observed, PageFacts]]:
    """The pages of the site among these looks that owe anything."""
    pages = []
    for seen in looks:
        facts = page_facts(seen.facts)
        is_home = facts.kind is PageKind.HOME
        if is_home and seen.key != case.subject.url:
            continue
        if not is_home and (seen.outcome in _NOT_OWING or not _is_own(case, facts)):
            continue
        pages.append((seen, facts))
    order = list(PageKind)
    return sorted(pages, key=lambda page: (order.index(page[1].kind), page[1].url))


def _judged(case: Case, duty: Duty, seen: Observed, facts: PageFacts) -> DutyJudgement:
    if not facts.unseen and not _is_own(case, facts):
        why = f"首页转到了登记以外的地址{facts.host}，不作判定，请核对登记册"
        return DutyJudgement(duty, facts.url, _UNKNOWN, why)
    if duty.about == "links":
        own = _plain_name(_host_of(case))
        facts = replace(facts, links=tuple(e for e in facts.links if _plain_name(e.host) != own))
    (judged,) = judge_page(facts, [duty], case.as_of, case.subject.code)
    if duty.about == "form" and judged.state is _UNMET:
        due = last_due(duty, case.as_of)
        if local_day(seen.at) <= due:
            why = f"首页是在{due}及以前查看的，其后是否已发布报表尚不清楚"
            return replace(judged, state=_UNKNOWN, reason=why)
    return judged


def _summary(looks: Sequence[Look], said: str) -> str:
    """How many pages were looked at, and of how many of them it is not known."""
    unknown = sum(look.judged.state is _UNKNOWN for look in looks)
    doubt = f"，{unknown}个未能判断" if unknown else ""
    return f"抽查{len(looks)}个页面，{said}{doubt}"


def _without_fault(case: Case, duty: Duty, looks: Sequence[Look], what: str) -> Answer:
    answer = _of_good_pages(looks, what)
    waiting = _waiting(case, duty) if answer.state is _MET else []
    if not waiting:
        return answer
    lines = _capped([look.line for look in waiting], "个页面")
    return Answer(_UNKNOWN, "此前有问题的页面尚未复看", (), lines)


def _of_good_pages(looks: Sequence[Look], what: str) -> Answer:
    if not looks:
        return nothing_seen(what)
    unknown = [look for look in looks if look.judged.state is _UNKNOWN]
    if len(looks) == 1:
        state, reason = looks[0].judged.state, looks[0].judged.reason
        return Answer(state, reason, (), _doubts(looks), looks[0].seen.evidence)
    if unknown:
        first = f"{_place(unknown[0].facts)}：{unknown[0].judged.reason}"
        reason = f"抽查{len(looks)}个页面，{len(unknown)}个未能判断：{first}"
        return Answer(_UNKNOWN, reason, (), _doubts(looks))
    return Answer(_MET, f"抽查{len(looks)}个页面，均符合要求", evidence=looks[0].seen.evidence)


def _doubts(looks: Sequence[Look]) -> tuple[str, ...]:
    return _capped([each.line for each in looks if each.judged.state is _UNKNOWN], "个页面")


def _capped(lines: Sequence[str], counted: str) -> tuple[str, ...]:
    if len(lines) <= _LINES_TOLD:
        return tuple(lines)
    return (*lines[:_LINES_TOLD], f"另有{len(lines) - _LINES_TOLD}{counted}，未逐一列出")


def _host_by_host(links: list[tuple[LinkSeen, Look]]) -> list[tuple[LinkSeen, Look]]:
    """The first link to every host comes before the second to any."""
    rank: dict[str, int] = {}
    ranked = []
    for link, look in links:
        rank[link.host] = rank.get(link.host, 0) + 1
        ranked.append((rank[link.host], link, look))
    return [(link, look) for _, link, look in sorted(ranked, key=lambda each: each[0])]


def _link_line(link: LinkSeen, look: Look) -> str:
    text = f"“{link.text[:_TEXT_CHARS]}”" if link.text else ""
    return f"{text}{_short(link.url)}（见于{_place(look.facts)}）"


def _place(facts: PageFacts) -> str:
    return f"{_KINDS[facts.kind]} {_short(facts.url)}"


def _short(url: str) -> str:
    return url if len(url) <= _URL_CHARS else f"{url[:_URL_CHARS]}…"


def _home(case: Case, duty: Duty) -> Observed | None:
    looks = case.looks(PAGE, duty)
    return next((each for each in looks if each.key == case.subject.url), None)


def _host_of(case: Case) -> str:
    return urlsplit(case.subject.url or "").hostname or ""


def _is_own(case: Case, facts: PageFacts) -> bool:
    return own_page(facts.url, case.subject.url or "")


def _plain_name(host: str) -> str:
    """One writing of a site's names. Whether it may have several is another duty."""
    return plain_host(host).removeprefix("www.")
