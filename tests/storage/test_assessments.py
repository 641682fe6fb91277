"""Entries are never changed and assessments never rewritten: both only grow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from checks.signing import Signature, SigningStep
from storage.ledger import Entered, KeptAssessment, Ledger
from tests.storage.make import DAY, HOUR, MORNING

PRAISE = Entered(
    id=0,
    scheme="haian-default",
    item="praise",
    unit="zfb",
    on=date(2026, 5, 8),
    count=1,
    level="city",
    points=None,
    evidence="市级通报表扬（synthetic）",
    by="甲",
    at=MORNING,
)


def test_an_entry_counts_from_the_moment_it_was_made(ledger: Ledger) -> None:
    number = ledger.enter(PRAISE)
    assert ledger.entries("haian-default", MORNING - HOUR) == []
    assert ledger.entries("haian-default", MORNING) == [replace(PRAISE, id=number)]
    assert ledger.entries("another", MORNING) == []


def test_an_entry_taken_back_still_stood_before(ledger: Ledger) -> None:
    number = ledger.enter(PRAISE)
    entered = replace(PRAISE, id=number)
    ledger.withdraw_entry(entered, "乙", "重复登记", MORNING + DAY)
    assert ledger.entries("haian-default", MORNING + HOUR) == [entered]
    assert ledger.entries("haian-default", MORNING + DAY) == []


def test_an_assessment_is_kept_with_its_bytes_and_its_signatures(ledger: Ledger) -> None:
    entered = Signature(SigningStep.ENTERED, MORNING, "甲", "")
    made = KeptAssessment(
        0, "2026H1", "haian-default", 'id = "haian-default"', MORNING, '{"单位":[]}', "0", None, ()
    )
    with ledger.writing() as session:
        first = ledger.keep_assessment(session, replace(made, signatures=(entered,)))
        second = ledger.keep_assessment(session, replace(made, corrects=first, period="2026H2"))
    reviewed = Signature(SigningStep.REVIEWED, MORNING + DAY, "乙", "同意")
    with ledger.writing() as session:
        ledger.sign(session, first, reviewed)
    with ledger.reading() as session:
        assert ledger.assessments(session) == [
            replace(made, id=first, signatures=(entered, reviewed)),
            replace(made, id=second, corrects=first, period="2026H2"),
        ]
        assert [each.id for each in ledger.assessments(session, "2026H1")] == [first]
