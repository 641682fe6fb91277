"""What counts as a link of a page, and what an answer says of it. All pages are synthetic."""

from __future__ import annotations

import asyncio
import socket
import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts import Outcome
from checks.links import LinkKind, LinkState, PageLink
from crawler.link_answers import (
    Baseline,
    alike,
    answer_state,
    baseline_of,
    failure_state,
    needs_body,
    print_of,
    random_path,
    redirected_to,
)
from crawler.names import is_missing, is_number
from crawler.outcome import failure_outcome
from crawler.readers.links import _PLAIN, MOST_LINKS, _absolute, _joined, read_links
from crawler.readers.page import Page

URL = "https://www.shili.gov.cn/zwgk/list.html"
ASKED = "https://www.shili.gov.cn/zwgk/1.html"
RANDOM = "https://www.shili.gov.cn/0123.html"
TODAY = date(2026, 11, 20)
ROWS = "<p>示例市认真贯彻落实各项部署，全市经济社会发展稳中有进。</p>" * 8
SORRY = "<p>您好，您要看的暂时没有，请返回首页另行查找，谢谢您的关注与支持。</p>"
PROPER = Baseline(proper=True)


def page(body: str, url: str = URL, status: int = 200, title: str = "") -> Page:
    html = f"<!-- synthetic --><html><title>{title}</title><body>{body}</body></html>"
    return Page(url, html.encode(), TODAY, status, "text/html")


def urls(body: str) -> list[str]:
    return [link.url for link in read_links(page(body))]


def test_kinds_words_and_absolute_addresses() -> None:
    body = (
        "<a href='1.html#top'>第<b>一</b>条</a><A HREF=/fj/a.PDF title='附件'></A>"
        "<a href='//www.example.cn'><img src='/i/logo.png' alt='外站'></a>"
        "<map><area href='../qy/' alt='区域'></map><a href='/tp/1.jpg'>图</a>"
    )
    assert read_links(page(body)) == (
        PageLink("https://www.shili.gov.cn/zwgk/1.html", LinkKind.PAGE, "第一条"),
        PageLink("https://www.shili.gov.cn/fj/a.PDF", LinkKind.ATTACHMENT, "附件"),
        PageLink("https://www.example.cn/", LinkKind.PAGE, "外站"),
        PageLink("https://www.shili.gov.cn/i/logo.png", LinkKind.IMAGE, "外站"),
        PageLink("https://www.shili.gov.cn/qy/", LinkKind.PAGE, "区域"),
        PageLink("https://www.shili.gov.cn/tp/1.jpg", LinkKind.IMAGE, "图"),
    )


@pytest.mark.parametrize(
    "href",
    [
        "javascript:;",
        "JavaScript:void(0)",
        "mailto:a@example.cn",
        "tel:051388880000",
        "data:image/png;base64,AA",
        "ftp://example.cn/a",
        "#",
        "#top",
        "",
        "{{item.url}}",
        "${url}",
        "<%=url%>",
        "/a/' + id + '.html",
        "undefined",
        "list.html",
        "list.html#a",
        "http://[bad",
        "http://",
        "http://example.cn:0/",
        "http://example.cn:99999/",
        "/user/logout.do",
        "/s?q=示例",
    ],
)
def test_what_is_no_link(href: str) -> None:
    assert urls(f'<a href="{href}">x</a>') == []


def test_comments_scripts_and_templates_hold_no_links() -> None:
    inner = "<a href='/a.html'>a</a>"
    assert urls(f"<!-- {inner} --><script>'{inner}'</script><template>{inner}</template>") == []


def test_base_says_where_the_page_lies() -> None:
    body = "<base href='/other/'><a href='1.html'>a</a>"
    assert urls(body) == ["https://www.shili.gov.cn/other/1.html"]


def test_an_address_is_written_as_it_is_sent_and_counts_once() -> None:
    body = (
        "<a href=' /附件 1.doc '>a</a><a href='/附件 1.doc#p2'>b</a>"
        "<a href='/a.do?x=1&amp;y=2'>c</a>"
    )
    assert urls(body) == [
        "https://www.shili.gov.cn/%E9%99%84%E4%BB%B6%201.doc",
        "https://www.shili.gov.cn/a.do?x=1&y=2",
    ]


