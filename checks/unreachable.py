"""Is a site open to visitors? (国办秘函〔2019〕19号 W2 站点无法访问)"""

from __future__ import annotations

from checks.availability import week_before
from checks.duty_table import Duty
from checks.owed import Answer, Case, nothing_seen
from checks.probes import Access, AvailabilityRule
from checks.verdicts import DutyState

STATES = {
    Access.FAILED: DutyState.UNMET,
    Access.REACHED: DutyState.MET,
    Access.UNKNOWN: DutyState.UNKNOWN,
}


def unreachable(case: Case, duty: Duty) -> Answer:
    """Could the site be opened in the days before `as_of`, by the duty's numbers?

    An accusation rests on the day of the last failure in that week.
    """
    if not case.probes:
        return nothing_seen("网站能否访问")
    rule = AvailabilityRule.of(duty.numbers)
    week = week_before(case.subject.id, case.probes, rule, case.as_of)
    state = STATES[week.access]
    told = (f"{case.subject.url or case.subject.name}：{week.reason}",)
    return Answer(
        state,
        week.reason,
        faults=told if state is DutyState.UNMET else (),
        doubts=told if state is DutyState.UNKNOWN else (),
        basis=max((day.day for day in week.days if day.failed), default=None),
    )
