"""Is a column without anything in it, whatever its class? (国办秘函〔2019〕19号 W4 空白栏目)"""

from __future__ import annotations

from checks.duty_table import Duty
from checks.facts import Outcome
from checks.freshness import OUTCOME_WORDS, local_day
from checks.owed import Answer, Case
from checks.verdicts import DutyState

BLANK = "blank"


def answer_blank(case: Case, duty: Duty) -> Answer:
    """Did the last look at this column show a page that says it holds nothing?"""
    last = case.history.last
    if last is None or not last.outcome.seen:
        return Answer(DutyState.UNKNOWN, "近期未能查看本栏目，不作判定")
    age = (case.as_of - local_day(last.observed_at)).days
    if age > duty.within.n:
        return Answer(DutyState.UNKNOWN, f"最近一次查看已是{age}天前，不作判定")
    if last.outcome is not Outcome.EMPTY:
        return Answer(DutyState.MET, OUTCOME_WORDS[last.outcome])
    reason = f"{OUTCOME_WORDS[last.outcome]}，栏目没有任何内容"
    return Answer(DutyState.UNMET, reason, evidence=last.evidence)
