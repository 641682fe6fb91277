"""Is what the site shows found by its own search, and can the progress of a matter be queried?

(国办秘函〔2019〕19号: 功能设计“搜索功能”; 办事服务)

One title that is not found proves nothing: an index lags, a title was changed. Only a page that
says in words that there is no result counts, and only when all titles of one look met it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from checks.duty_table import Duty
from checks.facts import Observed, Outcome
from checks.freshness import OUTCOME_WORDS, local_day
from checks.owed import Answer, Case, nothing_seen
from checks.verdicts import DutyState

SEARCHES = {"search": "站内搜索", "policy_search": "政策搜索"}
PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class TitleSought:
    """One title looked for: published `on`, `asked` at this address; `found` None: not known."""

    on: date
    asked: str
    found: bool | None
    why: str

    def as_json(self) -> dict[str, Any]:
        return {"on": str(self.on), "asked": self.asked, "found": self.found, "why": self.why}

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> TitleSought:
        on = date.fromisoformat(facts["on"])
        return cls(on, facts["asked"], facts["found"], facts["why"])


def answer_search(case: Case, duty: Duty) -> Answer | None:
    """Does the search find a title of the site? None where the register has no such search.

    Titles younger than `lag_days` on the day of the look may not be in the index yet. Unmet
    only if at least `titles_least` titles of the last look met a page that says: no result.
    """
    if duty.about not in dict(case.subject.pages):
        return None
    word = SEARCHES[duty.about]
    looks = [each for each in case.looks(duty.about, duty) if each.key]
    if not looks:
        return nothing_seen(word)
    last = max(each.at for each in looks)
    sought = [each for each in looks if each.at == last]
    told = [
        (each, TitleSought.from_json(each.facts)) for each in sought if each.outcome is Outcome.OK
    ]
    if any(seen.found for _, seen in told):
        return Answer(DutyState.MET, f"{word}能检索到本网站已发布的信息")
    lost = [(each, seen) for each, seen in told if _is_lost(each, seen, duty)]
    if len(lost) >= duty.numbers["titles_least"]:
        faults = tuple(f"按标题“{each.key}”检索无结果（{seen.asked}）" for each, seen in lost)
        reason = f"按{len(lost)}条已发布信息的标题检索，{word}均无结果"
        return Answer(DutyState.UNMET, reason, faults, evidence=lost[0][0].evidence)
    doubts = tuple(f"按标题“{each.key}”检索：{_why(each)}" for each in sought)
    return Answer(DutyState.UNKNOWN, f"{word}的结果未能判定", doubts=doubts)


def _is_lost(look: Observed, seen: TitleSought, duty: Duty) -> bool:
    age = (local_day(look.at) - seen.on).days
    return seen.found is False and age >= duty.numbers["lag_days"]


def answer_progress(case: Case, duty: Duty) -> Answer | None:
    """Can a visitor ask how far his matter is? None where no such page is registered or owed.

    Only looks at the address now registered count: their key is the address.
    """
    address = dict(case.subject.pages).get(PROGRESS)
    if address is None or not case.subject.services:
        return None
    looks = [each for each in case.looks(PROGRESS, duty) if each.key == address]
    if not looks:
        return nothing_seen("办件进度查询")
    look = max(looks, key=lambda each: each.at)
    reached = look.facts.get("reached")
    if reached is None:
        why = _why(look)
        return Answer(
            DutyState.UNKNOWN, f"办件进度查询未能判定：{why}", doubts=(f"{address}：{why}",)
        )
    if reached:
        return Answer(DutyState.MET, f"办件进度查询可用：{_why(look)}")
    fault = f"办件进度查询页面不存在（{address}）"
    return Answer(DutyState.UNMET, "办件进度查询页面不能打开", (fault,), evidence=look.evidence)


def _why(look: Observed) -> str:
    return str(look.facts.get("why") or OUTCOME_WORDS[look.outcome])
