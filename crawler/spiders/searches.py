"""Searches asked for titles that the site itself shows, and pages that tell a matter's progress."""

from __future__ import annotations

from datetime import date

from scrapy import Request

from checks.facts import Outcome
from checks.searching import PROGRESS, TitleSought
from crawler.jobs import Job
from crawler.readers.search import read_progress, read_search
from crawler.spiders.base import LookFailedError
from crawler.spiders.task import TaskSpider
from storage.ledger import Note


class SearchSpider(TaskSpider):
    name = "searches"

    async def notice(self, job: Job) -> list[Note]:
        """One title after the other until one is found; a search that fails is asked no more."""
        notes: list[Note] = []
        for sought in job.asks["titles"]:
            title, url = sought["title"], sought["url"]
            try:
                answer = await self.fetch_page(Request(url))
            except LookFailedError as failed:
                facts = {"asked": url, "why": failed.why}
                notes.append(Note(job.task, title, failed.outcome, facts))
                break
            met = read_search(answer.page, title)
            seen = TitleSought(date.fromisoformat(sought["on"]), url, met.found, met.why)
            notes.append(Note(job.task, title, met.outcome, seen.as_json(), capture=answer.capture))
            if met.found or met.outcome not in (Outcome.OK, Outcome.UNREADABLE):
                break
        return notes


class ProgressSpider(TaskSpider):
    name = "progress"

    async def notice(self, job: Job) -> list[Note]:
        answer = await self.fetch_page(Request(job.url))
        met = read_progress(answer.page)
        facts = {"reached": met.found, "why": met.why}
        return [Note(PROGRESS, job.url, met.outcome, facts, capture=answer.capture)]
