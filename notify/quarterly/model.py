"""What the quarterly notice is made of, and its figures, computed once for every document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from checks.judge import Bench
from checks.lifecycle import Finding
from checks.rules import Law
from checks.watch import Place
from notify.documents.parts import Average, Rate
from notify.quarterly.lines import (
    Conclusion,
    CoverLine,
    FailedLine,
    GroupLine,
    LetterUnitLine,
    NearLine,
    ProblemGroup,
    ProblemLine,
    RetestLine,
)
from notify.quarterly.quarter import Quarter
from storage.inventory import Inventory


@dataclass(frozen=True, slots=True)
class Judged:
    """One judged day: `places` are the sites and accounts under the packs that count; `seen` are
    the keys of the subjects at which there was a good look in that day's quarter.
    """

    bench: Bench
    law: Law
    register: Inventory
    places: Sequence[Place]
    seen: frozenset[str]


@dataclass(frozen=True, slots=True)
class Office:
    """Who issues the notice. `head` stands in red above it; `contact` is to whom units report
    back, empty: the usual words.
    """

    signed_by: str
    head: str | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """One quarter: its reference day judged, the last day of the quarter before where that was
    judged, and the findings with every event known when the notice is made. `made_at` is aware.

    `due` is the last day of rectification, inclusive; `hashes` are the SHA-256 of evidence, by
    the place where it lies.
    """

    quarter: Quarter
    day: Judged
    before: Judged | None
    findings: Sequence[Finding]
    made_at: datetime
    due: date
    office: Office
    hashes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProblemTally:
    """The findings of the quarter by what persons said of them; only `listed` are shown.

    The three kinds are among the listed, `units` is how many units these concern.
    """

    total: int
    listed: int
    pending: int
    appealed: int
    waived: int
    dismissed: int
    unconfirmed: int
    of_sites: int
    of_accounts: int
    of_mailboxes: int
    units: int


@dataclass(frozen=True, slots=True)
class LetterTally:
    """The letters received in the quarter; `judged` count in the rate of timely answers.

    `undated` show no day of receipt and are counted nowhere else.
    """

    total: int
    answered: int
    unanswered: int
    judged: int
    in_time: int
    by_page: int
    by_export: int
    undated: int
    answer_rate: Rate
    in_time_rate: Rate
    average: Average


@dataclass(frozen=True, slots=True)
class RetestTally:
    """What became of the problems confirmed in the quarter before. `appealed` are not listed."""

    total: int
    closed: int
    recheck: int
    unrectified: int
    failed: int
    waived: int
    appealed: int


@dataclass(frozen=True, slots=True)
class QuarterlyFigures:
    """Everything the notice says, in the order of its parts."""

    quarter: Quarter
    on: date
    made_at: datetime
    due: date
    office: Office
    packs: tuple[str, ...]
    sources: tuple[str, ...]
    coverage: tuple[CoverLine, ...]
    columns: int
    bad_columns: int
    sites: Conclusion
    accounts: Conclusion
    closed_accounts: int
    failed_sites: tuple[FailedLine, ...]
    failed_accounts: tuple[FailedLine, ...]
    near: tuple[NearLine, ...]
    platforms: tuple[GroupLine, ...]
    owners: tuple[GroupLine, ...]
    tally: ProblemTally
    groups: tuple[ProblemGroup, ...]
    problems: tuple[ProblemLine, ...]
    letters: LetterTally
    letter_lines: tuple[LetterUnitLine, ...]
    retest: RetestTally
    retested: tuple[RetestLine, ...]

    @property
    def is_over(self) -> bool:
        """Is the quarter judged as of its last day?"""
        return self.on == self.quarter.last
