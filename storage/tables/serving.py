"""What the service remembers of itself: who runs what just now, and how each task ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from storage.tables.naming import Row


class LeaseRow(Row, table=True):
    """Who may do one thing alone, and until when: a holder that dies loses it by itself."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    owner: str
    taken_at: datetime
    until: datetime


class TaskRow(Row, table=True):
    """One run of one task. `finished_at` None: under way, or cut short; `note`: why it failed."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_name_started_at", "name", "started_at"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    started_at: datetime
    finished_at: datetime | None = None
    ok: bool | None = None
    note: str | None = None


class DueRow(Row, table=True):
    """When workers are to look at one subject next. Worked out from the register and the visits:
    what is lost of it comes back by itself.

    `lot` is the share of the register it belongs to: all that stands on one host is of one lot.
    `pressing`: near its limit, or just past it, when it was last judged. `looked_at` is the last
    look that was taken into account, `misses` how many in a row failed, `same` how many in a row
    were told by the server that nothing had changed.
    """

    __tablename__ = "due"
    __table_args__ = (Index("ix_due_lot_at", "lot", "at"),)

    subject: str = Field(primary_key=True)
    lot: int
    site: str | None = None
    at: datetime = Field(index=True)
    pressing: bool = False
    looked_at: datetime | None = None
    misses: int = 0
    same: int = 0
