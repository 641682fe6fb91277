"""What an account owes beside its posts: one a platform, its name, its closure, its answers.

(国办发〔2018〕123号; 国办秘函〔2019〕19号 M3) What no source says beyond doubt is unknown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from checks.duty_table import Duty
from checks.facts import Outcome, Visit
from checks.freshness import is_closed, local_day, shown_to
from checks.owed import Answer, Case, nothing_seen
from checks.subjects import Subject, SubjectKind
from checks.verdicts import DutyState

# The family of the notes that say what an account calls itself; their key is its address.
NAMED = "account"
# The family of the notes that hold an account's own numbers, under its address as well. Facts:
# `followers`, `posts`, `comments` and `replies`, each None where the source tells no exact number.
FIGURES = "account_figures"
CHANGING, ENDED = "changing", ("closed", "cancelled")
# Neither is an account on somebody else's platform; of "other" nobody knows which platform it is.
OWN_GROUND, UNNAMED = ("app", "miniprogram"), "other"
QUOTES = "\"'“”‘’「」『』《》()[]【】〔〕·"
PLATFORM_WORDS = re.compile(
    r"(?:(?:官方|新浪)?微博|(?:官方|政务)?微信|(?:微信)?(?:公众|订阅|服务|视频)号|今日头条|头条号?"
    r"|抖音号?|快手号?|官方账号)$"
)


@dataclass(frozen=True, slots=True)
class AccountName:
    """What an account is called where it was looked at.

    `sure`: the platform says so itself. A bridge may have made the title of a feed, which proves
    no change of name. `where` are Chinese words for the source, `id` is the platform's own id.
    """

    name: str
    sure: bool
    where: str
    id: str | None = None

    def as_facts(self) -> dict[str, Any]:
        return {"name": self.name, "sure": self.sure, "where": self.where, "id": self.id}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> AccountName | None:
        """None where the source did not say a name."""
        return cls(facts["name"], facts["sure"], facts["where"], facts["id"]) if facts else None


def duplicate(case: Case, duty: Duty) -> Answer:  # noqa: ARG001
    """Is this a further account of its unit on one platform?

    The one opened first stands; each later one is a fault of its own, so none is told twice.
    """
    subject = case.subject
    if subject.platform in OWN_GROUND:
        return Answer(DutyState.MET, "移动客户端、小程序不按平台账号数检查")
    if subject.status in ENDED:
        return Answer(DutyState.MET, "账号登记为已关停或已注销，不计入平台账号数")
    kin = sorted((each for each in case.kin if _same_platform(each, case)), key=_age)
    first = next((each for each in kin if each.key != subject.key), subject)
    if first is subject:
        return Answer(DutyState.MET, "本单位在该平台只登记有一个账号")
    if subject.platform == UNNAMED:
        doubt = f"另有登记为“其他”平台的账号“{first.name}”（{first.key}），是否同一平台不明"
        return Answer(DutyState.UNKNOWN, f"{doubt}，不作判定", doubts=(doubt,))
    if _age(subject) < _age(first):
        return Answer(DutyState.MET, "为本单位在该平台最早开设的账号")
    fault = f"本单位在该平台已有账号“{first.name}”（{first.key}{_opened(first)}）"
    return Answer(DutyState.UNMET, fault, (_with_address(fault, subject.url),))


def _same_platform(other: Subject, case: Case) -> bool:
    opened = other.opened_on is None or other.opened_on <= case.as_of
    same = other.kind is SubjectKind.ACCOUNT and other.platform == case.subject.platform
    ended = other.status in ENDED or is_closed(other, case.as_of)
    return same and opened and not ended


def _age(account: Subject) -> tuple[date, str]:
    """An account whose day of opening nobody knows is taken for the later one."""
    return account.opened_on or date.max, account.id


def _opened(account: Subject) -> str:
    return f"，{account.opened_on}开设" if account.opened_on else ""


def renamed(case: Case, duty: Duty) -> Answer:
    """Does the platform call or number the account otherwise than the register does?

    While the register says that it is being changed, either may be ahead of the other.
    """
    here = (look for look in case.looks(NAMED, duty) if look.key == case.subject.url)
    look = next(here, None)
    if look is None:
        return nothing_seen("账号名称")
    shown = AccountName.from_facts(look.facts) if look.outcome.seen else None
    if shown is None:
        return Answer(DutyState.UNKNOWN, "未取得账号在平台上的名称，不作判定")
    faults = tuple(_differences(shown, case.subject))
    if not faults:
        told = f"{shown.where}显示的名称为“{shown.name}”，与登记一致"
        return Answer(DutyState.MET, told, evidence=look.evidence)
    told = "；".join(faults)
    if shown.sure and case.subject.status != CHANGING:
        lines = tuple(_with_address(fault, case.subject.url) for fault in faults)
        return Answer(DutyState.UNMET, told, lines, evidence=look.evidence)
    why = "账号登记为变更中" if shown.sure else "该名称可能由订阅源另拟，请人工核对"
    doubt = f"{told}；{why}"
    return Answer(DutyState.UNKNOWN, f"{doubt}，不作判定", doubts=(doubt,), evidence=look.evidence)


def _differences(shown: AccountName, subject: Subject) -> Iterator[str]:
    if _plain(shown.name) != _plain(subject.name):
        yield f"{shown.where}显示的名称为“{shown.name}”，登记的名称为“{subject.name}”"
    theirs, ours = shown.id or "", subject.platform_id or ""
    if _same_series(theirs, ours) and theirs != ours:
        yield f"账号ID与登记不符：{shown.where}显示为{theirs}，登记为{ours}"


def _same_series(one: str, other: str) -> bool:
    """Are these numbers of one kind? A 公众号 has a 微信号 beside its 原始ID, a 微博 an address."""
    return bool(one and other) and _series(one) == _series(other)


def _series(number: str) -> str:
    return "gh_" if number.startswith("gh_") else "digits" if number.isdecimal() else "word"


def _plain(name: str) -> str:
    """A name without its dress: width, case, blanks, quotes, and the platform's word behind it."""
    text = unicodedata.normalize("NFKC", name).casefold()
    kept = (c for c in text if c not in QUOTES and unicodedata.category(c)[0] not in "ZC")
    bare = "".join(kept)
    return PLATFORM_WORDS.sub("", bare) or bare


