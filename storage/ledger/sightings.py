"""Rows of lists for the flags of fake freshness: since when is each seen, what was shown before?

Read by index and number alone: the cost depends on the days asked for, not on the years kept.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from checks.facts import DateSource, Observed
from checks.fakes import Look, Sighting, was_hidden
from checks.freshness import SHANGHAI, local_day
from checks.subjects import SubjectKind
from checks.texts import LIST, ListLook
from storage.ledger.base import Base, chunks
from storage.ledger.rows import row_key
from storage.ledger.same_texts import same_texts
from storage.tables import ItemRow, ObservationRow

# How long before a row the look may be that did not show it.
BEFORE = timedelta(days=40)
# An item's number and its instant rise together, but for what one run writes late.
SLACK = timedelta(days=1)
ONE_DAY = timedelta(days=1)
OF_LISTS = tuple(map(str, (DateSource.LIST, DateSource.FEED, DateSource.API)))


class _New(NamedTuple):
    """One item first seen in the days asked for."""

    subject: str
    title: str
    url: str | None
    day: date
    first_seen: datetime


Looks = Mapping[tuple[str, datetime], Sequence[tuple[datetime, ListLook]]]


class Sightings(Base):
    def sightings(
        self,
        at: datetime,
        since: datetime,
        observed: Mapping[str, Sequence[Observed]],
        late: int,
        among: Collection[str] | None = None,
    ) -> dict[str, tuple[Sighting, ...]]:
        """Which rows may be flagged, of every column whose list was looked at after `since`?

        By subject key: the rows first seen after `since` and not after `at` that the look before
        should have shown, with a tolerance of `late` days; and the rows, of any column, that hold
        a text that was read there under several days. `observed` are the last looks at each column.
        `among` is what `late_columns` says; None: it is asked.
        """
        among = self.late_columns(at, since, late) if among is None else among
        looked = [
            subject
            for subject, seen in observed.items()
            if any(each.family == LIST and each.at > since and each.outcome.seen for each in seen)
        ]
        with self.reading() as session:
            found = {subject: list[Sighting]() for subject in looked}
            suspects = [subject for subject in looked if subject in among]
            for row in _late_rows(session, suspects, since, at, late):
                found[row.column].append(row)
            for subject, rows in same_texts(session, looked, observed, at).items():
                found[subject] += rows
        return {subject: tuple(rows) for subject, rows in found.items()}

    def late_columns(self, at: datetime, since: datetime, late: int) -> frozenset[str]:
        """Where was a row first seen after `since` and not after `at`, over `late` days old?

        Most columns show none; theirs are the only rows that need not be read one by one.
        """
        with self.reading() as session:
            first = _first_number(session, since - SLACK)
            if first is None:
                return frozenset()
            days = (local_day(at) - local_day(since)).days
            seen_on = (local_day(at) - timedelta(days=back) for back in range(days + 1))
            statement = columns(col(ItemRow.subject)).where(
                col(ItemRow.id) >= first,
                col(ItemRow.first_seen) > since,
                col(ItemRow.first_seen) <= at,
                or_(*(_is_old(day, late) for day in seen_on)),
            )
            found = session.connection().execute(statement.distinct())
            return frozenset(subject for (subject,) in found)

    def dated_rows(self, since: datetime, at: datetime) -> list[tuple[str, str, date]]:
        """The rows of columns first seen after `since` and not after `at`: subject, address, day.

        Those without an address or a day are left out, and those that their article dated.
        """
        with self.reading() as session:
            first = _first_number(session, since - SLACK)
            if first is None:
                return []
            statement = columns(
                col(ItemRow.subject), col(ItemRow.url), col(ItemRow.published_on)
            ).where(
                col(ItemRow.id) >= first,
                col(ItemRow.first_seen) > since,
                col(ItemRow.first_seen) <= at,
                col(ItemRow.subject).like(f"{SubjectKind.COLUMN}:%"),
                col(ItemRow.url).is_not(None),
                col(ItemRow.published_on).is_not(None),
                col(ItemRow.date_source).in_(OF_LISTS),
            )
            found = session.connection().execute(statement.order_by(col(ItemRow.id)))
            return [(subject, url, day) for subject, url, day in found if url and day]


def _is_old(day: date, late: int) -> ColumnElement[bool]:
    """Was a row first seen on this day, and over `late` days old on it?"""
    begins, ends = (datetime.combine(each, time(), SHANGHAI) for each in (day, day + ONE_DAY))
    return and_(
        col(ItemRow.first_seen) >= begins,
        col(ItemRow.first_seen) < ends,
        col(ItemRow.published_on) < day - timedelta(days=late),
    )


def _late_rows(
    session: Session, suspects: Sequence[str], since: datetime, at: datetime, late: int
) -> list[Sighting]:
    first = _first_number(session, since - SLACK) if suspects else None
    if first is None:
        return []
    fresh: Counter[tuple[str, datetime]] = Counter()
    old: list[_New] = []
    for chunk in chunks(suspects):
        statement = columns(
            col(ItemRow.subject),
            col(ItemRow.title),
            col(ItemRow.url),
            col(ItemRow.published_on),
            col(ItemRow.first_seen),
        ).where(
            col(ItemRow.subject).in_(chunk),
            col(ItemRow.id) >= first,
            col(ItemRow.first_seen) > since,
            col(ItemRow.first_seen) <= at,
        )
        for row in session.connection().execute(statement.order_by(col(ItemRow.id))):
            fresh[row.subject, row.first_seen] += 1
            day = row.published_on
            if day and (local_day(row.first_seen) - day).days > late:
                old.append(_New(row.subject, row.title, row.url, day, row.first_seen))
    looks = _looks_at(session, old, since - BEFORE, at)
    found = []
    for new in old:
        look = _before(new, looks.get((new.subject, new.first_seen), ()), fresh)
        found.append(Sighting(new.subject, new.title, new.url, new.day, new.first_seen, look))
    hidden = [row for row in found if was_hidden(row, late)]
    known = _known(session, hidden)
    return [row for row in hidden if row not in known]


def _first_number(session: Session, since: datetime) -> int | None:
    """The number of the first item seen after an instant, by halving: there is no index by time."""
    # Each asked for by itself is read off the index; both at once SQLite finds by reading all.
    low, high = (session.exec(select(end(ItemRow.id))).one() for end in (func.min, func.max))
    if low is None or high is None:
        return None
    connection = session.connection()
    next_one = (
        columns(col(ItemRow.id), col(ItemRow.first_seen))
        .where(col(ItemRow.id) >= bindparam("number"))
        .order_by(col(ItemRow.id))
        .limit(1)
    )
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(next_one, {"number": middle}).one()
        if row.first_seen > since:
            high = middle
        else:
            low = row.id + 1
    return int(low)


def _looks_at(session: Session, rows: Sequence[_New], since: datetime, at: datetime) -> Looks:
    """The looks in which these rows were first seen, each with the last one before it."""
    numbers: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for chunk in chunks(sorted({row.subject for row in rows})):
        statement = columns(
            col(ObservationRow.subject), col(ObservationRow.at), col(ObservationRow.id)
        ).where(
            col(ObservationRow.subject).in_(chunk),
            col(ObservationRow.family) == LIST,
            col(ObservationRow.at) > since,
            col(ObservationRow.at) <= at,
        )
        ordered = statement.order_by(col(ObservationRow.at), col(ObservationRow.id))
        for subject, when, number in session.connection().execute(ordered):
            numbers[subject].append((when, row_key(number)))
    pairs: dict[tuple[str, datetime], list[int]] = {}
    for row in rows:
        shown = bisect_left(numbers[row.subject], (row.first_seen, 0))
        two = numbers[row.subject][max(0, shown - 1) : shown + 1]
        if shown > 0 and len(two) == 2 and two[1][0] == row.first_seen:
            pairs[row.subject, row.first_seen] = [number for _, number in two]
    facts = _facts(session, {number for pair in pairs.values() for number in pair})
    return {place: [facts[number] for number in pair] for place, pair in pairs.items()}


def _facts(session: Session, numbers: Iterable[int]) -> dict[int, tuple[datetime, ListLook]]:
    found = {}
    for chunk in chunks(sorted(numbers)):
        statement = select(ObservationRow.id, ObservationRow.at, ObservationRow.facts)
        for number, when, facts in session.exec(statement.where(col(ObservationRow.id).in_(chunk))):
            found[row_key(number)] = (when, ListLook.of(facts))
    return found


def _before(
    row: _New, looks: Sequence[tuple[datetime, ListLook]], fresh: Counter[tuple[str, datetime]]
) -> Look | None:
    """The last look at the row's list before it was first seen; None when there was none.

    What that look did not show is not known when this one may have read another list: by another
    reader, without a row that was known, or in no order and mostly of new rows.
    """
    if not looks:
        return None
    (at, before), (_, shown) = looks
    new = fresh[row.subject, row.first_seen]
    held = shown.rows - new
    same = shown.reader == before.reader and held > 0 and (shown.ordered or new <= held)
    return Look(at, before.down_to if same or before.rows == 0 else None)


def _known(session: Session, rows: Sequence[Sighting]) -> set[Sighting]:
    """Which of these rows are old ones whose title, date or address was changed?

    By address, or by title and day; by the title alone where there is no address.
    """
    by_subject: dict[str, list[Sighting]] = defaultdict(list)
    for row in rows:
        by_subject[row.column].append(row)
    known: set[Sighting] = set()
    for subject, mine in by_subject.items():
        for chunk in chunks(mine):
            urls = [row.url for row in chunk if row.url]
            titles = [row.title for row in chunk]
            statement = columns(
                col(ItemRow.url),
                col(ItemRow.title),
                col(ItemRow.published_on),
                func.min(ItemRow.first_seen).label("first"),
            ).where(
                col(ItemRow.subject) == subject,
                or_(col(ItemRow.url).in_(urls), col(ItemRow.title).in_(titles)),
            )
            statement = statement.group_by(
                col(ItemRow.url), col(ItemRow.title), col(ItemRow.published_on)
            )
            held = session.connection().execute(statement).all()
            known |= {row for row in chunk if any(_same(row, *each) for each in held)}
    return known


def _same(row: Sighting, url: str | None, title: str, day: date | None, first: datetime) -> bool:
    if first >= row.first_seen_at:
        return False
    named = row.title == title and (row.published_on == day or row.url is None)
    return named or (row.url is not None and row.url == url)
