"""The queue of the workers: Procrastinate, in the tables that it keeps beside ours.

Every question to the queue is asked here. A lot has one job waiting or under way: its name is the
lock of the job, so no two workers ever have the same lot.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job
from sqlalchemy import Engine, text
from sqlmodel import Session

from app.settings import SettingsError
from crawler.children import CrawlStoppedError
from storage.ledger import DueLot, Ledger

INSPECT = "inspect"  # the task, and the queue that it waits in
STALLED_AFTER = timedelta(seconds=60)  # six heartbeats
KEPT = timedelta(days=7)
log = logging.getLogger("xunjian.workers")


@dataclass(frozen=True, slots=True)
class Standing:
    """How does the queue stand? Jobs waiting and under way, lots that ended in a fault within a
    day, and when each worker was last heard of."""

    waiting: int
    running: int
    failed: int
    workers: Sequence[datetime]


class AgainWhenStopped(BaseRetryStrategy):
    """A job that was cut short because its worker is to end is given to another at once.

    One that failed is not: what it did not see is due again, later.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002
        return RetryDecision() if isinstance(exception, CrawlStoppedError) else None


def queue_of(engine: Engine) -> App:
    """The queue in this database. Raises SettingsError where it can have none."""
    if engine.dialect.name != "postgresql":
        raise SettingsError(
            "[workers] 需要 PostgreSQL：请用 XUNJIAN_DATABASE_URL 指明数据库地址，"
            "已有的 SQLite 数据可用 xunjian db copy 复制过去。"
        )
    plain = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return App(connector=PsycopgConnector(conninfo=plain, min_size=1, max_size=4))


def defer(app: App, session: Session, lots: Sequence[DueLot]) -> list[int]:
    """Give each of these lots a job, in the session's transaction, where it has none.

    Returns the lots that got one.
    """
    taken = _taken(session)
    new = [each for each in lots if each.lot not in taken]
    connection = session.connection().connection.driver_connection
    for each in new:
        name = f"lot:{each.lot}"
        job = app.configure_task(
            INSPECT,
            queue=INSPECT,
            lock=name,
            queueing_lock=name,
            priority=each.urgency,
            connection=connection,
        )
        job.defer(lot=each.lot)
    return [each.lot for each in new]


def _taken(session: Session) -> set[int]:
    """The lots that have a job waiting or under way."""
    rows = session.connection().execute(
        text(
            "SELECT (args->>'lot')::int FROM procrastinate_jobs"
            " WHERE task_name = :task AND status IN ('todo', 'doing')"
        ),
        {"task": INSPECT},
    )
    return {lot for (lot,) in rows}


async def retry_stalled(app: App) -> int:
    """Give the jobs of workers that are not heard of any more to others; returns how many."""
    stalled = list(
        await app.job_manager.get_stalled_jobs(
            task_name=INSPECT, seconds_since_heartbeat=STALLED_AFTER.total_seconds()
        )
    )
    for job in stalled:
        log.warning("lot %s: its worker is gone; another takes it up", job.task_kwargs["lot"])
        await app.job_manager.retry_job(job)
    return len(stalled)


async def forget_old(app: App) -> None:
    """Jobs that failed a week ago say nothing any more; those that succeeded are gone at once."""
    hours = int(KEPT / timedelta(hours=1))
    await app.job_manager.delete_old_jobs(
        nb_hours=hours, include_failed=True, include_cancelled=True, include_aborted=True
    )


def standing(ledger: Ledger) -> Standing:
    """How does the queue stand just now?"""
    with ledger.reading() as session:
        connection = session.connection()
        counts: dict[str, int] = dict(_rows(connection, COUNTS))
        heard = [at for (at,) in _rows(connection, HEARD)]
    return Standing(
        counts.get("todo", 0), counts.get("doing", 0), counts.get("failed", 0), tuple(heard)
    )


COUNTS = """\
SELECT job.status::text, count(*) FROM procrastinate_jobs job
WHERE job.status IN ('todo', 'doing') OR job.status = 'failed' AND EXISTS (
  SELECT 1 FROM procrastinate_events event
  WHERE event.job_id = job.id AND event.at > now() - interval '1 day')
GROUP BY 1"""
HEARD = "SELECT last_heartbeat FROM procrastinate_workers ORDER BY id"


def _rows(connection: Any, statement: str) -> Iterator[Any]:
    yield from connection.execute(text(statement))
