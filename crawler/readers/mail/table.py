"""Letters in tables and lists whose head row names the columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from crawler.dates import full_dates
from crawler.readers.listing.scan import Scan
from crawler.readers.mail.words import Field, best_fields, field_of

_FEWEST_NAMED = 2
_MOST_CELLS = 12
_MOST_HEADS = 10
_LONGEST_NAME = 12
_MOST_ROWS = 1_000
_DATES: frozenset[Field] = frozenset({"received", "accepted", "replied"})


@dataclass(frozen=True, slots=True)
class NamedRow:
    """One row under a head row: its place, and its cells' words by field."""

    at: int
    fields: dict[Field, str]


def named_rows(scan: Scan) -> list[NamedRow]:
    """Which rows stand under a head row that names a letter's fields?

    The head names each column; a column with no known name stays unread, and so does its
    date. Rows are those whose cell count is the head's.
    """
    best: list[NamedRow] = []
    for head, names in islice(_heads(scan), _MOST_HEADS):
        rows = list(islice(_rows_under(scan, head, names), _MOST_ROWS))
        if len(rows) > len(best):
            best = rows
    return best


def has_head(scan: Scan) -> bool:
    """Is there a head row of a list of letters: a title and at least two more of its fields?"""
    fields = [{field_of(each) for each in names} - {None} for _, names in _heads(scan)]
    return any("title" in each and len(each) > _FEWEST_NAMED for each in fields)


def _heads(scan: Scan) -> Iterator[tuple[int, list[str]]]:
    """Head rows: elements whose children are short words, at least two of them field names."""
    named: dict[int, None] = {}
    for at in scan.texts:
        if field_of(scan.words[at]):
            for holder in scan.ancestors(at, 4)[1:]:
                named.setdefault(holder)
    for at in named:
        cells = scan.children(at)
        if _FEWEST_NAMED <= len(cells) <= _MOST_CELLS:
            words = [scan.text(cell) for cell in cells]
            if _is_head(words):
                yield at, words


def _is_head(words: list[str]) -> bool:
    known = [each for each in words if field_of(each)]
    if len({field_of(each) for each in known}) < _FEWEST_NAMED:
        return False
    if any(full_dates(each) or len(each) > _LONGEST_NAME for each in words):
        return False
    # Label and value alternate on a detail page; a head row holds labels only.
    strangers = sum(1 for each in words if each) - len(known)
    return strangers < len(known) and not any(each.endswith((":", "：")) for each in words)


def _rows_under(scan: Scan, head: int, names: list[str]) -> Iterator[NamedRow]:
    for row in candidates(scan, head):
        cells = scan.children(row)
        if len(cells) != len(names):
            continue
        words = [scan.text(cell) or _picture(scan, cell) for cell in cells]
        if all(field_of(each) for each in words if each):
            continue
        fields = best_fields(zip(names, words, strict=True))
        if fields.get("title") or any(full_dates(fields.get(name, "")) for name in _DATES):
            yield NamedRow(row, fields)


def _picture(scan: Scan, cell: int) -> str:
    """What a picture in a cell without words stands for: 已回复 is often a green dot."""
    inside = range(cell, scan.ends[cell] + 1)
    pictures = (at for at in inside if scan.tags[at] == "img")
    told = (scan.attribute(at, "alt") or scan.attribute(at, "title") for at in pictures)
    return next((words.strip() for words in told if words.strip()), "")


def candidates(scan: Scan, head: int) -> Iterator[int]:
    """Elements after the head with the head's cell layout: in its table, or in the next list."""
    holders = [holder for holder in scan.ancestors(head, 4) if scan.tags[holder] != "body"]
    tag = scan.tags[head]
    table = next((at for at in holders if scan.tags[at] == "table"), None)
    area = table if tag == "tr" and table is not None else (holders[1:2] or holders[:1] or [0])[0]
    for at in range(scan.ends[head] + 1, scan.ends[area] + 1):
        if scan.tags[at] == tag or (tag != "tr" and scan.tags[at] in ("li", "div", "dl")):
            yield at
