"""Fields that a page labels itself: 来信时间：2026-01-05, or a label's cell and the next cell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from crawler.readers.listing.scan import Scan
from crawler.readers.mail.words import Field, best_fields, field_of, labelled

_LONGEST_TEXT = 2_000
_CELLS = frozenset({"td", "th", "dt", "dd", "li", "p"})


def fields_between(scan: Scan, first: int, last: int) -> dict[Field, str]:
    """Which fields does the page label between two places, both included?"""
    low, high = bisect_left(scan.texts, first), bisect_right(scan.texts, last)
    return best_fields(pair for at in scan.texts[low:high] for pair in _pairs_at(scan, at))


def _pairs_at(scan: Scan, at: int) -> Iterator[tuple[str, str]]:
    words = scan.words[at][:_LONGEST_TEXT]
    if field_of(words):
        value = _value_beside(scan, at)
        if not field_of(value) and not value.endswith((":", "：")):
            yield words, value
    else:
        yield from labelled(words)


def _value_beside(scan: Scan, at: int) -> str:
    """What stands beside a label: the rest of its line, else the next element in its row."""
    label, row = scan.parents[at], scan.parents[scan.parents[at]]
    while row >= 0 and scan.tags[label] not in _CELLS and scan.text(row) == scan.words[at]:
        label, row = row, scan.parents[row]
    if row < 0:
        return _first_text(scan, at, scan.ends[label])
    place = at if scan.text(label) != scan.words[at] else label
    if place == at:
        return _first_text(scan, at, scan.ends[label])
    following = [child for child in scan.children(row) if child > label]
    if following and not scan.between(scan.ends[label], following[0]):
        return scan.text(following[0])
    return _first_text(scan, scan.ends[label], scan.ends[row])


def _first_text(scan: Scan, after: int, last: int) -> str:
    place = bisect_right(scan.texts, after)
    if place < len(scan.texts) and scan.texts[place] <= last:
        return scan.words[scan.texts[place]]
    return ""
