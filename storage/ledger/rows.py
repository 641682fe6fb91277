"""Between tables and facts: one place that knows both shapes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect

from checks.facts import DateSource, Item, Letter, Method, Outcome, Visit
from checks.marks import without_numbers
from storage.evidence import Capture
from storage.legible import legible, legible_data
from storage.tables import ItemRow, LetterRow, VisitRow

OUTCOMES = {str(outcome): outcome for outcome in Outcome}
METHODS = {str(method): method for method in Method}
EMPTY = dict.fromkeys(inspect(VisitRow).columns.keys())
COPIED = (
    "outcome reader newest newest_title newest_url date_text date_source item_count "
    "dated_count total evidence_id page_key"
).split()


@dataclass(frozen=True, slots=True)
class Sighting:
    """One look at one subject, as the crawler hands it over. `observed_at` is aware.

    `captures` are the answers it rests on, the subject's own page first. `unchanged` is the
    earlier visit that still holds: the server says so (304), or the page is the same; the notes
    of the families in `repeats` hold with it. `notes` is what was noticed on the way. `page_key`
    is what the reading hung on, where it will be the same on any later day. `by` is who brought
    what no crawl saw; `shown_to` as in `checks.facts.Visit`.
    """

    subject: str
    observed_at: datetime
    outcome: Outcome
    url: str | None = None
    status: int | None = None
    elapsed_ms: int | None = None
    reader: str | None = None
    items: tuple[Item, ...] = ()
    letters: tuple[Letter, ...] = ()
    unresolved: int = 0
    total: int | None = None
    note: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    unchanged: Known | None = None
    captures: tuple[Capture, ...] = ()
    notes: tuple[Note, ...] = ()
    method: Method = Method.CRAWL
    by: str | None = None
    shown_to: date | None = None
    page_key: str | None = None
    repeats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """One thing noticed on the way. `of` is the subject it speaks of; None: the visited one.

    `capture` is the answer it rests on; None: the visit's own page. `facts` is plain JSON data;
    see `checks.facts.Observed`.
    """

    family: str
    key: str
    outcome: Outcome
    facts: Mapping[str, Any] = field(default_factory=dict)
    of: str | None = None
    capture: Capture | None = None


@dataclass(frozen=True, slots=True)
class Noticed:
    """What was noticed of one subject outside a visit. `at` is aware."""

    subject: str
    at: datetime
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The last good visit of a subject: for a conditional request, and to know its page again.

    `late`: it may be, or become, the ground on which a unit loses points: each look keeps its own
    bytes, even where they are the same. `newest` is the digest of the newest row it showed.
    """

    visit: int
    url: str
    etag: str | None
    last_modified: str | None
    page_key: str | None = None
    late: bool = False
    newest: str | None = None

    @property
    def validates(self) -> bool:
        return bool(self.etag or self.last_modified)

    def showed_one_of(self, items: Iterable[Item]) -> bool:
        """Is its newest row among these, word for word? False says nothing of its other rows."""
        return self.newest is not None and any(digest(legible(i)) == self.newest for i in items)


@dataclass(frozen=True, slots=True)
class Look:
    """One look as far as the next one depends on it: did it show the subject, and nothing new?"""

    at: datetime
    seen: bool
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class SeenItem:
    """One item as the ledger keeps it."""

    subject: str
    item: Item
    first_seen: datetime


def row_key(value: int | None) -> int:
    if value is None:
        raise ValueError("a row has its number only after the flush")
    return value


def visit_values(
    number: int, run_id: int | None, seen: Sighting, evidence: int | None
) -> dict[str, Any]:
    """A visit's row, all columns of it."""
    return {
        **EMPTY,
        "id": number,
        "run_id": run_id,
        "subject": seen.subject,
        "observed_at": seen.observed_at,
        "outcome": str(seen.outcome),
        "url": seen.url,
        "status": seen.status,
        "elapsed_ms": seen.elapsed_ms,
        "reader": seen.reader,
        "item_count": len(seen.items) or len(seen.letters),
        "dated_count": sum(item.published_on is not None for item in seen.items),
        "unresolved": seen.unresolved,
        "total": seen.total,
        "note": seen.note,
        "etag": seen.etag,
        "last_modified": seen.last_modified,
        "evidence_id": evidence,
        "method": str(seen.method),
        "by": seen.by,
        "shown_to": seen.shown_to,
        "page_key": seen.page_key,
    }


def copy_unchanged(earlier: Any, visit: dict[str, Any]) -> None:
    """What the earlier visit read still stands; its evidence too, where this visit has none."""
    own = visit["evidence_id"]
    for name in COPIED:
        visit[name] = getattr(earlier, name)
    visit["evidence_id"] = own or visit["evidence_id"]
    visit["unchanged_since"] = earlier.unchanged_since or earlier.id
    if not (visit["etag"] or visit["last_modified"]):
        visit["etag"], visit["last_modified"] = earlier.etag, earlier.last_modified


def digest(item: Item) -> str:
    """What makes two rows the same item: address, title and date.

    The date's wording counts only where it could not be understood: `3天前` is another word
    every day.
    """
    parts = (item.url or "", item.title, str(item.published_on or item.date_text or ""))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def observation_values(
    run_id: int | None, note: Note, subject: str, at: datetime, evidence: int | None
) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "subject": subject,
        "family": note.family,
        "key": note.key,
        "at": at,
        "outcome": str(note.outcome),
        "facts": without_persons(legible_data(dict(note.facts))),
        "evidence_id": evidence,
    }


def without_persons(value: Any) -> Any:
    """The same plain data with no identity-card or mobile number in full; addresses stay whole."""
    if isinstance(value, dict):
        return {name: without_persons(held) for name, held in value.items()}
    if isinstance(value, list):
        return [without_persons(held) for held in value]
    return without_numbers(value) if isinstance(value, str) and "://" not in value else value


def visit_of(row: Any, evidence: str | None) -> Visit:
    return Visit(
        id=row_key(row.id),
        subject=row.subject,
        observed_at=row.observed_at,
        outcome=Outcome(row.outcome),
        newest=row.newest,
        newest_title=row.newest_title,
        newest_url=row.newest_url,
        date_text=row.date_text,
        date_source=DateSource(row.date_source) if row.date_source else None,
        item_count=row.item_count,
        unresolved=row.unresolved,
        url=row.url,
        reader=row.reader,
        note=row.note,
        evidence=evidence,
        method=METHODS[row.method],
        by=row.by,
        shown_to=row.shown_to,
    )


def known_of(row: Any) -> Known:
    shown = Item(row.newest_title or "", row.newest_url, row.newest)
    newest = digest(shown) if row.newest is not None else None
    return Known(row_key(row.id), row.url, row.etag, row.last_modified, row.page_key, newest=newest)


def item_of(row: ItemRow) -> Item:
    source = DateSource(row.date_source) if row.date_source else None
    return Item(row.title, row.url, row.published_on, row.date_text, source)


def letter_of(row: LetterRow) -> Letter:
    return Letter(
        ref=row.ref,
        title="",
        url=row.url,
        received_on=row.received_on,
        accepted_on=row.accepted_on,
        replied_on=row.replied_on,
        unit=row.unit,
        status=row.status,
        answered=row.answered,
        category=row.category,
        extended_to=row.extended_to,
        extension=row.extension,
    )
