"""The list reader that needs no configuration: rows by structure, dates by their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from checks.facts import Item
from crawler.decode import decode
from crawler.readers.listing.choice import Choice, all_lists, best_list, whole_scope
from crawler.readers.listing.emptiness import empty_words
from crawler.readers.listing.items import items_of, places_of, without_twins
from crawler.readers.listing.joining import count_apart
from crawler.readers.listing.marks import latest_after
from crawler.readers.listing.places import Places
from crawler.readers.listing.reading import list_reading, newest_of, unreadable
from crawler.readers.listing.rowtext import resolve
from crawler.readers.listing.scan import NestingError, ScopeError, scan_page
from crawler.readers.page import ListReading, Page

ROWS = "rows"
HOME = "home"


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
    found = [
        item
        for run in choice.runs
        for item in items_of(
            scan, run.rows, base, page.today, apart=count_apart(run.rows) if guessed else 0
        )
    ]
    items = tuple(without_twins(found))
    if _hides_later_day(places, items, page.today):
        return unreadable(reader, "页面行数过多，未读部分还有更晚的日期")
    if choice.undecided:
        return unreadable(reader, choice.why)
    empty = None if items else empty_words(scan, html)
    said = f"页面写明“{empty}”" if empty else None
    how = f"{choice.why}（只读前面一部分）" if places.stopped else choice.why
    return list_reading(items, page.today, reader, how, empty=said)


def _hides_later_day(places: Places, items: Sequence[Item], today: date) -> bool:
    """Where reading stopped early: may the rest of the page hold a later update?"""
    if not places.stopped:
        return False
    newest = newest_of(items, today)
    latest = latest_after(places.scan, places.last, today)
    if latest is None or newest is None or newest.published_on is None:
        return latest is not None
    return latest > newest.published_on
