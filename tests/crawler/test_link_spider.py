"""Links on loopback servers: what is asked, how often, and what the answers are taken for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from checks.facts import Outcome
from checks.freshness import local_day
from checks.links import (
    FAMILY,
    LOOKED,
    LinkedPage,
    LinkKind,
    LinkLook,
    LinkState,
    PageLink,
    as_facts,
)
from crawler.jobs import Job
from crawler.link_answers import random_path
from crawler.links_settings import LinksSection
from crawler.run import crawl, plan
from crawler.settings import CrawlSection
from storage.clock import now
from storage.inventory import Inventory, validate
from storage.ledger import Ledger, LookedAt, Note, Noticed
from tests.crawler.server import Answer, Server, page, redirect, serving

DUTIES = frozenset({LOOKED})
WORDS = "<p>示例市认真贯彻落实各项部署，全市经济社会发展稳中有进。</p>" * 12
REAL = f"<!-- synthetic --><html><title>示例</title><body>{WORDS}</body></html>"
NOTICE = (
    "<!-- synthetic --><html><title>提示</title><body>"
    "<p>您好，您要看的暂时没有，请返回首页另行查找，谢谢您的关注与支持。</p></body></html>"
)
GONE = "<!-- synthetic --><html><body><p>该信息不存在或已被删除</p></body></html>"
CHALLENGE = "<!-- synthetic --><html><script>var $_ts={}</script><body></body></html>"
DOWNLOADED: list[int] = []


def endless(handler: BaseHTTPRequestHandler) -> None:
    """A file of eight million bytes, sent until the visitor hangs up."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/zip")
    handler.end_headers()
    for _ in range(2_000):
        try:
            handler.wfile.write(b"x" * 4_000)
        except OSError:
            break
        DOWNLOADED.append(4_000)


def held(handler: BaseHTTPRequestHandler) -> None:
    server = handler.server
    assert isinstance(server, Server)
    server.released.wait(20)


class Everything(dict[str, Answer]):
    """A site that answers every path it does not have with `answer`."""

    def __init__(self, answer: Answer, **known: Answer) -> None:
        super().__init__({f"/{name}.html": each for name, each in known.items()})
        self["/robots.txt"] = page("", status=404)
        self.answer = answer

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key, self.answer if key.startswith("/") else default)


