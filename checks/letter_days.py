"""How is a letter's deadline counted, day by day? The same clock that judges it, written out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from checks.calendar import ONE_DAY, Deadline, Limit, WorkCalendar
from checks.facts import Letter
from checks.letter_clock import Clock


class DayKind(StrEnum):
    """What a day is to an office. A make-up day is a Saturday or Sunday on which it works."""

    WORKING = "working"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day after the receipt, or that day itself.

    `number` is the day's place in the count of the limit's unit, None where it is not counted: the
    day of receipt, and under working days every rest day. A month's limit counts plain days.
    `planned`: the year's holidays are published; else the day is assumed to be what its weekday is.
    """

    on: date
    kind: DayKind
    number: int | None
    planned: bool


@dataclass(frozen=True, slots=True)
class LetterDays:
    """The days of one letter from its receipt. `usual` is the deadline without an extension."""

    start: date
    limit: Limit
    usual: Deadline
    due: Deadline
    days: tuple[CountedDay, ...]

    @property
    def extended(self) -> bool:
        return self.due.on > self.usual.on


def letter_days(clock: Clock, letter: Letter, until: date | None = None) -> LetterDays | None:
    """Which days are counted from the receipt to the due day, or to `until` where that is later?

    None where the receipt is not known: nothing is counted then.
    """
    start = clock.receipt(letter)
    if start is None:
        return None
    limit, due = clock.limit_for(letter), clock.due(letter, start)
    usual = clock.due(replace(letter, extended_to=None), start)
    last = max(due.on, until or due.on)
    days = [start + ONE_DAY * n for n in range((last - start).days + 1)]
    counted = tuple(_counted(clock.calendar, limit, start, day) for day in days)
    return LetterDays(start, limit, usual, due, counted)


def day_kind(calendar: WorkCalendar, day: date) -> DayKind:
    """What is this day to an office, by the published plan of its year or by its weekday?"""
    weekend = day.weekday() >= 5
    if calendar.is_working_day(day):
        return DayKind.MAKE_UP if weekend else DayKind.WORKING
    plan = calendar.plans.get(day.year)
    named = plan is not None and day in plan.off
    return DayKind.HOLIDAY if named or not weekend else DayKind.WEEKEND


def _counted(calendar: WorkCalendar, limit: Limit, start: date, day: date) -> CountedDay:
    kind = day_kind(calendar, day)
    number: int | None = (day - start).days
    if limit.unit == "working day":
        rests = kind in (DayKind.WEEKEND, DayKind.HOLIDAY)
        number = None if rests else calendar.working_days_between(start, day).count
    return CountedDay(day, kind, number if day > start else None, calendar.covers(day))
