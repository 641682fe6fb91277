"""The service: tasks at their hours in Asia/Shanghai, caught up after a stop, until stopped.

When a task is due next is kept in a file of its own, `schedule.db`. What is owed is told by the
ledger's record of last successes: a run that was cut short is owed again.
"""

from __future__ import annotations

import logging
import os
import threading
from datetime import datetime, timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from fastapi import FastAPI

from app.alone import alone, is_held
from app.home import Home
from app.service import ServiceError
from app.service.pages import Answering
from app.service.plan import is_owed, trigger_of
from app.service.stop import when_asked
from app.service.tasks import TASKS, run_task, standing_of
from app.service.told import Health, Numbers, told_routes
from app.service.watch import watch
from app.settings import Settings, SettingsError
from app.web.site import create
from checks.freshness import SHANGHAI
from crawler.children import stop_crawls
from storage.clock import now
from storage.database import sqlite_url
from storage.ledger import Ledger

log = logging.getLogger("xunjian.serve")
SERVED = "service"
AT_ONCE = ("cycle", "probe")  # a first run is not waited for until its hour
YEAR = timedelta(days=366)
GRACE_SECONDS = 6 * 3600
LOOK_SECONDS = 15
ROUND_LOOKS = 240  # an hour
STOP_SECONDS = 90


def build(home: Home, settings: Settings) -> BackgroundScheduler:
    """The scheduler with a job for each task: missed runs are caught up once, never doubled."""
    scheduler = BackgroundScheduler(
        timezone=SHANGHAI,
        jobstores={"default": SQLAlchemyJobStore(url=sqlite_url(home.path("schedule.db")))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE_SECONDS},
    )
    for name, line in settings.lines.items():
        scheduler.add_job(
            run_named,
            trigger_of(line),
            (str(home.folder), name),
            id=name,
            name=TASKS[name].title,
            replace_existing=True,
        )
    return scheduler


def run_named(folder: str, name: str) -> None:
    """One scheduled run. The job store names it by this place."""
    home = Home(Path(folder))
    ledger = home.reopen_ledger()
    try:
        run_task(name, home, ledger)
    finally:
        ledger.close()


def owed(settings: Settings, ledger: Ledger, since: datetime, present: datetime) -> list[str]:
    """Which tasks should have run since their last success, or since the service first served?"""
    found = []
    for name, line in settings.lines.items():
        lease = TASKS[name].lease
        if lease is not None and is_held(ledger, lease):
            continue
        standing = standing_of(name, ledger)
        never = standing.last_success is None and name in AT_ONCE
        if is_owed(line, standing, present - YEAR if never else since, present):
            found.append(name)
    return found


def serve(home: Home, settings: Settings, *, pages: bool = True) -> None:
    """Run until SIGTERM or SIGINT, then end what runs: a crawl keeps what it saw.

    Without `pages` nothing is answered but /healthz and /metrics. Raises BusyError when another
    process serves this database, OSError when the address of [web] is taken, ServiceError when the
    service can no longer do its work.
    """
    stop, faults = when_asked(), list[str]()

    def lost() -> None:
        faults.append("本服务长时间没有响应，另一进程已接替。")
        stop.set()

    ledger = home.open_ledger()
    try:
        with alone(ledger, SERVED, lost):
            run = ledger.begin_task(SERVED, now())
            since = ledger.first_task(SERVED) or now()
            scheduler = build(home, settings)
            site = create(home, ledger) if pages else FastAPI(openapi_url=None)
            health = Health(settings, ledger, since, is_alive)
            site.include_router(told_routes(health, Numbers(ledger, scheduler)))
            answering = Answering(site, settings.web)  # first: without it no task may begin
            scheduler.start(paused=True)
            for job in scheduler.get_jobs():
                if job.id not in settings.lines:
                    job.remove()  # kept of earlier settings
            with answering:
                if pages:
                    site.state.snapshots.prepare()
                _rounds(home, settings, ledger, scheduler, since, stop, faults)
                _end(scheduler)
            ledger.end_task(run, now(), ok=not faults, note="".join(faults) or None)
    finally:
        ledger.close()
    if faults:
        raise ServiceError("".join(faults))


def _rounds(
    home: Home,
    settings: Settings,
    ledger: Ledger,
    scheduler: BackgroundScheduler,
    since: datetime,
    stop: threading.Event,
    faults: list[str],
) -> None:
    """Let tasks run; look after them at once and every hour; see that the scheduler lives."""
    scheduler.resume()
    looks = 0
    while True:
        if looks % ROUND_LOOKS == 0:
            look_after(home, settings, ledger, scheduler, since)
        looks += 1
        if stop.wait(LOOK_SECONDS):
            return
        if not is_alive():
            faults.append("计划线程已中止。")
            return


def look_after(
    home: Home, settings: Settings, ledger: Ledger, scheduler: BaseScheduler, since: datetime
) -> None:
    """Start what is owed, and tell the operator what is new to tell. Never ends the service.

    `settings` are those it began with: where the file can no longer be read, somebody must hear.
    """
    try:
        settings = home.settings()
    except SettingsError as error:
        log.error("%s", error, extra={"task": SERVED})
    try:
        for name in owed(settings, ledger, since, now()):
            if scheduler.get_job(name) is not None:
                log.info("%s is caught up", name, extra={"task": name})
                scheduler.modify_job(name, next_run_time=now())
        watch(home, settings, ledger, since, now())
    except Exception:
        log.exception("the hourly round failed", extra={"task": SERVED})


def is_alive() -> bool:
    """Does the thread that starts the tasks still live?"""
    return any(thread.name == "APScheduler" for thread in threading.enumerate())


def _end(scheduler: BackgroundScheduler) -> None:
    """End crawls, wait for what else runs; what takes too long is cut short, which is safe."""
    stop_crawls()
    ending = threading.Thread(target=scheduler.shutdown, daemon=True)
    ending.start()
    ending.join(STOP_SECONDS)
    if ending.is_alive():
        log.warning("tasks still ran %d s after the stop and are cut short", STOP_SECONDS)
        logging.shutdown()
        os._exit(0)
