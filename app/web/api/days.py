"""Judged days and other long computations of the JSON interface: one at a time, never unbounded."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from fastapi import HTTPException, Request

from app.day import Day, NoLawError, judge_day
from app.home import Home
from app.settings import Settings
from app.web.api.answers import WORDS
from app.web.shown import own_unit
from checks.freshness import local_day
from checks.rules import Law
from storage.clock import now
from storage.ledger import Ledger, Visitor
from storage.ledger.state import State

WAITING, HELD = 4, 3


@dataclass(frozen=True, slots=True)
class Rests:
    """All that a judged day rests on: equal, and it comes out again."""

    as_of: date
    today: date
    law: Law
    state: State


class Days:
    """The last few judged days. Unlike the pages', none is shown when it may have changed.

    A county after ten years takes one to two seconds to judge: one at a time is, a few may wait,
    and whoever comes then is told to come again, so that the pages keep their threads.
    """

    def __init__(self, home: Home, ledger: Ledger) -> None:
        self._home, self._ledger = home, ledger
        self._held: deque[tuple[Rests, Day]] = deque(maxlen=HELD)
        self._places = threading.BoundedSemaphore(1 + WAITING)
        self._one = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn of a long computation. Raises HTTPException (503) where many wait."""
        if not self._places.acquire(blocking=False):
            raise HTTPException(503, WORDS[503], {"Retry-After": "5"})
        try:
            with self._one:
                yield
        finally:
            self._places.release()

    def of(self, as_of: date | None) -> Day:
        """How did everything stand on that day (None: today)?

        Raises HTTPException: 404 no rules were in force, 503 many wait. And what judging raises.
        """
        settings, today = self._home.settings(), local_day(now())
        rests = Rests(as_of or today, today, self._home.law(settings), self._ledger.state())
        held = self._found(rests)
        if held is not None:
            return held
        with self.turn():
            held = self._found(rests)
            if held is None:
                held = self._judged(settings, rests.as_of)
                self._held.append((rests, held))
            return held

    def _judged(self, settings: Settings, as_of: date) -> Day:
        try:
            return judge_day(self._home, settings, self._ledger, as_of)
        except NoLawError as error:
            raise HTTPException(404, str(error)) from error

    def _found(self, rests: Rests) -> Day | None:
        return next((day for known, day in tuple(self._held) if known == rests), None)


def day_for(request: Request, visitor: Visitor, as_of: date | None) -> Day:
    """The judged day as far as the visitor may see it: of a viewer's unit nothing but its own."""
    days: Days = request.app.state.days
    day, own = days.of(as_of), own_unit(visitor)
    if own is None:
        return day
    bench = day.bench
    narrow = replace(
        bench,
        rows=tuple(row for row in bench.rows if row.subject.unit == own),
        letters=tuple(row for row in bench.letters if row.unit == own),
        duties=tuple(row for row in bench.duties if row.subject.unit == own),
    )
    return replace(day, bench=narrow)
