"""Which duties are met? Each family of duties is answered by a function of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from checks import accounts
from checks.blanks import answer_blank
from checks.catalogues import answer_catalogue
from checks.channel import answer_channel
from checks.dead_links import dead_links
from checks.duty_table import ABOUT, Duty
from checks.flags import answer_back_dated, answer_burst, answer_marks, answer_repost
from checks.freshness import excused, exemption
from checks.guides import answer_forms, answer_guides
from checks.owed import Answer, Case, DutyRow
from checks.page_answers import answer_domain, answer_form, answer_links, answer_pages
from checks.searching import answer_progress, answer_search
from checks.transport import ipv6_address, tls_valid
from checks.unreachable import unreachable
from checks.verdicts import DutyState

Check = Callable[[Case, Duty], Answer | None]
ANSWERS: Mapping[str, Check] = {
    "mark": answer_pages,
    "tag": answer_pages,
    "code": answer_pages,
    "links": answer_links,
    "form": answer_form,
    "domain": answer_domain,
    "channel": answer_channel,
    "duplicate": accounts.duplicate,
    "renamed": accounts.renamed,
    "reopened": accounts.reopened,
    "interactive": accounts.interactive,
    "availability": unreachable,
    "tls": tls_valid,
    "ipv6": ipv6_address,
    "dead_links": dead_links,
    "blank": answer_blank,
    "guides": answer_guides,
    "forms": answer_forms,
    "catalogue": answer_catalogue,
    "search": answer_search,
    "policy_search": answer_search,
    "progress": answer_progress,
    "back_dated": answer_back_dated,
    "burst": answer_burst,
    "repost": answer_repost,
    "wording": answer_marks,
    "leader": answer_marks,
    "identity": answer_marks,
    "mobile": answer_marks,
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
    why_not = excused if ABOUT[duty.about].of_closed else exemption
    answer = check(case, duty)
    if answer is not None and (reason := why_not(case.subject, case.as_of)):
        return Answer(DutyState.EXEMPT, reason)
    return answer