def reopened(case: Case, duty: Duty) -> Answer:
    """Does an account that was closed still post? The day of closing itself is no fault."""
    closed = case.subject.closed_on
    if closed is None or not is_closed(case.subject, case.as_of):
        return Answer(DutyState.MET, "账号登记为在用")
    answers = [
        _of_closed(case, visit, closed)
        for visit in (case.history.last, case.history.word)
        if visit is not None and 0 <= (case.as_of - _as_old_as(visit)).days <= duty.within.n
    ]
    states = (DutyState.UNMET, DutyState.MET, DutyState.UNKNOWN)
    told = [answer for state in states for answer in answers if answer.state is state]
    return told[0] if told else nothing_seen("已关停的账号")


def _as_old_as(visit: Visit) -> date:
    return shown_to(visit) if visit.method.brought else local_day(visit.observed_at)


def _of_closed(case: Case, visit: Visit, closed: date) -> Answer:
    """What does this one way show of a closed account, a look or a person's word?"""
    if visit.outcome is Outcome.OK and visit.newest is not None and visit.newest > closed:
        return _since_closed(case.subject, visit, closed, visit.newest)
    if visit.outcome.seen and shown_to(visit) <= closed < case.as_of:
        why = f"账号已于{closed}关停，所见只反映到{shown_to(visit)}，不作判定"
        return Answer(DutyState.UNKNOWN, why)
    if visit.outcome is Outcome.EMPTY:
        return Answer(DutyState.MET, f"账号已于{closed}关停，未见内容", evidence=visit.evidence)
    if visit.outcome is not Outcome.OK or visit.newest is None:
        return Answer(DutyState.UNKNOWN, "已关停的账号本次未能看到内容及其日期，不作判定")
    return _since_closed(case.subject, visit, closed, visit.newest)


def _since_closed(subject: Subject, visit: Visit, closed: date, newest: date) -> Answer:
    told = f"账号已于{closed}关停，最近一条内容的日期为{newest}"
    if newest > closed:
        fault = f"{told}：“{visit.newest_title or '无标题'}”"
        lines = (_with_address(fault, visit.newest_url or subject.url),)
        return Answer(DutyState.UNMET, fault, lines, evidence=visit.evidence, basis=closed)
    if visit.unresolved:
        doubt = f"{told}；另有{visit.unresolved}条置顶或日期未明的内容"
        return Answer(DutyState.UNKNOWN, f"{doubt}，不作判定", doubts=(doubt,))
    return Answer(DutyState.MET, told, evidence=visit.evidence)


def interactive(case: Case, duty: Duty) -> Answer:
    """Has the account a working way to answer? Only a person can tell, with evidence."""
    hand = case.hand(duty)
    if hand is None or hand.fault is None:
        return Answer(DutyState.UNKNOWN, "须人工核查，尚无在有效期内的核查记录，不作判定")
    on = local_day(hand.at)
    found = "发现问题" if hand.fault else "未发现问题"
    told = f"{hand.by}于{on}核查，{found}：{hand.evidence}"
    if not hand.fault:
        return Answer(DutyState.MET, told, evidence=hand.evidence)
    lines = (_with_address(told, case.subject.url),)
    return Answer(DutyState.UNMET, told, lines, evidence=hand.evidence, basis=on)


def _with_address(line: str, url: str | None) -> str:
    return f"{line}（{url}）" if url else line
