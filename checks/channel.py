"""Is there a page on which a letter can be written? (国办秘函〔2019〕19号 W5 (1))

Nothing is ever written or sent: what the page shows is all that is known of it. Channels for
petitions and for reports to the discipline inspection do not count, by the indicator's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from checks.duty_table import Duty
from checks.facts import Observed, Outcome
from checks.freshness import OUTCOME_WORDS, local_day
from checks.owed import Answer, Case, DutyRow, nothing_seen
from checks.verdicts import DutyState

CHANNEL = "channel"  # the family; its key is the address of the page, its subject the mailbox
_APART = re.compile(r"信访|举报|检举|纪检|监察")


class Way(StrEnum):
    """How a letter can be written here."""

    FORM = "form"
    LOGIN = "login"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What the page shows of writing. `words` are the page's own, `fields` what is asked for;
    `why` says in Chinese what was found or why nothing is known."""

    url: str
    way: Way
    fields: tuple[str, ...] = ()
    captcha: bool = False
    words: str = ""
    why: str = ""


def channel_data(facts: ChannelFacts) -> dict[str, Any]:
    """The facts as plain JSON data."""
    return {
        "url": facts.url,
        "way": str(facts.way),
        "fields": list(facts.fields),
        "captcha": facts.captcha,
        "words": facts.words,
        "why": facts.why,
    }


def channel_facts(data: Mapping[str, Any]) -> ChannelFacts:
    """The facts that `channel_data` made this of."""
    fields = tuple(data["fields"])
    return ChannelFacts(
        data["url"], Way(data["way"]), fields, data["captcha"], data["words"], data["why"]
    )


def is_apart(name: str) -> bool:
    """Is this a channel for petitions or reports, which is no consultation channel?"""
    return bool(_APART.search(name))


def answer_channel(case: Case, duty: Duty) -> Answer:
    """Can a letter be written in this mailbox, as far as its page shows?

    A registered page that is gone counts only when it was gone on days `gone_days` apart: a page
    is easily gone for an hour. An address that nobody registered counts for nothing.
    """
    box = case.subject
    if is_apart(box.name):
        return Answer(DutyState.UNKNOWN, "网上信访、纪检举报等专门渠道，不计入咨询建言渠道")
    key = box.form or box.url
    seen = next((each for each in case.looks(CHANNEL, duty) if each.key == key), None)
    if seen is None:
        return nothing_seen("写信页面")
    if seen.outcome is Outcome.GONE and box.form:
        return _gone(seen, duty)
    if not seen.outcome.seen:
        words = OUTCOME_WORDS[seen.outcome]
        return Answer(DutyState.UNKNOWN, f"没有看到写信页面：{seen.facts.get('why') or words}")
    return _seen(seen, channel_facts(seen.facts), is_registered=bool(box.form))


def channels_standing(rows: Sequence[DutyRow]) -> bool | None:
    """Is there no effective channel at all among these, the rows of one site? (W5a)

    True: there are channels that count, and none of them can be used. None: not known.
    """
    states = [r.state for r in rows if r.duty.about == CHANNEL and not is_apart(r.subject.name)]
    if DutyState.MET in states:
        return False
    return True if states and set(states) == {DutyState.UNMET} else None


def _seen(seen: Observed, facts: ChannelFacts, *, is_registered: bool) -> Answer:
    if facts.way is Way.CLOSED and is_registered:
        reason = f"写信页面写明“{facts.words}”"
        return Answer(DutyState.UNMET, reason, (f"{facts.url}：{reason}",), (), seen.evidence)
    if facts.way in (Way.UNKNOWN, Way.CLOSED):
        said = f"{facts.why}：“{facts.words}”" if facts.words else facts.why
        advice = "请核对登记册中的写信页面" if is_registered else "可在登记册中填写“写信页面”"
        reason = f"{said}；{advice}"
        return Answer(DutyState.UNKNOWN, reason, (), (f"{facts.url}：{reason}",))
    told = f"{facts.why}，有验证码" if facts.captcha else facts.why
    return Answer(DutyState.MET, told, evidence=seen.evidence)


def _gone(seen: Observed, duty: Duty) -> Answer:
    last, first = local_day(seen.at), date.fromisoformat(seen.facts["gone_since"])
    if (last - first).days < duty.numbers["gone_days"]:
        return Answer(DutyState.UNKNOWN, f"登记的写信页面{last}打开时已不存在，待再次查看")
    reason = f"登记的写信页面不存在：{first}和{last}两次查看均如此"
    return Answer(DutyState.UNMET, reason, (f"{seen.key}：{reason}",), (), seen.evidence)
