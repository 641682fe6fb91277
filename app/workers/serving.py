"""The process of `xunjian worker`: takes jobs from the queue until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from procrastinate import App

from app.home import Home
from app.service import ServiceError
from app.workers.inspecting import inspect
from app.workers.queue import INSPECT, STALLED_AFTER, AgainWhenStopped, queue_of
from crawler.children import stop_crawls

log = logging.getLogger("xunjian.workers")


def work(home: Home, jobs: int, *, once: bool = False) -> None:
    """Look at lots, `jobs` at a time, until SIGTERM or SIGINT: then crawls are ended, what they
    saw is kept, and their lots go to others. `once`: until no job is waiting.

    Raises SettingsError where there can be no queue, DatabaseError, ServiceError when the queue
    is lost.
    """
    ledger = home.open_ledger()  # the tables are as this version needs them
    try:
        queue = queue_of(ledger.engine)
    finally:
        ledger.close()

    @queue.task(name=INSPECT, queue=INSPECT, retry=AgainWhenStopped())
    def one(lot: int) -> None:
        _inspect(home, lot)

    asyncio.run(_run(queue, jobs, once=once))


async def _run(queue: App, jobs: int, *, once: bool) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(jobs))
    async with queue.open_async():
        working = asyncio.create_task(
            queue.run_worker_async(
                queues=[INSPECT],
                concurrency=jobs,
                wait=not once,
                delete_jobs="successful",
                install_signal_handlers=False,
                stalled_worker_timeout=STALLED_AFTER.total_seconds(),
            )
        )
        asked: list[int] = []

        def stop(number: int) -> None:
            asked.append(number)
            working.cancel()  # no other job is taken; those under way are waited for
            stop_crawls()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop, number)
        with suppress(asyncio.CancelledError):
            await working
    if not asked and not once:
        raise ServiceError("与任务队列（PostgreSQL）的连接中断，见日志。")


def _inspect(home: Home, lot: int) -> None:
    """One job: with settings as they are now, in its own connections."""
    settings, ledger = home.settings(), home.reopen_ledger()
    try:
        report = inspect(home, settings, ledger, lot)
    finally:
        ledger.close()
    if report is not None:
        log.info("lot %d: %d seen, %d not seen", lot, report.seen, report.unseen)
