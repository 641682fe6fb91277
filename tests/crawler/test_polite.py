"""Promise 8 on the wire: the pause between two requests of one host, and conditional requests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.settings import Settings

from checks.facts import Outcome, Visit
from checks.freshness import local_day
from crawler.jobs import Job
from crawler.run import crawl, plan
from crawler.settings import CrawlSection, scrapy_settings
from crawler.unchanged import SAME
from storage.clock import now
from storage.inventory import validate
from storage.ledger import Ledger
from tests.crawler.server import Server, page, serving

PAUSE = 0.6
LOOPBACK = ("127.0.0.0/8",)


def listing(newest: date) -> str:
    days = [newest - timedelta(days=n) for n in range(8)]
    rows = "".join(
        f"<li><a href='/a/{on}.html'>关于做好{on:%d}号工作的通知</a><span>{on}</span></li>"
        for on in days
    )
    return f"<html><!-- synthetic --><body><ul class='list'>{rows}</ul></body></html>"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    yield ledger
    ledger.close()


def test_two_requests_of_one_host_are_a_pause_apart_and_hosts_do_not_wait_for_each_other(
    ledger: Ledger,
) -> None:
    came: dict[str, list[float]] = {"127.0.0.1": [], "127.0.0.2": []}

    def noted(handler: BaseHTTPRequestHandler) -> None:
        server = handler.server
        assert isinstance(server, Server)
        came[str(server.server_address[0])].append(time.monotonic())
        page(listing(local_day(now())))(handler)

    answers = {f"/{name}.html": noted for name in "abcd"} | {"/robots.txt": noted}
    with serving(answers) as one, serving(answers, "127.0.0.2") as two:
        jobs = [Job(f"column:{n}{at}", f"{s.url}/{n}.html") for n in "abcd" for at, s in
                enumerate((one, two))]  # fmt: skip
        section = CrawlSection(
            delay_seconds=PAUSE, timeout_seconds=10, allow_private_networks=LOOPBACK
        )
        crawl(ledger, jobs, section)
    assert [len(each) for each in came.values()] == [5, 5]
    for each in came.values():
        # What a busy machine delays on the way may come nearer to what follows it, not all of it.
        assert each[-1] - each[0] > 3.5 * PAUSE
        assert sum(after - before > PAUSE / 2 for before, after in pairwise(each)) >= 3
    one_host, other_host = came.values()
    assert other_host[0] < one_host[-1]
    assert one_host[0] < other_host[-1]


def test_the_pause_is_one_second_unless_the_settings_say_otherwise() -> None:
    settings = scrapy_settings(CrawlSection())
    assert (settings["DOWNLOAD_DELAY"], settings["DOWNLOAD_DELAY_JITTER"]) == (1.0, 0)


def test_what_is_alive_is_asked_whether_it_changed_and_what_may_be_late_is_fetched(
    ledger: Ledger,
) -> None:
    ages = {"alive": 1, "older": 8}
    asked: dict[str, list[str | None]] = {"/alive/": [], "/older/": []}

    def tagged(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers.get("If-None-Match")
        asked[handler.path].append(known)
        newest = local_day(now()) - timedelta(days=ages[handler.path.strip("/")])
        same = known == '"v1"'
        page("" if same else listing(newest), status=304 if same else 200, ETag='"v1"')(handler)

    with serving({"/alive/": tagged, "/older/": tagged}) as server:
        register = validate(
            {
                "unit": [{"id": "u", "name": "政府办"}],
                "site": [{"id": "s", "name": "门户", "home": f"{server.url}/", "unit": "u"}],
                "column": [
                    {"id": name, "name": name, "url": f"{server.url}/{name}/"}
                    | {"class": "news", "unit": "u", "site": "s"}
                    for name in ages
                ],
            },
            "synthetic",
        )
        section = CrawlSection(delay_seconds=0, timeout_seconds=5, allow_private_networks=LOOPBACK)
        looks: list[dict[str, Visit]] = []
        for _ in range(2):
            crawl(ledger, plan(ledger, register, now(), only="column"), section)
            histories = ledger.histories([f"column:{name}" for name in ages], now())
            looks.append({key: each.last for key, each in histories.items() if each.last})
    assert asked == {"/alive/": [None, '"v1"'], "/older/": [None, None]}
    first, second = (look["column:alive"] for look in looks)
    assert (first.outcome, second.outcome) == (Outcome.OK, Outcome.OK)
    assert second.id != first.id
    assert (second.newest, second.evidence) == (first.newest, first.evidence)
    assert "304" in (second.note or "")
    first, second = (look["column:older"] for look in looks)
    assert first.newest == second.newest
    assert second.note == SAME
    assert first.evidence != second.evidence  # it may be late one day: each look has its bytes


def test_no_extension_of_scrapys_is_loaded_so_that_nothing_of_it_listens() -> None:
    settings = Settings(scrapy_settings(CrawlSection()))
    assert dict(settings.get_component_priority_dict_with_base("EXTENSIONS")) == {}
