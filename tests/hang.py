"""A guard against hanging: not how fast something is, only that it ends."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def no_hang(seconds: int = 120) -> Iterator[None]:
    """Fail instead of running for ever. Generous: a slow machine is no failure."""

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"still running after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
