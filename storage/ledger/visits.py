"""Visits, items and letters: what the crawler saw, appended once and never rewritten."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import String, func, values
from sqlalchemy import column as sql_column
from sqlmodel import Session, col, select

from checks.facts import (
    DateSource,
    History,
    Item,
    Letter,
    LetterState,
    Outcome,
    Visit,
)
from checks.freshness import local_day
from checks.replies import is_answered
from storage.evidence import GENESIS, Capture, Link, Stored, link
from storage.ledger.base import Base, chunks
from storage.legible import legible
from storage.tables import EvidenceRow, ItemRow, LetterRow, Run, VisitRow

SEEN = tuple(outcome for outcome in Outcome if outcome.seen)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One look at one subject, as the crawler hands it over. `observed_at` is aware.

    `captures` are the answers it rests on, the subject's own page first. `unchanged` is the
    earlier visit that the server says (304) still holds.
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


@dataclass(frozen=True, slots=True)
class Known:
    """The last good visit of a subject, for a conditional request."""

    visit: int
    url: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class SeenItem:
    """One item as the ledger keeps it."""

    subject: str
    item: Item
    first_seen: datetime


class Visits(Base):
    def start_run(self, planned: int, now: datetime) -> int:
        """Open a run and return its number."""
        with self.writing() as session:
            run = Run(started_at=now, planned=planned)
            session.add(run)
            session.flush()
            return _key(run.id)

    def finish_run(self, run_id: int, now: datetime) -> tuple[int, int]:
        """Close a run; returns how many subjects were seen and how many were not."""
        counted = select(VisitRow.outcome, func.count()).where(VisitRow.run_id == run_id)
        with self.writing() as session:
            counts = dict(session.exec(counted.group_by(VisitRow.outcome)).all())
            run = session.get_one(Run, run_id)
            run.seen = sum(n for outcome, n in counts.items() if Outcome(outcome).seen)
            run.unseen = sum(counts.values()) - run.seen
            run.finished_at = now
            return run.seen, run.unseen

    def record(self, run_id: int, seen: Sighting) -> int:
        """Write one visit with its items, letters and evidence; returns the visit's number.

        The evidence reaches the disk first, the rows follow in one transaction: a crash in
        between leaves a stray record in a WARC file and nothing else.
        """
        seen = _storable(seen)
        stored = self.evidence.keep(seen.captures, run_id)
        with self.writing() as session:
            evidence = _chain(session, seen.subject, stored)
            visit = _visit_row(run_id, seen, evidence)
            session.add(visit)
            session.flush()
            visit_id = _key(visit.id)
            if seen.unchanged is not None:
                _copy(session.get_one(VisitRow, seen.unchanged.visit), visit)
            else:
                _add_items(session, visit, seen)
            _add_letters(session, visit_id, seen)
            return visit_id

    def histories(self, keys: Sequence[str], at: datetime) -> dict[str, History]:
        """The last and the last good visit of each subject, looking no later than `at`."""
        with self.reading() as session:
            last = _latest(session, keys, at, Outcome)
            good = _latest(session, keys, at, SEEN)
        return {key: History(last.get(key), good.get(key)) for key in keys if key in last}

    def known(self, keys: Sequence[str], at: datetime) -> dict[str, Known]:
        """What a conditional request may rely on: fully understood visits with a validator."""
        with self.reading() as session:
            rows = _latest_rows(session, keys, at, (Outcome.OK, Outcome.EMPTY))
        return {
            row.subject: Known(_key(row.id), row.url, row.etag, row.last_modified)
            for row in rows
            if row.url and (row.etag or row.last_modified) and not row.unresolved
        }

    def article_dates(self, subject: str) -> dict[str, Item]:
        """Which addresses of this subject were dated by their article before?"""
        statement = select(ItemRow).where(
            ItemRow.subject == subject,
            col(ItemRow.published_on).is_not(None),
            col(ItemRow.url).is_not(None),
            col(ItemRow.date_source).not_in((DateSource.LIST, DateSource.FEED)),
        )
        statement = statement.order_by(col(ItemRow.id))
        with self.reading() as session:
            return {str(row.url): _item(row) for row in session.exec(statement)}

    def items(
        self, subject: str | None = None, at: datetime | None = None, most: int = 100_000
    ) -> list[SeenItem]:
        """The items known at an instant, newest first."""
        statement = select(ItemRow)
        if subject is not None:
            statement = statement.where(ItemRow.subject == subject)
        if at is not None:
            statement = statement.where(col(ItemRow.first_seen) <= at)
        statement = statement.order_by(
            col(ItemRow.published_on).desc().nulls_last(), col(ItemRow.id).desc()
        )
        with self.reading() as session:
            return [
                SeenItem(row.subject, _item(row), row.first_seen)
                for row in session.exec(statement.limit(most))
            ]

    def letters(self, at: datetime) -> dict[str, list[LetterState]]:
        """Every letter as last seen no later than `at`, by mailbox key, in order of receipt."""
        seen = col(LetterRow.seen_at)
        latest = (
            select(func.max(LetterRow.id).label("id"), func.min(LetterRow.seen_at).label("first"))
            .where(seen <= at)
            .group_by(col(LetterRow.mailbox), col(LetterRow.ref))
            .subquery()
        )
        statement = select(LetterRow, latest.c.first).join(latest, latest.c.id == LetterRow.id)
        found: dict[str, list[LetterState]] = {}
        with self.reading() as session:
            for row, first in session.exec(statement):
                state = LetterState(row.mailbox, _letter(row), first, row.seen_at)
                found.setdefault(row.mailbox, []).append(state)
        for states in found.values():
            states.sort(key=lambda s: (s.letter.received_on or date.min, s.letter.ref))
        return found

    def evidence_links(self) -> Iterable[Link]:
        """The hash chain from its first link, read in portions."""
        after = 0
        while True:
            statement = select(EvidenceRow).where(col(EvidenceRow.id) > after)
            with self.reading() as session:
                rows = session.exec(statement.order_by(col(EvidenceRow.id)).limit(1000)).all()
            if not rows:
                return
            for row in rows:
                after = _key(row.id)
                yield Link(
                    after,
                    row.at,
                    row.url,
                    row.warc,
                    row.offset,
                    row.record_id,
                    row.sha256,
                    row.chain,
                )


def _key(value: int | None) -> int:
    if value is None:
        raise ValueError("a row has its number only after the flush")
    return value


def _storable(seen: Sighting) -> Sighting:
    return replace(
        legible(seen),
        items=tuple(map(legible, seen.items)),
        letters=tuple(map(legible, seen.letters)),
        captures=tuple(map(legible, seen.captures)),
    )


def _chain(session: Session, subject: str, stored: Sequence[Stored]) -> int | None:
    """Append links and return the first one's number. Writers queue, so the chain has no forks."""
    if not stored:
        return None
    last = session.exec(select(EvidenceRow).order_by(col(EvidenceRow.id).desc()).limit(1)).first()
    previous = last.chain if last is not None else GENESIS
    rows = []
    for item in stored:
        capture = item.capture
        previous = link(previous, item.sha256, capture.url, capture.at)
        rows.append(
            EvidenceRow(
                at=capture.at,
                subject=subject,
                url=capture.url,
                warc=item.warc,
                offset=item.offset,
                record_id=item.record_id,
                sha256=item.sha256,
                chain=previous,
            )
        )
        session.add(rows[-1])
        session.flush()
    return rows[0].id


