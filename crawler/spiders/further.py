"""Further pages of one list: only where the first page alone does not tell enough.

Two cases. The list runs from old to new, so its newest rows stand on its last page. Or it was
looked at before and every row of its first page is new, so that some may have passed unseen.
A page that does not continue the list is not believed, and a stub or a service that fails means
that there are no further pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from urllib.parse import urlsplit

from scrapy import Request

from checks.facts import Item, Outcome
from crawler.jobs import Job
from crawler.readers.choose import READERS, newest_of, read_list
from crawler.readers.page import Follow, ListReading, Page
from crawler.readers.pager import Turns, turns_of
from crawler.spiders.base import LookFailedError, SubjectSpider
from storage.evidence import Capture

MOST_PAGES = 4
FEWEST_ON_LAST = 3
FEWEST_ON_A_FULL_PAGE = 10
_FEWEST_ASCENDING = 3
_MOST_PINNED = 3
_UNPAGED = frozenset({"feed", "home"})
PAGED = frozenset(reader.name for reader in READERS) - _UNPAGED


@dataclass(frozen=True, slots=True)
class Looked:
    """One page of a list as read; `asked` is the request to a list service that it answers."""

    page: Page
    reading: ListReading
    asked: Follow | None = None

    @property
    def turns(self) -> Turns:
        return turns_of(self.page, self.asked, self.reading.total)


@dataclass(frozen=True, slots=True)
class Further:
    """What the further pages add: all items, newest first where the list runs the other way.

    `unresolved`: a later update cannot be ruled out. `backwards`: the newest rows are not on
    the first page, so that page alone never says that nothing changed. `familiar`: a row was
    seen before, word for word; False says nothing.
    """

    items: tuple[Item, ...]
    captures: tuple[Capture, ...] = ()
    unresolved: int = 0
    backwards: bool = False
    why: str = ""
    familiar: bool = False


def ascends(items: Sequence[Item]) -> bool:
    """Do the dated rows run from old to new, a few pinned ones at their head aside?"""
    days = _days(items)
    pinned = min(_MOST_PINNED, len(days) - _FEWEST_ASCENDING, len(days) // 3)
    return any(_rises(days[skipped:]) for skipped in range(pinned + 1))


def _rises(days: Sequence[date]) -> bool:
    return days[0] < days[-1] and all(older <= newer for older, newer in pairwise(days))


def _days(items: Sequence[Item]) -> list[date]:
    return [item.published_on for item in items if item.published_on and not item.apart]


async def read_further(spider: SubjectSpider, job: Job, first: Looked) -> Further:
    """Which items does the list hold, on its first page and on the pages that must be read?"""
    if first.reading.reader not in PAGED:
        return Further(first.reading.items)
    trail = _Trail(spider, job, first)
    if ascends(first.reading.items):
        return await _read_end(trail)
    return await _catch_up(trail)


@dataclass(frozen=True, slots=True)
class Rest:
    """The rows of further pages. `whole`: together with the first page they are the whole list."""

    items: tuple[Item, ...]
    captures: tuple[Capture, ...]
    whole: bool


async def read_whole(spider: SubjectSpider, job: Job, first: Looked) -> Rest:
    """Read on to the list's end, at most four further pages."""
    trail = _Trail(spider, job, first)
    page, items = first, first.reading.items
    paged = first.reading.reader in PAGED
    for _ in range(MOST_PAGES if paged else 0):
        following = await trail.turn(page.turns.following)
        if following is None:
            break
        page, items = following, _joined(items, following.reading.items)
    return Rest(items, tuple(trail.captures), _is_whole(first, page, len(items)))


def _is_whole(first: Looked, last: Looked, rows: int) -> bool:
    """By the list's own count; else where nothing speaks of a page after the last one read."""
    total = first.reading.total
    if total is not None:
        return rows >= total
    if last is first:
        # A round number of rows may be a page's fill, its pager written by a script unseen.
        is_fill = rows >= FEWEST_ON_A_FULL_PAGE and rows % 5 == 0
        return first.reading.reader in PAGED and not first.turns.hinted and not is_fill
    return last.turns.following is None and last.turns.previous is not None


