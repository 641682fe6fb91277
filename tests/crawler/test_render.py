"""Columns in a real browser: what scripts write is read, and no guard is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

import pytest

from checks.facts import Item, Outcome, Visit
from checks.freshness import local_day
from crawler.children import CrawlError
from crawler.jobs import Job
from crawler.render import browser_path, missing_for_render
from crawler.run import crawl, plan
from crawler.settings import CrawlSection
from crawler.tab import MOST_REQUESTS
from storage.clock import now
from storage.evidence import Capture
from storage.inventory import validate
from storage.ledger import Ledger, Sighting
from tests.crawler.forked import started
from tests.crawler.processes import await_end, descendants
from tests.crawler.server import Answer, Server, page, redirect, serving
from tests.hang import no_hang
from tests.system import needs

NEWS = [
    {"to": f"/a/{n}.html", "title": f"关于做好第{n}号工作的通知", "day": f"2026-11-{n:02d}"}
    for n in range(19, 9, -1)
]
MARKUP = "关于<img src=x onerror=alert(1)>的<b>通知</b>"
WRITE = """
function write(rows) {
  const list = document.createElement('ul');
  for (const row of rows) {
    const item = document.createElement('li'), link = document.createElement('a');
    const day = document.createElement('span');
    link.href = row.to; link.textContent = row.title; day.textContent = row.day;
    item.append(link, day); list.append(item);
  }
  document.getElementById('app').replaceChildren(list);
}
const ask = (to, more) => fetch(to, more).then(answer => answer.json());
"""
AGENT = "xunjian/0.1.0 (+mailto:office@example.gov.cn)"

GIVER = """\
import json, sys
from crawler.children import run_child
run_child(json.load(sys.stdin), print, 600)
"""


def app(script: str) -> Answer:
    """A page that is nothing but a script; `NEWS` and `write` are at its disposal."""
    return page(
        "<!doctype html><html><!-- synthetic --><head><meta charset='utf-8'>"
        "<title>通知公告</title><link rel='stylesheet' href='/look.css'></head>"
        "<body><h2>通知公告</h2><img src='/seal.png'><div id='app'></div>"
        f"<script>{WRITE}const NEWS = {json.dumps(NEWS)};{script}</script></body></html>"
    )


def data(value: object) -> Answer:
    return page(json.dumps(value), Content_Type="application/json")


def held(handler: BaseHTTPRequestHandler) -> None:
    assert isinstance(handler.server, Server)
    handler.server.released.wait(60)


def section(**more: object) -> CrawlSection:
    given = {
        "delay_seconds": 0,
        "timeout_seconds": 1.5,
        "max_bytes": 300_000,
        "contact": "mailto:office@example.gov.cn",
        "allow_private_networks": ("127.0.0.1/32",),
        **more,
    }
    return CrawlSection.model_validate(given)


def visits(ledger: Ledger, jobs: list[Job]) -> dict[str, Visit]:
    histories = ledger.histories([job.subject for job in jobs], now())
    return {
        key.partition(":")[2]: history.last for key, history in histories.items() if history.last
    }


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    yield opened
    opened.close()


@dataclass(frozen=True)
class Met:
    """One crawl of all pages, what is kept of it, and what the servers were asked."""

    ledger: Ledger
    visits: Mapping[str, Visit]
    server: Server
    inner: Server
    browsers: list[int]

    def outcome(self, name: str) -> Outcome:
        return self.visits[name].outcome

    def titles(self, name: str) -> list[str]:
        return [seen.item.title for seen in self.ledger.items(f"column:{name}")]

    def evidence(self, name: str) -> list[Capture]:
        links = self.ledger.evidence_of(self.visits[name].id)
        return [self.ledger.evidence.capture(link) for link in links]

    def note(self, name: str) -> str:
        return self.visits[name].note or ""

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.server.seen]


PAGES: Mapping[str, Answer] = {
    "good": app("ask('/first.json', {method: 'POST', body: 'page=1'}).then(write)"),
    "titles": app(
        f"const titles = [{json.dumps(MARKUP)}, navigator.userAgent];"
        "write([...titles.map(title => ({...NEWS[0], title})), ...NEWS])"
    ),
    "hash": app("if (location.hash === '#/list') write(NEWS)"),
    "forbidden": app("write(NEWS); ask('/secret/list.json').then(write)"),
    "endless": app("write(NEWS); ask('/held.json'); setInterval(() => ask('/list.json'), 150)"),
    "greedy": app("write(NEWS); for (let n = 0; n < 70; n++) ask('/list.json')"),
    "busy": app("write(NEWS); while (true) {}"),
    "huge": app("write(NEWS); document.body.append('字'.repeat(300000))"),
    "nothing": page(
        "<html><!-- synthetic --><title>通知公告</title><h1>示例市人民政府</h1>"
        "<p><a href='/'>首页</a><a href='/zwgk/'>政务公开</a><a href='/bsfw/'>办事服务</a>"
        "<a href='/hdjl/'>互动交流</a></p><h2>通知公告</h2><p id='there'></p>"
        "<p>主办：示例市人民政府办公室　承办：示例市大数据管理局　网站标识码：0000000000</p>"
        "<script src='/nothing.js'></script></html>"
    ),
    "stylish": app(
        "const look = document.createElement('link'); look.rel = 'stylesheet';"
        "look.href = '/more.css'; look.onload = () => write(NEWS); document.head.append(look)"
    ),
    "moving": app("if (location.search) write(NEWS); else location.href = '/moving.html?there'"),
    "leaving": app("write(NEWS); location.href = 'http://www.example.com/'"),
    "shell": page(
        "<!-- synthetic --><script>document.cookie = 'pass=1'; location.reload()</script>"
    ),
}


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    needs("chromium")
    folder = tmp_path_factory.mktemp("render")
    browsers: list[int] = []

    def counting(handler: BaseHTTPRequestHandler) -> None:
        browsers.extend(descendants("chrom"))
        data(NEWS)(handler)

    answers = {
        "/robots.txt": page("User-agent: xunjian\nDisallow: /secret/\n", Content_Type="text/plain"),
        "/list.json": data(NEWS),
        "/first.json": counting,
        "/nothing.js": page("document.getElementById('there').textContent = '暂无数据'"),
        "/secret/list.json": data(NEWS),
        "/held.json": held,
        "/inward.json": redirect("http://127.0.0.2:1/list.json"),
        "/moving.html?there": PAGES["moving"],
        **{f"/{name}.html": answer for name, answer in PAGES.items()},
    }
    with serving({"/list.json": data(NEWS)}, host="127.0.0.2") as inner, serving(answers) as outer:
        address = f"127.0.0.2:{inner.server_port}"
        answers["/inward.html"] = app(
            f"write(NEWS); const to = 'http://{address}/list.json';"
            "ask(to).then(write); window.open(to); navigator.sendBeacon(to, 'x');"
            f"new WebSocket('ws://{address}/'); new EventSource(to); new Image().src = to;"
            "document.body.append(Object.assign(document.createElement('iframe'), {src: to}));"
            "new Worker(URL.createObjectURL(new Blob([`fetch('${to}')`])));"
        )
        names = [*PAGES, "inward"]
        urls = {name: f"{outer.url}/{name}.html" for name in names}
        urls["hash"] += "#/list"
        jobs = [Job(f"column:{name}", url, render=True) for name, url in urls.items()]
        jobs.append(Job("column:plain", urls["good"]))
        ledger = Ledger.open(f"sqlite:///{folder / 'x.db'}", folder / "evidence")
        with no_hang():
            crawl(ledger, jobs, section())
        yield Met(ledger, visits(ledger, jobs), outer, inner, browsers)
        ledger.close()


@pytest.mark.parametrize("name", ["good", "hash", "stylish", "moving"])
def test_a_list_that_a_script_writes_is_read_in_a_browser(met: Met, name: str) -> None:
    visit = met.visits[name]
    assert (visit.outcome, visit.newest, visit.item_count) == (Outcome.OK, date(2026, 11, 19), 10)
    assert visit.unresolved == 0
    assert visit.newest_url == f"{met.server.url}/a/19.html"
    assert met.note(name).endswith("经浏览器渲染")


def test_without_a_browser_it_is_unreadable_and_the_operator_is_told_of_the_setting(
    met: Met,
) -> None:
    assert met.outcome("plain") is Outcome.UNREADABLE
    assert "render = true" in met.note("plain")


def test_the_rendered_page_is_the_evidence_with_what_it_was_made_from(met: Met) -> None:
    shown, plain, answer = met.evidence("good")
    assert shown.headers["x-xunjian-rendered"] == "chromium"
    assert NEWS[0]["title"] in shown.body.decode()
    assert b"ask('/first.json'" in plain.body
    assert json.loads(answer.body) == NEWS
    assert list(met.ledger.evidence.check(iter(met.ledger.evidence_links()))) == []


def test_the_server_and_the_page_see_our_user_agent(met: Met) -> None:
    assert {headers["user-agent"] for _, headers in met.server.seen} == {AGENT}
    assert AGENT in met.titles("titles")


def test_a_browser_asks_for_nothing_but_what_a_list_may_need(met: Met) -> None:
    asked = {path.partition("?")[0] for path in met.paths}
    assert not asked & {"/look.css", "/more.css", "/seal.png", "/favicon.ico"}
    assert not any(name.startswith("sec-") for _, headers in met.server.seen for name in headers)


def test_no_script_reaches_a_network_that_is_not_allowed(met: Met) -> None:
    assert met.inner.seen == []
    assert "内部网络" in met.note("inward")
    assert met.visits["inward"].unresolved >= 1


def test_scripts_obey_robots(met: Met) -> None:
    assert "/secret/list.json" not in met.paths
    assert "robots.txt" in met.note("forbidden")


@pytest.mark.parametrize("name", ["inward", "forbidden", "endless", "leaving", "greedy"])
def test_what_a_script_did_not_get_may_hide_an_update(met: Met, name: str) -> None:
    visit = met.visits[name]
    assert (visit.outcome, visit.newest) == (Outcome.OK, date(2026, 11, 19))
    assert visit.unresolved >= 1
    assert "可能有更新未能看到" in met.note(name)


def test_a_page_that_never_rests_is_read_as_it_stands(met: Met) -> None:
    assert "没有停止请求" in met.note("endless")


def test_a_page_asks_for_so_much_and_no_more(met: Met) -> None:
    assert f"超过{MOST_REQUESTS}项" in met.note("greedy")


def test_a_page_that_hangs_is_given_up_and_said_so(met: Met) -> None:
    assert met.outcome("busy") is Outcome.UNREADABLE
    assert "停止响应" in met.note("busy")


def test_a_document_beyond_the_limit_is_too_large(met: Met) -> None:
    assert met.outcome("huge") is Outcome.TOO_LARGE


def test_a_script_that_says_there_is_nothing_makes_no_empty_column(met: Met) -> None:
    assert met.outcome("nothing") is Outcome.UNREADABLE
    assert "不足以认定" in met.note("nothing")


def test_a_title_with_markup_stays_text(met: Met) -> None:
    assert MARKUP in met.titles("titles")


def test_no_browser_is_used_to_get_past_a_firewall(met: Met) -> None:
    assert met.outcome("shell") is Outcome.BLOCKED
    assert met.paths.count("/shell.html") == 1


def test_the_browser_ends_with_the_run(met: Met) -> None:
    assert met.browsers
    with no_hang():
        for pid in met.browsers:
            await_end(pid)
    assert descendants("chrom") == []


def test_a_browser_that_freezes_or_crashes_costs_its_own_page_only(ledger: Ledger) -> None:
    needs("chromium")

    def strike(how: signal.Signals) -> Answer:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            os.kill(descendants("chrom")[0], how)
            data(NEWS)(handler)

        return answer

    pages = {
        "/freeze.html": app("ask('/freeze.json').then(write)"),
        "/freeze.json": strike(signal.SIGSTOP),
        "/crash.html": app("ask('/crash.json').then(write)"),
        "/crash.json": strike(signal.SIGKILL),
        "/good.html": app("write(NEWS)"),
    }
    with serving(pages) as server, no_hang():
        names = ["freeze", "crash", "good"]
        jobs = [Job(f"column:{name}", f"{server.url}/{name}.html", render=True) for name in names]
        report = crawl(ledger, jobs, section(concurrency=1, timeout_seconds=1))
    seen = visits(ledger, jobs)
    assert [seen[name].outcome for name in names] == ["unreadable", "unreadable", "ok"]
    assert (report.planned, report.seen, report.unseen) == (3, 1, 2)
    assert "浏览器渲染未成功" in (seen["freeze"].note or "")
    assert "浏览器渲染未成功" in (seen["crash"].note or "")
    assert descendants("chrom") == []


def test_no_browser_outlives_a_run_that_is_killed(ledger: Ledger) -> None:
    needs("chromium")
    browsers: list[int] = []

    def die(_handler: BaseHTTPRequestHandler) -> None:
        browsers.extend(descendants("chrom"))
        os.kill(descendants("crawler.child")[0], signal.SIGKILL)

    pages = {"/a.html": app("ask('/die.json')"), "/die.json": die}
    with serving(pages) as server, started(), no_hang():
        with pytest.raises(CrawlError, match="返回码 -9"):
            crawl(ledger, [Job("column:a", f"{server.url}/a.html", render=True)], section())
        assert browsers
        for pid in browsers:
            await_end(pid)


def test_a_run_and_its_browser_end_with_the_process_that_gave_the_order(ledger: Ledger) -> None:
    needs("chromium")
    running: list[int] = []
    asked = Event()

    def gone(handler: BaseHTTPRequestHandler) -> None:
        running.extend(descendants("chrom"))
        asked.set()
        held(handler)

    answers = {"/a.html": app("ask('/held.json')"), "/held.json": gone}
    with serving(answers) as server, no_hang():
        order = {
            "database_url": str(ledger.engine.url),
            "evidence": str(ledger.evidence.folder),
            "section": section(timeout_seconds=60).model_dump(mode="json"),
            "jobs": [Job("column:a", f"{server.url}/a.html", render=True).as_json()],
            "run_id": ledger.start_run(1, now()),
        }
        giver = subprocess.Popen(
            [sys.executable, "-c", GIVER], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert giver.stdin is not None
        giver.stdin.write(json.dumps(order).encode())
        giver.stdin.close()
        asked.wait()
        running += descendants("crawler.child")
        giver.kill()
        for pid in running:
            await_end(pid)
        assert len(running) > 1
        assert giver.wait() == -signal.SIGKILL


def test_without_a_browser_the_page_counts_as_not_seen_and_the_note_says_what_to_do(
    ledger: Ledger,
) -> None:
    job = Job("column:a", "", render=True)
    with serving({"/a.html": app("write(NEWS)")}) as server:
        jobs = [replace(job, url=f"{server.url}/a.html")]
        report = crawl(ledger, jobs, section(chromium="/no/such/browser"))
    visit = visits(ledger, jobs)["a"]
    assert (visit.outcome, report.seen) == (Outcome.UNREADABLE, 0)
    assert "该栏目须用浏览器打开" in (visit.note or "")
    assert "/no/such/browser" in (visit.note or "")


def test_what_is_missing_is_told_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    browser = tmp_path / "google-chrome"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt 包 chromium" in (missing_for_render(section()) or "")
    assert "[crawl] chromium" in (missing_for_render(section(chromium=str(browser))) or "")
    browser.touch(0o755)
    assert missing_for_render(section()) is None
    assert browser_path(section()) == browser_path(section(chromium=str(browser))) == str(browser)
    monkeypatch.setitem(sys.modules, "scrapy_playwright.handler", None)
    assert "pip install 'xunjian[render]'" in (missing_for_render(section()) or "")


def test_a_page_for_the_browser_is_always_asked_for_anew(ledger: Ledger) -> None:
    """The page that a script fills stays the same while its list changes."""
    columns = [
        {
            "id": name,
            "site": "s",
            "name": name,
            "url": f"https://www.example.gov.cn/{name}/",
            "class": "news",
            "unit": "u",
            "render": name == "shown",
        }
        for name in ("plain", "shown")
    ]
    home = {"id": "s", "name": "门户", "home": "https://www.example.gov.cn/", "unit": "u"}
    unit = {"id": "u", "name": "政府办"}
    register = validate({"unit": [unit], "site": [home], "column": columns}, "x")
    at = now()
    ledger.load_inventory(register, at)
    run = ledger.start_run(2, at)
    for row in register["column"]:
        ledger.record(
            run,
            Sighting(
                subject=f"column:{row['id']}",
                observed_at=at,
                outcome=Outcome.OK,
                url=row["url"],
                status=200,
                items=(Item("关于某事的通知", None, local_day(at)),),
                etag='"v1"',
            ),
        )
    jobs = {job.subject: job for job in plan(ledger, ledger.inventory(), at, only="column")}
    assert jobs["column:plain"].known is not None
    assert (jobs["column:plain"].render, jobs["column:shown"].render) == (False, True)
    assert jobs["column:shown"].known is None
