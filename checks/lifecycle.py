"""What becomes of a fault over time: found, reminded, recovered, reopened.

State is derived from events. A recovery that the crawler saw goes to re-check, never
straight to closed: a person closes. Only the operator's own findings close by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from checks.calendar import Limit
from checks.freshness import local_day
from checks.rules import OPERATOR_PACK


class State(StrEnum):
    FOUND = "found"
    CONFIRMED = "confirmed"
    NOTIFIED = "notified"
    RECTIFYING = "rectifying"
    REPORTED = "reported"
    RECHECK = "recheck"
    FAILED = "failed"
    URGED = "urged"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    WAIVED = "waived"

    @property
    def is_open(self) -> bool:
        return self not in (State.CLOSED, State.DISMISSED, State.WAIVED)


class EventKind(StrEnum):
    DETECTED = "detected"
    REMINDED = "reminded"
    RECOVERED = "recovered"
    REOPENED = "reopened"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Key:
    """What makes two sightings one fault: the rule, the subject, in a mailbox the letter."""

    pack: str
    rule: str
    subject: str
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One change of a finding's state. `at` is aware."""

    kind: EventKind
    at: datetime
    by: str
    note: str


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

    @property
    def state(self) -> State:
        return fold(self.events)


@dataclass(frozen=True, slots=True)
class Fault:
    """What today's judgement holds against a subject.

    `over`: it happened and has ended, such as a letter answered late; it is found once.
    `opens` is false when it lies too far back: it may keep or end a finding, but not open one.
    """

    key: Key
    unit: str | None
    basis: date | None
    note: str
    evidence: str | None
    remind: Limit | None = None
    over: bool = False
    opens: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One event to be written: to an existing finding, or opening one when `finding` is None."""

    kind: EventKind
    note: str
    finding: Finding | None = None
    fault: Fault | None = None


def fold(events: Iterable[Event]) -> State:
    """In which state do these events, oldest first, leave a finding?"""
    state, confirmed = State.FOUND, False
    for event in events:
        if event.kind is EventKind.RECOVERED:
            confirmed = confirmed or state is not State.FOUND
            state = State.RECHECK
        elif event.kind is EventKind.REOPENED:
            state = State.FAILED if confirmed else State.FOUND
        elif event.kind is EventKind.CLOSED:
            state = State.CLOSED
    return state


def advance(
    findings: Mapping[Key, Finding],
    faults: Mapping[Key, Fault],
    cleared: Mapping[Key, str],
    now: datetime,
) -> tuple[Step, ...]:
    """Which events follow from today's judgements?

    `findings` holds the latest finding of each key. A key in neither `faults` nor `cleared`
    could not be judged today, and its finding stays as it is.
    """
    steps = [
        step for key, fault in faults.items() for step in _fault(findings.get(key), fault, now)
    ]
    for key, note in cleared.items():
        finding = findings.get(key)
        if finding is not None and finding.state.is_open and finding.state is not State.RECHECK:
            operator = key.pack == OPERATOR_PACK
            steps.append(Step(EventKind.CLOSED if operator else EventKind.RECOVERED, note, finding))
    return tuple(steps)


def _fault(finding: Finding | None, fault: Fault, now: datetime) -> list[Step]:
    detected = Step(EventKind.DETECTED, fault.note, fault=fault)
    if finding is None:
        return [detected] if fault.opens else []
    state = finding.state
    if fault.over:
        running = state.is_open and state is not State.RECHECK and not finding.over
        return [Step(EventKind.RECOVERED, fault.note, finding)] if running else []
    if state is State.DISMISSED:
        # A person called this very fault a false alarm; only a new one may be raised.
        return [detected] if fault.opens and finding.basis != fault.basis else []
    if not state.is_open:
        return [detected] if fault.opens else []
    if state is State.RECHECK:
        return [Step(EventKind.REOPENED, fault.note, finding, fault)]
    quiet = (local_day(now) - local_day(finding.events[-1].at)).days
    due = fault.remind is not None and quiet >= fault.remind.n
    return [Step(EventKind.REMINDED, fault.note, finding, fault)] if due else []
