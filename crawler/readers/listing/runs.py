"""From dates and links to rows: a row is the smallest element that holds one of each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from crawler.readers.listing.joining import joined_runs
from crawler.readers.listing.links import TitledLink
from crawler.readers.listing.marks import Mark
from crawler.readers.listing.places import NOT_ROWS, ROW_TAGS, Places, Row, Run
from crawler.readers.listing.scan import Scan

_MOST_STEPS = 10
_EXTRA_LINKS = 2
_MOST_LINKS = 6
_MOST_DATES = 8
_SHORT_TITLE = 8


def find_runs(places: Places) -> list[Run]:
    """Which stretches of dated rows does the page hold, in document order?"""
    rows: list[Row] = []
    for base, anchors in _bases(places).items():
        rows.extend(_rows_of(places, base, anchors))
    rows.sort(key=lambda row: row.at)
    return joined_runs(places, rows)


def _bases(places: Places) -> dict[int, list[Mark]]:
    """The smallest element round each date that holds a titled link; nested ones settled."""
    bases: dict[int, list[Mark]] = {}
    for mark in places.anchors:
        base = _base(places, mark.element)
        if base is not None:
            bases.setdefault(base, []).append(mark)
    return _without_outer(places.scan, bases)


def _base(places: Places, at: int) -> int | None:
    for _ in range(_MOST_STEPS + 1):
        if at < 0:
            break
        if places.has_links(at):
            return at
        at = places.scan.parents[at]
    return None


def _without_outer(scan: Scan, bases: dict[int, list[Mark]]) -> dict[int, list[Mark]]:
    """A date whose base holds other bases stands beside rows, not in one: drop it.

    Only a proper row element round a single other base (a unit link beside its own date) is
    one row with two dates.
    """
    order = sorted(bases)
    kept: dict[int, list[Mark]] = {}
    swallowed: set[int] = set()
    for place, base in enumerate(order):
        if base in swallowed:
            continue
        inner = order[place + 1 : bisect_right(order, scan.ends[base])]
        if not inner:
            kept[base] = bases[base]
        elif len(inner) == 1 and scan.tags[base] in ROW_TAGS:
            kept[base] = sorted(bases[base] + bases[inner[0]], key=lambda mark: mark.at)
            swallowed.add(inner[0])
    return kept


def _rows_of(places: Places, base: int, anchors: list[Mark]) -> list[Row]:
    links = places.links_in(base)
    if len(links) > _MOST_LINKS * len(anchors):
        return []
    if len(links) > 1 and len(anchors) > 1 and _alternate(links, anchors):
        return _bare_rows(places, base, links, anchors)
    if len(anchors) > _MOST_DATES:
        return []
    at = _widened(places, base)
    row = Row(at, places.scan.ends[at], places.scan.parents[at], places.links_in(at))
    row.marks = places.marks_in(at)
    return [row]


def _alternate(links: list[TitledLink], anchors: list[Mark]) -> bool:
    """Does a link follow each date, and a date each link: rows without elements?"""
    kinds = sorted([(link.at, "a") for link in links] + [(mark.at, "d") for mark in anchors])
    pattern = "".join([kind for _, kind in kinds])
    pairs = max(pattern.count("ad"), pattern.count("da"))
    return pairs >= 2 and pairs >= len(anchors) - 1 and "dd" not in pattern


def _bare_rows(
    places: Places, base: int, links: list[TitledLink], anchors: list[Mark]
) -> list[Row]:
    """Pairs in document order: each date with the link before it, or after it (date first)."""
    date_first = anchors[0].at < links[0].at
    link_places = [link.at for link in links]
    rows = []
    for mark in anchors:
        place = bisect_left(link_places, mark.at) - (0 if date_first else 1)
        if 0 <= place < len(links):
            link = links[place]
            end = max(places.scan.ends[link.at], mark.at)
            rows.append(Row(link.at, end, base, [link], [mark], bare=True))
    return rows


def _widened(places: Places, base: int) -> int:
    """The largest element round the base that is still this row alone."""
    scan = places.scan
    at = base
    anchors = places.count_anchors(base)
    while scan.tags[at] not in ROW_TAGS:
        parent = scan.parents[at]
        if parent < 0 or scan.tags[parent] in NOT_ROWS:
            break
        if places.count_anchors(parent) > anchors or not _still_one_row(places, at, parent):
            break
        at = parent
    return at


def _still_one_row(places: Places, at: int, parent: int) -> bool:
    extra = places.count_links(parent) - places.count_links(at)
    if extra == 0:
        return True
    if extra > _EXTRA_LINKS:
        return False
    longest = max(len(link.title) for link in places.links_in(at))
    return places.scan.tags[parent] in ROW_TAGS or longest < _SHORT_TITLE
