"""How far the rectification of a finding has come follows from its events alone."""

from __future__ import annotations

from datetime import date

import pytest

from checks.course import Course, Event, EventKind, State, course_of
from tests.checks.make import at, day

K = EventKind
FOUND = (K.DETECTED, "03-02", None)
CONFIRMED = (K.CONFIRMED, "03-03", None)
NOTIFIED = (K.NOTIFIED, "03-04", "03-18")
RECTIFYING = (K.RECTIFYING, "03-05", None)
REPORTED = (K.REPORTED, "03-10", None)
RECHECKED = (K.RECHECKED, "03-11", None)
FAILED = (K.FAILED, "03-12", None)
URGED = (K.URGED, "03-13", "03-27")
RECOVERED = (K.RECOVERED, "03-09", None)
REOPENED = (K.REOPENED, "03-20", None)
LAPSED = (K.LAPSED, "03-19", None)
Told = tuple[EventKind, str, str | None]


def course(*events: Told) -> Course:
    made = [
        Event(kind, at(on), "示例", "", until=day(until) if until else None)
        for kind, on, until in events
    ]
    return course_of(made)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([FOUND], State.FOUND),
        ([FOUND, CONFIRMED], State.CONFIRMED),
        ([FOUND, CONFIRMED, NOTIFIED], State.NOTIFIED),
        ([FOUND, CONFIRMED, NOTIFIED, RECTIFYING], State.RECTIFYING),
        ([FOUND, CONFIRMED, NOTIFIED, RECTIFYING, LAPSED], State.RECTIFYING),
        ([FOUND, CONFIRMED, NOTIFIED, RECTIFYING, REPORTED], State.REPORTED),
        ([FOUND, CONFIRMED, NOTIFIED, RECTIFYING, REPORTED, RECHECKED], State.RECHECK),
        ([FOUND, CONFIRMED, NOTIFIED, REPORTED, RECHECKED, FAILED], State.FAILED),
        ([FOUND, CONFIRMED, NOTIFIED, REPORTED, RECHECKED, FAILED, URGED], State.URGED),
        ([FOUND, CONFIRMED, NOTIFIED, RECOVERED], State.RECHECK),
        ([FOUND, CONFIRMED, NOTIFIED, RECOVERED, REPORTED], State.RECHECK),
        ([FOUND, RECOVERED, CONFIRMED], State.RECHECK),
        ([FOUND, RECOVERED, CONFIRMED, REOPENED], State.CONFIRMED),
        ([FOUND, RECOVERED, REOPENED], State.FOUND),
        ([FOUND, CONFIRMED, NOTIFIED, RECOVERED, REOPENED], State.FAILED),
        ([FOUND, (K.WAIVED, "03-03", "04-01")], State.WAIVED),
        ([FOUND, (K.WAIVED, "03-03", "04-01"), (K.RESUMED, "04-02", None)], State.FOUND),
        (
            [FOUND, CONFIRMED, (K.WAIVED, "03-03", "04-01"), (K.RESUMED, "04-02", None)],
            State.CONFIRMED,
        ),
        ([FOUND, (K.WAIVED, "03-03", "03-08"), RECOVERED], State.RECHECK),
        ([FOUND, (K.DISMISSED, "03-03", None)], State.DISMISSED),
        ([FOUND, (K.DISMISSED, "03-03", None), RECOVERED], State.DISMISSED),
        ([FOUND, RECOVERED, (K.CLOSED, "03-10", None)], State.CLOSED),
        ([FOUND, RECOVERED, (K.CLOSED, "03-10", None), (K.APPEALED, "03-11", None)], State.CLOSED),
    ],
)
def test_the_state_follows_from_the_events(events: list[Told], state: State) -> None:
    assert course(*events).state is state


def test_the_days_are_those_on_which_it_came_there() -> None:
    told = course(FOUND, CONFIRMED, NOTIFIED, RECTIFYING, REPORTED, RECHECKED)
    assert told == Course(
        State.RECHECK,
        confirmed_on=day("03-03"),
        notified_on=day("03-04"),
        due=day("03-18"),
        reported_on=day("03-10"),
    )


def test_an_event_late_in_the_evening_belongs_to_that_day_in_shanghai() -> None:
    told = course_of([Event(K.CONFIRMED, at("03-03", 23), "示例", "")])
    assert told.confirmed_on == date(2026, 3, 3)


def test_a_new_demand_sets_a_new_deadline_and_asks_for_a_new_report() -> None:
    before = course(FOUND, CONFIRMED, NOTIFIED, REPORTED, RECHECKED, FAILED)
    assert (before.due, before.reported_on, before.failed_on) == (
        day("03-18"),
        day("03-10"),
        day("03-12"),
    )
    told = course(FOUND, CONFIRMED, NOTIFIED, REPORTED, RECHECKED, FAILED, URGED)
    assert (told.due, told.reported_on, told.urged_on) == (day("03-27"), None, (day("03-13"),))
    assert told.notified_on == day("03-04")
    twice = course(FOUND, CONFIRMED, NOTIFIED, LAPSED, URGED, (K.URGED, "03-28", "04-11"))
    assert (twice.due, twice.lapsed) == (day("04-11"), False)
    assert twice.urged_on == (day("03-13"), day("03-28"))


def test_what_came_back_is_no_longer_recovered() -> None:
    assert course(FOUND, RECOVERED).recovered_on == day("03-09")
    assert course(FOUND, RECOVERED, REOPENED).recovered_on is None
    assert course(FOUND, CONFIRMED, NOTIFIED, RECOVERED, FAILED).recovered_on is None


APPEALED = (K.APPEALED, "03-06", None)


def test_an_open_appeal_leaves_the_state_and_a_rejection_resumes_the_clock() -> None:
    told = course(FOUND, CONFIRMED, NOTIFIED, RECTIFYING, APPEALED)
    assert (told.state, told.appealed, told.appealed_on) == (State.RECTIFYING, True, day("03-06"))
    after = course(FOUND, CONFIRMED, NOTIFIED, RECTIFYING, APPEALED, (K.REJECTED, "03-09", "03-23"))
    assert (after.state, after.appealed, after.due) == (State.RECTIFYING, False, day("03-23"))
    before_notice = course(FOUND, CONFIRMED, APPEALED, (K.REJECTED, "03-09", None))
    assert (before_notice.state, before_notice.due) == (State.CONFIRMED, None)


def test_an_appeal_that_is_upheld_ends_with_the_finding() -> None:
    told = course(FOUND, CONFIRMED, NOTIFIED, APPEALED, (K.DISMISSED, "03-09", "06-09"))
    assert (told.state, told.appealed, told.dismissed_on, told.dismissed_until) == (
        State.DISMISSED,
        False,
        day("03-09"),
        day("06-09"),
    )


def test_a_waiver_that_has_ended_is_no_longer_one() -> None:
    waived = course(FOUND, (K.WAIVED, "03-03", "04-01"))
    assert waived.waived_until == day("04-01")
    assert course(FOUND, (K.WAIVED, "03-03", "04-01"), (K.RESUMED, "04-02", None)) == Course()


def test_seven_kinds_of_events_are_the_system_s_and_the_others_a_person_s() -> None:
    assert {kind for kind in K if not kind.by_person} == {
        K.DETECTED,
        K.REMINDED,
        K.RECOVERED,
        K.REOPENED,
        K.RECTIFYING,
        K.LAPSED,
        K.RESUMED,
    }
