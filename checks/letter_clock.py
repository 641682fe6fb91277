"""How a mailbox's letters are timed: from which day, by which limit, up to which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from checks.calendar import Deadline, Limit, WorkCalendar, last_good_day
from checks.facts import Letter
from checks.rules import Rule
from checks.subjects import Subject


@dataclass(frozen=True, slots=True)
class Clock:
    """How one mailbox is timed: the rule, the mailbox's own limit, the calendar.

    `units` are the registered units' ids by name, for letters that name who answers them.
    """

    mailbox: Subject
    rule: Rule
    calendar: WorkCalendar
    units: Mapping[str, str] = field(default_factory=dict)
    # Years of letters come on the same days, and most are under one limit.
    _dues: dict[date, Deadline] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def binds_locally(self) -> bool:
        """May the register and an approval set another day? Never a national veto's."""
        return self.rule.severity != "veto"

    def limit_for(self, letter: Letter) -> Limit:
        """Which limit has this letter: its category's, the mailbox's own, or the rule's?"""
        own = dict(self.mailbox.categories).get(letter.category) if letter.category else None
        return Limit.parse(own) if own and self.binds_locally else self.rule.limit_for(self.mailbox)

    def due(self, letter: Letter, start: date) -> Deadline:
        """Which is the last good day? An approved extension counts where it is later."""
        due = self._usual(start) if not letter.category else self._due(letter, start)
        extended = letter.extended_to if self.binds_locally else None
        return Deadline(extended, provisional=False) if extended and extended > due.on else due

    def _usual(self, start: date) -> Deadline:
        """The same of a letter without a category."""
        due = self._dues.get(start)
        if due is None:
            limit = self.rule.limit_for(self.mailbox)
            due = self._dues[start] = last_good_day(start, limit, self.calendar)
        return due

    def _due(self, letter: Letter, start: date) -> Deadline:
        return last_good_day(start, self.limit_for(letter), self.calendar)

    def span(self, letter: Letter, start: date, end: date) -> tuple[int, str]:
        """How many working days are it from `start` to `end`, and how long in the unit of the
        letter's limit, in words?
        """
        count = self.calendar.working_days_between(start, end).count
        if self.limit_for(letter).unit == "working day":
            return count, f"{count}个工作日"
        return count, f"{(end - start).days}天"

    def receipt(self, letter: Letter) -> date | None:
        """From which day is the letter timed? None when the page does not show it."""
        if self.mailbox.clock == "accepted":
            return letter.accepted_on
        return letter.received_on or letter.accepted_on
