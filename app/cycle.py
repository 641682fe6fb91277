"""The cycle: the table of contents of the product."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from app.alone import BusyError, alone
from app.home import Home
from app.law import remember_law
from app.settings import Settings, robots_of
from app.today import Today, judge_today
from app.workers.lots import follow_register
from app.workers.timing import pressing
from checks.calendar import Limit
from checks.escalation import Rung
from checks.freshness import local_day
from checks.lifecycle import Finding, advance
from checks.verdicts import Verdict
from crawler.children import CrawlError, CrawlStoppedError
from crawler.run import CrawlReport, OnVisit, crawl, plan
from notify.nearing import PREFIX
from notify.news import OFFICE, Contact, News
from notify.outbox import Delivered, deliver
from notify.queue import Queued, queue_alerts
from storage.clock import now
from storage.inventory import read_toml
from storage.ledger import Happening, Ledger, Versions

# How long an event waits for an audience that had no address when it happened.
STANDING = timedelta(days=14)
# Said of findings about what the register no longer holds: nothing else will ever clear them.
NOT_REGISTERED = "对象已从登记册停用"
NOTHING_PLANNED = (
    "没有可查看的对象：登记册为空，或所选范围内没有登记。请先用 xunjian inventory load 载入登记册。"
)
NOTHING_SEEN = "本次什么也没有看到：请检查本机网络、防火墙白名单和页面地址"


@dataclass(frozen=True, slots=True)
class CycleReport:
    """What one cycle did: what was seen, judged, queued and sent."""

    crawl: CrawlReport
    verdicts: Mapping[Verdict, int]
    queued: Queued
    delivered: Delivered


def run_cycle(
    home: Home, settings: Settings, ledger: Ledger, on_visit: OnVisit = None
) -> CycleReport:
    """Watch, judge, tell.

    1. Load inventory.toml when no register was ever loaded.
    2. Crawl: look at every subject once; each visit is in the ledger at once. Where workers do
       that, what they saw stands.
    3. Check: judge today, write what changed, queue one digest per recipient, in one
       transaction.
    4. Deliver what the outbox holds.

    Raises CrawlError, after the other steps, when not all could be looked at: what was seen must
    not wait for it, and of what was not seen nothing is said. CrawlStoppedError at once.
    """
    load_first_register(home, ledger)
    fault = None
    try:
        if settings.workers.enabled:
            seen = looked_by_workers(settings, ledger)
        else:
            seen = crawl_now(home, settings, ledger, on_visit=on_visit)
    except CrawlStoppedError:
        raise
    except CrawlError as error:
        fault = error
    today, queued = check_today(home, settings, ledger)
    delivered = deliver_now(home, settings, ledger)
    if fault is not None:
        raise fault
    return CycleReport(seen, today.verdicts, queued, delivered)


def load_first_register(home: Home, ledger: Ledger) -> bool:
    """Load inventory.toml if nothing was ever loaded. Raises InventoryError, OSError."""
    path = home.path("inventory.toml")
    if ledger.is_loaded() or not path.is_file():
        return False
    ledger.load_inventory(read_toml(path.read_text(encoding="utf-8"), str(path)), now())
    return True


def crawl_now(
    home: Home,
    settings: Settings,
    ledger: Ledger,
    site: str | None = None,
    only: str | None = None,
    on_visit: OnVisit = None,
) -> CrawlReport:
    """Look at the register's subjects, or one site's, or one kind's. Raises CrawlError."""
    terms, families = home.terms(settings), families_of(home, settings)
    texts = settings.text.articles
    present, register = now(), ledger.inventory()
    jobs = plan(ledger, register, present, site, only, families, settings.links, texts)
    return crawl(ledger, jobs, settings.crawl, on_visit, terms=terms, wechat=settings.wechat)


def families_of(home: Home, settings: Settings) -> frozenset[str]:
    """Of which duties does the law in force today speak?"""
    owed = home.law(settings).duties_in_force(local_day(now()))
    return frozenset(duty.about for duty in owed)


