"""What was seen and is not yet in the ledger: held in memory, so not without bound."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from storage.ledger import Noticed, Sighting

Seen = Sighting | Noticed
AT_ONCE = "LEDGER_BATCH"  # the setting that names another number
BATCH = 32
MOST_BYTES = 16 * 2**20  # of answers


class Backlog:
    """Looks that are not written yet. While `room` is not set, no further look may begin."""

    def __init__(self, at_once: int = BATCH) -> None:
        self.room = asyncio.Event()
        self.room.set()
        # Written one by one, none begins before the last one is in the ledger.
        self._most = 2 * at_once - 1
        self._looks = 0
        self._bytes = 0

    @property
    def heavy(self) -> bool:
        return self._bytes >= MOST_BYTES

    def add(self, seen: Seen) -> None:
        self._change([seen], 1)

    def written(self, batch: Iterable[Seen]) -> None:
        self._change(batch, -1)

    def _change(self, batch: Iterable[Seen], sign: int) -> None:
        for seen in batch:
            self._looks += sign
            self._bytes += sign * _size(seen)
        if self._looks < self._most and not self.heavy:
            self.room.set()
        else:
            self.room.clear()


def _size(seen: Seen) -> int:
    own = seen.captures if isinstance(seen, Sighting) else ()
    noted = (note.capture for note in seen.notes if note.capture is not None)
    return sum(len(each.body) for each in (*own, *noted))