@given(
    st.text("/ab.?=&-%:@~1,;", max_size=12),
    st.sampled_from(["", "http://a.cn", "https://b.gov.cn"]),
)
def test_a_plain_address_is_read_as_any_other(path: str, host: str) -> None:
    base = "https://www.shili.gov.cn/zwgk/list.html"
    if (href := f"{host}/{path}") and _PLAIN.fullmatch(href):
        assert _absolute(base, href) == _joined(base, href)


def test_a_page_has_two_thousand_links_at_most() -> None:
    body = "".join(f"<a href='/{n}.html'>{n}</a>" for n in range(MOST_LINKS + 1))
    assert len(urls(body)) == MOST_LINKS == 2_000


@pytest.mark.parametrize(
    "piece", ["<a href=", "<a ", "<a href='/a'>", "<base href=", "<img alt='", "<!--"]
)
def test_a_hostile_page_costs_no_more_than_its_length(piece: str) -> None:
    body = piece * (600_000 // len(piece))
    began = time.process_time()
    read_links(page(body))
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (page(ROWS, ASKED), LinkState.OK),
        (page("", ASKED, 404), LinkState.DEAD),
        (page("", ASKED, 410), LinkState.DEAD),
        (page("", ASKED, 500), LinkState.UNREACHABLE),
        (page("<p>系统升级维护中</p>", ASKED, 503), LinkState.UNKNOWN),
        (page("", ASKED, 401), LinkState.WALL),
        (page("", ASKED, 429), LinkState.WALL),
        (page("<script>var $_ts={}</script>", ASKED, 404), LinkState.WALL),
        (page("<p>请输入验证码</p>", ASKED), LinkState.WALL),
        (page("<p>页面不存在</p>", ASKED), LinkState.SOFT_DEAD),
        (page(ROWS, ASKED, title="404 - 页面不存在"), LinkState.SOFT_DEAD),
        (page("<script>location.href='/new/1.html'</script>网站已迁移", ASKED), LinkState.UNKNOWN),
        (page(ROWS, "https://www.shili.gov.cn/"), LinkState.UNKNOWN),
        (page(ROWS, "https://www.shili.gov.cn/404.html"), LinkState.SOFT_DEAD),
        (page(ROWS, "https://sso.shili.gov.cn/login?to=1"), LinkState.WALL),
        (Page(ASKED, b"%PDF", TODAY, 200, "application/pdf"), LinkState.OK),
    ],
)
def test_what_an_answer_says_of_a_link(answer: Page, state: LinkState) -> None:
    assert answer_state(answer, LinkKind.PAGE, ASKED, PROPER)[0] is state


def test_a_file_that_is_answered_by_a_page_is_not_known() -> None:
    assert (
        answer_state(page(ROWS, ASKED), LinkKind.ATTACHMENT, ASKED, PROPER)[0] is LinkState.UNKNOWN
    )


def test_likeness_to_the_random_answer_needs_a_notice_unlike_the_home_page() -> None:
    home = page(ROWS, "https://www.shili.gov.cn/", title="门户")
    soft = baseline_of(page(SORRY, RANDOM, title="提示"), RANDOM, home)
    assert (soft.proper, soft.normal) == (False, False)
    lost = answer_state(page(SORRY, ASKED, title="提示"), LinkKind.PAGE, ASKED, soft)
    assert lost[0] is LinkState.SOFT_DEAD
    assert answer_state(page(ROWS, ASKED), LinkKind.PAGE, ASKED, soft)[0] is LinkState.OK


@pytest.mark.parametrize(
    ("shown", "home"),
    [
        (page(ROWS, RANDOM, title="门户"), page(ROWS, title="门户")),
        (page(SORRY, RANDOM, title="门户"), page(ROWS, title="门户")),
        (page(SORRY, "https://www.shili.gov.cn/", title="提示"), page(ROWS, title="门户")),
        (page(SORRY, RANDOM, title="提示"), None),
        (page(ROWS * 20, RANDOM, title="栏目"), page(ROWS, title="门户")),
        (page("<div id=app></div>", RANDOM, title="应用"), page(ROWS, title="门户")),
    ],
)
def test_where_any_page_may_look_like_that_likeness_accuses_nobody(
    shown: Page, home: Page | None
) -> None:
    baseline = baseline_of(shown, RANDOM, home)
    same = Page(ASKED, shown.body, TODAY, 200, "text/html")
    assert answer_state(same, LinkKind.PAGE, ASKED, baseline)[0] is LinkState.UNKNOWN