def _visit_row(run_id: int, seen: Sighting, evidence: int | None) -> VisitRow:
    return VisitRow(
        run_id=run_id,
        subject=seen.subject,
        observed_at=seen.observed_at,
        outcome=seen.outcome,
        url=seen.url,
        status=seen.status,
        elapsed_ms=seen.elapsed_ms,
        reader=seen.reader,
        item_count=len(seen.items) or len(seen.letters),
        dated_count=sum(item.published_on is not None for item in seen.items),
        unresolved=seen.unresolved,
        total=seen.total,
        note=seen.note,
        etag=seen.etag,
        last_modified=seen.last_modified,
        evidence_id=evidence,
    )


def _copy(earlier: VisitRow, visit: VisitRow) -> None:
    """304: what the earlier visit read still stands; its evidence is this visit's evidence."""
    for name in (
        "outcome reader newest newest_title newest_url date_text date_source item_count "
        "dated_count total etag last_modified evidence_id"
    ).split():
        setattr(visit, name, getattr(earlier, name))
    visit.unchanged_since = earlier.unchanged_since or earlier.id


def digest(item: Item) -> str:
    """What makes two rows the same item: address, title and date.

    The date's wording counts only where it could not be understood: `3天前` is another word
    every day.
    """
    parts = (item.url or "", item.title, str(item.published_on or item.date_text or ""))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _add_items(session: Session, visit: VisitRow, seen: Sighting) -> None:
    """Append items not seen before, and name the newest that counts as an update.

    An item dated after the day it was first seen carries a wrong date. It never counts, not
    even when that day has come.
    """
    digests = {digest(item): item for item in seen.items}
    first_seen: dict[str, datetime] = {}
    for chunk in chunks(list(digests)):
        statement = select(ItemRow.digest, ItemRow.first_seen).where(
            ItemRow.subject == seen.subject, col(ItemRow.digest).in_(chunk)
        )
        first_seen.update(session.exec(statement).all())
    for key, item in digests.items():
        if key in first_seen:
            continue
        first_seen[key] = seen.observed_at
        session.add(
            ItemRow(
                subject=seen.subject,
                digest=key,
                title=item.title,
                url=item.url,
                published_on=item.published_on,
                date_text=item.date_text,
                date_source=item.date_source,
                first_seen=seen.observed_at,
                visit_id=_key(visit.id),
            )
        )
    counting = [
        item
        for key, item in digests.items()
        if item.published_on and item.published_on <= local_day(first_seen[key]) and not item.apart
    ]
    if counting:
        newest = max(counting, key=lambda item: item.published_on or date.min)
        visit.newest = newest.published_on
        visit.newest_title, visit.newest_url = newest.title, newest.url
        visit.date_text, visit.date_source = newest.date_text, newest.date_source


