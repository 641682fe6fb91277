"""When was a subject looked at, and what did the look meet? Visits, as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import TextClause, bindparam, func, inspect, text
from sqlmodel import Session, col, select

from checks.facts import History, Method, Outcome, Visit
from checks.subjects import SubjectKind
from storage.ledger.base import CHUNK, Base, chunks, plain_rows
from storage.ledger.chain import evidence_places
from storage.ledger.rows import Known, Look, known_of, visit_of
from storage.tables import VisitRow

SEEN = tuple(outcome for outcome in Outcome if outcome.seen)
LOOKED = (Method.CRAWL,)
BROUGHT = tuple(method for method in Method if method.brought)
NEWEST = """\
WITH wanted(subject) AS (VALUES GIVEN)
SELECT (
  SELECT visit.id FROM visit
  WHERE visit.subject = wanted.subject AND visit.observed_at <= :at AND visit.outcome IN :outcomes
    METHODS
  ORDER BY visit.observed_at DESC, visit.id DESC LIMIT 1
) FROM wanted"""


class Visits(Base):
    def histories(self, keys: Sequence[str], at: datetime) -> dict[str, History]:
        """The last and the last good look at each subject, and the last word of a person.

        Looking no later than `at`. Only accounts and mailboxes have words of persons.
        """
        accounts, mailboxes = (
            [key for key in keys if key.startswith(f"{kind}:")]
            for kind in (SubjectKind.ACCOUNT, SubjectKind.MAILBOX)
        )
        with self.reading() as session:
            last = _latest(session, keys, at, Outcome)
            word = _latest(session, accounts, at, SEEN, BROUGHT)
            # What is entered of one letter says nothing of the mailbox.
            word |= _latest(session, mailboxes, at, SEEN, (Method.EXPORT,))
            hidden = {key for key, visit in last.items() if visit.method.brought}
            last = {key: visit for key, visit in last.items() if key not in hidden}
            last |= _latest(session, sorted(hidden), at, Outcome, LOOKED)
            good = {key: visit for key, visit in last.items() if visit.outcome.seen}
            unseen = [key for key in last if key not in good]
            good.update(_latest(session, unseen, at, SEEN, LOOKED))
            bare = [key for key in word if key in good and good[key].newest is None]
            dated = _latest(session, bare, at, (Outcome.OK,), LOOKED)
        return {
            key: History(last.get(key), good.get(key), word.get(key), dated=dated.get(key))
            for key in keys
            if key in last or key in word
        }

    def known(self, keys: Sequence[str], at: datetime) -> dict[str, Known]:
        """What a later look may rely on: fully understood visits with a validator or a key."""
        with self.reading() as session:
            rows = _latest_rows(session, keys, at, (Outcome.OK, Outcome.EMPTY))
        return {
            row.subject: known_of(row)
            for row in rows
            if row.url and (row.etag or row.last_modified or row.page_key) and not row.unresolved
        }

    def last_looks(self, keys: Sequence[str], at: datetime) -> dict[str, Look]:
        """When was each of these last looked at by ourselves, no later than `at`?"""
        with self.reading() as session:
            rows = _latest_rows(session, keys, at, Outcome, LOOKED)
        return {
            row.subject: Look(
                row.observed_at, Outcome(row.outcome).seen, row.unchanged_since is not None
            )
            for row in rows
        }

    def newest_seen(self, subject: str) -> date | None:
        """Which is the newest day that any good look at this subject showed?"""
        statement = select(func.max(VisitRow.newest)).where(
            VisitRow.subject == subject, col(VisitRow.outcome).in_([str(each) for each in SEEN])
        )
        with self.reading() as session:
            return session.exec(statement).one()


def _latest(
    session: Session,
    keys: Sequence[str],
    at: datetime,
    outcomes: Iterable[Outcome],
    methods: Sequence[Method] = (),
) -> dict[str, Visit]:
    rows = _latest_rows(session, keys, at, outcomes, methods)
    places = evidence_places(session, rows)
    return {row.subject: visit_of(row, places.get(row.evidence_id)) for row in rows}


def _latest_rows(
    session: Session,
    keys: Sequence[str],
    at: datetime,
    outcomes: Iterable[Outcome],
    methods: Sequence[Method] = (),
) -> list[Any]:
    """The latest visit of each subject: one index seek a subject, whatever the history's length.

    By one of these `methods`, none: by any.
    """
    rows: list[Any] = []
    words = [str(outcome) for outcome in outcomes]
    for chunk in chunks(list(keys)):
        given = {f"k{number}": key for number, key in enumerate(chunk)}
        numbers = session.connection().execute(
            _newest_of(len(chunk), tuple(methods)), {**given, "at": at, "outcomes": words}
        )
        ids = [number for (number,) in numbers if number is not None]
        rows += plain_rows(session, VisitRow, col(VisitRow.id).in_(ids))
    return rows


@lru_cache(maxsize=CHUNK)
def _newest_of(count: int, methods: tuple[Method, ...]) -> TextClause:
    """The number of the latest visit of each of so many subjects.

    As text: for a table of values SQLAlchemy would work out the statement anew each time.
    """
    given = ", ".join(f"(:k{number})" for number in range(count))
    words = ", ".join(f"'{method}'" for method in methods)
    among = f"AND visit.method IN ({words})" if methods else ""
    if methods and Method.CRAWL not in methods:
        # In the words of the index, or no database uses it.
        among += " AND visit.method <> 'crawl'"
    statement = text(NEWEST.replace("GIVEN", given).replace("METHODS", among))
    moment = bindparam("at", type_=inspect(VisitRow).columns.observed_at.type)
    return statement.bindparams(moment, bindparam("outcomes", expanding=True))