def test_a_host_that_says_404_is_proper_and_a_wall_says_nothing() -> None:
    assert baseline_of(page("", RANDOM, 404), RANDOM, None) == PROPER
    assert baseline_of(page("", RANDOM, 403), RANDOM, None) == Baseline()
    assert baseline_of(page("<p>请输入验证码</p>", RANDOM), RANDOM, None) == Baseline()


def test_head_suffices_for_a_plain_page_of_a_proper_host_only() -> None:
    head = page("", ASKED)
    assert not needs_body(head, LinkKind.PAGE, ASKED, PROPER)
    assert needs_body(head, LinkKind.PAGE, ASKED, None)
    assert needs_body(head, LinkKind.PAGE, ASKED, Baseline())
    assert needs_body(head, LinkKind.ATTACHMENT, ASKED, PROPER)
    assert needs_body(page("", URL), LinkKind.PAGE, ASKED, PROPER)
    for dynamic in (f"{ASKED}?id=1", "https://www.shili.gov.cn/view.do"):
        assert needs_body(page("", dynamic), LinkKind.PAGE, dynamic, PROPER)


def test_pages_that_differ_by_a_number_are_alike_and_others_are_not() -> None:
    one, other = (print_of(page(f"{SORRY}<p>编号{n}</p>")) for n in (1, 22))
    assert alike(one, other)
    assert not alike(one, print_of(page(ROWS)))
    assert not alike(one, print_of(page(SORRY, title="提示")))


@pytest.mark.parametrize(
    ("failure", "url", "state"),
    [
        ("RobotsRefused", ASKED, LinkState.REFUSED),
        ("AddressRefused", ASKED, LinkState.REFUSED),
        ("DownloadTooLarge", ASKED, LinkState.OK),
        ("DownloadTimeoutError", ASKED, LinkState.UNREACHABLE),
        ("DownloadConnectionRefusedError", ASKED, LinkState.UNREACHABLE),
        ("SSLError", ASKED, LinkState.UNKNOWN),
        ("ResponseNeverReceived", ASKED, LinkState.UNKNOWN),
        ("ResponseNeverReceived", "http://www.shili.gov.cn/", LinkState.UNREACHABLE),
    ],
)
def test_what_a_failure_says_of_a_link(failure: str, url: str, state: LinkState) -> None:
    outcome, why = failure_outcome(failure)
    met = failure_state(outcome, f"{why}（{url}）", url)
    assert met[0] is state
    assert url not in met[1]


def test_redirects_are_followed_where_they_lead_somewhere() -> None:
    assert redirected_to(302, "/a", ASKED) == "https://www.shili.gov.cn/a"
    assert redirected_to(301, "http://[bad", ASKED) is None
    assert redirected_to(302, None, ASKED) is None
    assert redirected_to(200, "/a", ASKED) is None


def test_the_random_path_is_that_of_a_host_and_a_day() -> None:
    path = random_path("www.shili.gov.cn", TODAY)
    assert path == random_path("www.shili.gov.cn", TODAY)
    assert len({path, random_path("a.cn", TODAY), random_path("a.cn", date(2026, 11, 21))}) == 3


@pytest.mark.parametrize(
    ("errors", "missing"),
    [
        ({"gone.cn": socket.EAI_NONAME}, True),
        ({"gone.cn": socket.EAI_AGAIN}, False),
        ({"gone.cn": socket.EAI_NONAME, "there.cn": socket.EAI_NONAME}, False),
        ({}, False),
    ],
)
def test_a_name_is_missing_when_the_name_servers_know_another_one(
    monkeypatch: pytest.MonkeyPatch, errors: dict[str, int], missing: bool
) -> None:
    def resolve(host: str, *_: Any, **__: Any) -> list[Any]:
        if host in errors:
            raise socket.gaierror(errors[host], "synthetic")
        return []

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert asyncio.run(is_missing("gone.cn", ["gone.cn", "there.cn"])) is missing
    assert asyncio.run(is_missing("gone.cn", ["gone.cn"])) is False


def test_a_number_is_no_name() -> None:
    assert is_number("192.0.2.1")
    assert not is_number("www.shili.gov.cn")


def test_outcomes_have_a_state() -> None:
    for outcome in Outcome:
        assert failure_state(outcome, "", ASKED)[0] in LinkState
