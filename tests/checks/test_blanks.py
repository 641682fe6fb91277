"""A column that holds nothing is a fault whatever its class, and one fault only."""

from __future__ import annotations

from checks.calendar import load_calendar
from checks.facts import History, Outcome
from checks.judge import Bench
from checks.rules import pack_texts, read_law
from checks.subjects import Subject
from checks.verdicts import Verdict
from tests.checks.make import against_units, column, day, judged, seen, visit

BOTH = read_law(pack_texts(["haian", "cn-2019"]), load_calendar())
EMPTY = seen(visit("11-22", Outcome.EMPTY, evidence="evidence/a#1"))


def faults(subject: Subject, history: History, on: str = "11-22") -> list[str]:
    bench: Bench = judged(subject, history, on, law=BOTH)
    return [f.split()[0] for f in against_units(bench)]


def test_a_column_without_a_limit_that_holds_nothing_is_blank() -> None:
    bench = judged(column("other"), EMPTY, "11-22", law=BOTH)
    (fault,) = [fault for key, fault in bench.faults.items() if key.pack != "operator"]
    assert (fault.key.rule, fault.unit, fault.evidence) == ("blank_column", "u1", "evidence/a#1")
    assert fault.note == "页面无内容，栏目没有任何内容"


def test_a_column_with_a_limit_that_holds_nothing_is_one_fault() -> None:
    assert faults(column("news"), EMPTY) == ["haian/news_2w"]
    assert faults(column("plan"), EMPTY) == ["cn-2019/plan_1y"]


def test_a_column_that_was_not_seen_is_not_blank() -> None:
    for outcome in Outcome:
        if outcome is not Outcome.EMPTY:
            look = visit("11-22", outcome, "11-22" if outcome is Outcome.OK else None)
            assert "cn-2019/blank_column" not in faults(column("other"), seen(look))
    assert faults(column("other"), History()) == []


def test_a_blank_look_four_days_ago_says_nothing_of_today() -> None:
    old = seen(visit("11-19", Outcome.EMPTY))
    assert faults(column("other"), old, "11-22") == ["cn-2019/blank_column"]
    assert faults(column("other"), old, "11-23") == []


def test_an_exempt_column_and_an_entry_without_a_list_of_its_own_are_not_blank() -> None:
    exempt = column("other", exempt_until=day("11-22"), exempt_reason="改版")
    assert faults(exempt, EMPTY) == []
    assert faults(column("other", redirect_to="elsewhere"), EMPTY) == []
    row = judged(exempt, EMPTY, "11-22", law=BOTH).rows[0]
    assert row.verdict is Verdict.EXEMPT
