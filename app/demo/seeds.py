"""What the demo cannot see in one day: a week of probes, yesterday's guides, persons' findings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from app.demo.columns import Column
from app.demo.pages import trs
from app.demo.plan import Plan
from app.demo.vetoes import BELOW, HOST, MET
from checks.facts import DateSource, Hand, Item, Outcome
from checks.freshness import SHANGHAI
from checks.probes import Probe
from storage.ledger import Ledger, Sighting

LIST = DateSource.LIST

DAYS, PER_DAY = 7, 24
# Of 168 probes 8 are 4.76 %, below 5 %, and 9 are 5.36 %.
FAILED = {f"w2-{BELOW}": 8, f"w2-{MET}": 9}
PACK = "cn-2019"
FOUND = (
    (f"site:w1-{BELOW}", "W1", False),
    (f"site:w1-{MET}", "W1", True),
    ("account:tt-ylfg", "M1", False),
    ("account:wx-ylms", "M1", True),
    ("account:tt-ylfg", "M2b", False),
    ("account:wx-ylms", "M2b", True),
    ("account:tt-ylfg", "nm_interactive", False),
    ("account:wx-ylms", "nm_interactive", True),
)


def sow(ledger: Ledger, plan: Plan, base_urls: Mapping[str, str], now: datetime) -> None:
    """Write them into a new ledger. `base_urls` gives the address of each host, `now` is aware."""
    midnight = datetime.combine(plan.today, time(), SHANGHAI)
    for site in (site for site in plan.sites if site.host == HOST and site.id in FAILED):
        for number in range(DAYS * PER_DAY):
            at = midnight - timedelta(days=DAYS) + timedelta(hours=number)
            ledger.record_probe(_probe(site.id, at, failed=number < FAILED[site.id]))
    # Guides are opened from the second day on: the first tells which there are.
    yesterday = now - timedelta(days=1)
    listed = [column for column in plan.columns if column.fault == "guides"]
    run = ledger.start_run(len(listed), yesterday)
    for column in listed:
        ledger.record(run, _listed(column, base_urls[column.host], yesterday))
    ledger.finish_run(run, yesterday)
    for subject, row, fault in FOUND:
        evidence = "演示：人工核查记录"
        ledger.record_hand(Hand(subject, PACK, row, fault, None, evidence, "演示", now))


def _listed(column: Column, base: str, at: datetime) -> Sighting:
    items = tuple(
        Item(entry.title, base + trs.article_path(column, entry), entry.on, str(entry.on), LIST)
        for entry in column.rows
    )
    return Sighting(f"column:{column.id}", at, Outcome.OK, base + column.path, items=items)


def _probe(site: str, at: datetime, *, failed: bool) -> Probe:
    if failed:
        return Probe(site, at, 15_000, Outcome.UNREACHABLE)
    return Probe(site, at, 240, Outcome.OK)
