"""UCAP: which rows are the column's, what is asked of the search service, what its answer says."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from checks.facts import Outcome
from crawler.readers.choose import read_list
from crawler.readers.page import ListReading, Page

TODAY = date(2026, 11, 22)
COLUMN = "https://www.example.gov.cn/sss/c100494/xwzx_list.shtml"
CHANNEL = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
META = f"<meta name='channelid' content='{CHANNEL}'>"
SIDE = "c100001"
OWN = "c100494"


def read(body: str, reader: str = "auto", status: int = 200) -> ListReading:
    return read_list(Page(COLUMN, f"<!-- synthetic -->{body}".encode(), TODAY, status), reader)


def rows(column: str, *days: str) -> str:
    each = (
        f"<li><a href='/sss/{column}/202611/{n:032x}.shtml'>关于第{n}号事项的通知</a>"
        f"<span>{day}</span></li>"
        for n, day in enumerate(days)
    )
    return f"<div class='c-{column}'><ul>{''.join(each)}</ul></div>"


def answer(*results: dict[str, object], **data: object) -> ListReading:
    body = {"code": 200, "data": {"results": list(results), **data}}
    return read_list(Page(COLUMN, json.dumps(body).encode(), TODAY), "ucap")


@pytest.mark.parametrize("service", ["searchList", "search", "common/search"])
def test_without_rows_the_service_that_the_script_names_is_asked(service: str) -> None:
    script = f"<script>$.get('/{service}/{CHANNEL}?_isJson=true', draw)</script>"
    reading = read(f"<html><ul id='list'></ul>{script}</html>")
    assert (reading.reader, reading.outcome) == ("ucap", Outcome.UNREADABLE)
    assert reading.why.startswith("页面含开普系统的栏目编号；")
    follow = reading.follow
    assert follow is not None
    parts = urlsplit(follow.url)
    assert (parts.netloc, parts.path) == ("www.example.gov.cn", f"/{service}/{CHANNEL}")
    assert parse_qs(parts.query, keep_blank_values=True) == {
        "_isAgg": ["true"],
        "_isJson": ["true"],
        "_pageSize": ["20"],
        "_template": ["index"],
        "_rangeTimeGte": [""],
        "_channelName": [""],
        "page": ["1"],
    }
    assert follow.headers == {"Referer": COLUMN}


def test_the_column_number_of_the_page_is_enough() -> None:
    follow = read(f"<html><head>{META}</head><ul id='list'></ul></html>").follow
    assert follow is not None
    assert urlsplit(follow.url).path == f"/searchList/{CHANNEL}"


def test_a_page_that_asks_for_two_columns_without_naming_its_own_is_left_unread() -> None:
    other = CHANNEL[::-1]
    script = f"<script>get('/search/{CHANNEL}?a'); get('/search/{other}?a')</script>"
    reading = read(f"<html><ul id='list'></ul>{script}</html>")
    assert (reading.outcome, reading.follow) == (Outcome.UNREADABLE, None)
    named = read(f"<html><head>{META}</head><ul id='list'></ul>{script}</html>").follow
    assert named is not None
    assert CHANNEL in named.url


def test_rows_of_this_very_column_make_the_service_needless() -> None:
    reading = read(f"<html><head>{META}</head>{rows(OWN, '2026-11-10', '2026-11-09')}</html>")
    assert (reading.outcome, reading.follow) == (Outcome.OK, None)
    assert [str(item.published_on) for item in reading.items] == ["2026-11-10", "2026-11-09"]


def test_rows_of_another_column_do_not_stand_for_a_list_that_a_script_draws() -> None:
    side = rows(SIDE, "2026-01-05", "2026-01-04", "2026-01-03")
    reading = read(f"<html><head>{META}</head>{side}<ul id='list'></ul></html>")
    assert reading.items == ()
    assert reading.follow is not None


def test_a_pager_made_on_the_server_says_that_the_rows_are_the_list() -> None:
    pager = "<script>createPageHTML('page_div',3,1,'xwzx_list','shtml',52);</script>"
    mixed = rows("c101704", "2026-11-10", "2026-11-09", "2026-11-08")
    reading = read(f"<html><head>{META}</head>{mixed}{pager}</html>")
    assert (reading.outcome, reading.follow) == (Outcome.OK, None)
    drawn = pager.replace("3,1", "Math.ceil(d.total/20),page")
    assert read(f"<html><head>{META}</head>{mixed}{drawn}</html>").follow is not None


def test_a_late_day_in_the_meta_tags_is_no_update() -> None:
    meta = f"{META}<meta name='PubDate' content='2026-11-22 03:10:00'>"
    reading = read(f"<html><head>{meta}</head>{rows(OWN, '2026-03-10', '2026-03-09')}</html>")
    assert max(str(item.published_on) for item in reading.items) == "2026-03-10"


def test_the_written_day_wins_over_the_instant_beside_it() -> None:
    reading = answer(
        {"title": "甲", "url": "/1", "publishedTimeStr": "2026-03-10 09:00:00", "publishedTime": 1},
        {
            "title": "乙",
            "url": "/2",
            "publishedTimeStr": "2026-03-09 09:00:00",
            "publishedTime": 1795276800000,
        },
        {"title": "丙", "url": "/3", "publishedTimeStr": None, "publishedTime": 1772640000000},
        total=3,
    )
    assert [str(item.published_on) for item in reading.items] == [
        "2026-03-10",
        "2026-03-09",
        "2026-03-05",
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"list": [{"title": "甲", "url": "/1", "publishedTimeStr": "2026-03-10"}]}},
        {
            "results": {
                "data": {
                    "results": [{"title": "甲", "url": "/1", "publishedTimeStr": "2026-03-10"}]
                }
            }
        },
        {"results": [{"title": "甲", "url": "/1", "publishedTimeStr": "2026-03-10"}]},
    ],
)
def test_the_rows_are_found_in_each_wrapping(body: dict[str, object]) -> None:
    reading = read_list(Page(COLUMN, json.dumps(body).encode(), TODAY), "ucap")
    assert [str(item.published_on) for item in reading.items] == ["2026-03-10"]


def test_only_an_explicit_total_of_0_is_an_empty_column() -> None:
    assert answer(total=0).outcome is Outcome.EMPTY
    assert answer(total=231).outcome is Outcome.UNREADABLE
    assert answer(rows=0).outcome is Outcome.UNREADABLE


@pytest.mark.parametrize(
    "body",
    [
        '{"code": 500, "data": {"results": [], "total": 0}}',
        '{"success": false, "data": {"results": [], "total": 0}}',
        '{"data": null}',
        '{"data": {"results": null, "total": 0}}',
        "[]",
        "<html><body>列表加载失败</body></html>",
    ],
)
def test_an_answer_that_is_no_list_says_nothing_of_the_column(body: str) -> None:
    assert read(body, "ucap").outcome is Outcome.UNREADABLE


def test_a_firewall_before_the_service_is_not_the_column() -> None:
    assert read("<script>$_ts.cd='x'</script>", "ucap", 412).outcome is Outcome.BLOCKED


def test_rows_that_are_all_of_other_columns_are_not_believed_beside_articles_of_this_one() -> None:
    links = "".join(
        f"<p><a href='/sss/{OWN}/202611/{n:032x}.shtml'>关于第{n}号事项的通知</a></p>"
        for n in range(3)
    )
    pager = "<script>createPageHTML('page_div',3,1,'xwzx_list','shtml',52);</script>"
    side = rows(SIDE, "2026-01-05", "2026-01-04", "2026-01-03", "2026-01-02")
    reading = read(f"<html><head>{META}</head>{side}{links}{pager}</html>")
    assert (reading.outcome, reading.items) == (Outcome.UNREADABLE, ())
