"""Assessments as pages show them: computed once a period, renewed when what they rest on changes.

To compute one takes a second after ten years; as with the judged day, nobody waits for it twice.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.assessing import scheme_doubts
from app.assessment_steps import Assessment, assessment_of
from app.home import Home
from app.web.snapshot import OLDEST
from checks.freshness import local_day
from checks.lifecycle import Finding
from storage.clock import now
from storage.ledger import Ledger

log = logging.getLogger("xunjian.web")
MOST = 12  # periods that are held; a clerk compares two or three


@dataclass(frozen=True, slots=True)
class Computed:
    """One period's assessment, when it was computed, and on what of the ledger it rests.

    `present` are its findings as they stand now, by number; `doubts` what of its scheme finds
    nothing.
    """

    assessment: Assessment
    present: Mapping[int, Finding]
    doubts: tuple[str, ...]
    at: datetime
    state: tuple[object, ...]


class Computations:
    """The last computation of each period. Safe to be asked by many threads; one computes."""

    def __init__(self, home: Home, ledger: Ledger) -> None:
        self._home, self._ledger = home, ledger
        self._held: dict[str, Computed] = {}
        self._computing = threading.Lock()

    def current(self, period: str) -> Computed:
        """As it stands, or as it stood a moment ago while the new one is being computed.

        The first who asks waits. Raises SettingsError and ReportError as computing does.
        """
        held = self._held.get(period)
        if held is None or local_day(held.at) != local_day(now()):
            with self._computing:
                held = self._held.get(period)
                if held is None or local_day(held.at) != local_day(now()):
                    held = self._compute(period)
                return held
        if now() - held.at > OLDEST or self._state() != held.state:
            threading.Thread(target=self._renew, args=(period,), daemon=True).start()
        return held

    def renewed(self, period: str) -> Computed:
        """As it stands after a change that the asker has just made."""
        with self._computing:
            return self._compute(period)

    def _renew(self, period: str) -> None:
        if not self._computing.acquire(blocking=False):
            return
        try:
            self._compute(period)
        except Exception:
            log.exception("%s could not be computed anew; the last one is still shown", period)
        finally:
            self._computing.release()

    def _compute(self, period: str) -> Computed:
        home, ledger, state, present = self._home, self._ledger, self._state(), now()
        settings = home.settings()
        assessment = assessment_of(home, settings, ledger, period)
        shown = assessment.shown
        made = Computed(
            assessment,
            {each.id: each for each in ledger.findings() if each.id in shown.findings},
            scheme_doubts(shown.basis.scheme, home.law(settings)),
            present,
            state,
        )
        self._held.pop(period, None)
        self._held[period] = made
        for oldest in list(self._held)[:-MOST]:
            del self._held[oldest]
        return made

    def _state(self) -> tuple[object, ...]:
        return (*self._ledger.state(), *self._ledger.assessed_state())
