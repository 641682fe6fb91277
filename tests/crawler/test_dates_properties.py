"""What holds of the date parser for every day, every way of writing it and any text at all."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.dates import full_dates, instant_day, partial_dates, relative_day, url_date
from tests.hang import no_hang

SHANGHAI = timezone(timedelta(hours=8))
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
WEB_DAYS = st.dates(date(1995, 1, 1), date(2099, 12, 31))
TIMES = st.times()
NUMERALS = "〇一二三四五六七八九"
# What dates are made of, so that random text comes close to one all the time.
BAIT = st.text("0012289-/.年月日号 :：T一二〇十廿元[]（）２０６－\u200b第至", max_size=120)
ANY_TEXT = st.one_of(BAIT, st.text(max_size=200))

Form = Callable[[date], str]


def wide(text: str) -> str:
    return "".join([chr(ord(char) + 0xFEE0) if char in "0123456789-/" else char for char in text])


def counted(number: int) -> str:
    tens, units = divmod(number, 10)
    return ("", "十", "二十", "三十")[tens] + (NUMERALS[units] if units else "")


def in_numerals(day: date, zero: str = "〇") -> str:
    year = "".join([NUMERALS[int(digit)] for digit in f"{day.year}"]).replace("〇", zero)
    return f"{year}年{counted(day.month)}月{counted(day.day)}日"


FORMS: dict[str, Form] = {
    "ISO": lambda day: day.isoformat(),
    "bare": lambda day: f"{day.year}-{day.month}-{day.day}",
    "slashes": lambda day: f"{day:%Y/%m/%d}",
    "bare slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "dots": lambda day: f"{day:%Y.%m.%d}",
    "bare dots": lambda day: f"{day.year}.{day.month}.{day.day}",
    "words": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "padded words": lambda day: f"{day:%Y年%m月%d日}",
    "words with 号": lambda day: f"{day.year}年{day.month}月{day.day}号",
    "spaced words": lambda day: f"{day.year} 年 {day.month} 月 {day.day} 日",
    "words with hard blanks": lambda day: f"{day.year}\xa0年{day.month}\u3000月{day.day}\xa0日",
    "spaced dashes": lambda day: f"{day.year} - {day.month:02} - {day.day:02}",
    "full width": lambda day: wide(day.isoformat()),
    "full width slashes": lambda day: wide(f"{day:%Y/%m/%d}"),
    "full width words": lambda day: wide(f"{day.year}年{day.month}月{day.day}日"),
    "zero width inside": lambda day: f"{day.year}\u200b-{day.month:02}\ufeff-{day.day:02}",
    "minus signs": lambda day: f"{day.year}−{day.month:02}−{day.day:02}",
    "dashes": lambda day: f"{day.year}–{day.month:02}–{day.day:02}",
    "numerals": in_numerals,
    "numerals with ○": lambda day: in_numerals(day, "○"),
    "numerals with 零": lambda day: in_numerals(day, "零"),
    "numerals with Ｏ": lambda day: in_numerals(day, "Ｏ"),
    "numerals with 0": lambda day: in_numerals(day, "0"),
    "numerals with 廿": lambda day: in_numerals(day).replace("月二十", "月廿"),
    "numerals with 元月": lambda day: in_numerals(day).replace("年一月", "年元月"),
}
DIGIT_FORMS = [name for name in FORMS if not name.startswith("numerals")]


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40)
@given(DAYS, st.sampled_from(["", "发布时间：", "来源：示例市水务局 ", "【", "\u200b时间: ", "于"]))
def test_every_day_is_read_from_every_form_and_cut_out_of_the_text(
    form: str, day: date, before: str
) -> None:
    written = FORMS[form](day)
    text = f"{before}{written} 来源：示例"
    (found,) = full_dates(text)
    assert found.on == day
    assert found.text == text[found.start : found.end] == written


@pytest.mark.parametrize("form", DIGIT_FORMS)
@settings(max_examples=40)
@given(
    DAYS, TIMES, st.sampled_from([" {:%H:%M}", " {:%H:%M:%S}", "\u3000{:%H∶%M}", " 上午{:%H:%M}"])
)
def test_a_clock_time_never_changes_the_day(form: str, day: date, at: time, clock: str) -> None:
    text = FORMS[form](day) + clock.format(at)
    (found,) = full_dates(text)
    assert (found.on, found.timed, found.text) == (day, True, text)


@given(
    DAYS, TIMES, st.sampled_from(["{:%Y-%m-%dT%H:%M:%SZ}", "{0.year}-{0.month}-{0.day}T{0:%H:%M}Z"])
)
def test_a_moment_in_utc_lies_on_its_day_in_shanghai(day: date, at: time, form: str) -> None:
    moment = datetime.combine(day, at, UTC)
    (found,) = full_dates(form.format(moment))
    assert found.on == moment.astimezone(SHANGHAI).date()


@given(st.integers(1900, 2099), st.integers(1, 12), st.integers(1, 60))
def test_a_day_the_calendar_does_not_have_is_none(year: int, month: int, over: int) -> None:
    day = monthrange(year, month)[1] + over
    numerals = "".join([NUMERALS[int(digit)] for digit in str(year)])
    for written in (
        f"{year}-{month:02}-{day}",
        f"{year}/{month}/{day} 10:30",
        f"{year}.{month}.{day}",
        f"{year}年{month}月{day}日",
        wide(f"{year}年{month:02}月{day}日"),
        f"{numerals}年{counted(month)}月{counted(day)}日" if day < 40 else "",
    ):
        assert full_dates(written) == []
        assert instant_day(written) is None


@given(DAYS, st.sampled_from("-/."))
def test_no_month_above_twelve_and_no_zero_makes_a_day(day: date, mark: str) -> None:
    for month, number in ((13, day.day), (0, day.day), (day.month, 0)):
        assert full_dates(f"{day.year}{mark}{month:02}{mark}{number:02}") == []
        assert full_dates(f"{day.year}年{month}月{number}日") == []


@given(DAYS, st.sampled_from(["{:%m-%d}", "[{:%m-%d}]", "{:%m/%d}", "({:%m/%d})", "{:%m月%d日}"]))
def test_a_month_and_a_day_never_get_a_year(day: date, form: str) -> None:
    written = form.format(day)
    assert full_dates(written) == []
    assert instant_day(written) is None
    (part,) = partial_dates(written)
    assert (part.year, part.month, part.day) == (None, day.month, day.day)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from("-/"))
def test_a_two_digit_year_counts_only_alone_or_in_brackets(day: date, mark: str) -> None:
    short = f"{day:%y}{mark}{day:%m}{mark}{day:%d}"
    assert [found.on for found in full_dates(short)] == [day]
    assert [found.on for found in full_dates(f"关于示例的通知 [{short}]")] == [day]
    assert full_dates(f"编码{short}号") == full_dates(f"关于 {short} 的通知") == []


@pytest.mark.parametrize(
    "text",
    [
        "二十六年一月五日",
        "民国二十六年一月五日",
        "农历二〇二六年正月初五",
        "二〇二六年腊月廿三",
        "二〇二六年二月三十日",
        "0000-00-00",
        "0000年00月00日",
        "null",
        "0",
        "",
    ],
)
def test_old_and_lunar_calendars_and_empty_values_are_no_day(text: str) -> None:
    assert full_dates(text) == []
    assert instant_day(text) is None


@given(ANY_TEXT)
def test_found_days_stand_in_order_without_overlap_and_between_1900_and_2099(text: str) -> None:
    found = full_dates(text)
    for each in found:
        assert each.text == text[each.start : each.end] != ""
        assert 1900 <= each.on.year <= 2099
    assert all(first.end <= second.start for first, second in pairwise(found))


@given(ANY_TEXT)
def test_a_piece_of_a_date_never_lies_in_a_whole_one_and_never_names_both_ends(text: str) -> None:
    whole = full_dates(text)
    for part in partial_dates(text):
        assert part.text == text[part.start : part.end]
        assert part.year is None or part.day is None
        assert all(part.end <= each.start or each.end <= part.start for each in whole)


@given(st.one_of(ANY_TEXT, st.integers(), st.floats()), st.dates(date(2000, 1, 1)))
def test_no_value_makes_a_reader_fail_or_leave_the_two_centuries(
    value: str | int | float, today: date
) -> None:
    text = str(value)
    days = [instant_day(value), url_date(text), url_date(f"https://www.example.gov.cn/{text}")]
    assert all(1900 <= day.year <= 2099 for day in days if day is not None)
    said = relative_day(text, today)
    assert said is None or said <= today


MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2099, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS)
def test_an_epoch_in_seconds_or_milliseconds_lies_on_its_day_in_shanghai(moment: datetime) -> None:
    seconds = int(moment.timestamp())
    day = moment.astimezone(SHANGHAI).date()
    for value in (seconds, str(seconds), float(seconds), seconds * 1000, f"{seconds * 1000}"):
        assert instant_day(value) == day


@given(MOMENTS, st.integers(-12, 14))
def test_a_moment_with_a_zone_lies_on_its_day_in_shanghai(moment: datetime, hours: int) -> None:
    day = moment.astimezone(SHANGHAI).date()
    local = moment.astimezone(timezone(timedelta(hours=hours))).replace(microsecond=0)
    assert instant_day(local.isoformat()) == day
    assert instant_day(local.isoformat(" ")) == day
    assert instant_day(format_datetime(local)) == day


@given(WEB_DAYS, TIMES)
def test_a_clock_of_twelve_hours_stays_on_its_day(day: date, at: time) -> None:
    for half in ("AM", "PM", "am"):
        assert instant_day(f"{day} {at:%I:%M} {half}") == day
        assert instant_day(f"{day} {at:%I:%M:%S} {half}") == day
    for half in ("上午", "下午"):
        assert instant_day(f"{day.year}年{day.month}月{day.day}日 {half}{at:%I:%M}") == day
        assert instant_day(f"{day} {half} {at:%I:%M}") == day


@given(WEB_DAYS, TIMES)
def test_a_time_without_a_zone_is_local_and_stays_on_its_day(day: date, at: time) -> None:
    for form in ("{:%Y-%m-%d %H:%M:%S}", "{:%Y-%m-%dT%H:%M:%S}", "{:%Y%m%d%H%M%S}", "{:%Y%m%d}"):
        assert instant_day(form.format(datetime.combine(day, at))) == day


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00", "0001-01-01", "1753-01-01", "9999-12-31"])
def test_the_least_and_the_greatest_value_of_a_database_are_no_day(value: str) -> None:
    assert instant_day(value) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 400))
def test_a_number_of_days_ago_is_counted_back(today: date, number: int) -> None:
    assert relative_day(f"{number}天前", today) == today - timedelta(days=number)
    assert relative_day(f"{number} 小时前", today) == today - timedelta(days=number // 24)
    assert relative_day(f"{number}分钟前", today) == today
    assert relative_day(f"截至{number}天前", today) is None


@given(WEB_DAYS, st.integers(1, 10**9))
def test_an_address_names_its_day_in_its_path_only(day: date, number: int) -> None:
    host = "https://www.example.gov.cn"
    for path in (
        f"/zwgk/{day:%Y%m}/t{day:%Y%m%d}_{number}.html",
        f"/art/{day.year}/{day.month}/{day.day}/art_1_{number}.html",
        f"/{day:%Y-%m-%d}/{number}.shtml",
        f"/{day:%Y%m}/{day:%d}/{number}.html",
        f"/n1/{day:%Y/%m%d}/c{number}.html",
    ):
        assert url_date(host + path) == day
    assert url_date(f"{host}/content.html?from=/{day:%Y/%m/%d}/") is None
    assert url_date(f"{host}/content/post_{number}.html") is None


@settings(max_examples=40, deadline=None)
@given(st.text("0129-/. 年月日:一二〇十廿[]（\u200bT", min_size=1, max_size=10))
def test_any_piece_repeated_to_a_hundred_kilobytes_is_read_to_an_end(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    with no_hang(60):
        full_dates(text)
        partial_dates(text)
        url_date(text)
        instant_day(text)
        relative_day(text, date(2026, 11, 22))
