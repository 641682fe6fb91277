"""One process at a time visits a host. Turns are PostgreSQL's; the page is synthetic."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from crawler import turns
from crawler.run import CrawlReport, crawl, plan
from crawler.settings import CrawlSection
from crawler.turns import HostTaken, Turns
from storage.clock import now
from storage.database import connect
from storage.hosts import HostTurns
from storage.inventory import validate
from storage.ledger import Ledger
from tests.app.test_bad_input import list_page
from tests.crawler.server import Answer, page, serving

LIST = list_page("2026-11-20")
SECTION = CrawlSection(delay_seconds=0, allow_private_networks=("127.0.0.0/8",))


@pytest.fixture
def two(pg_url: str) -> Iterator[tuple[HostTurns, HostTurns]]:
    engine = connect(pg_url)
    pair = HostTurns(engine), HostTurns(engine)
    yield pair
    for each in pair:
        each.close()
    engine.dispose()


def test_a_host_that_one_process_visits_is_no_other_s(two: tuple[HostTurns, HostTurns]) -> None:
    mine, others = two
    assert mine.take("www.haian.gov.cn")
    assert not others.take("WWW.haian.gov.cn")
    assert others.take("www.nantong.gov.cn")
    mine.give("www.haian.gov.cn")
    assert others.take("www.haian.gov.cn")


def test_a_process_that_ends_has_given_all_its_turns_back(
    two: tuple[HostTurns, HostTurns], pg_url: str
) -> None:
    mine, others = two
    assert mine.take("a") + mine.take("b") == 2
    end_holder = (
        "SELECT pg_terminate_backend(pid, 10000) FROM"
        " (SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory') holder"
    )
    with psycopg.connect(pg_url, autocommit=True) as server:
        assert server.execute(end_holder).fetchall() == [(True,)]
    assert others.take("a") + others.take("b") == 2


class Told(HostTurns):
    """Turns as a test hands them out; `told` is what was asked of them."""

    def __init__(self, *answers: bool) -> None:
        self.answers, self.told = list(answers), list[str]()

    def take(self, host: str) -> bool:
        self.told.append(f"take {host}")
        return self.answers.pop(0) if self.answers else True

    def give(self, host: str) -> None:
        self.told.append(f"give {host}")


async def use(held: Turns, host: str, within: asyncio.Event | None = None) -> None:
    async with held.turn(host):
        if within is not None:
            await within.wait()


def test_a_turn_is_kept_for_the_delay_and_taken_once_for_requests_that_follow() -> None:
    asked = Told()

    async def run() -> None:
        held = Turns(asked, delay=60)
        await use(held, "a")
        await asyncio.gather(use(held, "a"), use(held, "a"), use(held, "b"))

    asyncio.run(run())
    assert sorted(asked.told) == ["take a", "take b"]


def test_a_turn_is_given_back_once_nothing_was_asked_for_the_delay() -> None:
    asked = Told()

    async def run() -> None:
        held, over = Turns(asked, delay=0), asyncio.Event()
        long = asyncio.ensure_future(use(held, "a", over))
        await use(held, "a")
        over.set()
        await long
        while "give a" not in asked.told:
            await asyncio.sleep(0)

    asyncio.run(run())
    assert asked.told == ["take a", "give a"]


def test_a_host_that_is_never_let_go_of_is_refused_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "ASK_AGAIN", 0)
    with pytest.raises(HostTaken):
        asyncio.run(use(Turns(Told(*[False] * 10_000_000), 0, wait=0.05), "a"))


def test_a_host_that_is_let_go_of_is_visited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "ASK_AGAIN", 0)
    asked = Told(False, False, True)
    asyncio.run(use(Turns(asked, 60), "a"))
    assert asked.told == ["take a"] * 3


def test_two_crawls_of_one_host_never_ask_it_at_the_same_time(tmp_path: Path, pg_url: str) -> None:
    """The second waits until the first has done, though both have all they need to begin."""
    came, let_go = Event(), Event()

    def held(handler: BaseHTTPRequestHandler) -> None:
        came.set()
        let_go.wait()
        page(LIST)(handler)

    ledger = Ledger.open(pg_url, tmp_path)
    answers: dict[str, Answer] = {"/robots.txt": page("", 404), "/a": held, "/b": page(LIST)}
    with serving(answers) as server:
        first = Thread(target=one, args=(ledger, f"{server.url}/a"))
        second = Thread(target=one, args=(ledger, f"{server.url}/b"))
        first.start()
        assert came.wait(60)
        second.start()
        while waiting(pg_url) < 2:
            assert second.is_alive()
        assert server.asked == ["GET /robots.txt", "GET /a"]
        let_go.set()
        first.join()
        second.join()
        assert server.asked[2:] == ["GET /robots.txt", "GET /b"]
    ledger.close()


def one(ledger: Ledger, url: str) -> CrawlReport:
    own = {"id": "s", "name": "s", "home": url, "unit": "u"}
    column = {"id": url[-1], "site": "s", "name": "c", "url": url, "class": "news", "unit": "u"}
    rows = {"unit": [{"id": "u", "name": "u"}], "site": [own], "column": [column]}
    jobs = plan(ledger, validate(rows, "test"), now(), only="column")
    return crawl(ledger, jobs, SECTION)


def waiting(pg_url: str) -> int:
    """How many processes have asked for a turn?"""
    with psycopg.connect(pg_url) as server:
        asked = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND query LIKE 'SELECT pg_try_advisory_lock(%'"
        )
        ((count,),) = server.execute(asked).fetchall()
        return int(count)
