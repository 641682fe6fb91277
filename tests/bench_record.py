"""What does it cost to write down what was seen, everything but downloading and reading?

    python -m tests.bench_record [--postgres] [--visits 320]

Visits of list pages with 25 rows are written one by one and in batches: all rows new, all known,
and pages that did not change. Milliseconds a visit, of this process's processor and by the clock.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from checks.facts import DateSource, Item, Outcome
from checks.freshness import SHANGHAI
from crawler.backlog import BATCH
from storage.evidence import Capture
from storage.ledger import Ledger, Sighting
from tests.postgres import database_on, serving

ROWS = 25
SIZES = (30_000, 160_000)
AT = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
HEADERS = {"content-type": "text/html; charset=utf-8", "server": "nginx", "etag": '"5f-1"'}


@dataclass(frozen=True, slots=True)
class Cost:
    cpu_ms: float
    wall_ms: float


def body_of(size: int, seed: int) -> bytes:
    """A page that packs about five to one, as those of portals do."""
    rng = random.Random(seed)
    made = bytearray(b"<!DOCTYPE html><html><body><ul>")
    while len(made) < size:
        words = "".join(chr(rng.randrange(0x4E00, 0x5600)) for _ in range(rng.randrange(6, 14)))
        number = rng.randrange(10**6)
        made += (
            f'<li class="list-item"><a href="/art/2026/11/{number}.html" title="{words}">'.encode()
        )
        made += (
            f'{words}</a><span class="date">2026-11-{number % 28 + 1:02d}</span></li>\n'.encode()
        )
        made += b'<div class="pager"><a href="#" target="_blank">&nbsp;</a></div>\n' * 3
    return bytes(made[:size])


def pages(visits: int, size: int, at: datetime, *, fresh: int) -> list[Sighting]:
    """One visit of each column; `fresh` tells the rows of one look from those of another."""
    return [
        Sighting(
            f"column:{number:06d}",
            at,
            Outcome.OK,
            f"https://www.example.cn/{number}/",
            200,
            120,
            "rows",
            tuple(_items(number, fresh, AT.date())),
            note="没有已知系统的特征；按列表读取：25条，25条有日期",
            etag='"5f-1"',
            captures=(
                Capture(
                    f"https://www.example.cn/{number}/", at, 200, HEADERS, body_of(size, number % 8)
                ),
            ),
        )
        for number in range(visits)
    ]


def _items(number: int, fresh: int, today: date) -> Iterator[Item]:
    for row in range(ROWS):
        day = today - timedelta(days=row)
        url = f"https://www.example.cn/{number}/art/{fresh}/{row}.html"
        title = f"关于召开第{fresh}次全市政务公开工作推进会议的通知（{number}-{row}）"
        yield Item(title, url, day, str(day), DateSource.LIST)


def unchanged(ledger: Ledger, seen: Sequence[Sighting], at: datetime) -> list[Sighting]:
    known = ledger.known([each.subject for each in seen], at)
    return [
        replace(each, observed_at=at, items=(), captures=(), unchanged=known[each.subject])
        for each in seen
    ]


def measure(ledger: Ledger, seen: Sequence[Sighting], at_once: int) -> Cost:
    run = ledger.start_run(len(seen), seen[0].observed_at)
    wall, cpu = time.perf_counter(), time.process_time()
    for first in range(0, len(seen), at_once):
        ledger.record_all(run, seen[first : first + at_once])
    count = len(seen) / 1000
    return Cost((time.process_time() - cpu) / count, (time.perf_counter() - wall) / count)


def cases(ledger: Ledger, visits: int, size: int, at_once: int) -> Iterator[tuple[str, Cost]]:
    first = pages(visits, size, AT, fresh=1)
    yield "all rows new", measure(ledger, first, at_once)
    again = pages(visits, size, AT + DAY, fresh=1)
    yield "all rows known", measure(ledger, again, at_once)
    same = unchanged(ledger, first, AT + 2 * DAY)
    yield "unchanged", measure(ledger, same, at_once)


@contextmanager
def ledger_in(stack: ExitStack, server: str | None) -> Iterator[Ledger]:
    folder = Path(stack.enter_context(TemporaryDirectory()))
    url = f"sqlite:///{folder / 'xunjian.db'}"
    if server is not None:
        url = stack.enter_context(database_on(server))
    ledger = Ledger.open(url, folder / "evidence")
    yield ledger
    ledger.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true", help="start a server, and measure on it")
    parser.add_argument("--visits", type=int, default=320)
    given = parser.parse_args()
    print("| database | page | rows | written | CPU ms | wall ms |\n|---|--:|---|---|--:|--:|")
    with ExitStack() as stack:
        servers = [None, *([stack.enter_context(serving())] if given.postgres else [])]
        for server in servers:
            for size in SIZES:
                for at_once, words in ((1, "one by one"), (BATCH, f"{BATCH} at once")):
                    with ExitStack() as inner, ledger_in(inner, server) as ledger:
                        for name, cost in cases(ledger, given.visits, size, at_once):
                            base = "SQLite" if server is None else "PostgreSQL"
                            told = f"{cost.cpu_ms:.2f} | {cost.wall_ms:.2f}"
                            print(f"| {base} | {size // 1000} KB | {name} | {words} | {told} |")


if __name__ == "__main__":
    main()
