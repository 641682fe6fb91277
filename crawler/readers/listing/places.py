"""Rows, runs of rows, and where a page's titled links and dates stand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from crawler.readers.listing.links import TitledLink, TitledLinks
from crawler.readers.listing.marks import MOST_MARKS, Mark
from crawler.readers.listing.scan import Scan, count_inside

ROW_TAGS = frozenset({"li", "tr", "dl", "article"})
NOT_ROWS = frozenset({"body", "html", "ul", "ol", "table", "tbody", "form", "main"})


@dataclass(slots=True)
class Row:
    """One row: its element (or, in a bare list, its link), its links and its dates."""

    at: int
    end: int
    parent: int
    links: list[TitledLink]
    marks: list[Mark] = field(default_factory=list)
    bare: bool = False


@dataclass(slots=True)
class Run:
    """Rows that belong together, in document order."""

    rows: list[Row]

    @property
    def start(self) -> int:
        return self.rows[0].at


class Places:
    """The titled links and the row dates of a page, for counting inside elements.

    `stopped` says that the page holds more than was looked at, after `last`.
    """

    def __init__(self, scan: Scan, links: TitledLinks, marks: list[Mark]) -> None:
        self.stopped = len(marks) >= MOST_MARKS or bool(scan.rest)
        self.last = marks[-1].at if marks else 0
        self.scan = scan
        self.links = links.until(self.last) if self.stopped else links
        self.marks = marks
        self.mark_places = [mark.at for mark in marks]
        self.anchors = [mark for mark in marks if mark.anchors]
        self.anchor_places = [mark.at for mark in self.anchors]

    def links_in(self, at: int, end: int | None = None) -> list[TitledLink]:
        """The links of an element, or of its part up to `end`."""
        return self.links.between(at, self.scan.ends[at] if end is None else end)

    def marks_in(self, at: int, end: int | None = None) -> list[Mark]:
        """The dates of an element, or of its part up to `end`."""
        low = bisect_left(self.mark_places, at)
        last = self.scan.ends[at] if end is None else end
        return self.marks[low : bisect_right(self.mark_places, last)]

    def count_links(self, at: int) -> int:
        return self.links.count(at, self.scan.ends[at])

    def has_links(self, at: int) -> bool:
        return self.links.any_between(at, self.scan.ends[at])

    def count_anchors(self, at: int) -> int:
        return count_inside(self.anchor_places, at, self.scan.ends[at])
