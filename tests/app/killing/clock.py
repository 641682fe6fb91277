"""The clock of every killed cycle and of the one that follows: ten o'clock on a Wednesday.

What is judged and told depends on the day and the hour. A home begins at `TEN` and goes on at the
pace of the world, so no test of it ever meets midnight, quiet hours or a holiday.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from checks.freshness import SHANGHAI

TEN = datetime(2026, 11, 25, 10, tzinfo=SHANGHAI)


def since(begun: float) -> datetime:
    """What time is it in a home that began then? `begun` is of `time.monotonic`, as is now."""
    return (TEN + timedelta(seconds=time.monotonic() - begun)).astimezone(UTC)
