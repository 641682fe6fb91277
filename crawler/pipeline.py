"""The last step of the crawl: what was seen or noticed is in the ledger at once."""

from __future__ import annotations

import json
import logging
import sys

from scrapy.crawler import Crawler

from checks.facts import Outcome
from crawler.private_letters import masked_notes, masked_sighting
from crawler.spiders.base import SubjectSpider
from storage.database import DatabaseError
from storage.ledger import Noticed, Sighting

logger = logging.getLogger(__name__)


class LedgerPipeline:
    """Writes visits and says so on stdout, one JSON line each, for the waiting parent."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LedgerPipeline:
        return cls(crawler)

    def process_item(self, item: Sighting | Noticed) -> Sighting | Noticed:
        spider = self.crawler.spider
        if not isinstance(spider, SubjectSpider):
            raise TypeError(f"{spider!r} is not a SubjectSpider: it has no ledger")
        if spider.fault is None:
            try:
                _write(spider, item)
            except (OSError, DatabaseError) as error:
                # What cannot be written ends the run: the parent says why, nothing is half-kept.
                spider.fault = str(error)
        return item


def _write(spider: SubjectSpider, item: Sighting | Noticed) -> None:
    try:
        _keep(spider, item)
    except (OSError, DatabaseError):
        raise
    except Exception as error:
        # What a page brought cannot be kept as it is: that costs its own visit only.
        logger.exception("recording %s failed", item.subject)
        if isinstance(item, Sighting):
            _keep(spider, _without_what_was_seen(item, error))


def _keep(spider: SubjectSpider, item: Sighting | Noticed) -> None:
    if isinstance(item, Noticed):
        spider.ledger.observe(spider.run_id, masked_notes(item))
        return
    spider.ledger.record(spider.run_id, masked_sighting(item))
    line = {"subject": item.subject, "outcome": item.outcome}
    print(json.dumps(line), file=sys.stdout, flush=True)  # noqa: T201


def _without_what_was_seen(item: Sighting, error: Exception) -> Sighting:
    why = f"页面内容无法存入台账，按未能读取处理（{type(error).__name__}）"
    return Sighting(item.subject, item.observed_at, Outcome.UNREADABLE, note=why)
