"""What a visit met: by status and body, by list figures, by failure."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from checks.facts import Outcome
from crawler.outcome import failure_outcome, list_outcome, page_outcome, redirect_target
from crawler.readers.page import Page

PAGES = Path(__file__).parents[1] / "pages"
NOTICES = sorted(PAGES.glob("*/notice_*.html"))
READABLE = sorted(
    path for folder in ("ok", "empty", "undated") for path in (PAGES / folder).glob("*.html")
)
TODAY = date(2026, 11, 22)
ADDRESS = "https://www.example.gov.cn/zwgk/tzgg/"


def page(body: str | bytes, status: int = 200, url: str = ADDRESS) -> Page:
    return Page(url, body if isinstance(body, bytes) else body.encode(), TODAY, status)


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_saved_notice_has_the_outcome_of_its_folder(path: Path) -> None:
    """The file's name ends in the status it came with, when that was not 200."""
    named = re.search(r"_(\d{3})\Z", path.stem)
    url = "https://mp.weixin.qq.com/s/synthetic" if "wechat" in path.stem else ADDRESS
    met = page_outcome(page(path.read_bytes(), int(named[1]) if named else 200, url))
    assert met is not None
    assert met[0] == path.parent.name
    assert re.search(r"[\u4e00-\u9fff]{4}", met[1])


@pytest.mark.parametrize("path", READABLE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_readable_page_is_never_called_a_notice(path: Path) -> None:
    url = "https://mp.weixin.qq.com/s/synthetic" if "wechat" in path.stem else ADDRESS
    assert page_outcome(page(path.read_bytes(), url=url)) is None
    assert redirect_target(page(path.read_bytes())) is None


def test_there_are_saved_notices_of_every_kind_and_readable_pages() -> None:
    kinds = {path.parent.name for path in NOTICES}
    assert kinds >= {"blocked", "maintenance", "gone", "unreachable"}
    assert len(READABLE) >= 10


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Outcome.BLOCKED),
        (401, Outcome.BLOCKED),
        (403, Outcome.BLOCKED),
        (404, Outcome.GONE),
        (405, Outcome.BLOCKED),
        (410, Outcome.GONE),
        (412, Outcome.BLOCKED),
        (418, Outcome.BLOCKED),
        (429, Outcome.BLOCKED),
        (432, Outcome.BLOCKED),
        (500, Outcome.UNREACHABLE),
        (502, Outcome.UNREACHABLE),
        (503, Outcome.UNREACHABLE),
        (512, Outcome.BLOCKED),
        (521, Outcome.BLOCKED),
        (302, Outcome.UNREACHABLE),
    ],
)
def test_a_bare_status_has_its_outcome(status: int, outcome: Outcome) -> None:
    met = page_outcome(page("", status))
    assert met is not None
    assert met[0] is outcome
    assert str(status) in met[1]


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (404, "<p>您的请求已被网站管理员设置拦截</p>", Outcome.BLOCKED),
        (503, "<p>网站正在升级维护</p>", Outcome.MAINTENANCE),
        (503, "<title>Just a moment...</title><p>Checking your browser</p>", Outcome.BLOCKED),
        (404, "<script>var k='__jsl_clearance_s';</script>", Outcome.BLOCKED),
    ],
)
def test_the_body_can_say_more_than_the_status(status: int, body: str, outcome: Outcome) -> None:
    met = page_outcome(page(f"<html><body>{body}</body></html>", status))
    assert met is not None
    assert met[0] is outcome


def test_an_empty_answer_is_unreadable_and_not_an_empty_list() -> None:
    met = page_outcome(page(b" \r\n"))
    assert met is not None
    assert met[0] is Outcome.UNREADABLE


@pytest.mark.parametrize(
    "body",
    [
        '{"code":404,"success":false,"message":"页面不存在"}',
        'cb({"result":"系统升级中"})',
        '<?xml version="1.0" encoding="utf-8"?><rss><title>404</title></rss>',
        "<datastore><recordset></recordset></datastore>",
    ],
)
def test_the_answers_of_list_services_are_left_to_their_readers(body: str) -> None:
    assert page_outcome(page(body)) is None


ROWS = "".join(
    f"<li><a href='/{n}.html'>关于系统升级维护暂停服务的公告</a><span>2026-11-0{n}</span></li>"
    for n in (1, 2, 3)
)


