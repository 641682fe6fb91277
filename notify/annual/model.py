"""The annual figures: counts and rows, computed once, read by every document.

The stated sums and the lines are computed apart from each other; `selfcheck` compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from checks.account_year import YearLine
from checks.counting import YearItems
from checks.counting_total import ColumnYear
from checks.freshness import local_day
from checks.lifecycle import Finding
from checks.periods import Days
from notify.documents.parts import Average, Rate
from notify.weekly.model import Material
from storage.inventory import Inventory


@dataclass(frozen=True, slots=True)
class Copies:
    """Articles with the same text under several addresses: `texts` of them stand in `places`.

    Only texts that were read can be compared: so many were `read` in the period.
    """

    texts: int = 0
    places: int = 0
    read: int = 0

    @property
    def further(self) -> int:
        """How many items are copies of another one?"""
        return self.places - self.texts


@dataclass(frozen=True, slots=True)
class Watch:
    """Since when the columns were looked at: by key, the first good look; the days with looks."""

    first_looks: Mapping[str, date]
    days: Sequence[date]

    @property
    def since(self) -> date | None:
        return min(self.first_looks.values(), default=None)


@dataclass(frozen=True, slots=True)
class QuarterEnd:
    """How the columns with a limit stood on the last day told of a quarter; None: not judged."""

    days: Days
    on_time: Rate | None


@dataclass(frozen=True, slots=True)
class AnnualMaterial:
    """What the report is made of. `day` is the last day told of, judged; `period` ends on it.

    `before` is the register in force when the year before ended, None: there was none. `marks` are
    the words of each site's foot, by site and mark.
    """

    year: int
    period: Days
    day: Material
    columns: Sequence[ColumnYear]
    items: YearItems
    copies: Copies
    watch: Watch
    quarters: Sequence[QuarterEnd]
    accounts: Sequence[YearLine]
    before: Inventory | None
    findings: Sequence[Finding]
    marks: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BucketLine:
    """One bucket: `number` = `seen` items + `growth` of lists whose items were not all seen."""

    bucket: str
    words: str
    columns: int
    seen: int
    growth: int
    number: int


@dataclass(frozen=True, slots=True)
class CountLine:
    """One column's number. `site` is the id; `shown` are all items that its list showed."""

    unit: str
    unit_id: str
    site: str
    column: str
    class_words: str
    bucket: str
    method: str
    number: int
    home: int
    elsewhere: int
    note: str


@dataclass(frozen=True, slots=True)
class MethodLine:
    """A list that tells a total: both ways of counting beside each other; None: not known."""

    column: str
    shown: int
    before_on: date | None
    before: int | None
    after_on: date | None
    after: int | None
    growth: int | None
    taken: str
    differs: bool
    note: str


@dataclass(frozen=True, slots=True)
class UnitCount:
    unit: str
    overview: int
    news: int
    disclosure: int
    total: int


@dataclass(frozen=True, slots=True)
class AccountTally:
    """`now` = `before` + `opened` + `enrolled` − `closed` − `dropped`; `before` None: not known.

    `enrolled` entered the register in the year and bear no day of opening in it; `dropped` left the
    register without such a day.
    """

    now: int
    before: int | None
    opened: int
    closed: int
    enrolled: int
    dropped: int


@dataclass(frozen=True, slots=True)
class QuarterLine:
    """A quarter as far as the year is told. `inspected`: it is over, and had looks in each of its
    months. `looked` of its `days` had looks.
    """

    name: str
    over: bool
    days: int
    looked: int
    inspected: bool
    on_time: Rate | None


@dataclass(frozen=True, slots=True)
class FaultTally:
    """Findings against units. `found` in the year leaves out those `dismissed` as false alarms;
    `confirmed`, `closed` and `urged` (named and urged, 通报督办) are those to whom it happened in
    the year, whenever they were found. `standing`: open on its last day.
    """

    found: int
    dismissed: int
    confirmed: int
    closed: int
    urged: int
    standing: int


@dataclass(frozen=True, slots=True)
class LetterYear:
    """The letters received in the year in one mailbox (or in all). `carried`: received before it
    and answered in it. `spent` counts calendar days, `average` working days.
    """

    mailbox: str
    site: str
    received: int
    answered: int
    in_time: Rate
    average: Average
    spent: Average
    by_page: int
    by_export: int
    carried: int
    public: int
    undated: int


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force on the last day, in words; None: no rule says one."""

    news: str | None
    interpretation: str | None
    letters: str | None


@dataclass(frozen=True, slots=True)
class Doubts:
    """What a reader must know of the counts."""

    watched_since: date | None
    late_columns: int
    unseen_columns: int
    undated: int
    misdated: int
    redated: int
    several: int
    hidden: int
    uncounted_columns: int
    uncounted_items: int
    copies: Copies


@dataclass(frozen=True, slots=True)
class AnnualFigures:
    """Everything the report says, in the order of its parts. Items of a class of columns are None
    where the register has no such column: that is not zero.
    """

    year: int
    period: Days
    made_at: datetime
    packs: tuple[str, ...]
    total: int
    buckets: tuple[BucketLine, ...]
    counts: tuple[CountLine, ...]
    methods: tuple[MethodLine, ...]
    units: tuple[UnitCount, ...]
    interpretations: int | None
    surveys: int | None
    interviews: int | None
    limits: Limits
    accounts: AccountTally
    account_lines: tuple[tuple[str, str, str, str], ...]
    quarters: tuple[QuarterLine, ...]
    faults: FaultTally
    letters: LetterYear
    letter_lines: tuple[LetterYear, ...]
    doubts: Doubts

    @property
    def over(self) -> bool:
        """Was the year over when this was made? On its last day it is not."""
        return date(self.year, 12, 31) < local_day(self.made_at)
