"""What a report is made of. Word, Excel and HTML render the same parts, so they agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from notify.documents.text import bounded, harmless
from notify.words import web_link

NOTHING = "—"
TENTH = Decimal("0.1")
MOST_LINK_CHARACTERS = 2000  # Excel takes 2,079


@dataclass(frozen=True, slots=True)
class Rate:
    """`part` of `whole`; of nothing there is no rate, neither 0 % nor 100 %."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    def __str__(self) -> str:
        if not self.whole:
            return NOTHING
        percent = Decimal(100 * self.part) / self.whole
        return f"{percent.quantize(TENTH, ROUND_HALF_UP)}%"


@dataclass(frozen=True, slots=True)
class Average:
    """A mean over `count` things, to one decimal; of nothing there is none."""

    total: int
    count: int

    @property
    def value(self) -> float | None:
        return self.total / self.count if self.count else None

    def __str__(self) -> str:
        if not self.count:
            return NOTHING
        return str((Decimal(self.total) / self.count).quantize(TENTH, ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Link:
    """An address with the words to click on. What is no web address stays text."""

    text: str
    address: str

    @property
    def target(self) -> str | None:
        return web_link(self.address) if len(self.address) <= MOST_LINK_CHARACTERS else None


@dataclass(frozen=True, slots=True)
class Mark:
    """A verdict in words, with its tone: `bad`, `warn`, `good` or `mute`."""

    text: str
    tone: str


Cell = str | int | date | Rate | Average | Link | Mark | None


def shown(cell: Cell) -> str:
    """How does a cell read? None reads as a dash: there is nothing, which is not zero."""
    if cell is None:
        return NOTHING
    if isinstance(cell, Link):
        cell = cell.text if cell.target else cell.address
    words = cell.text if isinstance(cell, Mark) else str(cell)
    return bounded(words) or NOTHING


@dataclass(frozen=True, slots=True)
class Head:
    """One column's head; `width` in mm of the 156 mm between the margins of an A4 page."""

    text: str
    width: int
    left: bool = False


def heads(*described: tuple[str, int] | tuple[str, int, bool]) -> tuple[Head, ...]:
    """Heads from (text, width) or (text, width, left-aligned)."""
    return tuple(Head(*one) for one in described)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `name` is its Excel sheet; `empty` is what stands there when it has no rows."""

    name: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    total: tuple[Cell, ...] | None = None
    notes: tuple[str, ...] = ()

    @property
    def numbered_notes(self) -> tuple[str, ...]:
        if len(self.notes) == 1:
            return (f"注：{harmless(self.notes[0])}",)
        return tuple(f"注{n}：{harmless(note)}" for n, note in enumerate(self.notes, 1))


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()

    def captions(self, table: Table) -> bool:
        """Does the table need a caption, or does the heading name it already?"""
        return bool(self.paragraphs) or table.name not in self.heading


@dataclass(frozen=True, slots=True)
class Report:
    """A whole document. `made_at` is aware."""

    title: str
    subtitle: str
    made_at: datetime
    sections: tuple[Section, ...]
