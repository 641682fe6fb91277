"""How a service hears that it is to end."""

from __future__ import annotations

import signal
import threading
from types import FrameType


def when_asked() -> threading.Event:
    """Set by SIGTERM and SIGINT, from now on. For the main thread alone."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return stop
