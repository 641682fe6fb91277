"""What counts under each item of a scheme, and what does not and why?"""

from __future__ import annotations

from dataclasses import dataclass

from checks.assessment_case import Case, Entry
from checks.assessment_findings import take
from checks.assessment_lines import entry_line, finding_line, measure_line
from checks.assessment_sheet import REASONS, LeftOut, Line, Unknown
from checks.scheme_table import Scheme


@dataclass(frozen=True, slots=True)
class Counted:
    """All lines, what was left out by reason, and what is not known."""

    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]
    not_known: tuple[Unknown, ...]


def count(scheme: Scheme, case: Case, left: frozenset[str]) -> Counted:
    """Which lines has the sheet, and what was left out? `left`: sections not applicable."""
    taken = take(scheme, case, left)
    entered, out = _entries(scheme, case, left)
    lines: list[Line | None] = []
    unknown: list[Unknown | None] = []
    for item in (item for item in scheme.items if item.section not in left):
        if item.entry:
            lines.append(entry_line(item, [each for each in entered if each.item == item.id]))
        elif item.measure is not None:
            line, missing = measure_line(item, case)
            lines.append(line)
            unknown.append(missing)
        else:
            lines.append(finding_line(item, taken.by_item.get(item.id, ()), case))
    left_out = (
        LeftOut(reason, words, taken.left_out.get(reason, ()), tuple(out.get(reason, ())))
        for reason, words in REASONS.items()
    )
    return Counted(
        tuple(line for line in lines if line is not None),
        tuple(each for each in left_out if each.findings or each.entries),
        tuple(each for each in unknown if each is not None),
    )


def _entries(
    scheme: Scheme, case: Case, left: frozenset[str]
) -> tuple[list[Entry], dict[str, list[str]]]:
    """The entries that count, and the ids of the others by reason."""
    sections = {item.id: item.section for item in scheme.items}
    counted: list[Entry] = []
    out: dict[str, list[str]] = {}
    for entry in case.entries:
        if not case.counts(entry):
            out.setdefault("outside", []).append(entry.id)
        elif sections.get(entry.item, entry.item) in left:
            out.setdefault("not_applicable", []).append(entry.id)
        else:
            counted.append(entry)
    return counted, out
