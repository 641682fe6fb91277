"""Rows without a date: those between dated rows, and whole lists that show no date at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.readers.listing.aside import is_aside
from crawler.readers.listing.joining import joined_runs
from crawler.readers.listing.links import TitledLink
from crawler.readers.listing.places import NOT_ROWS, ROW_TAGS, Places, Row, Run

_MOST_LINKS = 4
_MOST_CHILDREN = 5_000
_SHORTEST_TITLE = 4
_SHORTEST_MEAN = 8
_FEWEST_ROWS = 3
_ARTICLE_SHARE = 0.6
_ARTICLE = re.compile(r"\d{4,}|/content/|/art/|/info/|[0-9a-f]{16}", re.I)


def with_undated_rows(places: Places, run: Run) -> Run:
    """The run with those rows of the same parents that hold a title but no date."""
    if run.rows[0].bare:
        return run
    taken = {row.at for row in run.rows}
    found = list(run.rows)
    for parent in dict.fromkeys(row.parent for row in run.rows):
        found.extend(_undated_children(places, run, parent, taken))
    return Run(sorted(found, key=lambda row: row.at))


def _undated_children(places: Places, run: Run, parent: int, taken: set[int]) -> Iterator[Row]:
    scan = places.scan
    shapes = {_shape(places, row.at) for row in run.rows}
    for at in scan.children(parent)[:_MOST_CHILDREN]:
        if (
            at in taken
            or not places.has_links(at)
            or _shape(places, at) not in shapes
            or places.count_anchors(at)
        ):
            continue
        links = places.links_in(at)
        if 1 <= len(links) <= _MOST_LINKS and _longest(links) >= _SHORTEST_TITLE:
            yield Row(at, scan.ends[at], parent, links, places.marks_in(at))


def _shape(places: Places, at: int) -> str:
    """What makes an element a row among its neighbours: its tag, and the class of a div."""
    tag = places.scan.tags[at]
    return tag if tag in ROW_TAGS else f"{tag}.{places.scan.attribute(at, 'class')}"


def _longest(links: list[TitledLink]) -> int:
    return max(len(link.title) for link in links)


def undated_run(places: Places) -> Run | None:
    """The longest list of article titles without dates, outside menus and sidebars, if any.

    Titles must be long and most addresses must look like articles: a menu is not a list.
    """
    rows = [_row_round(places, link) for link in places.links]
    rows = [row for row in rows if not row.marks]
    runs = [run for run in joined_runs(places, rows) if _is_list(places, run)]
    return max(runs, key=undated_score, default=None)


def undated_score(run: Run) -> float:
    return float(sum(min(_longest(row.links), 30) for row in run.rows[:30]))


def _row_round(places: Places, link: TitledLink) -> Row:
    scan = places.scan
    at = link.at
    while scan.tags[at] not in ROW_TAGS:
        parent = scan.parents[at]
        if parent < 0 or scan.tags[parent] in NOT_ROWS or places.count_links(parent) > 1:
            break
        at = parent
    anchors = places.marks_in(at) if places.count_anchors(at) else []
    return Row(at, scan.ends[at], scan.parents[at], [link], anchors)


def _is_list(places: Places, run: Run) -> bool:
    rows = run.rows
    if len(rows) < _FEWEST_ROWS or undated_score(run) < _SHORTEST_MEAN * min(len(rows), 30):
        return False
    articles = sum(
        1 for row in rows if _ARTICLE.search(places.scan.attribute(row.links[0].at, "href"))
    )
    return articles >= _ARTICLE_SHARE * len(rows) and not is_aside(places.scan, rows[0].at)
