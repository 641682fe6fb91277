"""Does a column cost the same in a register of 300 as in one of 60,000?

    python -m tests.bench_growth [--columns 300 3000 6000 60000] [--url DATABASE]

For each size a register is made by `app.simulate`, 60 columns a site, looked at for nine days;
then in a process of its own each step of a day is done for all of it, or for one lot of 20 sites.
Figures are CPU microseconds of that process for each column that the step is about. `--url` names
an empty PostgreSQL database for one size; SQLite otherwise.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from app.day import end_of, judge_in_portions
from app.simulate.load import fill
from app.simulate.size import DAY, Size
from checks.calendar import load_calendar
from checks.facts import DateSource, Item, Outcome
from checks.rules import pack_texts, read_law
from crawler.run import plan
from storage.database import sqlite_url
from storage.ledger import Ledger, Sighting

LAST = date(2026, 11, 22)
AT = end_of(LAST)
PER_SITE, LOT, RECORDED = 60, 20, 200
PACKS = ("haian", "cn-2019")
Step = tuple[str, int, Callable[[], object]]


def size_of(columns: int) -> Size:
    sites = max(1, columns // PER_SITE)
    return Size(units=sites, sites=sites, columns=columns, accounts=sites, days=9)


def steps(ledger: Ledger, columns: int) -> Iterator[Step]:
    """The name of each step, of how many columns it is, and what does it."""
    law = read_law(pack_texts(PACKS), load_calendar())
    duties = frozenset(duty.about for duty in law.duties_in_force(LAST))
    register = ledger.inventory()
    lot = [row["id"] for row in register["site"]][:LOT]
    of_lot = min(columns, LOT * PER_SITE)

    def judge() -> None:
        for _ in judge_in_portions(ledger, law, LAST, AT):
            pass

    yield "register loaded unchanged", columns, lambda: ledger.load_inventory(register, AT + DAY)
    yield "register read", columns, ledger.inventory
    yield "register of a lot read", of_lot, lambda: ledger.register_of(lot)
    yield "judged", columns, judge
    yield "planned, all", columns, lambda: plan(ledger, register, AT, duties=duties)
    lots = ledger.register_of(lot)
    yield "planned, a lot", of_lot, lambda: plan(ledger, lots, AT, duties=duties)
    yield "looks recorded", RECORDED, lambda: record(ledger)


def record(ledger: Ledger) -> None:
    """Looks at lists of twenty rows, each with a new one; no evidence, which goes to files."""
    run = ledger.start_run(RECORDED, AT)
    for n in range(RECORDED):
        rows = tuple(
            Item(f"信息{row}", f"https://x.example/{row}", LAST - row * DAY, "", DateSource.LIST)
            for row in range(20)
        )
        ledger.record(run, Sighting(f"column:c{n}", AT, Outcome.OK, items=rows))


def measure(url: str, folder: Path, columns: int) -> dict[str, float]:
    ledger = Ledger.open(url, folder / "evidence")
    took: dict[str, float] = {}
    for name, of, do in steps(ledger, columns):
        began = time.process_time()
        do()
        took[name] = (time.process_time() - began) / of * 1e6
    took["peak MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--columns", type=int, nargs="+", default=[300, 3_000, 6_000, 60_000])
    parser.add_argument("--url", help="an empty PostgreSQL database, for one size")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.folder:
        print(json.dumps(measure(given.url, given.folder, given.columns[0])))
        return
    for columns in given.columns:
        with TemporaryDirectory() as name:
            url = given.url or sqlite_url(Path(name) / "xunjian.db")
            ledger = Ledger.open(url, Path(name) / "evidence")
            fill(ledger, size_of(columns), LAST)
            ledger.close()
            own = ["--folder", name, "--url", url, "--columns", str(columns)]
            again = [sys.executable, "-m", "tests.bench_growth", *own]
            done = json.loads(subprocess.run(again, check=True, capture_output=True).stdout)
        print(f"{columns:>7,}", {step: round(us, 1) for step, us in done.items()}, flush=True)


if __name__ == "__main__":
    main()
