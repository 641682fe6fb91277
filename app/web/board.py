"""The morning's board: units down, classes across, the worst first. Pure: a judged day in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.day import Day
from app.words import WORST_FIRST, days_words, severity
from checks.subjects import SubjectKind
from checks.verdicts import Judgement, Verdict
from notify.terms import CLASSES
from notify.words import KIND_WORDS

BAD = frozenset({Verdict.OVERDUE, Verdict.BLANK, Verdict.UNDATED})


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the reader wants to see; empty: all of it. These are the fields of the address."""

    unit: str = ""
    group: str = ""
    verdict: str = ""
    text: str = ""

    def holds(self, row: Judgement) -> bool:
        return (
            self.unit in ("", row.subject.unit)
            and self.group in ("", group_of(row))
            and self.verdict in ("", row.verdict)
            and self.text.casefold() in row.subject.name.casefold()
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit's subjects of one group. `worst` is the verdict to be seen, `days` what it says."""

    worst: Verdict
    count: int
    bad: int
    days: str


@dataclass(frozen=True, slots=True)
class Line:
    """One unit. `cells` are by group; a group of which the unit has nothing is not among them."""

    unit: str
    name: str
    cells: Mapping[str, Cell]

    @property
    def rank(self) -> tuple[int, int, str]:
        """The worst unit comes first, then the one with most that is bad, then by name."""
        worst = min(WORST_FIRST.index(cell.worst) for cell in self.cells.values())
        return worst, -sum(cell.bad for cell in self.cells.values()), self.name


@dataclass(frozen=True, slots=True)
class Board:
    """The board. `groups` are the heads by group, `totals` how many subjects have each verdict."""

    groups: Mapping[str, str]
    lines: Sequence[Line]
    totals: Mapping[Verdict, int]


def group_of(row: Judgement) -> str:
    """In which column of the board does it stand? A column's class, else what it is."""
    return row.subject.column_class or str(row.subject.kind)


def board(day: Day, chosen: Chosen) -> Board:
    """The board of a judged day, as far as it is chosen. Each subject counts once, at its worst."""
    worst: dict[str, Judgement] = {}
    for row in day.bench.rows:
        held = worst.get(row.subject.key)
        if held is None or severity(row) < severity(held):
            worst[row.subject.key] = row
    shown = [row for row in worst.values() if chosen.holds(row)]
    present = {group_of(row) for row in shown}
    heads = {**CLASSES, **{str(kind): KIND_WORDS[kind] for kind in SubjectKind}}
    lines: dict[str, dict[str, list[Judgement]]] = {}
    for row in shown:
        lines.setdefault(row.subject.unit, {}).setdefault(group_of(row), []).append(row)
    made = [
        Line(
            unit,
            day.unit_names.get(unit, unit),
            {group: _cell(rows) for group, rows in groups.items()},
        )
        for unit, groups in lines.items()
    ]
    totals = {each: sum(row.verdict is each for row in shown) for each in WORST_FIRST}
    return Board(
        {group: head for group, head in heads.items() if group in present},
        sorted(made, key=lambda line: line.rank),
        totals,
    )


def _cell(rows: Sequence[Judgement]) -> Cell:
    first = min(rows, key=severity)
    bad = sum(row.verdict in BAD for row in rows)
    return Cell(first.verdict, len(rows), bad, days_words(first))
