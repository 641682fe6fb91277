"""Data of list services: which field is a day, which is none, and what an empty answer means."""

from __future__ import annotations

from datetime import date

import pytest

from checks.facts import DateSource, Outcome
from crawler.readers.as_data import (
    Fields,
    address_of,
    data_reading,
    entry_day,
    entry_lists,
    filled,
    items_of_entries,
    number_of,
    plain_title,
    refusal,
)
from crawler.readers.page import Page

BASE = "https://www.example.gov.cn/lanmu/index.html"
PAGE = Page(BASE, b"", date(2026, 11, 22))
FIELDS = Fields(("title",), ("url",), ("shown", "beside"))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-09-08 16:38:00", date(2026, 9, 8)),
        ("2026-09-08T23:59:59", date(2026, 9, 8)),
        ("2026年9月8日", date(2026, 9, 8)),
        ("2026/9/8", date(2026, 9, 8)),
        (1788796800, date(2026, 9, 8)),  # 00:00 on the 8th in Shanghai, the 7th in Greenwich
        (1788796799, date(2026, 9, 7)),
        (1788796800000, date(2026, 9, 8)),
        ("1788796800000", date(2026, 9, 8)),
        ({"time": 1788796800000, "year": 126, "month": 8, "date": 8}, date(2026, 9, 8)),
        ("/Date(1788796800000)/", date(2026, 9, 8)),
        ("/Date(1788796800000+0800)/", date(2026, 9, 8)),
    ],
)
def test_a_day_is_read_in_each_writing_of_services(value: object, day: date) -> None:
    assert entry_day(value)[0] == day


@pytest.mark.parametrize(
    "value", [None, 0, "0", "", "  ", "null", "undefined", False, True, {}, {"time": None}, [1]]
)
def test_nothing_written_is_no_day_and_leaves_no_text(value: object) -> None:
    assert entry_day(value) == (None, None)


@pytest.mark.parametrize(
    "text", ["暂无", "09-08", "2026-09", "2026-09-08 / 2026-08-01", "2026-13-40", "12345"]
)
def test_what_is_no_single_full_day_stays_as_written(text: str) -> None:
    assert entry_day(text) == (None, text)


def test_a_long_text_is_no_day_of_publication_whatever_it_mentions() -> None:
    assert entry_day("2026-09-08" + "起至本通知印发之日止" * 5)[0] is None


def test_the_first_field_that_is_filled_counts_in_any_case() -> None:
    entry = {"Shown": None, "BESIDE": "2026-09-08", "other": "2026-11-21"}
    assert filled(entry, ("shown", "beside")) == "2026-09-08"
    assert filled(entry, ("shown",)) is None
    assert filled({"shown": 0, "beside": "null"}, ("shown", "beside")) is None


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("关于<em>供水</em>的&nbsp;通知", "关于供水的 通知"),
        ("&lt;font color=red&gt;公告&lt;/font&gt;", "公告"),
        ("<民法典>解读", "<民法典>解读"),
        ("a &amp; b", "a & b"),
        (None, ""),
        ({"x": 1}, ""),
        (True, ""),
    ],
)
def test_markup_does_not_stay_in_titles(written: object, title: str) -> None:
    assert plain_title(written) == title


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("./a/1.html", "https://www.example.gov.cn/lanmu/a/1.html"),
        ("//other.example.gov.cn/1.html", "https://other.example.gov.cn/1.html"),
        ("/a?x=1&amp;y=2", "https://www.example.gov.cn/a?x=1&y=2"),
        ("", None),
        ("#", None),
        ("javascript:;", None),
        (None, None),
    ],
)
def test_addresses_are_resolved_and_a_blank_is_not_the_column_itself(
    written: object, address: str | None
) -> None:
    assert address_of(written, BASE) == address


def test_entries_become_items_and_one_that_says_nothing_is_left_out() -> None:
    entries: list[dict[str, object]] = [
        {"title": "一", "url": "/1", "shown": "2026-09-08"},
        {"title": "一", "url": "/1", "shown": "2026-09-08"},
        {"title": "二", "url": None, "beside": 1788796800},
        {"title": "三", "url": "", "shown": None},
        {"title": None, "url": "/4"},
    ]
    items = items_of_entries(entries, FIELDS, BASE)
    assert [(item.title, item.published_on) for item in items] == [
        ("一", date(2026, 9, 8)),
        ("二", date(2026, 9, 8)),
        ("（无标题）", None),
    ]
    assert [item.date_source for item in items] == [DateSource.API, DateSource.API, None]
    assert [item.date_text for item in items] == ["2026-09-08", "1788796800", None]


def test_both_ends_of_an_endless_list_are_read() -> None:
    entries = [{"title": f"第{n}条", "url": f"/{n}", "shown": "2020-01-01"} for n in range(20_000)]
    entries[-1]["shown"] = "2026-09-08"
    items = items_of_entries(entries, FIELDS, BASE)
    assert len(items) == 5_000
    assert items[0].title == "第0条"
    assert items[-1].published_on == date(2026, 9, 8)


@pytest.mark.parametrize(
    ("rows", "total", "outcome"),
    [
        ([], 0, Outcome.EMPTY),
        ([], None, Outcome.UNREADABLE),
        ([], 12, Outcome.UNREADABLE),
        (None, 0, Outcome.UNREADABLE),
        ({}, 0, Outcome.UNREADABLE),
        ([{"id": 1}], 0, Outcome.UNREADABLE),
        (["<li>"], 0, Outcome.UNREADABLE),
        ([{"title": "一", "url": "/1"}], 1, Outcome.UNDATED),
        ([{"title": "一", "url": "/1", "shown": "2026-09-08"}], None, Outcome.OK),
        ([{"title": "一", "url": "/1", "shown": "2026-12-01"}], None, Outcome.UNDATED),
    ],
)
def test_only_no_rows_of_a_total_of_0_are_an_empty_list(
    rows: object, total: int | None, outcome: Outcome
) -> None:
    reading = data_reading(PAGE, rows, FIELDS, "x", "服务", total)
    assert reading.outcome is outcome


def test_an_empty_answer_to_a_list_that_has_rows_is_told_as_such() -> None:
    reading = data_reading(PAGE, [], FIELDS, "x", "服务", 12)
    assert (reading.total, reading.why) == (12, "服务：总数为12，却没有返回任何信息")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"success": False}, "列表服务返回失败"),
        ({"code": "500", "msg": "系统繁忙"}, "列表服务返回失败：系统繁忙"),
        ({"code": 403, "message": "<b>无权限</b>"}, "列表服务返回失败：无权限"),
        ({"code": 200, "success": True}, None),
        ({"code": 1}, None),
        ({"status": {"code": 1}}, None),
        ({}, None),
    ],
)
def test_a_refusal_is_told_in_the_words_of_the_service(
    answer: dict[str, object], words: str | None
) -> None:
    assert refusal(answer) == words


@pytest.mark.parametrize(
    ("value", "number"),
    [(12, 12), ("12", 12), (0, 0), ("", None), (None, None), (True, None), ("12条", None)],
)
def test_a_count_is_a_number_or_unknown(value: object, number: int | None) -> None:
    assert number_of(value) == number


def test_lists_of_objects_are_found_inside_one_another_but_not_endlessly() -> None:
    value = [{"infolist": [{"title": "一"}]}, {"infolist": [{"title": "二"}, {"title": "三"}]}]
    assert [len(each) for each in entry_lists(value)] == [2, 1, 2]
    deep: object = [{"title": "底"}]
    for _ in range(9):
        deep = {"inner": deep}
    assert list(entry_lists(deep)) == []
