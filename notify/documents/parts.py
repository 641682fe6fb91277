"""What a report is made of. Word, Excel and HTML render the same parts, so they agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from notify.documents.text import bounded, harmless
from notify.words import chinese_day, web_link

NOTHING = "—"
TENTH = Decimal("0.1")
FINEST_POINTS = Decimal("0.0001")
MOST_LINK_CHARACTERS = 2000  # Excel takes 2,079


@dataclass(frozen=True, slots=True)
class Rate:
    """`part` of `whole`; of nothing there is no rate, neither 0 % nor 100 %.

    It is printed to `places` decimals, which make no other rate of it.
    """

    part: int
    whole: int
    places: int = field(default=1, compare=False)

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    def percent(self, places: int) -> str:
        """The rate in percent, rounded half up to so many decimals."""
        if not self.whole:
            return NOTHING
        percent = Decimal(100 * self.part) / self.whole
        return f"{percent.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}%"

    def __str__(self) -> str:
        return self.percent(self.places)


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
class Points:
    """Points of an assessment: printed to two decimals, up to four where they have more.

    `signed`: what is added bears a plus.
    """

    value: Decimal
    signed: bool = False

    @property
    def printed(self) -> Decimal:
        """The number as printed, half up and away from zero; never a negative zero."""
        return self.value.quantize(FINEST_POINTS, ROUND_HALF_UP) or Decimal(0)

    def __str__(self) -> str:
        whole, _, decimals = f"{self.printed:.4f}".partition(".")
        plus = "+" if self.signed and self.printed > 0 else ""
        return f"{plus}{whole}.{decimals.rstrip('0').ljust(2, '0')}"


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


@dataclass(frozen=True, slots=True)
class Blank:
    """A cell left empty for a person to fill in."""


Cell = str | int | date | Rate | Average | Points | Link | Mark | Blank | None


def shown(cell: Cell) -> str:
    """How does a cell read? None reads as a dash: there is nothing, which is not zero."""
    if cell is None:
        return NOTHING
    if isinstance(cell, Blank):
        return ""
    if isinstance(cell, Link):
        cell = cell.text if cell.target else cell.address
    words = cell.text if isinstance(cell, Mark) else str(cell)
    return bounded(words) or NOTHING


@dataclass(frozen=True, slots=True)
class Head:
    """One column's head; `width` in mm of the 156 mm between the margins of an A4 page, of the
    225 mm of one that lies on its side."""

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
class Picture:
    """One PNG or JPEG, `width` mm wide of the 156 mm between the margins. `alt` says what it shows
    to who cannot see it; `name` is a plain file name without its ending.
    """

    name: str
    png: bytes
    alt: str
    width: int

    @property
    def subtype(self) -> str:
        """`png` or `jpeg`, by the first bytes."""
        return "jpeg" if self.png.startswith(b"\xff\xd8") else "png"


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs, then pictures, then tables. An empty heading is not written.

    `new_page`: it begins a page, as annexes do. The heading of an annex is its mark, flush left,
    and after a space its title, in the middle: `附件1 存在问题的网站`. `landscape`: in Word it
    stands on pages that lie on their side, for tables of many columns.
    """

    heading: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    new_page: bool = False
    landscape: bool = False

    @property
    def annex(self) -> tuple[str, str] | None:
        """The mark and the title, where the section is an annex."""
        mark, _, title = self.heading.partition(" ")
        return (mark, title) if self.new_page and mark.startswith("附件") else None

    def captions(self, table: Table) -> bool:
        """Does the table need a caption, or does the heading name it already?"""
        return bool(self.paragraphs) or table.name not in self.heading


@dataclass(frozen=True, slots=True)
class Form:
    """What makes a report an official document (公文, GB/T 9704): the authority's name in red over
    a red line, the document's number, whom it is addressed to, the words that end it, the names
    of its annexes, who signs it and when. The colon after `addressee` is written by the form.
    """

    red_head: str | None
    number: str | None
    addressee: str | None
    closing: tuple[str, ...] = ()
    annexes: tuple[str, ...] = ()
    signed_by: str | None = None
    dated: date | None = None

    @property
    def addressed(self) -> str:
        """The line of the addressee, ended by one full-width colon; empty: to nobody."""
        words = harmless(self.addressee or "").rstrip(":：")
        return f"{words}：" if words else ""

    @property
    def listed(self) -> tuple[tuple[str, str], ...]:
        """The lines of the list of annexes: what stands before the name, and the name.

        One annex bears no number. No punctuation follows a name.
        """
        names = [harmless(name) for name in self.annexes]
        if len(names) == 1:
            return (("附件：", names[0]),)
        return tuple(("附件：" * (n == 1) + f"{n}.", name) for n, name in enumerate(names, 1))

    @property
    def day(self) -> str:
        return chinese_day(self.dated) if self.dated else ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole document. `made_at` is aware. Where it has a form, the sections that begin a page
    follow after the signature.
    """

    title: str
    subtitle: str
    made_at: datetime
    sections: tuple[Section, ...]
    form: Form | None = None

    @property
    def body(self) -> tuple[Section, ...]:
        return tuple(each for each in self.sections if not (self.form and each.new_page))

    @property
    def after(self) -> tuple[Section, ...]:
        return tuple(each for each in self.sections if self.form and each.new_page)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(picture for section in self.sections for picture in section.pictures)
