"""What an assessment scheme (评分办法) holds. Every point, cap and threshold is in its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from checks.calendar import Limit
from checks.scheme_gates import Condition

CYCLES: Mapping[str, str] = {"quarter": "季度", "half_year": "半年", "year": "年度"}
LEVELS: Mapping[str, str] = {
    "national": "国家级",
    "province": "省级",
    "city": "市级",
    "county": "县级",
    "town": "镇级",
}
UNIT_KINDS = ("department", "town", "other")
REDISTRIBUTIONS = ("proportional", "even", "multiply")
# What one of a thing is called in an item's arithmetic.
COUNTED: Mapping[str, str] = {
    "column": "个栏目",
    "column_period": "个栏目",
    "account": "个账号",
    "letter": "封来信",
    "finding": "个问题",
    "day": "天",
    "week": "周",
    "event": "次",
    "item": "条",
    "month": "个月",
}
PER: Mapping[str, tuple[str, ...]] = {
    "select": ("column", "column_period", "account", "letter", "finding", "day", "week"),
    "event": ("event",),
    "entry": ("event", "item", "finding"),
    "measure": ("month", "item"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the sheet (考核项目).

    It starts at `full` points or at zero, never falls below `floor` nor rises above `full`; its
    points times `weight` are its part of the score. `by_hand`: its points are entered as a whole.
    `bonus`: it stands outside the score that the gates ask for. It is applicable to the kinds of
    unit in `only_for` (None: all) unless `may_lack` and the unit is declared to lack it.
    """

    id: str
    name: str
    starts_full: bool
    full: Decimal | None
    floor: Decimal | None
    weight: Decimal
    by_hand: bool
    bonus: bool
    only_for: tuple[str, ...] | None
    may_lack: bool

    @property
    def optional(self) -> bool:
        return self.may_lack or self.only_for is not None

    @property
    def start(self) -> Decimal:
        return self.full if self.starts_full and self.full is not None else Decimal(0)


@dataclass(frozen=True, slots=True)
class Select:
    """Which findings an item takes: each list that is not empty must hold the finding's value."""

    pack: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    column_class: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What a fault of `first` to `last` days over (inclusive, None: without end) costs."""

    first: int
    last: int | None
    points: Decimal

    @property
    def words(self) -> str:
        if self.last is None:
            return f"超期{self.first}日以上"
        days = f"{self.first}" if self.first == self.last else f"{self.first}—{self.last}"
        return f"超期{days}日"


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a section. Exactly one of `select`, `event`, `entry`, `measure` feeds it.

    One of `points`, `levels`, `steps` or `entered` (the person gives the points) prices it; with
    `set_to` nothing does, and the score becomes that number unless it is lower already. `cap` is
    the most the item may cost or give; `grace` the factor for what was rectified in time;
    `running`: a finding belongs to every period in which it stood, not only to that in which it
    was opened. A month with fewer than `least` is short, one with nothing costs `blank` instead.
    """

    id: str
    name: str
    section: str
    per: str
    select: Select | None = None
    event: str | None = None
    entry: bool = False
    measure: str | None = None
    points: Decimal | None = None
    levels: tuple[tuple[str, Decimal], ...] = ()
    steps: tuple[Step, ...] = ()
    entered: bool = False
    cap: Decimal | None = None
    grace: Decimal | None = None
    set_to: Decimal | None = None
    grade: str | None = None
    running: bool = False
    least: int | None = None
    blank: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """When `condition` holds, a bonus section counts, the score is set, or a grade is given."""

    text: str
    condition: Condition
    enables: str | None = None
    set_to: Decimal | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade (等次) and from how many points on it is reached; None: what is below all others."""

    name: str
    least: Decimal | None


@dataclass(frozen=True, slots=True)
class Scheme:
    """One assessment scheme, as its file says it.

    `clamp` is the lowest and the highest result; `step` what results are rounded to, half up;
    `linear` the corner points between which points become the result (None: they are the result);
    `objection` how long a unit may object.
    """

    id: str
    version: str
    title: str
    cycles: tuple[str, ...]
    base: Decimal
    clamp: tuple[Decimal, Decimal]
    step: Decimal
    linear: tuple[tuple[Decimal, Decimal], ...] | None
    redistribute: str | None
    objection: Limit
    clause: str
    source: str
    confidence: str
    verified: bool
    proposal: bool
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    gates: tuple[Gate, ...]
    grades: tuple[Grade, ...]

    def section(self, id_: str) -> Section:
        return next(section for section in self.sections if section.id == id_)
