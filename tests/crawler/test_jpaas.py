"""jpaas: which of a page's units is the list, and what the unit service answers."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from checks.facts import Outcome
from crawler.readers.choose import read_list
from crawler.readers.page import ListReading, Page

TODAY = date(2026, 11, 22)
COLUMN = "https://st.example.gov.cn/col/col61490/index.html"


def read(body: str, reader: str = "auto") -> ListReading:
    return read_list(Page(COLUMN, f"<!-- synthetic -->{body}".encode(), TODAY), reader)


UNIT = (
    '<script url="/api-gateway/jpaas-publish-server/front/page/build/unit" queryData="'
    "{'webId':'2758','pageId':'1229743684','parseType':'bulidstatic','pageType':'column',"
    "'tagId':'当前栏目列表','tplSetId':'ab12'}\"></script>"
)


def test_a_jpaas_column_asks_for_its_unit() -> None:
    follow = read(f"<div id='当前栏目列表'></div>{UNIT}").follow
    assert follow is not None
    asked = parse_qs(urlsplit(follow.url).query)
    assert urlsplit(follow.url).path == "/api-gateway/jpaas-publish-server/front/page/build/unit"
    assert asked["tagId"] == ["当前栏目列表"]
    assert asked["editType"] == ["null"]


@pytest.mark.parametrize("reader", ["jpaas", "auto"])
def test_the_answer_of_the_unit_service_is_read(reader: str) -> None:
    rows = "".join(
        f"<li class='clearfix'><a href='/art/2026/{n}.html'>关于第{n}号事项的通知</a>"
        f"<span class='bt-right'>2026-11-0{n}</span></li>"
        for n in range(1, 4)
    )
    markup = (
        f"<div id='当前栏目列表'><ul>{rows}</ul></div><div rows='15' count='33' pageno='1'></div>"
    )
    body = json.dumps({"code": "200", "success": True, "data": {"html": markup}})
    reading = read_list(Page(COLUMN, body.encode(), TODAY), reader)
    assert (reading.reader, reading.outcome, reading.total) == ("jpaas", Outcome.OK, 33)
    assert len(reading.items) == 3


def test_a_unit_service_that_failed_says_nothing_of_the_column() -> None:
    body = json.dumps({"code": "500", "success": False, "data": None})
    reading = read_list(Page(COLUMN, body.encode(), TODAY), "jpaas")
    assert reading.outcome is Outcome.UNREADABLE


def unit(name: str, quote: str = "'") -> str:
    query = (
        f"{{'webId':'2758','pageId':'1','parseType':'bulidstatic','pageType':'column',"
        f"'tagId':'{name}','tplSetId':'ab12'}}"
    )
    url = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    return f'<script url="{url}" queryData="{query.replace(chr(39), quote)}"></script>'


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (("当前位置", "左侧导航", "ajax分页"), "ajax分页"),
        (("轮播图", "信息列表", "ajax分页"), "信息列表"),
        (("底部", "右侧内容"), "右侧内容"),
    ],
)
def test_of_several_units_the_list_is_asked_for(names: tuple[str, ...], asked: str) -> None:
    follow = read("<html>" + "".join(unit(name) for name in names)).follow
    assert follow is not None
    assert parse_qs(urlsplit(follow.url).query)["tagId"] == [asked]


def test_a_page_whose_units_are_all_furniture_is_left_unread() -> None:
    reading = read(f"<html>{unit('当前位置')}{unit('页脚')}")
    assert (reading.outcome, reading.follow) == (Outcome.UNREADABLE, None)


def test_parameters_may_be_written_with_character_references() -> None:
    follow = read(f"<html>{unit('信息列表', '&quot;')}").follow
    assert follow is not None
    assert parse_qs(urlsplit(follow.url).query)["pageId"] == ["1"]


def answer(markup: object, **fields: object) -> ListReading:
    body = {"code": "200", "success": True, "data": {"html": markup}, **fields}
    return read_list(Page(COLUMN, json.dumps(body).encode(), TODAY), "jpaas")


@pytest.mark.parametrize(
    "pager",
    [
        "<div class='pagination' rows='15' count='{0}' pageno='1'></div>",
        "<table class='pagination' rows='15' count='{0}'><tr><td>共{0}条</td></tr></table>",
    ],
)
def test_rows_that_the_pager_counts_but_the_answer_lacks_are_unreadable(pager: str) -> None:
    reading = answer(f"<div class='page-content'></div>{pager.format(33)}")
    assert reading.outcome is Outcome.UNREADABLE
    assert "总数为33，却没有返回任何信息" in reading.why
    assert answer(f"<div class='page-content'></div>{pager.format(0)}").outcome is Outcome.EMPTY


def test_a_count_of_something_else_is_not_the_total() -> None:
    reading = answer("<div data-count='0'></div><p count='0'></p>")
    assert reading.outcome is Outcome.UNREADABLE


@pytest.mark.parametrize(
    ("markup", "fields"),
    [
        (None, {}),
        ("", {}),
        ("<div class='pagination' count='0'></div>", {"success": False}),
        ("<div class='pagination' count='0'></div>", {"code": "500", "message": "模板错误"}),
        ("<div>暂无模板</div>", {}),
    ],
)
def test_an_answer_without_rows_says_nothing_of_the_column(
    markup: object, fields: dict[str, object]
) -> None:
    assert answer(markup, **fields).outcome is Outcome.UNREADABLE
