"""Which duties are met? Each family of duties is answered by a function of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from checks.catalogues import answer_catalogue
from checks.duty_table import Duty
from checks.facts import DutyState
from checks.freshness import exemption
from checks.guides import answer_forms, answer_guides
from checks.owed import Answer, Case, DutyRow
from checks.searching import answer_progress, answer_search

Check = Callable[[Case, Duty], Answer | None]
ANSWERS: Mapping[str, Check] = {
    "guides": answer_guides,
    "forms": answer_forms,
    "catalogue": answer_catalogue,
    "search": answer_search,
    "policy_search": answer_search,
    "progress": answer_progress,
}


def answer_duties(case: Case, duties: Sequence[Duty]) -> tuple[DutyRow, ...]:
    """How does every duty of this subject stand?

    A duty without a check yet has no row, nor has one that its check finds nothing to ask of.
    """
    answered = [
        (duty, _answer(case, duty, ANSWERS[duty.about]))
        for duty in duties
        if duty.about in ANSWERS and duty.applies_to(case.subject)
    ]
    return tuple(DutyRow(case.subject, duty, answer) for duty, answer in answered if answer)


def _answer(case: Case, duty: Duty, check: Check) -> Answer | None:
    answer = check(case, duty)
    if answer is not None and (reason := exemption(case.subject, case.as_of)):
        return Answer(DutyState.EXEMPT, reason)
    return answer