INSIDE: dict[str, Answer] = {
    "/ok.html": page(REAL),
    "/moved.html": redirect("/ok.html"),
    "/gone410.html": page("", status=410),
    "HEAD /head405.html": page("", status=405),
    "/head405.html": page(REAL),
    "HEAD /headless.html": page("", status=404),
    "/headless.html": page(REAL),
    "/tohome.html": redirect("/"),
    "/wall403.html": page("<p>Forbidden</p>", status=403),
    "/wall412.html": page(CHALLENGE, status=412),
    "/wall521.html": page("", status=521),
    "/user.html": redirect("/login/index.html"),
    "/login/index.html": page(REAL),
    "/file.pdf": page(b"%PDF", Content_Type="application/pdf"),
    "/notice.doc": page(GONE),
    "/page.doc": page(REAL),
    "/err.html": redirect("/error/404.html"),
    "/error/404.html": page(REAL),
    "/busy.html": page("", status=503),
    "/view.do?id=9": page(GONE),
    "HEAD /big.zip": page("", status=405),
    "/big.zip": endless,
    "/inward.html": redirect("http://127.0.0.99/"),
}
STATES = {
    "/ok.html": LinkState.OK,
    "/moved.html": LinkState.OK,
    "/gone.html": LinkState.DEAD,
    "/gone410.html": LinkState.DEAD,
    "/head405.html": LinkState.OK,
    "/headless.html": LinkState.OK,
    "/tohome.html": LinkState.UNKNOWN,
    "/wall403.html": LinkState.WALL,
    "/wall412.html": LinkState.WALL,
    "/wall521.html": LinkState.WALL,
    "/user.html": LinkState.WALL,
    "/file.pdf": LinkState.OK,
    "/missing.pdf": LinkState.DEAD,
    "/notice.doc": LinkState.SOFT_DEAD,
    "/page.doc": LinkState.UNKNOWN,
    "/err.html": LinkState.SOFT_DEAD,
    "/busy.html": LinkState.UNREACHABLE,
    "/view.do?id=9": LinkState.SOFT_DEAD,
    "/big.zip": LinkState.OK,
    "/inward.html": LinkState.REFUSED,
}
ARTICLE = (
    "<!-- synthetic --><html><h1>示例市召开第{0}次会议部署重点工作</h1>"
    "<p>发布时间：2026-11-1{0}</p><p>正文。</p><a href='/zw/fj{0}.docx'>附件</a></html>"
)
LIST = [(n, f"<span>2026-11-1{n}</span>" if n < 8 else "") for n in range(1, 9)]
ROWS = "".join(
    f"<li><a href='/zw/{n}.html'>示例市召开第{n}次会议部署重点工作</a>{day}</li>" for n, day in LIST
)
INSIDE |= {f"/zw/{n}.html": page(ARTICLE.format(n)) for n, _ in LIST}
INSIDE["/zw/list.html"] = page(f"<!-- synthetic --><html><ul>{ROWS}</ul></html>")
HOSTS: dict[str, tuple[Any, list[str]]] = {
    # What it serves, and which of its paths the home page links to.
    "127.0.0.3": (Everything(page(NOTICE), good=page(REAL), index=page(REAL)), ["good", "lost"]),
    "127.0.0.4": (Everything(page(REAL)), ["any", "other"]),
    "127.0.0.5": ({"/robots.txt": page("User-agent: *\nDisallow: /")}, ["private"]),
    "127.0.0.8": ({}, ["one", "two"]),
    "127.0.0.6": ({"/robots.txt": page("", status=404)}, ["a", "b", "c"]),
}
HOSTS["127.0.0.3"][0]["/"] = page(REAL)
for name in ("a", "b", "c"):
    HOSTS["127.0.0.6"][0][f"/{name}.html"] = held


def register(home: str) -> Inventory:
    unit = {"id": "zfb", "name": "市政府办公室", "kind": "department", "emails": []}
    site = {"id": "s1", "name": "示例市门户", "home": home, "unit": "zfb"}
    column = {
        "id": "zw",
        "site": "s1",
        "name": "政务动态",
        "url": f"{home}zw/list.html",
        "class": "news",
        "unit": "zfb",
    }
    return validate({"unit": [unit], "site": [site], "column": [column]}, "register")


def home_page(urls: list[str]) -> Answer:
    links = "".join(f"<li><a href='{url}'>第{at}条</a></li>" for at, url in enumerate(urls))
    return page(f"<!-- synthetic --><html><title>门户</title><ul>{links}</ul>{WORDS}</html>")


@dataclass
class Ground:
    """One site with its ledger. `day` counts on from today."""

    ledger: Ledger
    home: str
    links: LinksSection

    def jobs(self, *kinds: str, day: int = 0) -> list[Job]:
        at = now() + timedelta(days=day)
        jobs = plan(self.ledger, register(self.home), at, duties=DUTIES, links=self.links)
        return [job for job in jobs if job.kind in kinds]

    def run(self, *kinds: str) -> None:
        networks = tuple(f"127.0.0.{n}/32" for n in range(1, 10))
        section = CrawlSection(delay_seconds=0, timeout_seconds=2, allow_private_networks=networks)
        crawl(self.ledger, self.jobs(*kinds), section)

    @property
    def looks(self) -> dict[str, tuple[LinkLook, ...]]:
        return self.ledger.link_looks("s1", now())

    @property
    def pages(self) -> dict[str, LinkedPage]:
        return {each.url: each for each in self.ledger.linked_pages("s1", now())}


