"""One subject's past, as its page shows it: a stretch of its looks, of its items, its days.

Everything is found by the subject's index; what it costs grows with what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import col

from checks.facts import Outcome, Visit
from checks.freshness import local_day
from storage.ledger.base import Base, begin_of, plain_rows
from storage.ledger.chain import evidence_places
from storage.ledger.posts import last_day_before
from storage.ledger.rows import SeenItem, item_of, visit_of
from storage.tables import ItemRow, VisitRow


@dataclass(frozen=True, slots=True)
class DayLook:
    """What a good look showed: up to which day, the newest day seen, how much was in doubt."""

    on: date
    newest: date
    unresolved: int


@dataclass(frozen=True, slots=True)
class ItemDays:
    """How many items bear each day since a day, and the last day before it that any bears."""

    counts: Mapping[date, int]
    before: date | None


class Pasts(Base):
    def visit(self, number: int) -> Visit | None:
        """The look of this number; None: there is none."""
        with self.reading() as session:
            row = next(plain_rows(session, VisitRow, col(VisitRow.id) == number), None)
            if row is None:
                return None
            return visit_of(row, evidence_places(session, [row]).get(row.evidence_id))

    def visit_count(self, subject: str) -> int:
        """How often was this subject looked at?"""
        mine = select(func.count()).select_from(VisitRow).where(col(VisitRow.subject) == subject)
        with self.reading() as session:
            return int(session.connection().execute(mine).scalar_one())

    def visits_of(self, subject: str, most: int, skip: int = 0) -> list[Visit]:
        """The last looks at a subject, newest first; so many newer ones are passed over."""
        statement = (
            select(col(VisitRow.id))
            .where(col(VisitRow.subject) == subject)
            .order_by(col(VisitRow.observed_at).desc(), col(VisitRow.id).desc())
            .offset(skip)
            .limit(most)
        )
        with self.reading() as session:
            # The numbers from the index alone: what is passed over is not read.
            ids = list(session.connection().execute(statement).scalars())
            rows = {row.id: row for row in plain_rows(session, VisitRow, col(VisitRow.id).in_(ids))}
            places = evidence_places(session, rows.values())
            return [visit_of(rows[id_], places.get(rows[id_].evidence_id)) for id_ in ids]

    def item_count(self, subject: str) -> int:
        """How many items are known of this subject?"""
        mine = select(func.count()).select_from(ItemRow).where(col(ItemRow.subject) == subject)
        with self.reading() as session:
            return int(session.connection().execute(mine).scalar_one())

    def items_of(self, subject: str, most: int, skip: int = 0) -> list[SeenItem]:
        """The items of a subject, the latest day first, those without a day last."""
        by_day = (col(ItemRow.published_on).desc().nulls_last(), col(ItemRow.id).desc())
        statement = select(col(ItemRow.id)).where(col(ItemRow.subject) == subject)
        statement = statement.order_by(*by_day).offset(skip).limit(most)
        with self.reading() as session:
            ids = list(session.connection().execute(statement).scalars())
            rows = {row.id: row for row in plain_rows(session, ItemRow, col(ItemRow.id).in_(ids))}
            return [SeenItem(subject, item_of(rows[id_]), rows[id_].first_seen) for id_ in ids]

    def item_days(self, subject: str, first: date, at: datetime) -> ItemDays:
        """On which days since `first` did the items known at `at` appear?

        A day after the one on which its item was first seen is wrong and counts for nothing.
        """
        day, seen = col(ItemRow.published_on), col(ItemRow.first_seen)
        mine = (col(ItemRow.subject) == subject, seen <= at)
        counted = select(day, func.count(), func.min(seen)).where(*mine, day >= first)
        counts: dict[date, int] = {}
        with self.reading() as session:
            for on, number, first_seen in session.connection().execute(counted.group_by(day)):
                if on is None or on > local_day(at):
                    continue
                if on > local_day(first_seen):
                    right = select(func.count()).select_from(ItemRow)
                    right = right.where(*mine, day == on, seen >= begin_of(on))
                    number = session.connection().execute(right).scalar_one()
                if number:
                    counts[on] = number
            before = last_day_before(session, subject, first, at)
        return ItemDays(counts, before)

    def day_looks(self, subject: str, first: date, at: datetime) -> list[DayLook]:
        """What did each look at this subject show that saw a day, since `first`, oldest first?"""
        statement = (
            select(
                col(VisitRow.observed_at),
                col(VisitRow.shown_to),
                col(VisitRow.newest),
                col(VisitRow.unresolved),
            )
            .where(
                col(VisitRow.subject) == subject,
                col(VisitRow.outcome) == str(Outcome.OK),
                col(VisitRow.observed_at) >= begin_of(first),
                col(VisitRow.observed_at) <= at,
            )
            .order_by(col(VisitRow.observed_at))
        )
        with self.reading() as session:
            rows = session.connection().execute(statement).all()
        return [
            DayLook(min(shown or local_day(when), local_day(when)), newest, doubt)
            for when, shown, newest, doubt in rows
            if newest is not None
        ]
