"""What a year's count is made of: rows of lists, list totals, texts that stand in several places.

Rows are read by the index of days; what became of them later, by number, which rises with time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session, col

from checks.counting import CountedColumn, Shown
from checks.counting_total import Snapshot, Totals
from checks.freshness import local_day
from checks.periods import DAY, Days
from checks.texts import BODY
from storage.ledger.base import Base, begin_of, chunks, plain_rows
from storage.ledger.visits import SEEN
from storage.tables import ItemRow, ObservationRow, VisitRow, WatchedColumn

# An article that two columns date differently, or that was dated anew, at a turn of the year.
EDGE = timedelta(days=31)
# The subjects `text:` with a hash, as a range of the index in whatever order a database sorts.
TEXTS = ("text:0", "text:g")
FIELDS = ("id", "subject", "title", "url", "published_on", "first_seen", "visit_id")
# Rows fetched at a time: fewer cost calls, many more cost the collecting of garbage.
PART = 500
ITEM = tuple(getattr(ItemRow, name) for name in FIELDS)


class Counting(Base):
    def counted_columns(self, period: Days, at: datetime) -> tuple[CountedColumn, ...]:
        """Every column registered at some time of the period, as it was last by `at`.

        Entries (`redirect_to`) are left out: what they show is another column's.
        """
        held = (
            col(WatchedColumn.since) <= at,
            or_(
                col(WatchedColumn.until).is_(None),
                col(WatchedColumn.until) > begin_of(period.first),
            ),
        )
        last: dict[str, Any] = {}
        with self.reading() as session:
            for row in plain_rows(session, WatchedColumn, *held, order_by=[WatchedColumn.pk]):
                last.pop(row.id, None)
                last[row.id] = row
        return tuple(_column(row, at) for row in last.values() if row.redirect_to is None)

    def shown_rows(self, columns: Sequence[str], period: Days, at: datetime) -> list[Shown]:
        """The rows of these columns (keys) that `checks.counting.count_year` asks for, by number.

        Known at `at`: those dated in the period or shortly before or after it, those without a day
        first seen in it, and what became of them under the same address.
        """
        wide = Days(period.first - EDGE, period.last + EDGE)
        with self.reading() as session:
            rows: list[Shown] = []
            for chunk in chunks(list(columns)):
                rows += _rows(session, *_dated(chunk, wide, at))
                rows += _rows(session, *_undated(chunk, period, at))
            rows.sort()
            rows += _became(session, rows, set(columns), wide, at)
        rows.sort()
        return rows

    def list_totals(self, columns: Sequence[str], period: Days, at: datetime) -> dict[str, Totals]:
        """What did the lists of these columns say that they hold: last in the year before the
        period, and last in it, no later than `at`? By key; of a list that tells no total nothing.
        """
        found = {}
        with self.reading() as session:
            for key in columns:
                start, end = begin_of(period.first), begin_of(period.last + DAY)
                after = _total(session, key, start, min(end, at + timedelta(microseconds=1)))
                if after is not None:
                    year_before = begin_of(period.first.replace(year=period.first.year - 1))
                    found[key] = Totals(_total(session, key, year_before, start), after)
        return found

    def same_bodies(self, period: Days, at: datetime) -> list[list[tuple[str, str | None]]]:
        """Which texts stand in several places, of the articles read that bear a day of the period?

        Of each text its places: column key and address, each once, in the order noted.
        """
        texts = (
            col(ObservationRow.subject) >= TEXTS[0],
            col(ObservationRow.subject) < TEXTS[1],
            col(ObservationRow.family) == BODY,
            col(ObservationRow.at) <= at,
        )
        several = select(col(ObservationRow.subject)).where(*texts)
        several = several.group_by(col(ObservationRow.subject)).having(func.count() > 1)
        places: dict[str, dict[tuple[str, str | None], None]] = defaultdict(dict)
        shape = select(col(ObservationRow.subject), col(ObservationRow.facts))
        statement = shape.where(*texts, col(ObservationRow.subject).in_(several))
        with self.reading() as session:
            ordered = statement.order_by(col(ObservationRow.id))
            for subject, facts in session.connection().execute(ordered):
                if date.fromisoformat(facts["published_on"]) in period:
                    places[subject][facts["column"], facts["url"]] = None
        return [list(each) for each in places.values() if len(each) > 1]

    def bodies_read(self, period: Days, at: datetime) -> int:
        """How many texts of articles were kept in the period, so that they could be compared?"""
        statement = select(func.count(func.distinct(col(ObservationRow.subject)))).where(
            col(ObservationRow.subject) >= TEXTS[0],
            col(ObservationRow.subject) < TEXTS[1],
            col(ObservationRow.family) == BODY,
            col(ObservationRow.at) >= begin_of(period.first),
            col(ObservationRow.at) <= min(at, begin_of(period.last + DAY)),
        )
        with self.reading() as session:
            return int(session.connection().execute(statement).scalar_one())


def _column(row: Any, at: datetime) -> CountedColumn:
    return CountedColumn(
        key=f"column:{row.id}",
        name=row.name,
        unit=row.unit,
        site=row.site,
        url=row.url,
        column_class=row._mapping["class"],
        bucket=row.bucket,
        ended=row.until is not None and row.until <= at,
    )


def _dated(columns: Sequence[str], days: Days, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(ItemRow.subject).in_(columns),
        col(ItemRow.published_on) >= days.first,
        col(ItemRow.published_on) <= days.last,
        col(ItemRow.first_seen) <= at,
    )


def _undated(columns: Sequence[str], days: Days, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(ItemRow.subject).in_(columns),
        col(ItemRow.published_on).is_(None),
        col(ItemRow.first_seen) >= begin_of(days.first),
        col(ItemRow.first_seen) < begin_of(days.last + DAY),
        col(ItemRow.first_seen) <= at,
    )


def _became(
    session: Session, rows: Sequence[Shown], columns: set[str], days: Days, at: datetime
) -> Iterator[Shown]:
    """Later rows under the addresses of these, dated far from them: they were dated anew."""
    urls = {row.url for row in rows if row.url}
    if not urls:
        return
    statement = select(col(ItemRow.id), col(ItemRow.url)).where(
        col(ItemRow.id) > rows[0].number,
        or_(
            col(ItemRow.published_on) < days.first,
            col(ItemRow.published_on) > days.last,
        ),
    )
    later = session.connection().execute(statement)
    numbers = [number for part in later.partitions(PART) for number, url in part if url in urls]
    for chunk in chunks(numbers):
        own = (col(ItemRow.id).in_(chunk), col(ItemRow.first_seen) <= at)
        yield from (row for row in _rows(session, *own) if row.column in columns)


def _rows(session: Session, *where: ColumnElement[bool]) -> Iterator[Shown]:
    """The rows as values: an object of each would cost more than all the counting."""
    days: dict[datetime, date] = {}
    found = session.connection().execute(select(*map(col, ITEM)).where(*where))
    for number, subject, title, url, on, first_seen, look in chain.from_iterable(
        found.partitions(PART)
    ):
        seen = days.get(first_seen)
        if seen is None:
            # Rows of one look share an instant: which day it is need be asked once.
            seen = days[first_seen] = local_day(first_seen)
        yield Shown(number, subject, title, url, on, seen, look)


def _seen(key: str) -> tuple[ColumnElement[bool], ...]:
    return col(VisitRow.subject) == key, col(VisitRow.outcome).in_([str(each) for each in SEEN])


def _total(session: Session, key: str, first: datetime, until: datetime) -> Snapshot | None:
    """The last total that the list told from `first` on, before `until`."""
    statement = (
        select(col(VisitRow.observed_at), col(VisitRow.total))
        .where(
            *_seen(key),
            col(VisitRow.observed_at) >= first,
            col(VisitRow.observed_at) < until,
            col(VisitRow.total).is_not(None),
        )
        .order_by(col(VisitRow.observed_at).desc(), col(VisitRow.id).desc())
        .limit(1)
    )
    row = session.connection().execute(statement).first()
    return Snapshot(local_day(row.observed_at), int(row.total)) if row is not None else None
