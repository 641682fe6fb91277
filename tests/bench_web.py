"""How long do the pages take after ten years, and do fifty readers get them while a crawl runs?

    python -m tests.bench_web [--home DIR] [--seconds 60]

The county of `app.simulate` is served by `xunjian serve`, its tasks off. Each page is asked
for alone first; then fifty readers ask for all of them at once, one page after another, while
`xunjian crawl` looks at the county's columns on loopback over and over. A page whose middle time
alone is over its limit, or any answer other than 200, ends the run with exit code 1.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from app.home import Home
from app.settings import ScheduleSection
from storage.clock import now
from tests.app.web.visiting import PASSWORD, enter_people
from tests.bench_years import county

LIMIT_MS = 200
READERS = 50
EACH = 7  # times that a page is asked for alone; the middle one counts
PAGES = (
    "/",
    "/?verdict=overdue",
    "/columns/c0",
    "/columns/c0?visits=20",
    "/letters",
    "/mailboxes/m0",
    "/accounts",
    "/accounts/a0",
    "/sites",
    "/sites/s0",
    "/findings",
    "/findings/1",
    "/assessment",
    "/assessment/2026H2/u1",
    "/reports",
    "/inventory",
    "/rules/cn-2019",
    "/deliveries",
    "/runs",
)
ROW = "<li><a href='/{c}/{n}.html'>示例信息第{n}条标题文字</a><span>2026-11-{d:02d}</span></li>"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="keep the county here, or take the one that is")
    parser.add_argument("--seconds", type=int, default=60, help="how long the readers read")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = given.home or Path(stack.enter_context(TemporaryDirectory()))
        pages = Path(stack.enter_context(TemporaryDirectory()))
        home = county(folder)
        portal = stack.enter_context(served_folder(pages))
        prepare(home, pages, portal)
        address = stack.enter_context(service(home))
        alone = {page: median(alone_ms(address, page)) for page in PAGES}
        print(f"| page alone | ms, middle of {EACH} |\n|---|--:|")
        for page, took in alone.items():
            print(f"| `{page}` | {took:.0f} |")
        crawls = stack.enter_context(crawling(home))
        many, faults = read_by_many(address, given.seconds)
    many.sort()
    print(
        f"\n{READERS} readers for {given.seconds} s while {crawls[0]} crawls ran:"
        f" {len(many)} pages, {len(faults)} faults {faults[:3]}, middle {median(many):.0f} ms,"
        f" 95 of 100 within {many[len(many) * 95 // 100]:.0f} ms, longest {many[-1]:.0f} ms"
    )
    return int(bool(faults) or any(each > LIMIT_MS for each in alone.values()) or not crawls[0])


def prepare(home: Home, pages: Path, portal: str) -> None:
    """Persons to come in; and the columns' addresses on loopback, with a list behind each."""
    ledger = home.open_ledger()
    if ledger.person("clerk") is None:
        enter_people(ledger, "u1")
    register = {kind: [dict(row) for row in rows] for kind, rows in ledger.inventory().items()}
    for column in register["column"]:
        name = column["id"]
        column["url"] = f"{portal}/{name}/"
        rows = "".join(ROW.format(c=name, n=n, d=1 + n) for n in range(20))
        pages.joinpath(name).mkdir()
        text = f"<!-- synthetic --><html><body><ul>{rows}</ul></body></html>"
        pages.joinpath(name, "index.html").write_text(text, encoding="utf-8")
    ledger.load_inventory(register, now())
    ledger.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


@contextmanager
def running(*command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def served_folder(folder: Path) -> Iterator[str]:
    port = str(free_port())
    with running("http.server", port, "--bind", "127.0.0.1", "--directory", str(folder)):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def service(home: Home) -> Iterator[tuple[str, int]]:
    """The service of this home, its tasks off, once it answers."""
    port = free_port()
    off = {f"XUNJIAN_SCHEDULE__{name.upper()}": "" for name in ScheduleSection.model_fields}
    with running(
        "app", "--home", str(home.folder), "serve", XUNJIAN_WEB__PORT=str(port), **off
    ) as process:
        while process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/login"):
                    yield "127.0.0.1", port
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the service ended with {process.returncode}")


@contextmanager
def crawling(home: Home) -> Iterator[list[int]]:
    """The columns are looked at over and over; gives how many crawls have ended, in a list."""
    allowed = {
        "XUNJIAN_CRAWL__ALLOW_PRIVATE_NETWORKS": '["127.0.0.0/8"]',
        "XUNJIAN_CRAWL__DELAY_SECONDS": "0",
    }
    ended, stop = [0], threading.Event()

    def crawl() -> None:
        while not stop.is_set():
            with running(
                "app", "--home", str(home.folder), "crawl", "--only", "columns", **allowed
            ) as process:
                ended[0] += process.wait() == 0

    thread = threading.Thread(target=crawl)
    thread.start()
    try:
        yield ended
    finally:
        stop.set()
        thread.join()


class Reader:
    """A clerk's browser that has come in, with a connection of its own."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._connection = HTTPConnection(*address, timeout=60)
        form = urlencode({"login": "clerk", "password": PASSWORD, "to": "/"})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request("POST", "/login", form, kind)
        answer = self._connection.getresponse()
        answer.read()
        self._cookie = {"Cookie": str(answer.headers["Set-Cookie"]).split(";")[0]}

    def ask(self, page: str) -> tuple[int, float]:
        """The status of a page, and how many milliseconds it took to its last byte."""
        began = time.perf_counter()
        self._connection.request("GET", page, headers=self._cookie)
        answer = self._connection.getresponse()
        answer.read()
        return answer.status, (time.perf_counter() - began) * 1000


def alone_ms(address: tuple[str, int], page: str) -> list[float]:
    """What the page takes when nobody else asks, the first time left out: it fills caches."""
    reader = Reader(address)
    met = [reader.ask(page) for _ in range(EACH + 1)][1:]
    assert {status for status, _ in met} == {200}, (page, met)
    return [took for _, took in met]


def read_by_many(address: tuple[str, int], seconds: int) -> tuple[list[float], list[str]]:
    """What each page took that fifty readers got, and what went wrong."""
    took: list[float] = []
    faults: list[str] = []
    end = time.monotonic() + seconds

    def read(number: int) -> None:
        chance = random.Random(number)
        try:
            reader = Reader(address)
            while time.monotonic() < end:
                page = chance.choice(PAGES)
                status, ms = reader.ask(page)
                took.append(ms)
                if status != 200:
                    faults.append(f"{page}: {status}")
        except OSError as error:
            faults.append(f"{type(error).__name__}: {error}")

    readers = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for each in readers:
        each.start()
    for each in readers:
        each.join()
    return took, faults


if __name__ == "__main__":
    sys.exit(main())
