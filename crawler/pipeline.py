"""The last step of the crawl: what was seen or noticed is in the ledger, many looks at a time.

A batch is written when it is full, when its first look has waited a moment, and at the end. It is
written beside the downloads, by one writer in the order of the looks; the spider waits for it when
too much is held in memory.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

from scrapy.crawler import Crawler

from checks.facts import Outcome
from crawler.backlog import AT_ONCE, BATCH, Seen
from crawler.private_letters import masked_notes, masked_sighting
from crawler.spiders.base import SubjectSpider
from storage.database import DatabaseError
from storage.ledger import Noticed, Sighting

WAIT_SECONDS = 0.3

logger = logging.getLogger(__name__)


class LedgerPipeline:
    """Writes visits and says so on stdout, one JSON line each, for the waiting parent."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._at_once = crawler.settings.getint(AT_ONCE, BATCH)
        self._waiting: deque[Seen] = deque()
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
        """Is a batch to be written now?"""
        full = len(self._waiting) >= self._at_once
        if full or self._ending or self._spider.backlog.heavy:
            self._due.set()
        else:
            self._due.clear()

    async def _write(self) -> None:
        spider = self._spider
        while self._waiting and spider.fault is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), WAIT_SECONDS)
            batch = [self._waiting.popleft() for _ in range(min(self._at_once, len(self._waiting)))]
            self._measure()
            try:
                # Packing, hashing and the disk leave the processor to the downloads.
                await asyncio.to_thread(keep, spider, batch)
            except (OSError, DatabaseError) as error:
                # What cannot be written ends the run: the parent says why, nothing is half-kept.
                spider.fault = str(error)
                self._waiting.clear()
                spider.backlog.room.set()
            else:
                spider.backlog.written(batch)
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
        logger.exception("recording %s failed", batch[0].subject)
        _keep_without(spider, batch[0], error)


def _keep_without(spider: SubjectSpider, seen: Seen, error: Exception) -> None:
    """Write that it was looked at. Where not even that can be, the run says that it is missing."""
    if not isinstance(seen, Sighting):
        return
    try:
        _record(spider, [_without_what_was_seen(seen, error)])
    except (OSError, DatabaseError):
        raise
    except Exception:
        logger.exception("recording that %s was looked at failed", seen.subject)


def _record(spider: SubjectSpider, batch: Sequence[Seen]) -> None:
    spider.ledger.record_all(spider.run_id, [_masked(each) for each in batch])
    told = [{"subject": s.subject, "outcome": s.outcome} for s in batch if isinstance(s, Sighting)]
    if told:
        # All at once: for each call another process awakes.
        print(*map(json.dumps, told), sep="\n", flush=True)  # noqa: T201


def _masked(seen: Seen) -> Seen:
    return masked_notes(seen) if isinstance(seen, Noticed) else masked_sighting(seen)


def _without_what_was_seen(item: Sighting, error: Exception) -> Sighting:
    why = f"页面内容无法存入台账，按未能读取处理（{type(error).__name__}）"
    return Sighting(item.subject, item.observed_at, Outcome.UNREADABLE, note=why)
