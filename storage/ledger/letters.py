"""Letters as they were last seen, by each way by which they are known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, inspect
from sqlalchemy import select as columns_of
from sqlmodel import col, select

from checks.facts import LetterState
from storage.ledger.base import Base, chunks
from storage.ledger.rows import METHODS, letter_of
from storage.tables import LetterRow


class Letters(Base):
    def letters(
        self, at: datetime, mailboxes: Sequence[str] | None = None
    ) -> dict[str, list[LetterState]]:
        """Every letter as last seen no later than `at`, by mailbox key, in order of receipt.

        Of all mailboxes, or of those whose keys are given. A letter that a page shows and that an
        export holds has a state of each, the page's first.
        """
        found: dict[str, list[LetterState]] = {}
        with self.reading() as session:
            for chunk in chunks(list(mailboxes)) if mailboxes is not None else (None,):
                # Plain rows: years of letters as objects would cost more than judging them.
                for row in session.connection().execute(_letters_by(at, chunk)):
                    method = METHODS[row.method]
                    letter, to = letter_of(row), row.shown_to
                    state = LetterState(row.mailbox, letter, row.first, row.seen_at, method, to)
                    found.setdefault(row.mailbox, []).append(state)
        for states in found.values():
            states.sort(key=_by_receipt)
        return found


def _by_receipt(state: LetterState) -> tuple[date, str, bool]:
    return state.letter.received_on or date.min, state.letter.ref, state.method.brought


def _letters_by(at: datetime, mailboxes: Sequence[str] | None) -> Any:
    """The last sighting of each letter by an instant, with the moment it was first seen."""
    asked = [] if mailboxes is None else [col(LetterRow.mailbox).in_(mailboxes)]
    latest = (
        select(func.max(LetterRow.id).label("id"), func.min(LetterRow.seen_at).label("first"))
        .where(col(LetterRow.seen_at) <= at, *asked)
        .group_by(col(LetterRow.mailbox), col(LetterRow.ref), col(LetterRow.method))
        .subquery()
    )
    columns = (*inspect(LetterRow).columns, latest.c.first)
    return columns_of(*columns).join(latest, latest.c.id == LetterRow.id)
