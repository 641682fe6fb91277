"""Which gates of a scheme apply? Each asks in the case kindest to the unit.

A gate that falls below asks the most that the points can become, so that what is not known costs
nothing. Where points were spread over other sections, the limit keeps its share of full points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from checks.assessment_sheet import Fired, SectionResult, plain
from checks.scheme_gates import SCORE
from checks.scheme_table import Gate, Scheme

ZERO = Decimal(0)
SIGN_WORDS = {">=": "达到", ">": "超过", "<": "低于", "<=": "不超过"}


def fired(
    scheme: Scheme,
    results: Sequence[SectionResult],
    reached: Decimal,
    most: Decimal | None,
) -> tuple[Fired, ...]:
    """The gates that apply, in the scheme's order. `most`: what `reached` can become at most."""
    by_id = {result.id: result for result in results}
    found = (_fired(scheme, gate, by_id, reached, most) for gate in scheme.gates)
    return tuple(each for each in found if each is not None)


def _fired(
    scheme: Scheme,
    gate: Gate,
    results: Mapping[str, SectionResult],
    reached: Decimal,
    most: Decimal | None,
) -> Fired | None:
    condition = gate.condition
    limit: Decimal | None = condition.limit
    points: Decimal | None = most if condition.falls_below else reached
    if condition.names != (SCORE,):
        named = [results[name] for name in condition.names if results[name].applicable]
        limit = _limit(scheme, gate, named)
        each = [row.most if condition.falls_below else row.points for row in named]
        points = sum((p for p in each if p is not None), ZERO) if None not in each else None
    if limit is None or points is None or not condition.holds(points, limit):
        return None
    asked = f"{_names(scheme, gate)}{plain(points)}分，{SIGN_WORDS[condition.sign]}{plain(limit)}分"
    sentence = f"{asked}：{_effect(scheme, gate)}"
    return Fired(gate.text, points, limit, sentence, gate.enables, gate.set_to, gate.grade)


def _limit(scheme: Scheme, gate: Gate, named: Sequence[SectionResult]) -> Decimal | None:
    """The limit in the full points that now hold. None: none of the sections applies."""
    if not named:
        return None
    written = [scheme.section(name).full for name in gate.condition.names]
    if scheme.redistribute is None or None in written:
        return gate.condition.limit
    before = sum((full for full in written if full is not None), ZERO)
    now = sum((row.full for row in named if row.full is not None), ZERO)
    return gate.condition.limit * now / before


def _names(scheme: Scheme, gate: Gate) -> str:
    if gate.condition.names == (SCORE,):
        return "得分"
    names = "、".join(f"“{scheme.section(name).name}”" for name in gate.condition.names)
    return f"{names}合计" if len(gate.condition.names) > 1 else names


def _effect(scheme: Scheme, gate: Gate) -> str:
    if gate.enables is not None:
        return f"“{scheme.section(gate.enables).name}”计入得分"
    words = [] if gate.set_to is None else [f"得分按{plain(gate.set_to)}计"]
    return "，".join([*words, *([] if gate.grade is None else [f"定为{gate.grade}"])])
