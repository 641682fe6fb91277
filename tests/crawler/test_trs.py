"""TRS WCM columns: what gives them away, and what their pages need."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from checks.facts import Outcome
from crawler.readers import trs
from crawler.readers.choose import read_list
from crawler.readers.page import ListReading, Page

PAGES = Path(__file__).parents[1] / "pages"
TODAY = date(2026, 11, 22)
ROWS = "".join(
    f"<li><a href='./2026{n:02d}/t2026{n:02d}09_69{n}00.html'>关于第{n}号事项的通知</a>"
    f"<span>2026-{n:02d}-09</span></li>"
    for n in (11, 10, 9)
)
LIST = f"<!-- synthetic --><body><ul>{ROWS}</ul></body>"


def read(html: str, url: str = "https://www.example.gov.cn/tzgg/") -> ListReading:
    return read_list(Page(url, html.encode(), TODAY))


@pytest.mark.parametrize(
    "html",
    [
        LIST,
        "<script>createPageHTML(25, 0, 'index', 'html');</script>",
        "<script>createPage(25, 0, 'index', 'html');</script>",
        "<li><a href='t18993630.shtml'>a</a><a href='t18993631.shtml'>b</a>"
        "<a href='/x/t18993632.shtml'>c</a></li>",
        "<script>var m_nRecordCount = 20;</script>",
        "<script src='list2.trsapi'></script>",
    ],
)
def test_its_pager_its_addresses_and_its_names_give_it_away(html: str) -> None:
    assert trs.recognise(html) is not None


@pytest.mark.parametrize(
    "html",
    [
        "<script>createPageHTML('page_div',50,1,'xwzx_list','shtml',1000)</script>",
        "<a href='https://www.gov.cn/t20260909_123456.html'>one reprint</a>",
        "<p>关于 TRS 系统的通知</p>",
    ],
)
def test_another_systems_pager_or_one_reprint_does_not(html: str) -> None:
    assert trs.recognise(html) is None


@pytest.mark.parametrize("slash", ["", "/", "/index.html"])
def test_relative_addresses_stand_in_the_columns_folder_with_or_without_its_slash(
    slash: str,
) -> None:
    reading = read(LIST, f"https://www.example.gov.cn/tzgg{slash}")
    assert reading.reader == "trs"
    assert reading.items[0].url == "https://www.example.gov.cn/tzgg/202611/t20261109_691100.html"


def test_rows_that_a_script_repeats_are_no_rows_and_the_records_are_counted() -> None:
    page = (PAGES / "ok" / "list_trs_template_rows.html").read_bytes()
    reading = read_list(Page("https://www.example.gov.cn/tzgg/", page, TODAY))
    assert len(reading.items) == 5
    assert reading.total == 143
    assert not any("{{" in item.title for item in reading.items)


def test_a_list_that_only_a_script_fills_is_unreadable_whatever_stands_beside_it() -> None:
    sidebar = "".join(
        f"<li><a href='/gz/{n}.html'>示例市召开第{n}次工作会议</a><span>2026-01-0{n}</span></li>"
        for n in (4, 3, 2, 1)
    )
    template = (
        "<li ms-repeat='list'><a ms-attr-href='el.url'>{{el.title}}</a><i>{{el.date}}</i></li>"
    )
    html = (
        "<!-- synthetic --><script src='list2.trsapi'></script><body>"
        f"<div><ul>{template}</ul></div><div><ul>{sidebar}</ul></div></body>"
    )
    reading = read(html)
    assert reading.outcome is Outcome.UNREADABLE
    assert "脚本填充" in reading.why
