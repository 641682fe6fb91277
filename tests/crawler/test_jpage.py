"""Hanweb: rows inside the page's script, and the data proxy."""

from __future__ import annotations

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


def named_store(column: int, records: str, total: int) -> str:
    more = f"/module/web/jpage/dataproxy.jsp?page=1&appid=1&columnid={column}&unitid=6"
    group = f"<nextgroup><![CDATA[<a href='{more}'></a>]]></nextgroup>"
    inner = f"{group}<totalrecord>{total}</totalrecord><recordset>{records}</recordset>"
    return f"<script type='text/xml'><datastore>{inner}</datastore></script>"


def test_of_several_units_the_one_that_names_the_column_is_the_column() -> None:
    foreign = "".join(record(number).replace("61490", "777") for number in range(10, 20))
    own = record(9).replace("art_61490", "art_5")
    for page in (
        named_store(777, foreign, 90) + named_store(61490, own, 1),
        named_store(61490, own, 1) + named_store(777, foreign, 90),
        store(foreign, 90) + store(record(9), 1),
    ):
        reading = read(page)
        assert [str(item.published_on) for item in reading.items] == ["2026-11-09"]
        assert reading.total == 1


def test_a_row_that_two_groups_repeat_is_one_item() -> None:
    assert len(read(store(record(9) + record(8) + record(9), 2)).items) == 2


def test_the_unit_of_this_column_is_asked_where_a_page_holds_several() -> None:
    other = PARAMETERS.replace("61490", "777").replace("247686", "111").replace("var param", "a")
    script = f"<script>{other}{PARAMETERS} var url='/module/jpage/dataproxy.jsp';</script>"
    follow = read(script).follow
    assert follow is not None
    assert urlsplit(follow.url).path == "/module/jpage/dataproxy.jsp"
    assert (follow.form["columnid"], follow.form["unitid"]) == ("61490", "247686")
    path = "/module/web/jpage/morecolumndataproxy.jsp?page=1&columnid={0}&unitid={0}"
    both = "".join(f"<script>more('{path.format(number)}')</script>" for number in (777, 61490))
    asked = read(both).follow
    assert asked is not None
    assert parse_qs(urlsplit(asked.url).query)["columnid"] == ["61490"]


def test_no_more_rows_are_asked_for_than_there_are() -> None:
    script = f"<script>{PARAMETERS} var url='/module/web/jpage/dataproxy.jsp';</script>"
    follow = read(f"{store('', 7)}{script}").follow
    assert follow is not None
    assert parse_qs(urlsplit(follow.url).query)["endrecord"] == ["7"]


def test_load_more_may_answer_bare_markup() -> None:
    rows = "".join(
        f"<li><a href='/art/2026/11/{n}/art_9_{n}.html'>关于第{n}号事项的通知</a>"
        f"<span>2026-11-0{n}</span></li>"
        for n in range(1, 4)
    )
    reading = read(rows, "jpage")
    assert (reading.reader, reading.outcome) == ("jpage", Outcome.OK)
    assert len(reading.items) == 3
    assert read("<p>请求的服务未开放</p>", "jpage").outcome is Outcome.UNREADABLE


def test_rows_that_are_counted_but_not_answered_are_unreadable() -> None:
    reading = read(store("", 7), "jpage")
    assert (reading.outcome, reading.items) == (Outcome.UNREADABLE, ())
    assert "总数为7，却没有返回任何信息" in reading.why
