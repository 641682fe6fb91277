"""Dates as public pages write them, and the digits beside them that are none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import full_dates, instant_day, partial_dates, relative_day, url_date
from tests.hang import no_hang

FIFTH_OF_JUNE = date(2024, 6, 5)
TODAY = date(2026, 11, 22)


def days(text: str) -> list[str]:
    return [found.on.isoformat() for found in full_dates(text)]


@pytest.mark.parametrize(
    "text",
    [
        "2024-6-5",
        "2024/06/05",
        "2024.6.5",
        "2024年06月05日",
        "2024年6月5号",
        "2024 年 6 月 5 日",
        "2024 - 06 - 05",
        "２０２４－０６－０５",
        "２０２４年６月５日",
        "二〇二四年六月五日",
        "二○二四年六月五日",
        "二Ｏ二四年六月五日",
        "2024\u200b-06-\ufeff05",
        "2024\xa0年\u30006\xa0月5日",
        "2024-06-05 10:30",
        "2024-06-05 10:30:15.0",
        "2024年06月05日 09时32分",
        "2024-06-05 10∶08",
        "2024-06-05 星期三 上午 9:30",
        "2024-06-05T10:30:00+08:00",
        "2024-06-04T17:40:00Z",
        "24-06-05",
        "[24-06-05]",
        "（24/6/5）",
        "发布时间：2024-06-05来源：市政府办",
        "Date2024-06-05",
        "标题 [2024-06-05] 更多",
    ],
)
def test_every_spelling_of_the_fifth_of_june_is_that_day(text: str) -> None:
    assert [found.on for found in full_dates(text)] == [FIFTH_OF_JUNE]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-02-30",
        "2023年2月29日",
        "2024-13-01",
        "12024-06-05",
        "2024-06-051",
        "2024-06-05-12",
        "v2024.6.5",
        "版本 1.2024.6.5",
        "电话：2024-06-05",
        "0513-2024-06-05",
        "编号：2024-06-05",
        "http://www.example.gov.cn/2024/06/05/t1.html",
        "2024-06-05_1.doc",
        "例政发〔2024〕6号",
        "2024年6月5家企业",
        "2024年6月",
        "06-05",
        "标题 24-06-05 更多",
        "24.6.5",
        "20240605",
        "3024-06-05",
        "一九年六月五日",
    ],
)
def test_numbers_codes_and_impossible_days_are_no_dates(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024.6.5-2024.6.8", ["2024-06-05", "2024-06-08"]),
        ("2024-6-5-2024-6-8", ["2024-06-05", "2024-06-08"]),
        ("2024-06-05至2024-06-08", ["2024-06-05", "2024-06-08"]),
        ("2024-06-05 14:00-18:00", ["2024-06-05"]),
        ("2024年2月29日、二〇二六年十一月三十日", ["2024-02-29", "2026-11-30"]),
        ("二〇二六年十月二十一日；二〇一〇年元月廿五日", ["2026-10-21", "2010-01-25"]),
    ],
)
def test_several_dates_come_in_text_order(text: str, expected: list[str]) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "original", "timed"),
    [
        ("于２０２４年６月５日 １０∶０８发布", "２０２４年６月５日 １０∶０８", True),
        ("x 2024\u200b-06-05 y", "2024\u200b-06-05", False),
        ("（二〇二四年六月五日）", "二〇二四年六月五日", False),
        ("2024年6月5日 浏览", "2024年6月5日", False),
    ],
)
def test_the_original_writing_can_be_cut_out_of_the_text(
    text: str, original: str, timed: bool
) -> None:
    (found,) = full_dates(text)
    assert (found.text, text[found.start : found.end], found.timed) == (original, original, timed)


@given(st.dates(date(1949, 10, 1), date(2099, 12, 31)))
def test_a_day_written_in_any_numeric_form_is_read_back(day: date) -> None:
    for form in ("{0:%Y-%m-%d}", "{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日"):
        assert [found.on for found in full_dates(form.format(day))] == [day]


@given(st.text(max_size=300))
def test_no_text_makes_a_reader_of_dates_fail(text: str) -> None:
    spans = [(each.text, each.start, each.end) for each in full_dates(text)]
    spans += [(each.text, each.start, each.end) for each in partial_dates(text)]
    assert all(text[start:end] == original for original, start, end in spans)
    instant_day(text)
    url_date(text)
    relative_day(text, TODAY)


@pytest.mark.parametrize(
    ("text", "year", "month", "day", "alone"),
    [
        ("[12-17]", None, 12, 17, True),
        ("12-17", None, 12, 17, True),
        ("02/13", None, 2, 13, True),
        ("12月17日", None, 12, 17, True),
        ("12.06", None, 12, 6, True),
        ("02-29", None, 2, 29, True),
        ("2020-12", 2020, 12, None, True),
        ("2020年12月", 2020, 12, None, True),
        ("2023", 2023, None, None, True),
        ("(2023)", 2023, None, None, True),
        ("23", None, None, 23, True),
        ("31日", None, None, 31, True),
        ("12-17 10:30", None, 12, 17, False),
        ("会议定于12月17日举行", None, 12, 17, False),
    ],
)
def test_pieces_of_a_date_say_what_they_hold(
    text: str, year: int | None, month: int | None, day: int | None, alone: bool
) -> None:
    (part,) = partial_dates(text)
    assert (part.year, part.month, part.day, part.alone) == (year, month, day, alone)


@pytest.mark.parametrize(
    "text", ["", "2020-12-17", "第12-17页", "1.2", "13-40", "02-30", "32日", "10:30", "3-12个月"]
)
def test_whole_dates_and_other_digits_are_no_pieces(text: str) -> None:
    assert partial_dates(text) == []


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/zwgk/201912/t20191216_708077.html", date(2019, 12, 16)),
        ("/art/2024/6/5/art_1_2.html", FIFTH_OF_JUNE),
        ("/2024/06/05/1.html", FIFTH_OF_JUNE),
        ("/2024-06/05/content_1.htm", FIFTH_OF_JUNE),
        ("/jyxx/003001/20240605/685a.html", FIFTH_OF_JUNE),
        ("/n1/2024/0605/c1-1.html", FIFTH_OF_JUNE),
        ("/202406/05/1.html", FIFTH_OF_JUNE),
        ("/202409/t18993630.shtml", None),
        ("/content/post_20240605.html", None),
        ("/col/col20241399/index.html", None),
        ("/info/1029/17616.htm?d=/2024/06/05/", None),
        ("/19000101/1.html", None),
        ("/2024/06/1.html", None),
    ],
)
def test_an_address_gives_a_day_only_in_whole_path_pieces(path: str, day: date | None) -> None:
    assert url_date(f"https://www.example.gov.cn{path}") == day


def test_a_broken_address_has_no_day() -> None:
    assert url_date("http://[broken/2024/06/05/") is None


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (1717520400, FIFTH_OF_JUNE),
        (1717520400.5, FIFTH_OF_JUNE),
        ("1717520400", FIFTH_OF_JUNE),
        (1717520400000, FIFTH_OF_JUNE),
        ("Tue, 04 Jun 2024 17:40:00 GMT", FIFTH_OF_JUNE),
        ("Tue, 04 Jun 2024 15:40:00 GMT", date(2024, 6, 4)),
        ("Wed, 05 Jun 2024 01:40:00", FIFTH_OF_JUNE),
        ("Wed, 05 Jun 2024 01:40:00 +0800", FIFTH_OF_JUNE),
        ("Wed, 05 Jun 2024 23:40:00 CST", FIFTH_OF_JUNE),
        ("Tue, 04 Jun 2024 17:40:00 -0000", FIFTH_OF_JUNE),
        ("Wed Jun 05 17:12:54 +0800 2024", FIFTH_OF_JUNE),
        ("Wed Jun  5 23:12:54 CST 2024", FIFTH_OF_JUNE),
        ("2024-06-04T17:40:00Z", FIFTH_OF_JUNE),
        ("2024-06-04T17:40:00.123Z", FIFTH_OF_JUNE),
        ("2024-06-05T23:40:00+08:00", FIFTH_OF_JUNE),
        ("2024-06-05T23:40:00", FIFTH_OF_JUNE),
        ("2024-06-05 12:30:00 AM", FIFTH_OF_JUNE),
        ("2024-06-05", FIFTH_OF_JUNE),
        ("20240605", FIFTH_OF_JUNE),
        ("20240605103000", FIFTH_OF_JUNE),
        ("2024年6月5日", FIFTH_OF_JUNE),
        ("", None),
        ("null", None),
        ("0", None),
        (0, None),
        (-1, None),
        (1e300, None),
        ("nan", None),
        ("Mon, 99 Jun 2024 10:00:00 GMT", None),
        ("20241399", None),
    ],
)
def test_an_instant_lies_on_its_day_in_shanghai(value: str | float, day: date | None) -> None:
    assert instant_day(value) == day


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("刚刚", 0),
        ("3分钟前", 0),
        ("3 小时前", 0),
        ("30小时前", 1),
        ("今天 10:30", 0),
        ("昨天", 1),
        ("昨天 08:30", 1),
        ("[前天]", 2),
        ("3天前", 3),
        ("10 天之前", 10),
    ],
)
def test_a_relative_token_counts_back_from_the_day_of_the_visit(text: str, ago: int) -> None:
    assert relative_day(text, TODAY) == TODAY - timedelta(days=ago)


@pytest.mark.parametrize(
    "text", ["", "今天是2026年11月22日", "3周前", "2个月前", "昨天召开会议", "前"]
)
def test_vague_or_longer_words_are_no_relative_day(text: str) -> None:
    assert relative_day(text, TODAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "2024" * 25_000,
        "2024-" * 20_000,
        "2024年 " * 20_000,
        "2024年6月" * 16_000,
        "2024-1-" * 14_000,
        "12-17 " * 16_000,
        "一二〇" * 33_000 + "月",
        "二〇二四年" * 20_000,
        "(" * 100_000,
        " " * 100_000,
        "\u200b" * 100_000,
        "1" * 100_000,
    ],
    ids=lambda text: repr(text[:8]),
)
@pytest.mark.parametrize(
    "reader",
    [full_dates, partial_dates, url_date, instant_day, lambda text: relative_day(text, TODAY)],
    ids=["full", "partial", "url", "instant", "relative"],
)
def test_a_hundred_kilobytes_of_bait_are_read_to_an_end(
    reader: Callable[[str], object], text: str
) -> None:
    with no_hang(20):
        reader(text)
