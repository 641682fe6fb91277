"""What the crawler saw and noticed, appended once and never rewritten: many visits at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlmodel import Session, col

from storage.evidence import Capture
from storage.ledger.base import chunks, plain_rows
from storage.ledger.contents import (
    Values,
    append,
    append_evidence,
    append_items,
    append_letters,
    take_items,
    take_numbers,
)
from storage.ledger.rows import (
    Note,
    Noticed,
    Sighting,
    copy_unchanged,
    observation_values,
    row_key,
    visit_values,
)
from storage.ledger.runs import Runs
from storage.ledger.storable import storable
from storage.legible import legible
from storage.tables import ObservationRow, VisitRow

REPEATED = ("subject", "family", "key", "outcome", "facts", "evidence_id")


class Recording(Runs):
    def record(self, run_id: int, seen: Sighting) -> int:
        """Write one visit with its items, letters, notes and evidence; returns its number."""
        return row_key(self.record_all(run_id, [seen])[0])

    def observe(self, run_id: int | None, seen: Noticed) -> None:
        """Append what was noticed outside a visit, with its evidence."""
        self.record_all(run_id, [seen])

    def bring(self, seen: Sighting) -> int:
        """Write what a person brought, as a run of its own; returns the visit's number."""
        run = self.start_run(1, seen.observed_at, seen.method)
        visit = self.record(run, seen)
        self.finish_run(run, seen.observed_at)
        return visit

    def record_all(
        self, run_id: int | None, seen: Sequence[Sighting | Noticed]
    ) -> list[int | None]:
        """Write all of these or none, in their order; returns the numbers of the visits.

        The evidence reaches the disk first, all of it at once; the rows follow in one
        transaction: a crash in between leaves stray records in a WARC file and nothing else.
        """
        batch = [_Entry.of(each) for each in seen]
        captures = [capture for entry in batch for _, capture in entry.captures]
        stored = self.evidence.keep(captures, run_id or 0)
        subjects = [subject for entry in batch for subject, _ in entry.captures]
        with self.writing() as session:
            connection = session.connection()
            links = append_evidence(connection, list(zip(subjects, stored, strict=True)))
            numbers = _with_evidence(batch, iter(links))
            earlier = _earlier(session, batch)
            visits = _append_visits(session, run_id, batch, earlier)
            notes = _notes(run_id, batch, numbers) + _repeated(session, run_id, batch, earlier)
            append(connection, ObservationRow, notes)
            return visits


@dataclass(slots=True)
class _Entry:
    """One visit, or what was noticed outside one, as it may be kept."""

    subject: str
    at: datetime
    visit: Sighting | None
    notes: Sequence[Note]
    captures: list[tuple[str, Capture]]
    page: int | None = None  # the evidence of the visit's own page

    @classmethod
    def of(cls, seen: Sighting | Noticed) -> _Entry:
        visit = storable(seen) if isinstance(seen, Sighting) else None
        own = [(seen.subject, each) for each in visit.captures] if visit is not None else []
        noted = [(n.of or seen.subject, legible(n.capture)) for n in seen.notes if n.capture]
        at = seen.observed_at if isinstance(seen, Sighting) else seen.at
        return cls(seen.subject, at, visit, seen.notes, [*own, *noted])


def _with_evidence(batch: Sequence[_Entry], links: Iterator[int]) -> Iterator[int]:
    """Tell each visit its page's link; the links of the notes' own answers are left, in order."""
    noted: list[int] = []
    for entry in batch:
        own = list(islice(links, len(entry.visit.captures) if entry.visit is not None else 0))
        entry.page = own[0] if own else None
        noted += islice(links, len(entry.captures) - len(own))
    return iter(noted)


def _earlier(session: Session, batch: Sequence[_Entry]) -> dict[int, Any]:
    """The visits that these confirm, and those in which their pages were read, by their numbers."""
    found: dict[int, Any] = {}
    asked = {e.visit.unchanged.visit for e in batch if e.visit is not None and e.visit.unchanged}
    while asked:
        for chunk in chunks(sorted(asked)):
            rows = plain_rows(session, VisitRow, col(VisitRow.id).in_(chunk))
            found |= {row.id: row for row in rows}
        asked = {found[number].unchanged_since for number in asked} - {None, *found}
    return found


def _append_visits(
    session: Session, run_id: int | None, batch: Sequence[_Entry], earlier: Mapping[int, Any]
) -> list[int | None]:
    connection = session.connection()
    numbers = iter(take_numbers(connection, "visit", sum(e.visit is not None for e in batch)))
    taken = [next(numbers) if entry.visit is not None else None for entry in batch]
    rows = [
        (visit_values(number, run_id, entry.visit, entry.page), entry.visit)
        for number, entry in zip(taken, batch, strict=True)
        if number is not None and entry.visit is not None
    ]
    for visit, seen in rows:
        if seen.unchanged is not None:
            copy_unchanged(earlier[seen.unchanged.visit], visit)
    items = take_items(connection, [each for each in rows if each[1].unchanged is None])
    append(connection, VisitRow, [visit for visit, _ in rows])
    append_items(connection, items)
    for visit, seen in rows:
        append_letters(session, visit["id"], seen)
    return taken


def _repeated(
    session: Session, run_id: int | None, batch: Sequence[_Entry], earlier: Mapping[int, Any]
) -> list[Values]:
    """The notes of the visits that are confirmed, once more: what they said still holds."""
    wanted: dict[tuple[str, str, datetime], datetime] = {}
    for entry in batch:
        if entry.visit is not None and entry.visit.unchanged is not None:
            before = earlier[entry.visit.unchanged.visit]
            read_at = earlier[before.unchanged_since or before.id].observed_at
            wanted |= {(entry.subject, f, read_at): entry.at for f in entry.visit.repeats}
    if not wanted:
        return []
    subjects, families, times = (set(each) for each in zip(*wanted, strict=True))
    rows = plain_rows(
        session,
        ObservationRow,
        col(ObservationRow.subject).in_(sorted(subjects)),
        col(ObservationRow.family).in_(sorted(families)),
        col(ObservationRow.at).in_(sorted(times)),
        order_by=[col(ObservationRow.id)],
    )
    return [
        {name: getattr(row, name) for name in REPEATED} | {"run_id": run_id, "at": at}
        for row in rows
        if (at := wanted.get((row.subject, row.family, row.at))) is not None
    ]


def _notes(run_id: int | None, batch: Sequence[_Entry], numbers: Iterator[int]) -> list[Values]:
    """What was noticed, each with its own answer or that of the visit it belongs to."""
    return [
        observation_values(
            run_id,
            note,
            note.of or entry.subject,
            entry.at,
            entry.page if note.capture is None else next(numbers),
        )
        for entry in batch
        for note in entry.notes
    ]
