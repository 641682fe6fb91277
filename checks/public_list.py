"""Does a mailbox publish? The newest letter of its public list (国办秘函〔2019〕19号: 留言公开).

The list as a whole is judged here; whether each letter was answered in time is `checks.replies`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from checks.calendar import Limit, WorkCalendar
from checks.facts import History, LetterState, Outcome
from checks.freshness import Moment, judge_freshness, local_day
from checks.rules import Rule
from checks.subjects import Subject
from checks.verdicts import Judgement, Verdict


def judge_public_list(
    mailbox: Subject,
    rule: Rule,
    letters: Sequence[LetterState],
    history: History,
    moment: Moment,
    calendar: WorkCalendar,
    allowance: Limit,
) -> Judgement:
    """Is the newest public letter young enough? `letters` are all that the list ever showed.

    A letter is published between its receipt and its answer, so the later day counts. A list
    that is empty, or shows no day, accuses nobody: a person looks.
    """
    good = history.good
    newest = max((day for state in letters for day in _days(state)), default=None)
    if good is not None:
        empty = good.outcome is Outcome.EMPTY
        shown = replace(
            good,
            outcome=Outcome.OK,
            newest=None if empty else newest,
            item_count=0,
            unresolved=good.unresolved + _undated(letters, newest),
        )
        history = replace(history, good=shown)
    row = judge_freshness(mailbox, rule, history, moment, calendar, allowance)
    if row.verdict is not Verdict.UNKNOWN or row.newest is not None or not _seen(history):
        return row
    why = "公开列表为空" if row.outcome is Outcome.EMPTY else "公开列表未标明日期"
    return replace(row, reason=f"{why}，请人工核查，不作判定")


def _days(state: LetterState) -> list[date]:
    """The days of a letter that lie no later than the look that showed them."""
    letter, seen = state.letter, local_day(state.seen_at)
    days = (letter.received_on, letter.accepted_on, letter.replied_on)
    return [day for day in days if day is not None and day <= seen]


def _undated(letters: Sequence[LetterState], newest: date | None) -> int:
    """How many letters without any day may be younger: first seen after the newest day?"""
    return sum(
        not _days(state) and (newest is None or local_day(state.first_seen_at) > newest)
        for state in letters
    )


def _seen(history: History) -> bool:
    return history.last is not None and history.last.outcome.seen
