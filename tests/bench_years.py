"""How long do the reports take after ten years, in a county of the usual size?

    python -m tests.bench_years [--home DIR]

Ten years of a synthetic county (`app.simulate` says what is in it) are put into an SQLite file;
then each report is made by its command's own function, in a process that has made none before.
A figure over its limit ends the run with exit code 1. `--home` keeps the county for the
next run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from app.cli import collect_seldom
from app.home import Home
from app.score_report import make_scores
from app.settings import Settings
from app.simulate.load import fill
from app.simulate.size import COUNTY
from app.starter import SETTINGS
from app.weekly import make_weekly
from checks.freshness import SHANGHAI
from notify.weekly import Period
from storage.ledger import Ledger, law_body

Report = Callable[[Home, Settings, Ledger, Path], object]
LAST = date(2026, 11, 22)
PACKS = 'packs = ["haian", "cn-2019"]'


def weekly(home: Home, settings: Settings, ledger: Ledger, out: Path) -> object:
    return make_weekly(home, settings, ledger, str(Period.containing(LAST)), out)


def halfyear(home: Home, settings: Settings, ledger: Ledger, out: Path) -> object:
    return make_scores(home, settings, ledger, "2026H2", None, out)


# The name, the limit in seconds, and what makes the report.
REPORTS: tuple[tuple[str, float, Report], ...] = (
    ("weekly", 5.0, weekly),
    ("halfyear", 10.0, halfyear),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="keep the county here, or take the one that is")
    given = parser.parse_args()
    collect_seldom()
    with ExitStack() as stack:
        folder = given.home or Path(stack.enter_context(TemporaryDirectory()))
        home = county(folder)
        ledger = home.open_ledger()
        stack.callback(ledger.close)
        took = [(name, limit, measure(home, ledger, make)) for name, limit, make in REPORTS]
    print("| report | s | of it CPU | limit s |\n|---|--:|--:|--:|")
    for name, limit, (seconds, busy) in took:
        print(f"| {name} | {seconds:.1f} | {busy:.1f} | {limit:.0f} |")
    return int(any(seconds > limit for _, limit, (seconds, _) in took))


def county(folder: Path) -> Home:
    """The home directory with ten years in it, made where there is none."""
    home = Home(folder)
    if home.path("xunjian.db").exists():
        return home
    home.path().mkdir(parents=True, exist_ok=True)
    settings = SETTINGS.replace('packs = ["haian"] ', f"{PACKS} ")
    home.path("settings.toml").write_text(settings, encoding="utf-8")
    ledger = home.open_ledger()
    start = datetime.combine(COUNTY.first(LAST) - timedelta(days=1), datetime.min.time(), SHANGHAI)
    ledger.keep_law(
        law_body(home.pack_texts(home.settings()), home.law(home.settings()).calendar), start
    )
    done = fill(ledger, COUNTY, LAST)
    ledger.close()
    rows = ", ".join(f"{count:,} {name}s" for name, count in done.rows.items())
    print(f"{rows} in {done.seconds:.0f} s", file=sys.stderr)
    return home


def measure(home: Home, ledger: Ledger, make: Report) -> tuple[float, float]:
    """Seconds of one report, written to the disk: by the clock, and of the processor."""
    with TemporaryDirectory() as out:
        began, idle = time.perf_counter(), time.process_time()
        make(home, home.settings(), ledger, Path(out))
        return time.perf_counter() - began, time.process_time() - idle


if __name__ == "__main__":
    sys.exit(main())
