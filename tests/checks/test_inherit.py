"""A menu entry that shows another column's list stands as that column does, and counts nowhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checks.facts import History, Outcome, Visit
from checks.freshness import Moment
from checks.indicators import in_force
from checks.judge import Bench, Facts, judge
from checks.lifecycle import Key
from checks.rules import Law, pack_texts, read_law
from checks.sites import standings, watched
from checks.subjects import Subject
from checks.verdicts import Judgement, Verdict
from tests.checks.make import CALENDAR, LAW, column, day, seen, visit

LAW_2019 = read_law(pack_texts(["cn-2019"]), CALENDAR)
INDICATORS = in_force(LAW_2019.packs[0].indicators, day("11-22"))
LATE, BLANK = visit("11-22", newest="11-01", evidence="evidence/a#1"), visit("11-22", Outcome.EMPTY)


def target(**known: Any) -> Subject:
    return replace(column(site="s1", **known), id="list", name="政务动态")


def entry(column_class: str = "news", **known: Any) -> Subject:
    return replace(column(column_class, site="s1", redirect_to="list", **known), id="entry")


def bench_of(
    look: Visit | None, *others: Subject, of: Subject | None = None, law: Law = LAW
) -> Bench:
    """The column that has the list, with one look, and the entries that lead to it."""
    own = of or target()
    subjects = [*others, own]
    histories = {own.key: seen(look)} if look is not None else {}
    return judge(law, Facts(subjects, histories), Moment(day("11-22")))


def rows_of(bench: Bench, subject: Subject) -> list[Judgement]:
    return [row for row in bench.rows if row.subject == subject]


@pytest.mark.parametrize(
    ("look", "verdict"),
    [
        (visit("11-22", newest="11-20"), Verdict.OK),
        (visit("11-22", newest="11-09"), Verdict.DUE_SOON),
        (LATE, Verdict.OVERDUE),
        (BLANK, Verdict.BLANK),
        (visit("11-22", Outcome.UNDATED), Verdict.UNDATED),
        (visit("11-22", Outcome.BLOCKED), Verdict.UNKNOWN),
        (None, Verdict.UNKNOWN),
    ],
)
def test_an_entry_has_the_verdict_of_the_column_it_shows(
    look: Visit | None, verdict: Verdict
) -> None:
    bench = bench_of(look, entry())
    (own,) = rows_of(bench, entry())
    (shown,) = rows_of(bench, target())
    assert (shown.verdict, shown.inherits) == (verdict, None)
    assert own == replace(
        shown,
        subject=entry(),
        inherits="column:list",
        reason=f"沿用“政务动态”的判定：{shown.reason}",
    )


def test_an_entry_has_the_rules_of_the_column_it_shows_not_those_of_its_own_class() -> None:
    rows = rows_of(bench_of(LATE, entry("interpretation")), entry("interpretation"))
    assert [row.rule for row in rows] == ["news_2w"]
    plain = rows_of(bench_of(LATE, entry(), of=target(column_class="other")), entry())
    assert [(row.rule, row.verdict, row.inherits) for row in plain] == [
        (None, Verdict.OK, "column:list")
    ]


def test_an_exempt_column_exempts_its_entries_and_an_entry_may_be_exempt_itself() -> None:
    excused: dict[str, Any] = {"exempt_until": day("11-22"), "exempt_reason": "改版"}
    (row,) = rows_of(bench_of(LATE, entry(), of=target(**excused)), entry())
    assert (row.verdict, row.reason) == (
        Verdict.EXEMPT,
        "沿用“政务动态”的判定：经批准豁免至2026-11-22：改版",
    )
    (own,) = rows_of(bench_of(LATE, entry(**excused)), entry(**excused))
    assert (own.verdict, own.reason, own.days_over) == (
        Verdict.EXEMPT,
        "经批准豁免至2026-11-22：改版",
        None,
    )


def test_an_entry_opens_no_finding_and_ends_what_was_found_of_it_before() -> None:
    bench = bench_of(LATE, entry("interpretation", watched_since=day("01-01")))
    assert [key.subject for key in bench.faults] == ["column:list"]
    assert {(key.rule, key.subject) for key in bench.cleared} == {
        ("news_2w", "column:entry"),
        ("interp_6m", "column:entry"),
        ("unseen", "column:entry"),
        ("unseen", "column:list"),
    }


def test_nobody_has_to_look_at_an_entry() -> None:
    watched = entry(watched_since=day("01-01"))
    bench = bench_of(visit("11-22", newest="11-20"), watched)
    unseen = Key("operator", "unseen", "column:entry")
    assert bench.cleared[unseen] == "本栏目转到栏目 list，不单独判定"
    assert bench.faults == {}


@pytest.mark.parametrize(("look", "indicator"), [(LATE, "W4a"), (BLANK, "W4c")])
def test_entries_never_count_however_many_lead_to_one_list(look: Visit, indicator: str) -> None:
    entries = [replace(entry(limit="7 days"), id=f"e{n}") for n in range(12)]
    bench = bench_of(look, *entries, law=LAW_2019)
    told = {s.indicator.id: s for s in standings(watched(bench)["site:s1"], INDICATORS)}
    counted = {name: told[name].count for name in ("W4a", "W4b", "W4c")}
    assert counted == {name: int(name == indicator) for name in counted}
    assert [(told[name].hit, told[name].watched) for name in ("W4a", "W4c")] == [(False, 1)] * 2


def test_an_entry_to_a_column_that_left_the_register_accuses_nobody() -> None:
    (row,) = judge(LAW, Facts([entry()], {}), Moment(day("11-22"))).rows
    assert (row.verdict, row.reason) == (
        Verdict.EXEMPT,
        "本栏目转到栏目 list，不单独判定",
    )


def test_a_look_from_before_it_became_an_entry_is_not_judged() -> None:
    facts = Facts([entry(), target()], {"column:entry": seen(BLANK), "column:list": History()})
    bench = judge(LAW, facts, Moment(day("11-22")))
    assert [row.verdict for row in bench.rows] == [Verdict.UNKNOWN] * 2
    assert bench.faults == {}
