"""A menu entry that shows another column's list stands as that column stands, and counts nowhere.

(国办秘函〔2019〕19号 leaves redirected entries open; that they inherit is our reading.)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from checks.freshness import exemption
from checks.subjects import Subject
from checks.verdicts import Judgement, Verdict


def inherited(row: Judgement, entry: Subject, as_of: date) -> Judgement:
    """The judgement of the column shown, as that of the entry which leads to it.

    An exemption of the entry itself comes before.
    """
    of = row.subject
    own = replace(row, subject=entry, inherits=of.key)
    if reason := exemption(replace(entry, redirect_to=None), as_of):
        return replace(own, verdict=Verdict.EXEMPT, days_over=None, days_left=None, reason=reason)
    return replace(own, reason=f"沿用“{of.name}”的判定：{row.reason}")
