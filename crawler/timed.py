"""How long did a page take, without the time it waited for its turn?"""

from __future__ import annotations

from time import monotonic

STOPWATCH = "stopwatch"  # in a request's meta: how long its page takes
BUDGET = "budget"  # likewise: what its subject has taken so far, robots.txt included


class Stopwatch:
    """Adds up the time of a request and its redirects, which share one stopwatch in `meta`."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @property
    def ms(self) -> int:
        """Whole milliseconds, rounded down: a page is slow only once the time is full."""
        return int(self.seconds * 1000)

    def __enter__(self) -> None:
        self._begun = monotonic()

    def __exit__(self, *error: object) -> None:
        self.seconds += monotonic() - self._begun
