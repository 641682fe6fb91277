"""When was anything looked at, and when first? Asked of years, answered by the index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlmodel import col

from checks.facts import Method
from checks.freshness import local_day
from checks.periods import DAY, Days
from storage.ledger.base import Base, begin_of, chunks
from storage.ledger.visits import SEEN
from storage.tables import Run, VisitRow


class Looks(Base):
    def seen_between(self, keys: Sequence[str], first: date, at: datetime) -> frozenset[str]:
        """At which of these subjects was there a good look from a day on, not after `at`?

        What a person brought counts where it tells of these days.
        """
        found: set[str] = set()
        with self.reading() as session:
            for chunk in chunks(keys):
                statement = select(col(VisitRow.subject)).where(
                    col(VisitRow.subject).in_(chunk),
                    col(VisitRow.observed_at) >= begin_of(first),
                    col(VisitRow.observed_at) <= at,
                    col(VisitRow.outcome).in_([str(each) for each in SEEN]),
                    or_(col(VisitRow.shown_to).is_(None), col(VisitRow.shown_to) >= first),
                )
                found.update(session.connection().execute(statement.distinct()).scalars())
        return frozenset(found)

    def first_looks(self, columns: Sequence[str], at: datetime) -> dict[str, date]:
        """On which day was each of these columns seen first? By key; one never seen is left out."""
        found = {}
        with self.reading() as session:
            for key in columns:
                statement = (
                    select(col(VisitRow.observed_at))
                    .where(
                        col(VisitRow.subject) == key,
                        col(VisitRow.outcome).in_([str(each) for each in SEEN]),
                        col(VisitRow.observed_at) <= at,
                    )
                    .order_by(col(VisitRow.observed_at))
                    .limit(1)
                )
                if moment := session.connection().execute(statement).scalar():
                    found[key] = local_day(moment)
        return found

    def days_looked(self, period: Days, at: datetime) -> tuple[date, ...]:
        """On which days of the period did a crawl see anything? Each once, by time."""
        statement = select(col(Run.started_at)).where(
            col(Run.method) == str(Method.CRAWL),
            col(Run.seen) > 0,
            col(Run.started_at) >= begin_of(period.first),
            col(Run.started_at) < begin_of(period.last + DAY),
            col(Run.started_at) <= at,
        )
        with self.reading() as session:
            moments = session.connection().execute(statement).scalars()
            return tuple(sorted({local_day(moment) for moment in moments}))
