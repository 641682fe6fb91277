"""What the 公众号 interface answers, read: days, deleted articles, materials, error codes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from checks.facts import DateSource, Item, Outcome
from crawler.readers.page import ListReading, Page
from crawler.readers.wechat_api import (
    Token,
    is_enough,
    is_fresh,
    read_answer,
    read_token,
    runs_down,
)
from crawler.readers.wechat_refusals import REFUSALS, Refusal

TODAY = date(2026, 11, 20)
URL = "https://api.weixin.qq.com/cgi-bin/freepublish/batchget"


def answer(data: Any, status: int = 200) -> Page:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return Page(URL, body, TODAY, status, "application/json; encoding=utf-8")


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


def listed(*entries: Any, total: Any = None) -> Page:
    return answer({"total_count": len(entries) if total is None else total, "item": entries})


def published(moment: Any, *articles: Any, **more: Any) -> dict[str, Any]:
    content = {"news_item": articles}
    return {"article_id": "a1", "update_time": moment, "content": content, **more}


def read(page: Page) -> ListReading:
    reading = read_answer(page)
    assert isinstance(reading, ListReading)
    return reading


def refused(page: Page) -> Refusal:
    reading = read_answer(page)
    assert isinstance(reading, Refusal)
    return reading


def ago(*days: int) -> list[date]:
    return [TODAY - timedelta(each) for each in days]


def test_a_message_with_two_articles_is_two_items_of_one_day() -> None:
    moment = at(2026, 11, 18, 1)
    first = {"title": " 便民\n信息 ", "url": "http://mp.weixin.qq.com/s?sn=1", "is_deleted": False}
    reading = read(listed(published(moment, first, {"title": "通知", "url": ""})))
    day, text = date(2026, 11, 18), str(moment)
    assert reading.items == (
        Item("便民 信息", "http://mp.weixin.qq.com/s?sn=1", day, text, DateSource.API),
        Item("通知", None, day, text, DateSource.API),
    )
    assert (reading.outcome, reading.reader, reading.total) == (Outcome.OK, "wechat_api", 1)
    assert reading.why == "公众号接口：共1条消息，读到2篇，2篇有日期"


@pytest.mark.parametrize(("minute", "day"), [(59, 19), (60, 20)])
def test_the_day_is_that_of_shanghai(minute: int, day: int) -> None:
    moment = at(2026, 11, 19, 15) + minute * 60
    (item,) = read(listed(published(moment, {"title": "x"}))).items
    assert item.published_on == date(2026, 11, day)


def test_a_deleted_article_is_no_item() -> None:
    gone = {"title": "已删除", "is_deleted": True}
    kept = {"title": "保留"}
    assert [each.title for each in read(listed(published(at(2026, 11, 1), gone, kept))).items] == [
        "保留"
    ]
    assert read(listed(published(at(2026, 11, 1), gone))).outcome is Outcome.UNREADABLE


def test_a_message_without_its_articles_still_has_its_day() -> None:
    (item,) = read(listed({"article_id": "a", "update_time": at(2026, 11, 2)})).items
    assert (item.title, item.published_on) == ("（接口未给出标题）", date(2026, 11, 2))


def test_what_is_only_a_material_stands_apart() -> None:
    material = {
        "media_id": "m1",
        "update_time": at(2026, 11, 19),
        "content": {"news_item": [{"title": "草稿"}]},
    }
    (item,) = read(listed(material)).items
    assert (item.apart, item.published_on) == (True, date(2026, 11, 19))


@pytest.mark.parametrize("moment", [None, "", "昨天", True, [1], 10**30, -1, 3.5])
def test_a_time_that_is_none_gives_no_day_and_accuses_nobody(moment: Any) -> None:
    reading = read(listed(published(moment, {"title": "x"})))
    assert [each.published_on for each in reading.items] == [None]
    assert reading.outcome is Outcome.UNREADABLE


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///x", 5, None, "//x", ""])
def test_only_web_addresses_become_links(url: Any) -> None:
    (item,) = read(listed(published(at(2026, 11, 2), {"title": "x", "url": url}))).items
    assert item.url is None


def test_an_empty_list_is_unreadable_and_tells_its_total() -> None:
    reading = read(listed())
    assert (reading.outcome, reading.items, reading.total) == (Outcome.UNREADABLE, (), 0)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html>login</html>", "公众号接口返回的不是所需的数据"),
        (b"[1]", "公众号接口返回的不是所需的数据"),
        (b"{" * 9000, "公众号接口返回的不是所需的数据"),
        (b"", "服务器返回的内容为空"),
        (b'{"item":[]}', "公众号接口的答复无法识别"),
        (b'{"total_count":"1","item":[]}', "公众号接口的答复无法识别"),
        (b'{"total_count":1,"item":{}}', "公众号接口的答复无法识别"),
        (b'{"total_count":1,"item":[1]}', "公众号接口的答复中有无法识别的条目"),
        (b'{"errcode":"x"}', "公众号接口的错误码无法识别"),
    ],
)
def test_what_is_no_answer_of_the_interface_is_unreadable(body: bytes, why: str) -> None:
    assert refused(answer(body)) == Refusal(Outcome.UNREADABLE, why)


def test_a_server_that_fails_or_leads_elsewhere_is_told_as_such() -> None:
    assert refused(answer(b"", 502)) == Refusal(Outcome.UNREACHABLE, "服务器出错（502）")
    assert refused(answer(b"", 307)).outcome is Outcome.UNREACHABLE


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_every_known_code_says_what_to_do_and_is_no_verdict(code: int) -> None:
    met = refused(answer({"errcode": code, "errmsg": "x rid: 1-2-3"}))
    assert met.code == code
    assert met.outcome is (Outcome.UNREACHABLE if code == -1 else Outcome.BLOCKED)
    assert "：" in met.why
    assert met.why.endswith(f"（错误码{code}）")
    assert "{" not in met.why


def test_the_address_to_be_allowed_is_named() -> None:
    message = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 1-2-3"
    assert refused(answer({"errcode": 40164, "errmsg": message})).why == (
        "本机出口地址 203.0.113.7 不在该公众号的IP白名单内："
        "请在公众平台“设置与开发—基本配置—IP白名单”中加入该地址（错误码40164）"
    )


def test_an_unknown_code_is_told_with_its_message_and_no_number_of_a_person() -> None:
    met = refused(answer({"errcode": 99999, "errmsg": "call 13800138000\nplease"}))
    assert met == Refusal(
        Outcome.BLOCKED, "公众号接口返回错误99999：call 13*******00 please", 99999
    )
    assert refused(answer({"errcode": 99999})).why == "公众号接口返回错误99999：未说明原因"


def test_errcode_zero_is_no_error() -> None:
    page = answer({"errcode": 0, "errmsg": "ok", "total_count": 0, "item": []})
    assert read(page).total == 0


def test_a_token_is_read_and_never_shown() -> None:
    token = read_token(answer({"access_token": "84_secret", "expires_in": 7200}))
    assert token == Token("84_secret", 7200)
    assert "84_secret" not in repr(token)


@pytest.mark.parametrize(("told", "kept"), [(10**30, 7200), (-(10**30), 0), (60, 60)])
def test_a_token_is_kept_two_hours_at_most_whatever_is_told(told: int, kept: int) -> None:
    assert read_token(answer({"access_token": "x", "expires_in": told})) == Token("x", kept)


@pytest.mark.parametrize("data", [{}, {"access_token": "", "expires_in": 1}, {"access_token": "x"}])
def test_an_answer_without_a_token_is_unreadable(data: dict[str, Any]) -> None:
    assert read_token(answer(data)) == Refusal(Outcome.UNREADABLE, "凭证接口的答复无法识别")


@pytest.mark.parametrize(("days", "fresh"), [(7, True), (8, False)])
def test_a_week_is_fresh_its_seventh_day_included(days: int, fresh: bool) -> None:
    assert is_fresh(ago(90, days), TODAY) is fresh


@pytest.mark.parametrize(
    ("days", "down"),
    [((1, 1, 5), True), ((5, 1), False), ((5, 5, 5), False), ((1, 9, 8), False), ((), False)],
)
def test_an_order_is_shown_only_by_days_that_differ(days: tuple[int, ...], down: bool) -> None:
    assert runs_down(ago(*days)) is down


@pytest.mark.parametrize(
    ("days", "enough"),
    [
        ((1, 30, 61), True),
        ((1, 30, 60), False),  # the last 60 days go on
        ((61, 30, 1), False),  # from old to new
        ((8, 30, 61), False),  # may be late: read all that politeness allows
    ],
)
def test_the_rest_may_stay_unread_only_where_it_is_surely_older(
    days: tuple[int, ...], enough: bool
) -> None:
    assert is_enough(ago(*days), TODAY) is enough
