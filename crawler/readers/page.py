"""What goes into a reader and what comes out of it. Readers are pure: bytes in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from checks.facts import DateCandidate, DateSource, Item, Letter, Outcome


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a server, as bytes.

    `url` is the final address after redirects; relative addresses resolve against it.
    `today` is the day of the visit in Asia/Shanghai; a later date is never an update.
    `rendered`: a browser ran its scripts, and this is what they left.
    """

    url: str
    body: bytes
    today: date
    status: int = 200
    content_type: str = ""
    rendered: bool = False


@dataclass(frozen=True, slots=True)
class Follow:
    """One more request that the reader needs before it can say anything: a list service.

    The answer goes back to the same reader, with `Page.url` set to the column's address.
    """

    url: str
    method: str = "GET"
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListReading:
    """A list page or feed, read.

    `outcome` is already decided: ok, empty, undated, unreadable, or what the page turned
    out to be (blocked, maintenance, gone). `why` says in Chinese, for the operator, why this
    reader was chosen and why this outcome. `total` is the list's own count when it tells one.
    `unjoined`: the rows are undated, yet the page shows days that may be theirs. `unresolved`
    counts what may be later than all that was read. `shown_to`: the source shows nothing later
    than this day; None: it shows what there was up to the look.
    """

    items: tuple[Item, ...]
    outcome: Outcome
    reader: str
    why: str = ""
    total: int | None = None
    follow: Follow | None = None
    unjoined: bool = False
    unresolved: int = 0
    shown_to: date | None = None


@dataclass(frozen=True, slots=True)
class ArticleReading:
    """An article page, read. `candidates` are all dates that were weighed, best first."""

    title: str | None
    published_on: date | None
    date_text: str | None
    date_source: DateSource | None
    candidates: tuple[DateCandidate, ...]
    source: str | None
    outcome: Outcome
    why: str = ""


@dataclass(frozen=True, slots=True)
class LettersReading:
    """A mailbox list or a letter's detail page, read."""

    letters: tuple[Letter, ...]
    outcome: Outcome
    reader: str
    why: str = ""
    follow: Follow | None = None
