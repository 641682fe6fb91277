"""The last step of the crawl: what was seen or noticed is in the ledger, many looks at a time.

A batch is written when it is full, when its first look has waited a moment, and at the end. It is
written beside the downloads, by one writer in the order of the looks; the spider waits for it when
too much is held in memory.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

from scrapy.crawler import Crawler

from checks.facts import Outcome
from crawler.private_letters import masked_notes, masked_sighting
from crawler.spiders.base import SubjectSpider
from storage.database import DatabaseError
from storage.ledger import Noticed, Sighting

Seen = Sighting | Noticed
BATCH = 32
WAIT_SECONDS = 0.3
MOST_BYTES = 16 * 2**20  # of answers that wait to be written
AT_ONCE = "LEDGER_BATCH"

logger = logging.getLogger(__name__)


class LedgerPipeline:
    """Writes visits and says so on stdout, one JSON line each, for the waiting parent."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._at_once = crawler.settings.getint(AT_ONCE, BATCH)
        self._waiting: deque[Seen] = deque()
        self._bytes = 0
        self._due = asyncio.Event()
        self._ending = False
        self._writer: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LedgerPipeline:
        return cls(crawler)

    @property
    def _spider(self) -> SubjectSpider:
        spider = self.crawler.spider
        if not isinstance(spider, SubjectSpider):
            raise TypeError(f"{spider!r} is not a SubjectSpider: it has no ledger")
        return spider

    def process_item(self, item: Seen) -> Seen:
        if self._spider.fault is None:
            self._waiting.append(item)
            self._bytes += _size(item)
            self._measure()
            if self._writer is None:
                self._writer = asyncio.ensure_future(self._write())
        return item

    async def close_spider(self) -> None:
        self._ending = True
        self._measure()
        if self._writer is not None:
            await self._writer

    def _measure(self) -> None:
        """Is a batch to be written now? Has the spider to wait?"""
        held, heavy = len(self._waiting), self._bytes >= MOST_BYTES
        _set(self._due, self._ending or heavy or held >= self._at_once)
        _set(self._spider.room, not heavy and held < 2 * self._at_once)

    async def _write(self) -> None:
        spider = self._spider
        while self._waiting and spider.fault is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), WAIT_SECONDS)
            batch = [self._waiting.popleft() for _ in range(min(self._at_once, len(self._waiting)))]
            self._bytes -= sum(map(_size, batch))
            self._measure()
            try:
                # Packing, hashing and the disk leave the processor to the downloads.
                await asyncio.to_thread(keep, spider, batch)
            except (OSError, DatabaseError) as error:
                # What cannot be written ends the run: the parent says why, nothing is half-kept.
                spider.fault = str(error)
                spider.room.set()
        self._writer = None


def keep(spider: SubjectSpider, batch: Sequence[Seen]) -> None:
    """Write these looks; one that cannot be kept as it is costs its own visit only."""
    try:
        _record(spider, batch)
    except (OSError, DatabaseError):
        raise
    except Exception as error:
        if len(batch) > 1:
            for each in batch:
                keep(spider, [each])
            return
        (seen,) = batch
        logger.exception("recording %s failed", seen.subject)
        if isinstance(seen, Sighting):
            _record(spider, [_without_what_was_seen(seen, error)])


def _record(spider: SubjectSpider, batch: Sequence[Seen]) -> None:
    spider.ledger.record_all(spider.run_id, [_masked(each) for each in batch])
    for each in batch:
        if isinstance(each, Sighting):
            line = {"subject": each.subject, "outcome": each.outcome}
            print(json.dumps(line), file=sys.stdout, flush=True)  # noqa: T201


def _masked(seen: Seen) -> Seen:
    return masked_notes(seen) if isinstance(seen, Noticed) else masked_sighting(seen)


def _without_what_was_seen(item: Sighting, error: Exception) -> Sighting:
    why = f"页面内容无法存入台账，按未能读取处理（{type(error).__name__}）"
    return Sighting(item.subject, item.observed_at, Outcome.UNREADABLE, note=why)


def _size(seen: Seen) -> int:
    own = seen.captures if isinstance(seen, Sighting) else ()
    noted = (note.capture for note in seen.notes if note.capture is not None)
    return sum(len(each.body) for each in (*own, *noted))


def _set(event: asyncio.Event, on: bool) -> None:
    if on:
        event.set()
    else:
        event.clear()
