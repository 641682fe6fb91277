"""Which rows belong together: a run is a stretch of rows with nothing else between them.

Rows of one parent belong together unless a heading parts them. Rows of different parents do
when they are alike, near, and nothing readable stands between: pinned rows in a table of
their own, a list cut into pieces of five.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import groupby

from crawler.readers.listing.aside import is_aside
from crawler.readers.listing.places import Places, Row, Run
from crawler.readers.listing.scan import Scan
from crawler.readers.listing.years import year_of

_NEAR = 2
_MOST_APART = 3
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_SEPARATORS = _HEADINGS | {"img", "hr"}
_PERIOD = re.compile(r"\d{4}\s*年|\d{1,2}\s*月|^\s*\d{4}\s*$")
_PINNED = "置顶"
_COLUMN_NAME = re.compile(
    r"^(?:序号|编号|标\s*题|名\s*称|文件名称|信息名称|索引号|文\s*号|发文字号|来源|类别|状态|"
    r".{0,4}(?:时\s*间|日\s*期|机构|单位|部门))$"
)
_READABLE = re.compile(r"[^\W_]{2,}")


def joined_runs(places: Places, rows: list[Row]) -> list[Run]:
    """Rows in document order, cut where something else stands between two of them."""
    runs: list[Run] = []
    for row in rows:
        last = runs[-1].rows[-1] if runs else None
        if last is not None and _belong_together(places, last, row):
            runs[-1].rows.append(row)
        else:
            runs.append(Run([row]))
    return runs


def count_apart(rows: Sequence[Row]) -> int:
    """How many leading rows stand in blocks of their own, above a list at least twice as long?

    Such blocks are pinned notices, often the same on every column of a site, or the newest
    rows in a frame: which of the two the page does not tell. A list cut into even pieces has
    none.
    """
    blocks = [len(list(block)) for _, block in groupby(rows, key=lambda row: row.parent)]
    longest = max(blocks, default=0)
    leading = sum(blocks[: blocks.index(longest)]) if blocks else 0
    return leading if leading <= _MOST_APART and 2 * leading <= longest else 0


def _belong_together(places: Places, before: Row, after: Row) -> bool:
    """Rows of one parent, unless a heading parts them; else neighbours alike in everything."""
    scan = places.scan
    if before.parent == after.parent:
        return not any(_parts(scan, at) for at in _siblings_between(scan, before, after))
    if _something_between(scan, before, after) or _steps_apart(scan, before, after) > _NEAR:
        return False
    alike = _shape(scan, before) == _shape(scan, after) or _PINNED in scan.text(before.at)
    return alike and is_aside(scan, before.at) == is_aside(scan, after.at)


def _something_between(scan: Scan, before: Row, after: Row) -> bool:
    """Does anything but the names of columns, or a year's heading, stand between two rows?"""
    texts = scan.texts[bisect_right(scan.texts, before.end) : bisect_left(scan.texts, after.at)]
    words = [scan.words[at] for at in texts if not _COLUMN_NAME.search(scan.words[at])]
    if len(words) == 1 and year_of(words[0]) is not None:
        return False
    if any(_READABLE.search(each) for each in words):
        return True
    return not _SEPARATORS.isdisjoint(scan.tags[before.end + 1 : after.at])


def _siblings_between(scan: Scan, before: Row, after: Row) -> list[int]:
    found = []
    at = before.end + 1
    while at < after.at:
        found.append(at)
        at = scan.ends[at] + 1
    return found


def _parts(scan: Scan, at: int) -> bool:
    """Is this a heading of what follows, and not of a year or month within one list?"""
    return scan.tags[at] in _HEADINGS and not _PERIOD.search(scan.text(at))


def _shape(scan: Scan, row: Row) -> tuple[str, ...]:
    anchors = [mark.element for mark in row.marks if mark.anchors]
    inner = [row.links[0].at, *anchors[:1]]
    classes = [f"{scan.tags[at]}.{scan.attribute(at, 'class')}" for at in inner]
    return (scan.tags[row.at], *classes)


def _steps_apart(scan: Scan, before: Row, after: Row) -> int:
    """How many levels below their nearest common holder does the nearer row lie?"""
    above = scan.ancestors(before.at)
    common = next((at for at in scan.ancestors(after.at) if at in above), -1)
    return min(_levels(scan, before.at, common), _levels(scan, after.at, common))


def _levels(scan: Scan, at: int, top: int) -> int:
    steps = 0
    for holder in scan.ancestors(at):
        steps += scan.tags[holder] not in ("table", "tbody")
        if holder == top:
            return steps
    return steps
