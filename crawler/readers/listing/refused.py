"""The days of a row that are not its day of publication, each with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping

from checks.facts import DateCandidate, DateSource
from crawler.readers.listing.marks import Mark
from crawler.readers.listing.places import Row
from crawler.readers.listing.scan import Scan

Slot = tuple[str, ...]

_LABEL = re.compile(r"([^\s:：|]{2,12})\s?[:：][\s\[(【（]{0,3}$")
_CLEARLY_REFUSED = -5.0


def refused_days(
    scan: Scan,
    row: Row,
    by_slot: Mapping[Slot, Mark],
    ranking: Mapping[Slot, float],
    taken: Mark | None,
) -> tuple[DateCandidate, ...]:
    """Which further full days does the row show, and why is none the day of publication?

    Latest first. `ranking` says how likely each slot is; `taken` is the date that was chosen.
    """
    if len(row.marks) == 1 and row.marks[0] is taken:
        return ()
    ranks = {id(mark): ranking[slot] for slot, mark in by_slot.items()}
    found = {
        DateCandidate(mark.on, mark.text, DateSource.LIST, _why(scan, mark, ranks.get(id(mark))))
        for mark in row.marks
        if mark.on is not None and mark is not taken
    }
    return tuple(sorted(found, key=lambda each: (each.on, each.text, each.rule), reverse=True))


def _why(scan: Scan, mark: Mark, rank: float | None) -> str:
    if rank is None or mark.weight <= 0:
        label = _label(scan, mark)
        return f"标为“{label}”的日期" if label else "另有所指，或是句中、区间中的日期"
    if rank > 0:
        return "同行的另一日期，位置不如所取的一处"
    return "表头标明是其他日期" if rank < _CLEARLY_REFUSED else "只见于少数标题的日期"


def _label(scan: Scan, mark: Mark) -> str:
    """The words that name this date, before it in its own text or in the text before."""
    own, found, _ = scan.words[mark.at].partition(mark.text)
    before = own if found and own.strip(" [(【（") else "".join(scan.words_before(mark.at))
    match = _LABEL.search(before[-40:])
    return match[1] if match else ""
