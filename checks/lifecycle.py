"""What becomes of a fault over time: found, reminded, recovered, reopened, and its deadlines.

State is derived from events (`checks.course`). A recovery that the crawler saw goes to re-check,
never straight to closed: a person closes. Only the operator's own findings close by themselves.
What persons do to a finding is in `checks.handling`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from checks.calendar import Limit
from checks.course import Course, Event, EventKind, State, course_of
from checks.freshness import local_day
from checks.rules import OPERATOR_PACK

__all__ = [
    "Course",
    "Event",
    "EventKind",
    "Fault",
    "Finding",
    "Key",
    "State",
    "Step",
    "advance",
    "known_at",
]


@dataclass(frozen=True, slots=True)
class Key:
    """What makes two sightings one fault: the rule, the subject, in a mailbox the letter."""

    pack: str
    rule: str
    subject: str
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault (问题) with its history. `basis` is the date the accusation rests on.

    `over`: the fault had already ended when it was found.
    """

    id: int
    key: Key
    unit: str | None
    opened_on: date
    basis: date | None
    evidence: str | None
    events: tuple[Event, ...]
    over: bool = False
    rule_version: str = ""
    calendar_version: str = ""
    # A report asks each finding many times where it stands: worked out once, it costs little.
    _course: list[Course] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def course(self) -> Course:
        if not self._course:
            self._course.append(course_of(self.events))
        return self._course[0]

    @property
    def state(self) -> State:
        return self.course.state


def known_at(findings: Iterable[Finding], at: datetime) -> list[Finding]:
    """The same findings as they were known at an earlier instant; those found later are gone."""
    known = []
    for finding in findings:
        events = tuple(event for event in finding.events if event.at <= at)
        if len(events) == len(finding.events):
            known.append(finding)
        elif events:
            known.append(replace(finding, events=events))
    return known