@dataclass
class Met:
    ground: Ground
    inside: Server
    others: dict[str, Server]

    def state(self, url: str) -> LinkState:
        return self.ground.looks[url][0].state


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    folder = tmp_path_factory.mktemp("links")
    ledger = Ledger.open(f"sqlite:///{folder / 'x.db'}", folder / "evidence")
    with ExitStack() as stack:
        inside = stack.enter_context(serving(INSIDE))
        others = {host: stack.enter_context(serving(HOSTS[host][0], host)) for host in HOSTS}
        urls = [f"{inside.url}{path}" for path in STATES]
        for host, server in others.items():
            urls += [f"{server.url}/{name}.html" for name in HOSTS[host][1]]
        urls += ["http://127.0.0.7:1/closed.html", "http://no-such-name.invalid/"]
        INSIDE["/"] = home_page([*urls, "javascript:void(0)", "mailto:a@example.cn"])
        ground = Ground(ledger, f"{inside.url}/", LinksSection())
        assert ground.jobs(LOOKED) == []  # a page must be known before its links are
        ground.run("site", "column")
        inside.asked.clear()
        ground.run(LOOKED)
        yield Met(ground, inside, others)
    ledger.close()


@pytest.mark.parametrize("path", STATES)
def test_each_answer_is_taken_for_what_it_is(met: Met, path: str) -> None:
    assert met.state(f"{met.inside.url}{path}") is STATES[path]


def test_a_page_and_a_file_that_are_there_are_asked_by_head_alone(met: Met) -> None:
    assert met.inside.asked.count("GET /file.pdf") == 0
    # Once by itself, once as the place where another link leads.
    assert met.inside.asked.count("HEAD /ok.html") == 2
    assert met.inside.asked.count("GET /ok.html") == 1


@pytest.mark.parametrize("path", ["/gone.html", "/head405.html", "/headless.html", "/busy.html"])
def test_what_head_does_not_settle_is_asked_by_get_once(met: Met, path: str) -> None:
    assert [each for each in met.inside.asked if each.endswith(path)] == [
        f"HEAD {path}",
        f"GET {path}",
    ]


def test_a_random_path_is_asked_once_a_host(met: Met) -> None:
    made_up = random_path(met.inside.url.removeprefix("http://"), local_day(now()))
    assert met.inside.asked.count(f"GET {made_up}") == 1


def test_of_a_large_file_only_its_beginning_is_fetched(met: Met) -> None:
    assert met.state(f"{met.inside.url}/big.zip") is LinkState.OK
    assert sum(DOWNLOADED) < 8_000_000


def test_a_page_like_that_for_a_random_path_is_gone_and_one_unlike_it_is_good(met: Met) -> None:
    url = met.others["127.0.0.3"].url
    assert met.state(f"{url}/good.html") is LinkState.OK
    assert met.state(f"{url}/lost.html") is LinkState.SOFT_DEAD


def test_a_host_that_answers_everything_with_its_home_page_accuses_nothing(met: Met) -> None:
    url = met.others["127.0.0.4"].url
    assert met.state(f"{url}/any.html") is LinkState.UNKNOWN
    assert met.state(f"{url}/other.html") is LinkState.UNKNOWN


def test_a_host_that_says_404_to_everything_may_turn_us_away(met: Met) -> None:
    server = met.others["127.0.0.8"]
    assert met.state(f"{server.url}/one.html") is LinkState.UNKNOWN
    assert met.state(f"{server.url}/two.html") is LinkState.UNKNOWN
    assert server.asked.count("GET /") == 1


def test_robots_are_obeyed(met: Met) -> None:
    server = met.others["127.0.0.5"]
    assert met.state(f"{server.url}/private.html") is LinkState.REFUSED
    assert server.asked == ["GET /robots.txt"]


def test_a_host_that_does_not_answer_is_left_after_two_links(met: Met) -> None:
    server = met.others["127.0.0.6"]
    looks = met.ground.looks
    assert [met.state(f"{server.url}/{name}.html") for name in "ab"] == [LinkState.UNREACHABLE] * 2
    assert f"{server.url}/c.html" not in looks


