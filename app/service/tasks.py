"""The tasks: what each does, and how one run of it is kept, whoever started it."""

from __future__ import annotations

import logging
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.alone import BusyError, alone
from app.cycle import NOTHING_PLANNED, NOTHING_SEEN, deliver_now, run_cycle
from app.home import Home
from app.probing import run_round
from app.service.drafts import mail_halfyear, mail_quarterly
from app.service.kept import kept
from app.service.plan import Standing
from app.settings import Settings
from app.upkeep import keep_house
from app.weekly import mail_weekly
from checks.freshness import local_day
from crawler.children import CrawlStoppedError
from notify.operator import tell_operator
from notify.words import shorten
from storage.clock import now
from storage.ledger import Ledger

log = logging.getLogger("xunjian.serve")
RETRY = timedelta(hours=1)
RUNS_KEPT = timedelta(days=100)
PING_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the service. `job` answers with what it failed to do, if anything.

    `lease`: what it must do alone; None: it may run beside others.
    """

    title: str
    job: Callable[[Home, Settings, Ledger], str | None]
    lease: str | None = None


def _cycle(home: Home, settings: Settings, ledger: Ledger) -> str | None:
    report = run_cycle(home, settings, ledger)
    log.info("cycle: %d seen, %d not seen", report.crawl.seen, report.crawl.unseen)
    if report.crawl.planned == 0:
        return NOTHING_PLANNED
    if report.crawl.saw_nothing:
        return NOTHING_SEEN
    ping(settings)
    return None


def ping(settings: Settings) -> None:
    """Ask the address that waits for us; one that does not answer is a warning, no more."""
    if not settings.service.ping:
        return
    try:
        # Settings take http and https alone.
        urllib.request.urlopen(settings.service.ping, timeout=PING_SECONDS).close()  # noqa: S310
    except (OSError, ValueError) as error:
        log.warning("ping: %s", error)


def _probe(home: Home, settings: Settings, ledger: Ledger) -> None:
    made = run_round(home, settings, ledger)
    if made is not None:
        log.info("probe: %d sites, %d mails", len(made.probes), made.queued.mails)


def _deliver(home: Home, settings: Settings, ledger: Ledger) -> None:
    made = deliver_now(home, settings, ledger)
    if made.sent or made.errors:
        log.info("deliver: %d sent, %d failed, %d dead", made.sent, made.failed, made.dead)
    for error in made.errors:
        log.warning("%s", error)


def house_facts(faults: Sequence[str], at: datetime) -> Mapping[str, str]:
    """What upkeep met, as a fact that is told once a week while it lasts."""
    return {f"upkeep:{local_day(at):%G-W%V}": shorten("；".join(faults), 1000)} if faults else {}


def upkeep_words(lines: Sequence[str]) -> tuple[str, Sequence[str]]:
    return "证据和数据需要处理", [*lines, "请运行 xunjian doctor 查看各项检查。"]


def _upkeep(_home: Home, settings: Settings, ledger: Ledger) -> None:
    ledger.drop_tasks(now() - RUNS_KEPT)
    house = keep_house(settings, ledger, now())
    log.info("upkeep: %d given up, %d probes packed", house.pruned.removed, house.packed)
    for fault in house.faults:
        log.warning("upkeep: %s", fault)
    facts = house_facts(house.faults, now())
    tell_operator(ledger, settings.mail, "service", facts, upkeep_words, now())


def _dispatch(_home: Home, settings: Settings, ledger: Ledger) -> str | None:
    from app.workers.dispatch import dispatch, fault_of  # the queue is loaded where there is one

    made = dispatch(settings, ledger)
    if made.watched or made.retried or made.deferred:
        log.info(
            "dispatch: %d new or moved, %d jobs taken from lost workers, %d jobs",
            made.watched,
            made.retried,
            made.deferred,
        )
    return fault_of(ledger, now())


TASKS: Mapping[str, Task] = {
    "cycle": Task("每日巡检", _cycle, "cycle"),
    "probe": Task("网站探测", _probe, "probe"),
    "deliver": Task("发信", _deliver),
    "weekly": Task("周报", mail_weekly),
    "quarterly": Task("季度检查通报草稿", mail_quarterly),
    "halfyear": Task("半年考核得分草稿", mail_halfyear),
    "upkeep": Task("数据清理与核对", _upkeep),
    "dispatch": Task("分派巡检任务", _dispatch, "dispatch"),
}


def run_task(name: str, home: Home, ledger: Ledger) -> bool:
    """Run a task now, with settings as they are now; False: it failed, or somebody else does it.

    A failure, settings that cannot be read among them, is kept with its words and never ends the
    service.
    """
    task = TASKS[name]
    try:
        if task.lease is None:
            return _done(name, home, ledger)
        with alone(ledger, task.lease):
            return _done(name, home, ledger)
    except BusyError as error:
        log.info("%s", error, extra={"task": name})
        return False


def _done(name: str, home: Home, ledger: Ledger) -> bool:
    try:
        with kept(ledger, name) as run:
            run.fault = TASKS[name].job(home, home.settings(), ledger)
    except CrawlStoppedError as error:
        log.info("%s", error, extra={"task": name})
    except Exception:  # the service must outlive every fault of a task
        log.exception("%s failed", name, extra={"task": name})
    else:
        if run.fault is None:
            return True
        log.error("%s failed: %s", name, run.fault, extra={"task": name})
    return False


def standing_of(name: str, ledger: Ledger) -> Standing:
    """How does a task stand?

    One that failed is left alone for an hour from its start. One that was cut short is not; but
    two of which nothing was heard any more may be what ends this process.
    """
    good, last = ledger.last_task(name, ok=True), ledger.last_tasks(name, 2)
    failed = bool(last) and (last[0].ok is False or [run.finished_at for run in last] == [None] * 2)
    return Standing(
        good.started_at if good is not None else None,
        last[0].started_at + RETRY if failed else None,
    )
