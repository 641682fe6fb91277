"""The contestants that are programs of a single call: the network, Scrapy, xunjian."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.bench_crawl.ground import Ground, Run
from tests.bench_crawl.spent import Command

Contestant = Callable[[Ground, int], Iterator[Run]]
FIRST, CHANGED, NOT_MODIFIED, SAME = "first", "one new row", "unchanged", "same bytes anew"
HERE = "tests.bench_crawl."


def limit(ground: Ground, number: int) -> Iterator[Run]:
    """The network limit: nothing but the download."""
    yield _plain(ground, "network limit", [])


def scrapy(ground: Ground, number: int) -> Iterator[Run]:
    yield _plain(ground, "bare Scrapy", [str(ground.concurrency)])


def _plain(ground: Ground, name: str, more: Sequence[str]) -> Run:
    addresses = ground.addresses
    module = {"network limit": "limit", "bare Scrapy": "bare"}[name]

    def command(file: Path) -> list[Command]:
        return [[sys.executable, "-m", HERE + module, file, *more]]

    begin = ground.spend(command(ground.file("one.txt", addresses[:1])))
    everything = command(ground.file("all.txt", addresses))
    return ground.run(name, "download", len(addresses), begin, everything)


def sqlite(ground: Ground, number: int) -> Iterator[Run]:
    yield from _days(ground, f"sqlite{number}", "xunjian, SQLite", ground.addresses)


def sqlite_small(ground: Ground, number: int) -> Iterator[Run]:
    days = _days(ground, f"small{number}", "xunjian, SQLite, 26 KB", ground.small)
    for run, _ in zip(days, (FIRST, CHANGED), strict=False):
        yield run


def postgresql(ground: Ground, number: int) -> Iterator[Run]:
    yield from _days(ground, f"pg{number}", "xunjian, PostgreSQL", ground.addresses)


def two_workers(ground: Ground, number: int) -> Iterator[Run]:
    name = "xunjian, PostgreSQL, two workers"
    yield from _days(ground, f"two{number}", name, ground.addresses, workers=2)


def two_workers_small(ground: Ground, number: int) -> Iterator[Run]:
    name = "xunjian, PostgreSQL, two workers, 26 KB"
    days = _days(ground, f"twosmall{number}", name, ground.small, workers=2)
    for run, _ in zip(days, (FIRST, CHANGED), strict=False):
        yield run


def _days(
    ground: Ground, home: str, name: str, addresses: Sequence[str], workers: int = 1
) -> Iterator[Run]:
    """Four days of a home: all is new; a new row each; nothing new; written anew, nothing new."""
    commands = _commands(ground, home, addresses, workers)
    hosts = {address.split("/")[2]: address for address in reversed(addresses)}
    one = _commands(ground, f"{home}one", list(hosts.values())[-workers:], workers)
    ground.spend(one)

    def run(what: str) -> Run:
        begin = ground.spend(one)
        return ground.run(name, what, len(addresses), begin, commands)

    yield run(FIRST)
    ground.farm.publish()
    yield run(CHANGED)
    yield run(NOT_MODIFIED)
    ground.farm.touch()
    yield run(SAME)


def _commands(ground: Ground, name: str, addresses: Sequence[str], workers: int) -> list[Command]:
    """A new home with these columns, and what looks at all of them."""
    home = ground.folder / name
    home.mkdir()
    on_server = not name.startswith(("sqlite", "small"))
    if on_server and ground.postgres is None:
        raise ValueError("no PostgreSQL server was started")
    server = ground.postgres if on_server else None
    database = server.database(name) if server else f"sqlite:///{home / 'xunjian.db'}"
    file = ground.file(f"{name}.txt", addresses)
    ours = [sys.executable, "-m", HERE + "ours"]
    ground.spend([[*ours, "prepare", home, database, file]])
    return [
        [*ours, "look", home, database, str(ground.concurrency), str(share), str(workers)]
        for share in range(workers)
    ]
