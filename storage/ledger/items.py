"""Which rows did the looks at a subject show, and since when? Items, as they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, bindparam, inspect, text
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from checks.facts import DateSource, Item
from checks.freshness import local_day
from checks.subjects import SubjectKind
from storage.database import in_words
from storage.ledger.base import Base, chunks
from storage.ledger.contents import first_seen
from storage.ledger.rows import SeenItem, digest, item_of, row_key
from storage.legible import legible, legible_data
from storage.tables import ItemRow

LATEST_DAYS = """\
WITH wanted(subject) AS (VALUES GIVEN)
SELECT (
  SELECT item.published_on FROM item
  WHERE item.subject = wanted.subject AND item.first_seen <= :at
    AND item.published_on IS NOT NULL
  ORDER BY item.published_on DESC LIMIT 1
) AS day FROM wanted"""
NEWEST_FIRST = (col(ItemRow.published_on).desc().nulls_last(), col(ItemRow.id).desc())


class Items(Base):
    def article_dates(self, subject: str, urls: Sequence[str]) -> dict[str, Item]:
        """Which of these addresses of this subject were dated by their article before?"""
        statement = select(ItemRow).where(
            ItemRow.subject == subject,
            col(ItemRow.published_on).is_not(None),
            col(ItemRow.url).in_(legible_data(urls)),
            col(ItemRow.date_source).not_in((DateSource.LIST, DateSource.FEED)),
        )
        statement = statement.order_by(col(ItemRow.id))
        with self.reading() as session:
            return {str(row.url): item_of(row) for row in session.exec(statement)}

    def days_of(self, subjects: Sequence[str], urls: Iterable[str], since: date) -> dict[str, Item]:
        """Which of these addresses are items of these subjects, published since a day?

        A day after the one on which the item was first seen counts for nothing.
        """
        wanted = sorted(set(urls))
        found: dict[str, Item] = {}
        with self.reading() as session:
            for some in chunks(list(subjects)):
                for chunk in chunks(wanted):
                    statement = select(ItemRow).where(
                        col(ItemRow.subject).in_(some),
                        col(ItemRow.published_on) >= since,
                        col(ItemRow.url).in_(chunk),
                    )
                    for row in session.exec(statement.order_by(col(ItemRow.id))):
                        if row.published_on and row.published_on <= local_day(row.first_seen):
                            found[str(row.url)] = item_of(row)
        return found

    def seen_before(self, subject: str, items: Sequence[Item]) -> bool:
        """Did this subject show any of these rows before, word for word?

        Those are among `known_items`, and found by their digests, whatever the ledger's age.
        """
        pairs = [(subject, digest(legible(item))) for item in items]
        with in_words(), self.engine.connect() as connection:
            return bool(first_seen(connection, pairs))

    def known_items(self, subject: str, items: Sequence[Item]) -> frozenset[Item]:
        """Which of these rows did this subject show before: by address, or by title and day?

        An address that several of the rows share says nothing.
        """
        shown = Counter(item.url for item in items)
        urls = {item.url for item in items if item.url and shown[item.url] == 1}
        titles = {item.title for item in items}
        with self.reading() as session:
            rows = [
                *_items_with(session, subject, col(ItemRow.url), urls),
                *_items_with(session, subject, col(ItemRow.title), titles),
            ]
        addresses = {row.url for row in rows} & urls
        titled = {(row.title, row.published_on) for row in rows}
        return frozenset(
            item
            for item in items
            if item.url in addresses or (item.title, item.published_on) in titled
        )

    def items(
        self, subject: str | None = None, at: datetime | None = None, most: int = 100_000
    ) -> list[SeenItem]:
        """The items known at an instant, newest first.

        Without a subject: of all but sites, whose home pages show what their columns hold.
        """
        statement = select(ItemRow)
        if subject is not None:
            statement = statement.where(ItemRow.subject == subject)
        else:
            statement = statement.where(col(ItemRow.subject).not_like(f"{SubjectKind.SITE}:%"))
        if at is not None:
            statement = statement.where(col(ItemRow.first_seen) <= at)
        with self.reading() as session:
            return _newest(session, statement, most)

    def items_among(
        self, subjects: Sequence[str], at: datetime, most: int, skip: int = 0
    ) -> list[SeenItem]:
        """The items of these subjects known at an instant, newest first, `skip` of them passed.

        Read from the day on which enough of the subjects had something new: what years hold
        before it does not count. Of fewer subjects than items asked for all is read.
        """
        wanted = most + skip
        with self.reading() as session:
            since = _day_of(session, subjects, at, wanted)
            recent = [] if since is None else [col(ItemRow.published_on) >= since]
            rows = [
                row
                for chunk in chunks(list(subjects))
                for row in session.exec(
                    select(ItemRow)
                    .where(col(ItemRow.subject).in_(chunk), col(ItemRow.first_seen) <= at, *recent)
                    .order_by(*NEWEST_FIRST)
                    .limit(wanted)
                )
            ]
        rows.sort(key=lambda row: (row.published_on or date.min, row_key(row.id)), reverse=True)
        return [SeenItem(row.subject, item_of(row), row.first_seen) for row in rows[skip:wanted]]


def _day_of(session: Session, subjects: Sequence[str], at: datetime, count: int) -> date | None:
    """Since which day did so many of these subjects show something new? None: so many never did."""
    moment = bindparam("at", type_=inspect(ItemRow).columns.first_seen.type)
    days: list[date] = []
    for chunk in chunks(list(subjects)) if count <= len(subjects) else ():
        given = {f"k{number}": key for number, key in enumerate(chunk)}
        values = ", ".join(f"(:{name})" for name in given)
        asked = text(LATEST_DAYS.replace("GIVEN", values)).bindparams(moment)
        found = session.connection().execute(asked.columns(day=Date()), {**given, "at": at})
        days += (day for (day,) in found if day is not None)
    return sorted(days, reverse=True)[count - 1] if 0 < count <= len(days) else None


def _newest(session: Session, statement: SelectOfScalar[ItemRow], most: int) -> list[SeenItem]:
    return [
        SeenItem(row.subject, item_of(row), row.first_seen)
        for row in session.exec(statement.order_by(*NEWEST_FIRST).limit(most))
    ]


def _items_with(
    session: Session, subject: str, column: Mapped[Any], words: Iterable[str]
) -> Iterator[ItemRow]:
    for chunk in chunks(sorted(words)):
        statement = select(ItemRow).where(ItemRow.subject == subject, column.in_(chunk))
        yield from session.exec(statement)
