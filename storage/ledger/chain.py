"""The evidence chain as it is read: which answers were kept, and which a visit rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.evidence import GENESIS, Link
from storage.ledger.base import Base, chunks, plain_rows
from storage.ledger.rows import row_key
from storage.tables import EvidenceRow, RemovalRow, VisitRow


@dataclass(frozen=True, slots=True)
class Portion:
    """One of `of` equal portions of the chain; `index` counts from 0."""

    index: int
    of: int


WHOLE = Portion(0, 1)
BLOCK = 1000


class Chain(Base):
    def evidence_links(self) -> Iterable[Link]:
        """The hash chain from its first link, read in portions."""
        for _, links in self.evidence_blocks():
            yield from links

    def evidence_blocks(self, portion: Portion = WHOLE) -> Iterator[tuple[str, list[Link]]]:
        """The links of a portion of the chain, block by block, each after the value before it.

        To which portion a block belongs never changes, however long the chain becomes.
        """
        with self.reading() as session:
            last = session.connection().execute(select(func.max(EvidenceRow.id))).scalar() or 0
        for number in range(portion.index, last // BLOCK + 1, portion.of):
            with self.reading() as session:
                links = list(_links(session, number))
                before = select(EvidenceRow.chain).where(col(EvidenceRow.id) < number * BLOCK)
                newest = before.order_by(col(EvidenceRow.id).desc()).limit(1)
                previous = session.connection().execute(newest).scalar() or GENESIS
            yield previous, links

    def evidence_of(self, visit: int) -> list[Link]:
        """The answers that a visit rests on, its subject's own page first.

        Of a visit that met a 304 they are those of the visit that was confirmed.
        """
        with self.reading() as session:
            seen = session.get_one(VisitRow, visit)
            if seen.evidence_id is None:
                return []
            next_visit = select(func.min(VisitRow.evidence_id)).where(
                VisitRow.subject == seen.subject, col(VisitRow.evidence_id) > seen.evidence_id
            )
            end = session.exec(next_visit).one()
            statement = select(EvidenceRow).where(
                EvidenceRow.subject == seen.subject,
                col(EvidenceRow.id) >= seen.evidence_id,
                *([col(EvidenceRow.id) < end] if end is not None else []),
            )
            rows = session.exec(statement.order_by(col(EvidenceRow.id))).all()
            removed = _removed(session, [row_key(row.id) for row in rows])
            return [_link(row, removed) for row in rows]

    def evidence_named(self, place: str) -> Link | None:
        """The answer that lies at a place as it is shown: `evidence/….warc.gz#urn:uuid:…`."""
        warc, _, record = place.strip().removeprefix("evidence/").partition("#")
        statement = select(EvidenceRow).where(
            EvidenceRow.record_id == record, EvidenceRow.warc == warc
        )
        with self.reading() as session:
            row = session.exec(statement.limit(1)).first()
            return _one(session, row)

    def subjects_evidence(self, subject: str, place: str) -> Link | None:
        """The answer of this subject that lies at a place as it is shown; None: no such."""
        record = place.strip().partition("#")[2]
        # By subject, which is an index: records are found only by reading all of them.
        statement = select(EvidenceRow).where(
            EvidenceRow.subject == subject, EvidenceRow.record_id == record
        )
        with self.reading() as session:
            return _one(session, session.exec(statement.limit(1)).first())

    def newest_evidence(self) -> Link | None:
        """The last link of the chain; None: nothing was ever kept."""
        newest = select(EvidenceRow).order_by(col(EvidenceRow.id).desc()).limit(1)
        with self.reading() as session:
            return _one(session, session.exec(newest).first())

    def evidence_hashes(self, places: Iterable[str], subjects: Iterable[str]) -> dict[str, str]:
        """The SHA-256 of the answers of these subjects that lie at these places, by the place."""
        records = {place.partition("#")[2]: place for place in places}
        found: dict[str, str] = {}
        with self.reading() as session:
            for chunk in chunks(sorted(set(subjects))):
                # By subject, which is an index: records are found only by reading all of them.
                where = (col(EvidenceRow.subject).in_(chunk),)
                for some in chunks(sorted(records)):
                    named = col(EvidenceRow.record_id).in_(some)
                    for row in plain_rows(session, EvidenceRow, *where, named):
                        found[records[row.record_id]] = row.sha256
        return found

    def evidence_at(self, subject: str, url: str, at: datetime) -> Link | None:
        """The last answer of this address kept for a subject, no later than `at`."""
        statement = select(EvidenceRow).where(
            EvidenceRow.subject == subject, EvidenceRow.url == url, col(EvidenceRow.at) <= at
        )
        with self.reading() as session:
            row = session.exec(statement.order_by(col(EvidenceRow.id).desc()).limit(1)).first()
            return _one(session, row)


def evidence_places(session: Session, rows: Iterable[Any]) -> dict[int | None, str]:
    """Where the answers lie that these rows rest on, by evidence id: file and record."""
    ids = [row.evidence_id for row in rows if row.evidence_id is not None]
    places: dict[int | None, str] = {}
    for chunk in chunks(ids):
        for row in plain_rows(session, EvidenceRow, col(EvidenceRow.id).in_(chunk)):
            places[row.id] = f"evidence/{row.warc}#{row.record_id}"
    return places


def _links(session: Session, block: int) -> Iterator[Link]:
    mine = (col(EvidenceRow.id) >= block * BLOCK, col(EvidenceRow.id) < (block + 1) * BLOCK)
    gone = select(RemovalRow.evidence_id, RemovalRow.at).where(
        col(RemovalRow.evidence_id) >= block * BLOCK,
        col(RemovalRow.evidence_id) < (block + 1) * BLOCK,
    )
    removed = dict(session.exec(gone).all())
    for row in plain_rows(session, EvidenceRow, *mine, order_by=[col(EvidenceRow.id)]):
        yield _link(row, removed)


def _removed(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    """When were these answers given up? Those that are kept are left out."""
    found: dict[int, datetime] = {}
    for chunk in chunks(ids):
        gone = select(RemovalRow.evidence_id, RemovalRow.at)
        found.update(session.exec(gone.where(col(RemovalRow.evidence_id).in_(chunk))).all())
    return found


def _one(session: Session, row: EvidenceRow | None) -> Link | None:
    return None if row is None else _link(row, _removed(session, [row_key(row.id)]))


def _link(row: Any, removed: Mapping[int, datetime]) -> Link:
    number = row_key(row.id)
    return Link(
        number,
        row.at,
        row.subject,
        row.url,
        row.warc,
        row.offset,
        row.record_id,
        row.sha256,
        row.chain,
        removed.get(number),
    )
