"""How does a site stand under the veto “服务不实用” (国办秘函〔2019〕19号 W6)?"""

from __future__ import annotations

from collections.abc import Sequence

from checks.guides import GuidesAnswer
from checks.owed import DutyRow
from checks.verdicts import DutyState, Judgement, Verdict

SERVICE = "service"
WITH_ITEMS = frozenset({Verdict.OK, Verdict.DUE_SOON, Verdict.OVERDUE, Verdict.UNDATED})
Standing = tuple[bool | None, bool | None, bool | None]


def services_standing(columns: Sequence[Judgement], duties: Sequence[DutyRow]) -> Standing:
    """Are W6a (no services), W6b (many poor guides), W6c (few, and all poor) hit? None: unknown.

    `columns` are the judgements and `duties` the duty rows of one site. A sample can prove W6b
    and disprove W6c; the opposite is only known when every guide of every column was looked at.
    A site without public-service function has nothing to ask: (None, None, None).
    """
    asked = [row for row in columns if row.subject.column_class == SERVICE and row.subject.services]
    guides = [row for row in duties if row.duty.about == "guides" and row.subject.services]
    return _without_services(asked), *_poor_guides(guides)


def _without_services(columns: Sequence[Judgement]) -> bool | None:
    verdicts = {row.verdict for row in columns}
    if verdicts & WITH_ITEMS:
        return False
    return True if verdicts == {Verdict.BLANK} else None


def _poor_guides(rows: Sequence[DutyRow]) -> tuple[bool | None, bool | None]:
    owed = [row for row in rows if row.state is not DutyState.EXEMPT]
    if not owed:
        return None, None
    least = owed[0].duty.numbers["guides_least"]
    answers = [row.answer for row in owed if isinstance(row.answer, GuidesAnswer)]
    poor = sum(len(each.faults) for each in answers)
    good = sum(each.good for each in answers)
    unclear = sum(len(each.doubts) + each.unlooked for each in answers)
    unseen = len(answers) < len(owed)
    if poor >= least:
        return True, False
    many = None if unseen or poor + unclear >= least else False
    if good:
        return many, False
    return many, True if poor and not unclear and not unseen else None
