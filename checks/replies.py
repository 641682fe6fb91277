"""Was a letter answered in time? (2020 年报: 5个工作日; 民法典 201, 203: receipt not counted)

The receipt is the day of submission where the page shows it, else of acceptance; a mailbox
with `clock = "accepted"` starts at acceptance. Nothing provisional is ever held against a unit.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from checks.calendar import (
    Deadline,
    Limit,
    days_until,
    months_before,
)
from checks.facts import History, Letter, LetterState, Method, Outcome
from checks.freshness import METHOD_WORDS, Moment, judge_plain, local_day
from checks.letter_clock import Clock
from checks.letter_words import is_answered, is_declined, unclear
from checks.verdicts import Judgement, LetterJudgement, LetterVerdict, Verdict

SOURCE_WORDS = {Method.CRAWL: "页面", Method.EXPORT: "导出表", Method.MANUAL: "人工登记"}


class _Stands(NamedTuple):
    """How one letter stands. One value a letter: a county has many thousands of them."""

    verdict: LetterVerdict
    reason: str
    due: Deadline | None = None
    working_days: int | None = None
    near: bool = False


def judge_letter(
    clock: Clock, state: LetterState, moment: Moment, unseen: str | None = None
) -> LetterJudgement:
    """How does this letter stand on the day judged? On time means reply day <= due, inclusive.

    `unseen` says why the mailbox could not be looked at today: an open letter past its due
    day may have been answered meanwhile, and stays `waiting`.
    """
    letter, stands = state.letter, _stands(clock, state, moment, unseen)
    return LetterJudgement(
        mailbox=clock.mailbox,
        letter=letter,
        unit=clock.units.get(letter.unit or "", clock.mailbox.unit),
        rule=clock.rule.id,
        pack=clock.rule.pack,
        verdict=stands.verdict,
        due=stands.due.on if stands.due else None,
        working_days=stands.working_days,
        provisional=stands.due is not None and stands.due.provisional,
        reason=stands.reason,
        near=stands.near,
        method=state.method,
    )


def _stands(clock: Clock, state: LetterState, moment: Moment, unseen: str | None) -> _Stands:
    letter, source = state.letter, SOURCE_WORDS[state.method]
    start = clock.receipt(letter)
    declined = f"状态为“{letter.status}”，不计时限" if is_declined(letter) else None
    if start is None and declined:
        return _Stands(LetterVerdict.ANSWERED_IN_TIME, declined)
    if start is None:
        word = LetterVerdict.ANSWERED_IN_TIME if is_answered(letter) else LetterVerdict.WAITING
        return _Stands(word, f"{source}未标明来信日期，不作判定")
    due = clock.due(letter, start)
    if letter.replied_on is not None:
        return _answered(clock, state, start, letter.replied_on, due)
    if declined:
        return _Stands(LetterVerdict.ANSWERED_IN_TIME, declined, due)
    if is_answered(letter):
        shown = f"状态为“{letter.status}”" if letter.status else "已公开答复"
        why = f"{shown}，{source}未标明答复日期，不作超期认定"
        return _Stands(LetterVerdict.ANSWERED_IN_TIME, why, due)
    unseen = unclear(letter) or unseen
    if unseen is None and not moment.projected and seen_day(state) <= due.on:
        brought = state.method.brought
        unseen = f"{source}只反映到{seen_day(state)}" if brought else "到期之后尚未查看"
    return _open(clock, state, start, due, moment.as_of, unseen)


def seen_day(state: LetterState) -> date:
    """Up to which day does the sighting of this letter show how it stood?"""
    return state.shown_to or local_day(state.seen_at)


def unlooked(state: LetterState, history: History) -> str | None:
    """Why may this letter have been answered unseen? None when the last look showed it.

    A letter that left the list, or whose page could not be opened, keeps its earlier sighting.
    """
    missed = history.last is not None and state.seen_at < history.last.observed_at
    return "最近一次查看信箱时未能看到此信" if missed else None


def _answered(
    clock: Clock, state: LetterState, start: date, replied: date, due: Deadline
) -> _Stands:
    source, seen = SOURCE_WORDS[state.method], seen_day(state)
    if replied < start:
        why = f"{source}所示答复日期{replied}早于来信日期{start}，请核对，不作超期认定"
        return _Stands(LetterVerdict.ANSWERED_IN_TIME, why, due, 0)
    if replied > seen:
        why = f"{source}所示答复日期{replied}晚于查看日期{seen}，请核对，不作超期认定"
        return _Stands(LetterVerdict.ANSWERED_IN_TIME, why, due)
    spent, taken = clock.span(state.letter, start, replied)
    facts = f"{_timed(clock, state, start, due)}，答复{replied}，用时{taken}"
    if replied <= due.on and not due.provisional:
        return _Stands(LetterVerdict.ANSWERED_IN_TIME, facts, due, spent)
    if due.provisional:
        why = f"{facts}；期限所在年份的放假安排尚未公布，期限为暂定"
        return _Stands(LetterVerdict.PROVISIONAL, why, due, spent)
    # A reply on a rest day right after the due day is late by the calendar, by 0 working days.
    why = f"{facts}，超期{clock.span(state.letter, due.on, replied)[1]}"
    return _Stands(LetterVerdict.ANSWERED_LATE, why, due, spent)


def _timed(clock: Clock, state: LetterState, start: date, due: Deadline) -> str:
    """Receipt and deadline, with the category or the extension where one of them set it."""
    letter, method = state.letter, state.method
    own = dict(clock.mailbox.categories).get(letter.category) if letter.category else None
    by = f"（{letter.category}类）" if own and clock.binds_locally else ""
    if clock.binds_locally and letter.extended_to == due.on:
        by = f"（经批准延期，{letter.extension}）"
    told = f"据{METHOD_WORDS[method]}，" if method.brought else ""
    return f"{told}来信{start}，答复期限{due.on}{by}"


def _open(
    clock: Clock,
    state: LetterState,
    start: date,
    due: Deadline,
    as_of: date,
    unseen: str | None,
) -> _Stands:
    spent = clock.calendar.working_days_between(start, as_of).count
    facts = f"{_timed(clock, state, start, due)}，至{as_of}未见答复"
    if due.provisional and as_of >= start:
        why = f"{facts}；期限所在年份的放假安排尚未公布，期限为暂定"
        return _Stands(LetterVerdict.PROVISIONAL, why, due, spent)
    if as_of <= due.on:
        warn = clock.rule.warn
        near = warn is not None and (days_until(due.on, as_of, warn.unit, clock.calendar) <= warn.n)
        why = f"{facts}，还剩{clock.span(state.letter, as_of, due.on)[1]}"
        return _Stands(LetterVerdict.WAITING, why, due, spent, near)
    if unseen is not None:
        return _Stands(LetterVerdict.WAITING, f"{facts}；{unseen}，不作判定", due, spent)
    why = f"{facts}，已超期{clock.span(state.letter, due.on, as_of)[1]}"
    return _Stands(LetterVerdict.OVERDUE, why, due, spent)


def judge_mailbox(
    clock: Clock,
    letters: tuple[LetterJudgement, ...],
    history: History,
    moment: Moment,
    allowance: Limit,
) -> Judgement:
    """How does the mailbox stand? Overdue while any open letter is past its due day.

    `newest` is the latest receipt; `due`, `days_over` and `days_left` speak of the open
    letter that is worst off.
    """
    base = replace(
        judge_plain(clock.mailbox, history, moment, allowance),
        rule=clock.rule.id,
        pack=clock.rule.pack,
    )
    received = [
        day for row in letters if (day := clock.receipt(row.letter)) and day <= moment.as_of
    ]
    base = replace(base, newest=max(received, default=base.newest))
    if base.verdict is Verdict.UNDATED and received:
        base = replace(base, verdict=Verdict.OK)
    if base.verdict is Verdict.UNDATED:
        return replace(base, verdict=Verdict.UNKNOWN, reason="来信均未标明日期，不作判定")
    if base.verdict is not Verdict.OK:
        return base
    if not letters and base.outcome is Outcome.EMPTY:
        return replace(base, reason="信箱内没有来信")
    still_open = sorted(
        (
            row
            for row in letters
            if row.verdict in (LetterVerdict.OVERDUE, LetterVerdict.WAITING)
            and is_within(row.letter, moment.as_of, clock.rule.within)
        ),
        key=lambda row: row.due or date.max,
    )
    late = [row for row in still_open if row.verdict is LetterVerdict.OVERDUE]
    if late:
        over = max((moment.as_of - row.due).days for row in late if row.due)
        why = f"{len(late)}封来信逾期未答复；最久者：{late[0].reason}"
        return replace(base, verdict=Verdict.OVERDUE, due=late[0].due, days_over=over, reason=why)
    near = [row for row in still_open if row.near]
    unsure = [row for row in still_open if row.due and row.due < moment.as_of]
    missed = history.last.unresolved if history.last else 0
    if not near and unsure:
        return replace(base, verdict=Verdict.UNKNOWN, reason=unsure[0].reason)
    if not near and missed:
        why = f"另有{missed}封来信未能查看，不作判定"
        return replace(base, verdict=Verdict.UNKNOWN, reason=why)
    worst = next((row for row in still_open if row.due and row.due >= moment.as_of), None)
    if worst is None or worst.due is None:
        return replace(base, reason=f"没有临期或逾期的来信；待答复{len(still_open)}封")
    return replace(
        base,
        verdict=Verdict.DUE_SOON if near else Verdict.OK,
        due=worst.due,
        days_left=(worst.due - moment.as_of).days,
        reason=f"待答复{len(still_open)}封，其中临期{len(near)}封；最近者：{worst.reason}",
    )


def is_within(letter: Letter, as_of: date, within: Limit | None) -> bool:
    """Was the letter received within this span of months, so that it still counts?

    The first day counts. A letter without a day of receipt may have come within it.
    """
    received = letter.received_on or letter.accepted_on
    if received is None or within is None:
        return True
    return received >= months_before(as_of, within.n)


def is_recent(row: LetterJudgement, as_of: date, lookback: Limit | None) -> bool:
    """May a late answer still open a finding, or is it history from before the watch?"""
    if row.due is None or lookback is None:
        return True
    if lookback.unit == "month":
        return row.due >= months_before(as_of, lookback.n)
    return (as_of - row.due).days <= lookback.n