def looked_by_workers(settings: Settings, ledger: Ledger) -> CrawlReport:
    """What the workers saw since each subject should have been looked at, as one run would."""
    follow_register(ledger, settings.workers.lots)
    seen, unseen = ledger.looked_at_since(now() - settings.workers.every)
    return CrawlReport(0, ledger.watched_count(), seen, unseen)


def check_today(home: Home, settings: Settings, ledger: Ledger) -> tuple[Today, Queued]:
    """Judge today, write the events, and queue the mails that tell of them: all or nothing."""
    remember_law(home, settings, ledger)
    today = judge_today(home, settings, ledger)
    if settings.workers.enabled:
        bench = today.bench
        ledger.press(pressing(bench.rows, bench.letters), now() + settings.workers.every / 2)
    return today, record_today(
        settings, ledger, today, home.rectification().warn, home.escalation()
    )


def record_today(
    settings: Settings,
    ledger: Ledger,
    today: Today,
    warn: Limit | None = None,
    rungs: Sequence[Rung] = (),
) -> Queued:
    """Write what follows from a judgement of today, in one transaction.

    Units are reminded of a deadline of rectification that runs out within `warn`; `rungs` say who
    hears of one that has passed.
    """
    present = now()
    versions = Versions(
        rules={
            f"{row.pack}/{row.id}": row.version
            for row in today.law.rows_in_force(today.bench.moment.as_of)
        },
        calendar=today.law.calendar.version,
    )
    units = contacts(ledger)
    with ledger.writing() as session:
        latest = ledger.latest_findings(session)
        # The register may have been loaded anew while portions were judged.
        here = ledger.registered(session, {key.subject for key in today.gone})
        gone = [key for key in today.gone if key.subject not in here]
        cleared = {**today.bench.cleared, **dict.fromkeys(gone, NOT_REGISTERED)}
        steps = advance(latest, today.bench.faults, cleared, present)
        happenings = ledger.write_steps(session, steps, versions, present)
        after = _after(latest.values(), happenings)
        fresh = {happening.finding.id for happening in happenings}
        standing = ledger.standing_news(session, present - STANDING)
        happenings += [each for each in standing if each.finding.id not in fresh]
        news = News(
            bench=today.bench,
            happenings=happenings,
            units=units,
            subjects=today.subjects,
            law=today.law,
            places=today.places,
            told=ledger.told(session, OFFICE, PREFIX),
            persons=ledger.persons_news(session, present - STANDING),
            standing=after,
            warn=warn,
            rungs=rungs,
        )
        robots = [robot.name for robot in robots_of(settings)]
        return queue_alerts(ledger, session, news, settings.mail, present, robots)


def _after(findings: Iterable[Finding], happenings: Iterable[Happening]) -> list[Finding]:
    """The findings with the events that this run wrote."""
    held = {finding.id: finding for finding in findings}
    for each in happenings:
        finding = held.get(each.finding.id, each.finding)
        held[finding.id] = replace(finding, events=(*finding.events, each.event))
    return list(held.values())


def deliver_now(
    home: Home, settings: Settings, ledger: Ledger, *, force: bool = False
) -> Delivered:
    """Send what is due, by SMTP or as .eml files, and to group robots.

    Only one process delivers at a time. While another does, this one leaves it all to that one,
    and says so in `errors`.
    """
    outbox, robots = home.path("outbox"), robots_of(settings)
    try:
        with alone(ledger, "deliver"):
            # Whoever held a claim is gone: it held the lease as well.
            ledger.release_claims(now())
            return deliver(
                ledger, settings.mail, home.mail_password, outbox, now, force=force, robots=robots
            )
    except BusyError as error:
        return Delivered(0, 0, 0, ledger.delivery_counts().get("queued", 0), (str(error),))


def contacts(ledger: Ledger) -> dict[str, Contact]:
    return {row["id"]: Contact(row["name"], tuple(row["emails"])) for row in ledger.units()}
