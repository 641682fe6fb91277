"""The service: tasks at their hours in Asia/Shanghai, caught up after a stop, until stopped.

The job store is in the ledger's database, so that others see when a task is next due. What is owed
is told by the ledger's own record of last successes: a run that was cut short is owed again.
"""

from __future__ import annotations

import logging
import signal
import threading
from pathlib import Path
from types import FrameType

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from app.alone import alone
from app.service.plan import is_owed, trigger_of
from app.service.tasks import TASKS, run_task, standing_of
from app.settings import Home, Settings
from checks.freshness import SHANGHAI
from crawler.run import stop_crawls
from storage.clock import now
from storage.ledger import Ledger

log = logging.getLogger("xunjian.serve")
GRACE_SECONDS = 6 * 3600
SERVED = "service"


def build(home: Home, settings: Settings, ledger: Ledger) -> BackgroundScheduler:
    """The scheduler with its jobs: missed runs are caught up once, never doubled."""
    engine = ledger.engine.execution_options(write=True)
    scheduler = BackgroundScheduler(
        timezone=SHANGHAI,
        jobstores={"default": SQLAlchemyJobStore(engine=engine)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE_SECONDS},
    )
    lines = settings.schedule.lines()
    first = ledger.last_task(SERVED)
    since = first.started_at if first is not None else now()
    for name in TASKS:
        owed = is_owed(lines[name], standing_of(name, ledger), since, now())
        scheduler.add_job(
            run_named,
            trigger_of(lines[name]),
            args=(str(home.folder), name),
            id=name,
            name=TASKS[name].title,
            replace_existing=True,
            **({"next_run_time": now()} if owed else {}),
        )
    return scheduler


def run_named(folder: str, name: str) -> None:
    """One scheduled run, with settings as they are now. The job store names it by this place."""
    home = Home(Path(folder))
    ledger = home.open_ledger()
    try:
        run_task(name, home, home.settings(), ledger)
    finally:
        ledger.close()


def serve(home: Home, settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then end what runs: a crawl keeps what it saw.

    Raises BusyError when another process serves this database.
    """
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    ledger = home.open_ledger()
    try:
        with alone(ledger, SERVED):
            scheduler = build(home, settings, ledger)
            run = ledger.begin_task(SERVED, now())
            scheduler.start()
            stop.wait()
            stop_crawls()
            scheduler.shutdown(wait=True)
            ledger.end_task(run, now(), ok=True)
    finally:
        ledger.close()
