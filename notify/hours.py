"""When may a mail that is not urgent leave? On working days, outside the quiet hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from checks.calendar import WorkCalendar
from checks.freshness import SHANGHAI

FORM = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `begins` in the evening to `ends` in the morning, exclusive, and on rest days wholly.

    Times of day in Asia/Shanghai.
    """

    begins: time
    ends: time

    @classmethod
    def parse(cls, text: str) -> Quiet | None:
        """`18:00-08:30`; empty: None. Raises ValueError saying what was expected."""
        if not text.strip():
            return None
        match = FORM.fullmatch(text.strip())
        hours = [int(part) for part in match.groups()] if match else [0, 0, 0, 0]
        begins, ends = time(hours[0], hours[1]), time(hours[2], hours[3])
        if begins <= ends:
            raise ValueError(f"{text!r}：应为晚间到次日早晨的时段，如 18:00-08:30；不设则留空")
        return cls(begins, ends)


def next_opening(at: datetime, quiet: Quiet | None, calendar: WorkCalendar) -> datetime:
    """When, at or after `at` (aware), may a message leave that can wait? UTC.

    Working days are the State Council's; of a year without a plan Monday to Friday but 1 January.
    """
    local = at.astimezone(SHANGHAI)
    if quiet is None:
        return at
    if calendar.is_working_day(local.date()) and local.time() < quiet.begins:
        return max(at, _morning(local.date(), quiet))
    day = local.date() + timedelta(days=1)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return _morning(day, quiet)


def _morning(day: date, quiet: Quiet) -> datetime:
    return datetime.combine(day, quiet.ends, SHANGHAI).astimezone(UTC)
