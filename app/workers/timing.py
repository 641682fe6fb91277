"""When is a subject to be looked at again? Pure: what is known of its looks in, an instant out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from zlib import crc32

from checks.freshness import SHANGHAI
from checks.verdicts import Judgement, LetterJudgement, Verdict
from storage.ledger import Due, Look

FIRST_RETRY = timedelta(hours=1)
STEADY = ((7, 2.0), (3, 1.5))  # so many looks in a row the same: so much longer until the next
PRESSING = 0.5
JITTER = 0.1  # of the time between two looks, half before and half after
JUST_OVERDUE = 7  # days for which a unit that is late may be expected to catch up soon
DAY = timedelta(days=1)


def after(due: Due, look: Look, every: timedelta, hours: str | None) -> Due:
    """The same subject after one more look at it: when is the next?

    A look that failed is tried again after an hour, then two, four and so on, at most `every`. A
    server that says "not modified" again and again is asked less often, but not where a limit is
    near. The last instant that was taken into account is never counted again.
    """
    if due.looked_at is not None and look.at <= due.looked_at:
        return due
    misses = 0 if look.seen else due.misses + 1
    same = due.same + 1 if look.seen and look.unchanged else 0
    known = replace(due, looked_at=look.at, misses=misses, same=same)
    wait = _varied(_wait(known, every), f"{due.subject} {look.at:%Y-%m-%d}")
    return replace(known, at=within(look.at + wait, hours))


def _wait(due: Due, every: timedelta) -> timedelta:
    if due.misses:
        return min(every, FIRST_RETRY * (1 << min(due.misses - 1, 10)))
    if due.pressing:
        return every * PRESSING
    return every * next((factor for looks, factor in STEADY if due.same >= looks), 1.0)


def _varied(wait: timedelta, key: str) -> timedelta:
    """A little more or less, the same for the same key: what was found together spreads out."""
    share = crc32(key.encode()) / 2**32 - 0.5
    return wait * (1 + JITTER * share)


def pressing(rows: Iterable[Judgement], letters: Iterable[LetterJudgement]) -> frozenset[str]:
    """Which subjects are near their limits, or just past them? Those are looked at more often."""
    near = {row.subject.key for row in rows if _presses(row)}
    return frozenset(near | {letter.mailbox.key for letter in letters if letter.near})


def _presses(row: Judgement) -> bool:
    if row.verdict is Verdict.OVERDUE:
        return (row.days_over or 0) <= JUST_OVERDUE
    return row.verdict is Verdict.DUE_SOON


def within(at: datetime, hours: str | None) -> datetime:
    """The first instant not before `at` at which the site may be visited. None: always."""
    if hours is None:
        return at
    begin, _, end = hours.partition("-")
    opens, closes = time.fromisoformat(begin), time.fromisoformat(end)
    local = at.astimezone(SHANGHAI)
    clock = local.time()
    inside = opens <= clock < closes if opens < closes else clock >= opens or clock < closes
    if inside:
        return at
    opening = datetime.combine(local.date(), opens, SHANGHAI)
    return (opening if opening >= local else opening + DAY).astimezone(at.tzinfo)
