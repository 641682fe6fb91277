"""What a visit brings along: its evidence, items and letters, appended in its transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert
from sqlmodel import Session, col, select

from checks.facts import Letter
from checks.freshness import local_day
from checks.letter_words import is_answered, is_declined
from storage.evidence import GENESIS, Stored, link
from storage.ledger.base import chunks, plain_rows
from storage.ledger.rows import Note, Sighting, digest, letter_of, observation_row, row_key
from storage.tables import EvidenceRow, ItemRow, LetterRow, VisitRow


def append_evidence(session: Session, subject: str, stored: Sequence[Stored]) -> int | None:
    """Append links and return the first one's number. Writers queue, so the chain has no forks."""
    if not stored:
        return None
    last = session.exec(select(EvidenceRow).order_by(col(EvidenceRow.id).desc()).limit(1)).first()
    previous = last.chain if last is not None else GENESIS
    rows = []
    for item in stored:
        capture = item.capture
        previous = link(previous, item.sha256, subject, capture.url, capture.at)
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


def append_items(session: Session, visit: VisitRow, seen: Sighting) -> None:
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
                visit_id=row_key(visit.id),
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


def append_note(
    session: Session,
    run_id: int | None,
    note: Note,
    subject: str,
    at: datetime,
    stored: Sequence[Stored],
    page: int | None,
) -> None:
    """Append one note with its own evidence, or with `page`, that of the visit it belongs to."""
    own = append_evidence(session, subject, stored)
    evidence = page if note.capture is None else own
    session.add(observation_row(run_id, note, subject, at, evidence))


def append_letters(session: Session, visit_id: int, seen: Sighting) -> None:
    """Append the letters that changed since the last sighting by the same way, and the open ones.

    An open letter is written at every sighting, because it is held against nobody longer than it
    was seen; one that was answered or declined has nothing more to wait for.
    """
    last = _last_letters(session, seen)
    rows = []
    for letter in seen.letters:
        told = replace(letter, title="")
        if last.get(letter.ref) != told or not (is_answered(letter) or is_declined(letter)):
            rows.append(_letter_values(letter, visit_id, seen))
            last[letter.ref] = told
    if rows:
        # Values, not objects: an export has tens of thousands, and making objects costs most.
        session.connection().execute(insert(LetterRow), rows)


def _last_letters(session: Session, seen: Sighting) -> dict[str, Letter]:
    """These letters as they were last seen by the way of this sighting, by their numbers."""
    found: dict[str, Letter] = {}
    for chunk in chunks([letter.ref for letter in seen.letters]):
        latest = (
            select(func.max(LetterRow.id))
            .where(
                LetterRow.mailbox == seen.subject,
                LetterRow.method == seen.method,
                col(LetterRow.ref).in_(chunk),
            )
            .group_by(col(LetterRow.ref))
        )
        for row in plain_rows(session, LetterRow, col(LetterRow.id).in_(latest)):
            found[row.ref] = letter_of(row)
    return found


def _letter_values(letter: Letter, visit_id: int, seen: Sighting) -> dict[str, Any]:
    return {
        "mailbox": seen.subject,
        "ref": letter.ref,
        "seen_at": seen.observed_at,
        "visit_id": visit_id,
        "url": letter.url,
        "title_sha256": hashlib.sha256(letter.title.encode()).hexdigest(),
        "received_on": letter.received_on,
        "accepted_on": letter.accepted_on,
        "replied_on": letter.replied_on,
        "unit": letter.unit,
        "status": letter.status,
        "answered": letter.answered,
        "method": str(seen.method),
        "shown_to": seen.shown_to,
        "category": letter.category,
        "extended_to": letter.extended_to,
        "extension": letter.extension,
    }
