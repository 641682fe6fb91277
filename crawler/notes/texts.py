"""Notes of a column's list and of a few of its articles, for the flags of `checks.flags`.

Nothing here fails a visit: what cannot be read is noted as such, and the visit stands.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request

from checks.facts import Item, Outcome
from checks.fakes import chars_in, content_hash
from checks.freshness import local_day
from checks.marks import MarkKind, Term, TermFinder, masked_text
from checks.texts import (
    BODY,
    LIST,
    TEXT,
    ListLook,
    MarkedText,
    TextLook,
    body_facts,
    body_subject,
    kinds_of,
    quoted_marks,
    shown_down_to,
)
from crawler.jobs import Job
from crawler.notes.turns import ASKED
from crawler.outcome import page_outcome
from crawler.readers.body import read_body
from crawler.readers.page import Page
from crawler.spiders.base import FetchingSpider, LookFailedError
from storage.evidence import Capture
from storage.ledger import Note, Sighting
from storage.legible import legible_data

MOST_TITLES = 50
NO_PAGE = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".zip", ".rar", ".mp4", ".jpg", ".png", ".wps")

TERMS = "TEXT_TERMS"


def term_rows(terms: Sequence[Term]) -> list[list[str]]:
    """The terms as plain data that crosses a pipe."""
    return [[str(term.kind), term.text, term.advice] for term in terms]


def finder_of(settings: Mapping[str, Any]) -> TermFinder:
    """The terms of a run, as its settings hold them; the finder is built once."""
    return _finder(tuple(tuple(row) for row in settings.get(TERMS) or ()))


@lru_cache(maxsize=1)
def _finder(rows: tuple[tuple[str, ...], ...]) -> TermFinder:
    return TermFinder(Term(MarkKind(kind), text, advice) for kind, text, advice in rows)


async def noting_texts(spider: FetchingSpider, job: Job, sighting: Sighting) -> Sighting:
    """The visit with notes of its list and articles, where the job asks for them."""
    seen = sighting.outcome.seen and sighting.unchanged is None
    if ASKED not in job.notes or not seen:
        return sighting
    try:
        desk = _Desk(spider, finder_of(spider.crawler.settings), job, sighting)
        notes = [desk.list_note(), *[note async for note in desk.article_notes()]]
    except Exception as error:
        # Our fault, and no reason to lose the visit.
        spider.logger.exception("texts of %s: %s", job.subject, type(error).__name__)
        return sighting
    return replace(sighting, notes=(*sighting.notes, *notes))


@dataclass(frozen=True, slots=True)
class _Desk:
    spider: FetchingSpider
    finder: TermFinder
    job: Job
    sighting: Sighting

    @property
    def asks(self) -> Mapping[str, Any]:
        asked: Mapping[str, Any] = self.job.asks[ASKED]
        return asked

    @property
    def today(self) -> date:
        return local_day(self.sighting.observed_at)

    def list_note(self) -> Note:
        """What did the list show, and which of its titles hold marks?"""
        items, total = self.sighting.items, self.sighting.total
        whole = self.sighting.outcome is Outcome.EMPTY
        whole = whole or (total is not None and len(items) >= total > 0)
        down_to, ordered = shown_down_to(items, whole=whole)
        rows = len({(each.url, each.title, each.published_on, each.date_text) for each in items})
        marked = tuple(self._marked_titles())[:MOST_TITLES]
        reader, kinds = self.sighting.reader, kinds_of(self.finder)
        look = ListLook(rows, down_to, ordered, reader, kinds, marked)
        return Note(LIST, "", Outcome.OK, look.facts())

    def _marked_titles(self) -> Iterator[MarkedText]:
        for item in self.sighting.items:
            if marks := quoted_marks(item.title, self.finder):
                yield self._marked(LIST, masked_text(item.title), item.url, marks)

    def _marked(
        self, family: str, title: str, url: str | None, marks: Sequence[Mapping[str, Any]]
    ) -> MarkedText:
        said = self.asks["since"][family].get(url or title)
        since = date.fromisoformat(said) if said and marks else self.today
        return MarkedText(title, url, since, tuple(marks))

    async def article_notes(self) -> AsyncIterator[Note]:
        """What do the articles say that were opened for their dates, and a few more?"""
        shown = {item.url: item for item in self.sighting.items if item.url}
        have = {c.url: c for c in self.sighting.captures[1:] if c.url in shown}
        for url, capture in have.items():
            content_type = capture.headers.get("content-type", "")
            page = Page(url, capture.body, self.today, capture.status, content_type)
            for note in self._notes(shown[url], page, None):
                yield note
        for item in self._to_read(have):
            try:
                answer = await self.spider.fetch_page(Request(item.url or ""))
            except LookFailedError as failed:
                notes = self._failed(item, failed.outcome, failed.why)
            else:
                notes = self._notes(item, answer.page, answer.capture)
            for note in notes:
                yield note

    def _to_read(self, have: Container[str | None]) -> Sequence[Item]:
        """The newest that were not read, and one or more in which something was found before."""
        again = [_item_of(each) for each in self.asks["again"]]
        read = {(url, day) for url, day in self.asks["read"]}
        host = urlsplit(self.sighting.url or "").netloc
        newest = sorted(self.sighting.items, key=lambda i: i.published_on or date.min, reverse=True)
        unread = [item for item in newest if (item.url, _text(item)) not in read]
        wanted = [*again[:1], *unread, *again[1:]]
        by_url = {item.url: item for item in wanted if _is_page(item.url, host)}
        return [item for url, item in by_url.items() if url not in have][: self.asks["most"]]

    def _failed(self, item: Item, outcome: Outcome, why: str) -> list[Note]:
        """An article that cannot be had hides nothing that was found in it, unless it is gone."""
        if item.url in self.asks["since"][TEXT] and outcome is not Outcome.GONE:
            return []
        return [Note(TEXT, _key(item), outcome, {"why": why, "published_on": _text(item)})]

    def _notes(self, item: Item, page: Page, capture: Capture | None) -> list[Note]:
        """One article's notes; `capture` is None where the visit keeps the page anyway."""
        met = page_outcome(page)
        if met is not None:
            return self._failed(item, *met)
        body = read_body(page, item.title)
        marks = quoted_marks(f"{body.title}\n{body.text}", self.finder)
        look = TextLook(
            self._marked(TEXT, masked_text(body.title), item.url, marks),
            item.published_on,
            content_hash(body.title, body.text, 1) if body.whole else None,
            chars_in(body.text),
            kinds_of(self.finder),
        )
        notes = [Note(TEXT, _key(item), Outcome.OK, look.facts(), capture=capture)]
        if look.body_hash is not None and look.published_on is not None:
            facts = body_facts(self.job.subject, look)
            notes.append(Note(BODY, _key(item), Outcome.OK, facts, of=body_subject(look.body_hash)))
        return notes


def _key(item: Item) -> str:
    return str(legible_data(item.url or item.title))


def _text(item: Item) -> str | None:
    return item.published_on.isoformat() if item.published_on else None


def _item_of(facts: Mapping[str, Any]) -> Item:
    day = facts["published_on"]
    return Item(facts["title"], facts["url"], date.fromisoformat(day) if day else None)


def _is_page(url: str | None, host: str) -> bool:
    """Is this an article of the same host, not a file?"""
    parts = urlsplit(url or "")
    on_site = parts.scheme in ("http", "https") and parts.netloc == host
    return on_site and not parts.path.lower().endswith(NO_PAGE)
