"""One look at each site that is kept nowhere: is it open to us, and what time is it there?"""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime

from scrapy import Request

from crawler.spiders.base import Answer
from crawler.spiders.probe import ProbeSpider
from storage.evidence import Capture


class ReachSpider(ProbeSpider):
    """Probes, and says for each answer by how many seconds our clock is ahead of the server's."""

    name = "reach"

    async def fetch(self, request: Request) -> Answer:
        answer = await super().fetch(request)
        ahead = seconds_ahead(answer.capture)
        if ahead is not None:
            print(json.dumps({"ahead": ahead}), flush=True)  # noqa: T201
        return answer


def seconds_ahead(capture: Capture) -> float | None:
    """By how many seconds is our clock ahead? None: a copy from a cache, or no time told."""
    if "age" in capture.headers or "date" not in capture.headers:
        return None
    try:
        there = parsedate_to_datetime(capture.headers["date"])
        return (capture.at - there).total_seconds()
    except (ValueError, TypeError):  # not a date, or one without a zone
        return None
