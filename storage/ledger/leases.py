"""Leases: one process at a time does a thing; a holder that died loses it by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, delete, select

from storage.ledger.base import Base
from storage.tables import LeaseRow


@dataclass(frozen=True, slots=True)
class Lease:
    """Who may do a thing alone, since when, and until when if nothing is heard of it."""

    name: str
    owner: str
    taken_at: datetime
    until: datetime


class Leases(Base):
    def take_lease(
        self, name: str, owner: str, now: datetime, until: datetime, *, gone: str | None = None
    ) -> Lease:
        """Who holds this lease after the attempt? The asker, unless somebody else still does.

        What the owner held already is prolonged. `gone` names an owner that is known to have died:
        its lease is free before it runs out.
        """
        with self.writing() as session:
            row = session.get(LeaseRow, name)
            if row is not None and row.owner not in (owner, gone) and row.until > now:
                return _lease(row)
            if row is None:
                row = LeaseRow(name=name, owner=owner, taken_at=now, until=until)
            elif row.owner != owner:
                row.taken_at = now
            row.owner, row.until = owner, until
            session.add(row)
            return _lease(row)

    def release_lease(self, name: str, owner: str) -> None:
        """Give it back. Nothing happens when somebody else has taken it since."""
        with self.writing() as session:
            mine = col(LeaseRow.name) == name, col(LeaseRow.owner) == owner
            session.connection().execute(delete(LeaseRow).where(*mine))

    def leases(self) -> list[Lease]:
        """All leases that were taken and not given back, by name."""
        with self.reading() as session:
            return [_lease(row) for row in session.exec(select(LeaseRow).order_by(LeaseRow.name))]

    def lease(self, name: str) -> Lease | None:
        """Who took this lease last and has not given it back?"""
        with self.reading() as session:
            row = session.get(LeaseRow, name)
            return _lease(row) if row is not None else None


def _lease(row: LeaseRow) -> Lease:
    return Lease(row.name, row.owner, row.taken_at, row.until)
