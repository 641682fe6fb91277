"""博达 VSB columns: what gives them away, split dates, and what the pager counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crawler.readers import vsb
from crawler.readers.choose import read_list
from crawler.readers.page import Page
from crawler.readers.pager import turns_of

PAGE = Path(__file__).parents[1] / "pages" / "ok" / "list_vsb.html"
TODAY = date(2026, 11, 22)
ADDRESS = "https://www.example.gov.cn/xwzx/tzgg.htm"


@pytest.mark.parametrize(
    "html",
    [
        "<!--Announced by Visual SiteBuilder 9-->",
        "<script>_simple_list_gotopage_fun(5,'a189044GOPAGE',2)</script>",
        "<script>_showDynClicks('wbnews', 1, 2)</script>",
        "".join(f"<a href='../info/1005/87{n}.htm'>第{n}条</a>" for n in (3, 2, 1)),
    ],
)
def test_its_marks_and_its_addresses_give_it_away(html: str) -> None:
    assert vsb.recognise(html) is not None


def test_one_address_of_that_shape_does_not() -> None:
    assert vsb.recognise("<a href='https://www.example.edu.cn/info/1005/87.htm'>转载</a>") is None


def test_month_and_day_join_the_year_beside_them_and_the_pager_counts_all_rows() -> None:
    page = Page(ADDRESS, PAGE.read_bytes(), TODAY)
    reading = read_list(page)
    assert reading.reader == "vsb"
    assert reading.total == 211
    assert reading.items[0].published_on == date(2026, 11, 16)
    assert reading.items[0].date_text == "11/16 2026"
    assert reading.items[0].url == "https://www.example.gov.cn/info/1005/8790.htm"


def test_its_pages_are_followed_down_to_the_first() -> None:
    found = turns_of(Page(ADDRESS, PAGE.read_bytes(), TODAY))
    assert found.following is not None
    assert found.last is not None
    assert found.following.url.endswith("/xwzx/tzgg/35.htm")
    assert found.last.url.endswith("/xwzx/tzgg/1.htm")


def test_month_and_day_without_a_year_stay_without_one() -> None:
    rows = "".join(
        f"<li><a href='info/1005/87{n}.htm'>关于第{n}号事项的通知</a><span>{n:02d}-16</span></li>"
        for n in (11, 10, 9)
    )
    reading = read_list(Page(ADDRESS, f"<!-- synthetic --><ul>{rows}</ul>".encode(), TODAY))
    assert [item.published_on for item in reading.items] == [None, None, None]
    assert [item.date_text for item in reading.items] == ["11-16", "10-16", "09-16"]
