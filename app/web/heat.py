"""The days of a subject's items as a calendar, with the line that its limit draws. Pure.

A gap is held against nobody here by the dates alone: it is called over the limit only where a good
look fell into it and showed nothing newer, or today's judgement says so. Any other is a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from checks.calendar import Limit, WorkCalendar, last_good_day, months_before
from checks.rules import Rule
from checks.verdicts import Judgement, Verdict
from storage.ledger.pasts import DayLook, ItemDays

DAY = timedelta(days=1)
MONTHS = 24
AHEAD = 6  # so many months ahead the due day is still drawn
STEPS = (1, 2, 4, 7)  # from so many items a day on, the next shade
OVER, DOUBT, DUE = "over", "doubt", "due"
WORDS = {OVER: "超", DOUBT: "疑", DUE: "期"}


@dataclass(frozen=True, slots=True)
class Line:
    """The limit that is drawn: of which rule, how long, and how the subject stands under it.

    `due` is the day by which the next update is due, None where no update is known.
    """

    rule: Rule
    limit: Limit
    row: Judgement
    due: date | None


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


def line_of(
    rows: Sequence[Judgement],
    rules: Mapping[tuple[str, str], Rule],
    as_of: date,
    calendar: WorkCalendar,
) -> Line | None:
    """Which limit is drawn? The shortest of the verified ones, where there are any; None: none."""
    lines = [
        _line(rule, row, calendar)
        for row in rows
        if (rule := rules.get((row.pack or "", row.rule or ""))) is not None
        and row.verdict is not Verdict.EXEMPT
    ]
    return min(
        lines,
        key=lambda line: (not line.rule.verified, last_good_day(as_of, line.limit, calendar).on),
        default=None,
    )


def _line(rule: Rule, row: Judgement, calendar: WorkCalendar) -> Line:
    """Where today's judgement names no due day, since it knows nothing, it is worked out."""
    limit = rule.limit_for(row.subject)
    due = row.due
    if due is None and row.newest is not None:
        due = last_good_day(row.newest, limit, calendar).on
    return Line(rule, limit, row, due)


def pauses(days: ItemDays, line: Line, watched: date | None, calendar: WorkCalendar) -> list[Gap]:
    """Every pause longer than the limit as it is in force now that has ended, oldest first.

    None is sure yet. Pauses that had ended before the first good look (`watched`) are left out,
    for an old pinned row makes a pause of months, and those over before the rule was in force, or
    by a calendar that is not yet published.
    """
    newest = line.row.newest
    found = []
    for after, until in pairwise(sorted({*days.counts, *filter(None, (days.before, newest))})):
        if newest is not None and after >= newest:
            break
        due = last_good_day(after, line.limit, calendar)
        told = watched is not None and watched < until and line.rule.effective_from <= due.on
        if told and due.on + DAY < until and not due.provisional:
            found.append(Gap(after, due.on, until, (until - due.on).days - 1, sure=False))
    return found


def borne_out(gaps: Sequence[Gap], line: Line, looks: Sequence[DayLook], as_of: date) -> list[Gap]:
    """The pauses, those that a look bears out as sure ones, and the one that lasts.

    The last one is today's judgement: sure where that says late, a doubt where it does not know.
    """
    told = [replace(gap, sure=any(_shows(look, gap) for look in looks)) for gap in gaps]
    newest, due = line.row.newest, line.due
    if newest is not None and due is not None and due < as_of:
        sure = line.row.verdict is Verdict.OVERDUE
        told.append(Gap(newest, due, None, (as_of - due).days, sure))
    return told


def heat(
    days: ItemDays, line: Line | None, gaps: Sequence[Gap], watched: date | None, as_of: date
) -> Heat:
    """The calendar up to the day judged, and on to the due day where it lies ahead."""
    due = line.due if line is not None else None
    marks = _marks(gaps, due, as_of)
    last_month = min(max(as_of, due or as_of), months_before(as_of, -AHEAD)).replace(day=1)
    months = [
        (f"{month:%Y-%m}", [_cell(on, days.counts.get(on, 0), marks, as_of) for on in _days(month)])
        for month in _months(first_day(as_of), last_month)
    ]
    return Heat(months, gaps[::-1], line, due, watched, sum(days.counts.values()))


def _shows(look: DayLook, gap: Gap) -> bool:
    """Was the list seen past the due day, with nothing newer in it and nothing in doubt?"""
    within = gap.until is not None and gap.due < look.on < gap.until
    return within and look.newest <= gap.after and not look.unresolved


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