def _add_letters(session: Session, visit_id: int, seen: Sighting) -> None:
    for letter in seen.letters:
        row = LetterRow(
            mailbox=seen.subject,
            ref=letter.ref,
            seen_at=seen.observed_at,
            visit_id=visit_id,
            url=letter.url,
            title_sha256=hashlib.sha256(letter.title.encode()).hexdigest(),
            received_on=letter.received_on,
            accepted_on=letter.accepted_on,
            replied_on=letter.replied_on,
            unit=letter.unit,
            status=letter.status,
            answered=letter.answered,
        )
        statement = select(LetterRow).where(
            LetterRow.mailbox == seen.subject, LetterRow.ref == letter.ref
        )
        last = session.exec(statement.order_by(col(LetterRow.id).desc()).limit(1)).first()
        if last is None or not is_answered(letter) or _letter(last) != _letter(row):
            session.add(row)


def _latest(
    session: Session, keys: Sequence[str], at: datetime, outcomes: Iterable[Outcome]
) -> dict[str, Visit]:
    rows = _latest_rows(session, keys, at, outcomes)
    ids = [row.evidence_id for row in rows if row.evidence_id is not None]
    places: dict[int | None, str] = {}
    for chunk in chunks(ids):
        statement = select(EvidenceRow).where(col(EvidenceRow.id).in_(chunk))
        for row in session.exec(statement):
            places[row.id] = f"evidence/{row.warc}#{row.record_id}"
    return {row.subject: _visit(row, places.get(row.evidence_id)) for row in rows}


def _latest_rows(
    session: Session, keys: Sequence[str], at: datetime, outcomes: Iterable[Outcome]
) -> list[VisitRow]:
    """The latest visit of each subject: one index seek a subject, whatever the history's length."""
    rows: list[VisitRow] = []
    words = [str(outcome) for outcome in outcomes]
    for chunk in chunks(list(keys)):
        keys_of_chunk = values(sql_column("key", String), name="v").data([(k,) for k in chunk])
        wanted = keys_of_chunk.cte("wanted")
        newest = (
            select(VisitRow.id)
            .where(
                col(VisitRow.subject) == wanted.c.key,
                col(VisitRow.observed_at) <= at,
                col(VisitRow.outcome).in_(words),
            )
            .order_by(col(VisitRow.observed_at).desc(), col(VisitRow.id).desc())
            .limit(1)
            .correlate(wanted)
            .scalar_subquery()
        )
        rows += session.exec(
            select(VisitRow).where(col(VisitRow.id).in_(select(newest).select_from(wanted)))
        )
    return rows


def _visit(row: VisitRow, evidence: str | None) -> Visit:
    return Visit(
        id=_key(row.id),
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
    )


def _item(row: ItemRow) -> Item:
    source = DateSource(row.date_source) if row.date_source else None
    return Item(row.title, row.url, row.published_on, row.date_text, source)


def _letter(row: LetterRow) -> Letter:
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
    )
