"""What the demo cannot see in one day: a week of probes, and what persons found."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from app.demo.plan import Plan
from app.demo.vetoes import BELOW, HOST, MET
from checks.availability import Probe
from checks.facts import Hand, Outcome
from checks.freshness import SHANGHAI
from storage.ledger import Ledger

DAYS, PER_DAY = 7, 24
# Of 168 probes 8 are 4.76 %, below 5 %, and 9 are 5.36 %.
FAILED = {f"w2-{BELOW}": 8, f"w2-{MET}": 9}
PACK = "cn-2019"
FOUND = (
    (f"site:w1-{BELOW}", "W1", False),
    (f"site:w1-{MET}", "W1", True),
    ("account:tt-ylfg", "M3", False),
    ("account:wx-ylms", "M3", True),
)


def sow(ledger: Ledger, plan: Plan, now: datetime) -> None:
    """Write them into a new ledger. `now` is aware."""
    midnight = datetime.combine(plan.today, time(), SHANGHAI)
    for site in (site for site in plan.sites if site.host == HOST and site.id in FAILED):
        for number in range(DAYS * PER_DAY):
            at = midnight - timedelta(days=DAYS) + timedelta(hours=number)
            ledger.record_probe(_probe(site.id, at, failed=number < FAILED[site.id]))
    for subject, row, fault in FOUND:
        evidence = "演示：人工核查记录"
        ledger.record_hand(Hand(subject, PACK, row, fault, None, evidence, "演示", now))


def _probe(site: str, at: datetime, *, failed: bool) -> Probe:
    if failed:
        return Probe(site, at, 15_000, Outcome.UNREACHABLE)
    return Probe(site, at, 240, Outcome.OK)
