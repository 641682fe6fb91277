"""What the service did: each run of a task, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, union_all
from sqlmodel import col, delete, select

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

    def end_task(
        self, run: int, now: datetime, *, ok: bool | None, note: str | None = None
    ) -> None:
        """Note how it ended; `ok` None: it was cut short."""
        with self.writing() as session:
            row = session.get_one(TaskRow, run)
            row.finished_at, row.ok, row.note = now, ok, note

    def last_task(self, name: str, *, ok: bool | None = None) -> TaskRun | None:
        """The run of this task that began last; with `ok`, the last that ended so."""
        runs = self.last_tasks(name, 1, ok=ok)
        return runs[0] if runs else None

    def last_tasks(
        self, name: str, count: int, *, ok: bool | None = None, skip: int = 0
    ) -> list[TaskRun]:
        """The `count` runs of this task that began last, but for the last `skip`; newest first."""
        statement = select(TaskRow).where(TaskRow.name == name)
        if ok is not None:
            statement = statement.where(TaskRow.ok == ok)
        with self.reading() as session:
            newest = statement.order_by(col(TaskRow.started_at).desc(), col(TaskRow.id).desc())
            return [_run(row) for row in session.exec(newest.offset(skip).limit(count))]

    def first_task(self, name: str) -> datetime | None:
        """When did this task begin for the first time?"""
        first = select(func.min(TaskRow.started_at)).where(TaskRow.name == name)
        with self.reading() as session:
            return session.exec(first).one()

    def drop_tasks(self, before: datetime) -> int:
        """Forget the runs that began before; how many? Each task's first and last success stay."""
        kept = union_all(
            select(func.min(col(TaskRow.id))).group_by(TaskRow.name),
            select(func.max(col(TaskRow.id)))
            .where(col(TaskRow.ok).is_(True))
            .group_by(TaskRow.name),
        )
        old = (col(TaskRow.started_at) < before, col(TaskRow.id).not_in(kept))
        with self.writing() as session:
            return session.connection().execute(delete(TaskRow).where(*old)).rowcount

    def task_failures(self) -> dict[str, int]:
        """How often has each task failed, by its name?"""
        failed = col(TaskRow.ok).is_(False)
        counted = select(TaskRow.name, func.count()).where(failed).group_by(TaskRow.name)
        with self.reading() as session:
            return dict(session.exec(counted).all())


def _run(row: TaskRow) -> TaskRun:
    return TaskRun(row.name, row.started_at, row.finished_at, row.ok, row.note)
