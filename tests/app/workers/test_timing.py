"""When is a subject looked at again?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from app.workers.section import WorkersSection
from app.workers.timing import JITTER, after, pressing, within
from checks.subjects import Subject, SubjectKind
from checks.verdicts import Judgement, Verdict
from storage.ledger import Due, Look

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # 10:00 in Asia/Shanghai
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
DUE = Due("column:news", 3, "portal", AT)


def waited(due: Due, *looks: Look, every: timedelta = DAY) -> float:
    """The hours to the next look after the last of these, jitter apart."""
    for look in looks:
        due = after(due, look, every, None)
    hours = (due.at - looks[-1].at) / HOUR
    return min((0.5, 1, 2, 4, 8, 12, 16, 24, 36, 48), key=lambda usual: abs(usual - hours))


def days(count: int, *, seen: bool = True, unchanged: bool = False) -> list[Look]:
    return [Look(AT + number * DAY, seen, unchanged) for number in range(count)]


def test_a_subject_that_was_seen_is_looked_at_again_a_day_later() -> None:
    assert waited(DUE, Look(AT, seen=True)) == 24


@pytest.mark.parametrize(
    ("missed", "hours"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 24), (60, 24)]
)
def test_what_could_not_be_seen_is_tried_again_after_an_hour_then_two_then_four_up_to_a_day(
    missed: int, hours: int
) -> None:
    assert waited(DUE, *days(missed, seen=False)) == hours


def test_one_good_look_ends_the_row_of_misses() -> None:
    looks = days(3, seen=False)
    assert waited(DUE, *looks, Look(AT + 4 * DAY, seen=True)) == 24


@pytest.mark.parametrize(("same", "hours"), [(2, 24), (3, 36), (6, 36), (7, 48), (90, 48)])
def test_a_page_that_stays_the_same_is_looked_at_less_often(same: int, hours: int) -> None:
    assert waited(DUE, *days(same, unchanged=True)) == hours


def test_a_change_brings_the_daily_look_back() -> None:
    looks = days(9, unchanged=True)
    assert waited(DUE, *looks, Look(AT + 10 * DAY, seen=True)) == 24


def test_near_its_limit_a_subject_is_looked_at_twice_as_often_however_long_it_stayed_the_same() -> (
    None
):
    near = Due("column:news", 3, "portal", AT, pressing=True)
    assert waited(near, *days(9, unchanged=True)) == 12


def test_a_look_that_was_taken_into_account_is_never_counted_again() -> None:
    once = after(DUE, Look(AT, seen=False), DAY, None)
    assert after(once, Look(AT, seen=False), DAY, None) is once
    assert after(once, Look(AT - HOUR, seen=True), DAY, None) is once


def test_what_was_found_together_spreads_out_and_the_same_way_each_time() -> None:
    many = [Due(f"column:{n}", 0, None, AT) for n in range(200)]
    times = sorted(after(due, Look(AT, seen=True), DAY, None).at for due in many)
    assert times == sorted(after(due, Look(AT, seen=True), DAY, None).at for due in many)
    assert AT + DAY * (1 - JITTER / 2) <= times[0] < times[-1] <= AT + DAY * (1 + JITTER / 2)
    assert max(later - earlier for earlier, later in pairwise(times)) < HOUR / 4


def test_the_longest_wait_leaves_the_office_no_day_of_which_nothing_can_be_said() -> None:
    """Pack operator, row unseen: three days. A site open for an hour a day loses one more."""
    slowest = WorkersSection(every_hours=24).every * 2 * (1 + JITTER / 2)
    assert slowest + 23 * HOUR < timedelta(days=4) - DAY / 24


@pytest.mark.parametrize(
    ("hours", "at", "opens"),
    [
        (None, (20, 2, 0), (20, 2, 0)),
        ("22:00-06:00", (20, 2, 0), (20, 14, 0)),  # 10:00 waits for 22:00
        ("22:00-06:00", (20, 13, 59), (20, 14, 0)),
        ("22:00-06:00", (20, 14, 0), (20, 14, 0)),
        ("22:00-06:00", (20, 21, 59), (20, 21, 59)),  # 05:59 is inside
        ("22:00-06:00", (20, 22, 0), (21, 14, 0)),  # 06:00 is over
        ("01:00-05:00", (20, 2, 0), (20, 17, 0)),  # 10:00 waits for the next day's 01:00
        ("01:00-05:00", (20, 17, 30), (20, 17, 30)),
    ],
)
def test_a_site_with_hours_of_its_own_is_visited_within_them(
    hours: str | None, at: tuple[int, int, int], opens: tuple[int, int, int]
) -> None:
    def november(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 11, day, hour, minute, tzinfo=UTC)

    assert within(november(*at), hours) == november(*opens)


def judged(key: str, verdict: Verdict, over: int | None = None) -> Judgement:
    subject = Subject(SubjectKind.COLUMN, key, key, "zfb")
    return Judgement(subject, "news_2w", "haian", verdict, days_over=over)


def test_due_soon_and_just_overdue_press_and_what_has_been_late_for_long_does_not() -> None:
    rows = [
        judged("fresh", Verdict.OK),
        judged("soon", Verdict.DUE_SOON),
        judged("late", Verdict.OVERDUE, 7),
        judged("long", Verdict.OVERDUE, 8),
        judged("unseen", Verdict.UNKNOWN),
    ]
    assert pressing(rows, ()) == {"column:soon", "column:late"}
