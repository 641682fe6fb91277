"""Which findings belong to a quarter, and which of them may stand in a notice?

Only what a person has confirmed is held against a unit in public. What the fault did counts up to
the reference day; what persons did about it counts up to the day the notice is made, since they
look at what was found after the quarter is over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from enum import StrEnum

from checks.course import State, course_of
from checks.freshness import SHANGHAI, local_day
from checks.lifecycle import Finding, Key
from checks.rules import OPERATOR_PACK
from notify.quarterly.quarter import Quarter


class Sort(StrEnum):
    """Where does a finding stand with the persons who look at it? One sort each."""

    LISTED = "listed"
    PENDING = "pending"
    APPEALED = "appealed"
    WAIVED = "waived"
    DISMISSED = "dismissed"
    UNCONFIRMED = "unconfirmed"  # closed, and nobody ever confirmed it


def against_units(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(each for each in findings if each.key.pack != OPERATOR_PACK)


def not_long_over(findings: Iterable[Finding], quarter: Quarter) -> tuple[Finding, ...]:
    """The findings that this quarter or the one before may speak of: still open, or something was
    done about them since. Of ten years most are neither.
    """
    since = datetime.combine(quarter.before.first, time.min, SHANGHAI)
    return tuple(each for each in findings if each.events[-1].at >= since or each.state.is_open)


def sort_of(finding: Finding) -> Sort:
    """May it be listed? Whatever speaks for the unit comes before a confirmation."""
    course = finding.course
    if course.state is State.DISMISSED:
        return Sort.DISMISSED
    if course.state is State.WAIVED:
        return Sort.WAIVED
    if course.appealed:
        return Sort.APPEALED
    if course.confirmed_on is None:
        return Sort.PENDING if course.state.is_open else Sort.UNCONFIRMED
    return Sort.LISTED


def end_of(day: date) -> datetime:
    """The last instant of a day."""
    return datetime.combine(day, time.max, SHANGHAI)


def stands(finding: Finding, at: datetime) -> bool:
    """Was the fault still there, as far as anybody knew? One that was seen gone was not, nor one
    that had ended when it was found.
    """
    known = tuple(event for event in finding.events if event.at <= at)
    if finding.over or not known:
        return False
    state = course_of(known).state
    return state.is_open and state is not State.RECHECK


def is_of(finding: Finding, quarter: Quarter, last: date) -> bool:
    """Does it belong to the quarter, looked at on `last`? Opened in it, or standing on that day."""
    if finding.opened_on > last:
        return False
    return finding.opened_on >= quarter.first or stands(finding, end_of(last))


def listed(findings: Iterable[Finding], quarter: Quarter, last: date) -> tuple[Finding, ...]:
    """The findings of the quarter that may stand in its notice."""
    return tuple(
        each
        for each in against_units(findings)
        if is_of(each, quarter, last) and sort_of(each) is Sort.LISTED
    )


def runs(
    findings: Iterable[Finding], keys: Collection[Key], quarter: Quarter, last: date
) -> Mapping[Key, int]:
    """For how many quarters in a row had the same rule of the same subject a confirmed finding?

    Of these keys, counted back from this quarter, or from the one before where this one had none;
    a key without any is left out. A letter is a matter of its own and has no run.
    """
    had: dict[Key, set[Quarter]] = {}
    for finding in findings:
        own = finding.key in keys and not finding.key.letter
        if own and sort_of(finding) is Sort.LISTED:
            had.setdefault(finding.key, set()).update(_quarters(finding, quarter, last))
    counted = {key: _back(quarters, quarter) for key, quarters in had.items()}
    return {key: run for key, run in counted.items() if run}


def _quarters(finding: Finding, quarter: Quarter, last: date) -> Iterable[Quarter]:
    """The quarters up to this one to which it belongs."""
    each, done = Quarter.containing(finding.opened_on), local_day(finding.events[-1].at)
    while each < quarter:
        if is_of(finding, each, each.last):
            yield each
        elif done <= each.last:
            return  # nothing happened to it any more
        each = each.after
    if each == quarter and is_of(finding, quarter, last):
        yield quarter


def _back(quarters: set[Quarter], quarter: Quarter) -> int:
    each = quarter if quarter in quarters else quarter.before
    run = 0
    while each in quarters:
        run, each = run + 1, each.before
    return run
