"""Has an assessment passed its three steps? (录入员 → 审核负责人 → 分管领导)

The last signature freezes it. One sent back (退回) has been through none of its steps again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SigningStep(StrEnum):
    ENTERED = "entered"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    RETURNED = "returned"


SIGNING = (SigningStep.ENTERED, SigningStep.REVIEWED, SigningStep.APPROVED)
STEP_WORDS = {
    SigningStep.ENTERED: "录入",
    SigningStep.REVIEWED: "审核",
    SigningStep.APPROVED: "分管领导审定",
    SigningStep.RETURNED: "退回",
}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed which step, when, with which words. `at` is aware."""

    step: SigningStep
    at: datetime
    by: str
    note: str


def standing_signatures(signatures: Sequence[Signature]) -> tuple[Signature, ...]:
    """Those that still stand, oldest first: what was sent back begins anew."""
    standing: list[Signature] = []
    for each in signatures:
        standing = [] if each.step is SigningStep.RETURNED else [*standing, each]
    return tuple(standing)


def is_frozen(signatures: Sequence[Signature]) -> bool:
    return any(each.step is SigningStep.APPROVED for each in standing_signatures(signatures))


def signing_refusal(step: SigningStep, by: str, signatures: Sequence[Signature]) -> str | None:
    """Why may this person not take this step now? None: it may be taken.

    The steps come in order, and three levels are three persons.
    """
    standing = standing_signatures(signatures)
    if is_frozen(signatures):
        return "已经审定并冻结，不能再改；此后的变化用 xunjian assessment correct 作出更正"
    if step is SigningStep.RETURNED:
        return None if standing else "尚未录入，没有可退回的"
    due = SIGNING[len(standing)]
    if step is not due:
        return f"下一步应为{STEP_WORDS[due]}，不是{STEP_WORDS[step]}"
    same = [each for each in standing if each.by == by]
    if same:
        return f"{by}已作{STEP_WORDS[same[0].step]}，{STEP_WORDS[step]}须由另一人办理"
    return None
