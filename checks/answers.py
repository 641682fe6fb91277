"""Which duties are met? Each family of duties is answered by a function of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from checks.duty_table import Duty
from checks.facts import DutyState
from checks.flags import answer_back_dated, answer_burst, answer_marks, answer_repost
from checks.freshness import exemption
from checks.owed import Answer, Case, DutyRow

Check = Callable[[Case, Duty], Answer]
ANSWERS: Mapping[str, Check] = {
    "back_dated": answer_back_dated,
    "burst": answer_burst,
    "repost": answer_repost,
    "wording": answer_marks,
    "leader": answer_marks,
    "identity": answer_marks,
    "mobile": answer_marks,
}


def answer_duties(case: Case, duties: Sequence[Duty]) -> tuple[DutyRow, ...]:
    """How does every duty of this subject stand? A duty without a check yet has no row."""
    return tuple(
        DutyRow(case.subject, duty, _answer(case, duty, ANSWERS[duty.about]))
        for duty in duties
        if duty.about in ANSWERS and duty.applies_to(case.subject)
    )


def _answer(case: Case, duty: Duty, check: Check) -> Answer:
    if reason := exemption(case.subject, case.as_of):
        return Answer(DutyState.EXEMPT, reason)
    return check(case, duty)
