"""One round of probes: look, keep, tell. (国办秘函〔2019〕19号 W2)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.cycle import deliver_now, load_first_register
from app.day import PROBES
from app.home import Home
from app.settings import Settings, robots_of
from checks.freshness import Moment, local_day
from checks.judge import Bench
from checks.probes import AvailabilityRule, Probe
from checks.rules import Law
from crawler.probe import probe_sites
from notify.news import News
from notify.outages import outage_lines
from notify.outbox import Delivered
from notify.queue import Queued, queue_lines
from storage.clock import now
from storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did. `rule` grades its probes."""

    rule: AvailabilityRule
    probes: tuple[Probe, ...]
    queued: Queued
    delivered: Delivered

    @property
    def saw_nothing(self) -> bool:
        return bool(self.probes) and all(probe.ours for probe in self.probes)


def availability_rules(law: Law, as_of: date) -> list[AvailabilityRule]:
    """By which numbers is availability judged on this day? Empty: nobody asks for it."""
    owed = law.duties_in_force(as_of)
    return [AvailabilityRule.of(duty.numbers) for duty in owed if duty.about == "availability"]


def run_round(home: Home, settings: Settings, ledger: Ledger) -> Round | None:
    """Probe every site once; None where no rule in force asks for it.

    1. Visit each home page, our own network first; each probe is in the ledger at once.
    2. Queue one mail to each of office and operator for what changed, each change once.
    3. Deliver what the outbox holds.

    Raises CrawlError when the round could not finish.
    """
    law = home.law(settings)
    rules = availability_rules(law, local_day(now()))
    if not rules:
        return None
    load_first_register(home, ledger)
    homes = {row["id"]: row["home"] for row in ledger.inventory()["site"]}
    slow_ms = max(rule.slow_ms for rule in rules)
    probes = probe_sites(ledger, homes, settings.crawl, settings.probe, slow_ms)
    queued = tell_outages(settings, ledger, law, rules[0], now())
    return Round(rules[0], probes, queued, deliver_now(home, settings, ledger))


def tell_outages(
    settings: Settings, ledger: Ledger, law: Law, rule: AvailabilityRule, present: datetime
) -> Queued:
    """Queue what changed in the last days and was not told yet. A second time queues nothing."""
    sites = ledger.subjects()
    lines = outage_lines(rule, ledger.probes(present - PROBES, present), sites, present)
    bench = Bench(Moment(local_day(present)), (), (), {}, {})
    news = News(bench, (), {}, {subject.key: subject for subject in sites}, law)
    robots = [robot.name for robot in robots_of(settings)]
    with ledger.writing() as session:
        return queue_lines(ledger, session, lines, news, settings.mail, present, robots)
