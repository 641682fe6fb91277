"""The days of a subject's items as a calendar, with the line that its limit draws. Pure.

A gap is held against nobody here by the dates alone: it is called over the limit only where a good
look fell into it and showed nothing newer, or today's judgement says so. Any other is a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from checks.calendar import Limit, WorkCalendar, last_good_day, months_before
from checks.facts import Judgement, Verdict
from checks.rules import Rule
from storage.ledger.pasts import DayLook, ItemDays

DAY = timedelta(days=1)
MONTHS = 24
AHEAD = 6  # so many months ahead the due day is still drawn
STEPS = (1, 2, 4, 7)  # from so many items a day on, the next shade
OVER, DOUBT, DUE = "over", "doubt", "due"
WORDS = {OVER: "超", DOUBT: "疑", DUE: "期"}


@dataclass(frozen=True, slots=True)
class Line:
    """The limit that is drawn: of which rule, how long, and how the subject stands under it."""

    rule: Rule
    limit: Limit
    row: Judgement


@dataclass(frozen=True, slots=True)
class Gap:
    """A pause longer than the limit. `due` is its last good day, `until` the day on which it
    ended, None: not yet. `days_over` are the days past `due`; `sure`: a look bears it out."""

    after: date
    due: date
    until: date | None
    days_over: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: how many items bear it, its shade from 0 to 4, and what the limit makes of it."""

    on: date
    count: int
    shade: int
    mark: str
    ahead: bool

    @property
    def words(self) -> str:
        """What stands in it: the count, else the word of the mark."""
        return f"{self.count or ''}{WORDS.get(self.mark, '')}"


@dataclass(frozen=True, slots=True)
class Heat:
    """Months with their days, first to last; the gaps, last first. `due` is the present line."""

    months: Sequence[tuple[str, Sequence[Cell]]]
    gaps: Sequence[Gap]
    line: Line | None
    due: date | None
    watched: date | None
    total: int

    def chart(self) -> dict[str, Any]:
        """The same for the drawing: twelve months to a stretch."""
        cells = [cell for _, days in self.months for cell in days]
        marked = {mark: [str(cell.on) for cell in cells if cell.mark == mark] for mark in WORDS}
        years = [self.months[at : at + 12] for at in range(0, len(self.months), 12)]
        return {
            "ranges": [[str(year[0][1][0].on), str(year[-1][1][-1].on)] for year in years],
            "counts": [[str(cell.on), cell.count] for cell in cells if cell.count],
            **marked,
        }


def first_day(as_of: date) -> date:
    """With which day does the calendar of 24 months begin?"""
    return months_before(as_of.replace(day=1), MONTHS - 1)


def line_of(rows: Sequence[Judgement], rules: Mapping[tuple[str, str], Rule], as_of: date,
            calendar: WorkCalendar) -> Line | None:  # fmt: skip
    """Which limit is drawn? The shortest of the verified ones, where there are any; None: none."""
    lines = [
        Line(rule, rule.limit_for(row.subject), row)
        for row in rows
        if (rule := rules.get((row.pack or "", row.rule or ""))) is not None
        and row.verdict is not Verdict.EXEMPT
    ]
    return min(
        lines,
        key=lambda line: (not line.rule.verified, last_good_day(as_of, line.limit, calendar).on),
        default=None,
    )


def heat(
    days: ItemDays, line: Line | None, watched: date | None, as_of: date, calendar: WorkCalendar
) -> Heat:
    """The calendar up to the day judged, and on to the due day where it lies ahead.

    `watched` is the day of the first good look, None: there was none.
    """
    gaps = list(gaps_of(days, line, watched, as_of, calendar)) if line is not None else []
    due = line.row.due if line is not None else None
    marks = _marks(gaps, due, as_of)
    first, end = first_day(as_of), max(as_of, due or as_of)
    last_month = min(end, months_before(as_of, -AHEAD)).replace(day=1)
    months = [
        (f"{month:%Y-%m}", [_cell(on, days.counts.get(on, 0), marks, as_of) for on in _days(month)])
        for month in _months(first, last_month)
    ]
    return Heat(months, gaps[::-1], line, due, watched, sum(days.counts.values()))


def gaps_of(
    days: ItemDays, line: Line, watched: date | None, as_of: date, calendar: WorkCalendar
) -> Iterator[Gap]:
    """Every pause longer than the limit as it is in force now, oldest first.

    Pauses that had ended before the first look are left out, for an old pinned row makes a pause
    of months, and those that were over before the rule was in force. The last one is today's
    judgement: over the limit where that says so, a doubt where it says that it is not known.
    """
    newest, judged = line.row.newest, line.row
    known = sorted({*days.counts, *filter(None, (days.before, newest))})
    for after, until in pairwise(known):
        if newest is not None and after >= newest:
            break
        due = last_good_day(after, line.limit, calendar)
        before = watched is None or until <= watched or due.on < line.rule.effective_from
        if due.on + DAY < until and not before:
            sure = not due.provisional and _seen(days.looks, after, due.on, until)
            yield Gap(after, due.on, until, (until - due.on).days - 1, sure)
    if newest is not None and judged.due is not None and judged.due < as_of:
        sure = judged.verdict is Verdict.OVERDUE
        yield Gap(newest, judged.due, None, (as_of - judged.due).days, sure)


def _seen(looks: Sequence[DayLook], after: date, due: date, until: date) -> bool:
    """Was the list seen past its due day, with nothing newer in it and nothing in doubt?"""
    return any(
        due < look.on < until and look.newest <= after and not look.unresolved for look in looks
    )


def _marks(gaps: Sequence[Gap], due: date | None, as_of: date) -> dict[date, str]:
    marks = {} if due is None else {due: DUE}
    for gap in gaps:
        marks[gap.due] = DUE
        end = gap.until or as_of + DAY
        over = OVER if gap.sure else DOUBT
        marks |= {gap.due + DAY * n: over for n in range(1, (end - gap.due).days)}
    return marks


def _cell(on: date, count: int, marks: Mapping[date, str], as_of: date) -> Cell:
    shade = sum(count >= step for step in STEPS)
    return Cell(on, count, shade, marks.get(on, ""), on > as_of)


def _months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = months_before(first, -1)


def _days(month: date) -> Iterator[date]:
    on = month
    while on.month == month.month:
        yield on
        on += DAY
