"""The posts of accounts: what a measure of a period is made of, by the indexes there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from checks.accounts import FIGURES
from checks.coverage import Post, Posted, PostLook
from checks.facts import Observed, Outcome
from checks.freshness import local_day
from storage.ledger.base import Base, begin_of, chunks, plain_rows
from storage.ledger.rows import METHODS, row_key
from storage.tables import ItemRow, ObservationRow, VisitRow

# A look that shows rows but no day does not show what was posted.
SHOWING = (str(Outcome.OK), str(Outcome.EMPTY))
# Of rows dated after the day they were first seen there are few; so many are passed over.
WRONG_DAYS = 20


class Posts(Base):
    def posted(self, subjects: Sequence[str], first: date, at: datetime) -> dict[str, Posted]:
        """The posts of these accounts since a day, with the last post before it, known at `at`.

        By subject key. Cost grows with the days asked about and the pause before them, not with
        the ledger's age.
        """
        with self.reading() as session:
            return {subject: _posted(session, subject, first, at) for subject in subjects}

    def account_figures(
        self, subjects: Sequence[str], since: datetime, at: datetime
    ) -> dict[str, tuple[Observed, ...]]:
        """All that sources counted of these accounts after `since`, not after `at`, oldest first.

        By subject key. Where each note came from is not looked up.
        """
        found: dict[str, list[Observed]] = {}
        with self.reading() as session:
            for chunk in chunks(list(subjects)):
                rows = plain_rows(
                    session,
                    ObservationRow,
                    col(ObservationRow.subject).in_(chunk),
                    col(ObservationRow.family) == FIGURES,
                    col(ObservationRow.at) > since,
                    col(ObservationRow.at) <= at,
                    order_by=[col(ObservationRow.at), col(ObservationRow.id)],
                )
                for row in rows:
                    outcome = Outcome(row.outcome)
                    note = Observed(row.subject, row.family, row.key, row.at, outcome, row.facts)
                    found.setdefault(row.subject, []).append(note)
        return {subject: tuple(notes) for subject, notes in found.items()}


def _posted(session: Session, subject: str, first: date, at: datetime) -> Posted:
    since = last_day_before(session, subject, first, at) or first
    posts = sorted(_rows(session, subject, since, at), key=lambda row: int(row.id))
    return Posted(
        tuple(
            Post(row.title, row.url, row.published_on, local_day(row.first_seen), row.visit_id)
            for row in posts
        ),
        tuple(_looks(session, subject, since, at)),
    )


def last_day_before(session: Session, subject: str, first: date, at: datetime) -> date | None:
    """The day of the last post before a day; None where none is known."""
    day = col(ItemRow.published_on)
    own = (col(ItemRow.subject) == subject, col(ItemRow.first_seen) <= at, day < first)
    statement = select(day, col(ItemRow.first_seen)).where(*own).order_by(day.desc())
    rows = session.connection().execute(statement.limit(WRONG_DAYS))
    return next((on for on, seen in rows if on is not None and on <= local_day(seen)), None)


def _rows(session: Session, subject: str, since: date, at: datetime) -> Iterator[Any]:
    """The rows published since a day, and those without a day that were first seen since."""
    own = (col(ItemRow.subject) == subject, col(ItemRow.first_seen) <= at)
    yield from plain_rows(session, ItemRow, *own, col(ItemRow.published_on) >= since)
    undated = (col(ItemRow.published_on).is_(None), col(ItemRow.first_seen) >= begin_of(since))
    yield from plain_rows(session, ItemRow, *own, *undated)


def _looks(session: Session, subject: str, since: date, at: datetime) -> Iterator[PostLook]:
    """The looks since a day by time, and the one before."""
    shape = select(
        col(VisitRow.id),
        col(VisitRow.observed_at),
        col(VisitRow.shown_to),
        col(VisitRow.item_count),
        col(VisitRow.newest),
        col(VisitRow.method),
        col(VisitRow.unresolved),
    ).where(col(VisitRow.subject) == subject, col(VisitRow.outcome).in_(SHOWING))
    by_time = (col(VisitRow.observed_at), col(VisitRow.id))
    last_first = [each.desc() for each in by_time]
    before = shape.where(col(VisitRow.observed_at) < begin_of(since)).order_by(*last_first).limit(1)
    later = shape.where(
        col(VisitRow.observed_at) >= begin_of(since), col(VisitRow.observed_at) <= at
    ).order_by(*by_time)
    for statement in (before, later):
        for row in session.connection().execute(statement):
            seen = local_day(row.observed_at)
            yield PostLook(
                id=row_key(row.id),
                on=min(row.shown_to or seen, seen),
                shown=row.item_count,
                newest=row.newest,
                method=METHODS[row.method],
                partial=row.unresolved > 0,
            )
