"""Do the guides of a service column show the eight key elements, and do their forms download?

(国办秘函〔2019〕19号: 单项否决“服务不实用”; 办事服务“办事指南”“表格样表”)

A guide that lies elsewhere, is written by a script, or is not set out by elements is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from checks.duty_table import Duty
from checks.facts import Observed, Outcome
from checks.freshness import OUTCOME_WORDS
from checks.owed import Answer, Case, nothing_seen
from checks.verdicts import DutyState

GUIDE, FORM_FILE = "guide", "form_file"


class Element(StrEnum):
    """The eight key elements (关键要素) of a guide."""

    NAME = "事项名称"
    BASIS = "设定依据"
    CONDITIONS = "申请条件"
    MATERIALS = "办理材料"
    PLACE = "办理地点"
    TIME = "办理时间"
    PHONE = "联系电话"
    PROCESS = "办理流程"


class Shown(StrEnum):
    """How a page shows one element. `empty`: a label with nothing behind it; `unsure`: no label
    of its own, yet words of the page may say it."""

    FOUND = "found"
    EMPTY = "empty"
    ABSENT = "absent"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class GuideSeen:
    """One guide as its page shows it; `listed` is how many guides its column was known to hold."""

    title: str
    shown: Mapping[Element, Shown]
    listed: int

    @property
    def lacking(self) -> tuple[Element, ...]:
        """The elements that are surely not there, in the order of the rule."""
        lost = (Shown.ABSENT, Shown.EMPTY)
        return tuple(each for each in Element if self.shown.get(each) in lost)

    @property
    def unsure(self) -> tuple[Element, ...]:
        sure = (Shown.FOUND, Shown.ABSENT, Shown.EMPTY)
        return tuple(each for each in Element if self.shown.get(each) not in sure)

    def as_json(self) -> dict[str, Any]:
        shown = {str(name): str(how) for name, how in self.shown.items()}
        return {"title": self.title, "shown": shown, "listed": self.listed}

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> GuideSeen:
        shown = {Element(name): Shown(how) for name, how in facts["shown"].items()}
        return cls(facts["title"], shown, facts["listed"])


@dataclass(frozen=True, slots=True)
class GuidesAnswer(Answer):
    """How a column's guides stand: `good` lack too few elements, `unlooked` were not sampled."""

    good: int = 0
    unlooked: int = 0


def answer_guides(case: Case, duty: Duty) -> Answer | None:
    """Does each guide looked at lack fewer than `missing_least` key elements?

    None for a column of a site without public-service function.
    """
    if not case.subject.services:
        return None
    keyed = [each for each in case.looks(GUIDE, duty) if each.key]
    looks = _things(keyed)
    if not looks:
        return nothing_seen("办事指南")
    most = duty.numbers["missing_least"]
    faults, doubts, good, evidence = [], [], 0, None
    for look in looks:
        if look.outcome is not Outcome.OK:
            doubts.append(_doubt(look))
            continue
        seen = GuideSeen.from_json(look.facts)
        if len(seen.lacking) >= most:
            faults.append(_lack(look, seen))
            evidence = evidence or look.evidence
        elif len(seen.lacking) + len(seen.unsure) >= most:
            why = f"缺少{_names(seen.lacking)}" if seen.lacking else "要素不全"
            doubts.append(
                f"《{seen.title}》（{look.key}）：{why}，另有{_names(seen.unsure)}未能判断"
            )
        else:
            good += 1
    newest = max(keyed, key=lambda look: look.at)
    unlooked = max(0, int(newest.facts.get("listed", 0)) - len(keyed))
    state, reason = _standing(len(looks), len(faults), len(doubts), f"缺少{most}类以上要素")
    return GuidesAnswer(
        state, reason, tuple(faults), tuple(doubts), evidence, good=good, unlooked=unlooked
    )


def answer_forms(case: Case, duty: Duty) -> Answer | None:
    """Do the forms that the guides offer download? None where no guide offered one."""
    looks = _things(case.looks(FORM_FILE, duty)) if case.subject.services else ()
    if not looks:
        return None
    answered = [each for each in looks if "downloads" in each.facts]
    lost = [each for each in answered if not each.facts["downloads"]]
    faults = tuple(f"{_file(each)}：{each.facts['why']}" for each in lost)
    doubts = tuple(f"{_file(each)}：{_why(each)}" for each in looks if each not in answered)
    state, reason = _standing(len(looks), len(faults), len(doubts), "不能下载", "表格样表")
    return Answer(state, reason, faults, doubts, lost[0].evidence if lost else None)


def _things(looks: Sequence[Observed]) -> tuple[Observed, ...]:
    """Looks at a thing of its own that is still there."""
    return tuple(
        each
        for each in looks
        if each.key and (each.outcome is not Outcome.GONE or "downloads" in each.facts)
    )


def _standing(
    looked: int, faults: int, doubts: int, fault: str, thing: str = "办事指南"
) -> tuple[DutyState, str]:
    said = (
        f"近期查看{looked}份{thing}，{faults}份{fault}" if faults else f"近期查看{looked}份{thing}"
    )
    if doubts:
        said += f"，{doubts}份未能判定"
    if faults:
        return DutyState.UNMET, said
    if doubts:
        return DutyState.UNKNOWN, said
    return DutyState.MET, f"{said}，未发现{fault}"


def _lack(look: Observed, seen: GuideSeen) -> str:
    empty = [each for each in seen.lacking if seen.shown.get(each) is Shown.EMPTY]
    told = f"，其中{_names(empty)}有标目而无内容" if empty else ""
    count = len(seen.lacking)
    return f"《{seen.title}》（{look.key}）缺少{count}类要素：{_names(seen.lacking)}{told}"


def _doubt(look: Observed) -> str:
    return f"《{look.facts.get('title', '')}》（{look.key}）：{_why(look)}"


def _why(look: Observed) -> str:
    return str(look.facts.get("why") or OUTCOME_WORDS[look.outcome])


def _file(look: Observed) -> str:
    return f"《{look.facts.get('guide', '')}》的附件“{look.facts.get('title', '')}”（{look.key}）"


def _names(elements: Iterable[Element]) -> str:
    return "、".join(elements)
