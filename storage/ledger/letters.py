"""Letters as they were last seen, by each way by which they are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, inspect
from sqlalchemy import select as columns_of
from sqlmodel import col, select

from checks.facts import LetterState
from storage.ledger.base import Base, chunks
from storage.ledger.rows import METHODS, letter_of
from storage.tables import LetterRow

States = dict[str, list[LetterState]]
# The number of the last sighting of each letter by each way, and how it then stood.
Held = dict[tuple[str, str, str], tuple[int, LetterState]]


class Letters(Base):
    def letters(self, at: datetime, mailboxes: Sequence[str] | None = None) -> States:
        """Every letter as last seen no later than `at`, by mailbox key, in order of receipt.

        Of all mailboxes, or of those whose keys are given. A letter that a page shows and that an
        export holds has a state of each, the page's first.
        """
        return self.letters_at([at], mailboxes)[0]

    def letters_at(
        self, instants: Sequence[datetime], mailboxes: Sequence[str] | None = None
    ) -> list[States]:
        """The same at several instants, the earliest first. What does not change in between is
        read once, and is the same object at each.
        """
        held: Held = {}
        found: list[States] = []
        since = None
        with self.reading() as session:
            for at in instants:
                for chunk in chunks(list(mailboxes)) if mailboxes is not None else (None,):
                    # Plain rows: years of letters as objects would cost more than judging them.
                    for row in session.connection().execute(_letters_by(since, at, chunk)):
                        _hold(held, row)
                found.append(_by_mailbox(held))
                since = at
        return found


def _hold(held: Held, row: Any) -> None:
    key, method = (row.mailbox, row.ref, row.method), METHODS[row.method]
    number, before = held.get(key, (0, None))
    first = min(row.first, before.first_seen_at) if before else row.first
    if before is not None and row.id < number:
        held[key] = number, replace(before, first_seen_at=first)
    else:
        state = LetterState(row.mailbox, letter_of(row), first, row.seen_at, method, row.shown_to)
        held[key] = row.id, state


def _by_mailbox(held: Held) -> States:
    found: States = {}
    for _, state in held.values():
        found.setdefault(state.mailbox, []).append(state)
    for states in found.values():
        states.sort(key=_by_receipt)
    return found


def _by_receipt(state: LetterState) -> tuple[date, str, bool]:
    return state.letter.received_on or date.min, state.letter.ref, state.method.brought


def _letters_by(since: datetime | None, at: datetime, mailboxes: Sequence[str] | None) -> Any:
    """The last sighting of each letter after an instant (None: ever) and by another, with the
    moment it was first seen in that time.
    """
    asked: list[ColumnElement[bool]] = []
    asked += [] if mailboxes is None else [col(LetterRow.mailbox).in_(mailboxes)]
    asked += [] if since is None else [col(LetterRow.seen_at) > since]
    latest = (
        select(func.max(LetterRow.id).label("id"), func.min(LetterRow.seen_at).label("first"))
        .where(col(LetterRow.seen_at) <= at, *asked)
        .group_by(col(LetterRow.mailbox), col(LetterRow.ref), col(LetterRow.method))
        .subquery()
    )
    columns = (*inspect(LetterRow).columns, latest.c.first)
    return columns_of(*columns).join(latest, latest.c.id == LetterRow.id)
