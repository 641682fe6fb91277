"""What a check of a duty is given, and what it answers: met, unmet or unknown.

What was not seen, or not seen lately enough, is never held against anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from checks.duty_table import Duty
from checks.facts import Hand, History, Observed
from checks.fakes import Sighting
from checks.freshness import local_day
from checks.links import SiteLinks
from checks.probes import Probe
from checks.subjects import Subject
from checks.verdicts import DutyState

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one subject on `as_of`.

    `history` is as the ledger gives it; `observed` are the last looks at each of
    its things, `kin` the subjects that its unit answers for, `probes` the visits to a site's home
    page, `hands` what persons found of this subject. `links` are a site's, None where nobody
    asked about them. `rows` are a column's rows that a flag may speak of, with those elsewhere
    that hold the same text; None: its list was not looked at.
    """

    subject: Subject
    as_of: date
    observed: Sequence[Observed] = ()
    kin: Sequence[Subject] = ()
    probes: Sequence[Probe] = ()
    hands: Sequence[Hand] = ()
    history: History = field(default_factory=History)
    links: SiteLinks | None = None
    rows: Sequence[Sighting] | None = None
    # Twenty duties ask the same of one subject: what was worked out for one serves them all.
    _known: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def looks(self, family: str, duty: Duty) -> tuple[Observed, ...]:
        """The looks of one family that are recent enough for this duty, seen or not."""
        most = duty.within.n
        return self.once(("looks", family, most), lambda: self._looks(family, most))

    def once(self, name: Hashable, work: Callable[[], T]) -> T:
        """The answer of `work`, which depends on nothing but this case and its `name`."""
        if name not in self._known:
            self._known[name] = work()
        known: T = self._known[name]
        return known

    def _looks(self, family: str, most: int) -> tuple[Observed, ...]:
        return tuple(
            each
            for each in self.observed
            if each.family == family and 0 <= (self.as_of - local_day(each.at)).days <= most
        )

    def hand(self, duty: Duty) -> Hand | None:
        """What did a person find under this duty that still holds?"""
        named = [h for h in self.hands if (h.pack, h.row) == (duty.pack, duty.id)]
        return next((h for h in named if h.until is None or self.as_of <= h.until), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """How one duty stands: a line in `faults` for each thing at fault, in `doubts` if not known.

    `basis` is the day the accusation rests on, so that a later one is a new accusation.
    """

    state: DutyState
    reason: str
    faults: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    evidence: str | None = None
    basis: date | None = None


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty of one subject, answered."""

    subject: Subject
    duty: Duty
    answer: Answer

    @property
    def state(self) -> DutyState:
        return self.answer.state


def nothing_seen(what: str) -> Answer:
    """The answer where no look is recent enough: unknown, in words."""
    return Answer(DutyState.UNKNOWN, f"近期未查看{what}，不作判定")
