"""Digests wait for the next working instant: evenings, weekends, make-up days, holiday weeks."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from checks.calendar import load_calendar
from checks.freshness import SHANGHAI
from notify.hours import Quiet, next_opening
from notify.settings import MailSection

QUIET = Quiet(time(18), time(8, 30))
CALENDAR = load_calendar()


def opening(text: str, quiet: Quiet | None = QUIET) -> str:
    at = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    return f"{next_opening(at, quiet, CALENDAR).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        ("2026-11-25 08:29", "2026-11-25 08:30"),
        ("2026-11-25 08:30", "2026-11-25 08:30"),
        ("2026-11-25 17:59", "2026-11-25 17:59"),
        ("2026-11-25 18:00", "2026-11-26 08:30"),
        # Friday evening, Saturday, Sunday: Monday morning.
        ("2026-11-27 18:30", "2026-11-30 08:30"),
        ("2026-11-28 10:00", "2026-11-30 08:30"),
        ("2026-11-29 23:59", "2026-11-30 08:30"),
        # National Day 2026: Saturday 10 October is worked in its place, and so a working day.
        ("2026-09-30 19:00", "2026-10-08 08:30"),
        ("2026-10-03 12:00", "2026-10-08 08:30"),
        ("2026-10-09 18:00", "2026-10-10 08:30"),
        ("2026-10-10 10:00", "2026-10-10 10:00"),
        ("2026-10-10 18:00", "2026-10-12 08:30"),
        # No plan of 2031 is published: Monday to Friday, but 1 January (a Wednesday).
        ("2031-01-01 10:00", "2031-01-02 08:30"),
        ("2031-01-04 10:00", "2031-01-06 08:30"),
    ],
)
def test_what_can_wait_leaves_at_the_next_working_instant(at: str, leaves: str) -> None:
    assert opening(at) == leaves


def test_without_quiet_hours_everything_leaves_at_once() -> None:
    assert opening("2026-10-03 02:00", MailSection().quiet_hours) == "2026-10-03 02:00"


def test_quiet_hours_are_read_from_the_settings() -> None:
    assert MailSection(quiet="18:00-08:30").quiet_hours == QUIET


@pytest.mark.parametrize("text", ["18:00", "25:00-08:30", "08:30-18:00", "18:00-18:00", "1-2"])
def test_a_span_that_is_not_from_evening_to_morning_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="应为晚间到次日早晨的时段"):
        MailSection(quiet=text)
