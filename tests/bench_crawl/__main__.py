"""Pages per second from socket to ledger, beside others on the same pages, in one run.

    python -m tests.bench_crawl [--only scrapy sqlite …] [--hosts 40] [--columns 20] [--rounds 3]

A farm of synthetic portals on loopback (`tests.bench_crawl.farm`) is looked at by each contestant
in turn, round by round. Prints a Markdown table for docs/benchmarks.md, and how they stand to each
other; a goal that is missed is told, and is a failure with --strict only.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from checks.freshness import local_day
from storage.clock import now
from tests.bench_crawl import contestants, postgres
from tests.bench_crawl.changedetection import NAME as CHANGEDETECTION
from tests.bench_crawl.changedetection import StuckError, changedetection
from tests.bench_crawl.contestants import Contestant
from tests.bench_crawl.farm import columns_of, farm
from tests.bench_crawl.ground import Ground, Run
from tests.bench_crawl.spent import FailedError
from tests.bench_crawl.table import goals, table
from tests.bench_crawl.urlwatch import NAME as URLWATCH
from tests.bench_crawl.urlwatch import urlwatch
from tests.bench_crawl.venvs import installed, version_of

OURS = {
    "limit": contestants.limit,
    "scrapy": contestants.scrapy,
    "sqlite": contestants.sqlite,
    "postgresql": contestants.postgresql,
    "workers": contestants.two_workers,
    "small": contestants.sqlite_small,
    "small-workers": contestants.two_workers_small,
}
OTHERS = {URLWATCH: urlwatch, CHANGEDETECTION: changedetection}
ON_SERVER = {"postgresql", "workers", "small-workers"}


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench_crawl", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("--only", nargs="+", choices=[*OURS, *OTHERS], default=[*OURS, *OTHERS])
    add("--hosts", type=int, default=40, help="two or more; each with its own address")
    add("--columns", type=int, default=20, help="of each host")
    add("--rounds", type=int, default=3)
    add("--seed", type=int, default=1, help="of the pages")
    add("--concurrency", type=int, default=8, help="requests at once, ours and Scrapy's")
    add("--watches", type=int, default=300, help="the most that changedetection.io is given")
    add("--folder", type=Path, default=Path("build/bench-crawl"))
    add("--strict", action="store_true", help="a goal that is missed is a failure")
    return parser.parse_args()


def chosen(names: list[str], folder: Path) -> Iterator[tuple[str, Contestant]]:
    """The contestants; one that cannot be installed is named and left out."""
    for name in names:
        if name in OURS:
            yield name, OURS[name]
            continue
        programs = installed(name, folder / "venvs")
        if programs is None:
            said = (folder / "venvs" / f"{name}.log").read_text("utf-8").strip()[-300:]
            print(f"{name} is left out, it cannot be installed here: {said}")
            continue
        print(f"{name} {version_of(name, programs)}")
        yield name, partial(OTHERS[name], programs=programs)


def measured(ground: Ground, taking_part: list[tuple[str, Contestant]], rounds: int) -> list[Run]:
    """Every contestant once a round; who begins changes from round to round.

    One that fails is named, and has what it did until then.
    """
    runs: list[Run] = []
    for number in range(rounds):
        first = number % len(taking_part)
        for name, contestant in taking_part[first:] + taking_part[:first]:
            print(f"round {number + 1} of {rounds}: {name}", file=sys.stderr)
            try:
                runs.extend(contestant(ground, number))
            except (FailedError, StuckError, OSError) as error:
                print(f"{name} failed in round {number + 1}: {error}")
    return runs


def main() -> None:
    given = parsed()
    cache = given.folder.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    print(f"Python {sys.version.split()[0]}, Scrapy {version('scrapy')}")
    taking_part = list(chosen(given.only, cache))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir=cache, prefix="run-")))
        columns = columns_of(given.hosts, given.columns, given.seed)
        pages = stack.enter_context(farm(folder / "farm", columns, local_day(now())))
        asked = ON_SERVER & {name for name, _ in taking_part}
        server = stack.enter_context(postgres.running()) if asked else None
        ground = Ground(folder, pages, given.concurrency, given.watches, server)
        runs = measured(ground, taking_part, given.rounds)
    met = goals(runs)
    print(f"{given.hosts} hosts, {given.columns} columns each, {given.rounds} rounds\n")
    print(table(runs), "", *met, sep="\n")
    if given.strict and any(goal.reached is False for goal in met):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
