"""What becomes of a fault: found once, reminded in turn, recovered, re-checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from checks.calendar import Limit
from checks.course import course_of
from checks.facts import LetterState, Outcome
from checks.freshness import local_day
from checks.judge import Bench
from checks.lifecycle import Event, EventKind, Fault, Finding, Key, State, Step, advance
from checks.subjects import Subject
from tests.checks.make import at, column, day, judged, letter, mailbox, seen, visit

NEWS = Key("haian", "news_2w", "column:c1")
UNSEEN = Key("operator", "unseen", "column:c1")
LETTER = Key("haian", "mailbox_5wd", "mailbox:m1", "L1")
DETECTED, REMINDED = EventKind.DETECTED, EventKind.REMINDED
RECOVERED, REOPENED, CLOSED = EventKind.RECOVERED, EventKind.REOPENED, EventKind.CLOSED


@dataclass
class Book:
    """The findings as a ledger would keep them: the latest of each fault, events appended."""

    findings: dict[Key, Finding] = field(default_factory=dict)
    opened: int = 0

    def write(self, steps: Sequence[Step], now: datetime) -> list[EventKind]:
        for step in steps:
            event = Event(step.kind, now, "xunjian", step.note)
            if step.finding is not None:
                events = (*step.finding.events, event)
                self.findings[step.finding.key] = replace(step.finding, events=events)
                continue
            assert step.fault is not None
            self.opened += 1
            fault = step.fault
            self.findings[fault.key] = Finding(
                self.opened,
                fault.key,
                fault.unit,
                local_day(now),
                fault.basis,
                fault.evidence,
                (event,),
                fault.over,
            )
        return [step.kind for step in steps]

    def run(self, bench: Bench, now: datetime) -> list[EventKind]:
        return self.write(advance(self.findings, bench.faults, bench.cleared, now), now)

    def hold(self, fault: Fault, now: datetime) -> list[EventKind]:
        return self.write(advance(self.findings, {fault.key: fault}, {}, now), now)

    def clear(self, key: Key, now: datetime) -> list[EventKind]:
        return self.write(advance(self.findings, {}, {key: "已恢复"}, now), now)

    def day(
        self, subject: Subject, on: str, outcome: Outcome, newest: str | None
    ) -> list[EventKind]:
        """One day of a subject: looked at, judged, written."""
        looks = [visit(on, outcome, newest if outcome is Outcome.OK else None)]
        if not outcome.seen:
            before = local_day(at(on) - timedelta(days=1))
            looks.insert(0, visit(str(before), Outcome.OK, newest))
        return self.run(judged(subject, seen(*looks), on), at(on))

    def letter_day(self, on: str, state: LetterState) -> list[EventKind]:
        return self.run(judged(mailbox(), seen(visit(on)), on, state), at(on))


def fault(remind: str | None = "7 days", **known: object) -> Fault:
    plain = Fault(NEWS, "u1", day("11-01"), "已超期", None, Limit.parse(remind) if remind else None)
    return replace(plain, **known)  # type: ignore[arg-type]


# Found


def test_a_fault_is_found_once_and_the_same_run_again_writes_nothing() -> None:
    book = Book()
    assert book.day(column(), "11-22", Outcome.OK, "11-01") == [DETECTED]
    finding = book.findings[NEWS]
    assert (finding.state, finding.unit, finding.opened_on) == (State.FOUND, "u1", day("11-22"))
    assert (finding.basis, finding.over) == (day("11-01"), False)
    assert book.day(column(), "11-22", Outcome.OK, "11-01") == []
    assert book.findings == {NEWS: finding}


def test_what_is_in_order_from_the_start_writes_nothing() -> None:
    assert Book().day(column(), "11-22", Outcome.OK, "11-20") == []


# Reminded


@pytest.mark.parametrize(
    ("on", "written"),
    [("11-23", []), ("11-28", []), ("11-29", [REMINDED]), ("12-15", [REMINDED])],
)
def test_a_reminder_comes_after_seven_days_and_not_before(
    on: str, written: list[EventKind]
) -> None:
    book = Book()
    book.hold(fault(), at("11-22", 23))
    assert book.hold(fault(), at(on, 0)) == written
    assert book.findings[NEWS].state is State.FOUND


def test_reminders_are_spaced_from_the_last_event() -> None:
    book = Book()
    days = [at("11-22") + timedelta(days=n) for n in range(22)]
    written = {str(local_day(now)): book.hold(fault(), now) for now in days}
    assert {on: kinds for on, kinds in written.items() if kinds} == {
        "2026-11-22": [DETECTED],
        "2026-11-29": [REMINDED],
        "2026-12-06": [REMINDED],
        "2026-12-13": [REMINDED],
    }


def test_a_rule_without_a_span_never_reminds() -> None:
    book = Book()
    book.hold(fault(remind=None), at("11-22"))
    assert book.hold(fault(remind=None), at("2027-11-22")) == []


# Recovered, reopened


def test_a_recovery_goes_to_re_check_and_never_straight_to_closed() -> None:
    book = Book()
    book.day(column(), "11-22", Outcome.OK, "11-01")
    assert book.day(column(), "11-23", Outcome.OK, "11-23") == [RECOVERED]
    assert book.findings[NEWS].state is State.RECHECK
    assert book.findings[NEWS].state.is_open
    assert book.day(column(), "11-24", Outcome.OK, "11-23") == []


def test_a_fault_that_comes_back_during_re_check_is_reopened_as_the_same_finding() -> None:
    book = Book()
    book.day(column(), "11-22", Outcome.OK, "11-01")
    book.day(column(), "11-23", Outcome.OK, "11-23")
    assert book.day(column(), "11-24", Outcome.OK, "11-01") == [REOPENED]
    assert (book.findings[NEWS].state, book.opened) == (State.FOUND, 1)
    assert book.day(column(), "11-24", Outcome.OK, "11-01") == []
    assert book.day(column(), "11-25", Outcome.OK, "11-25") == [RECOVERED]


def test_the_way_a_column_goes_to_exempt_clears_its_finding() -> None:
    book = Book()
    book.day(column(), "11-22", Outcome.OK, "11-01")
    exempt = column(exempt_until=day("12-31"), exempt_reason="栏目改版")
    assert book.day(exempt, "11-23", Outcome.OK, "11-01") == [RECOVERED]


# Unknown


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if not outcome.seen])
def test_a_day_on_which_nothing_was_seen_leaves_a_finding_as_it_is(outcome: Outcome) -> None:
    book = Book()
    book.day(column(), "11-22", Outcome.OK, "11-01")
    before = book.findings[NEWS]
    assert book.day(column(), "11-23", outcome, "11-01") == []
    assert book.day(column(), "11-30", outcome, "11-01") == []
    assert book.findings == {NEWS: before}


def test_unknown_keeps_a_recovery_in_re_check() -> None:
    book = Book()
    book.day(column(), "11-22", Outcome.OK, "11-01")
    book.day(column(), "11-23", Outcome.OK, "11-23")
    assert book.day(column(), "11-24", Outcome.BLOCKED, "11-23") == []
    assert book.findings[NEWS].state is State.RECHECK


# Letters


def test_an_overdue_letter_that_is_answered_late_recovers_and_is_not_found_again() -> None:
    book = Book()
    assert book.letter_day("11-20", letter("11-12", seen_on="11-20")) == [DETECTED]
    answered = letter("11-12", "11-21", seen_on="11-21")
    assert book.letter_day("11-21", answered) == [RECOVERED]
    assert (book.findings[LETTER].state, book.findings[LETTER].over) == (State.RECHECK, False)
    for on in ("11-22", "11-23", "12-22"):
        assert book.letter_day(on, answered) == []
    assert book.opened == 1


def test_a_late_answer_is_found_once_and_never_again_nor_reminded() -> None:
    book = Book()
    answered = letter("11-05", "11-20", seen_on="11-22")
    assert book.letter_day("11-22", answered) == [DETECTED]
    finding = book.findings[LETTER]
    assert (finding.over, finding.state, finding.basis) == (True, State.FOUND, day("11-12"))
    for on in ("11-22", "11-23", "12-22", "2027-01-04", "2027-06-01"):
        assert book.letter_day(on, answered) == []
    assert book.findings == {LETTER: finding}


def test_a_late_answer_from_before_the_lookback_is_history() -> None:
    book = Book()
    assert book.letter_day("11-25", letter("08-17", "08-25", seen_on="11-25")) == []
    assert book.findings == {}


def test_a_letter_answered_long_after_its_due_day_ends_its_finding_all_the_same() -> None:
    book = Book()
    book.letter_day("06-10", letter("06-01", seen_on="06-10"))
    assert book.findings[LETTER].basis == day("06-08")
    answered = letter("06-01", "11-20", seen_on="11-22")
    assert book.letter_day("11-22", answered) == [RECOVERED]
    assert book.letter_day("11-23", answered) == []


def test_a_late_answer_that_a_corrected_page_shows_to_be_in_time_goes_to_re_check() -> None:
    book = Book()
    book.letter_day("11-22", letter("11-05", "11-20"))
    assert book.letter_day("11-23", letter("11-05", "11-12", seen_on="11-23")) == [RECOVERED]
    assert book.findings[LETTER].state is State.RECHECK


def test_two_letters_of_one_mailbox_are_two_findings() -> None:
    book = Book()
    states = [letter("11-12", ref="L1"), letter("11-11", ref="L2")]
    bench = judged(mailbox(), seen(visit("11-22")), "11-22", *states)
    assert book.run(bench, at("11-22")) == [DETECTED, DETECTED]
    assert [key.letter for key in book.findings] == ["L1", "L2"]


# The operator's own findings


def test_an_operator_s_finding_closes_by_itself_and_a_new_outage_is_a_new_finding() -> None:
    book = Book()
    good, blocked = visit("11-10", Outcome.OK, "11-10"), Outcome.BLOCKED
    assert book.run(
        judged(column(), seen(good, visit("11-14", blocked)), "11-14"), at("11-14")
    ) == [DETECTED]
    assert (book.findings[UNSEEN].unit, book.findings[UNSEEN].state) == (None, State.FOUND)
    assert (
        book.run(judged(column(), seen(good, visit("11-20", blocked)), "11-20"), at("11-20")) == []
    )
    assert book.run(
        judged(column(), seen(good, visit("11-21", blocked)), "11-21"), at("11-21")
    ) == [REMINDED]
    assert book.day(column(), "11-22", Outcome.OK, "11-22") == [CLOSED]
    assert book.findings[UNSEEN].state is State.CLOSED
    assert book.day(column(), "11-23", Outcome.OK, "11-22") == []
    again = seen(visit("11-23", Outcome.OK, "11-22"), visit("11-27", blocked))
    assert book.run(judged(column(), again, "11-27"), at("11-27")) == [DETECTED]
    assert book.opened == 2


# The fold


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ([], State.FOUND),
        ([DETECTED], State.FOUND),
        ([DETECTED, REMINDED, REMINDED], State.FOUND),
        ([DETECTED, RECOVERED], State.RECHECK),
        ([DETECTED, RECOVERED, REOPENED], State.FOUND),
        ([DETECTED, RECOVERED, REOPENED, REMINDED], State.FOUND),
        ([DETECTED, RECOVERED, REOPENED, RECOVERED], State.RECHECK),
        ([DETECTED, CLOSED], State.CLOSED),
    ],
)
def test_the_state_follows_from_the_events(kinds: list[EventKind], state: State) -> None:
    events = [Event(kind, at("11-22"), "xunjian", "") for kind in kinds]
    assert course_of(events).state is state


def test_eight_states_are_open_and_three_are_not() -> None:
    ended = {state for state in State if not state.is_open}
    assert ended == {State.CLOSED, State.DISMISSED, State.WAIVED}
    assert len(State) == 11


def test_a_key_that_nothing_was_said_of_today_writes_nothing() -> None:
    book = Book()
    book.hold(fault(), at("11-22"))
    assert advance(book.findings, {}, {}, at("12-22")) == ()


def test_clearing_what_was_never_found_writes_nothing() -> None:
    assert Book().clear(NEWS, at("11-22")) == []
