"""The judged day that pages show: judged once, renewed when what it rests on has changed.

A county after ten years takes a second to judge; nobody waits for it. The last day is shown until
its successor stands, and every page says of when it is.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.day import Day, judge_day
from app.home import Home
from app.standing import places_of
from checks.freshness import local_day
from checks.watch import Place
from storage.clock import now
from storage.ledger import Ledger
from storage.ledger.state import State

log = logging.getLogger("xunjian.web")
SOONEST = timedelta(seconds=30)  # a crawl changes the ledger all the time
OLDEST = timedelta(minutes=10)  # rules, holidays and settings are files: nothing tells of a change


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One judged day, when it was judged, and what of the ledger it rests on.

    `places` are how sites and accounts stand under the indicators.
    """

    day: Day
    places: tuple[Place, ...]
    at: datetime
    state: State


class Snapshots:
    """The last snapshot. Safe to be asked by many threads; one at a time judges."""

    def __init__(self, home: Home, ledger: Ledger) -> None:
        self._home, self._ledger = home, ledger
        self._last: Snapshot | None = None
        self._judging = threading.Lock()

    def current(self) -> Snapshot:
        """The day as it stands, or as it stood a moment ago while the new one is being judged.

        The first who asks waits. Raises what judging raises where there is nothing to show.
        """
        last = self._last
        if last is None or local_day(last.at) != local_day(now()):
            with self._judging:
                if self._last is None or local_day(self._last.at) != local_day(now()):
                    self._last = self._judged()
                return self._last
        age = now() - last.at
        if age > OLDEST or (age > SOONEST and self._ledger.state() != last.state):
            self.prepare()
        return last

    def prepare(self) -> None:
        """Judge the day in the background, so that nobody waits for it."""
        threading.Thread(target=self._renew, daemon=True).start()

    def _renew(self) -> None:
        if not self._judging.acquire(blocking=False):
            return
        try:
            self._last = self._judged()
        except Exception:
            log.exception("the day could not be judged anew; the last one is still shown")
        finally:
            self._judging.release()

    def _judged(self) -> Snapshot:
        state = self._ledger.state()
        day = judge_day(self._home, self._home.settings(), self._ledger)
        places = places_of(day, self._ledger.once_dismissed(day.cutoff))
        return Snapshot(day, places, now(), state)
