"""A period is a year, a quarter, a month or an ISO week; stretches that touch are one."""

from __future__ import annotations

import pytest

from checks.periods import Days, joined, read_period
from tests.checks.make import day


def days(first: str, last: str) -> Days:
    return Days(day(first), day(last))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026Q1", "2026-01-01", "2026-03-31"),
        ("2026Q4", "2026-10-01", "2026-12-31"),
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2100-02", "2100-02-01", "2100-02-28"),
        ("2026W47", "2026-11-16", "2026-11-22"),
        ("2026W53", "2026-12-28", "2027-01-03"),
        ("2026W01", "2025-12-29", "2026-01-04"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_period_runs_from_its_first_to_its_last_day(text: str, first: str, last: str) -> None:
    assert read_period(text) == days(first, last)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026Q5", "is not a period; expected such as '2026'"),
        ("2026-1", "is not a period"),
        ("2026-11-03", "is not a period"),
        ("２０２６", "is not a period"),
        ("0000", "is not a period"),
        ("", "is not a period"),
        ("2026-13", "there is no month 13"),
        ("2026-00", "there is no month 00"),
        ("2027W53", "the year 2027 has no week 53"),
        ("2026-W47", "is not a week; expected such as '2026W47'"),
    ],
)
def test_what_is_no_period_is_refused_with_its_fault(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_period(text)


def test_a_leap_year_has_366_days() -> None:
    assert (read_period("2024").count, read_period("2026").count) == (366, 365)


def test_both_ends_belong_to_the_days() -> None:
    week = read_period("2026W47")
    assert (week.first in week, week.last in week) == (True, True)
    assert (day("11-15") in week, day("11-23") in week) == (False, False)


def test_days_in_common_include_the_day_they_share() -> None:
    assert days("11-01", "11-10").common(days("11-10", "11-20")) == days("11-10", "11-10")
    assert days("11-01", "11-10").common(days("11-11", "11-20")) is None


def test_no_days_are_no_period() -> None:
    with pytest.raises(ValueError, match="are none"):
        days("11-02", "11-01")


def test_stretches_that_touch_or_overlap_are_one_and_a_day_between_parts_them() -> None:
    november = days("11-01", "11-05"), days("11-06", "11-08"), days("11-10", "11-20")
    assert joined([november[2], november[0], november[1]]) == (
        days("11-01", "11-08"),
        days("11-10", "11-20"),
    )
    assert joined([days("11-01", "11-20"), days("11-03", "11-04")]) == (days("11-01", "11-20"),)
    assert joined([]) == ()
