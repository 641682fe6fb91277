"""Hanweb: rows inside the page's script, the data proxy, and the jpaas unit service."""

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
PARAMETERS = (
    "var param = {col:1, appid:1, webid:39, path:'/', columnid:61490, sourceContentType:1,"
    "unitid:'247686', webname:'%E7%A4%BA%E4%BE%8B', permissiontype:0};"
)


def read(body: str, reader: str = "auto") -> ListReading:
    return read_list(Page(COLUMN, f"<!-- synthetic -->{body}".encode(), TODAY), reader)


def record(number: int, shape: str = "<span>2026-11-{0}</span>") -> str:
    href = f"/art/2026/11/{number}/art_61490_{number}.html"
    link = f"<a href='{href}' title='关于第{number}号事项的通知'>关于第...</a>"
    return f"<record><![CDATA[ <li>{link}{shape.format(number)}</li> ]]></record>"


def store(records: str, total: int) -> str:
    return (
        f"<datastore><totalrecord>{total}</totalrecord><recordset>{records}</recordset></datastore>"
    )


@pytest.mark.parametrize(
    "shape",
    ["<span>2026-11-{0}</span>", "<b>2026-11-{0}</b>", "<b readlabel='x'>[2026-11-{0}]</b>"],
)
def test_rows_hidden_in_cdata_are_read_in_each_shape(shape: str) -> None:
    body = f"<script type='text/xml'>{store(record(19, shape) + record(12, shape), 86)}</script>"
    reading = read(body)
    assert (reading.reader, reading.outcome, reading.total) == ("jpage", Outcome.OK, 86)
    assert [str(item.published_on) for item in reading.items] == ["2026-11-19", "2026-11-12"]
    assert reading.items[0].title == "关于第19号事项的通知"


def test_table_rows_in_cdata_are_read() -> None:
    rows = (
        "<record><![CDATA[<tr><td><a href='/art/1.html'>关于公布名单的公告</a></td>"
        "<td>2026-11-09</td></tr>]]></record>"
    )
    reading = read(f"<script type='text/xml'>{store(rows, 1)}</script>")
    assert [str(item.published_on) for item in reading.items] == ["2026-11-09"]


def test_of_several_units_on_a_page_the_longest_is_the_column() -> None:
    side = f"<script type='text/xml'>{store(record(21), 1)}</script>"
    main = f"<script type='text/xml'>{store(record(9) + record(8) + record(7), 3)}</script>"
    assert [str(item.published_on) for item in read(side + main).items] == [
        "2026-11-09",
        "2026-11-08",
        "2026-11-07",
    ]


def test_without_rows_the_data_proxy_is_asked_with_the_form_of_the_script() -> None:
    script = f"<script>{PARAMETERS} var url = '/module/web/jpage/dataproxy.jsp';</script>"
    follow = read(f"<div id='247686'></div>{script}").follow
    assert follow is not None
    assert follow.method == "POST"
    assert urlsplit(follow.url).path == "/module/web/jpage/dataproxy.jsp"
    assert parse_qs(urlsplit(follow.url).query) == {
        "startrecord": ["1"],
        "endrecord": ["45"],
        "perpage": ["15"],
    }
    assert follow.form == {
        "col": "1",
        "appid": "1",
        "webid": "39",
        "path": "/",
        "columnid": "61490",
        "sourceContentType": "1",
        "unitid": "247686",
        "webname": "示例",
        "permissiontype": "0",
    }
    assert follow.headers == {"Referer": COLUMN}


@pytest.mark.parametrize("service", ["dataproxy.jsp", "morecolumndataproxy.jsp"])
def test_an_address_that_carries_its_parameters_is_simply_fetched(service: str) -> None:
    path = f"/module/web/jpage/{service}?page=1&amp;appid=1&amp;webid=1&amp;columnid=5&amp;unitid=6"
    follow = read(f"<script>var more = '{path}';</script>").follow
    assert follow is not None
    assert follow.method == "GET"
    assert follow.url == f"https://st.example.gov.cn{path.replace('&amp;', '&')}"


def test_load_more_without_parameters_in_its_address_takes_them_from_the_script() -> None:
    script = f"<script>{PARAMETERS} more('/module/web/jpage/morecolumndataproxy.jsp');</script>"
    follow = read(script).follow
    assert follow is not None
    assert follow.method == "GET"
    assert parse_qs(urlsplit(follow.url).query)["columnid"] == ["61490"]


def test_the_answer_of_the_proxy_is_read_by_the_same_reader() -> None:
    reading = read(store(record(16) + record(15), 40), "jpage")
    assert (reading.outcome, reading.total, len(reading.items)) == (Outcome.OK, 40, 2)


def test_a_total_of_zero_is_an_empty_column_and_no_rows_without_it_are_not() -> None:
    assert read(store("", 0), "jpage").outcome is Outcome.EMPTY
    assert read(store("", 7), "jpage").outcome is Outcome.UNREADABLE


def test_static_rows_of_this_very_column_make_the_proxy_needless() -> None:
    script = f"<script>{PARAMETERS} var url='/module/web/jpage/dataproxy.jsp';</script>"

    def rows(column: int) -> str:
        each = (
            f"<li><a href='/art/2026/11/{n}/art_{column}_{n}.html'>关于第{n}号事项的通知</a>"
            f"<span>2026-11-0{n}</span></li>"
            for n in range(1, 5)
        )
        return f"<ul>{''.join(each)}</ul>{script}"

    assert read(rows(61490)).outcome is Outcome.OK
    other = read(rows(777))
    assert other.follow is not None
    assert other.items == ()


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
