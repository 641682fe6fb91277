"""How long does it take to judge a province, and does memory grow with its columns?

    python -m tests.bench_check --columns 6000 60000

For each size a province with that many columns (`tests.bench_province` says what is in it) is put
into an SQLite file, and judged from there under the packs haian and cn-2019, portion by portion, in
a process of its own: first with its visits alone, then with all that its duties rest on. Figures
are CPU seconds and the peak memory of that process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.day import judge_in_portions
from checks.calendar import load_calendar
from checks.rules import pack_texts, read_law
from storage.database import sqlite_url
from storage.ledger import Ledger
from tests.bench_province import AS_OF, AT, fill

PACKS = ("haian", "cn-2019")


def measure(folder: Path) -> dict[str, Any]:
    """Judge what the folder's database holds; says how it went."""
    ledger = Ledger.open(sqlite_url(folder / "xunjian.db"), folder / "evidence")
    law = read_law(pack_texts(PACKS), load_calendar())
    began = time.process_time()
    verdicts: Counter[str] = Counter()
    for portion in judge_in_portions(ledger, law, AS_OF, AT):
        verdicts.update(str(row.verdict) for row in portion.bench.rows)
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
    print("| known | columns | rows judged | CPU s | peak MiB |\n|---|--:|--:|--:|--:|")
    for noted, columns in product((False, True), given.columns):
        with TemporaryDirectory() as name:
            folder = Path(name)
            ledger = Ledger.open(sqlite_url(folder / "xunjian.db"), folder / "evidence")
            fill(ledger, columns, noted=noted)
            ledger.close()
            again = [sys.executable, "-m", "tests.bench_check", "--folder", name]
            done = json.loads(subprocess.run(again, check=True, capture_output=True).stdout)
        rows = sum(done["verdicts"].values())
        known = "visits and notes" if noted else "visits"
        print(
            f"| {known} | {columns:,} | {rows:,} | {done['seconds']:.1f} | {done['peak_mib']:.0f} |"
        )


if __name__ == "__main__":
    main()
