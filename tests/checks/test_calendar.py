"""Working days are the State Council's; months are calendar months."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

import checks.calendar
from checks.calendar import (
    CalendarError,
    Deadline,
    Limit,
    WorkCalendar,
    WorkDays,
    days_until,
    last_good_day,
    load_calendar,
    months_before,
    read_plan,
)
from tests.checks.make import CALENDAR, day

ONE_DAY = timedelta(days=1)
FIVE = Limit(5, "working day")
SIX_MONTHS = Limit(6, "month")
NO_PLANS = WorkCalendar({})
PLAN_2027 = """
year = 2027
source = "synthetic"
off = [2027-01-01]
work = [2027-01-02]
"""


def every_day(first: date, last: date) -> list[date]:
    return [first + ONE_DAY * i for i in range((last - first).days + 1)]


# Known receipts and deadlines: what the State Council's plan says, and what Monday to Friday would.


@pytest.mark.parametrize(
    ("received", "deadline", "calendar_days", "naive"),
    [
        ("2020-01-22", "2020-02-06", 15, "2020-01-29"),
        ("2020-04-24", "2020-04-30", 6, "2020-05-01"),
        ("2020-09-30", "2020-10-14", 14, "2020-10-07"),
        ("2026-02-13", "2026-02-27", 14, "2026-02-20"),
        ("2026-02-14", "2026-02-28", 14, "2026-02-20"),
        ("2026-09-18", "2026-09-24", 6, "2026-09-25"),
        ("2026-09-24", "2026-10-09", 15, "2026-10-01"),
        ("2026-07-03", "2026-07-10", 7, "2026-07-10"),
    ],
)
def test_the_fifth_working_day_after_receipt(
    received: str, deadline: str, calendar_days: int, naive: str
) -> None:
    due = last_good_day(day(received), FIVE, CALENDAR)
    assert due == Deadline(day(deadline), provisional=False)
    assert (due.on - day(received)).days == calendar_days
    assert CALENDAR.working_days_between(day(received), due.on) == WorkDays(5, provisional=False)
    assert last_good_day(day(received), FIVE, NO_PLANS) == Deadline(day(naive), provisional=True)


def test_a_deadline_in_a_year_without_a_plan_is_provisional() -> None:
    due = last_good_day(day("2026-12-28"), FIVE, CALENDAR)
    assert due == Deadline(day("2027-01-05"), provisional=True)


def test_receipts_are_provisional_from_25_december_2026_on_and_not_a_day_earlier() -> None:
    assert last_good_day(day("2026-12-24"), FIVE, CALENDAR) == Deadline(
        day("2026-12-31"), provisional=False
    )
    for received in every_day(day("2026-12-25"), day("2027-12-31")):
        assert last_good_day(received, FIVE, CALENDAR).provisional, received


@pytest.mark.parametrize(
    ("year", "working_days"),
    [
        (2019, 250),
        (2020, 249),
        (2021, 250),
        (2022, 249),
        (2023, 249),
        (2024, 251),
        (2025, 248),
        (2026, 248),
    ],
)
def test_working_days_of_a_year(year: int, working_days: int) -> None:
    counted = CALENDAR.working_days_between(date(year - 1, 12, 31), date(year, 12, 31))
    assert counted == WorkDays(working_days, provisional=False)


# The plan of 2026, and who agrees with it


def test_the_official_plan_of_2026_to_the_day() -> None:
    spans = [
        ("01-01", "01-03"),
        ("02-15", "02-23"),
        ("04-04", "04-06"),
        ("05-01", "05-05"),
        ("06-19", "06-21"),
        ("09-25", "09-27"),
        ("10-01", "10-07"),
    ]
    off = {one for first, last in spans for one in every_day(day(first), day(last))}
    work = {day(on) for on in ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")}
    assert CALENDAR.plans[2026].off == off
    assert CALENDAR.plans[2026].work == work
    assert not any(CALENDAR.is_working_day(on) for on in off)
    assert all(CALENDAR.is_working_day(on) and on.weekday() >= 5 for on in work)


def test_our_file_of_2026_equals_the_package_on_every_day() -> None:
    path = Path(checks.calendar.__file__).parent / "holidays" / "cn-2026.toml"
    ours = WorkCalendar({2026: read_plan(path.read_text(encoding="utf-8"), path.name)})
    days = every_day(day("01-01"), day("12-31"))
    assert len(days) == 365
    for on in days:
        assert ours.is_working_day(on) == chinese_calendar.is_workday(on), on


def test_every_covered_day_agrees_with_the_package() -> None:
    assert sorted(CALENDAR.plans) == list(range(2004, 2027))
    for on in every_day(date(2004, 1, 1), date(2026, 12, 31)):
        assert CALENDAR.is_working_day(on) == chinese_calendar.is_workday(on), on
        assert CALENDAR.covers(on)


# Counting


def test_the_day_of_receipt_is_not_counted() -> None:
    assert CALENDAR.nth_working_day_after(day("07-03"), 1).on == day("07-06")


def test_a_letter_that_comes_on_a_rest_day_begins_on_the_next_working_day() -> None:
    assert last_good_day(day("07-04"), FIVE, CALENDAR).on == day("07-10")
    assert last_good_day(day("07-05"), FIVE, CALENDAR).on == day("07-10")


@pytest.mark.parametrize("n", [0, -1])
def test_a_limit_below_one_working_day_has_no_last_day(n: int) -> None:
    with pytest.raises(ValueError, match=f"{n} working days has no last day"):
        CALENDAR.nth_working_day_after(day("07-03"), n)


def test_working_days_lie_after_the_start_and_up_to_the_end() -> None:
    assert CALENDAR.working_days_between(day("07-03"), day("07-03")).count == 0
    assert CALENDAR.working_days_between(day("07-03"), day("07-06")).count == 1
    assert CALENDAR.working_days_between(day("07-10"), day("07-03")) == WorkDays(0, False)
    assert CALENDAR.working_days_between(day("12-31"), day("2027-01-01")) == WorkDays(0, True)


def test_counting_and_deadlines_agree_on_every_day_of_the_covered_years() -> None:
    for received in every_day(date(2019, 1, 1), date(2026, 12, 24)):
        due = last_good_day(received, FIVE, CALENDAR)
        assert CALENDAR.is_working_day(due.on)
        assert CALENDAR.working_days_between(received, due.on) == WorkDays(5, False), received


def test_beyond_the_plans_a_day_is_judged_by_the_week_and_never_called_certain() -> None:
    assert not CALENDAR.covers(day("2027-01-04"))
    assert not CALENDAR.is_working_day(day("2027-01-01"))  # a Friday
    assert CALENDAR.is_working_day(day("2027-01-04"))
    assert not CALENDAR.is_working_day(day("2027-01-09"))
    assert CALENDAR.nth_working_day_after(day("2027-03-01"), 1).provisional
    assert CALENDAR.working_days_between(day("2027-03-01"), day("2027-03-02")).provisional
    assert CALENDAR.nth_working_day_after(day("2003-12-30"), 1).provisional


def test_one_day_without_a_plan_on_the_way_makes_a_deadline_provisional() -> None:
    due = last_good_day(day("2003-12-29"), FIVE, CALENDAR)
    assert CALENDAR.covers(due.on)
    assert due == Deadline(day("2004-01-06"), provisional=True)


def test_a_warning_span_is_counted_in_its_own_unit() -> None:
    friday, tuesday = day("07-03"), day("07-07")
    assert days_until(tuesday, friday, "working day", CALENDAR) == 2
    assert days_until(tuesday, friday, "day", CALENDAR) == 4


# Months


@pytest.mark.parametrize(
    ("as_of", "months", "earlier"),
    [
        ("2020-08-31", 6, "2020-02-29"),
        ("2019-08-31", 6, "2019-02-28"),
        ("2020-08-30", 6, "2020-02-29"),
        ("2020-08-29", 6, "2020-02-29"),
        ("2020-08-28", 6, "2020-02-28"),
        ("2026-11-22", 6, "2026-05-22"),
        ("2026-05-31", 6, "2025-11-30"),
        ("2026-03-15", 3, "2025-12-15"),
        ("2026-01-31", 12, "2025-01-31"),
        ("2024-02-29", 12, "2023-02-28"),
    ],
)
def test_calendar_months_are_clamped_to_the_month_s_last_day(
    as_of: str, months: int, earlier: str
) -> None:
    assert months_before(day(as_of), months) == day(earlier)


def test_six_months_are_not_180_days() -> None:
    as_of = day("2020-08-31")
    assert as_of - timedelta(days=180) == day("2020-03-04")
    assert months_before(as_of, 6) == day("2020-02-29")


@pytest.mark.parametrize(
    ("newest", "due"),
    [
        ("2026-05-22", "2026-11-22"),
        ("2025-11-30", "2026-05-31"),
        ("2019-08-29", "2020-02-29"),
        ("2019-08-31", "2020-02-29"),
        ("2020-02-28", "2020-08-28"),
        ("2020-02-29", "2020-08-31"),
        ("2019-02-28", "2019-08-31"),
    ],
)
def test_the_last_good_day_of_six_months(newest: str, due: str) -> None:
    assert last_good_day(day(newest), SIX_MONTHS, CALENDAR) == Deadline(day(due), False)


@pytest.mark.parametrize("months", [1, 2, 3, 6, 12])
def test_the_last_good_day_is_the_last_on_which_the_update_is_not_too_old(months: int) -> None:
    """Late means `newest < as_of - months`; seven years hold two leap days and every edge."""
    limit = Limit(months, "month")
    for newest in every_day(date(2019, 1, 1), date(2025, 12, 31)):
        due = last_good_day(newest, limit, CALENDAR).on
        assert newest >= months_before(due, months), newest
        assert newest < months_before(due + ONE_DAY, months), newest


@pytest.mark.parametrize("months", [1, 2, 3, 6, 12])
def test_a_later_day_never_looks_back_less_far(months: int) -> None:
    days = every_day(date(2019, 1, 1), date(2025, 12, 31))
    back = [months_before(on, months) for on in days]
    assert back == sorted(back)


def test_two_weeks_are_fourteen_days_by_date_and_holidays_do_not_stop_them() -> None:
    assert last_good_day(day("09-25"), Limit(14, "day"), CALENDAR).on == day("10-09")


def test_updates_timed_by_working_days_may_be_provisional_too() -> None:
    assert last_good_day(day("12-30"), Limit(2, "working day"), CALENDAR).provisional
    assert not last_good_day(day("12-30"), Limit(60, "day"), CALENDAR).provisional


# Spans


@pytest.mark.parametrize(
    ("text", "limit", "chinese"),
    [
        ("14 days", Limit(14, "day"), "14天"),
        ("1 day", Limit(1, "day"), "1天"),
        ("2 weeks", Limit(14, "day"), "14天"),
        ("6 months", Limit(6, "month"), "6个月"),
        ("1 year", Limit(12, "month"), "12个月"),
        ("5 working days", Limit(5, "working day"), "5个工作日"),
        (" 1  working day ", Limit(1, "working day"), "1个工作日"),
    ],
)
def test_spans_are_read_as_the_rules_write_them(text: str, limit: Limit, chinese: str) -> None:
    assert Limit.parse(text) == limit
    assert limit.chinese == chinese
    assert Limit.parse(str(limit)) == limit


@pytest.mark.parametrize(
    "text", ["", "14", "days", "0 days", "-1 days", "1.5 days", "14 Days", "6 moons", "14天"]
)
def test_other_spans_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a span; expected such as '14 days'"):
        Limit.parse(text)


# Our own plans


def test_a_plan_of_our_own_ends_what_was_provisional(tmp_path: Path) -> None:
    (tmp_path / "cn-2027.toml").write_text(PLAN_2027, encoding="utf-8")
    calendar = load_calendar([tmp_path])
    assert calendar.last_year == 2027
    assert calendar.is_working_day(day("2027-01-02"))  # a Saturday
    assert last_good_day(day("2026-12-28"), FIVE, calendar) == Deadline(
        day("2027-01-04"), provisional=False
    )


def test_a_plan_of_our_own_wins_over_the_package_and_a_later_folder_over_an_earlier(
    tmp_path: Path,
) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder, off in zip(folders, ("2026-07-03", "2026-07-06"), strict=True):
        folder.mkdir()
        plan = f'year = 2026\nsource = "synthetic"\noff = [2026-01-01, {off}]\nwork = []\n'
        (folder / "cn-2026.toml").write_text(plan, encoding="utf-8")
    first, both = load_calendar(folders[:1]), load_calendar(folders)
    assert CALENDAR.is_working_day(day("07-03"))
    assert not first.is_working_day(day("07-03"))
    assert first.is_working_day(day("10-01"))  # the whole year is replaced, not added to
    assert both.is_working_day(day("07-03"))
    assert not both.is_working_day(day("07-06"))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("year = ", "not TOML"),
        ('year = 2027\nsource = "s"\noff = [2027-01-01]', "missing work"),
        ("off = [2027-01-01]\nwork = []", "missing source, year"),
        ('year = "2027"\nsource = "s"\noff = []\nwork = []', "year: '2027'"),
        ('year = 0\nsource = "s"\noff = []\nwork = []', "year: 0"),
        ('year = 2027\nsource = "s"\noff = 5\nwork = []', "off: 5; expected a list"),
        ('year = 2027\nsource = "s"\noff = ["2027-01-01"]\nwork = []', "off: '2027-01-01'"),
        ('year = 2027\nsource = "s"\noff = [2026-12-31]\nwork = []', "off: datetime.date(2026"),
        (
            'year = 2027\nsource = "s"\noff = [2027-01-01T00:00:00]\nwork = []',
            "off: datetime.datetime(2027",
        ),
        ('year = 2027\nsource = "s"\noff = [2027-01-01]\nwork = [2028-01-02]', "work: datetime"),
        ('year = 2027\nsource = "s"\noff = []\nwork = []', "off: 1 January is missing"),
        (
            'year = 2027\nsource = "s"\noff = [2027-01-01]\nwork = [2027-01-01]',
            "2027-01-01 is both off and work",
        ),
    ],
)
def test_a_bad_plan_stops_with_the_file_and_the_field(
    text: str, complaint: str, tmp_path: Path
) -> None:
    path = tmp_path / "cn-2027.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CalendarError) as raised:
        load_calendar([tmp_path])
    assert str(raised.value).startswith(f"{path}: {complaint}")


def test_a_plan_saved_in_another_encoding_stops_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "cn-2027.toml"
    path.write_bytes("year = 2027 # 放假".encode("gbk"))
    with pytest.raises(CalendarError, match="not UTF-8") as raised:
        load_calendar([tmp_path])
    assert str(path) in str(raised.value)


def test_the_calendar_s_version_names_its_last_year_and_every_day_in_it(tmp_path: Path) -> None:
    assert CALENDAR.version.startswith("cn-2026-")
    assert load_calendar().version == CALENDAR.version
    (tmp_path / "cn-2027.toml").write_text(PLAN_2027, encoding="utf-8")
    with_2027 = load_calendar([tmp_path])
    assert with_2027.version.startswith("cn-2027-")
    (tmp_path / "cn-2027.toml").write_text(PLAN_2027.replace("01-02]", "01-03]"), encoding="utf-8")
    assert load_calendar([tmp_path]).version != with_2027.version
