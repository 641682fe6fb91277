"""The service: the daily cycle and the Monday report, in Asia/Shanghai, until told to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from app.cycle import run_cycle
from app.settings import Home, Settings
from app.weekly import mail_weekly
from checks.freshness import SHANGHAI

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
    )
    for name, line, job in jobs:
        trigger = CronTrigger.from_crontab(line, timezone=SHANGHAI)
        scheduler.add_job(job, trigger, args=(home, settings), id=name, name=name)
    return scheduler


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
