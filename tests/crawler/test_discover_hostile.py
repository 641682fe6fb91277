"""A portal that means harm: the walk ends, stays outside, and says what it met."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

import pytest

from checks.facts import Outcome
from crawler.children import CrawlError
from crawler.discover import discover
from crawler.readers.discovery.draft import Draft
from crawler.settings import CrawlSection
from tests.crawler.server import Answer, Server, missing, page, redirect, serving
from tests.hang import no_hang

MAX_PAGES = 40
SECTION = CrawlSection(
    delay_seconds=0,
    timeout_seconds=2,
    max_bytes=2_000_000,
    contact="mailto:office@example.gov.cn",
    allow_private_networks=("127.0.0.1/32",),
)
ROWS = "".join(
    f"<li><a href='./t202611{n:02d}_{n}.html'>关于做好第{n}号工作的通知</a>"
    f"<span>2026-11-{n:02d}</span></li>"
    for n in range(10, 20)
)


def shown(body: str) -> Answer:
    return page(f"<html><!-- synthetic --><body>{body}</body></html>")


class Endless(dict[str, Answer]):
    """Answers every address: each page of the calendar and of the maze leads to ten more."""

    def get(self, path: str, default: object = None) -> Answer:
        if path in self:
            return self[path]
        if re.match(r"/(?:maze|calendar|events)", path):
            more = "".join(
                f"<a href='{path.rstrip('/')}/{n}/'>栏目之{'甲乙丙丁戊己庚辛壬癸'[n]}</a>"
                for n in range(10)
            )
            return shown(
                f"<div class='nav'>{more}<a href='/events?date=2026-12-{path}'>下月</a></div>"
            )
        return missing


@dataclass(frozen=True)
class Met:
    draft: Draft
    server: Server
    inner: Server

    @property
    def asked(self) -> list[str]:
        return [path for path, _ in self.server.seen if path != "/robots.txt"]

    @property
    def said(self) -> dict[str, str]:
        """What is told of the pages that could not be seen, by their names."""
        low = [(row.name, row.why) for row in self.draft.columns if row.sure == "低"]
        return dict(low) | {each.name: each.why for each in self.draft.unlisted}


@pytest.fixture(scope="module")
def met() -> Iterator[Met]:
    answers = Endless()
    with serving({}, host="127.0.0.2") as inner, serving(answers) as outer:
        inward = f"http://127.0.0.2:{inner.server_port}"
        many = "".join(f"<a href='/many/{n}/'>众多栏目</a>" for n in range(10_000))
        answers |= {
            "/robots.txt": page("User-agent: *\nDisallow: /closed/", Content_Type="text/plain"),
            "/": shown(
                "<div class='nav'><a href='/zwyw/'>政务要闻</a><a href='/tzgg/'>通知公告</a>"
                "<a href='/loop/'>循环栏目</a><a href='/inward/'>内网栏目</a>"
                f"<a href='{inward}/list/'>部门动态</a><a href='{inward}/szxx/'>市长信箱</a>"
                "<a href='/closed/'>内部栏目</a><a href='/bomb/'>特大栏目</a>"
                "<a href='/maze/'>迷宫栏目</a><a href='/calendar/2026/'>活动日历</a>"
                f"<a href='/crash/'>断线栏目</a></div>{many}"
            ),
            "/zwyw/": shown(f"<h3>政务要闻</h3><ul>{ROWS}</ul>"),
            "/tzgg/": shown(f"<h3>通知公告</h3><ul>{ROWS.replace('./', './b')}</ul>"),
            "/loop/": redirect("/loop/again/"),
            "/loop/again/": redirect("/loop/"),
            "/inward/": redirect(f"{inward}/list/"),
            "/bomb/": page(b"x" * 3_000_000),
            "/crash/": crash,
        }
        with no_hang():
            draft = discover(f"{outer.url}/", SECTION, MAX_PAGES)
        yield Met(draft, outer, inner)


def crash(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<html>")
    handler.close_connection = True


def test_the_walk_ends_at_its_number_of_pages_and_says_so(met: Met) -> None:
    assert met.draft.pages == MAX_PAGES
    assert met.draft.cut == "达到页数上限"


def test_good_columns_among_all_that_are_found(met: Met) -> None:
    good = [row for row in met.draft.columns if row.outcome == Outcome.OK]
    assert [(row.name, row.column_class, row.rows) for row in good] == [
        ("政务要闻", "news", 10),
        ("通知公告", "notice", 10),
    ]


def test_nothing_in_another_network_is_touched(met: Met) -> None:
    assert met.inner.seen == []
    assert "内部网络" in met.said["内网栏目"]
    assert "部门动态" not in met.said


def test_calendars_are_not_walked_and_robots_are_obeyed(met: Met) -> None:
    assert [
        path for path in met.asked if path.startswith(("/calendar", "/events", "/closed"))
    ] == []
    assert all(headers["user-agent"].startswith("xunjian/") for _, headers in met.server.seen)


def test_what_could_not_be_had_is_said_in_words(met: Met) -> None:
    assert "重定向次数过多" in met.said["循环栏目"]
    assert "robots.txt" in met.said["内部栏目"]
    assert "大小上限" in met.said["特大栏目"]
    assert "没有收全" in met.said["断线栏目"]


def test_a_portal_that_cannot_be_seen_gives_an_empty_draft() -> None:
    with serving({"/": page("", status=503)}) as server:
        draft = discover(f"{server.url}/", SECTION, MAX_PAGES)
    assert (draft.pages, draft.seen, draft.columns) == (1, 0, ())
    assert "503" in draft.unlisted[0].why


def test_time_is_a_bound_too_and_the_home_page_is_still_looked_at() -> None:
    with serving(Endless({"/": shown("<a href='/maze/'>迷宫栏目</a>")})) as server:
        draft = discover(f"{server.url}/", SECTION, MAX_PAGES, seconds=0)
    assert (draft.pages, draft.cut) == (1, "达到时间上限")


def test_a_walk_that_ends_badly_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.discover.run_child", lambda *_: "爬取进程异常结束")
    with pytest.raises(CrawlError, match="异常结束"):
        discover("http://127.0.0.1:9/", SECTION, MAX_PAGES)
