"""The quarter a notice speaks of, written `2026Q4`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from checks.periods import Days, read_period

NUMBERS = "一二三四"


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter of a year, `number` 1 to 4. Days are Asia/Shanghai days."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read `2026Q4`. Raises ValueError naming the form."""
        if re.fullmatch(r"\d{4}Q[1-4]", text, re.ASCII) is None or text.startswith("0000"):
            raise ValueError(f"{text!r} is not a quarter; expected such as '2026Q4'")
        return cls(int(text[:4]), int(text[5]))

    @classmethod
    def containing(cls, day: date) -> Quarter:
        return cls(day.year, (day.month + 2) // 3)

    @property
    def days(self) -> Days:
        return read_period(str(self))

    @property
    def first(self) -> date:
        return self.days.first

    @property
    def last(self) -> date:
        return self.days.last

    @property
    def before(self) -> Quarter:
        return Quarter(self.year - (self.number == 1), (self.number + 2) % 4 + 1)

    @property
    def after(self) -> Quarter:
        return Quarter(self.year + (self.number == 4), self.number % 4 + 1)

    @property
    def chinese(self) -> str:
        return f"{self.year}年第{NUMBERS[self.number - 1]}季度"

    def __str__(self) -> str:
        return f"{self.year:04d}Q{self.number}"
