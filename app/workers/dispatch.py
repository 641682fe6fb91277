"""What the scheduler does for the workers, each minute: jobs for what is due, and for the lost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from procrastinate import App

from app.settings import Settings
from app.workers.lots import follow_register
from app.workers.queue import STALLED_AFTER, defer, forget_old, queue_of, retry_stalled, standing
from storage.clock import now
from storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What one round did: subjects that are new or moved, jobs taken from the lost, new jobs."""

    watched: int
    retried: int
    deferred: int


def dispatch(settings: Settings, ledger: Ledger) -> Dispatched:
    """Let the queue hold a job for each lot in which something is due.

    Jobs of workers that are not heard of any more go to others first. Raises SettingsError where
    there can be no queue, DatabaseError.
    """
    queue = queue_of(ledger.engine)
    watched = follow_register(ledger, settings.workers.lots)
    retried = asyncio.run(_tidy(queue))
    with ledger.writing() as session:
        deferred = defer(queue, session, ledger.due_lots(session, now()))
    return Dispatched(watched, retried, len(deferred))


def fault_of(ledger: Ledger, at: datetime) -> str | None:
    """Why will what is due not be looked at? None: nothing waits, or a worker is there."""
    stands = standing(ledger)
    if not stands.waiting or any(at - heard < STALLED_AFTER for heard in stands.workers):
        return None
    return (
        f"没有巡检进程（xunjian worker）在运行，{stands.waiting}批对象等待查看。"
        "请检查各台机器上的 xunjian-worker 服务。"
    )


async def _tidy(queue: App) -> int:
    async with queue.open_async():
        await forget_old(queue)
        return await retry_stalled(queue)
