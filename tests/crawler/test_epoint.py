"""Epoint: rows of this very category, the list service's request, and what its answers say."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checks.facts import Outcome
from crawler.readers.choose import read_list
from crawler.readers.page import ListReading, Page

TODAY = date(2026, 11, 22)
COLUMN = "https://ggzy.example.gov.cn/jyxx/003001/003001002/moreinfo.html"
SITE = "11111111-2222-4333-8444-555566667777"
ACTION = "/rest/frontAppCustomAction/getPageInfoListNew"
SECURED = "/rest/secaction/getSecInfoListYzm"


def read(body: str, url: str = COLUMN, reader: str = "auto") -> ListReading:
    return read_list(Page(url, f"<!-- synthetic --><html>{body}</html>".encode(), TODAY), reader)


def rows(category: str) -> str:
    each = (
        f"<tr><td class='ewb-txt'><a href='/jyxx/003001/{category}/2026110{n}/{n}.html'>"
        f"示例路第{n}标段招标公告</a></td><td class='ewb-date'>2026-03-0{n}</td></tr>"
        for n in range(1, 5)
    )
    return f"<table class='ewb-trade-tb'>{''.join(each)}</table>"


def script(path: str, more: str = "") -> str:
    return f"<script>var siteGuid = '{SITE}'; {more} post('{path}', draw);</script>"


def answer(body: object) -> ListReading:
    return read_list(Page(COLUMN, json.dumps(body).encode(), TODAY), "epoint")


def row(**fields: object) -> dict[str, object]:
    return {"title": "公告", "infourl": "/jyxx/1.html", **fields}


def test_rows_on_the_page_are_read_and_the_address_is_not_their_day() -> None:
    reading = read(rows("003001002"))
    assert (reading.reader, reading.outcome) == ("epoint", Outcome.OK)
    assert [str(item.published_on) for item in reading.items] == [
        "2026-03-01",
        "2026-03-02",
        "2026-03-03",
        "2026-03-04",
    ]


def test_the_service_is_asked_as_its_script_would() -> None:
    follow = read(script(f"/EpointWebBuilder{ACTION}")).follow
    assert follow is not None
    assert (follow.method, follow.headers) == ("POST", {"Referer": COLUMN})
    assert follow.url == f"https://ggzy.example.gov.cn/EpointWebBuilder{ACTION}"
    asked = json.loads(follow.form["params"])
    assert (asked["siteGuid"], asked["categoryNum"]) == (SITE, "003001002")
    assert (asked["pageIndex"], asked["pageSize"]) == (0, 20)


def test_the_older_service_takes_plain_fields() -> None:
    follow = read(script(f"/EpointWebBuilder{SECURED}")).follow
    assert follow is not None
    assert follow.form == {
        "siteGuid": SITE,
        "categoryNum": "003001002",
        "content": "",
        "startdate": "",
        "enddate": "",
        "xiaqucode": "",
        "projectjiaoyitype": "",
        "jytype": "",
        "pageIndex": "0",
        "pageSize": "20",
    }


@pytest.mark.parametrize(
    ("more", "project"),
    [
        ("", "EpointWebBuilder"),
        ("var projectName = '/EpointWebBuilder_zb';", "EpointWebBuilder_zb"),
    ],
)
def test_a_project_name_that_the_script_puts_before_is_put_before(more: str, project: str) -> None:
    follow = read(script(ACTION, more)).follow
    assert follow is not None
    assert follow.url == f"https://ggzy.example.gov.cn/{project}{ACTION}"


def test_the_category_comes_from_the_script_where_the_address_has_none() -> None:
    page = script(f"/EpointWebBuilder{ACTION}", "var categoryNum = '003001';")
    follow = read(page, "https://ggzy.example.gov.cn/moreinfo.html").follow
    assert follow is not None
    assert json.loads(follow.form["params"])["categoryNum"] == "003001"
    two = script(f"/EpointWebBuilder{ACTION}", "a={categoryNum:'003'}; b={categoryNum:'004'};")
    reading = read(two, "https://ggzy.example.gov.cn/moreinfo.html")
    assert (reading.follow, reading.outcome) == (None, Outcome.UNREADABLE)


def test_rows_of_another_category_do_not_stand_for_a_list_that_a_script_draws() -> None:
    service = script(f"/EpointWebBuilder{ACTION}")
    assert read(rows("009001") + service).follow is not None
    own = read(rows("003001002") + service)
    assert (own.follow, len(own.items)) == (None, 4)


def test_the_day_of_the_information_counts_and_not_the_start_of_the_procedure() -> None:
    late = {"startdate": "2026-11-22 00:00:00", "infodatepx": "2026-11-21"}
    reading = answer({"custom": {"count": 57, "infodata": [row(infodate="2026-03-02", **late)]}})
    assert (reading.outcome, reading.total) == (Outcome.OK, 57)
    assert [str(item.published_on) for item in reading.items] == ["2026-03-02"]
    assert answer({"custom": {"infodata": [row(infodate=None, **late)]}}).outcome is (
        Outcome.UNDATED
    )


@pytest.mark.parametrize(
    "body",
    [
        {"result": {"totalcount": 3, "records": [{"title": "公告", "linkurl": "/1.html",
                                                  "webdate": "2026-03-02 10:00:00"}]}},
        {"return": json.dumps({"Table": [{"title": "公告", "infoUrl": "/1.html",
                                          "infodate": "2026-03-02"}]})},
    ],
)  # fmt: skip
def test_search_and_older_answers_are_read_too(body: object) -> None:
    reading = answer(body)
    assert [(str(item.published_on), item.url) for item in reading.items] == [
        ("2026-03-02", "https://ggzy.example.gov.cn/1.html")
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"custom": {"count": 0, "infodata": []}},
        {"custom": {"count": 57, "infodata": []}},
        {"custom": {}},
        {"status": {"code": 0, "text": "验证码错误"}},
        {"code": 401, "msg": "未授权"},
        {"return": "<html>"},
        [],
    ],
)
def test_an_answer_without_rows_never_makes_the_column_empty(body: object) -> None:
    assert answer(body).outcome is Outcome.UNREADABLE
