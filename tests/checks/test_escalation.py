"""A demand past its day goes up by age in working days, and stops where it is answered."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from checks.calendar import WorkCalendar, load_calendar
from checks.escalation import BUNDLED, EscalationError, Rung, overdue_days, reached, read_rungs
from checks.freshness import SHANGHAI
from checks.lifecycle import Event, EventKind, Finding, Key

DUE = date(2026, 9, 29)
CALENDAR = load_calendar()


def finding(*more: EventKind) -> Finding:
    kinds = (EventKind.DETECTED, EventKind.CONFIRMED, EventKind.NOTIFIED, *more)
    at = datetime(2026, 9, 15, 9, tzinfo=SHANGHAI)
    until = {EventKind.NOTIFIED: DUE, EventKind.WAIVED: date(2027, 1, 1)}
    events = tuple(Event(kind, at, "x", "x", until=until.get(kind)) for kind in kinds)
    return Finding(1, Key("haian", "r", "column:c"), "u", date(2026, 9, 14), None, None, events)


@pytest.mark.parametrize(
    ("day", "days"),
    [
        (date(2026, 9, 29), None),
        (date(2026, 9, 30), 1),
        # National Day counts nothing; Saturday 10 October does, by the State Council's plan.
        (date(2026, 10, 7), 1),
        (date(2026, 10, 9), 3),
        (date(2026, 10, 10), 4),
        (date(2026, 10, 11), 4),
        (date(2026, 10, 12), 5),
    ],
)
def test_age_is_counted_in_working_days_after_the_last_good_day(
    day: date, days: int | None
) -> None:
    assert overdue_days(finding(), day, CALENDAR) == days


@pytest.mark.parametrize(
    "kind",
    [
        EventKind.REPORTED,
        EventKind.APPEALED,
        EventKind.CLOSED,
        EventKind.WAIVED,
        EventKind.DISMISSED,
        EventKind.RECOVERED,
    ],
)
def test_what_is_answered_appealed_or_settled_goes_up_no_further(kind: EventKind) -> None:
    assert overdue_days(finding(kind), date(2026, 10, 20), CALENDAR) is None


def test_where_the_year_has_no_plan_the_age_is_not_known() -> None:
    assert overdue_days(finding(), date(2026, 10, 20), WorkCalendar({})) is None


def test_the_bundled_steps_tell_the_leader_after_five_working_days() -> None:
    rungs = read_rungs(BUNDLED.read_text(encoding="utf-8"), "x")
    assert rungs == (Rung("leader", 5),)
    assert (reached(rungs, 4), reached(rungs, 5)) == ([], [Rung("leader", 5)])


def test_every_fault_of_a_file_is_named() -> None:
    text = 'x = 1\n[[step]]\nto = "mayor"\nafter = "5"\n[[step]]\nto = "unit"\n'
    with pytest.raises(EscalationError) as caught:
        read_rungs(text, "f")
    assert str(caught.value).split("\n") == [
        "f：x：未知字段",
        "f：第1个 to：'mayor'，应为 unit|office|leader",
        "f：第1个 after：'5'，应为工作日数，如 5",
        "f：第2个 [[step]]：应有且只有 to 和 after",
    ]
