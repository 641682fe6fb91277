"""The rows of the notice's tables: one class a table, one value a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from checks.lifecycle import State
from checks.subjects import SubjectKind
from notify.documents.parts import Average, Rate


@dataclass(frozen=True, slots=True)
class CoverLine:
    """What was looked at of one kind: registered subjects are seen, unseen, or excused where
    nobody had to look (exempt, closed, an entry to another column).
    """

    kind: SubjectKind
    registered: int
    seen: int
    unseen: int
    excused: int
    rate: Rate


@dataclass(frozen=True, slots=True)
class GroupLine:
    """Accounts of one platform, or of one kind of owner."""

    label: str
    total: int
    checked: int
    failed: int
    passed: Rate


@dataclass(frozen=True, slots=True)
class FailedLine:
    """A site or account with a confirmed veto, and why. `code` is a site's 网站标识码."""

    name: str
    unit: str
    platform: str
    code: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class NearLine:
    """A site near a veto by confirmed findings alone. `gap` is how many more would hit it."""

    name: str
    indicator: str
    count: int
    limit: int
    gap: int


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One confirmed problem.

    `updated` is the last update it rests on, of a letter `due` the last good day; `run` for how
    many quarters in a row. `state` is how far its rectification has come.
    """

    id: int
    unit_id: str | None
    unit: str
    subject: str
    kind: SubjectKind
    name: str
    kind_word: str
    letter: str
    pack: str
    rule: str
    headline: str
    clause: str
    updated: date | None
    due: date | None
    found_on: date
    state: State
    run: int | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """The confirmed problems under one indicator."""

    headline: str
    lines: tuple[ProblemLine, ...]


@dataclass(frozen=True, slots=True)
class LetterUnitLine:
    """How one unit answered the letters received in the quarter."""

    unit: str
    letters: int
    answered: int
    judged: int
    in_time: int
    answer_rate: Rate
    in_time_rate: Rate
    average: Average


@dataclass(frozen=True, slots=True)
class RetestLine:
    """What became of a problem confirmed in the quarter before."""

    id: int
    unit: str
    name: str
    headline: str
    confirmed_on: date
    due: date | None
    result: str
    run: int | None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How many sites, or accounts, were judged, and how many of them have a confirmed veto.

    `asked`: an indicator in force vetoes such subjects. Those with a veto that awaits a person are
    `pending` and count as not failed. `before` is the pass rate of the quarter before, `change` the
    difference of both as printed, in percentage points; None: it was not judged.
    """

    label: str
    asked: bool
    total: int
    checked: int
    unjudged: int
    passed: int
    pending: int
    failed: int
    rate: Rate
    before: Rate | None
    change: Decimal | None
