"""All dates a row shows are told, best first, with why the first one won."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from checks.facts import DateCandidate, DateSource, Item
from crawler.readers.as_json import list_json
from crawler.readers.feed import read_feed
from crawler.readers.page import Page
from crawler.readers.rows import read_rows
from crawler.readers.weighed import candidates_of, conflicts, why_taken

TODAY = date(2026, 11, 22)
LISTED = DateSource.LIST


def read(*rows: str, head: str = "") -> dict[str, Any]:
    html = f"<!-- synthetic --><html><body><table>{head}{''.join(rows)}</table></body></html>"
    page = Page("https://www.example.gov.cn/tzgg/index.html", html.encode(), TODAY)
    return list_json(read_rows(page), TODAY)


def row(number: int, *cells: str, href: str = "/a/{}.html") -> str:
    link = f"<td><a href='{href.format(number)}'>关于做好第{number}项工作的通知</a></td>"
    return f"<tr>{link}{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def told(item: dict[str, Any]) -> list[tuple[str | None, str, str]]:
    return [(each["date"], each["date_source"], each["rule"]) for each in item["candidates"]]


def test_a_row_with_one_date_has_one_candidate_and_nothing_to_explain() -> None:
    item = read(row(1, "2026-11-18"), row(2, "2026-11-17"))["items"][0]
    assert item["candidates"] == [
        {
            "date": "2026-11-18",
            "date_text": "2026-11-18",
            "date_source": "list",
            "rule": "列表行所示日期",
        }
    ]
    assert item["why"] is None


def test_a_deadline_is_told_by_its_label_and_refused() -> None:
    rows = [row(n, f"2026-11-1{n}", f"截止时间：2026-12-1{n}") for n in (3, 2)]
    item = read(*rows)["items"][0]
    assert told(item) == [
        ("2026-11-13", "list", "列表行所示日期"),
        ("2026-12-13", "list", "标为“截止时间”的日期"),
    ]
    assert item["why"] == (
        "取 2026-11-13（列表行所示日期）；另见 2026-12-13（标为“截止时间”的日期）"
    )


def test_a_date_under_another_head_is_told_as_such() -> None:
    head = "<tr><th>标题</th><th>截止日期</th><th>发布日期</th></tr>"
    item = read(*[row(n, f"2026-12-1{n}", f"2026-11-1{n}") for n in (3, 2)], head=head)["items"][0]
    assert told(item) == [
        ("2026-11-13", "list", "列表行所示日期"),
        ("2026-12-13", "list", "表头标明是其他日期"),
    ]


def test_a_date_inside_a_title_is_told_and_never_taken() -> None:
    rows = (
        row(n, f"2026-11-0{n}").replace("关于做好", f"自2026年12月{n}日起施行的") for n in (3, 2)
    )
    item = read(*rows)["items"][0]
    assert told(item)[1:] == [("2026-12-03", "list", "另有所指，或是句中、区间中的日期")]


def test_the_date_of_the_address_is_told_last_and_counted_where_it_differs() -> None:
    href = "/tzgg/202611/t20261116_{}.html"
    reading = read(row(1, "2026-11-18", href=href), row(2, "2026-11-16", href=href))
    first, second = reading["items"]
    assert told(first)[-1] == ("2026-11-16", "url", "网址中的日期，只供核对")
    assert "另见 2026-11-16（网址中的日期，只供核对）" in first["why"]
    assert second["why"] is None
    assert reading["conflicts"] == 1


def test_month_and_day_are_told_with_the_year_of_the_address_or_without_any() -> None:
    href = "/tzgg/202611/t20261116_{}.html"
    dated = read(row(1, "11-16", href=href), row(2, "11-16", href=href))["items"][0]
    assert told(dated)[0] == ("2026-11-16", "url", "列表行所示月日，年份取自网址")
    reading = read(row(1, "12-30", href=href), row(2, "12-30", href=href))
    undated = reading["items"][0]
    assert told(undated) == [
        (None, "list", "日期不完整或不止一个，不能认定"),
        ("2026-11-16", "url", "网址中的日期，只供核对"),
    ]
    assert undated["why"] == (
        "没有可以认定的发布日期；另见 2026-11-16（网址中的日期，只供核对），不据以认定"
    )
    assert reading["conflicts"] == 0  # without a date of the list there is nothing to differ from


def test_the_day_a_feeds_entry_was_changed_is_told_and_not_taken() -> None:
    entry = "<entry><title>通知</title><link href='http://a.cn/1'/>{}</entry>"
    times = "<published>2026-11-01T08:00:00Z</published><updated>2026-11-20T08:00:00Z</updated>"
    feed = (
        f"<!-- synthetic --><feed xmlns='http://www.w3.org/2005/Atom'>{entry.format(times)}</feed>"
    )
    reading = read_feed(Page("http://a.cn/feed", feed.encode(), TODAY))
    assert [(str(each.on), each.rule) for each in candidates_of(reading.items[0])] == [
        ("2026-11-01", "订阅源条目的发布时间"),
        ("2026-11-20", "条目的修改时间，不是发布时间"),
    ]


@pytest.mark.parametrize("source", list(DateSource))
def test_whatever_dated_an_item_is_told_in_words(source: DateSource) -> None:
    item = Item("标题", None, date(2026, 11, 1), "2026-11-01", source)
    (only,) = candidates_of(item)
    assert (only.on, only.source) == (date(2026, 11, 1), source)
    assert only.rule


def test_an_item_without_any_date_has_no_candidate() -> None:
    assert candidates_of(Item("标题", "http://a.cn/1.html", None)) == ()
    assert why_taken(Item("标题", "http://a.cn/1.html", None)) is None


def test_refused_days_neither_make_items_differ_nor_count_as_conflicts() -> None:
    plain = Item("标题", "http://a.cn/1.html", date(2026, 11, 1), "2026-11-01", LISTED)
    other = DateCandidate(date(2026, 12, 1), "2026-12-01", LISTED, "标为“截止时间”的日期")
    telling = Item(
        plain.title, plain.url, plain.published_on, "2026-11-01", LISTED, others=(other,)
    )
    assert plain == telling
    assert len({plain, telling}) == 1
    assert conflicts([telling]) == 0
