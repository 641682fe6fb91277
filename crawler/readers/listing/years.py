"""The year a heading gives to the rows below it: 2025年, then 12-30 and 08-20.

A heading is evidence only where it stands in the list itself, right above rows, and the order
of all days agrees with the order of all headings. Anything less leaves the year unknown: a
dead list must not look alive, nor a living one dead.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from crawler.readers.listing.places import Row
from crawler.readers.listing.scan import Scan
from crawler.readers.listing.slots import RowDate

_YEAR = re.compile(r"[\[(【]?\s{0,3}((?:19|20)\d\d)\s{0,3}年?度?\s{0,3}[\])】]?")
_READABLE = re.compile(r"[^\W_]")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "dt", "li", "th"})
_MOST_BEFORE = 3
_STEPS = 3


def year_of(words: str) -> int | None:
    """Which year do these words name, and nothing else?"""
    match = _YEAR.fullmatch(words)
    return int(match[1]) if match else None


def headed_by_years(scan: Scan, rows: Sequence[Row]) -> bool:
    """Does the list begin with a year's heading?"""
    return bool(rows) and _headings(scan, rows[:1]) != [None]


def with_heading_years(
    scan: Scan, rows: Sequence[Row], found: Sequence[RowDate | None], today: date
) -> list[date | None]:
    """Which full day does each MM-DD row mean under its heading? All rows answer, or none."""
    nothing: list[date | None] = [None] * len(rows)
    if any(each is None or each.on for each in found):
        return nothing
    days: list[date] = []
    for year, row_date in zip(_years(_headings(scan, rows)), found, strict=True):
        day = _day(year, row_date)
        if day is None or day > today:
            return nothing
        days.append(day)
    rising = all(older <= newer for older, newer in pairwise(days))
    falling = all(newer >= older for newer, older in pairwise(days))
    return list(days) if rising or falling else nothing


def _years(headings: Sequence[int | None]) -> list[int | None]:
    """A heading holds for its own row and those below, up to the next."""
    held: list[int | None] = []
    for heading in headings:
        held.append(heading or (held[-1] if held else None))
    return held


def _day(year: int | None, found: RowDate | None) -> date | None:
    if year is None or found is None or found.on or found.month is None or found.day is None:
        return None
    try:
        return date(year, found.month, found.day)
    except ValueError:
        return None


def _headings(scan: Scan, rows: Sequence[Row]) -> list[int | None]:
    """The year right above each row, or None when the row follows another row."""
    ends = [-1, *[row.end for row in rows]]
    return [_right_above(scan, end, row) for end, row in zip(ends, rows, strict=False)]


def _right_above(scan: Scan, after: int, row: Row) -> int | None:
    """The last readable words between the row before and this one, if they are a year's.

    They must stand no more than a few levels from the row: not in a menu above the list.
    """
    low, high = bisect_right(scan.texts, after), bisect_left(scan.texts, row.at)
    for at in reversed(scan.texts[max(low, high - _MOST_BEFORE) : high]):
        if _READABLE.search(scan.words[at]):
            year = year_of(scan.words[at])
            return year if _is_heading(scan, at) and _near(scan, at, row) else None
    return None


def _is_heading(scan: Scan, at: int) -> bool:
    """A link is a way to another year; a bare number is a year only where headings stand."""
    round_it = {scan.tags[holder] for holder in scan.ancestors(at, _STEPS)}
    return "a" not in round_it and ("年" in scan.words[at] or not _HEADINGS.isdisjoint(round_it))


def _near(scan: Scan, at: int, row: Row) -> bool:
    return not set(scan.ancestors(at, _STEPS)).isdisjoint(scan.ancestors(row.at, _STEPS))
