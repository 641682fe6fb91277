"""What is a portal worth in points? (国办秘函〔2019〕19号: 扣分指标, 加分指标)

A veto leaves a site unscored. What nobody checked, and what has no known value, costs nothing
and leaves the score open: then the points are what the site can have at most, and it has a
grade only where nothing still open could change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from checks.indicators import TALLIED, Indicator, Scale
from checks.sites import Standing, vetoed
from checks.standing_words import unmet_words

HUNDREDTH = Decimal("0.01")
PASS, FAIL = "合格", "不合格"


@dataclass(frozen=True, slots=True)
class Check:
    """What was found under one deduction: `faults`, 0 for none, with its evidence.

    `points` is what a person deducts in all, in place of the pack's value. `partial`: not
    everything could be looked at, so there may be more faults.
    """

    indicator: str
    faults: int
    evidence: str
    points: Decimal | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Bonus:
    """Points that a person gives under one row of the bonus part, with the evidence."""

    indicator: str
    points: Decimal
    evidence: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the sheet. `points` deducted are positive; None where not known.

    `faults` is None where nobody checked. `still_open`: more than this may be deducted.
    """

    indicator: Indicator
    faults: int | None
    points: Decimal | None
    evidence: str = ""
    still_open: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """The sheet of one site. Points are rounded half up to 0.01, and None after a veto.

    `deduction_score` is part 2, `bonus` what part 3 adds, `total` both. `grade` is 合格,
    不合格, or None while `still_open` (ids of indicators) could change it.
    """

    vetoes: tuple[str, ...]
    lines: tuple[Line, ...]
    deducted: Decimal | None
    deduction_score: Decimal | None
    bonus: Decimal | None
    total: Decimal | None
    grade: str | None
    still_open: tuple[str, ...]


def check_of(standing: Standing) -> Check | None:
    """What did the machine find under this deduction? None while it is not known.

    Subjects at fault are faults even where others are not known, or where a person must look at
    the rest: then the check is `partial`.
    """
    if standing.hit is None or standing.indicator.counts not in TALLIED:
        return None
    names = "、".join(subject.name for subject in standing.counted)
    if standing.unmet:
        names = "；".join(map(unmet_words, standing.unmet))
    partial = bool(standing.not_known) or standing.indicator.partial
    return Check(standing.indicator.id, standing.count, names or "未发现问题", partial=partial)


def score(
    scale: Scale,
    indicators: Iterable[Indicator],
    vetoes: Sequence[Standing],
    checks: Iterable[Check],
    bonuses: Iterable[Bonus] = (),
    *,
    services: bool = True,
) -> Score:
    """How many points has the site, and which grade?

    `services`: the body has a public-service function; without, that section is left out, its
    vetoes too, and the rest scaled up to full points. The published, rounded points meet the
    gates: below `pass_mark` 不合格, above `bonus_above` the bonus counts. Raises ValueError
    naming a check or a bonus that has no row, no evidence, comes twice, or is negative.
    """
    rows = [row for row in indicators if services or row.section != scale.services_section]
    vetoes = [s for s in vetoes if services or s.indicator.section != scale.services_section]
    lines = _lines(rows, {check.indicator: check for check in _checked(rows, checks)})
    given = _given(rows, bonuses)
    hits = tuple(s.indicator.id for s in vetoes if s.veto)
    if hits:
        return Score(hits, (), None, None, None, None, FAIL, ())
    unsure = [s.indicator.id for s in vetoes if s.hit is not False]
    unpriced = [line.indicator.id for line in lines if line.still_open]
    deducted = sum((line.points for line in lines if line.points is not None), Decimal(0))
    reached = _reached(scale, deducted, services)
    bonus = _rounded(min(given, scale.bonus_most)) if reached > scale.bonus_above else Decimal(0)
    still_open = (*unsure, *unpriced)
    grade: str | None = FAIL if reached < scale.pass_mark else PASS
    if grade == PASS and (still_open or vetoed(vetoes) is not False):
        grade = None
    return Score((), lines, _rounded(deducted), reached, bonus, reached + bonus, grade, still_open)


def _reached(scale: Scale, deducted: Decimal, services: bool) -> Decimal:
    base = scale.full if services else scale.full - scale.services
    return _rounded(max(Decimal(0), base - deducted) * scale.full / base)


def _lines(rows: Iterable[Indicator], found: Mapping[str, Check]) -> tuple[Line, ...]:
    return tuple(_line(row, found.get(row.id)) for row in rows if row.part == "deduct")


def _line(row: Indicator, check: Check | None) -> Line:
    if check is None:
        return Line(row, None, None, still_open=True)
    cost = check.points if check.faults else Decimal(0)
    if cost is None and row.points is not None:
        cost = row.points * check.faults
    if cost is not None and row.cap is not None:
        cost = min(cost, row.cap)
    still_open = cost is None or (check.partial and cost != row.cap)
    return Line(row, check.faults, cost, check.evidence, still_open)


def _checked(rows: Iterable[Indicator], checks: Iterable[Check]) -> list[Check]:
    known = {row.id for row in rows if row.part == "deduct"}
    held: list[Check] = []
    for check in checks:
        _entry(check.indicator, known, {one.indicator for one in held}, check.evidence)
        if check.faults < 0 or (check.points is not None and check.points < 0):
            raise ValueError(f"check {check.indicator}: faults and points are 0 or more")
        if check.points and not check.faults:
            raise ValueError(f"check {check.indicator}: points deducted without a fault")
        held.append(check)
    return held


def _given(rows: Iterable[Indicator], bonuses: Iterable[Bonus]) -> Decimal:
    known = {row.id for row in rows if row.part == "bonus"}
    held: dict[str, Decimal] = {}
    for bonus in bonuses:
        _entry(bonus.indicator, known, held.keys(), bonus.evidence)
        if bonus.points < 0:
            raise ValueError(f"bonus {bonus.indicator}: points are 0 or more")
        held[bonus.indicator] = bonus.points
    return sum(held.values(), Decimal(0))


def _entry(id_: str, known: Iterable[str], held: Iterable[str], evidence: str) -> None:
    if id_ not in known:
        raise ValueError(f"{id_}: no such row in this part of the table")
    if id_ in held:
        raise ValueError(f"{id_}: entered twice")
    if not evidence.strip():
        raise ValueError(f"{id_}: entered without evidence")


def _rounded(points: Decimal) -> Decimal:
    return points.quantize(HUNDREDTH, ROUND_HALF_UP)