def test_a_closed_port_is_unreachable_and_a_name_without_witness_is_not_called_missing(
    met: Met,
) -> None:
    assert met.state("http://127.0.0.7:1/closed.html") is LinkState.UNREACHABLE
    assert met.state("http://no-such-name.invalid/") is LinkState.UNREACHABLE


def test_scripts_and_mail_are_no_links(met: Met) -> None:
    links = met.ground.pages[met.ground.home].links
    assert {link.url.partition(":")[0] for link in links} == {"http"}


def test_columns_and_the_articles_opened_with_them_are_read_for_links(met: Met) -> None:
    url = met.inside.url
    assert met.ground.pages.keys() == {
        f"{url}/",
        f"{url}/zw/list.html",
        f"{url}/zw/8.html",  # the one row without a day
    }
    assert [link.url for link in met.ground.pages[f"{url}/zw/8.html"].links] == [
        f"{url}/zw/fj8.docx"
    ]
    assert met.state(f"{url}/zw/fj8.docx") is LinkState.DEAD
    assert met.state(f"{url}/zw/1.html") is LinkState.OK


def test_the_answer_of_a_dead_link_is_evidence(met: Met) -> None:
    seen = met.ground.ledger.observed(now(), ["site:s1"])["site:s1"]
    kept = {each.key.removeprefix(met.inside.url): each for each in seen if each.family == LOOKED}
    assert {"/gone.html", "/missing.pdf", "/notice.doc"} <= kept.keys()
    assert kept["/gone.html"].facts == {"state": "dead", "note": "页面不存在（404）"}
    assert (kept["/gone.html"].evidence or "").startswith("evidence/")


def test_no_host_is_asked_more_often_than_the_days_number(tmp_path: Path) -> None:
    answers = {f"/p{n}.html": page(REAL) for n in range(20)}
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    with serving(answers) as server:
        ground = Ground(ledger, f"{server.url}/", LinksSection(per_site_per_day=12))
        links = tuple(PageLink(f"{server.url}{path}", LinkKind.PAGE, "") for path in answers)
        note = Note(FAMILY, ground.home, Outcome.OK, as_facts(links))
        ledger.observe(None, Noticed("site:s1", now(), (note,)))
        ground.run(LOOKED)
        first = len(ground.looks)
        assert 5 <= first <= 10
        ground.run(LOOKED)
        assert len(server.asked) <= 12
        assert len(ground.looks) <= 12
        (job,) = ground.jobs(LOOKED, day=1)
        assert len(job.asks["targets"]) == min(12, 20 - len(ground.looks))
        assert not {url for url, _, _ in job.asks["targets"]} & ground.looks.keys()
    ledger.close()


def test_the_page_that_holds_a_dead_link_is_read_again_and_its_answer_is_kept_once(
    tmp_path: Path,
) -> None:
    before = now() - timedelta(days=1)
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    with serving({"/": page(REAL), "/zw.html": home_page(["/other.html"])}) as server:
        ground = Ground(ledger, f"{server.url}/", LinksSection())
        holder, url = f"{server.url}/zw.html", f"{server.url}/gone.html"
        note = Note(FAMILY, holder, Outcome.OK, as_facts([PageLink(url, LinkKind.PAGE, "")]))
        ledger.observe(None, Noticed("site:s1", before, (note,)))
        ledger.record_links([LookedAt(("s1",), LinkLook(url, before, LinkState.DEAD))])
        ground.run(LOOKED)
        assert [each.state for each in ground.looks[url]] == [LinkState.DEAD, LinkState.DEAD]
        (now_held,) = ground.pages.values()
        assert [link.url for link in now_held.links] == [f"{server.url}/other.html"]
        kept = [each.family for each in ledger.observed(now(), ["site:s1"]).get("site:s1", ())]
        assert LOOKED not in kept
    ledger.close()
