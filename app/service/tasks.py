"""The tasks: what each does, and how one run of it is kept, whoever started it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.alone import BusyError, alone
from app.cycle import deliver_now, run_cycle
from app.probing import run_round
from app.service.drafts import mail_halfyear, mail_quarterly
from app.service.plan import Standing
from app.settings import Home, Settings
from app.weekly import mail_weekly
from storage.clock import now
from storage.ledger import Ledger

log = logging.getLogger("xunjian.serve")


class SawNothingError(RuntimeError):
    """The run ended, but nothing was seen: no success."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the service. `lease`: what it must do alone, None: it may run beside others."""

    title: str
    job: Callable[[Home, Settings, Ledger], None]
    lease: str | None = None


def _cycle(home: Home, settings: Settings, ledger: Ledger) -> None:
    report = run_cycle(home, settings, ledger)
    log.info("cycle: %d seen, %d not seen", report.crawl.seen, report.crawl.unseen)
    if report.crawl.saw_nothing:
        raise SawNothingError("本次什么也没有看到")


def _probe(home: Home, settings: Settings, ledger: Ledger) -> None:
    made = run_round(home, settings, ledger)
    if made is not None:
        log.info("probe: %d sites, %d mails", len(made.probes), made.queued.mails)


def _deliver(home: Home, settings: Settings, ledger: Ledger) -> None:
    deliver_now(home, settings, ledger)


TASKS: Mapping[str, Task] = {
    "cycle": Task("每日巡检", _cycle, "cycle"),
    "probe": Task("网站探测", _probe, "probe"),
    "deliver": Task("发信", _deliver, "deliver"),
    "weekly": Task("周报", mail_weekly),
    "quarterly": Task("季度通报草稿", mail_quarterly),
    "halfyear": Task("考核得分草稿", mail_halfyear),
}


def run_task(name: str, home: Home, settings: Settings, ledger: Ledger) -> bool:
    """Run a task now and keep how it ended; False: it failed, or somebody else does it just now.

    A failure is kept with its words and never ends the service.
    """
    task = TASKS[name]
    try:
        if task.lease is None:
            return _kept(name, task, home, settings, ledger)
        with alone(ledger, task.lease):
            return _kept(name, task, home, settings, ledger)
    except BusyError as error:
        log.info("%s", error, extra={"task": name})
        return False


def _kept(name: str, task: Task, home: Home, settings: Settings, ledger: Ledger) -> bool:
    run = ledger.begin_task(name, now())
    try:
        task.job(home, settings, ledger)
    except Exception as error:  # the service must outlive every fault of a task
        log.exception("%s failed", name, extra={"task": name})
        ledger.end_task(run, now(), ok=False, note=str(error)[:500] or type(error).__name__)
        return False
    ledger.end_task(run, now(), ok=True)
    return True


def standing_of(name: str, ledger: Ledger) -> Standing:
    """When did a task last succeed, and when did it last begin?"""
    good, last = ledger.last_task(name, ok=True), ledger.last_task(name)
    return Standing(_begun(good), _begun(last))


def _begun(run: object) -> datetime | None:
    return getattr(run, "started_at", None)
