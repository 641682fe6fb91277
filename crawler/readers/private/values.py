"""Which texts of a page are those of persons: beside a label, or in a column that a head names."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice

from crawler.dates import full_dates
from crawler.readers.listing.scan import Scan, scan_page
from crawler.readers.mail.table import candidates
from crawler.readers.mail.words import field_of, is_template
from crawler.readers.private.text import is_no_value, labels_own_words, names_in
from crawler.readers.private.words import Kind, is_person, kind_of_label
from crawler.readers.records import find_datastores

Values = dict[str, Kind]

_LONGEST_LABEL = 20
_LONGEST_NAME = 60
_MOST_CELLS = 20
_MOST_ROWS = 1_000
_MOST_HEADS = 20
_DEEPEST = 6


def values_of(html: str) -> tuple[Values, frozenset[str]]:
    """Which whole texts of this page are a person's, and of what kind; and which names it holds?

    Raises NestingError. A name counts among the names, to be masked wherever it stands, only in
    the form of one: of a writer who calls himself 海安 the rest of the page says much.
    """
    scan = scan_page(html)
    found = dict(_in_columns(scan)) | dict(_beside_labels(scan)) | dict(_in_datastores(html, scan))
    names = {words for words, kind in found.items() if kind is Kind.NAME}
    names |= {name for at in scan.texts for name in names_in(scan.words[at])}
    return found, frozenset(filter(is_person, names))


def texts_of(html: str) -> list[str]:
    """The texts that this page shows, rows that its data carries included. Raises NestingError."""
    scan = scan_page(html)
    rows = [scan_page(_table(store.fragments)) for store in find_datastores(html)]
    return [each.words[at] for each in (scan, *rows) for at in each.texts]


def _beside_labels(scan: Scan) -> Iterator[tuple[str, Kind]]:
    for at in scan.texts:
        words = scan.words[at]
        kind = kind_of_label(words) if len(words) <= _LONGEST_LABEL else None
        if kind is Kind.TEXT or (kind is None and labels_own_words(words)):
            yield from ((text, Kind.TEXT) for text in _own_words_after(scan, at))
        elif kind is not None:
            for text in _texts_beside(scan, at):
                if not is_no_value(text) and not is_template(text) and len(text) <= _LONGEST_NAME:
                    yield text, kind


def _label_element(scan: Scan, at: int) -> int:
    """The largest element that holds this label and nothing else."""
    label = scan.parents[at]
    for _ in range(_DEEPEST):
        above = scan.parents[label]
        if above < 0 or scan.text(above) != scan.words[at]:
            break
        label = above
    return label


def _texts_beside(scan: Scan, at: int) -> list[str]:
    """The texts of the element beside a label, else the next text in its row."""
    label = _label_element(scan, at)
    if scan.text(label) != scan.words[at]:
        return _words_between(scan, at, scan.ends[label])[:1]
    row = scan.parents[label]
    if row < 0:
        return []
    following = [child for child in scan.children(row) if child > label]
    if following and not scan.between(scan.ends[label], following[0]):
        return scan.words_in(following[0])
    return _words_between(scan, scan.ends[label], scan.ends[row])[:1]


def _own_words_after(scan: Scan, at: int) -> Iterator[str]:
    """The texts behind the label of a letter's own words, up to the next label in their box."""
    label = _label_element(scan, at)
    box = label if scan.text(label) != scan.words[at] else scan.parents[label]
    if labels_own_words(scan.words[at]) and box == label:
        box = max(scan.parents[label], 0)
    if box < 0 or scan.tags[box] == "body":
        return
    for words in _words_between(scan, at, scan.ends[box]):
        if _is_label(words):
            return
        if not is_template(words) and not (full_dates(words) and len(words) <= _LONGEST_LABEL):
            yield words


def _is_label(words: str) -> bool:
    start = words.replace("：", ":").partition(":")[0]
    if field_of(start) is not None or kind_of_label(start) is not None:
        return True
    return len(words) <= _LONGEST_LABEL and words.endswith((":", "："))


def _words_between(scan: Scan, after: int, last: int) -> list[str]:
    low, high = bisect_right(scan.texts, after), bisect_right(scan.texts, last)
    return [scan.words[at] for at in scan.texts[low:high]]


def _in_columns(scan: Scan) -> Iterator[tuple[str, Kind]]:
    """The texts of cells under a head that names something of a person."""
    for head, kinds in islice(_heads(scan), _MOST_HEADS):
        for row in islice(candidates(scan, head), _MOST_ROWS):
            cells = scan.children(row)
            if len(cells) == len(kinds):
                yield from _in_row([scan.words_in(cell) for cell in cells], kinds)


def _in_row(
    cells: Sequence[Sequence[str]], kinds: Sequence[Kind | None]
) -> Iterator[tuple[str, Kind]]:
    for texts, kind in zip(cells, kinds, strict=True):
        if kind is not None:
            yield from ((text, kind) for text in texts if not is_no_value(text))


def _heads(scan: Scan) -> Iterator[tuple[int, list[Kind | None]]]:
    holders: dict[int, None] = {}
    for at in scan.texts:
        if len(scan.words[at]) <= _LONGEST_LABEL and kind_of_label(scan.words[at]):
            for holder in scan.ancestors(at, 4)[1:]:
                holders.setdefault(holder)
    for at in holders:
        cells = [scan.text(cell) for cell in scan.children(at)]
        if 2 <= len(cells) <= _MOST_CELLS and _is_head(cells):
            yield at, [kind_of_label(words) for words in cells]


def _is_head(cells: Sequence[str]) -> bool:
    """Only short labels, most of them known; where label and value alternate it is no head."""
    known = [words for words in cells if field_of(words) or kind_of_label(words)]
    if len(known) < 2 or any(full_dates(words) or len(words) > 12 for words in cells):
        return False
    strangers = sum(1 for words in cells if words) - len(known)
    return strangers < len(known) and not any(words.endswith((":", "：")) for words in cells)


def _in_datastores(html: str, page: Scan) -> Iterator[tuple[str, Kind]]:
    """The same for rows that a list service hands over, under the head of the page around them."""
    head = next((kinds for _, kinds in _heads(page)), None)
    for store in find_datastores(html):
        if store.fragments:
            rows = scan_page(_table(store.fragments))
            yield from _beside_labels(rows)
            for at, tag in enumerate(rows.tags):
                cells = rows.children(at) if tag == "tr" and head is not None else []
                if head is not None and len(cells) == len(head):
                    yield from _in_row([rows.words_in(cell) for cell in cells], head)


def _table(fragments: Sequence[str]) -> str:
    return "<table>" + "".join(fragments) + "</table>"
