"""From a finding to what scoring needs of it: how long it stood, and by how much it was over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from checks.assessment_case import Scored
from checks.calendar import last_good_day
from checks.course import Course, EventKind, State
from checks.freshness import local_day
from checks.lifecycle import Finding
from checks.periods import Days
from checks.rules import Law, Rule
from checks.subjects import Subject

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the findings: the law, the subjects by key, on which day each letter
    was answered, by mailbox key and number, and up to which day a subject (number empty) or a
    letter was seen: what nobody saw any more costs no further day.
    """

    law: Law
    subjects: Mapping[str, Subject]
    replied: Mapping[tuple[str, str], date]
    seen: Mapping[tuple[str, str], date]


def concerns(finding: Finding, period: Days) -> bool:
    """Could a finding cost anything in this period: did it stand, or was it urged, within it?"""
    if finding.opened_on > period.last or _long_over(finding, period):
        return False
    ended = ended_on(finding)
    stood = ended is None or ended > period.first or finding.opened_on in period
    return stood or any(day in period for day in finding.course.urged_on)


def _long_over(finding: Finding, period: Days) -> bool:
    """Was it settled before the period? Of ten years most were, and the last event says so."""
    last = finding.events[-1]
    settled = last.kind in (EventKind.CLOSED, EventKind.DISMISSED)
    return settled and local_day(last.at) < period.first


def ended_on(finding: Finding) -> date | None:
    """From which day on did it no longer stand? None: it stands. What was over when found: that
    day.
    """
    if finding.over:
        return finding.opened_on
    course = finding.course
    ends = (course.recovered_on, course.closed_on, course.dismissed_on)
    return min((day for day in ends if day is not None), default=None)


def fixed_in_time(finding: Finding) -> bool:
    """Was it rectified within its deadline? Seen to be gone before any demand is in time too.

    What was over when it was found, such as a late answer, cannot be put right.
    """
    course = finding.course
    if finding.over or course.urged_on:
        return False
    gone = ended_on(finding)
    if course.state is State.CLOSED and course.reported_on is not None:
        gone = min(gone or course.reported_on, course.reported_on)
    return gone is not None and (course.due is None or gone <= course.due)


def scored(finding: Finding, known: Known, as_of: date) -> Scored:
    """The finding as a scheme counts it on `as_of`."""
    key, course = finding.key, finding.course
    subject = known.subjects.get(key.subject)
    row = known.law.row(key.pack, key.rule, finding.opened_on)
    rule = row if isinstance(row, Rule) else None
    seen = _seen_to(finding, known, as_of)
    over, provisional = _days_over(finding, known, rule, seen, as_of)
    return Scored(
        id=finding.id,
        pack=key.pack,
        rule=key.rule,
        rule_version=finding.rule_version,
        calendar_version=finding.calendar_version,
        severity=row.severity if row is not None else "",
        subject=key.subject,
        kind=key.subject.partition(":")[0],
        opened_on=finding.opened_on,
        column_class=subject.column_class if subject is not None else None,
        letter=key.letter,
        ended_on=_ended_as_seen(finding, seen, as_of),
        days_over=over,
        confirmed=course.confirmed_on is not None,
        dismissed=course.dismissed_on is not None,
        waived=_is_waived(course, as_of),
        appealed=course.appealed,
        provisional=provisional,
        fixed_in_time=fixed_in_time(finding),
        urged_on=course.urged_on,
    )


def _seen_to(finding: Finding, known: Known, as_of: date) -> date:
    """The last day of which anybody knows that it stood, never before the day it was found."""
    seen = known.seen.get((finding.key.subject, finding.key.letter), finding.opened_on)
    return max(finding.opened_on, min(seen, as_of))


def _ended_as_seen(finding: Finding, seen: date, as_of: date) -> date | None:
    """Its end, or the day after it was last seen where it has not been looked at since."""
    ended = ended_on(finding)
    return seen + DAY if ended is None and seen < as_of else ended


def _is_waived(course: Course, as_of: date) -> bool:
    until = course.waived_until
    return course.state is State.WAIVED and (until is None or as_of <= until)


def _days_over(
    finding: Finding, known: Known, rule: Rule | None, seen: date, as_of: date
) -> tuple[int | None, bool]:
    """How many days past due up to its end, as far as it was seen: working days of a letter, else
    calendar days.

    Beside it, whether a year without a published plan had a part in it.
    """
    key, ended = finding.key, ended_on(finding)
    if key.letter:
        end = known.replied.get((key.subject, key.letter))
        return _letter_over(finding, known, end or ended or seen, as_of)
    last = seen if ended is None else min(seen, ended - DAY)
    subject = known.subjects.get(key.subject)
    if finding.basis is None or rule is None or subject is None:
        return None, False
    due = last_good_day(finding.basis, rule.limit_for(subject), known.law.calendar)
    return max(1, (last - due.on).days), due.provisional


def _letter_over(finding: Finding, known: Known, end: date, as_of: date) -> tuple[int | None, bool]:
    if finding.basis is None:
        return None, False
    days = known.law.calendar.working_days_between(finding.basis, min(end, as_of))
    return max(1, days.count), days.provisional