async def _read_end(trail: _Trail) -> Further:
    """The list runs from old to new: its last page holds what is new."""
    first, turns = trail.first, trail.first.turns
    items = first.reading.items
    total = first.reading.total
    if not turns.hinted or (total is not None and total <= len(items)):
        return Further(items)
    last = await trail.turn(turns.last)
    newest = max(_days(items))
    if last is None or not _days(last.reading.items) or min(_days(last.reading.items)) < newest:
        why = "列表由旧到新排列，未能读到最后一页，不能排除更晚的信息"
        return Further(items, tuple(trail.captures), 1, True, why)
    pages = [last]
    if len(last.reading.items) < FEWEST_ON_LAST:
        before = await trail.turn(last.turns.previous)
        pages += [before] if before is not None else []
    later = [item for page in pages for item in page.reading.items]
    why = f"列表由旧到新排列，另读了最后{len(pages)}页"
    return Further(_joined(later, items), tuple(trail.captures), 0, True, why)


async def _catch_up(trail: _Trail) -> Further:
    """Read on until a row that was seen before, or until a row that counts at all."""
    first, today = trail.first, trail.first.page.today
    items = first.reading.items
    counts = newest_of(items, today) is not None or not any(item.published_on for item in items)
    if counts and (trail.knows(items) or not trail.looked_before()):
        return Further(items, familiar=trail.familiar)
    page, read = first, 0
    while read < MOST_PAGES:
        following = await trail.turn(page.turns.following)
        if following is None or not _goes_on(first.reading.items, following.reading.items):
            break
        page, read = following, read + 1
        items = _joined(items, page.reading.items)
        if trail.knows(page.reading.items) if counts else newest_of(items, today) is not None:
            break
    why = f"首页没有以前见过的信息，续读{read}页" if counts else f"首页没有可计的更新，续读{read}页"
    why = why if read else ""
    return Further(items, tuple(trail.captures), why=why, familiar=trail.familiar)


def _goes_on(first: Sequence[Item], following: Sequence[Item]) -> bool:
    """Is nothing on the following page later than the first page's newest row?

    A server that answers any page with its home page shows later rows than the list had.
    """
    before, after = _days(first), _days(following)
    return not before or not after or max(after) <= max(before)


def _joined(first: Sequence[Item], second: Sequence[Item]) -> tuple[Item, ...]:
    """The rows of both pages, those shown on both once."""
    shown = {item for item in first if item.url}
    return (*first, *(item for item in second if item not in shown))


@dataclass(slots=True)
class _Trail:
    """The pages of one list that were read, each kept as evidence; none is read twice."""

    spider: SubjectSpider
    job: Job
    first: Looked
    captures: list[Capture] = field(default_factory=list)
    asked: list[Follow] = field(default_factory=list)
    shown: set[Item] = field(default_factory=set)
    familiar: bool = False

    async def turn(self, to: Follow | None) -> Looked | None:
        """Read a page of the same list; None when it cannot be had or shows nothing new."""
        if to is None or to in self.asked:
            return None
        self.asked.append(to)
        service = self.first.asked is not None
        try:
            if service:
                answer = await self.spider.follow(to, self.first.page.url)
            else:
                answer = await self.spider.fetch(Request(to.url))
        except LookFailedError:
            return None
        self.captures.append(answer.capture)
        if urlsplit(answer.page.url).netloc != urlsplit(self.first.page.url).netloc:
            return None
        reading = read_list(answer.page, self.first.reading.reader, self.job.scope)
        if reading.outcome not in (Outcome.OK, Outcome.UNDATED):
            return None
        self.shown = self.shown or set(self.first.reading.items)
        fresh = set(reading.items) - self.shown
        self.shown |= fresh
        return Looked(answer.page, reading, to if service else None) if fresh else None

    def looked_before(self) -> bool:
        return self.spider.ledger.newest_seen(self.job.subject) is not None

    def knows(self, items: Sequence[Item]) -> bool:
        """Was a row below the newest one seen before? Pinned rows above it tell nothing."""
        newest = newest_of(items, self.first.page.today)
        listed = items[items.index(newest) :] if newest is not None else items
        rows = [item for item in listed if not item.apart]
        known, ledger = self.job.known, self.spider.ledger
        # Asked from cheap to dear: a list that goes on as usual needs no database.
        if (known is not None and known.showed_one_of(rows)) or ledger.seen_before(
            self.job.subject, rows
        ):
            self.familiar = True
            return True
        return bool(ledger.known_items(self.job.subject, rows))
