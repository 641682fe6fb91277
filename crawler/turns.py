"""One process at a time visits a host: the delay between two requests holds for all workers.

A process takes a host's turn before its first request to it, and gives it back when it has asked
nothing there for as long as the delay. Whoever waits holds nothing of what it waits for, and waits
for a bounded time: two processes can never wait for each other for good.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from scrapy.exceptions import IgnoreRequest

from storage.database import DatabaseError
from storage.hosts import HostTurns

ASK_AGAIN = 0.5
WAIT = 60.0
log = logging.getLogger(__name__)


class HostTaken(IgnoreRequest):
    """Another process of ours has been visiting this host all the time."""


class Turns:
    """The hosts that this crawling process visits. `delay` in seconds, as between two requests."""

    def __init__(self, turns: HostTurns, delay: float, wait: float = WAIT) -> None:
        self._turns, self._delay, self._wait = turns, delay, wait
        self._busy: Counter[str] = Counter()  # requests under way
        self._held: dict[str, asyncio.TimerHandle | None] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Nobody else visits this host while the body runs, nor for the delay afterwards.

        Raises HostTaken when another process does not let go of it.
        """
        self._busy[host] += 1
        try:
            async with self._asking.setdefault(host, asyncio.Lock()):
                await self._take(host)
            yield
        finally:
            self._busy[host] -= 1
            if not self._busy[host] and host in self._held:
                loop = asyncio.get_running_loop()
                self._held[host] = loop.call_later(self._delay, self._give, host)

    async def _take(self, host: str) -> None:
        if host in self._held:
            timer = self._held[host]
            if timer is not None:
                timer.cancel()
                self._held[host] = None
            return
        loop = asyncio.get_running_loop()
        until = loop.time() + self._wait
        while not self._turns.take(host):
            if loop.time() > until:
                raise HostTaken(f"{host} is being visited by another process")
            await asyncio.sleep(ASK_AGAIN)
        self._held[host] = None

    def _give(self, host: str) -> None:
        del self._held[host]
        try:
            self._turns.give(host)
        except DatabaseError as error:
            # The connection is lost, and the turn with it; the ledger will say so.
            log.warning("%s", error)


_turns: Turns | None = None


def begin(turns: Turns) -> None:
    """From now on every download of this process waits for its host's turn."""
    global _turns
    _turns = turns


@asynccontextmanager
async def turn(host: str) -> AsyncIterator[None]:
    """The host's turn, where other processes crawl from the same ledger; else nothing."""
    if _turns is None:
        yield
        return
    async with _turns.turn(host):
        yield
