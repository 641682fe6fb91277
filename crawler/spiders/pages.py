"""What a page that is looked at anyway shows of the duties every page has: one note a page."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from scrapy import Request

from checks.duties import PageFacts, PageKind
from checks.facts import Item, Outcome
from checks.page_facts import PAGE, own_page, page_data
from crawler.jobs import Job
from crawler.outcome import page_outcome
from crawler.readers.choose import newest_of
from crawler.readers.discovery import kinds
from crawler.readers.duties import read_duties
from crawler.readers.page import Page
from crawler.spiders.base import Answer, FetchingSpider, LookFailedError
from storage.evidence import Capture
from storage.ledger import Note

_WEB_PAGES = ("", ".html", ".htm", ".shtml", ".jhtml", ".jsp", ".php", ".asp", ".aspx", ".do")
_HEAD_BYTES = 4_000
logger = logging.getLogger(__name__)


def home_notes(job: Job, answer: Answer) -> tuple[Note, ...]:
    """What the home page shows. It is known by its registered address, wherever it led."""
    return (_note(job, answer.page, PageKind.HOME, job.url),) if PAGE in job.notes else ()


def unseen_notes(job: Job, kind: PageKind, failed: LookFailedError) -> tuple[Note, ...]:
    """That this page could not be had."""
    return (_unseen(job, kind, job.url, failed),) if PAGE in job.notes else ()


async def column_notes(
    spider: FetchingSpider,
    job: Job,
    answer: Answer,
    items: Sequence[Item],
    captures: Sequence[Capture],
) -> tuple[Note, ...]:
    """What the column's page shows, and one article of it: one already opened, or the newest."""
    if PAGE not in job.notes:
        return ()
    notes = []
    if _is_list(answer.page, job.asks["home"]):
        notes.append(_note(job, answer.page, PageKind.LIST, job.url))
    if url := _article(job, items, captures, spider.today):
        opened = next((each for each in captures if each.url == url), None)
        article = await _article_note(spider, job, url, opened)
        notes += [article] if article else []
    return tuple(notes)


async def _article_note(
    spider: FetchingSpider, job: Job, url: str, opened: Capture | None
) -> Note | None:
    if opened is None:
        try:
            opened = (await spider.fetch_page(Request(url))).capture
        except LookFailedError as failed:
            return _unseen(job, PageKind.ARTICLE, url, failed)
    page = _page_of(opened, spider.today)
    if not _is_shown(page) or not own_page(page.url, job.asks["home"]):
        return None
    note = _note(job, page, PageKind.ARTICLE, url)
    return replace(note, capture=opened) if _reads_as_article(note, page) else None


def _reads_as_article(note: Note, page: Page) -> bool:
    """A list inside a list or a form for visitors owes none of an article's tags."""
    if any(name.lower() == "articletitle" for name, _ in note.facts.get("tags", ())):
        return True
    return kinds.look(page).kind in (kinds.PageKind.ARTICLE, kinds.PageKind.UNSEEN)


def _article(
    job: Job, items: Sequence[Item], captures: Sequence[Capture], today: date
) -> str | None:
    """The address of the newest article that was opened anyway, else of the newest at all."""
    mine = [item for item in items if item.url and _is_article(item.url, job)]
    opened = {capture.url for capture in captures}
    newest = newest_of([item for item in mine if item.url in opened] or mine, today)
    first = newest or next(iter(mine), None)
    return first.url if first else None


def _is_list(page: Page, home: str) -> bool:
    """Is this a page of the site's own, and not the home page that a dead column leads back to?"""
    is_home = page.url.rstrip("/") == home.rstrip("/")
    return _is_shown(page) and own_page(page.url, home) and not is_home


def _is_article(url: str, job: Job) -> bool:
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    return suffix in _WEB_PAGES and url != job.url and own_page(url, job.asks["home"])


def _note(job: Job, page: Page, kind: PageKind, key: str) -> Note:
    try:
        facts = read_duties(page, kind)
    except Exception as error:
        # A fault of this reader must not cost the visit, which was made for something else.
        logger.exception("reading the duties of %s failed", page.url)
        why = f"读取程序出错：{type(error).__name__}: {error}"
        return _unseen(job, kind, key, LookFailedError(Outcome.UNREADABLE, why))
    outcome = Outcome.OK
    if facts.unseen:
        met = page_outcome(page)
        outcome = met[0] if met else Outcome.UNREADABLE
    return Note(PAGE, key, outcome, page_data(facts), of=job.asks["site"])


def _unseen(job: Job, kind: PageKind, url: str, failed: LookFailedError) -> Note:
    host = (urlsplit(url).hostname or "").lower()
    facts = PageFacts(url, kind, host, unseen=failed.why)
    return Note(PAGE, url, failed.outcome, page_data(facts), of=job.asks["site"])


def _page_of(capture: Capture, today: date) -> Page:
    kind = capture.headers.get("content-type", "")
    return Page(capture.url, capture.body, today, capture.status, kind)


def _is_shown(page: Page) -> bool:
    """Is this a page for visitors, or an answer that says why there is none? No file, no data."""
    if page.status != 200:
        return True
    head = page.body[:_HEAD_BYTES].lower()
    return "html" in page.content_type.lower() or b"<html" in head or b"<body" in head
