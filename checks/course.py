"""How far has the rectification of a finding come? Derived from its events alone.

found → confirmed (or dismissed) → notice issued → rectifying → reported back → re-check →
closed, or failed → named and urged → re-check. An appeal stops the clock and leaves the state;
a waiver sets the finding aside until its last day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

from checks.freshness import local_day


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
    """What happened. The first seven are the system's own; the others are a person's steps."""

    DETECTED = "detected"
    REMINDED = "reminded"
    RECOVERED = "recovered"
    REOPENED = "reopened"
    RECTIFYING = "rectifying"
    LAPSED = "lapsed"
    RESUMED = "resumed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    NOTIFIED = "notified"
    REPORTED = "reported"
    RECHECKED = "rechecked"
    FAILED = "failed"
    URGED = "urged"
    CLOSED = "closed"
    WAIVED = "waived"
    APPEALED = "appealed"
    REJECTED = "rejected"

    @property
    def by_person(self) -> bool:
        """Is it a person's step? Of the operator's own findings the system alone writes."""
        return self not in _BY_SYSTEM


_BY_SYSTEM = (
    EventKind.DETECTED,
    EventKind.REMINDED,
    EventKind.RECOVERED,
    EventKind.REOPENED,
    EventKind.RECTIFYING,
    EventKind.LAPSED,
    EventKind.RESUMED,
)


@dataclass(frozen=True, slots=True)
class Event:
    """One change of a finding's state: who, when, why, on what evidence. `at` is aware.

    `until`, inclusive, is the day that the event sets: of a notice, an urging or a rejected appeal
    the last day of rectification, of a waiver its last day, of a dismissal the last day on which
    it holds where nothing else could end it.
    """

    kind: EventKind
    at: datetime
    by: str
    note: str
    evidence: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """Where a finding stands, and the days on which it came there (Asia/Shanghai days).

    `due` is the last day of rectification, inclusive; `lapsed`: it passed without a report.
    `appealed`: an appeal awaits its answer, and no clock runs. `reported_on` answers the last
    demand. `recovered_on` is when the system last saw the fault gone, None: it has come back since.
    """

    state: State = State.FOUND
    confirmed_on: date | None = None
    notified_on: date | None = None
    due: date | None = None
    lapsed: bool = False
    reported_on: date | None = None
    recovered_on: date | None = None
    failed_on: date | None = None
    urged_on: tuple[date, ...] = ()
    appealed_on: date | None = None
    appealed: bool = False
    waived_until: date | None = None
    closed_on: date | None = None
    dismissed_on: date | None = None
    dismissed_until: date | None = None


_FRESH = asdict(Course())


def course_of(events: Iterable[Event]) -> Course:
    """Where do these events, oldest first, leave a finding?"""
    # Folded in place: a value for each event of ten years would cost more than what they say.
    held = SimpleNamespace(**_FRESH)
    for event in events:
        vars(held).update(_changes(held, event))
    return Course(**vars(held))


def _changes(course: SimpleNamespace, event: Event) -> dict[str, Any]:
    """What one event changes; the transitions of the state machine, one a case."""
    day, state = local_day(event.at), course.state
    match event.kind:
        case EventKind.RECOVERED:
            # Of what is no longer open it only tells that the fault went away.
            goes_on = state.is_open or state is State.WAIVED
            return {"state": State.RECHECK if goes_on else state, "recovered_on": day}
        case EventKind.REOPENED if course.notified_on is not None:
            return {"state": State.FAILED, "failed_on": day, "recovered_on": None}
        case EventKind.REOPENED:
            return {"state": _before_notice(course), "recovered_on": None}
        case EventKind.RECTIFYING:
            return {"state": State.RECTIFYING}
        case EventKind.LAPSED:
            return {"lapsed": True}
        case EventKind.RESUMED:
            return {"state": _before_notice(course), "waived_until": None}
        case EventKind.CONFIRMED:
            confirmed = State.CONFIRMED if state is State.FOUND else state
            return {"state": confirmed, "confirmed_on": course.confirmed_on or day}
        case EventKind.NOTIFIED:
            return {"state": State.NOTIFIED, "notified_on": day, **_demand(event.until)}
        case EventKind.REPORTED:
            seen = state is State.RECHECK
            return {"state": state if seen else State.REPORTED, "reported_on": day}
        case EventKind.RECHECKED:
            return {"state": State.RECHECK}
        case EventKind.FAILED:
            return {"state": State.FAILED, "failed_on": day, "recovered_on": None}
        case EventKind.URGED:
            urged_on = (*course.urged_on, day)
            return {"state": State.URGED, "urged_on": urged_on, **_demand(event.until)}
        case EventKind.WAIVED:
            return {"state": State.WAIVED, "waived_until": event.until}
        case EventKind.APPEALED:
            return {"appealed": True, "appealed_on": day}
        case EventKind.REJECTED:
            return {"appealed": False, "due": event.until or course.due}
        case EventKind.CLOSED:
            return {"state": State.CLOSED, "closed_on": day}
        case EventKind.DISMISSED:
            ended = {"dismissed_on": day, "dismissed_until": event.until, "recovered_on": None}
            return {"state": State.DISMISSED, "appealed": False, **ended}
        case _:
            return {}


def _before_notice(course: SimpleNamespace) -> State:
    return State.FOUND if course.confirmed_on is None else State.CONFIRMED


def _demand(due: date | None) -> dict[str, Any]:
    """A new demand to rectify: whatever was reported speaks of an earlier one."""
    return {"due": due, "lapsed": False, "reported_on": None}
