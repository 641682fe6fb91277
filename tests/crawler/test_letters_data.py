"""Mailbox services: letters from JSON, and the requests that bring it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checks.facts import Letter, Outcome
from crawler.readers.letters import read_letter, read_letters
from crawler.readers.mail.paging import next_list_page
from crawler.readers.page import Follow, LettersReading, Page

TODAY = date(2026, 11, 22)
LIST = "https://www.example.gov.cn/hdjl/xjlb.html"
DETAIL = "https://www.example.gov.cn/appeal/view.jsp?model_id=1&sq_id=39065"


def answered(data: object, url: str = LIST) -> LettersReading:
    return read_letters(Page(url, json.dumps(data).encode(), TODAY))


def html_of(body: str, url: str = LIST) -> Page:
    return Page(url, f"<!-- synthetic --><body>{body}".encode(), TODAY)


def rows(*entries: dict[str, object]) -> tuple[Letter, ...]:
    return answered({"rows": list(entries)}).letters


def row(**fields: object) -> Letter:
    (letter,) = rows({"id": 7, "title": "咨询办理流程", **fields})
    return letter


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("sq_dtime", "received_on"),
        ("fomateWriteDate", "received_on"),
        ("submitTime", "received_on"),
        ("lxsj", "received_on"),
        ("acceptTime", "accepted_on"),
        ("slsj", "accepted_on"),
        ("over_dtime", "replied_on"),
        ("completeDate", "replied_on"),
        ("dealTime", "replied_on"),
        ("hfsj", "replied_on"),
    ],
)
def test_a_key_known_to_name_a_day_of_a_letter_is_that_day(key: str, place: str) -> None:
    letter = row(**{"status": "办理中", key: "2026-11-10 08:20:00"})
    days = ("received_on", "accepted_on", "replied_on")
    assert {name: getattr(letter, name) for name in days} == {
        name: date(2026, 11, 10) if name == place else None for name in days
    }


@pytest.mark.parametrize("key", ["updateTime", "publishTime", "time", "endTime", "limitDate"])
def test_a_key_whose_meaning_is_unknown_gives_no_day(key: str) -> None:
    letter = row(**{"status": "办理中", key: "2026-11-10"})
    assert (letter.received_on, letter.accepted_on, letter.replied_on) == (None, None, None)


def test_the_day_a_row_was_created_is_its_receipt_only_where_the_row_is_a_letters() -> None:
    assert row(createTime="2026-11-10", status="办理中").received_on == date(2026, 11, 10)
    assert answered([{"title": "关于放假的通知", "createTime": "2026-11-10"}]).letters == ()


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (1794326400000, date(2026, 11, 11)),  # 16:00 UTC on the 10th
        (1794326399, date(2026, 11, 10)),
        ("2026-01-05 24:00", date(2026, 1, 5)),
        ({"time": 1794182400000}, date(2026, 11, 9)),
        ("20261110", date(2026, 11, 10)),
        ("2026-12-24", None),  # the future
        ("11-10", None),
        (0, None),
        (None, None),
        ("", None),
    ],
)
def test_days_are_read_as_services_write_them_and_never_guessed(
    written: object, day: date | None
) -> None:
    assert row(lxsj=written, status="办理中").received_on == day


@pytest.mark.parametrize(
    ("code", "status", "shown"),
    [(0, "待处理", False), (1, "处理中", False), (3, "已办结", False), (7, None, None)],
)
def test_a_numbered_state_is_known_only_where_its_numbers_are(
    code: int, status: str | None, shown: bool | None
) -> None:
    data = [{"sq_id": 1, "sq_title2": "来信", "sq_dtime": "2026-11-02", "sq_status": code}]
    data[0] |= {"sq_reply": "", "over_dtime": ""}
    (letter,) = read_letter(Page(DETAIL, json.dumps(data).encode(), TODAY)).letters
    assert (letter.status, letter.answered) == (status, shown)


def test_a_number_that_nobody_explains_leaves_open_whether_there_is_an_answer() -> None:
    done, other = rows(
        {"id": 1, "title": "来信甲", "status": 2, "replyTime": "2026-11-10"},
        {"id": 2, "title": "来信乙", "status": 1, "replyTime": ""},
    )
    assert (done.answered, done.status) == (True, None)
    assert (other.answered, other.status) == (None, None)


def test_a_key_that_no_row_fills_is_no_place_for_an_answer() -> None:
    entry: dict[str, object] = {"title": "来信", "lxsj": "2026-11-02", "replyContent": None}
    silent = rows({"id": 1, **entry}, {"id": 2, **entry})
    assert [letter.answered for letter in silent] == [None, None]
    told = rows({"id": 1, **entry}, {"id": 2, **entry, "replyContent": "您好。"})
    assert [letter.answered for letter in told] == [False, True]


def test_what_tells_of_the_writer_does_not_reach_the_letter() -> None:
    letter = row(
        lxsj="2026-11-02",
        writeUser="写信人甲",
        userName="写信人乙",
        name="写信人丙",
        phone="13900000000",
        sq_card_id="110101190001010000",
        email="a@example.cn",
        content="本人写信人丁",
    )
    assert letter == Letter("7", "咨询办理流程", None, received_on=date(2026, 11, 2), answered=None)


def test_the_longest_list_of_letters_is_taken_and_menus_are_not() -> None:
    data = {
        "menu": [{"name": f"栏目{n}", "url": f"/{n}"} for n in range(9)],
        "top": [{"id": 9, "title": "置顶来信", "lxsj": "2026-11-02"}],
        "list": [{"id": n, "title": f"来信{n}", "lxsj": "2026-11-02"} for n in range(3)],
    }
    assert [letter.ref for letter in answered({"data": data}).letters] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        ({"total": 0, "rows": []}, Outcome.EMPTY),
        ({"data": {"totalCount": "0", "dataList": []}}, Outcome.EMPTY),
        ({"total": 12, "rows": []}, Outcome.UNREADABLE),
        ({"rows": []}, Outcome.UNREADABLE),
        ([], Outcome.UNREADABLE),
        ({"success": False, "total": 0, "rows": []}, Outcome.UNREADABLE),
        ({"code": 500, "msg": "系统异常", "total": 0}, Outcome.UNREADABLE),
    ],
)
def test_only_an_explicit_total_of_zero_makes_a_mailbox_empty(
    data: object, outcome: Outcome
) -> None:
    assert answered(data).outcome is outcome


@pytest.mark.parametrize("title", ["", "{{item.title}}", "${title}", None])
def test_a_row_without_a_title_or_with_a_templates_is_no_letter(title: object) -> None:
    assert rows({"id": 1, "title": title, "lxsj": "2026-11-02"}) == ()


def test_arrays_in_scripts_need_a_day_or_an_answer_of_a_letter() -> None:
    menu = "<script>var a = [{title: '栏目', status: '正常', createTime: '2026-11-02'}]</script>"
    assert read_letters(html_of(menu)).outcome is Outcome.UNREADABLE
    mails = "<script>var a = [{id: 5, title: '来信', lxsj: '2026-11-02'}]</script>"
    (letter,) = read_letters(html_of(mails)).letters
    assert (letter.ref, letter.received_on) == ("5", date(2026, 11, 2))


# Services


def asked_by(script: str) -> Follow:
    follow = read_letters(html_of(f"<div id='list'></div><script>{script}</script>")).follow
    assert follow is not None
    assert follow.method == "POST"
    assert follow.headers == {"Referer": LIST}
    return follow


def test_the_known_list_services_are_asked_as_their_pages_ask_them() -> None:
    complaints = asked_by("post('com.web.complain.complain.moreNewComplain.biz.ext')")
    assert complaints.url == (
        "https://www.example.gov.cn/hdjl/com.web.complain.complain.moreNewComplain.biz.ext"
    )
    assert complaints.form["PageCond/begin"] == "0"
    refers = asked_by("$.post('/wcm/RefersServlet', {areaCode: '3', sType: 'x'})")
    assert (refers.form["areaCode"], refers.form["sType"]) == ("3", "x")
    linked = asked_by('$.post("/user/linked/list.do")')
    assert (linked.url, linked.form["pageNo"]) == (
        "https://www.example.gov.cn/user/linked/list.do",
        "1",
    )


def test_a_service_on_another_host_is_not_asked() -> None:
    page = html_of("<script>$.post('https://elsewhere.example/user/linked/list.do')</script>")
    reading = read_letters(page)
    assert (reading.outcome, reading.follow) == (Outcome.UNREADABLE, None)


def test_a_page_with_its_own_letters_asks_no_service() -> None:
    body = (
        "<table><tr><th>标题</th><th>来信时间</th></tr>"
        "<tr><td><a href='?id=1001'>来信甲</a></td><td>2026-11-02</td></tr></table>"
        "<script>more('/user/linked/list.do')</script>"
    )
    reading = read_letters(html_of(body))
    assert (reading.outcome, reading.follow) == (Outcome.OK, None)


def test_a_letter_that_a_script_brings_is_asked_for_by_its_number() -> None:
    script = "<script>$.getJSON('/jsp/brow/SQContent.jsp?callback=?', {sq_id: id})</script>"
    reading = read_letter(Page(DETAIL, f"<!-- synthetic -->{script}".encode(), TODAY))
    assert reading.outcome is Outcome.UNREADABLE
    assert reading.follow is not None
    assert reading.follow.url == ("https://www.example.gov.cn/jsp/brow/SQContent.jsp?sq_id=39065")


def test_a_services_letter_completes_the_row_of_the_list() -> None:
    known = Letter("A1", "咨询加装电梯", DETAIL, received_on=date(2026, 11, 9), unit="市住建局")
    body = (
        'cb([{"sq_title2": "咨询加装电梯", "sq_dtime": "2026-11-10 10:00", "sq_status": 3,'
        ' "sq_reply": "您好", "over_dtime": "2026-11-13", "sq_realname": "某人"}])'
    )
    (letter,) = read_letter(Page(DETAIL, body.encode(), TODAY), known).letters
    assert letter == Letter(
        "A1",
        "咨询加装电梯",
        DETAIL,
        received_on=date(2026, 11, 10),
        replied_on=date(2026, 11, 13),
        unit="市住建局",
        status="已办结",
        answered=True,
    )


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"a": 1}', b'cb([{"x": 1}, {"x": 2}])'])
def test_an_answer_without_a_letter_says_nothing_of_it(body: bytes) -> None:
    known = Letter("A1", "来信", DETAIL, received_on=date(2026, 11, 9))
    reading = read_letter(Page(DETAIL, body, TODAY), known)
    assert (reading.outcome, reading.letters) == (Outcome.UNREADABLE, ())


# Turning pages


@pytest.mark.parametrize(
    ("form", "following"),
    [
        (
            {"PageCond/begin": "6", "PageCond/length": "6"},
            {"PageCond/begin": "12", "PageCond/length": "6"},
        ),
        ({"currPage": "1", "pageSize": "20"}, {"currPage": "2", "pageSize": "20"}),
        ({"pageNo": "2", "pageSize": "30"}, {"pageNo": "3", "pageSize": "30"}),
    ],
)
def test_a_services_next_page_is_the_same_request_with_its_number_raised(
    form: dict[str, str], following: dict[str, str]
) -> None:
    asked = Follow("https://www.example.gov.cn/s", "POST", form, {"Referer": LIST})
    turned = next_list_page(html_of("{}"), asked)
    assert turned is not None
    assert (turned.url, turned.method, dict(turned.form)) == (asked.url, "POST", following)
    assert turned.headers == asked.headers


def test_the_next_group_of_a_jact_service_begins_where_the_last_ended() -> None:
    url = "https://www.example.gov.cn/jact/front/dataproxy_mailnewlist.action"
    asked = Follow(
        f"{url}?startrecord=1&endrecord=57&perpage=19&groupSize=3", "POST", {"sysid": "1"}
    )
    turned = next_list_page(html_of("<datastore></datastore>"), asked)
    assert turned is not None
    assert "startrecord=58&" in turned.url
    assert turned.form == {"sysid": "1"}


@pytest.mark.parametrize(
    ("body", "url", "following"),
    [
        (
            "<a href='?pageNo=2'>下一页</a>",
            LIST,
            "https://www.example.gov.cn/hdjl/xjlb.html?pageNo=2",
        ),
        (
            "<a href='javascript:go(2)'>下一页</a>",
            "https://www.example.gov.cn/appeal/list.jsp?model_id=1&cur_page=1",
            "https://www.example.gov.cn/appeal/list.jsp?model_id=1&cur_page=2",
        ),
        ("<a href='https://elsewhere.example/2.html'>下一页</a>", LIST, None),
        ("<a href='javascript:__doPostBack()'>下一页</a>", LIST, None),
    ],
)
def test_a_page_leads_on_by_its_own_link_or_the_number_in_its_address(
    body: str, url: str, following: str | None
) -> None:
    turned = next_list_page(html_of(body, url), None)
    assert (turned.url if turned else None) == following
