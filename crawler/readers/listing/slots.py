"""Which of a row's dates is the day it was published? Decided for all rows of a run at once.

A slot is a place inside the row: the cell number, or the tags and classes on the way to the
date. The rows of a list agree on their slots; a head row, a class name or a future day tells
the deadline from the publication.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from checks.facts import DateCandidate
from crawler.dates import url_date
from crawler.readers.listing.marks import OTHER_DAYS, Mark
from crawler.readers.listing.places import Row
from crawler.readers.listing.refused import Slot, refused_days
from crawler.readers.listing.scan import Scan

_TIME_CLASS = re.compile(
    r"time|date|(?:^|[\W_])(?:rq|sj|fbsj|fbrq|riqi|shijian)(?:$|[\W_\d])", re.I
)
_HEAD_PUBLISH = re.compile(r"发布|发文|公开|发表|公布|上网|更新|^(?:时\s*间|日\s*期)$")
_HEAD_OTHER = re.compile(OTHER_DAYS + r".{0,4}(?:时\s*间|日\s*期|期限|期|日)|截止|^期限$")
_NAMES_DATE = re.compile(r"(?:时\s*间|日\s*期|期限)$")
_HEAD_TEXTS = 6
_LONGEST_HEAD = 10
CLEAN_WEIGHT = 0.8
_COMMON_SHARE = 0.5
_DIGITS = re.compile(r"\d+")

Weighed = tuple["RowDate | None", tuple[DateCandidate, ...]]


@dataclass(frozen=True, slots=True)
class RowDate:
    """The day of one row as the page shows it; `on` is None when pieces are missing."""

    on: date | None
    text: str
    weight: float
    month: int | None = None
    day: int | None = None


def row_dates(scan: Scan, rows: Sequence[Row], today: date) -> list[RowDate | None]:
    """When was each row published, as far as the row itself says?"""
    slotted, ranking = _slots(scan, rows, today)
    marks = [_best(by_slot, ranking) for by_slot in slotted]
    return [_date_of(row, mark) for row, mark in zip(rows, marks, strict=True)]


def weighed_rows(scan: Scan, rows: Sequence[Row], today: date) -> list[Weighed]:
    """When was each row published, and which other days of the row were refused, and why?"""
    slotted, ranking = _slots(scan, rows, today)
    weighed: list[Weighed] = []
    for row, by_slot in zip(rows, slotted, strict=True):
        mark = _best(by_slot, ranking)
        refused = refused_days(scan, row, by_slot, ranking, mark)
        weighed.append((_date_of(row, mark), refused))
    return weighed


def _slots(
    scan: Scan, rows: Sequence[Row], today: date
) -> tuple[list[dict[Slot, Mark]], dict[Slot, float]]:
    """The dates of each row by their slots, and how likely each slot is."""
    numbers = _cell_numbers(scan, rows)
    slotted = [_by_slot(scan, row, numbers) for row in rows]
    return slotted, _ranking(scan, rows, slotted, today)


def _by_slot(scan: Scan, row: Row, numbers: Mapping[int, int]) -> dict[Slot, Mark]:
    found: dict[Slot, Mark] = {}
    for mark in row.marks:
        if mark.on is None or mark.weight <= 0:
            continue
        path = ("",) if row.bare else _path(scan, row, mark, numbers)
        slot = path
        rank = 0
        while slot in found:
            rank += 1
            slot = (*path, f"#{rank}")
        found[slot] = mark
    return found


def _path(scan: Scan, row: Row, mark: Mark, numbers: Mapping[int, int]) -> Slot:
    path: list[str] = []
    at = mark.element
    while at > row.at:
        tag = scan.tags[at]
        if at in numbers:
            path.append(f"td{numbers[at]}")
        else:
            path.append(tag + "." + _DIGITS.sub("#", scan.attribute(at, "class")))
        at = scan.parents[at]
    return tuple(path)


def _cell_numbers(scan: Scan, rows: Sequence[Row]) -> dict[int, int]:
    """The number of each table cell in its row, for all cells the rows consist of."""
    numbers: dict[int, int] = {}
    for row in rows:
        if scan.tags[row.at] == "tr":
            cells = [at for at in scan.children(row.at) if scan.tags[at] in ("td", "th")]
            numbers.update((at, number) for number, at in enumerate(cells))
    return numbers


def _ranking(
    scan: Scan, rows: Sequence[Row], slotted: Sequence[dict[Slot, Mark]], today: date
) -> dict[Slot, float]:
    """How likely each slot is to hold the day of publication; below zero means it does not."""
    slots: dict[Slot, list[Mark]] = {}
    for by_slot in slotted:
        for slot, mark in by_slot.items():
            slots.setdefault(slot, []).append(mark)
    heads = _heads(scan, rows[0], list(slots))
    return {
        slot: _rank(slot, marks, len(rows), today) + heads.get(slot, 0.0) + place * 0.01
        for place, (slot, marks) in enumerate(slots.items())
    }


def _rank(slot: Slot, marks: Sequence[Mark], row_count: int, today: date) -> float:
    share = len(marks) / row_count
    weight = sum(mark.weight for mark in marks) / len(marks)
    if weight < CLEAN_WEIGHT and share < _COMMON_SHARE:
        return -1.0  # a date in a few titles only belongs to those titles
    rank = share + weight
    rank += 0.5 if any(_TIME_CLASS.search(step) for step in slot) else 0.0
    rank -= 0.6 if any(mark.on is not None and mark.on > today for mark in marks) else 0.0
    return rank


def _heads(scan: Scan, row: Row, slots: Sequence[Slot]) -> dict[Slot, float]:
    """What the head row says of each slot: by cell number, or by order when the counts agree."""
    if scan.tags[row.at] == "tr":
        cells = _table_head(scan, row)
        if cells:
            return {slot: _head_says(cells.get(slot[-1] if slot else "", "")) for slot in slots}
    words = _words_above(scan, row)
    if len(words) != len(slots):
        return {}
    return {slot: _head_says(each) for slot, each in zip(slots, words, strict=True)}


def _table_head(scan: Scan, row: Row) -> dict[str, str]:
    above = [at for at in scan.children(row.parent) if at < row.at and scan.tags[at] == "tr"]
    if not above:
        table = next((at for at in scan.ancestors(row.at) if scan.tags[at] == "table"), row.at)
        above = [at for at in range(table, row.at) if scan.tags[at] == "tr"]
    return _cells(scan, above[0]) if above else {}


def _words_above(scan: Scan, row: Row) -> list[str]:
    """The names of dates in the head line above a list that is no table, in order."""
    texts = scan.words_before(row.at, _HEAD_TEXTS)
    named = [words for words in texts if _NAMES_DATE.search(words) and len(words) <= _LONGEST_HEAD]
    return [words for words in named if not _DIGITS.search(words) and not words.endswith("：")]


def _cells(scan: Scan, row: int) -> dict[str, str]:
    cells = [at for at in scan.children(row) if scan.tags[at] in ("td", "th")]
    return {f"td{number}": scan.text(at) for number, at in enumerate(cells)}


def _head_says(words: str) -> float:
    if len(words) > 12:
        return 0.0
    if _HEAD_OTHER.search(words) and not _HEAD_PUBLISH.search(words):
        return -9.0
    return 1.0 if _HEAD_PUBLISH.search(words) else 0.0


def _best(by_slot: dict[Slot, Mark], ranking: dict[Slot, float]) -> Mark | None:
    usable = [slot for slot in by_slot if ranking[slot] > 0]
    return by_slot[max(usable, key=lambda slot: ranking[slot])] if usable else None


def _date_of(row: Row, mark: Mark | None) -> RowDate | None:
    return RowDate(mark.on, mark.text, mark.weight) if mark else date_of_pieces(row)


def date_of_pieces(row: Row) -> RowDate | None:
    """A date whose pieces stand in separate elements: 02/13 and 2023, or 23 and 2020-12.

    A lone year or day counts only beside the month, with no link between: else it is the
    number of the row, or of its readers. Two months leave the day unknown.
    """
    pieces = [(mark, mark.part) for mark in row.marks if mark.part and mark.weight > 0]
    months = [(mark, part) for mark, part in pieces if part.month]
    if not months:
        return None
    if len({(part.month, part.day) for _, part in months}) > 1:
        return RowDate(None, " ".join([mark.text for mark, _ in months]), 1.0)
    chief, part = months[0]
    lone = [(mark, other) for mark, other in pieces if _beside(row, chief, mark)]
    lone.sort(key=lambda each: abs(each[0].at - chief.at))
    fits = [(mark, other) for mark, other in lone if (other.day if part.year else other.year)]
    beside, other = fits[0] if fits else (chief, part)
    text = " ".join([mark.text for mark in sorted({chief, beside}, key=lambda mark: mark.at)])
    year, day = part.year or other.year, part.day or other.day
    return RowDate(_day(year, part.month, day), text, 1.0, part.month, day)


def _beside(row: Row, one: Mark, other: Mark) -> bool:
    """Are these two pieces with no link of the row beginning between them?"""
    first, last = sorted((one.at, other.at))
    return not any(first < link.at < last for link in row.links)


def _day(year: int | None, month: int | None, day: int | None) -> date | None:
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def with_year_of_address(found: RowDate, url: str | None) -> date | None:
    """Which full day does MM-DD mean, when the row's address carries a year and agrees?

    Only if the month in the address is the month shown; otherwise the year stays unknown.
    """
    on = url_date(url) if url else None
    if on is None or found.month is None or found.day is None or on.month != found.month:
        return None
    return _day(on.year, found.month, found.day)
