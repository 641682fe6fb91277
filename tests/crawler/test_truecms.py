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


LIBRARY = "/truecms/messageController/getMessageByCondition.do"


@pytest.mark.parametrize(
    "body",
    [
        'cb({"result": ROWS})',
        "cb(ROWS)",
        "cb(BARE);",
        "cb('BARE')",
        "BARE",
        "ROWS",
    ],
)
def test_the_rows_are_found_however_the_answer_is_wrapped(body: str) -> None:
    record = f"<record><![CDATA[{ROW.format(18)}]]></record>".replace('"', "'")
    store = f"<datastore><totalRecord>61</totalRecord><recordset>{record}</recordset></datastore>"
    text = body.replace("ROWS", json.dumps(store, ensure_ascii=False)).replace("BARE", store)
    reading = read(text, "truecms")
    assert (reading.outcome, reading.total) == (Outcome.OK, 61)
    assert [str(item.published_on) for item in reading.items] == ["2026-11-18"]


@pytest.mark.parametrize("name", ["totalrecord", "totalRecord", "totalRecords", "total_record"])
def test_rows_that_are_counted_but_not_answered_are_unreadable(name: str) -> None:
    store = f"<datastore><{name}>61</{name}><recordset></recordset></datastore>"
    reading = read(f"cb({json.dumps({'result': store})})", "truecms")
    assert (reading.outcome, reading.items) == (Outcome.UNREADABLE, ())
    assert "总数为61，却没有返回任何信息" in reading.why


def test_links_that_call_a_script_and_titles_in_an_inner_element_are_read() -> None:
    title = "关于第十七号事项的补充通知"
    rows = (
        "<li><a onclick=\"name2('/sssrmzf/tzgg/content/17.html')\">"
        f"<span class='list-text' title='{title}'>关于第十七号...</span></a>"
        "<span>2026-11-17</span></li>"
        "<li><a href='javascript:;' onclick=\"name2('0f3c9a52')\">关于第十六号事项的通知</a>"
        "<span>2026-11-16</span></li>"
    )
    items = read(column(rows)).items
    assert [(item.title, item.url, str(item.published_on)) for item in items] == [
        (title, "https://www.example.gov.cn/sssrmzf/tzgg/content/17.html", "2026-11-17"),
        ("关于第十六号事项的通知", None, "2026-11-16"),
    ]


def test_rows_repeated_in_the_hidden_block_are_one_item() -> None:
    assert len(read(column(ROW.format(19) + ROW.format(12) + ROW.format(19))).items) == 2


@pytest.mark.parametrize(
    ("more", "name"), [("", "tzgg"), ("lmxx: 'gfxwj',", "gfxwj"), ("lmxx='sss,jygg';", "sss,jygg")]
)
def test_the_policy_library_is_asked_with_the_form_of_its_page(more: str, name: str) -> None:
    script = (
        f"<script>var lmid = '{KEY}'; $.post('{LIBRARY}', {{{more} pagenum: 1}}, draw)</script>"
    )
    reading = read(f"<!-- synthetic --><html><ul id='msgList'></ul>{script}</html>")
    assert (reading.reader, reading.outcome) == ("truecms", Outcome.UNREADABLE)
    follow = reading.follow
    assert follow is not None
    assert (follow.method, urlsplit(follow.url).path) == ("POST", LIBRARY)
    assert follow.form == {
        "lmxx": name,
        "lmid": KEY,
        "isGetChild": "1",
        "pagenum": "1",
        "pagesize": "15",
    }
    assert follow.headers["Referer"] == COLUMN


def test_the_day_of_a_policy_is_its_day_of_publication_and_nothing_else() -> None:
    late = {"caption": "2026年11月20日修订", "cwrq": "2026-11-21", "createTime": 1795190400000}
    rows = [
        {"msgtitle": "甲", "htmlpath": "/1.html", "fbrq": {"time": 1773100800000}, **late},
        {"msgtitle": "乙", "htmlpath": "/2.html", "fbrq": "2026-03-09", **late},
        {"msgtitle": "丙", "htmlpath": "/3.html", "fbrq": None, **late},
        {"msgtitle": "丁", "htmlpath": "/4.html", "fbrq": {"time": None}, **late},
    ]
    reading = read(json.dumps({"msgList": rows, "totalCount": 48}), "auto")
    assert (reading.reader, reading.outcome, reading.total) == ("truecms", Outcome.OK, 48)
    assert [str(item.published_on) for item in reading.items] == [
        "2026-03-10",
        "2026-03-09",
        "None",
        "None",
    ]


@pytest.mark.parametrize(
    "answered",
    [
        {"msgList": [], "totalCount": 48},
        {"msgList": [], "totalCount": 0},
        {"msgList": None},
        {"success": False, "msg": "参数错误"},
    ],
)
def test_an_empty_policy_library_is_never_believed(answered: dict[str, object]) -> None:
    assert read(json.dumps(answered), "truecms").outcome is Outcome.UNREADABLE
