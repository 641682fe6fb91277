"""The service: the cycle, the Monday report and the probes, in Asia/Shanghai, until stopped."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from app.cycle import run_cycle
from app.probing import run_round
from app.settings import Home, Settings
from app.weekly import mail_weekly
from checks.freshness import SHANGHAI, local_day

log = logging.getLogger("xunjian.serve")
GRACE_SECONDS = 6 * 3600


def serve_forever(home: Home, settings: Settings) -> None:
    """Run until interrupted. One failed run is logged and does not end the service."""
    build(home, settings).start()


def build(home: Home, settings: Settings) -> BlockingScheduler:
    """The scheduler with its jobs: missed runs are caught up once, never doubled."""
    scheduler = BlockingScheduler(
        timezone=SHANGHAI,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE_SECONDS},
    )
    jobs: tuple[tuple[str, str, Callable[[Home, Settings], None]], ...] = (
        ("cycle", settings.schedule.cycle, _cycle),
        ("weekly", settings.schedule.weekly, _weekly),
        ("probe", settings.schedule.probe, _probe),
    )
    for name, line, job in jobs:
        trigger = CronTrigger.from_crontab(line, timezone=SHANGHAI)
        scheduler.add_job(job, trigger, args=(home, settings), id=name, name=name)
    return scheduler


def samples_a_day(line: str, gap: timedelta, present: datetime) -> int:
    """How many probes of the day after `present` are far enough apart to count as samples?"""
    trigger = CronTrigger.from_crontab(line, timezone=SHANGHAI)
    start = datetime.combine(local_day(present) + timedelta(days=1), time(), SHANGHAI)
    count, last, fire = 0, None, trigger.get_next_fire_time(None, start)
    while fire is not None and fire < start + timedelta(days=1):
        if last is None or fire - last >= gap:
            count, last = count + 1, fire
        fire = trigger.get_next_fire_time(fire, fire + timedelta(seconds=1))
    return count


def _cycle(home: Home, settings: Settings) -> None:
    ledger = home.open_ledger()
    try:
        report = run_cycle(home, settings, ledger)
    finally:
        ledger.close()
    log.info("cycle: %d seen, %d not seen", report.crawl.seen, report.crawl.unseen)


def _weekly(home: Home, settings: Settings) -> None:
    ledger = home.open_ledger()
    try:
        mail_weekly(home, settings, ledger)
    finally:
        ledger.close()


def _probe(home: Home, settings: Settings) -> None:
    ledger = home.open_ledger()
    try:
        made = run_round(home, settings, ledger)
    finally:
        ledger.close()
    if made is not None:
        log.info("probe: %d sites, %d mails", len(made.probes), made.queued.mails)
