"""What the service did: each run of a task, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from storage.ledger.base import Base
from storage.ledger.rows import row_key
from storage.tables import TaskRow


@dataclass(frozen=True, slots=True)
class TaskRun:
    """One run of one task. `ok` None: under way, or cut short; `note` says why it failed."""

    name: str
    started_at: datetime
    finished_at: datetime | None
    ok: bool | None
    note: str | None


class Tasks(Base):
    def begin_task(self, name: str, now: datetime) -> int:
        """Note that a task begins; returns the number of this run."""
        with self.writing() as session:
            row = TaskRow(name=name, started_at=now)
            session.add(row)
            session.flush()
            return row_key(row.id)

    def end_task(self, run: int, now: datetime, *, ok: bool, note: str | None = None) -> None:
        """Note how it ended."""
        with self.writing() as session:
            row = session.get_one(TaskRow, run)
            row.finished_at, row.ok, row.note = now, ok, note

    def last_task(self, name: str, *, ok: bool | None = None) -> TaskRun | None:
        """The run of this task that began last; with `ok`, the last that ended so."""
        statement = select(TaskRow).where(TaskRow.name == name)
        if ok is not None:
            statement = statement.where(TaskRow.ok == ok)
        with self.reading() as session:
            newest = statement.order_by(col(TaskRow.started_at).desc(), col(TaskRow.id).desc())
            row = session.exec(newest.limit(1)).first()
            return _run(row) if row is not None else None

    def task_failures(self) -> dict[str, int]:
        """How often has each task failed, by its name?"""
        failed = col(TaskRow.ok).is_(False)
        counted = select(TaskRow.name, func.count()).where(failed).group_by(TaskRow.name)
        with self.reading() as session:
            return dict(session.exec(counted).all())


def _run(row: TaskRow) -> TaskRun:
    return TaskRun(row.name, row.started_at, row.finished_at, row.ok, row.note)
