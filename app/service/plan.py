"""When is a task due, and does one wait to be caught up? Pure: cron lines and instants in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from apscheduler.triggers.cron import CronTrigger

from checks.freshness import SHANGHAI, local_day


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a task: its last success, and until when it is to be left alone."""

    last_success: datetime | None = None
    not_before: datetime | None = None


def trigger_of(line: str) -> CronTrigger:
    """A cron line in Asia/Shanghai. Raises ValueError."""
    return CronTrigger.from_crontab(line, timezone=SHANGHAI)


def due_since(line: str, since: datetime, present: datetime) -> datetime | None:
    """The first instant after `since` at which the task should have run; None: none has passed."""
    fire = trigger_of(line).get_next_fire_time(None, since + timedelta(seconds=1))
    return fire if fire is not None and fire <= present else None


def is_owed(line: str, standing: Standing, since: datetime, present: datetime) -> bool:
    """Is a run to be caught up now? However many were missed, it is one.

    `since` is when the service first served: nothing before it was ever promised.
    """
    if due_since(line, standing.last_success or since, present) is None:
        return False
    return standing.not_before is None or standing.not_before <= present


def samples_a_day(line: str, gap: timedelta, present: datetime) -> int:
    """How many probes of the day after `present` are far enough apart to count as samples?"""
    trigger = trigger_of(line)
    start = datetime.combine(local_day(present) + timedelta(days=1), time(), SHANGHAI)
    count, last, fire = 0, None, trigger.get_next_fire_time(None, start)
    while fire is not None and fire < start + timedelta(days=1):
        if last is None or fire - last >= gap:
            count, last = count + 1, fire
        fire = trigger.get_next_fire_time(fire, fire + timedelta(seconds=1))
    return count
