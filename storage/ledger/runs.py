"""Runs: one crawl, or what one person brought, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
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
    """One run. `finished_at` None: under way, or cut short. `outcomes`: what its visits met."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    planned: int
    method: Method
    outcomes: Mapping[Outcome, int]

    @property
    def seen(self) -> int:
        return sum(count for outcome, count in self.outcomes.items() if outcome.seen)

    @property
    def unseen(self) -> int:
        return sum(self.outcomes.values()) - self.seen


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
        """The last runs, newest first, with what their visits met; `before` turns the page."""
        asked = select(Run).order_by(col(Run.id).desc()).limit(count)
        if before is not None:
            asked = asked.where(col(Run.id) < before)
        met: dict[int, dict[Outcome, int]] = {}
        with self.reading() as session:
            rows = session.exec(asked).all()
            counted = (
                select(VisitRow.run_id, VisitRow.outcome, func.count())
                .where(col(VisitRow.run_id).in_([row.id for row in rows]))
                .group_by(col(VisitRow.run_id), col(VisitRow.outcome))
            )
            for run, outcome, number in session.exec(counted):
                met.setdefault(run, {})[Outcome(outcome)] = number
        return [_run(row, met) for row in rows]

    def last_run(self) -> tuple[int, int] | None:
        """How many subjects did the last crawl that ended see, and how many not?"""
        ended = col(Run.finished_at).is_not(None), Run.method == Method.CRAWL
        newest = select(Run.seen, Run.unseen).where(*ended).order_by(col(Run.id).desc()).limit(1)
        with self.reading() as session:
            row = session.exec(newest).first()
            return (row[0], row[1]) if row is not None else None


def _run(row: Run, met: Mapping[int, Mapping[Outcome, int]]) -> RunSeen:
    number = row_key(row.id)
    return RunSeen(
        number,
        row.started_at,
        row.finished_at,
        row.planned,
        Method(row.method),
        met.get(number, {}),
    )
