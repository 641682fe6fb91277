"""What the score table and each unit's own sheet are made of, computed once for every document.

The stated sums and the rows are computed apart from each other; `selfcheck` compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from checks.assessment_case import Case
from checks.assessment_sheet import LeftOut, Sheet
from checks.calendar import Deadline
from checks.freshness import local_day
from checks.lifecycle import Course, Finding
from checks.periods import Days
from checks.rules import Law
from checks.scheme_table import Scheme
from checks.signing import SIGNING, Signature, SigningStep
from checks.subjects import Subject
from notify.documents.parts import Points


@dataclass(frozen=True, slots=True)
class Edition:
    """Which version of a period's assessment is told: 0 the first, then its corrections.

    `signatures` are those that stand, oldest first; none: a draft. `kept` and `computed` are the
    SHA-256 of what was kept and of what was computed again, None of a draft. `made_at` is aware.
    """

    period: str
    correction: int
    signatures: tuple[Signature, ...]
    made_at: datetime
    kept: str | None = None
    computed: str | None = None

    @property
    def step(self) -> SigningStep | None:
        return self.signatures[-1].step if self.signatures else None

    @property
    def is_final(self) -> bool:
        return self.step is SIGNING[-1]

    @property
    def approved_on(self) -> date | None:
        return local_day(self.signatures[-1].at) if self.is_final else None

    @property
    def mark(self) -> str:
        """What stands behind the title of what nobody may rely on yet."""
        return "" if self.is_final else "（送审稿）" if self.signatures else "（草稿）"

    @property
    def suffix(self) -> str:
        """What tells its files from those of the other editions."""
        number = f"-correction-{self.correction}" if self.correction else ""
        return number + ("" if self.is_final else "-review" if self.signatures else "-draft")


@dataclass(frozen=True, slots=True)
class Office:
    """Who sends it and to whom; empty words are not printed."""

    head: str | None
    signature: str
    contact: str
    reported_to: str


@dataclass(frozen=True, slots=True)
class ScoreMaterial:
    """What the documents are made of, as known at the last instant that counts.

    `cases` and `sheets` are those of all units, in the register's order; `before` are the sheets
    that a correction corrects, None: it is none.
    """

    edition: Edition
    days: Days
    as_of: date
    scheme: Scheme
    law: Law
    subjects: Mapping[str, Subject]
    cases: Sequence[Case]
    sheets: Sequence[Sheet]
    findings: Mapping[int, Finding]
    office: Office
    before: Sequence[Sheet] | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing behind a line: a finding, an entry, a month, or what a cap took back.

    `points` of all details of a line make its points. Where several findings are counted once the
    first has the points. `sum` is the arithmetic; `beside`: the item takes what another took too.
    """

    unit: str
    unit_name: str
    item: str
    item_name: str
    points: Decimal
    sum: str
    of: str = ""
    finding: int | None = None
    entry: str | None = None
    beside: bool = False
    gain: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in words. `calendar` is that of the day it was found; `proof` is what
    its confirmation rests on."""

    id: int
    unit: str | None
    subject: str
    letter: str
    headline: str
    clause: str
    rule: str
    version: str
    calendar: str
    opened_on: date
    course: Course
    evidence: str | None
    proof: str | None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """What a person entered for a unit, by its number."""

    id: str
    count: int
    level: str
    evidence: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit's row of the score table. `rank` is that among units of its kind."""

    unit: str
    name: str
    kind: str
    minus_words: str
    plus_words: str
    minus: Decimal
    plus: Decimal
    subtotal: Decimal
    clamped: Decimal
    score: Decimal
    rank: int
    remark: str


@dataclass(frozen=True, slots=True)
class KindLine:
    """The units of one kind: how many, and their highest, lowest and mean score."""

    kind: str
    units: int
    highest: Decimal
    lowest: Decimal
    mean: Decimal


@dataclass(frozen=True, slots=True)
class LeftLine:
    """What was not counted of one unit by one reason."""

    unit: str
    unit_name: str
    left: LeftOut


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What a correction made another of for one unit. None: not assessed.

    `added`, `gone` and `moved` are the numbers of findings that count now, no longer, or with
    other points; `entries` the numbers of entries of which the same is true.
    """

    unit: str
    unit_name: str
    before: Decimal | None
    after: Decimal | None
    added: tuple[int, ...]
    gone: tuple[int, ...]
    moved: tuple[int, ...]
    entries: tuple[str, ...]

    @property
    def difference(self) -> Decimal | None:
        none = self.before is None or self.after is None
        return None if none else (self.after or Decimal(0)) - (self.before or Decimal(0))


@dataclass(frozen=True, slots=True)
class ScoreFigures:
    """All figures. `units` by kind and rank; `details` by unit, then in the scheme's order.

    `entries` are by number; `objection` is the last day for objections, None before approval.
    """

    material: ScoreMaterial
    units: tuple[UnitLine, ...]
    kinds: tuple[KindLine, ...]
    details: tuple[Detail, ...]
    left: tuple[LeftLine, ...]
    problems: Mapping[int, Problem]
    entries: Mapping[str, EntryLine]
    changes: tuple[ChangeLine, ...]
    objection: Deadline | None

    @property
    def losses(self) -> tuple[Detail, ...]:
        return tuple(detail for detail in self.details if not detail.gain)

    @property
    def gains(self) -> tuple[Detail, ...]:
        return tuple(detail for detail in self.details if detail.gain)

    def sheet(self, unit: str) -> Sheet:
        return next(sheet for sheet in self.material.sheets if sheet.unit == unit)

    def score(self, value: Decimal) -> Points:
        """A score: with its sign where the scheme adds to and takes from nothing."""
        return Points(value, signed=self.material.scheme.clamp[0] < 0)
