"""What an assessment is made of: one unit, one period, and all that is known of them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from checks.periods import DAY, Days

CYCLE_MONTHS = {"quarter": 3, "half_year": 6, "year": 12}


class CaseError(ValueError):
    """A case that cannot be assessed: every entry, finding and declaration at fault, at once."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One finding as scoring needs it.

    `subject` is such as `column:c1`; `letter` is empty but in a mailbox. `ended_on` is the first
    day on which it no longer stood, None while it stands. `days_over` are calendar days past due
    of columns and accounts, working days of letters, None where there are none. `confirmed`: a
    person has confirmed it; `appealed`: an appeal is open; `provisional`: its deadline rests on a
    year without a published holiday plan; `fixed_in_time`: rectified on or before the
    rectification deadline; `urged_on`: each 通报督办. `calendar_version` is that of
    the day it was found, None: not known.
    """

    id: int
    pack: str
    rule: str
    rule_version: str
    calendar_version: str | None
    severity: str
    subject: str
    kind: str
    opened_on: date
    column_class: str | None = None
    letter: str = ""
    ended_on: date | None = None
    days_over: int | None = None
    confirmed: bool = False
    dismissed: bool = False
    waived: bool = False
    appealed: bool = False
    provisional: bool = False
    fixed_in_time: bool = False
    urged_on: tuple[date, ...] = ()

    def stood(self, as_of: date) -> Days:
        """On which days did it stand, as known on `as_of`? One that was over when found: one."""
        last = as_of if self.ended_on is None else min(as_of, self.ended_on - DAY)
        return Days(self.opened_on, max(self.opened_on, last))


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person entered: so many events of an item, or the points of a section by hand.

    `item` is the id of an item or of a section; `points` only where the scheme leaves them to the
    person, and then in all. `on` is the day that it speaks of, not that of typing: it belongs to
    the period of that day, a review made afterwards too.
    """

    id: str
    item: str
    count: int
    evidence: str
    by: str
    on: date
    level: str | None = None
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of one month (`2026-07`), such as published items. None: not known, never 0."""

    name: str
    month: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """One unit in one period, as known at the end of `as_of`.

    `lacks` are the ids of sections of which it was declared that the unit has nothing of the kind.
    """

    unit: str
    unit_name: str
    unit_kind: str
    period: Days
    as_of: date
    findings: tuple[Scored, ...] = ()
    entries: tuple[Entry, ...] = ()
    measures: tuple[Measure, ...] = ()
    lacks: tuple[str, ...] = ()

    def counts(self, entry: Entry) -> bool:
        """Does the entry speak of a day of this period that has come?"""
        return entry.on in self.period and entry.on <= self.as_of


def cycle_of(period: Days) -> str | None:
    """Is the period a calendar quarter, half-year or year? None: none of them."""
    months = months_of(period)
    whole = period.first.day == 1 and _ends_month(period.last)
    for cycle, count in CYCLE_MONTHS.items():
        if whole and len(months) == count and (period.first.month - 1) % count == 0:
            return cycle
    return None


def months_of(period: Days) -> tuple[str, ...]:
    """Which months, such as `2026-07`, lie wholly in the period?"""
    index = period.first.year * 12 + period.first.month - (1 if period.first.day == 1 else 0)
    last = period.last
    after = last.year * 12 + last.month - (0 if _ends_month(last) else 1)
    return tuple(f"{each // 12:04d}-{each % 12 + 1:02d}" for each in range(index, after))


def _ends_month(day: date) -> bool:
    # No day follows the last of the year 9999: a day more would be a fault of ours.
    return day.day == monthrange(day.year, day.month)[1]
