"""Rows pointed out by the register's selectors are the rows, and what is missing is named."""

from __future__ import annotations

from datetime import date

import pytest

from checks.facts import DateSource, Outcome
from crawler.readers.choose import read_list
from crawler.readers.page import ListReading, Page
from storage.selectors import selector_parts
from tests.hang import no_hang

TODAY = date(2026, 11, 22)
ADDRESS = "https://www.example.gov.cn/zwgk/index.html"
LIST = """<ul class="list">
<li><b>市教育局</b><a href="/a/1.html" title="关于做好甲项工作的通知">关于做好甲项..</a>
 <span class="rq">2026-11-18</span><i>截止日期：2026-12-20</i></li>
<li><a href="/a/2.html">关于做好乙项工作的通知</a><span class="rq">发布：2026年11月17日</span></li>
</ul>
<ul class="other"><li><a href="/b/1.html">另一栏目的最新信息</a><span>2026-11-21</span></li></ul>"""


def read(selectors: str, body: str = LIST, url: str = ADDRESS) -> ListReading:
    html = f"<!-- synthetic --><html><head><title>栏目</title></head><body>{body}</body></html>"
    return read_list(Page(url, html.encode(), TODAY), scope=selector_parts(selectors))


def rows(reading: ListReading) -> list[tuple[str, str | None, str | None]]:
    days = [str(item.published_on) if item.published_on else None for item in reading.items]
    return [(i.title, i.url, day) for i, day in zip(reading.items, days, strict=True)]


def one(date_markup: str, href: str = "/a/1.html") -> ListReading:
    body = f"<ul><li><a href='{href}'>关于某项工作的通知</a>{date_markup}</li></ul>"
    return read("row=li; date=.rq", body)


def test_rows_dates_titles_and_links_are_taken_from_where_they_were_pointed_out() -> None:
    reading = read("row=ul.list > li; date=span.rq; title=a; link=a")
    assert reading.outcome is Outcome.OK
    assert reading.reader == "rows"
    assert rows(reading) == [
        ("关于做好甲项工作的通知", "https://www.example.gov.cn/a/1.html", "2026-11-18"),
        ("关于做好乙项工作的通知", "https://www.example.gov.cn/a/2.html", "2026-11-17"),
    ]
    assert {item.date_source for item in reading.items} == {DateSource.LIST}


def test_a_row_selector_alone_leaves_the_rest_to_the_reader() -> None:
    assert rows(read("row=.list li")) == rows(read("row=.list li; date=.rq"))


def test_the_title_may_be_another_than_the_longest_link() -> None:
    assert [title for title, _, _ in rows(read("row=.list li; title=b"))] == [
        "市教育局",
        "关于做好乙项工作的通知",  # the row has no such element
    ]


def test_the_date_pointed_out_counts_even_where_its_label_would_be_refused() -> None:
    reading = one("<span class='rq'>截止时间：2026-11-20</span><i>2026-01-01</i>")
    assert reading.items[0].published_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ("2026-6-5 10:20", date(2026, 6, 5)),
        ("二〇二六年六月五日", date(2026, 6, 5)),
        ("3天前", date(2026, 11, 19)),
        ("<b>05</b><i>2026-06</i>", date(2026, 6, 5)),
    ],
)
def test_a_date_element_may_hold_any_writing_of_a_day(shown: str, day: date) -> None:
    item = one(f"<span class='rq'>{shown}</span>").items[0]
    assert (item.published_on, item.date_source) == (day, DateSource.LIST)


def test_month_and_day_take_their_year_from_the_address_or_stay_unknown() -> None:
    known = one("<span class='rq'>06-05</span>", "/a/202606/t20260605_1.html").items[0]
    assert (known.published_on, known.date_source) == (date(2026, 6, 5), DateSource.URL)
    unknown = one("<span class='rq'>06-05</span>").items[0]
    assert (unknown.published_on, unknown.date_text) == (None, "06-05")


def test_a_date_element_without_one_single_day_leaves_the_row_undated() -> None:
    nothing = one("<span class='rq'>长期有效</span>")
    assert nothing.outcome is Outcome.UNDATED
    assert nothing.items[0].date_text == "长期有效"
    several = one("<span class='rq'>2026-11-01 至 2026-11-05</span>")
    assert several.outcome is Outcome.UNDATED
    assert [each.on.day for each in several.items[0].others] == [1, 5]


def test_other_days_of_the_row_are_told_as_refused() -> None:
    first = read("row=.list li; date=.rq").items[0]
    assert [(each.on, each.rule) for each in first.others] == [
        (date(2026, 12, 20), "不在日期选择器所指处的日期")
    ]


@pytest.mark.parametrize(
    ("selectors", "named"),
    [
        ("row=dl.gone", "row 选择器所指的内容：dl.gone"),
        ("scope=#gone; row=li", "#gone"),
        ("row=li; date=.gone", "date 选择器所指的内容：.gone"),
        ("row=li; title=.gone", "title 选择器所指的内容：.gone"),
        ("row=li; link=.gone", "link 选择器所指的内容：.gone"),
        ("row=li[", "row 选择器写法有误：li["),
    ],
)
def test_a_part_that_matches_nothing_is_unreadable_and_named(selectors: str, named: str) -> None:
    reading = read(selectors)
    assert (reading.outcome, reading.items) == (Outcome.UNREADABLE, ())
    assert named in reading.why


def test_parts_that_validation_would_refuse_are_unreadable_and_never_an_error() -> None:
    for selectors in ("date=span", "rows=li; row=li", "row=li; span"):
        assert read(selectors).outcome is Outcome.UNREADABLE


def test_only_an_area_that_says_it_is_empty_is_empty() -> None:
    body = "<div id='list'>暂无信息</div>"
    assert read("scope=#list; row=li", body).outcome is Outcome.EMPTY
    assert read("row=li", body).outcome is Outcome.UNREADABLE


def test_a_page_that_was_blocked_stays_blocked_whatever_the_selectors() -> None:
    refused = Page(ADDRESS, LIST.encode(), TODAY, 403)
    assert read_list(refused, scope={"row": "li"}).outcome is Outcome.BLOCKED


def test_data_instead_of_a_page_is_unreadable() -> None:
    answer = Page(ADDRESS, b'{"synthetic": 1}', TODAY)
    assert read_list(answer, scope={"row": "li"}).outcome is Outcome.UNREADABLE


def test_more_rows_than_any_list_shows_are_unreadable() -> None:
    body = "<ul>" + "<li><a href='/a/1.html'>通知公告</a></li>" * 2_001 + "</ul>"
    with no_hang():
        assert "超过2000行" in read("row=li", body).why


def test_rows_that_enclose_each_other_a_thousand_times_end_in_time() -> None:
    body = "<div><a href='/a/1.html'>关于某项工作的通知</a><span class='rq'>2026-11-18</span>" * 900
    with no_hang():
        assert read("row=div; date=.rq; title=a", body).outcome in (
            Outcome.UNDATED,
            Outcome.OK,
        )
