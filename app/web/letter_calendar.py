"""A letter's deadline on a calendar: months of weeks of days, each saying what it is."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.web.letters import LATE
from checks.letter_days import CountedDay, DayKind, LetterDays
from checks.verdicts import LetterJudgement

REST = {DayKind.WEEKEND: "周末", DayKind.HOLIDAY: "节假日"}
MOST_MONTHS = 5


@dataclass(frozen=True, slots=True)
class Square:
    """One day: `words` say what it is to the letter, none where it is before or after its days.

    `tone` is a class of the style sheet; it says nothing that the words do not.
    """

    on: date
    words: tuple[str, ...] = ()
    tone: str = "out"


@dataclass(frozen=True, slots=True)
class Month:
    """One month, its weeks from Monday to Sunday; None: the day is of another month.

    `left_out` months lie between the one before and this, and are not shown.
    """

    year: int
    month: int
    weeks: tuple[tuple[Square | None, ...], ...]
    left_out: int = 0


def months_of(days: LetterDays, row: LetterJudgement, as_of: date) -> tuple[Month, ...]:
    """The months of the letter's days. Of many, those in which something happens."""
    squares = {each.on: _square(days, each, row, as_of) for each in days.days}
    named = list(dict.fromkeys((each.on.year, each.on.month) for each in days.days))
    if len(named) > MOST_MONTHS:
        told = (days.start, days.usual.on, days.due.on, days.days[-1].on)
        kept = {(day.year, day.month) for day in told}
        named = [each for each in named if each in kept]
    return tuple(_with_gaps([_month(year, month, squares) for year, month in named]))


def _with_gaps(months: Sequence[Month]) -> Iterator[Month]:
    before: int | None = None
    for each in months:
        number = each.year * 12 + each.month
        yield replace(each, left_out=0 if before is None else number - before - 1)
        before = number


def _month(year: int, month: int, squares: dict[date, Square]) -> Month:
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    shown = tuple(
        tuple(squares.get(day, Square(day)) if day.month == month else None for day in week)
        for week in weeks
    )
    return Month(year, month, shown)


def _square(days: LetterDays, each: CountedDay, row: LetterJudgement, as_of: date) -> Square:
    words = [*_happened(days, each, row, as_of), *_counted(days, each)]
    if each.on > days.due.on:
        words.append("超期" if row.verdict in LATE else "期限之后")
    if not each.planned:
        words.append("放假安排未公布，暂按平常推算")
    return Square(each.on, tuple(words), _tone(days, each, row))


def _happened(
    days: LetterDays, each: CountedDay, row: LetterJudgement, as_of: date
) -> Iterator[str]:
    if each.on == days.start:
        yield "收到（当日不计）"
    if each.on == row.letter.replied_on:
        yield "答复"
    elif each.on == as_of and row.letter.replied_on is None:
        yield "判定日"


def _counted(days: LetterDays, each: CountedDay) -> Iterator[str]:
    if each.kind in REST:
        yield REST[each.kind]
    elif each.kind is DayKind.MAKE_UP:
        yield "调休上班"
    mark = _mark(days, each.on)
    if each.number is None:
        if mark:
            yield mark
        return
    unit = "个工作日" if days.limit.unit == "working day" else "天"
    yield f"第{each.number}{unit}{f'（{mark}）' if mark else ''}"


def _mark(days: LetterDays, on: date) -> str:
    if on == days.due.on:
        word = "延期后的期限" if days.extended else "期限"
        return f"{word}，暂定" if days.due.provisional else word
    if on == days.usual.on:
        return "原期限"
    return "延期" if days.usual.on < on < days.due.on else ""


def _tone(days: LetterDays, each: CountedDay, row: LetterJudgement) -> str:
    if each.on == row.letter.replied_on:
        return "late" if row.verdict in LATE else "reply"
    if each.on == days.due.on:
        return "due"
    if each.on == days.start:
        return "start"
    if each.kind in REST:
        return "rest"
    return "over" if each.on > days.due.on and row.verdict in LATE else "counted"
