"""Giving up evidence, so that a crash at any instant costs none that stays.

First the rows say what is given up, then the file is written anew, then the rows say where the
rest lies in it. What a crash left half done is done the next time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import func, insert, literal, update
from sqlalchemy import select as columns
from sqlmodel import col

from storage.ledger.base import Base, chunks
from storage.members import rewrite
from storage.tables import DeliveryRow, EvidenceRow, RemovalRow


class Removals(Base):
    def give_up(self, removed: Sequence[int], present: datetime, why: str) -> None:
        """Say of these answers that they are given up; their bytes still lie in the files."""
        rows = [{"evidence_id": each, "at": present, "why": why} for each in removed]
        with self.writing() as session:
            if rows:
                session.connection().execute(insert(RemovalRow), rows)

    def erase(self, present: datetime) -> Iterator[tuple[str, str | None]]:
        """Write anew each file in which something was given up; yields its name, and the fault
        where it could not be done, None where it was.
        """
        pending = columns(col(EvidenceRow.warc)).join_from(RemovalRow, EvidenceRow)
        pending = pending.where(col(RemovalRow.erased_at).is_(None)).distinct()
        with self.reading() as session:
            warcs = sorted(session.connection().execute(pending).scalars())
        for chunk in chunks(warcs):
            for warc, rows in self._files(chunk):
                try:
                    self._erase(warc, rows, present)
                except (OSError, ValueError) as error:
                    yield warc, str(error)
                else:
                    yield warc, None

    def _files(self, warcs: Sequence[str]) -> list[tuple[str, list[Any]]]:
        rows = columns(
            col(EvidenceRow.id),
            col(EvidenceRow.warc),
            col(EvidenceRow.offset),
            col(EvidenceRow.record_id),
            col(RemovalRow.evidence_id),
        ).outerjoin_from(EvidenceRow, RemovalRow)
        with self.reading() as session:
            asked = rows.where(col(EvidenceRow.warc).in_(warcs)).order_by(col(EvidenceRow.warc))
            found = session.connection().execute(asked).all()
        return [(warc, list(held)) for warc, held in groupby(found, key=lambda row: str(row.warc))]

    def _erase(self, warc: str, rows: Sequence[Any], present: datetime) -> None:
        stay = [row for row in rows if row.evidence_id is None]
        gone = [row.id for row in rows if row.evidence_id is not None]
        places = rewrite(self.evidence.folder / warc, [(r.offset, r.record_id) for r in stay])
        with self.writing() as session:
            for row in stay:
                place = update(EvidenceRow).where(col(EvidenceRow.id) == row.id)
                session.connection().execute(place.values(offset=places[row.record_id]))
            for chunk in chunks(gone):
                mine = (col(RemovalRow.evidence_id).in_(chunk), col(RemovalRow.erased_at).is_(None))
                done = update(RemovalRow).where(*mine).values(erased_at=present)
                session.connection().execute(done)

    def removals(self) -> tuple[int, int]:
        """How many answers were given up, and of how many do the bytes still lie there?"""
        counted = columns(func.count(), func.count(col(RemovalRow.erased_at)))
        with self.reading() as session:
            total, erased = session.connection().execute(counted.select_from(RemovalRow)).one()
        return total, total - erased

    def answers_kept(self) -> int:
        """Of how many answers are the bytes kept?"""
        with self.reading() as session:
            counted = columns(func.count()).select_from(EvidenceRow)
            every = session.connection().execute(counted).scalar_one()
        return every - self.removals()[0]

    def rewritten(self) -> frozenset[str]:
        """Which files became shorter because something in them was given up?"""
        named = columns(col(EvidenceRow.warc)).join_from(RemovalRow, EvidenceRow).distinct()
        with self.reading() as session:
            return frozenset(session.connection().execute(named).scalars())

    def empty_mails(self, before: datetime) -> int:
        """Give up the texts of mails accepted before an instant; that they were sent stays."""
        old = (
            col(DeliveryRow.state) == "sent",
            col(DeliveryRow.sent_at) < before,
            col(DeliveryRow.mime) != literal(b""),
        )
        with self.writing() as session:
            emptied = update(DeliveryRow).where(*old).values(mime=b"")
            return session.connection().execute(emptied).rowcount
