"""What a person called a false alarm counts nowhere while that holds, and all else does."""

from __future__ import annotations

from datetime import date

import pytest

from checks.facts import Outcome
from checks.false_alarms import without_false_alarms
from checks.judge import Bench
from checks.lifecycle import Event, EventKind, Finding, Key
from checks.verdicts import LetterVerdict, Verdict
from tests.checks.make import at, column, day, judged, letter, mailbox, seen, visit

NEWS = Key("haian", "news_2w", "column:c1")
LETTER = Key("haian", "mailbox_5wd", "mailbox:m1", "L1")


def late() -> Bench:
    return judged(column(), seen(visit("11-22", Outcome.OK, "11-01")), "11-22")


def blank() -> Bench:
    return judged(column(), seen(visit("11-22", Outcome.EMPTY)), "11-22")


def finding(
    key: Key, basis: date | None, *kinds: EventKind, number: int = 1, until: date | None = None
) -> Finding:
    events = tuple(Event(kind, at("11-22"), "办公室", "", until=until) for kind in kinds)
    return Finding(number, key, "u1", day("11-20"), basis, None, events)


def verdicts(bench: Bench, *findings: Finding) -> set[Verdict]:
    return {row.verdict for row in without_false_alarms(bench, findings).rows}


@pytest.mark.parametrize(
    ("key", "basis", "kinds", "verdict"),
    [
        (NEWS, "11-01", (EventKind.DETECTED,), Verdict.OVERDUE),
        (NEWS, "11-01", (EventKind.DETECTED, EventKind.CONFIRMED), Verdict.OVERDUE),
        (NEWS, "11-01", (EventKind.DETECTED, EventKind.DISMISSED), Verdict.OK),
        # The same misread day under the national rule of the same column.
        (Key("cn-2019", "news_2w", "column:c1"), "11-01", (EventKind.DISMISSED,), Verdict.OK),
        # Another day is another accusation, another column another matter.
        (NEWS, "10-30", (EventKind.DETECTED, EventKind.DISMISSED), Verdict.OVERDUE),
        (Key("haian", "news_2w", "column:c2"), "11-01", (EventKind.DISMISSED,), Verdict.OVERDUE),
    ],
)
def test_a_dismissal_holds_for_its_day_and_column(
    key: Key, basis: str, kinds: tuple[EventKind, ...], verdict: Verdict
) -> None:
    assert verdicts(late(), finding(key, day(basis), *kinds)) == {verdict}


@pytest.mark.parametrize(
    ("until", "verdict"), [("11-22", Verdict.OK), ("11-21", Verdict.BLANK), (None, Verdict.OK)]
)
def test_a_dismissal_without_a_day_holds_as_long_as_it_says(
    until: str | None, verdict: Verdict
) -> None:
    last = day(until) if until else None
    (found,) = blank().faults
    dismissed = finding(found, None, EventKind.DETECTED, EventKind.DISMISSED, until=last)
    assert verdicts(blank(), dismissed) == {verdict}


def test_a_fault_found_anew_after_a_dismissal_counts_again() -> None:
    dismissed = finding(NEWS, day("11-01"), EventKind.DETECTED, EventKind.DISMISSED)
    again = finding(NEWS, day("11-01"), EventKind.DETECTED, number=2)
    assert verdicts(late(), dismissed, again) == {Verdict.OVERDUE}


def test_a_letter_that_was_dismissed_is_not_overdue() -> None:
    bench = judged(mailbox(), seen(visit("11-22")), "11-22", letter("11-12"))
    (row,) = bench.letters
    assert row.verdict is LetterVerdict.OVERDUE
    dismissed = finding(LETTER, day("11-19"), EventKind.DETECTED, EventKind.DISMISSED)
    (row,) = without_false_alarms(bench, [dismissed]).letters
    assert row.verdict is LetterVerdict.ANSWERED_IN_TIME
