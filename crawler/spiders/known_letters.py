"""What earlier looks at a mailbox say of the letters in its list today."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from checks.facts import Letter, LetterState
from checks.letter_words import is_answered, is_declined
from crawler.readers.mail.build import merge

# The national veto looks back one year; older letters are no reason to read on.
PERIOD = timedelta(days=365)
# How long the days of an answer are asked for again, where only the answer was seen.
RETRY = timedelta(days=14)

Before = Mapping[str, LetterState]


def before_of(states: Iterable[LetterState]) -> dict[str, LetterState]:
    """The letters that the page itself showed before, by number.

    What an export holds is no sighting of the page: it has no address, and may never be listed.
    """
    return {state.letter.ref: state for state in states if not state.method.brought}


def call_for_more(letters: Iterable[Letter], before: Before, today: date) -> bool:
    """Does a page with these letters call for the next: is one of them new, or still open?"""
    for letter in letters:
        known = before.get(letter.ref)
        days = (letter.received_on, letter.accepted_on, letter.replied_on)
        day = next((each for each in days if each), today)
        settled = known is not None and (_is_done(letter) or _is_done(known.letter))
        if not settled and day >= today - PERIOD:
            return True
    return False


def still_sought(listed: Collection[str], before: Before) -> bool:
    """Is an open letter, which only the list can show, not yet among those listed?"""
    return any(letter.url is None for letter in gone(listed, before))


def gone(listed: Collection[str], before: Before) -> list[Letter]:
    """Which letters were open before and are not in the list any more?"""
    return [
        state.letter
        for ref, state in before.items()
        if ref not in listed and not _is_done(state.letter)
    ]


def as_it_stands(row: Letter, known: LetterState | None, at: datetime) -> Letter | None:
    """The letter, when its own page has nothing more to tell; None when it must be looked at.

    A letter is settled when it was declined, when its days of receipt and reply are known, or
    when its answer was seen and the missing day has been asked for long enough. An answer
    seen before is still one, in its own words.
    """
    letter = with_days_of(known.letter, row) if known else row
    timed = letter.replied_on is not None and bool(letter.received_on or letter.accepted_on)
    if not (timed or is_declined(letter) or (known and _asked_enough(letter, known, at))):
        return None
    if known is None or not _is_done(known.letter):
        return letter
    return replace(merge(known.letter, letter), url=letter.url)


def with_days_of(known: Letter, row: Letter) -> Letter:
    """The row with the days it does not show itself but an earlier look saw."""
    return replace(
        row,
        received_on=row.received_on or known.received_on,
        accepted_on=row.accepted_on or known.accepted_on,
        replied_on=row.replied_on or known.replied_on,
    )


def _asked_enough(letter: Letter, known: LetterState, at: datetime) -> bool:
    same = letter.status in (None, known.letter.status)
    return same and is_answered(known.letter) and at - known.first_seen_at > RETRY


def _is_done(letter: Letter) -> bool:
    return is_answered(letter) or is_declined(letter)
