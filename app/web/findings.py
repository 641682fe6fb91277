"""All findings as they stand, read once: of ten years of events, those of today are read anew."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from checks.lifecycle import Finding
from storage.ledger import Ledger


class Findings:
    """Every finding by number. Safe to be asked by many threads."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._held: Mapping[int, Finding] = {}
        self._last = 0
        self._reading = threading.Lock()

    def current(self) -> Mapping[int, Finding]:
        """The findings with everything that has been written by now."""
        with self._reading:
            moved, self._last = self._ledger.findings_after(self._last)
            if moved:
                self._held = {**self._held, **{each.id: each for each in moved}}
            return self._held
