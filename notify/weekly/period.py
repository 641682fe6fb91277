"""The week a report speaks of: an ISO week, Monday to Sunday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from checks.periods import read_week

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """One ISO week, written `2026W47`. Days are Asia/Shanghai days."""

    year: int
    week: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2026W47`. Raises ValueError naming the form and a week that does not exist."""
        return cls(*read_week(text))

    @classmethod
    def containing(cls, day: date) -> Period:
        """Which week does this day belong to? 1 January may belong to the old year's last."""
        year, week, _ = day.isocalendar()
        return cls(year, week)

    @classmethod
    def last_full(cls, as_of: date) -> Period:
        """Which week is the last that was over before `as_of`? On a Sunday still last week."""
        return cls.containing(as_of - WEEK)

    @property
    def first(self) -> date:
        return date.fromisocalendar(self.year, self.week, 1)

    @property
    def last(self) -> date:
        return date.fromisocalendar(self.year, self.week, 7)

    @property
    def chinese(self) -> str:
        return f"{self.year}年第{self.week}周"

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.year:04d}W{self.week:02d}"
