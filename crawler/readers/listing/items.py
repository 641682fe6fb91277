"""From rows to items: title and address of each row, and the day the rows agree on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape

from checks.facts import DateCandidate, DateSource, Item
from crawler.readers.listing.elements import ROW, Element, untemplated
from crawler.readers.listing.links import NO_NAME, TitledLink, TitledLinks
from crawler.readers.listing.marks import find_marks
from crawler.readers.listing.places import Places, Row
from crawler.readers.listing.rowtext import RowText, read_row_texts, without_date
from crawler.readers.listing.scan import NestingError, Scan, scan_page
from crawler.readers.listing.slots import (
    CLEAN_WEIGHT,
    RowDate,
    Weighed,
    weighed_rows,
    with_year_of_address,
)
from crawler.readers.listing.years import with_heading_years

MOST_FRAGMENTS = 1_000
FULL = 10  # rows in one row: one that lists its attachments has fewer
_MOST_NODES = 300
_MOST_WORDS = 300
_ROW_CHILDREN = frozenset({"li", "tr", "dl"})
_HOLDER = "x-record"


def places_of(scan: Scan, today: date) -> Places:
    """Where are the titled links and the dates of this page?"""
    links = TitledLinks(scan)
    marks = find_marks(scan, links, today)
    return Places(scan, links, marks)


def items_of(
    scan: Scan, rows: Sequence[Row], base: str, today: date, *, apart: int = 0
) -> list[Item]:
    """What do these rows say, in order?

    A row with neither a day nor an address tells nothing and is left out. The first `apart`
    rows stand above the list.
    """
    dates = weighed_rows(scan, rows, today)
    items = joined_items(scan, rows, texts_of(scan, rows, base), dates, today)
    items[:apart] = [replace(item, apart=True) for item in items[:apart]]
    return [item for item in items if item.published_on or item.url]


def texts_of(scan: Scan, rows: Sequence[Row], base: str) -> list[RowText]:
    """What is each row's title, and where does it lead?"""
    links = [_plain_links(scan, row.links) or link_markup(scan, row.links) for row in rows]
    texts = read_row_texts(links, base)
    return [_named(row, text) for row, text in zip(rows, texts, strict=True)]


def joined_items(
    scan: Scan, rows: Sequence[Row], texts: Sequence[RowText], dates: Sequence[Weighed], today: date
) -> list[Item]:
    """One item a row. MM-DD takes its year from the heading above it, or from the address."""
    headed = with_heading_years(scan, rows, [found for found, _ in dates], today)
    return [
        _under_heading(_item(text, found, others), on)
        for text, (found, others), on in zip(texts, dates, headed, strict=True)
    ]


def read_fragments(fragments: Sequence[str], base: str, today: date) -> list[Item]:
    """What do these pieces of markup say, each known to hold one row (or a few whole rows)?

    Reads the first 1,000; list services answer with the newest first.
    """
    first = fragments[:MOST_FRAGMENTS]
    wrapped = "".join([f"<{_HOLDER}>{_in_table(each)}</{_HOLDER}>" for each in first])
    try:
        scan = scan_page(wrapped)
    except NestingError:
        return []
    places = places_of(scan, today)
    holders = [at for at, tag in enumerate(scan.tags) if tag == _HOLDER]
    rows = [row for holder in holders for row in _rows_in(places, holder)]
    return items_of(scan, rows, base, today) if rows else []


def _in_table(fragment: str) -> str:
    """Table rows vanish outside a table; everything else stays as it is."""
    start = fragment.lstrip()[:4].lower()
    return f"<table>{fragment}</table>" if start.startswith(("<tr", "<td")) else fragment


def _rows_in(places: Places, holder: int) -> list[Row]:
    scan = places.scan
    inner = range(holder + 1, scan.ends[holder] + 1)
    parts = [at for at in inner if scan.tags[at] in _ROW_CHILDREN and places.has_links(at)]
    chosen = parts if len(parts) > 1 else [holder]
    ends = [_end(scan, chosen, place) for place in range(len(chosen))]
    return [
        Row(at, end, scan.parents[at], links, places.marks_in(at, end))
        for at, end in zip(chosen, ends, strict=True)
        if (links := places.links_in(at, end))
    ]


def _end(scan: Scan, rows: Sequence[int], place: int) -> int:
    """Where does this row end? One in which many others lie ends where the first of them begins:
    rows within rows would each be read with all that follow."""
    end = scan.ends[rows[place]]
    return rows[place + 1] - 1 if bisect_right(rows, end) - place > FULL else end


def link_markup(scan: Scan, links: Sequence[TitledLink]) -> str:
    """The links as markup; one that wraps half a page is reduced to its words."""
    return "".join([_one_link(scan, link.at) for link in links])


def _plain_links(scan: Scan, links: Sequence[TitledLink]) -> Element | None:
    """The links of a row that hold nothing but words, as most do: there is no markup to read."""
    row = Element(ROW, {})
    for at in [link.at for link in links]:
        words = scan.words.get(at + 1)
        if words is None or scan.ends[at] != at + 1:
            return None
        given = {name: value or "" for name, value in scan.nodes[at].attributes.items()}
        row.inner.append(Element(scan.tags[at], untemplated(given), texts=[words]))
    return row


def _one_link(scan: Scan, at: int) -> str:
    if scan.ends[at] - at <= _MOST_NODES:
        return scan.nodes[at].html or ""
    names = ("href", "title", "onclick")
    written = "".join([f' {name}="{escape(scan.attribute(at, name))}"' for name in names])
    return f"<a{written}>{escape(scan.text(at)[:_MOST_WORDS])}</a>"


def _item(text: RowText, found: RowDate | None, others: tuple[DateCandidate, ...]) -> Item:
    if found is None:
        return Item(text.title, text.url, None, others=others)
    if found.on is not None:
        inside = found.weight < CLEAN_WEIGHT
        title = without_date(text.title, found.text) if inside else text.title
        return Item(title, text.url, found.on, found.text, DateSource.LIST, others=others)
    on = with_year_of_address(found, text.url)
    source = DateSource.URL if on else None
    return Item(text.title, text.url, on, found.text, source, others=others)


def _named(row: Row, text: RowText) -> RowText:
    """A picture, and a row that leads nowhere, take their title from the words beside them."""
    if len(text.title) > 1 and not NO_NAME.fullmatch(text.title):
        return text
    return replace(text, title=max((link.title for link in row.links), key=len, default=""))


def _under_heading(item: Item, on: date | None) -> Item:
    """The row with the year of its heading; an address that disagrees leaves it unknown."""
    if on is None or item.published_on == on:
        return item
    if item.published_on is not None:
        return replace(item, published_on=None, date_source=None)
    text = f"{on.year}年 {item.date_text}"
    return replace(item, published_on=on, date_text=text, date_source=DateSource.LIST)


def without_twins(items: Sequence[Item]) -> list[Item]:
    """Rows shown twice, for wide and for narrow screens, once; rows without address stay."""
    seen: set[Item] = set()
    kept = []
    for item in items:
        if item.url is None or item not in seen:
            kept.append(item)
        seen.add(item)
    return kept
