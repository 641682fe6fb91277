"""Stretches of days: a year, a half, a quarter, a month or a week, and how stretches join."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
EXPECTED = "expected such as '2026', '2026H1', '2026Q4', '2026-11' or '2026W47'"


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """The Asia/Shanghai days from `first` to `last`, both inclusive; never empty."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"the days from {self.first} to {self.last} are none")

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def common(self, other: Days) -> Days | None:
        """Which days do both have? None: none."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Days(first, last) if first <= last else None


def read_period(text: str) -> Days:
    """Read `2026`, the half `2026H1`, `2026Q4`, `2026-11` or the ISO week `2026W47`.

    Raises ValueError naming the form, and a week or month that does not exist.
    """
    if "W" in text:
        year, week = read_week(text)
        return Days(date.fromisocalendar(year, week, 1), date.fromisocalendar(year, week, 7))
    match = re.fullmatch(r"(\d{4})(?:Q([1-4])|-(\d{2})|H([12]))?", text, re.ASCII)
    if match is None or match[1] == "0000":
        raise ValueError(f"{text!r} is not a period; {EXPECTED}")
    year = int(match[1])
    if match[3] is not None and not 1 <= int(match[3]) <= 12:
        raise ValueError(f"{text!r}: there is no month {match[3]}")
    if match[4]:
        return _months(year, 6 * int(match[4]) - 5, 6 * int(match[4]))
    if match[2]:
        return _months(year, 3 * int(match[2]) - 2, 3 * int(match[2]))
    return _months(year, int(match[3] or 1), int(match[3] or 12))


def read_week(text: str) -> tuple[int, int]:
    """Year and number of the ISO week `2026W47`. Raises ValueError as `read_period` does."""
    match = re.fullmatch(r"(\d{4})W(\d{2})", text, re.ASCII)
    if match is None:
        raise ValueError(f"{text!r} is not a week; expected such as '2026W47'")
    year, week = int(match[1]), int(match[2])
    try:
        date.fromisocalendar(year, week, 1)
    except ValueError as error:
        raise ValueError(f"{text!r}: the year {year} has no week {week}") from error
    return year, week


def _months(year: int, first: int, last: int) -> Days:
    return Days(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


def joined(stretches: Iterable[Days]) -> tuple[Days, ...]:
    """The same days in as few stretches as possible, earliest first: what touches is one."""
    found: list[Days] = []
    for each in sorted(stretches):
        if found and each.first <= found[-1].last + DAY:
            found[-1] = Days(found[-1].first, max(found[-1].last, each.last))
        else:
            found.append(each)
    return tuple(found)
