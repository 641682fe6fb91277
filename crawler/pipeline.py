"""The last step of the crawl: what was seen or noticed is in the ledger at once."""

from __future__ import annotations

import json
import sys

from scrapy.crawler import Crawler

from crawler.private_letters import masked_notes, masked_sighting
from crawler.spiders.base import SubjectSpider
from storage.database import DatabaseError
from storage.ledger import Noticed, Sighting


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
                if isinstance(item, Noticed):
                    spider.ledger.observe(spider.run_id, masked_notes(item))
                    return item
                spider.ledger.record(spider.run_id, masked_sighting(item))
            except (OSError, DatabaseError) as error:
                # What cannot be written ends the run: the parent says why, nothing is half-kept.
                spider.fault = str(error)
            else:
                line = {"subject": item.subject, "outcome": item.outcome}
                print(json.dumps(line), file=sys.stdout, flush=True)  # noqa: T201
        return item
