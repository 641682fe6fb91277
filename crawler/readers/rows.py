"""The list reader that needs no configuration: rows by structure, dates by their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from checks.facts import Item, Outcome
from crawler.decode import decode
from crawler.readers.listing.aside import is_aside
from crawler.readers.listing.choice import Choice, all_lists, best_list, whole_scope
from crawler.readers.listing.emptiness import empty_words
from crawler.readers.listing.items import items_of, places_of, without_twins
from crawler.readers.listing.joining import count_apart
from crawler.readers.listing.marks import latest_after
from crawler.readers.listing.places import Places, Run
from crawler.readers.listing.reading import list_reading, newest_of, unreadable
from crawler.readers.listing.rowtext import resolve
from crawler.readers.listing.scan import NestingError, Scan, ScopeError, scan_page
from crawler.readers.listing.unlinked import unlinked_list, with_unlinked_rows
from crawler.readers.listing.years import headed_by_years
from crawler.readers.page import ListReading, Page

ROWS = "rows"
HOME = "home"
_FEWEST_LOOSE = 3


def read_rows(page: Page, scope: str | None = None) -> ListReading:
    """Which items does this list page show?

    `scope` is a CSS selector that limits the search to a part of the page. Items keep the
    page's order; a future day stays on its item. Never raises on bad markup.
    """
    choose = whole_scope if scope is not None else best_list
    return _read(page, scope, ROWS, choose)


def read_home(page: Page) -> ListReading:
    """Which dated items does this home page show, in all its blocks together?"""
    return _read(page, None, HOME, all_lists)


def _read(
    page: Page, scope: str | None, reader: str, choose: Callable[[Places, str, date], Choice]
) -> ListReading:
    html = decode(page.body, page.content_type)
    if html.lstrip()[:1] in ("{", "["):
        return unreadable(reader, "返回的是数据，不是网页")
    try:
        scan = scan_page(html, scope)
    except (ScopeError, NestingError) as error:
        return unreadable(reader, str(error))
    base = (resolve(scan.base, page.url) if scan.base else None) or page.url
    places = places_of(scan, page.today)
    choice = choose(places, base, page.today)
    # A selector says which rows are the list, and a home page is all its blocks together: only
    # where the reader chose the list itself may rows above it be something else.
    guessed = choose is best_list
    runs = choice.runs
    if guessed and _has_dates(choice):
        runs = tuple(with_unlinked_rows(places, run) for run in runs)
    elif guessed and not choice.undecided:
        choice = unlinked_list(places, base, page.today) or choice
        runs = choice.runs
    found = [
        item
        for run in runs
        for item in items_of(
            scan, run.rows, base, page.today, apart=_count_apart(scan, run) if guessed else 0
        )
    ]
    items = tuple(without_twins(found))
    if hides_later_day(places, items, page.today):
        return unreadable(reader, "页面行数过多，未读部分还有更晚的日期")
    if choice.undecided:
        return unreadable(reader, choice.why)
    empty = None if items else empty_words(scan, html)
    said = f"页面写明“{empty}”" if empty else None
    how = f"{choice.why}（只读前面一部分）" if places.stopped else choice.why
    reading = list_reading(items, page.today, reader, how, empty=said)
    undated = guessed and reading.outcome is Outcome.UNDATED
    return replace(reading, unjoined=undated and _shows_days_beside(places, items))


def _shows_days_beside(places: Places, items: Sequence[Item]) -> bool:
    """Are there days on the page for half of these rows, that could not be joined to them?"""
    days = [mark for mark in places.marks if mark.on is not None and mark.anchors]
    loose = sum(not is_aside(places.scan, mark.element) for mark in days)
    return loose >= _FEWEST_LOOSE and 2 * loose >= len(items)


def _has_dates(choice: Choice) -> bool:
    return any(mark.anchors for run in choice.runs for row in run.rows for mark in row.marks)


def _count_apart(scan: Scan, run: Run) -> int:
    """Rows under the first year's heading are the newest, and stand apart for no other reason."""
    return 0 if headed_by_years(scan, run.rows) else count_apart(run.rows)


def hides_later_day(places: Places, items: Sequence[Item], today: date) -> bool:
    """Where reading stopped early: may the rest of the page hold a later update?"""
    if not places.stopped:
        return False
    newest = newest_of(items, today)
    latest = latest_after(places.scan, places.last, today)
    if latest is None or newest is None or newest.published_on is None:
        return latest is not None
    return latest > newest.published_on
