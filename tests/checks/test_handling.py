"""What a person may do to a finding in each of its states, and what is said where they may not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from checks.course import Event, EventKind, State
from checks.handling import STATE_WORDS, Action, refusal
from checks.lifecycle import Finding, Key
from tests.checks.make import at, day

K, A, S = EventKind, Action, State
TODAY = day("03-10")
DUE = "03-18"
Told = tuple[EventKind, str, str | None]
FOUND: list[Told] = [(K.DETECTED, "03-02", None)]
CONFIRMED = [*FOUND, (K.CONFIRMED, "03-03", None)]
NOTIFIED = [*CONFIRMED, (K.NOTIFIED, "03-04", DUE)]
REPORTED = [*NOTIFIED, (K.REPORTED, "03-08", None)]
RECHECK = [*REPORTED, (K.RECHECKED, "03-09", None)]
FAILED = [*RECHECK, (K.FAILED, "03-09", None)]
WAYS: dict[State, list[Told]] = {
    S.FOUND: FOUND,
    S.CONFIRMED: CONFIRMED,
    S.NOTIFIED: NOTIFIED,
    S.RECTIFYING: [*NOTIFIED, (K.RECTIFYING, "03-05", None)],
    S.REPORTED: REPORTED,
    S.RECHECK: RECHECK,
    S.FAILED: FAILED,
    S.URGED: [*FAILED, (K.URGED, "03-09", "03-23")],
    S.CLOSED: [*RECHECK, (K.CLOSED, "03-09", None)],
    S.DISMISSED: [*NOTIFIED, (K.DISMISSED, "03-09", None)],
    S.WAIVED: [*NOTIFIED, (K.WAIVED, "03-09", "06-01")],
}
OPEN = [state for state in S if state.is_open]
DEMANDED = [S.NOTIFIED, S.RECTIFYING, S.FAILED, S.URGED]
# From which states each step may be taken, on the way above.
MAY: dict[Action, list[State]] = {
    A.CONFIRM: [S.FOUND],
    A.DISMISS: OPEN,
    A.NOTICE: [S.CONFIRMED],
    A.REPORT_BACK: [*DEMANDED, S.REPORTED, S.RECHECK],
    A.RECHECK: [*DEMANDED, S.REPORTED],
    A.FAIL: [S.REPORTED, S.RECHECK],
    A.URGE: [S.FAILED],
    A.CLOSE: [S.RECHECK],
    A.WAIVE: [*OPEN, S.WAIVED],
    A.APPEAL: [*OPEN, S.CLOSED],
    A.REJECT: [],
}
NOT_NOTIFIED = {
    A.REPORT_BACK: "尚未下发整改通知，不能登记整改反馈",
    A.RECHECK: "尚未下发整改通知，不能转入复查",
    A.FAIL: "尚未下发整改通知，不能认定复查未通过",
    A.URGE: "尚未下发整改通知，不能通报督办",
}
WORDS = {
    A.DISMISS: "不能认定误报；对已销号的问题，须先登记申诉",
    A.NOTICE: "须先确认且未曾下发，方可下发整改通知",
    A.REPORT_BACK: "不能登记反馈",
    A.RECHECK: "不能转入复查",
    A.FAIL: "须先转入复查",
    A.URGE: "复查未通过，或整改期限已过，方可通报督办",
    A.CLOSE: "须经复查方可销号，请先用 findings recheck",
    A.WAIVE: "不能豁免",
    A.APPEAL: "没有可申诉的认定",
    A.REJECT: "没有待答复的申诉",
}


def finding(events: Sequence[Told], pack: str = "haian", over: bool = False) -> Finding:
    made = tuple(
        Event(kind, at(on), "示例", "", until=day(until) if until else None)
        for kind, on, until in events
    )
    key = Key(pack, "news_2w", "column:c1")
    return Finding(7, key, "u1", day("03-02"), day("02-01"), None, made, over=over)


def expected(action: Action, state: State) -> str | None:
    if state in MAY[action]:
        return None
    if action is A.CONFIRM:
        why = "已于2026-03-03确认"
    elif action in NOT_NOTIFIED and state in (S.FOUND, S.CONFIRMED):
        why = NOT_NOTIFIED[action]
    else:
        why = WORDS[action]
    return f"现为“{STATE_WORDS[state]}”，{why}"


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("action", list(A))
def test_each_step_in_each_state(action: Action, state: State) -> None:
    found = finding(WAYS[state])
    assert found.state is state
    assert refusal(action, found, TODAY) == expected(action, state)


@pytest.mark.parametrize("action", list(A))
def test_an_open_appeal_is_answered_before_anything_else(action: Action) -> None:
    found = finding([*WAYS[S.RECTIFYING], (K.APPEALED, "03-09", None)])
    answer = "申诉尚未答复，请先用 findings appeal --reject 或 findings dismiss 答复"
    may = action in (A.DISMISS, A.REJECT, A.REPORT_BACK)
    assert refusal(action, found, TODAY) == (None if may else answer)


def test_an_appeal_against_a_closed_finding_may_be_upheld() -> None:
    found = finding([*WAYS[S.CLOSED], (K.APPEALED, "03-10", None)])
    assert refusal(A.DISMISS, found, TODAY) is None
    assert refusal(A.REJECT, found, TODAY) is None


@pytest.mark.parametrize("action", list(A))
def test_the_operator_s_own_findings_are_nobody_s_to_handle(action: Action) -> None:
    words = "是运维事项，不计入单位，由系统自动销号"
    assert refusal(action, finding(FOUND, pack="operator"), TODAY) == words


@pytest.mark.parametrize(("today", "may"), [("03-17", False), ("03-18", False), ("03-19", True)])
@pytest.mark.parametrize("state", [S.NOTIFIED, S.RECTIFYING])
def test_a_unit_is_urged_without_re_check_once_the_deadline_has_passed(
    state: State, today: str, may: bool
) -> None:
    assert (refusal(A.URGE, finding(WAYS[state]), day(today)) is None) is may


def test_a_unit_that_was_urged_is_urged_again_after_the_new_deadline() -> None:
    found = finding(WAYS[S.URGED])
    assert refusal(A.URGE, found, day("03-23")) is not None
    assert refusal(A.URGE, found, day("03-24")) is None


def test_what_reported_after_the_deadline_is_re_checked_and_not_urged() -> None:
    words = "现为“已反馈”，复查未通过，或整改期限已过，方可通报督办"
    assert refusal(A.URGE, finding(REPORTED), day("04-01")) == words


@pytest.mark.parametrize(
    ("events", "may"),
    [(FOUND, False), (CONFIRMED, True), (NOTIFIED, False), (REPORTED, True), (RECHECK, True)],
)
def test_of_what_had_ended_when_found_nothing_is_left_to_see_again(
    events: list[Told], may: bool
) -> None:
    assert (refusal(A.CLOSE, finding(events, over=True), TODAY) is None) is may


def test_a_recovery_that_nobody_had_confirmed_may_still_be_confirmed() -> None:
    found = finding([*FOUND, (K.RECOVERED, "03-09", None)])
    assert refusal(A.CONFIRM, found, TODAY) is None
    assert refusal(A.CLOSE, found, TODAY) is None
