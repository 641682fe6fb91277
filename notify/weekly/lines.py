"""The rows of the weekly report's tables: one class a table, one value a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from checks.lifecycle import State
from checks.subjects import SubjectKind
from checks.verdicts import LetterVerdict, Verdict
from notify.documents.parts import Average, Rate
from notify.weekly.period import Period


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The columns' on-time rate at the end of a week; None: none was judged."""

    period: Period
    rate: Rate | None

    @classmethod
    def of(cls, period: Period, rate: Rate) -> TrendPoint:
        return cls(period, rate if rate.whole else None)


@dataclass(frozen=True, slots=True)
class ReachLine:
    """How often one site could not be opened in seven days; `rate` None: too few looks to say."""

    site: str
    rate: Rate | None
    unclear: int


@dataclass(frozen=True, slots=True)
class FlagLine:
    """One kind of flag: raised in the week, and standing at its end. `asked`: a pack has it."""

    words: str
    asked: bool
    raised: int
    standing: int


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
class ColumnLine:
    """One column under the rule that is worst for it. Days are calendar days.

    `handled` is the state of its finding where a person has looked at it: confirmed and later
    steps, dismissed, or waived.
    """

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
    handled: State | None


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
class AtLeast:
    """A number that was seen. `whole`: every day was, so it is no less and no more."""

    number: int
    whole: bool


@dataclass(frozen=True, slots=True)
class AccountLine:
    """`newest` and `days` only where the account was judged: not seen is not not updated.

    `posts` are those of the week, `gap` the longest of 30 days, in days; None: not known.
    """

    account: str
    platform: str
    unit: str
    newest: date | None
    days: int | None
    verdict: Verdict
    grade: str
    source: str
    url: str | None
    posts: AtLeast | None = None
    gap: AtLeast | None = None


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding. `due` is the last day of rectification; `lapsed`: it passed without a report.
    `recheck` tells what a re-check or the system has seen since.
    """

    id: int
    unit: str
    problem: str
    found_on: date
    notified_on: date | None
    due: date | None
    state: State
    lapsed: bool
    appealed: bool
    recheck: str
    standing: bool


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit. Every column is in one of on time, overdue, bare (blank or undated), exempt,
    unknown, free (no limit set). `in_time` and `letters` are rates over the judged alone. `points`
    is what the week changed in the running assessment, None: it is not assessed.
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
    points: Decimal | None


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
