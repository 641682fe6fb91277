"""A connection is asked again only where its server leaves it open. All answers synthetic."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from sqlmodel import select

from checks.facts import Outcome
from crawler.run import crawl, plan
from crawler.settings import CrawlSection
from storage.clock import now
from storage.inventory import validate
from storage.tables import VisitRow
from tests.app.account_answers import dated, rss
from tests.crawler.server import Answer, Server, serving
from tests.storage.make import open_ledger

FEED = rss(dated("Mon, 05 Jan 2026 08:00:00 GMT")).encode()
ACCOUNTS = ("a", "b", "c")
# Nothing but what the server says may tell: it closes only after all have been asked.
SECTION = CrawlSection(
    delay_seconds=0,
    concurrency=1,
    timeout_seconds=4,
    obey_robots=False,
    allow_private_networks=("127.0.0.0/8",),
)


def answer(head: str, ports: list[int]) -> Answer:
    def told(handler: BaseHTTPRequestHandler) -> None:
        ports.append(handler.client_address[1])
        lines = f"{head}\r\nContent-Type: text/xml\r\nContent-Length: {len(FEED)}\r\n\r\n"
        handler.wfile.write(lines.encode() + FEED)
        if "close" in head.lower() or head.startswith("HTTP/1.0 200 OK\r\nServer"):
            assert isinstance(handler.server, Server)
            handler.server.released.wait()
        handler.close_connection = False

    return told


@pytest.mark.parametrize(
    ("head", "connections"),
    [
        ("HTTP/1.1 200 OK", 1),
        ("HTTP/1.0 200 OK\r\nConnection: Keep-Alive", 1),
        ("HTTP/1.0 200 OK\r\nServer: old", 3),
        ("HTTP/1.1 200 OK\r\nConnection: Close", 3),
        ("HTTP/1.1 200 OK\r\nConnection: foo, close", 3),
    ],
)
def test_a_server_that_closes_is_asked_on_a_connection_of_its_own_each_time(
    tmp_path: Path, head: str, connections: int
) -> None:
    ports: list[int] = []
    ledger = open_ledger(tmp_path)
    with serving({f"/{name}": answer(head, ports) for name in ACCOUNTS}) as server:
        units = [{"id": name, "name": name} for name in ACCOUNTS]
        accounts = [
            {"id": name, "name": name, "unit": name, "platform": "wechat", "source": "feed"}
            | {"url": f"{server.url}/{name}"}
            for name in ACCOUNTS
        ]
        register = {"unit": units, "account": accounts}
        ledger.load_inventory(validate(register, "synthetic"), now())
        crawl(ledger, plan(ledger, ledger.inventory(), now(), only="account"), SECTION)
    with ledger.reading() as session:
        met = [row.outcome for row in session.exec(select(VisitRow))]
    ledger.close()
    assert met == [Outcome.OK] * 3
    assert (len(ports), len(set(ports))) == (3, connections)
