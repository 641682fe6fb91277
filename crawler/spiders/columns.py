"""Columns: the first page is enough; its service, further pages or articles only when it is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from urllib.parse import urlsplit

from scrapy import Request

from checks.duties import PageKind
from checks.facts import Item, Outcome
from crawler.jobs import Job
from crawler.linked import link_notes
from crawler.notes.texts import noting_texts
from crawler.outcome import list_outcome
from crawler.readers.article import read_article
from crawler.readers.choose import newest_of, read_list
from crawler.readers.listing.reading import later_apart
from crawler.spiders.base import Answer, LookFailedError, SubjectSpider
from crawler.spiders.catalogues import catalogue_notes
from crawler.spiders.further import Looked, read_further
from crawler.spiders.pages import column_notes, unseen_notes
from crawler.unchanged import page_key, settled, unchanged
from storage.evidence import Capture
from storage.ledger import Note, Sighting

MAX_ARTICLES = 5


class ColumnSpider(SubjectSpider):
    name = "columns"

    async def look(self, job: Job) -> Sighting:
        answer = await self.open_page(job)
        if answer.unchanged and job.known is not None and job.known.validates:
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
        key = page_key(self, job, answer)
        same = unchanged(job, answer, key)
        if same is not None:
            return same
        looked, captures = await self.read(job, with_fragment(answer, job.url))
        reading, outcome, why = looked.reading, looked.reading.outcome, looked.reading.why
        items, unresolved = reading.items, 0
        articles: list[Capture] = []
        notes: list[Note] = []
        validates = looked.asked is None
        if outcome in (Outcome.OK, Outcome.UNDATED):
            further = await read_further(self, job, looked)
            items, unresolved, articles = await self.date_by_article(job, further.items)
            captures += [*further.captures, *articles]
            unresolved += (
                reading.unresolved + further.unresolved + later_apart(items, looked.page.today)
            )
            validates = validates and not further.backwards
            dated = sum(item.published_on is not None for item in items)
            outcome = list_outcome(len(items), dated, job.min_items or 0, empty_evidence=False)
            doubt = None
            if not further.familiar:
                doubt = self.another_list(job, items, looked.page.today)
            if outcome is Outcome.UNDATED and reading.unjoined:
                doubt = "页面上有日期，但不能确定各属于哪一条，请在登记册中指定选择器"
            if doubt is not None:
                outcome, items, unresolved = Outcome.UNREADABLE, (), 0
            else:
                opened = 0 if unresolved else MAX_ARTICLES
                notes, more = await catalogue_notes(self, job, looked, items, opened)
                captures += more
            why = "；".join(part for part in (why, further.why, doubt) if part)
        notes += await column_notes(self, job, answer, items, captures)
        notes += link_notes(self.ledger, job, answer.page, articles)
        sighting = Sighting(
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
            etag=answer.etag if validates else None,
            last_modified=answer.last_modified if validates else None,
            captures=tuple(captures),
            notes=tuple(notes),
        )
        sighting = await noting_texts(self, job, sighting)
        if validates and settled(job, sighting, answer):
            return replace(sighting, page_key=key)
        return sighting

    def unseen_notes(self, job: Job, failed: LookFailedError) -> tuple[Note, ...]:
        return unseen_notes(job, PageKind.LIST, failed)

    async def read(self, job: Job, answer: Answer) -> tuple[Looked, list[Capture]]:
        """Read the list, from the site's list service when the page itself holds no rows."""
        captures = [answer.capture]
        reading = read_list(answer.page, job.reader, job.scope, job.min_items)
        asked = reading.follow
        if asked is None:
            return Looked(answer.page, reading), captures
        try:
            service = await self.follow(asked, answer.page.url)
        except LookFailedError as failed:
            why = f"{reading.why}；列表接口：{failed.why}"
            reading = replace(reading, outcome=failed.outcome, why=why, follow=None)
            return Looked(answer.page, reading, asked), captures
        captures.append(service.capture)
        reading = read_list(service.page, reading.reader, job.scope, job.min_items)
        if reading.outcome is Outcome.GONE:
            # The column's page is there; only where its list comes from is not.
            why = f"列表接口：{reading.why}"
            reading = replace(reading, outcome=Outcome.UNREADABLE, why=why)
        return Looked(service.page, reading, asked), captures

    def another_list(self, job: Job, items: Sequence[Item], today: date) -> str | None:
        """Why is this probably not the list that was read before; None when it may be.

        Its newest day is earlier than one that was seen, and no row of it ever was: a page that
        was rebuilt looks like that, a late column never does. Where the register points the
        list out, its word holds.
        """
        before = self.ledger.newest_seen(job.subject) if job.scope is None else None
        newest = newest_of(items, today)
        day = newest.published_on if newest is not None else None
        if before is None or (day is not None and day >= before):
            return None
        if self.ledger.known_items(job.subject, items):
            return None
        shown = f"最近一条为{day}" if day is not None else "各条均无日期"
        return (
            f"列表与以往不同：{len(items)}条中没有一条是以前见过的，{shown}，而以前见过{before}的信息；"
            "可能页面已改版、读到了别的列表，请核对并登记选择器"
        )

    async def date_by_article(
        self, job: Job, items: Sequence[Item]
    ) -> tuple[tuple[Item, ...], int, list[Capture]]:
        """Date rows without a date by their articles: the first few, in the list's order.

        Returns the items, how many may hide a later update than was seen, and the evidence.
        """
        undated = [item for item in items if item.published_on is None and item.url]
        if not undated:
            return tuple(items), 0, []
        first = undated[:MAX_ARTICLES]
        before = self.ledger.article_dates(job.subject, [item.url or "" for item in first])
        dated: dict[Item, Item] = {}
        captures: list[Capture] = []
        failures = 0
        for item in first:
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


def with_fragment(answer: Answer, url: str) -> Answer:
    """The answer under the column's own address: some directories name the column after a #."""
    fragment = urlsplit(url).fragment
    if not fragment or urlsplit(answer.page.url).fragment:
        return answer
    return replace(answer, page=replace(answer.page, url=f"{answer.page.url}#{fragment}"))


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
