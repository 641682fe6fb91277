"""Working days as the State Council sets them, and calendar arithmetic for update windows.

A year is covered by its official plan or it is not: beyond the plans every answer is
`provisional`, and nothing provisional is ever scored (民法典 201, 203; 行政许可法 82).
"""

from __future__ import annotations

import calendar as gregorian
import hashlib
import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import chinese_calendar.constants as official

ONE_DAY = timedelta(days=1)
CHINESE_UNITS = {
    "day": "天",
    "month": "个月",
    "working day": "个工作日",
    "cycle": "个更新周期",
}


class CalendarError(ValueError):
    """A holiday file that cannot be trusted: what is wrong, and in which file."""


@dataclass(frozen=True, slots=True)
class YearPlan:
    """One year's plan: rest days (weekends included or not) and make-up working days."""

    year: int
    off: frozenset[date]
    work: frozenset[date]
    source: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last good day; `provisional` when a day on the way has no published plan."""

    on: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class WorkDays:
    """A number of working days; `provisional` as for `Deadline`."""

    count: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The plans of all covered years. A value: two equal calendars answer alike."""

    plans: Mapping[int, YearPlan]
    # Counted once a year: years of letters ask for the same days again and again.
    _counts: dict[int, tuple[int, Sequence[int]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def last_year(self) -> int:
        return max(self.plans)

    @property
    def version(self) -> str:
        """Which calendar is this? Short hash over every plan, printed in reports."""
        lines = (
            f"{plan.year} {sorted(map(str, plan.off))} {sorted(map(str, plan.work))}"
            for _, plan in sorted(self.plans.items())
        )
        return f"cn-{self.last_year}-" + hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]

    def covers(self, day: date) -> bool:
        return day.year in self.plans

    def is_working_day(self, day: date) -> bool:
        """Is this a working day? Where `covers(day)` is false: Monday to Friday, not 1 January."""
        plan = self.plans.get(day.year)
        if plan is None:
            return day.weekday() < 5 and (day.month, day.day) != (1, 1)
        return day in plan.work or (day.weekday() < 5 and day not in plan.off)

    def nth_working_day_after(self, day: date, n: int) -> Deadline:
        """Which day is the n-th working day strictly after `day`? (n >= 1)"""
        if n < 1:
            raise ValueError(f"a limit of {n} working days has no last day; 1 or more expected")
        year, wanted = day.year, self._until(day) + n
        while wanted > (counted := self._counted(year)[1])[-1]:
            wanted -= counted[-1]
            year += 1
        last = date(year, 1, 1) + ONE_DAY * bisect_left(counted, wanted)
        return Deadline(last, not self._covers_all(day, last))

    def working_days_between(self, start: date, end: date) -> WorkDays:
        """How many working days lie after `start`, up to and including `end`? 0 if none."""
        if end <= start:
            return WorkDays(0, False)
        count = self._until(end) - self._until(start)
        for year in range(start.year, end.year):
            count += self._counted(year)[1][-1]
        return WorkDays(count, not self._covers_all(start, end))

    def _covers_all(self, start: date, end: date) -> bool:
        """Is there a plan for every day after `start`, up to and including `end`?"""
        first = (start + ONE_DAY).year
        if first == end.year:
            return first in self.plans
        return all(year in self.plans for year in range(first, end.year + 1))

    def _until(self, day: date) -> int:
        first, counted = self._counted(day.year)
        return counted[day.toordinal() - first]

    def _counted(self, year: int) -> tuple[int, Sequence[int]]:
        """A year's first day as a number, and its working days up to each day, inclusive."""
        held = self._counts.get(year)
        if held is None:
            first = date(year, 1, 1)
            days = (first + ONE_DAY * n for n in range(365 + gregorian.isleap(year)))
            counted = tuple(accumulate(map(self.is_working_day, days)))
            held = self._counts[year] = (first.toordinal(), counted)
        return held


@dataclass(frozen=True, slots=True)
class Limit:
    """A span as the rules write it: `14 days`, `6 months`, `5 working days`."""

    n: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Limit:
        """Read a span. Raises ValueError naming the forms that are understood."""
        match = re.fullmatch(r"\s*(\d{1,4})\s+(day|week|month|year|working day)s?\s*", text)
        if match is None or int(match[1]) == 0:
            raise ValueError(
                f"{text!r} is not a span; expected such as '14 days', '6 months', '5 working days'"
            )
        n, unit = int(match[1]), match[2]
        if unit == "week":
            n, unit = n * 7, "day"
        if unit == "year":
            n, unit = n * 12, "month"
        return cls(n, unit)

    def __str__(self) -> str:
        return f"{self.n} {self.unit}" + ("s" if self.n != 1 else "")

    @property
    def chinese(self) -> str:
        return f"{self.n}{CHINESE_UNITS[self.unit]}"


@lru_cache(maxsize=256)  # asked of every letter, for the one day judged
def months_before(day: date, months: int) -> date:
    """Which day is `months` calendar months earlier? 31 August minus 6 is 28 or 29 February."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def last_good_day(newest: date, limit: Limit, calendar: WorkCalendar) -> Deadline:
    """Until which day, inclusive, is something of `newest` still within the limit?

    Months: the last day D with `newest >= D - months` (the annual report: late when the date is
    before as_of minus 6 calendar months, clamped), so from a month's last day the span ends
    on a month's last day: 30 November + 6 months is 31 May.
    """
    if limit.unit == "working day":
        return calendar.nth_working_day_after(newest, limit.n)
    if limit.unit == "cycle":
        raise ValueError(f"{limit} is not a span; ask the rule for the subject's own")
    if limit.unit == "day":
        return Deadline(newest + ONE_DAY * limit.n, provisional=False)
    due = months_before(newest, -limit.n)
    if newest.day == gregorian.monthrange(newest.year, newest.month)[1]:
        due = due.replace(day=gregorian.monthrange(due.year, due.month)[1])
    return Deadline(due, provisional=False)


def days_until(due: date, as_of: date, unit: str, calendar: WorkCalendar) -> int:
    """How far is `due` ahead of `as_of`, counted in the unit of a warning span?"""
    if unit == "working day":
        return calendar.working_days_between(as_of, due).count
    return (due - as_of).days


def published_plans() -> dict[int, YearPlan]:
    """Which years does the chinesecalendar package cover, and with which days?"""
    plans: dict[int, YearPlan] = {}
    years = {day.year for day in official.holidays}
    for year in sorted(years):
        off = frozenset(day for day in official.holidays if day.year == year)
        work = frozenset(day for day in official.workdays if day.year == year)
        plans[year] = YearPlan(year, off, work, "chinesecalendar")
    return plans


def read_plan(text: str, origin: str) -> YearPlan:
    """Read one holiday file (TOML: year, source, off, work). Raises CalendarError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CalendarError(f"{origin}: not TOML: {error}") from error
    if missing := {"year", "source", "off", "work"} - data.keys():
        raise CalendarError(f"{origin}: missing {', '.join(sorted(missing))}")
    year = data["year"]
    if type(year) is not int or not date.min.year <= year <= date.max.year:
        raise CalendarError(f"{origin}: year: {year!r}; expected a number such as 2027")
    for name in ("off", "work"):
        if not isinstance(data[name], list):
            raise CalendarError(f"{origin}: {name}: {data[name]!r}; expected a list of days")
        # A TOML date with a time of day is no `date`: it would equal no day and go unnoticed.
        wrong = [day for day in data[name] if type(day) is not date or day.year != year]
        if wrong:
            raise CalendarError(f"{origin}: {name}: {wrong[0]!r} is not a day of {year}")
    if date(year, 1, 1) not in data["off"]:
        raise CalendarError(f"{origin}: off: 1 January is missing; this is no plan of {year}")
    if both := set(data["off"]) & set(data["work"]):
        raise CalendarError(f"{origin}: {min(both)} is both off and work")
    return YearPlan(year, frozenset(data["off"]), frozenset(data["work"]), str(data["source"]))


def load_calendar(folders: Iterable[Path] = ()) -> WorkCalendar:
    """Build the calendar: the package's plans, then our own files, later folders winning.

    Raises CalendarError naming the file at fault.
    """
    plans = published_plans()
    for folder in (Path(__file__).parent / "holidays", *folders):
        for path in sorted(folder.glob("*.toml")):
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                raise CalendarError(f"{path}: not UTF-8: {error}") from error
            plan = read_plan(text, str(path))
            plans[plan.year] = plan
    return WorkCalendar(plans)
