"""Findings and units: what is open, what recovered, and how each unit stands in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from checks.freshness import local_day
from checks.lifecycle import Course, EventKind, Finding, State
from checks.rules import OPERATOR_PACK
from checks.subjects import SubjectKind
from checks.verdicts import Judgement, Verdict
from notify.documents.parts import Rate
from notify.weekly.desk import Desk
from notify.weekly.letters import in_time
from notify.weekly.lines import FindingLine, LetterLine, NoteLine, UnitLine
from notify.weekly.model import FindingTally
from notify.weekly.period import Period

OUTSIDE = "登记册以外的承办单位"
# The unit has done its part, or the system sees so; the office has yet to look.
AWAITING = (State.RECHECK, State.REPORTED)
T = TypeVar("T")


def against_units(desk: Desk) -> tuple[Finding, ...]:
    return tuple(f for f in desk.material.findings if f.key.pack != OPERATOR_PACK)


def finding_tally(desk: Desk) -> FindingTally:
    findings, period = against_units(desk), desk.material.period
    standing = [finding for finding in findings if finding.state.is_open]
    return FindingTally(
        opened=sum(finding.opened_on in period for finding in findings),
        recovered=sum(_recovered(finding, period) for finding in findings),
        closed=sum(finding.course.closed_on in period for finding in findings),
        dismissed=sum(finding.course.dismissed_on in period for finding in findings),
        standing=len(standing),
        unrectified=sum(map(_is_unrectified, standing)),
        recheck=sum(finding.state in AWAITING for finding in standing),
        ended=sum(map(_is_ended, standing)),
        ended_earlier=sum(_is_ended(f) and f.opened_on not in period for f in standing),
        lapsed=sum(finding.course.lapsed for finding in standing),
    )


def _recovered(finding: Finding, period: Period) -> bool:
    """Did it recover in the period, and stay so?"""
    if finding.state not in (State.RECHECK, State.CLOSED):
        return False
    kinds = (EventKind.RECOVERED, EventKind.CLOSED)
    return any(e.kind in kinds and local_day(e.at) in period for e in finding.events)


def _is_unrectified(finding: Finding) -> bool:
    state = finding.state
    return state.is_open and state not in AWAITING and not _is_ended(finding)


def _is_ended(finding: Finding) -> bool:
    """Was it over when it was found, with nothing demanded since? A person has yet to close it."""
    return finding.over and finding.state in (State.FOUND, State.CONFIRMED)


def finding_lines(desk: Desk) -> tuple[FindingLine, ...]:
    """The standing findings, and those on which something was settled in the period.

    One that was over when found has nothing left to rectify: it is listed in its week alone.
    """
    period = desk.material.period
    return tuple(
        _line(desk, finding)
        for finding in against_units(desk)
        if (finding.state.is_open and not _is_ended(finding))
        or finding.opened_on in period
        or _recovered(finding, period)
        or finding.course.dismissed_on in period
        or any(e.kind is EventKind.WAIVED and local_day(e.at) in period for e in finding.events)
    )


def _line(desk: Desk, finding: Finding) -> FindingLine:
    course = finding.course
    return FindingLine(
        id=finding.id,
        unit=desk.unit(finding.unit),
        problem=_problem(desk, finding),
        found_on=finding.opened_on,
        notified_on=course.notified_on,
        due=course.due,
        state=course.state,
        lapsed=course.lapsed,
        appealed=course.appealed,
        recheck=_recheck(course),
        standing=course.state.is_open,
    )


def _recheck(course: Course) -> str:
    """What has been seen since rectification was demanded, the latest alone?"""
    if course.closed_on is not None:
        return f"{course.closed_on}销号"
    if course.failed_on is not None and course.state in (State.FAILED, State.URGED):
        return f"{course.failed_on}复查未通过"
    if course.recovered_on is not None and course.state is State.RECHECK:
        return f"{course.recovered_on}系统见已恢复"
    return f"{course.reported_on}反馈" if course.reported_on is not None else ""


def _problem(desk: Desk, finding: Finding) -> str:
    key = finding.key
    rule = desk.material.law.row(key.pack, key.rule, desk.as_of)
    headline = rule.headline if rule else f"指标{key.pack}/{key.rule}"
    subject = desk.subjects.get(key.subject)
    name = desk.name(subject) if subject else key.subject
    return f"{headline}：{name}" + (f"，来信{key.letter}" if key.letter else "")


def operator_lines(desk: Desk) -> tuple[NoteLine, ...]:
    """What the operator must see to. It is held against no unit."""
    lines: list[NoteLine] = []
    for finding in desk.material.findings:
        if finding.key.pack == OPERATOR_PACK and finding.state.is_open:
            subject = desk.subjects.get(finding.key.subject)
            kind = SubjectKind(finding.key.subject.partition(":")[0])
            unit = desk.unit(subject.unit) if subject else "未登记单位"
            name = desk.name(subject) if subject else finding.key.subject
            lines.append(NoteLine(unit, kind, name, finding.events[-1].note))
    return tuple(lines)


def unit_lines(desk: Desk, letters: Sequence[LetterLine]) -> tuple[UnitLine, ...]:
    """Every registered unit, with nothing to show or not; then whoever else was met."""
    columns = desk.of(SubjectKind.COLUMN)
    findings = [finding for finding in against_units(desk) if _is_unrectified(finding)]
    owners = [row.subject.unit for row in columns] + [finding.unit for finding in findings]
    rows = _group(columns, [row.subject.unit for row in columns])
    own_letters = _group(letters, [line.unit_id for line in letters])
    open_counts = Counter(finding.unit for finding in findings)
    lines = [
        _unit_line(
            desk, unit, desk.unit(unit), rows.get(unit, []), own_letters.get(unit, []), open_counts
        )
        for unit in dict.fromkeys((*desk.units, *(owner for owner in owners if owner)))
    ]
    if own_letters.get(None) or open_counts[None]:
        lines.append(_unit_line(desk, None, OUTSIDE, [], own_letters.get(None, []), open_counts))
    return tuple(lines)


def _group(things: Iterable[T], keys: Iterable[str | None]) -> dict[str | None, list[T]]:
    groups: dict[str | None, list[T]] = {}
    for thing, key in zip(things, keys, strict=True):
        groups.setdefault(key, []).append(thing)
    return groups


def _unit_line(
    desk: Desk,
    unit_id: str | None,
    unit: str,
    columns: Sequence[Judgement],
    letters: Sequence[LetterLine],
    unrectified: Counter[str | None],
) -> UnitLine:
    counted = Counter(row.verdict for row in columns if row.rule is not None)
    on_time = counted[Verdict.OK] + counted[Verdict.DUE_SOON]
    bare = counted[Verdict.BLANK] + counted[Verdict.UNDATED]
    return UnitLine(
        id=unit_id,
        unit=unit,
        columns=len(columns),
        on_time=on_time,
        overdue=counted[Verdict.OVERDUE],
        bare=bare,
        exempt=counted[Verdict.EXEMPT],
        unknown=counted[Verdict.UNKNOWN],
        free=sum(row.rule is None for row in columns),
        in_time=Rate(on_time, on_time + counted[Verdict.OVERDUE] + bare),
        letters=in_time(letters),
        unrectified=unrectified[unit_id],
        points=desk.material.points.get(unit_id or ""),
    )
