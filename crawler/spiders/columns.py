"""Columns: the list page is enough; its service or its articles only when it is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from scrapy import Request

from checks.facts import Item, Outcome
from crawler.jobs import Job
from crawler.outcome import list_outcome
from crawler.readers.article import read_article
from crawler.readers.choose import newest_of, read_list
from crawler.readers.page import ListReading
from crawler.spiders.base import Answer, LookFailedError, SubjectSpider
from storage.evidence import Capture
from storage.ledger import Sighting

MAX_ARTICLES = 5


class ColumnSpider(SubjectSpider):
    name = "columns"

    async def look(self, job: Job) -> Sighting:
        answer = await self.open_page(job)
        if answer.unchanged and job.known is not None:
            return Sighting(
                job.subject,
                answer.capture.at,
                Outcome.OK,
                url=answer.page.url,
                status=304,
                elapsed_ms=answer.elapsed_ms,
                unchanged=job.known,
                note="服务器确认页面未变化（304）",
            )
        reading, captures = await self.read(job, answer)
        items, unresolved = reading.items, 0
        outcome, why = reading.outcome, reading.why
        if outcome in (Outcome.OK, Outcome.UNDATED):
            items, unresolved, more = await self.date_by_article(job, items)
            captures += more
            unresolved += later_apart(items, answer.page.today)
            dated = sum(item.published_on is not None for item in items)
            outcome = list_outcome(len(items), dated, job.min_items or 0, empty_evidence=False)
        return Sighting(
            subject=job.subject,
            observed_at=answer.capture.at,
            outcome=outcome,
            url=answer.page.url,
            status=answer.page.status,
            elapsed_ms=answer.elapsed_ms,
            reader=reading.reader,
            items=items,
            unresolved=unresolved,
            total=reading.total,
            note=why,
            etag=answer.etag,
            last_modified=answer.last_modified,
            captures=tuple(captures),
        )

    async def read(self, job: Job, answer: Answer) -> tuple[ListReading, list[Capture]]:
        """Read the list, from the site's list service when the page itself holds no rows."""
        captures = [answer.capture]
        reading = read_list(answer.page, job.reader, job.scope, job.min_items)
        if reading.follow is None:
            return reading, captures
        try:
            service = await self.follow(reading.follow, answer.page.url)
        except LookFailedError as failed:
            why = f"{reading.why}；列表接口：{failed.why}"
            return replace(reading, outcome=failed.outcome, why=why, follow=None), captures
        captures.append(service.capture)
        return read_list(service.page, reading.reader, job.scope, job.min_items), captures

    async def date_by_article(
        self, job: Job, items: Sequence[Item]
    ) -> tuple[tuple[Item, ...], int, list[Capture]]:
        """Date rows without a date by their articles: the first few, in the list's order.

        Returns the items, how many may hide a later update than was seen, and the evidence.
        """
        undated = [item for item in items if item.published_on is None and item.url]
        if not undated:
            return tuple(items), 0, []
        before = self.ledger.article_dates(job.subject)
        dated: dict[Item, Item] = {}
        captures: list[Capture] = []
        failures = 0
        for item in undated[:MAX_ARTICLES]:
            known = before.get(item.url or "")
            if known is not None:
                dated[item] = _with_date_of(item, known)
                continue
            try:
                answer = await self.fetch(Request(item.url or ""))
            except LookFailedError:
                failures += 1
                continue
            article = read_article(answer.page)
            if not article.outcome.seen:
                failures += 1
                continue
            captures.append(answer.capture)
            if article.published_on is not None:
                dated[item] = replace(
                    item,
                    published_on=article.published_on,
                    date_text=article.date_text,
                    date_source=article.date_source,
                )
        rest = len(undated) - MAX_ARTICLES
        if rest > 0 and len(undated) == len(items) and not _newest_first(dated.values()):
            failures += rest
        return tuple(dated.get(item, item) for item in items), failures, captures


def later_apart(items: Sequence[Item], today: date) -> int:
    """How many rows above the list bear a later day than the list itself?

    Pinned notices or the newest rows: the page does not tell, so nobody is called late.
    """
    newest = newest_of(items, today)
    day = newest.published_on if newest and newest.published_on else date.min
    return sum(
        item.apart and item.published_on is not None and day < item.published_on <= today
        for item in items
    )


def _with_date_of(item: Item, known: Item) -> Item:
    return replace(
        item,
        published_on=known.published_on,
        date_text=known.date_text,
        date_source=known.date_source,
    )


def _newest_first(items: Iterable[Item]) -> bool:
    """Do the rows that were dated run from new to old, so that the rest is older still?"""
    days = [item.published_on for item in items if item.published_on]
    return all(newer >= older for newer, older in pairwise(days))
