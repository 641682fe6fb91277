"""What a search's answer says of one title, and what a query of progress is. Pages synthetic."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checks.facts import Outcome
from crawler.readers.page import Page
from crawler.readers.search import read_progress, read_search

TITLE = "关于做好2026年示例工作的通知"
URL = "http://www.example.gov.cn/search?q=x"
TODAY = date(2026, 11, 23)
BOX = f"<form><input name='q' value='{TITLE}'></form><p>您搜索的是：{TITLE}</p>"
OTHERS = "".join(f"<li><a href='/n/{n}.html'>示例市第{n}次会议</a></li>" for n in range(5))


def page(body: str, status: int = 200, url: str = URL) -> Page:
    html = f"<html><!-- synthetic --><head><title>全站检索</title></head><body>{body}</body></html>"
    return Page(url, html.encode(), TODAY, status, "text/html; charset=utf-8")


def data(told: object, wrap: str = "{}") -> Page:
    body = wrap.replace("{}", json.dumps(told, ensure_ascii=False), 1)
    return Page(URL, body.encode(), TODAY, content_type="application/json")


@pytest.mark.parametrize(
    "link",
    [
        f"<a href='/n/1.html'>{TITLE}</a>",
        "<a href='/n/1.html'>关于做好<em>2026年</em><font color='red'>示例工作</font>的 通知</a>",
        f"<a href='/n/1.html' title='{TITLE}'>关于做好…</a>",
        "<a href='/n/1.html'>关于做好2026年示例工作的...</a>",
        f"<a href='/n/1.html'><span>【市教育局】</span>{TITLE}</a>",
    ],
)
def test_a_result_with_the_title_is_found_however_it_is_marked_up(link: str) -> None:
    assert read_search(page(f"{BOX}<ul>{OTHERS}<li>{link}</li></ul>"), TITLE).found is True


@pytest.mark.parametrize(
    "words",
    [
        "抱歉，没有找到相关结果",
        "未找到与您的检索词相关的信息",
        "共找到 0 条结果",
        "没有相关内容",
        "为您检索到0条",
        "无相关信息",
    ],
)
def test_a_page_that_says_no_result_does_not_find_it(words: str) -> None:
    assert read_search(page(f"{BOX}<p>{words}</p>"), TITLE).found is False


@pytest.mark.parametrize(
    "body",
    [
        f"{BOX}<ul>{OTHERS}</ul><p>共找到15条结果</p>",
        f"{BOX}<ul>{OTHERS}</ul><p>共找到15条结果</p><div>没有相关内容</div>",
        f"{BOX}<p>没有找到您需要的信息？请联系我们</p>",
        f"{BOX}<div style='display:none'>没有找到相关结果</div><ul>{OTHERS}</ul>",
        f"{BOX}<p>10条/页</p>",
        "<p>抱歉，您访问的页面未找到</p>",
        f"{BOX}<a href='/search?q={TITLE}&amp;sort=time'>{TITLE}</a>",
    ],
)
def test_what_neither_shows_the_title_nor_denies_it_is_not_known(body: str) -> None:
    assert read_search(page(body), TITLE).found is None


@pytest.mark.parametrize(
    "body",
    [
        "<div id='app'></div><p>没有找到相关结果</p>",
        "<p>{{ total }}</p><p v-if='!total'>没有找到相关结果</p>",
        "<p>没有找到相关结果</p><script>$.post('/search/data', {q: q}, show)</script>",
    ],
)
def test_a_page_that_a_script_is_to_write_is_not_known(body: str) -> None:
    met = read_search(page(BOX + body), TITLE)
    assert (met.found, met.outcome) == (None, Outcome.UNREADABLE)
    assert met.why.endswith("须人工核查")


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (403, "<p>Forbidden</p>", Outcome.BLOCKED),
        (200, "<p>访问过于频繁，请完成安全验证</p>", Outcome.BLOCKED),
        (404, "<p>404</p>", Outcome.GONE),
        (500, "<p>error</p>", Outcome.UNREACHABLE),
    ],
)
def test_a_search_that_cannot_be_asked_is_not_known(
    status: int, body: str, outcome: Outcome
) -> None:
    met = read_search(page(body, status), TITLE)
    assert (met.found, met.outcome) == (None, outcome)


ROW = {"title": "关于做好<em>2026年</em>示例工作的通知", "url": "/n/1.html"}


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"total": 1, "rows": [ROW]}, True),
        ({"keyword": TITLE, "total": 0, "rows": []}, False),
        ({"keyword": TITLE, "total": 3, "rows": [{"title": "别的", "url": "/n/2.html"}]}, None),
        ({"title": TITLE, "total": 3}, None),
        ({"keyword": TITLE, "url": "/s", "rows": None}, None),
        ({"code": 500, "msg": "error"}, None),
        ([], None),
    ],
)
def test_the_answer_of_a_data_service_is_read_too(told: object, found: bool | None) -> None:
    assert read_search(data(told), TITLE).found is found
    assert read_search(data(told, "callback({});"), TITLE).found is found


def test_data_nested_without_end_is_not_known() -> None:
    body = b"[" * 200_000 + b"]" * 200_000
    met = read_search(Page(URL, body, TODAY, content_type="application/json"), TITLE)
    assert met.found is None


@pytest.mark.parametrize(
    ("body", "reached"),
    [
        ("<h2>办件进度查询</h2><form action='/q'><input name='no'>受理号</form>", True),
        ("<p>请前往<a href='https://www.jszwfw.gov.cn/x'>江苏政务服务网</a>查询</p>", True),
        ("<p>办件进度</p><p>本栏目正在完善，内容另行公布，敬请关注。</p>", None),
        ("<div id='app'></div>", None),
    ],
)
def test_a_query_is_a_form_or_a_link_to_the_service_network(
    body: str, reached: bool | None
) -> None:
    assert read_progress(page(body)).found is reached


@pytest.mark.parametrize(("status", "reached"), [(404, False), (403, None), (503, None)])
def test_only_a_page_that_is_gone_is_not_reached(status: int, reached: bool | None) -> None:
    assert read_progress(page("<p>x</p>", status)).found is reached


def test_a_page_that_moved_to_the_service_network_is_reached() -> None:
    there = page("<div id='app'></div>", url="https://nt.jszwfw.gov.cn/cx")
    assert read_progress(there).found is True
