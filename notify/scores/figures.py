"""From the sheets of all units to the rows of the documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from checks.assessment_case import Case
from checks.assessment_sections import rounded
from checks.assessment_sheet import Sheet
from checks.calendar import Deadline, last_good_day
from notify.scores.details import details
from notify.scores.model import (
    ChangeLine,
    EntryLine,
    KindLine,
    LeftLine,
    ScoreFigures,
    ScoreMaterial,
    UnitLine,
)
from notify.scores.problems import problem
from notify.scores.words import deducted, full_remark, is_gain, level_words, lines_words

KINDS = ("town", "department", "other")
LOSSES, GAINS = "附件2", "附件3"


def score_figures(material: ScoreMaterial) -> ScoreFigures:
    """All figures of one edition of an assessment."""
    entries = {line.id: line for case in material.cases for line in _entries(case)}
    units = tuple(_unit_lines(material.sheets, entries))
    sheets = {sheet.unit: sheet for sheet in material.sheets}
    return ScoreFigures(
        material=material,
        units=units,
        kinds=tuple(_kinds(material)),
        details=tuple(row for line in units for row in details(sheets[line.unit])),
        left=tuple(row for line in units for row in _left(sheets[line.unit])),
        problems={id_: problem(material, each) for id_, each in material.findings.items()},
        entries=entries,
        changes=tuple(_changes(material)),
        objection=_objection(material),
    )


def ranks(scores: Sequence[Decimal]) -> tuple[int, ...]:
    """The rank of each score, the highest first; equal scores share one: 1, 1, 3."""
    better = Counter(scores)
    return tuple(1 + sum(n for other, n in better.items() if other > each) for each in scores)


def _unit_lines(sheets: Sequence[Sheet], entries: dict[str, EntryLine]) -> Iterator[UnitLine]:
    """By kind and rank; of one rank in the register's order."""
    for kind in KINDS:
        own = [sheet for sheet in sheets if sheet.unit_kind == kind]
        placed = zip(ranks([sheet.score for sheet in own]), own, strict=True)
        for rank, sheet in sorted(placed, key=lambda pair: pair[0]):
            yield _unit_line(sheet, rank, entries)


def _unit_line(sheet: Sheet, rank: int, entries: dict[str, EntryLine]) -> UnitLine:
    minus = deducted(sheet)
    losses = [line for line in sheet.lines if not is_gain(line)]
    gains = [line for line in sheet.lines if is_gain(line)]
    return UnitLine(
        unit=sheet.unit,
        name=sheet.unit_name,
        kind=sheet.unit_kind,
        minus_words=lines_words(losses, entries, LOSSES),
        plus_words=lines_words(gains, entries, GAINS),
        minus=minus,
        plus=sheet.subtotal - minus,
        subtotal=sheet.subtotal,
        clamped=sheet.clamped,
        score=sheet.score,
        rank=rank,
        remark=full_remark(sheet),
    )


def _kinds(material: ScoreMaterial) -> Iterator[KindLine]:
    for kind in KINDS:
        scores = [sheet.score for sheet in material.sheets if sheet.unit_kind == kind]
        if scores:
            mean = sum(scores, Decimal(0)) / len(scores)
            yield KindLine(
                kind, len(scores), max(scores), min(scores), rounded(mean, Decimal("0.01"))
            )


def _left(sheet: Sheet) -> Iterator[LeftLine]:
    """What was not counted. An entry of another period's day belongs there; nobody misses it."""
    for left in sheet.left_out:
        told = replace(left, entries=()) if left.reason == "outside" else left
        if told.findings or told.entries:
            yield LeftLine(sheet.unit, sheet.unit_name, told)


def _entries(case: Case) -> Iterator[EntryLine]:
    for entry in case.entries:
        level = level_words(entry.level)
        yield EntryLine(entry.id, entry.count, level, entry.evidence, entry.by, entry.on)


def _objection(material: ScoreMaterial) -> Deadline | None:
    approved = material.edition.approved_on
    if approved is None:
        return None
    return last_good_day(approved, material.scheme.objection, material.law.calendar)


def _changes(material: ScoreMaterial) -> Iterator[ChangeLine]:
    """The units of which the score, or what is behind it, became another."""
    if material.before is None:
        return
    old = {sheet.unit: sheet for sheet in material.before}
    new = {sheet.unit: sheet for sheet in material.sheets}
    for unit in dict.fromkeys((*new, *old)):
        line = _change(unit, old.get(unit), new.get(unit))
        if line.before != line.after or any((line.added, line.gone, line.moved, line.entries)):
            yield line


def _change(unit: str, before: Sheet | None, after: Sheet | None) -> ChangeLine:
    had, has = (_by_number(sheet) for sheet in (before, after))
    findings = sorted(id_ for id_ in had.keys() | has.keys() if isinstance(id_, int))
    entries = sorted(id_ for id_ in had.keys() | has.keys() if isinstance(id_, str))
    named = after or before
    return ChangeLine(
        unit=unit,
        unit_name=named.unit_name if named else unit,
        before=before.score if before else None,
        after=after.score if after else None,
        added=tuple(id_ for id_ in findings if id_ not in had),
        gone=tuple(id_ for id_ in findings if id_ not in has),
        moved=tuple(id_ for id_ in findings if id_ in had and id_ in has and had[id_] != has[id_]),
        entries=tuple(id_ for id_ in entries if had.get(id_) != has.get(id_)),
    )


def _by_number(sheet: Sheet | None) -> Mapping[int | str, list[tuple[str, Decimal]]]:
    """What each finding and each entry cost or gave, by their numbers (int, and text)."""
    held: dict[int | str, list[tuple[str, Decimal]]] = {}
    for row in details(sheet) if sheet else ():
        number = row.entry if row.finding is None else row.finding
        if number is not None:
            held.setdefault(number, []).append((row.item, row.points))
    for section in sheet.sections if sheet else ():
        if section.entry is not None:
            held[section.entry] = [(section.id, section.points)]
    return held
