"""What the ledger has come to: one value that changes with all that a day is judged by."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import SQLModel, col, select

from storage.ledger.base import Base
from storage.tables import (
    Account,
    EventRow,
    HandRow,
    LetterRow,
    LinkRow,
    Mailbox,
    ObservationRow,
    ProbeRow,
    Site,
    Unit,
    VisitRow,
    WatchedColumn,
)

ADDED: tuple[type[SQLModel], ...] = (
    *(VisitRow, LetterRow, ObservationRow, LinkRow, ProbeRow, HandRow, EventRow),
)
REGISTER = (Unit, Site, WatchedColumn, Mailbox, Account)
State = tuple[object, ...]


class States(Base):
    def state(self) -> State:
        """The same as before, as long as nothing was added and no register row has ended.

        Of tables to which rows are only added, their last number says it all.
        """
        with self.reading() as session:
            last = [session.exec(select(func.max(table.id))).one() for table in ADDED]  # type: ignore[attr-defined]
            register = [
                session.exec(select(func.max(table.pk), func.max(col(table.until)))).one()
                for table in REGISTER
            ]
        return (*last, *(tuple(row) for row in register))
