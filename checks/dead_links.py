"""Can every link of the site be opened? Pages, pictures and files, inside and outside (链接可用性).

One bad look is no fault: a link is held against its site when looks on several days agree, the
page that holds it was seen lately, and it is not our own line that is at fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import takewhile

from checks.duty_table import Duty
from checks.freshness import local_day
from checks.link_words import FIXES, MET, PLACES
from checks.links import LOOKED, LinkKind, LinkLook, SiteLinks, Trouble
from checks.owed import Answer, Case, nothing_seen
from checks.verdicts import DutyState


def dead_links(case: Case, duty: Duty) -> Answer:
    """Which links of this site cannot be opened, on which page, and what is to be done?

    The numbers: `looks` days on which a link must be found gone, `unreachable_looks` days where it
    only could not be reached while others of its kind were good, `listed` links at most are named.
    """
    site = case.links
    if site is None or not site.looked:
        return nothing_seen("页面链接")
    faulty: list[Trouble] = []
    open_questions: list[str] = []
    doubts: list[str] = []
    for trouble in sorted(site.troubles, key=_weight):
        if not any(look.state.suspect for look in trouble.looks):
            doubts.append(_line(trouble, "不计入问题"))
        elif why := doubt(trouble, site, duty, case.as_of):
            open_questions.append(_line(trouble, why))
        else:
            faulty.append(trouble)
    rest = site.known - site.looked
    told = [f"另有{rest}条链接尚未检查"] if rest > 0 else []
    return Answer(
        state=_state(faulty, open_questions),
        reason=_reason(site, len(faulty), len(open_questions)),
        faults=_capped([_fault(each) for each in faulty], duty),
        doubts=_capped([*open_questions, *doubts], duty) + tuple(told),
        evidence=_evidence(case, faulty),
        basis=max((_since(each) for each in faulty), default=None),
    )


def _state(faulty: Sequence[Trouble], open_questions: Sequence[str]) -> DutyState:
    if faulty:
        return DutyState.UNMET
    return DutyState.UNKNOWN if open_questions else DutyState.MET


def doubt(trouble: Trouble, site: SiteLinks, duty: Duty, as_of: date) -> str:
    """Why is this link not held against the site yet? Empty: it is."""
    last = trouble.looks[0]
    if not last.state.suspect:
        return "上次无法打开，本次未能判断"
    if (as_of - local_day(trouble.seen_at)).days > duty.within.n:
        return "所在页面近期未能查看，不能确定链接是否还在"
    if (as_of - local_day(last.at)).days > duty.within.n:
        return "近期未再检查"
    bad = list(takewhile(lambda look: look.state.suspect, trouble.looks))
    gone = _days(takewhile(lambda look: look.state.broken, bad))
    away = _days(look for look in bad if _told(look, trouble.inside, site))
    if gone >= duty.numbers["looks"] or away >= duty.numbers["unreachable_looks"]:
        return ""
    if not _told(last, trouble.inside, site):
        return "当日未见同类链接能够打开，可能是本机网络的原因"
    return f"已有{away}天检查无法打开，待复查"


def _told(look: LinkLook, inside: bool, site: SiteLinks) -> bool:
    """Does this bad look tell of the link, and not perhaps of our own line on that day?"""
    return look.state.broken or (inside, local_day(look.at)) in site.answering


def _days(looks: Iterable[LinkLook]) -> int:
    return len({local_day(look.at) for look in looks})


def _since(trouble: Trouble) -> date:
    """Since which day was it found so without a break?"""
    bad = takewhile(lambda look: look.state.suspect, trouble.looks)
    return min(local_day(look.at) for look in bad)


def _weight(trouble: Trouble) -> tuple[int, str]:
    """Inside before files outside before the rest; within the same weight by page."""
    if trouble.inside:
        return 0, trouble.page
    return 1 if trouble.link.kind is LinkKind.ATTACHMENT else 2, trouble.page


def _fault(trouble: Trouble) -> str:
    state = trouble.looks[0].state
    return _line(trouble, FIXES[trouble.inside, trouble.link.kind, state])


def _line(trouble: Trouble, advice: str) -> str:
    link, last = trouble.link, trouble.looks[0]
    place = PLACES[trouble.inside, link.kind]
    pages = f"等{trouble.pages}个页面" if trouble.pages > 1 else ""
    met = last.note or MET[last.state]
    text = link.text or "（无文字）"
    return f"{trouble.page}{pages}：{text} → {link.url}（{place}；{met}；{advice}）"


def _capped(lines: Sequence[str], duty: Duty) -> tuple[str, ...]:
    most = duty.numbers["listed"]
    more = len(lines) - most
    return (*lines[:most], *((f"另有{more}条，未逐一列出",) if more > 0 else ()))


def _reason(site: SiteLinks, faults: int, waiting: int) -> str:
    if faults:
        said = f"共检查{site.looked}条链接，{faults}条无法打开"
    else:
        said = f"共检查{site.looked}条链接，未发现无法打开的"
    return f"{said}，{waiting}条待复查" if waiting else said


def _evidence(case: Case, faulty: Sequence[Trouble]) -> str | None:
    """The answer that was kept when a link was first found gone, however long ago."""
    kept = {each.key: each.evidence for each in case.observed if each.family == LOOKED}
    found = (kept.get(trouble.link.url) for trouble in faulty)
    return next((place for place in found if place), None)
