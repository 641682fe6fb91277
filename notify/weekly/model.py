"""The weekly figures: counts and rows, computed once, read by every document.

Counts are tallied from the judgements, lists are picked from them; `selfcheck` compares the
two, so neither may be derived from the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from checks.facts import Visit
from checks.judge import Bench
from checks.lifecycle import Finding
from checks.measures import Measure
from checks.rules import Law
from checks.watch import Place
from notify.documents.parts import Rate
from notify.weekly.lines import (
    AccountLine,
    AnswerLine,
    ColumnLine,
    FindingLine,
    FlagLine,
    LetterLine,
    NoteLine,
    OriginLine,
    ReachLine,
    RuleLine,
    TrendPoint,
    UnitLine,
    VetoGroup,
    VetoLine,
)
from notify.weekly.period import Period
from storage.inventory import Inventory


@dataclass(frozen=True, slots=True)
class Posting:
    """What one account posted: in the week of the report, and in the 30 days up to its end."""

    week: Measure
    month: Measure


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Of the `rows` of columns first seen in a week and dated by their list, how many have another
    day in their address, and in how many columns?
    """

    rows: int = 0
    items: int = 0
    columns: int = 0


@dataclass(frozen=True, slots=True)
class Material:
    """What a report is made of: one day's judgements, the findings with the events known by
    then, the register and the law in force. `made_at` is aware.

    `places` are the sites and accounts under the packs that count; `past` are those of the
    Sundays before, the earliest first. `exports` are the last exports of letters, by mailbox key;
    `measures` are of accounts, by subject key; `points` is what the week changed in the running
    assessment, by unit id; `trend` are the rates of the weeks before, the earliest first.
    `conflicts` are of the week's rows.
    """

    bench: Bench
    findings: Sequence[Finding]
    register: Inventory
    law: Law
    made_at: datetime
    period: Period
    places: Sequence[Place] = ()
    past: Sequence[Sequence[Place]] = ()
    measures: Mapping[str, Posting] = field(default_factory=dict)
    exports: Mapping[str, Visit] = field(default_factory=dict)
    trend: Sequence[TrendPoint] = ()
    conflicts: Conflicts = field(default_factory=lambda: Conflicts())
    points: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """How many subjects of each kind met this. `seen` None: nobody had to look (exempt)."""

    words: str
    seen: bool | None
    site: int
    column: int
    mailbox: int
    account: int

    @property
    def total(self) -> int:
        return self.site + self.column + self.mailbox + self.account


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at. Registered subjects are seen, unseen or excused."""

    looks: tuple[Look, ...]
    registered: int
    seen: int
    unseen: int
    excused: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many subjects of one sort have each verdict; the worst one where rules differ."""

    label: str
    total: int
    ok: int
    due_soon: int
    overdue: int
    blank: int
    undated: int
    exempt: int
    unknown: int

    @property
    def in_time(self) -> Rate:
        """The share on time, near the limit included, among the judged ones."""
        good = self.ok + self.due_soon
        return Rate(good, good + self.overdue + self.blank + self.undated)


@dataclass(frozen=True, slots=True)
class LetterTally:
    """How many letters have each verdict; `near` are among the waiting."""

    label: str
    total: int
    waiting: int
    overdue: int
    provisional: int
    answered_in_time: int
    answered_late: int
    near: int


@dataclass(frozen=True, slots=True)
class FindingTally:
    """Findings against units: `opened`, `recovered`, `closed` and `dismissed` in the period.

    `standing` at its end: `unrectified`, `recheck` (recovered or reported back: a person has yet
    to close) and `ended` (over when found, as a late answer); of the last, `ended_earlier` were
    opened before the period and are not listed again. `lapsed` are those past their deadline.
    """

    opened: int
    recovered: int
    closed: int
    dismissed: int
    standing: int
    unrectified: int
    recheck: int
    ended: int
    ended_earlier: int
    lapsed: int


@dataclass(frozen=True, slots=True)
class PostTally:
    """How many posts of the week were seen, on how many accounts; `part` of these were not seen
    on every day of it.
    """

    posts: int
    accounts: int
    part: int


@dataclass(frozen=True, slots=True)
class Headline:
    """The numbers of the mail's subject line: columns, accounts and letters together."""

    overdue: int
    due_soon: int
    unseen: int


@dataclass(frozen=True, slots=True)
class VetoWatch:
    """The veto watch. `total` indicators at all places: those with a line, and the others by
    number in `groups`. `sources` are the packs; none: none counts.
    """

    sources: tuple[str, ...]
    total: int
    lines: tuple[VetoLine, ...]
    groups: tuple[VetoGroup, ...]


@dataclass(frozen=True, slots=True)
class WeeklyFigures:
    """Everything the weekly report says, in the order of its parts.

    `trend` ends with this week; `by_class` are the overdue columns by class, the most first.
    """

    period: Period
    as_of: date
    made_at: datetime
    packs: tuple[str, ...]
    calendar: str
    coverage: Coverage
    headline: Headline
    columns: Tally
    trend: tuple[TrendPoint, ...]
    by_class: tuple[tuple[str, int], ...]
    free_columns: Tally
    mailboxes: Tally
    accounts: Tally
    postings: PostTally
    sites: Tally
    all_letters: LetterTally
    letters: LetterTally
    findings: FindingTally
    veto: VetoWatch
    overdue: tuple[ColumnLine, ...]
    bare: tuple[ColumnLine, ...]
    near: tuple[ColumnLine, ...]
    letter_lines: tuple[LetterLine, ...]
    origins: tuple[OriginLine, ...]
    answers: tuple[AnswerLine, ...]
    account_lines: tuple[AccountLine, ...]
    finding_lines: tuple[FindingLine, ...]
    units: tuple[UnitLine, ...]
    unknown: tuple[NoteLine, ...]
    exempt: tuple[NoteLine, ...]
    operator: tuple[NoteLine, ...]
    rules: tuple[RuleLine, ...]
    reach: tuple[ReachLine, ...]
    flags: tuple[FlagLine, ...]
    conflicts: Conflicts
