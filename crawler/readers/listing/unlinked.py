"""Lists whose rows lead nowhere: a title and a date, and no link to follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from crawler.readers.listing.choice import Choice, best_list
from crawler.readers.listing.links import TitledLink, TitledLinks
from crawler.readers.listing.marks import Mark
from crawler.readers.listing.places import Places, Row, Run
from crawler.readers.listing.scan import Scan
from crawler.readers.listing.slots import CLEAN_WEIGHT

_ROW_TAGS = frozenset({"li", "tr"})
_STEPS = 4
_MOST_NODES = 300
_MOST_CHILDREN = 5_000
_FEWEST_ROWS = 3
_SHORTEST_TITLE = 6
_LONGEST_TITLE = 120
_HEAD_TEXTS = 8
_DAY_HEAD = re.compile(r"^.{0,8}(?:时\s?间|日\s?期)$")
_PUBLISHED = re.compile(r"发布|公开|公布|发文|发表|更新|^(?:时\s?间|日\s?期)$")
_BODY = re.compile(
    r"zoom|trs_?(?:ue)?editor|vsb_content|ucap-content|(?:article|news|detail)[-_]?(?:con|text|body)",
    re.I,
)
_ARTICLE_HEAD = re.compile(r"来\s?源\s?[:：]|(?:浏览|阅读|点击)(?:次数|量)|责任编辑")


def with_unlinked_rows(places: Places, run: Run) -> Run:
    """The run with those rows between its own that bear a title and a date, but no link."""
    if run.rows[0].bare:
        return run
    scan = places.scan
    tags = {scan.tags[row.at] for row in run.rows}
    taken = {row.at for row in run.rows}
    found = list(run.rows)
    for parent in dict.fromkeys(row.parent for row in run.rows):
        for at in scan.children(parent)[:_MOST_CHILDREN]:
            if at not in taken and scan.tags[at] in tags and not places.has_links(at):
                found.extend(_unlinked_row(places, at, parent))
    return Run(sorted(found, key=lambda row: row.at))


def _unlinked_row(places: Places, at: int, parent: int) -> Iterator[Row]:
    marks = places.marks_in(at)
    links = [link for mark in marks[:1] if (link := _title_beside(places.scan, mark))]
    if links and at <= links[0].at:
        yield Row(at, places.scan.ends[at], parent, links, marks)


def unlinked_list(places: Places, base: str, today: date) -> Choice | None:
    """Which rows without links make up the page's list; None when there are too few to be one.

    Dates in an article's own tables are no list, so nothing inside an article's body counts,
    and nothing on a page that bears an article's head.
    """
    scan = places.scan
    if any(_ARTICLE_HEAD.search(words) for words in scan.words.values()):
        return None
    titles = (link for mark in places.marks if (link := _title_beside(scan, mark)))
    found = Places(scan, TitledLinks(scan, titles), places.marks)
    choice = best_list(found, base, today)
    if choice.undecided or sum(len(run.rows) for run in choice.runs) < _FEWEST_ROWS:
        return None
    return choice if all(_may_be_published(scan, run.start) for run in choice.runs) else None


def _may_be_published(scan: Scan, first: int) -> bool:
    """Do the heads above the first row leave it open that the dates are days of publication?"""
    heads = [words for words in scan.words_before(first, _HEAD_TEXTS) if _DAY_HEAD.search(words)]
    return not heads or any(_PUBLISHED.search(words) for words in heads)


def _title_beside(scan: Scan, mark: Mark) -> TitledLink | None:
    """The longest words of the row that a clean date stands in, when the row has no link."""
    if mark.on is None or mark.weight < CLEAN_WEIGHT:
        return None
    holders = (mark.element, *scan.ancestors(mark.element, _STEPS))
    row = next((at for at in holders if scan.tags[at] in _ROW_TAGS), None)
    if row is None or scan.ends[row] - row > _MOST_NODES or _in_body(scan, row):
        return None
    if "a" in scan.tags[row : scan.ends[row] + 1]:
        return None
    texts = [at for at in range(row, scan.ends[row] + 1) if at in scan.words and at != mark.at]
    longest = max(texts, key=lambda at: len(scan.words[at]), default=None)
    if longest is None or not _SHORTEST_TITLE <= len(scan.words[longest]) <= _LONGEST_TITLE:
        return None
    return TitledLink(scan.parents[longest], scan.words[longest])


def _in_body(scan: Scan, at: int) -> bool:
    return any(
        _BODY.search(f"{scan.attribute(holder, 'class')} {scan.attribute(holder, 'id')}")
        for holder in scan.ancestors(at)
    )
