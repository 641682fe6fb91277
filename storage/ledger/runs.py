"""Runs: one crawl, or what one person brought, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from checks.facts import Method, Outcome
from storage.ledger.base import Base
from storage.ledger.rows import row_key
from storage.tables import Run, VisitRow


@dataclass(frozen=True, slots=True)
class RunSeen:
    """One run. `finished_at` None: under way, or cut short, and then nothing was counted."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    planned: int
    seen: int
    unseen: int
    method: Method


@dataclass(frozen=True, slots=True)
class Missed:
    """One subject that a run did not see, and what it met instead."""

    subject: str
    observed_at: datetime
    outcome: Outcome
    note: str | None


class Runs(Base):
    def start_run(self, planned: int, now: datetime, method: Method = Method.CRAWL) -> int:
        """Open a run and return its number."""
        with self.writing() as session:
            run = Run(started_at=now, planned=planned, method=method)
            session.add(run)
            session.flush()
            return row_key(run.id)

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

    def visited(self, run_id: int) -> frozenset[str]:
        """Which subjects have a visit of this run, whatever it met?"""
        with self.reading() as session:
            return frozenset(
                session.exec(select(VisitRow.subject).where(VisitRow.run_id == run_id))
            )

    def runs(self, before: int | None = None, count: int = 20) -> list[RunSeen]:
        """The last runs, newest first; `before` turns the page."""
        asked = select(Run).order_by(col(Run.id).desc()).limit(count)
        if before is not None:
            asked = asked.where(col(Run.id) < before)
        with self.reading() as session:
            return [_run(row) for row in session.exec(asked)]

    def run(self, number: int) -> RunSeen | None:
        with self.reading() as session:
            row = session.get(Run, number)
            return _run(row) if row is not None else None

    def outcomes(self, run_id: int) -> dict[Outcome, int]:
        """How many visits of a run met what?"""
        counted = select(VisitRow.outcome, func.count()).where(VisitRow.run_id == run_id)
        with self.reading() as session:
            rows = session.exec(counted.group_by(VisitRow.outcome)).all()
        return {Outcome(outcome): count for outcome, count in rows}

    def missed(self, run_id: int, count: int) -> list[Missed]:
        """What a run did not see, in the order of its looks; at most `count`."""
        unseen = col(VisitRow.outcome).in_([each for each in Outcome if not each.seen])
        asked = select(VisitRow).where(VisitRow.run_id == run_id, unseen)
        with self.reading() as session:
            return [
                Missed(row.subject, row.observed_at, Outcome(row.outcome), row.note)
                for row in session.exec(asked.order_by(col(VisitRow.id)).limit(count))
            ]

    def looked_at_since(self, since: datetime) -> tuple[int, int]:
        """How many looks of the crawls that began after `since` saw their subject, how many not?"""
        asked = select(func.sum(Run.seen), func.sum(Run.unseen)).where(
            Run.started_at > since, Run.method == Method.CRAWL
        )
        with self.reading() as session:
            seen, unseen = session.exec(asked).one()
            return seen or 0, unseen or 0

    def last_run(self) -> tuple[int, int] | None:
        """How many subjects did the last crawl that ended see, and how many not?"""
        ended = col(Run.finished_at).is_not(None), Run.method == Method.CRAWL
        newest = select(Run.seen, Run.unseen).where(*ended).order_by(col(Run.id).desc()).limit(1)
        with self.reading() as session:
            row = session.exec(newest).first()
            return (row[0], row[1]) if row is not None else None


def _run(row: Run) -> RunSeen:
    return RunSeen(
        row_key(row.id),
        row.started_at,
        row.finished_at,
        row.planned,
        row.seen,
        row.unseen,
        Method(row.method),
    )
