"""Bare Scrapy: download every address of a file, parse nothing, keep nothing.

python -m tests.bench_crawl.bare FILE CONCURRENCY

As `scrapy runspider` would, with what listens or writes progress turned off. Eight requests of a
host may be under way at once, as Scrapy has it; robots.txt is not asked for.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

SETTINGS = {
    "ROBOTSTXT_OBEY": False,
    "DOWNLOAD_DELAY": 0,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "LOG_LEVEL": "WARNING",
}


class BareSpider(Spider):
    name = "bare"

    def __init__(self, addresses: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.addresses = addresses

    async def start(self) -> AsyncIterator[Any]:
        for address in self.addresses:
            yield Request(address, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Nothing."""


def main(file: str, concurrency: str) -> None:
    process = AsyncCrawlerProcess({**SETTINGS, "CONCURRENT_REQUESTS": int(concurrency)})
    process.crawl(BareSpider, addresses=Path(file).read_text().split())
    process.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
