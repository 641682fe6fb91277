"""The weekly figures: counts and rows, computed once, read by every document.

Counts are tallied from the judgements, lists are picked from them; `selfcheck` compares the
two, so neither may be derived from the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from checks.facts import LetterVerdict, SubjectKind, Verdict, Visit
from checks.judge import Bench
from checks.lifecycle import Finding, State
from checks.rules import Law
from checks.watch import Place
from notify.documents.parts import Average, Rate
from notify.weekly.period import Period
from storage.inventory import Inventory


class ReportError(ValueError):
    """A report that must not be released: what does not fit, by name and numbers."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a report is made of: one day's judgements, the findings with the events known by
    then, the register and the law in force. `made_at` is aware.

    `places` are the sites and accounts under the packs that count; `past` are those of the
    Sundays before, the earliest first. `exports` are the last exports of letters, by mailbox key.
    """

    bench: Bench
    findings: Sequence[Finding]
    register: Inventory
    law: Law
    made_at: datetime
    period: Period
    places: Sequence[Place] = ()
    past: Sequence[Sequence[Place]] = ()
    exports: Mapping[str, Visit] = field(default_factory=dict)


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
    """Findings against units. `standing` at the end of the period: `unrectified`, `recheck`
    (recovered, a person has yet to close) and `ended` (over when found, as a late answer);
    of the last, `ended_earlier` were opened before the period and are not listed again.
    """

    opened: int
    recovered: int
    standing: int
    unrectified: int
    recheck: int
    ended: int
    ended_earlier: int


@dataclass(frozen=True, slots=True)
class Headline:
    """The numbers of the mail's subject line: columns, accounts and letters together."""

    overdue: int
    due_soon: int
    unseen: int


@dataclass(frozen=True, slots=True)
class VetoLine:
    """One veto indicator at one site or account. Shares are in words; None: nothing is counted.

    `gap` is how many more faults would hit it; `trend` the counts of four weeks, the last this.
    """

    place: str
    indicator: str
    count: int | str | None
    limit: int | str | None
    gap: int | str | None
    trend: str
    remark: str
    hit: bool | None


@dataclass(frozen=True, slots=True)
class VetoGroup:
    """One veto indicator at all places of one kind: how many are `listed` one by one, have no
    fault, could not be judged, and are watched by nobody.
    """

    indicator: str
    kind: str
    total: int
    listed: int
    clear: int
    unjudged: int
    unwatched: int


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
class ColumnLine:
    """One column under the rule that is worst for it. Days are calendar days."""

    unit: str
    column: str
    class_words: str
    limit: str
    verdict: Verdict
    newest: date | None
    due: date | None
    days_over: int | None
    weeks_over: int | None
    days_left: int | None
    reason: str
    url: str | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter of the period. `judged`: it counts in the rate of timely answers.

    `working_days` from the day after receipt to the reply; `over` working days past `due`.
    `unit_id` None: who answers for it is not in the register under the page's name.
    """

    ref: str
    unit_id: str | None
    unit: str
    received: date | None
    due: date | None
    replied: date | None
    working_days: int | None
    over: int | None
    verdict: LetterVerdict
    near: bool
    answered: bool
    judged: bool
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class OriginLine:
    """On what the letters of one mailbox rest: its public page, or an export of the back end.

    `shown_to` is the day to which the last export tells, `by` who brought it; None: there is none.
    """

    mailbox: str
    by_page: int
    by_export: int
    shown_to: date | None
    by: str | None

    @property
    def letters(self) -> int:
        return self.by_page + self.by_export


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """How one unit answered the letters of the period."""

    unit: str
    letters: int
    answered: int
    answer_rate: Rate
    in_time: Rate
    average: Average


@dataclass(frozen=True, slots=True)
class AccountLine:
    """`newest` and `days` only where the account was judged: not seen is not not updated."""

    account: str
    platform: str
    unit: str
    newest: date | None
    days: int | None
    verdict: Verdict
    grade: str
    source: str
    url: str | None


@dataclass(frozen=True, slots=True)
class FindingLine:
    id: int
    unit: str
    problem: str
    found_on: date
    state: State
    standing: bool


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit. Every column is in one of on time, overdue, bare (blank or undated), exempt,
    unknown, free (no limit set). `in_time` and `letters` are rates over the judged alone.
    """

    id: str | None
    unit: str
    columns: int
    on_time: int
    overdue: int
    bare: int
    exempt: int
    unknown: int
    free: int
    in_time: Rate
    letters: Rate
    unrectified: int


@dataclass(frozen=True, slots=True)
class NoteLine:
    """Something a reader must know of one subject, without holding it against anyone."""

    unit: str
    kind: SubjectKind
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule in force: what it says, on what ground, and how sure we are of that."""

    id: str
    headline: str
    limit: str
    clause: str
    confidence: str
    verified: bool


@dataclass(frozen=True, slots=True)
class WeeklyFigures:
    """Everything the weekly report says, in the order of its parts."""

    period: Period
    as_of: date
    made_at: datetime
    packs: tuple[str, ...]
    calendar: str
    coverage: Coverage
    headline: Headline
    columns: Tally
    free_columns: Tally
    mailboxes: Tally
    accounts: Tally
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
