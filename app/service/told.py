"""What whoever watches a process is told: is it well (/healthz), and in numbers (/metrics)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import version
from typing import Any

from apscheduler.schedulers.base import BaseScheduler
from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Info, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from app.service.tasks import TASKS
from app.service.watch import is_silent, last_success
from app.settings import Settings
from checks.freshness import SHANGHAI
from storage.clock import now
from storage.database import DatabaseError
from storage.ledger import Ledger
from storage.size import database_size

STATES = ("queued", "sent", "dead")


class Numbers(Collector):
    """The work in numbers, asked of the ledger whenever somebody reads them."""

    def __init__(self, ledger: Ledger, scheduler: BaseScheduler) -> None:
        self.ledger, self.scheduler = ledger, scheduler

    def collect(self) -> Iterator[Metric]:
        yield from self._tasks()
        counts = self.ledger.delivery_counts()
        letters = GaugeMetricFamily(
            "xunjian_deliveries", "Messages in the outbox by state.", labels=["state"]
        )
        for state in STATES:
            letters.add_metric([state], counts.get(state, 0))
        yield letters
        run = self.ledger.last_run()
        subjects = GaugeMetricFamily(
            "xunjian_last_crawl_subjects", "Subjects of the last crawl that ended.", labels=["met"]
        )
        if run is not None:
            subjects.add_metric(["seen"], run[0])
            subjects.add_metric(["unseen"], run[1])
        yield subjects
        yield from self._shared()
        size = database_size(self.ledger.engine).bytes
        yield GaugeMetricFamily("xunjian_database_bytes", "Size of the database.", value=size)

    def _shared(self) -> Iterator[Metric]:
        """Of the workers, where there is anything for them to look at."""
        watched = self.ledger.watched_count()
        if not watched:
            return
        from app.workers.queue import STALLED_AFTER, standing

        stands, at = standing(self.ledger), now()
        subjects = GaugeMetricFamily(
            "xunjian_shared_subjects", "Subjects that workers look at, and due.", labels=["state"]
        )
        subjects.add_metric(["watched"], watched)
        subjects.add_metric(["due"], self.ledger.due_count(at))
        lots = GaugeMetricFamily("xunjian_lots", "Jobs of the queue by state.", labels=["state"])
        for state in ("waiting", "running", "failed"):
            lots.add_metric([state], getattr(stands, state))
        alive = sum(at - heard < STALLED_AFTER for heard in stands.workers)
        workers = GaugeMetricFamily("xunjian_workers", "Workers that were heard of.", value=alive)
        yield from (subjects, lots, workers)

    def _tasks(self) -> Iterator[Metric]:
        success = GaugeMetricFamily(
            "xunjian_task_last_success_timestamp_seconds",
            "When the last run that succeeded began.",
            labels=["task"],
        )
        start = GaugeMetricFamily(
            "xunjian_task_last_start_timestamp_seconds", "When the last run began.", labels=["task"]
        )
        due = GaugeMetricFamily(
            "xunjian_task_next_run_timestamp_seconds", "When the next run is due.", labels=["task"]
        )
        failed = CounterMetricFamily(
            "xunjian_task_failures", "Runs that failed, of those remembered.", labels=["task"]
        )
        failures = self.ledger.task_failures()
        for name in TASKS:
            good, last = self.ledger.last_task(name, ok=True), self.ledger.last_task(name)
            job = self.scheduler.get_job(name)
            if good is not None:
                success.add_metric([name], good.started_at.timestamp())
            if last is not None:
                start.add_metric([name], last.started_at.timestamp())
            # Before the scheduler starts, a job has no such attribute.
            if (fire := getattr(job, "next_run_time", None)) is not None:
                due.add_metric([name], fire.timestamp())
            failed.add_metric([name], failures.get(name, 0))
        yield from (success, start, due, failed)


class Health:
    """Is this process well? `alive`: does its scheduler live?

    `since` is when the service first served; None: another process starts the tasks. That they do
    not succeed is then no fault of this one, and nobody is to be sent elsewhere for it.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        since: datetime | None = None,
        alive: Callable[[], bool] = lambda: True,
    ) -> None:
        self.settings, self.ledger, self.since, self.alive = settings, ledger, since, alive

    def told(self) -> tuple[bool, dict[str, Any]]:
        """All well; and the same in words."""
        faults = [] if self.alive() else ["the scheduler has ended"]
        good = None
        try:
            good = last_success(self.ledger)
            if self.since and is_silent(self.settings, self.ledger, self.since, now()):
                hours = self.settings.service.silent_hours
                faults.append(f"no cycle has succeeded for {hours} hours")
        except DatabaseError as error:
            faults.append(f"database: {error}")
        last = good.astimezone(SHANGHAI).isoformat() if good is not None else None
        return not faults, {
            "status": "failing" if faults else "ok",
            "last_cycle": last,
            "faults": faults,
        }


def told_routes(health: Health, *numbers: Collector) -> APIRouter:
    """Both answers. They ask for no login: the front keeps them to the machine itself."""
    router = APIRouter()
    registry = CollectorRegistry(auto_describe=False)
    Info("xunjian", "The program.", registry=registry).info({"version": version("xunjian")})
    ProcessCollector(registry=registry)
    for each in numbers:
        registry.register(each)

    @router.get("/healthz")
    def healthz() -> Response:
        well, words = health.told()
        text = json.dumps(words, ensure_ascii=False) + "\n"
        return Response(text, 200 if well else 503, media_type="application/json; charset=utf-8")

    @router.get("/metrics")
    def metrics(request: Request) -> Response:
        write, kind = choose_encoder(request.headers.get("accept", ""))
        return Response(write(registry), headers={"Content-Type": kind})

    return router