@dataclass(frozen=True, slots=True)
class Fault:
    """What today's judgement holds against a subject.

    `over`: it happened and has ended, such as a letter answered late; it is found once.
    `opens` is false when it lies too far back: it may keep or end a finding, but not open one.
    `looked` is when what it rests on was seen, None: not known.
    """

    key: Key
    unit: str | None
    basis: date | None
    note: str
    evidence: str | None
    remind: Limit | None = None
    over: bool = False
    opens: bool = True
    looked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One event to be written: to an existing finding, or opening one when `finding` is None."""

    kind: EventKind
    note: str
    finding: Finding | None = None
    fault: Fault | None = None


def advance(
    findings: Mapping[Key, Finding],
    faults: Mapping[Key, Fault],
    cleared: Mapping[Key, str],
    now: datetime,
) -> tuple[Step, ...]:
    """Which events follow from today's judgements, and from days that have passed?

    `findings` holds the latest finding of each key. A key in neither `faults` nor `cleared`
    could not be judged today, and its finding stays as it is, but for the day on which its
    rectification begins.
    """
    steps = [
        step for key, fault in faults.items() for step in _fault(findings.get(key), fault, now)
    ]
    for key, note in cleared.items():
        if (finding := findings.get(key)) is not None:
            steps += _cleared(finding, note, now)
    moved = {step.finding.id for step in steps if step.finding is not None}
    steps += (
        step for each in findings.values() if each.id not in moved for step in _begun(each, now)
    )
    return tuple(steps)


def _cleared(finding: Finding, note: str, now: datetime) -> Iterator[Step]:
    course, operator = finding.course, finding.key.pack == OPERATOR_PACK
    if course.state is State.DISMISSED:
        # Nothing but having been seen in order tells a false alarm without a day from a new fault.
        if finding.basis is None and course.recovered_on is None:
            yield Step(EventKind.RECOVERED, note, finding)
    elif _is_set_aside(course, now) or course.state in (State.CLOSED, State.RECHECK):
        return
    else:
        yield Step(EventKind.CLOSED if operator else EventKind.RECOVERED, note, finding)


def _begun(finding: Finding, now: datetime) -> Iterator[Step]:
    """The day of a notice does not count; the next one is the first of rectification."""
    course = finding.course
    if (
        course.state is State.NOTIFIED
        and course.notified_on
        and course.notified_on < local_day(now)
    ):
        due = f"，至{course.due}止（含当日）" if course.due else ""
        yield Step(EventKind.RECTIFYING, f"整改期限自通知下发次日起算{due}", finding)


def _fault(finding: Finding | None, fault: Fault, now: datetime) -> list[Step]:
    detected = [Step(EventKind.DETECTED, fault.note, fault=fault)] if fault.opens else []
    if finding is None:
        return detected
    course = finding.course
    state = course.state
    if fault.over:
        return _over(finding, fault, now)
    if state is State.DISMISSED:
        return detected if _is_another(finding, fault, now) else []
    if _is_set_aside(course, now) or _is_older(course, finding, fault):
        return []
    if state is State.CLOSED:
        return detected
    if state is State.WAIVED:
        return [Step(EventKind.RESUMED, f"豁免期已满；{fault.note}", finding, fault)]
    if state is State.RECHECK:
        return [Step(EventKind.REOPENED, fault.note, finding, fault)]
    return _standing(finding, fault, now)


def _over(finding: Finding, fault: Fault, now: datetime) -> list[Step]:
    """What has ended is found once; a finding made while it ran recovers, one made after lapses."""
    state = finding.state
    if state.is_open and state is not State.RECHECK and not finding.over:
        return [Step(EventKind.RECOVERED, fault.note, finding)]
    return _lapse(finding, fault, now)


def _is_another(finding: Finding, fault: Fault, now: datetime) -> bool:
    """A person called a fault a false alarm: is this one a new accusation?

    One that rests on another day is. Without a day one is after the subject was seen in order, or
    after the day up to which the dismissal holds.
    """
    course = finding.course
    if finding.basis is not None or fault.basis is not None:
        return finding.basis != fault.basis
    until = course.dismissed_until
    return course.recovered_on is not None or (until is not None and until < local_day(now))


def _is_set_aside(course: Course, now: datetime) -> bool:
    until = course.waived_until
    return course.state is State.WAIVED and (until is None or local_day(now) <= until)


def _is_older(course: Course, finding: Finding, fault: Fault) -> bool:
    """Was it seen before a person closed or re-checked the finding? Then it says nothing new."""
    if fault.looked is None or course.state not in (State.CLOSED, State.RECHECK):
        return False
    checked = [e.at for e in finding.events if e.kind in (EventKind.CLOSED, EventKind.RECHECKED)]
    return bool(checked) and fault.looked <= checked[-1]


def _standing(finding: Finding, fault: Fault, now: datetime) -> list[Step]:
    """The fault stands: has its deadline passed, or is a reminder due?"""
    course = finding.course
    if lapsed := _lapse(finding, fault, now):
        return lapsed
    if course.appealed or course.state is State.REPORTED:
        return []
    quiet = (local_day(now) - local_day(finding.events[-1].at)).days
    due = fault.remind is not None and quiet >= fault.remind.n
    if due and course.state is not State.NOTIFIED:
        return [Step(EventKind.REMINDED, fault.note, finding, fault)]
    return []


def _lapse(finding: Finding, fault: Fault, now: datetime) -> list[Step]:
    course = finding.course
    if course.state not in (State.NOTIFIED, State.RECTIFYING, State.URGED):
        return []
    if course.due is None or course.due >= local_day(now) or course.lapsed or course.appealed:
        return []
    note = f"整改期限{course.due}已过，未收到整改反馈；{fault.note}"
    # Where nothing ran since the notice, the span that lapses has begun all the same.
    return [*_begun(finding, now), Step(EventKind.LAPSED, note, finding, fault)]
