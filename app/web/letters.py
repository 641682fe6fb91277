"""The letters of a judged day: rates as the quarterly report has them, and which need a look."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.day import Day
from checks.letter_clock import Clock
from checks.periods import Days
from checks.verdicts import LetterJudgement, LetterVerdict
from notify.quarterly.letters import quarter_letters
from notify.quarterly.lines import LetterUnitLine
from notify.quarterly.model import LetterTally
from notify.terms import LETTERS, sure_clause
from notify.weekly import Material, Period
from notify.weekly.desk import Desk, lay_out
from notify.weekly.letters import WORST_FIRST, is_open, letter_lines, received_on, standing_letters
from notify.weekly.lines import LetterLine

TROUBLE, ALL = "", "all"
STATES = {
    TROUBLE: "未办结或逾期",
    ALL: "全部",
    **{str(each): word for each, word in LETTERS.items()},
}
LATE = (LetterVerdict.OVERDUE, LetterVerdict.ANSWERED_LATE)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which letters are asked for? `state` is a verdict, `all`, or empty: open or late."""

    unit: str = ""
    mailbox: str = ""
    state: str = TROUBLE

    def holds(self, row: LetterJudgement) -> bool:
        wanted = self.state in (ALL, row.verdict) or (self.state == TROUBLE and in_trouble(row))
        return wanted and self.unit in ("", row.unit) and self.mailbox in ("", row.mailbox.id)


@dataclass(frozen=True, slots=True)
class Rates:
    """How the letters received in a period were answered: in all, and by answering unit."""

    tally: LetterTally
    units: tuple[LetterUnitLine, ...]


@dataclass(frozen=True, slots=True)
class Ruled:
    """One rule's judgement of one letter: the rule's headline, its limit for it, its clause."""

    row: LetterJudgement
    headline: str
    limit: str
    clause: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of some units on one day, one judgement a letter, the worst first.

    They are those received in the period, and those that are open, whenever they came.
    """

    desk: Desk
    rates: Rates
    rows: tuple[LetterJudgement, ...]

    def line(self, row: LetterJudgement) -> LetterLine:
        """What does the report say of this letter?"""
        (line,) = letter_lines(self.desk, [row])
        return line


def letters_of(day: Day, days: Days, judged: Iterable[LetterJudgement]) -> Letters:
    """How do these letters of the day's bench stand, and how were those of `days` answered?

    Letters of an exempt mailbox are left out, as in the reports.
    """
    # Ten years of letters: what cannot belong to the days is passed over before all else.
    near = [row for row in judged if is_open(row) or _may_be_of(days, row)]
    desk = desk_of(day, near)
    tally, units = quarter_letters(desk, days)
    standing = standing_letters(desk)
    rows = [row for row in standing if is_open(row) or received_on(desk, row) in days]
    return Letters(desk, Rates(tally, units), tuple(sorted(rows, key=_worst_first)))


def in_trouble(row: LetterJudgement) -> bool:
    """Is an answer still to come, or did it come too late?"""
    return is_open(row) or row.verdict in LATE


def desk_of(day: Day, letters: Sequence[LetterJudgement]) -> Desk:
    """The day laid out as for a report, with these of its letters alone."""
    bench = replace(day.bench, letters=tuple(letters))
    week = Period.containing(bench.moment.as_of)
    return lay_out(Material(bench, (), day.register, day.law, day.cutoff, week))


def clock_of(day: Day, row: LetterJudgement) -> Clock | None:
    """By which clock was this letter judged? None: by no rule of the law in force."""
    rule = day.law.rule(row.pack, row.rule, day.bench.moment.as_of)
    return Clock(row.mailbox, rule, day.law.calendar) if rule is not None else None


def told_until(row: LetterJudgement, as_of: date) -> date | None:
    """Until which day is this letter told: its reply, or while it is open the day judged?

    None: until its due day. A reply that is dated after the day judged shows nothing yet.
    """
    replied = row.letter.replied_on
    if replied is not None:
        return min(replied, as_of)
    settled = row.verdict is LetterVerdict.ANSWERED_IN_TIME
    return None if settled else as_of


def ruled(day: Day, row: LetterJudgement) -> Ruled:
    """What does one rule say of this letter, in words?"""
    rule, clock = day.law.rule(row.pack, row.rule, day.bench.moment.as_of), clock_of(day, row)
    if rule is None or clock is None:
        return Ruled(row, "没有适用的时限指标", "", "", verified=True)
    limit = clock.limit_for(row.letter).chinese
    return Ruled(row, rule.headline, limit, sure_clause(rule), rule.verified)


def letter_key(ref: str) -> str:
    """A letter's number as it stands in an address: it may hold any character itself."""
    return hashlib.sha256(ref.encode()).hexdigest()[:20]


def _may_be_of(days: Days, row: LetterJudgement) -> bool:
    received, accepted = row.letter.received_on, row.letter.accepted_on
    if accepted is None and (received is None or row.mailbox.clock == "accepted"):
        return True  # no day of receipt: the report counts these apart
    return received in days or accepted in days


def _worst_first(row: LetterJudgement) -> tuple[int, date, str]:
    return WORST_FIRST.index(row.verdict), row.due or date.max, row.letter.ref
