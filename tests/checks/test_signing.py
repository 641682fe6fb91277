"""Three levels of review: 录入 → 审核 → 分管领导; the last freezes, a return begins anew."""

from __future__ import annotations

import pytest

from checks.signing import (
    Signature,
    SigningStep,
    is_frozen,
    signing_refusal,
    standing_signatures,
)
from tests.checks.make import at

ENTERED, REVIEWED = SigningStep.ENTERED, SigningStep.REVIEWED
APPROVED, RETURNED = SigningStep.APPROVED, SigningStep.RETURNED
FROZEN = "已经审定并冻结，不能再改；此后的变化用 xunjian assessment correct 作出更正"


def signed(*steps: tuple[SigningStep, str]) -> tuple[Signature, ...]:
    return tuple(Signature(step, at("11-22", 9 + n), by, "") for n, (step, by) in enumerate(steps))


@pytest.mark.parametrize(
    ("before", "step", "by", "refused"),
    [
        ((), ENTERED, "甲", None),
        ((), REVIEWED, "乙", "下一步应为录入，不是审核"),
        ((), RETURNED, "乙", "尚未录入，没有可退回的"),
        (((ENTERED, "甲"),), REVIEWED, "乙", None),
        (((ENTERED, "甲"),), REVIEWED, "甲", "甲已作录入，审核须由另一人办理"),
        (((ENTERED, "甲"),), APPROVED, "丙", "下一步应为审核，不是分管领导审定"),
        (((ENTERED, "甲"),), ENTERED, "乙", "下一步应为审核，不是录入"),
        (((ENTERED, "甲"),), RETURNED, "甲", None),
        (((ENTERED, "甲"), (REVIEWED, "乙")), APPROVED, "丙", None),
        (
            ((ENTERED, "甲"), (REVIEWED, "乙")),
            APPROVED,
            "甲",
            "甲已作录入，分管领导审定须由另一人办理",
        ),
        (((ENTERED, "甲"), (RETURNED, "乙")), REVIEWED, "乙", "下一步应为录入，不是审核"),
        (((ENTERED, "甲"), (RETURNED, "乙")), ENTERED, "乙", None),
        (((ENTERED, "甲"), (REVIEWED, "乙"), (APPROVED, "丙")), RETURNED, "丁", FROZEN),
        (((ENTERED, "甲"), (REVIEWED, "乙"), (APPROVED, "丙")), ENTERED, "丁", FROZEN),
    ],
)
def test_the_steps_come_in_order_and_by_three_persons(
    before: tuple[tuple[SigningStep, str], ...], step: SigningStep, by: str, refused: str | None
) -> None:
    assert signing_refusal(step, by, signed(*before)) == refused


def test_only_the_third_step_freezes() -> None:
    steps = signed((ENTERED, "甲"), (REVIEWED, "乙"), (APPROVED, "丙"))
    assert [is_frozen(steps[:n]) for n in range(4)] == [False, False, False, True]


def test_what_was_sent_back_keeps_none_of_its_signatures() -> None:
    steps = signed((ENTERED, "甲"), (REVIEWED, "乙"), (RETURNED, "丙"), (ENTERED, "甲"))
    assert standing_signatures(steps) == steps[-1:]
    assert standing_signatures(steps[:3]) == ()
