"""The points of each section (考核项目): floors, sections by hand, and those not applicable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from checks.assessment_case import Case, CaseError, Entry
from checks.assessment_sheet import Line, SectionResult, Unknown, plain
from checks.scheme_table import Scheme, Section

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Spread:
    """How the points of sections not applicable go to the others.

    `full` are the full points of the applicable main sections by id; what these reach is times
    `factor`, a numerator and a denominator.
    """

    full: Mapping[str, Decimal]
    factor: tuple[Decimal, Decimal] = (ONE, ONE)
    words: str = ""


def rounded(number: Decimal, step: Decimal) -> Decimal:
    """The nearest multiple of `step`; a half goes away from zero: -0.125 by 0.01 is -0.13."""
    return (number / step).quantize(ONE, ROUND_HALF_UP) * step + ZERO  # no -0.00


def skipped(scheme: Scheme, case: Case) -> frozenset[str]:
    """Which sections are not applicable to this unit?"""
    return frozenset(
        section.id
        for section in scheme.sections
        if section.id in case.lacks
        or (section.only_for is not None and case.unit_kind not in section.only_for)
    )


def spread(scheme: Scheme, left: frozenset[str]) -> Spread:
    """Where do the points of the sections in `left` go? Raises CaseError when none is left."""
    main = [section for section in scheme.sections if not section.bonus]
    kept = {s.id: s.full for s in main if s.full is not None and s.id not in left}
    lost = [section for section in main if section.id in left]
    if not lost:
        return Spread(kept)
    if not kept:
        raise CaseError(f"no section of the scheme {scheme.id} applies to this unit")
    total = sum((section.full or ZERO for section in main), ZERO)
    rest = sum(kept.values(), ZERO)
    names = "、".join(f"“{s.name}”{plain(s.full or ZERO)}分" for s in lost)
    if scheme.redistribute == "multiply":
        factor = f"{plain(total)}/{plain(rest)}"
        return Spread(kept, (total, rest), f"{names}不适用，其余部分得分乘以{factor}")
    even = scheme.redistribute == "even"
    share = (total - rest) / len(kept)
    full = {id_: f + share if even else f * total / rest for id_, f in kept.items()}
    how = "平均" if even else "按比例"
    words = f"{names}不适用，分值{how}分摊到其余部分"
    return Spread(_adding_up(full, total, scheme.step), words=words)


def _adding_up(full: Mapping[str, Decimal], total: Decimal, step: Decimal) -> dict[str, Decimal]:
    """Rounded full points that still are `total` together: the largest remainders go up."""
    down = {id_: each // step * step for id_, each in full.items()}
    by_rest = sorted(full, key=lambda id_: (down[id_] - full[id_], id_))
    up = int((total - sum(down.values(), ZERO)) // step)
    return {id_: down[id_] + (step if id_ in by_rest[:up] else ZERO) for id_ in full}


def section_result(
    section: Section,
    scheme: Scheme,
    full: Decimal | None,
    lines: Sequence[Line],
    entries: Mapping[str, Entry],
    unknown: Sequence[Unknown],
) -> SectionResult:
    """The points of one applicable section, not yet let in if it is a bonus."""
    sum_ = sum((line.points for line in lines if line.section == section.id), ZERO)
    entry = entries.get(section.id) if section.by_hand else None
    if section.by_hand:
        points = _by_hand(section, full or ZERO, entry, scheme.step)
    else:
        start = full if section.starts_full and full is not None else ZERO
        points = _within(start + sum_, section.floor, full)
    gives = any(each.gives and each.section == section.id for each in unknown)
    return SectionResult(
        id=section.id,
        name=section.name,
        applicable=True,
        full=full,
        sum=sum_,
        points=points,
        most=full if gives else points,
        weight=section.weight,
        bonus=section.bonus,
        counted=not section.bonus,
        worth=ZERO if section.bonus else points * section.weight,
        entry=entry.id if entry else None,
        missing=section.by_hand and not section.bonus and entry is None,
    )


def _by_hand(section: Section, full: Decimal, entry: Entry | None, step: Decimal) -> Decimal:
    """What was entered, in the section's full points. Nothing yet: all of them, of a bonus none."""
    if entry is None or entry.points is None or not section.full:
        return ZERO if section.bonus else full
    return rounded(entry.points * full / section.full, step)


def _within(points: Decimal, floor: Decimal | None, full: Decimal | None) -> Decimal:
    points = points if floor is None else max(points, floor)
    return points if full is None else min(points, full)


def not_applicable(section: Section) -> SectionResult:
    """The row of a section that does not apply to the unit."""
    return SectionResult(
        id=section.id,
        name=section.name,
        applicable=False,
        full=section.full,
        sum=ZERO,
        points=ZERO,
        most=ZERO,
        weight=section.weight,
        bonus=section.bonus,
        counted=False,
        worth=ZERO,
    )
