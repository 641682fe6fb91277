"""TrueCMS: the hidden block, the list service behind it, and what a broken service means."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from checks.facts import Outcome
from crawler.readers.choose import read_list
from crawler.readers.page import ListReading, Page

TODAY = date(2026, 11, 22)
COLUMN = "https://www.example.gov.cn/sssrmzf/tzgg/tzgg.html"
KEY = "0f3c9a52-1111-4222-8333-444455556666"
SCRIPT = (
    "<script>$('#msgList').jpage({proxyUrl:'/TrueCMS/messageController/getMessage.do',"
    f"perPage:10,groupSize:3,ajaxParam:{{columnId:'{KEY}'}}}});</script>"
)
LINK = "<a href='/sssrmzf/tzgg/content/{0}.html'>关于第{0}号事项的通知</a>"
ROW = f"<li>{LINK}<span>2026-11-{{0}}</span></li>"


def read(body: str, reader: str = "auto", status: int = 200) -> ListReading:
    return read_list(Page(COLUMN, body.encode(), TODAY, status), reader)


def column(rows: str, more: str = SCRIPT) -> str:
    return f"<!-- synthetic --><div id='initData' style='display:none'><ul>{rows}</ul></div>{more}"


def answer(rows: list[str], total: int) -> str:
    records = "".join(f"<record><![CDATA[{row}]]></record>" for row in rows)
    store = (
        f"<datastore><totalrecord>{total}</totalrecord><recordset>{records}</recordset></datastore>"
    )
    return f"cb({json.dumps({'result': store}, ensure_ascii=False)})"


def test_rows_of_the_hidden_block_need_no_second_request() -> None:
    reading = read(column(ROW.format(19) + ROW.format(12)))
    assert reading.outcome is Outcome.OK
    assert reading.reader == "truecms"
    assert reading.follow is None
    assert [str(item.published_on) for item in reading.items] == ["2026-11-19", "2026-11-12"]


@pytest.mark.parametrize(
    "body", [column(""), f"<!-- synthetic --><div id='msgList'></div>{SCRIPT}"]
)
def test_without_rows_the_page_names_the_service_to_ask(body: str) -> None:
    reading = read(body)
    assert reading.outcome is Outcome.UNREADABLE
    follow = reading.follow
    assert follow is not None
    assert (follow.method, follow.headers) == ("GET", {"Referer": COLUMN})
    parts = urlsplit(follow.url)
    assert parts.netloc == "www.example.gov.cn"
    assert parts.path == "/TrueCMS/messageController/getMessage.do"
    asked = parse_qs(parts.query, keep_blank_values=True)
    assert asked["columnId"] == [KEY]
    assert asked["startrecord"] == ["1"]
    assert int(asked["endrecord"][0]) <= 50
    assert asked["contentTemplate"] == [""]


@pytest.mark.parametrize("reader", ["truecms", "auto"])
def test_the_answer_of_the_service_is_read_by_the_same_reader(reader: str) -> None:
    reading = read(answer([ROW.format(18), ROW.format(11)], 61), reader)
    assert reading.outcome is Outcome.OK
    assert reading.total == 61
    assert [item.url for item in reading.items] == [
        "https://www.example.gov.cn/sssrmzf/tzgg/content/18.html",
        "https://www.example.gov.cn/sssrmzf/tzgg/content/11.html",
    ]


def test_an_answer_with_a_total_of_zero_is_an_empty_column() -> None:
    assert read(answer([], 0), "truecms").outcome is Outcome.EMPTY


@pytest.mark.parametrize(
    "body",
    ["cb({})", 'cb({"result": null})', "<html><body>请求的服务未开放</body></html>", "cb(", "x"],
)
def test_an_answer_without_a_list_leaves_the_column_unread(body: str) -> None:
    reading = read(body, "truecms")
    assert reading.outcome is Outcome.UNREADABLE
    assert reading.items == ()


def test_a_total_of_zero_in_the_data_is_explicit_but_a_script_variable_is_not() -> None:
    zero = SCRIPT + "<script type='x'><totalrecord>0</totalrecord></script>"
    assert read(column("", zero)).outcome is Outcome.EMPTY
    counting = "<script>var totalRecord = 0;</script>" + SCRIPT
    reading = read(column("", counting))
    assert reading.outcome is Outcome.UNREADABLE
    assert reading.follow is not None


def test_a_switched_off_service_is_no_verdict_on_the_column() -> None:
    assert read("", "truecms", status=404).outcome is Outcome.GONE


def test_rows_in_a_script_block_of_that_name_are_read_too() -> None:
    rows = ROW.format(17) + ROW.format(10)
    body = (
        f"<!-- synthetic --><script id='initData' type='text/html'><ul>{rows}</ul></script>{SCRIPT}"
    )
    assert len(read(body).items) == 2
