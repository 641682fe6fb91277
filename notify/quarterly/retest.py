"""What became of the problems of the quarter before?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from checks.course import State
from checks.lifecycle import Finding, Key
from notify.quarterly.lines import RetestLine
from notify.quarterly.lot import Sort, is_of, sort_of
from notify.quarterly.model import RetestTally
from notify.quarterly.problems import headline_of, name_of
from notify.quarterly.quarter import Quarter
from notify.weekly.desk import Desk

APPEALED = "appealed"
CLOSED, RECHECK, UNRECTIFIED, FAILED, WAIVED = (
    *("已整改", "待复查", "未整改"),
    *("整改不到位", "豁免"),
)
WORST_FIRST = (FAILED, UNRECTIFIED, RECHECK, CLOSED, WAIVED)


def of_quarter_before(findings: Iterable[Finding], quarter: Quarter) -> tuple[Finding, ...]:
    """The confirmed findings that belong to the quarter before, but for false alarms.

    Persons look at them when that quarter is over, so the day of confirmation does not decide.
    """
    before = quarter.before
    return tuple(
        each
        for each in findings
        if each.course.confirmed_on is not None
        and sort_of(each) is not Sort.DISMISSED
        and is_of(each, before, before.last)
    )


def result_of(finding: Finding) -> str:
    """How far did it come? One that had ended when it was found has nothing left to rectify."""
    course = finding.course
    if course.state is State.WAIVED:
        return WAIVED
    if course.appealed:
        return APPEALED
    if course.state is State.CLOSED:
        return CLOSED
    if course.state in (State.FAILED, State.URGED):
        return FAILED
    if course.state in (State.RECHECK, State.REPORTED) or finding.over:
        return RECHECK
    return UNRECTIFIED


def retest_tally(findings: Sequence[Finding]) -> RetestTally:
    results = Counter(map(result_of, findings))
    return RetestTally(
        total=len(findings),
        closed=results[CLOSED],
        recheck=results[RECHECK],
        unrectified=results[UNRECTIFIED],
        failed=results[FAILED],
        waived=results[WAIVED],
        appealed=results[APPEALED],
    )


def retest_lines(
    desk: Desk, findings: Iterable[Finding], counted: Mapping[Key, int]
) -> tuple[RetestLine, ...]:
    """The worst first; where an appeal awaits its answer nobody is named."""
    lines = [
        RetestLine(
            id=each.id,
            unit=desk.unit(each.unit),
            name=f"{name_of(desk, each)}" + (f"，来信{each.key.letter}" if each.key.letter else ""),
            headline=headline_of(desk, each),
            confirmed_on=confirmed,
            due=each.course.due,
            result=result_of(each),
            run=counted.get(each.key),
        )
        for each in findings
        if result_of(each) != APPEALED and (confirmed := each.course.confirmed_on)
    ]
    return tuple(sorted(lines, key=lambda line: (WORST_FIRST.index(line.result), line.id)))
