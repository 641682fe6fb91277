"""How long does it take to judge a province, and does memory grow with its columns?

    python -m tests.bench_check --columns 6000 60000

For each size a register with that many columns, 60 on a site, is put into an SQLite file with
three visits a column, and judged from there under the packs haian and cn-2019, portion by
portion, in a process of its own. Figures are CPU seconds and the peak memory of that process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert

from app.day import judge_in_portions
from checks.calendar import load_calendar
from checks.rules import pack_texts, read_law
from storage.database import sqlite_url
from storage.ledger import Ledger
from storage.tables import Mailbox, Run, Site, Unit, VisitRow, WatchedColumn

AT = datetime(2026, 11, 27, 4, tzinfo=UTC)
AS_OF = date(2026, 11, 27)
SINCE = datetime(2026, 1, 5, tzinfo=UTC)
PER_SITE = 60
CLASSES = ("news", "news", "notice", "policy_doc", "interpretation", "plan", "overview", "other")
PACKS = ("haian", "cn-2019")
BATCH = 5000


def fill(ledger: Ledger, columns: int) -> None:
    """A province: sites with columns and a mailbox each, looked at on three days."""
    sites = columns // PER_SITE
    version = {"since": SINCE, "until": None}
    _insert(ledger, Unit, ({**version, "id": "u", "name": "u", "kind": "other", "emails": []},))
    _insert(ledger, Site, (_site(n, version) for n in range(sites)))
    _insert(ledger, WatchedColumn, (_column(n, version) for n in range(columns)))
    _insert(ledger, Mailbox, (_mailbox(n, version) for n in range(sites)))
    _insert(ledger, Run, ({"id": 1, "started_at": SINCE, "planned": 0, "seen": 0, "unseen": 0},))
    keys = [f"site:s{n}" for n in range(sites)] + [f"mailbox:m{n}" for n in range(sites)]
    keys += [f"column:c{n}" for n in range(columns)]
    visits = (_visit(key, n, days) for days in (2, 1, 0) for n, key in enumerate(keys))
    _insert(ledger, VisitRow, visits)


def _site(n: int, version: dict[str, Any]) -> dict[str, Any]:
    home = f"https://s{n}.example.gov.cn/"
    return {**version, "id": f"s{n}", "name": f"网站{n}", "home": home, "unit": "u"}


def _column(n: int, version: dict[str, Any]) -> dict[str, Any]:
    site = n // PER_SITE
    url = f"https://s{site}.example.gov.cn/c{n}/"
    word = CLASSES[n % len(CLASSES)]
    own = {"id": f"c{n}", "name": f"栏目{n}", "site": f"s{site}", "url": url, "unit": "u"}
    return {**version, **own, "class": word, "expected": []}


def _mailbox(n: int, version: dict[str, Any]) -> dict[str, Any]:
    url = f"https://s{n}.example.gov.cn/x/"
    return {**version, "id": f"m{n}", "name": "信箱", "site": f"s{n}", "url": url, "unit": "u"}


def _visit(key: str, n: int, days: int) -> dict[str, Any]:
    outcome = ("ok", "ok", "ok", "ok", "ok", "ok", "ok", "empty", "blocked", "undated")[n % 10]
    newest = AS_OF - timedelta(days=n % 23) if outcome == "ok" else None
    return {
        "run_id": 1,
        "subject": key,
        "observed_at": AT - timedelta(days=days),
        "outcome": outcome,
        "newest": newest,
        "item_count": 20,
    }


def _insert(ledger: Ledger, table: Any, rows: Iterator[dict[str, Any]] | Sequence[Any]) -> None:
    held: list[dict[str, Any]] = []
    with ledger.engine.execution_options(write=True).begin() as connection:
        for row in rows:
            held.append(row)
            if len(held) == BATCH:
                connection.execute(insert(table), held)
                held = []
        if held:
            connection.execute(insert(table), held)


def measure(folder: Path) -> dict[str, Any]:
    """Judge what the folder's database holds; says how it went."""
    ledger = Ledger.open(sqlite_url(folder / "xunjian.db"), folder / "evidence")
    law = read_law(pack_texts(PACKS), load_calendar())
    began = time.process_time()
    verdicts: Counter[str] = Counter()
    for bench in judge_in_portions(ledger, law, AS_OF, AT):
        verdicts.update(str(row.verdict) for row in bench.rows)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "peak_mib": peak, "verdicts": dict(verdicts)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--columns", type=int, nargs="+", default=[6_000, 60_000])
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.folder:
        print(json.dumps(measure(given.folder)))
        return
    print("| columns | rows judged | CPU s | peak MiB |\n|--:|--:|--:|--:|")
    for columns in given.columns:
        with TemporaryDirectory() as name:
            folder = Path(name)
            ledger = Ledger.open(sqlite_url(folder / "xunjian.db"), folder / "evidence")
            fill(ledger, columns)
            ledger.close()
            again = [sys.executable, "-m", "tests.bench_check", "--folder", name]
            done = json.loads(subprocess.run(again, check=True, capture_output=True).stdout)
        rows = sum(done["verdicts"].values())
        print(f"| {columns:,} | {rows:,} | {done['seconds']:.1f} | {done['peak_mib']:.0f} |")


if __name__ == "__main__":
    main()