@pytest.mark.parametrize(
    "body",
    [
        f"<ul>{ROWS}</ul>",
        f"<script>var $_ts={{}};$_ts.cd='x';document.cookie='a=1'</script><ul>{ROWS}</ul>",
        "<h1>关于网站页面不存在问题的说明</h1><p>来源：市政府办</p><p>访问过于频繁时请稍后再试。</p>",
        "<p>" + "本条例对验证码、访问受限和404等情形作出规定。" * 40 + "</p>",
        "<table><tr><td>序号</td></tr></table>" + "<a href='/'>栏目</a>" * 10 + "网站维护中",
    ],
    ids=[
        "a list of such notices",
        "a list behind a firewall",
        "an article",
        "a long text",
        "links",
    ],
)
def test_a_page_that_merely_mentions_trouble_stays_a_real_page(body: str) -> None:
    assert page_outcome(page(f"<html><title>通知公告</title><body>{body}</body></html>")) is None


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ('<meta http-equiv="Refresh" content="0;URL=./dwzn/">', f"{ADDRESS}dwzn/"),
        ("<META content='0; url=/new/index.html' http-equiv=refresh>", "/new/index.html"),
        ("<script>window.location.href='/new/';</script>", "/new/"),
        ('<script>location.replace("/new/")</script>', "/new/"),
        (
            "<script>top.location = 'https://new.example.gov.cn/';</script>",
            "https://new.example.gov.cn/",
        ),
        ("<frameset><frame src='/main.html'></frameset>", "/main.html"),
        (
            "<meta http-equiv='refresh' content='0;url=index.html?a=1&amp;b=2'>",
            f"{ADDRESS}index.html?a=1&b=2",
        ),
    ],
)
def test_a_stub_names_where_it_sends_its_visitor(body: str, target: str) -> None:
    expected = f"https://www.example.gov.cn{target}" if target.startswith("/") else target
    assert redirect_target(page(f"<html><head>{body}</head><body></body></html>")) == expected


@pytest.mark.parametrize(
    "body",
    [
        "<script>document.cookie='x=1';location.href='/again/';</script>",
        "<script>if(/Mobile/.test(navigator.userAgent))location.href='/wap/';</script>",
        "<!-- <meta http-equiv='refresh' content='0;url=/old/'> -->",
        "<noscript><meta http-equiv='refresh' content='0;url=/nojs/'></noscript>",
        "<meta http-equiv='refresh' content='300;url=/later/'>",
        "<meta http-equiv='refresh' content='0;url=#top'>",
        "<script>location.href='javascript:void(0)'</script>",
        "<script>location.href='file:///etc/passwd'</script>",
        "<script>location.href='/home/'</script>" + "这是有内容的页面，跳转只是其中一项功能。" * 20,
        "<frameset><frame src='a.html'><frame src='b.html'></frameset>",
    ],
)
def test_challenges_reloads_and_real_pages_send_nobody_on(body: str) -> None:
    assert redirect_target(page(f"<html><body>{body}</body></html>")) is None


@pytest.mark.parametrize(
    ("items", "dated", "least", "evidence", "outcome"),
    [
        (20, 20, 1, False, Outcome.OK),
        (20, 1, 1, False, Outcome.OK),
        (20, 0, 1, False, Outcome.UNDATED),
        (3, 3, 3, False, Outcome.OK),
        (2, 2, 3, False, Outcome.UNREADABLE),
        (2, 2, 3, True, Outcome.UNREADABLE),
        (0, 0, 1, False, Outcome.UNREADABLE),
        (0, 0, 0, False, Outcome.UNREADABLE),
        (0, 0, 1, True, Outcome.EMPTY),
    ],
)
def test_a_list_is_empty_only_when_the_page_says_so(
    items: int, dated: int, least: int, evidence: bool, outcome: Outcome
) -> None:
    assert list_outcome(items, dated, least, evidence) is outcome


@pytest.mark.parametrize(
    ("name", "outcome", "word"),
    [
        ("DNSLookupError", Outcome.UNREACHABLE, "域名"),
        ("CannotResolveHostError", Outcome.UNREACHABLE, "域名"),
        ("gaierror", Outcome.UNREACHABLE, "域名"),
        ("TimeoutError", Outcome.UNREACHABLE, "超时"),
        ("TCPTimedOutError", Outcome.UNREACHABLE, "超时"),
        ("DownloadTimeoutError", Outcome.UNREACHABLE, "超时"),
        ("ConnectionRefusedError", Outcome.UNREACHABLE, "拒绝连接"),
        ("DownloadConnectionRefusedError", Outcome.UNREACHABLE, "拒绝连接"),
        ("NoRouteError", Outcome.UNREACHABLE, "无法连接"),
        ("ConnectionLost", Outcome.UNREACHABLE, "中断"),
        ("ConnectionDone", Outcome.UNREACHABLE, "中断"),
        ("ResponseNeverReceived", Outcome.UNREACHABLE, "中断"),
        ("ResponseDataLossError", Outcome.UNREACHABLE, "中断"),
        ("Error", Outcome.UNREACHABLE, "加密"),
        ("SSLError", Outcome.UNREACHABLE, "证书"),
        ("CertificateError", Outcome.UNREACHABLE, "证书"),
        ("RedirectLoop", Outcome.UNREACHABLE, "重定向"),
        ("TooManyRedirects", Outcome.UNREACHABLE, "重定向"),
        ("DownloadTooLarge", Outcome.TOO_LARGE, "大小"),
        ("DownloadCancelledError", Outcome.TOO_LARGE, "大小"),
        ("_DecompressionMaxSizeExceeded", Outcome.TOO_LARGE, "大小"),
        ("AddressRefused", Outcome.REFUSED, "内部网络"),
        ("RobotsRefused", Outcome.REFUSED, "robots.txt"),
        ("SchemeRefused", Outcome.REFUSED, "规则"),
        ("UnsupportedURLSchemeError", Outcome.REFUSED, "规则"),
        ("SomethingNew", Outcome.UNREACHABLE, "SomethingNew"),
    ],
)
def test_every_failure_is_a_named_outcome_in_plain_words(
    name: str, outcome: Outcome, word: str
) -> None:
    met, reason = failure_outcome(name)
    assert met is outcome
    assert word in reason
