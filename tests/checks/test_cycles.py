"""A column with a cycle of its own, what the counters take of it, and who counts once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from checks.facts import History, Outcome, Visit
from checks.freshness import Moment
from checks.indicators import in_force
from checks.judge import Bench, Facts, judge
from checks.rules import OWN_CYCLE, pack_texts, read_law
from checks.sites import Standing, standings, watched
from checks.subjects import Subject
from checks.verdicts import Verdict
from tests.checks.make import CALENDAR, against_units, column, day, seen, visit

LAW_2019 = read_law(pack_texts(["cn-2019"]), CALENDAR)
INDICATORS = in_force(LAW_2019.packs[0].indicators, day("11-22"))
LATE = visit("11-22", newest="2024-01-02")
BLANK = visit("11-22", Outcome.EMPTY)
Case = tuple[Subject, Visit]


def bench_of(cases: Iterable[Case], as_of: str = "11-22") -> Bench:
    cases = list(cases)
    facts = Facts([s for s, _ in cases], {s.key: seen(look) for s, look in cases})
    return judge(LAW_2019, facts, Moment(day(as_of)))


def columns(number: int, look: Visit, column_class: str = "special", **known: Any) -> list[Case]:
    plain = column(column_class, site="s1", **known)
    return [(replace(plain, id=f"{column_class}-{n}"), look) for n in range(number)]


def told(cases: Iterable[Case], part: str = "veto") -> dict[str, Standing]:
    rows = standings(watched(bench_of(cases))["site:s1"], INDICATORS, part)
    return {row.indicator.id: row for row in rows}


# The column's own cycle is its limit


@pytest.mark.parametrize(
    ("cycle", "newest", "due"),
    [
        ("1 day", "2026-11-19", "2026-11-20"),
        ("30 days", "2026-10-20", "2026-11-19"),
        ("1 month", "2026-01-31", "2026-02-28"),
        ("6 months", "2026-02-28", "2026-08-31"),
        ("6 months", "2025-08-31", "2026-02-28"),
        ("1 year", "2025-11-20", "2026-11-20"),
        # 1 to 7 October are holidays, Saturday 10 October is a working day.
        ("5 working days", "2026-09-28", "2026-10-10"),
    ],
)
def test_the_last_day_of_the_cycle_is_still_good_and_the_next_is_late(
    cycle: str, newest: str, due: str
) -> None:
    subject = column("special", limit=cycle)
    last = day(due)
    after = last.fromordinal(last.toordinal() + 1)
    rows = []
    for on in (last, after):
        look = seen(visit(str(on), newest=newest))
        (row,) = judge(LAW_2019, Facts([subject], {subject.key: look}), Moment(on)).rows
        rows.append(row)
    assert [(row.rule, row.due, row.days_over) for row in rows] == [
        ("column_cycle", last, None),
        ("column_cycle", last, 1),
    ]
    assert [row.verdict for row in rows] == [Verdict.DUE_SOON, Verdict.OVERDUE]


def test_a_late_column_tells_its_own_cycle() -> None:
    (row,) = bench_of(columns(1, visit("11-22", newest="11-01"), limit="2 weeks")).rows
    assert row.reason == "最近更新2026-11-01，时限14天，最后期限2026-11-15，已超期7天"


def test_a_column_without_a_cycle_is_not_asked_for_one() -> None:
    assert [row.rule for row in bench_of(columns(1, LATE)).rows] == [None]
    assert [row.rule for row in bench_of(columns(1, LATE, limit="7 days")).rows] == ["column_cycle"]


@pytest.mark.parametrize(
    ("newest", "verdict"),
    [("11-22", Verdict.OK), ("11-21", Verdict.DUE_SOON), ("11-20", Verdict.OVERDUE)],
)
def test_what_was_updated_today_is_not_near_its_end_however_short_the_cycle(
    newest: str, verdict: Verdict
) -> None:
    (row,) = bench_of(columns(1, visit("11-22", newest=newest), limit="1 day")).rows
    assert row.verdict is verdict


def test_the_cycle_moves_no_threshold_of_the_table() -> None:
    rows = bench_of(columns(1, visit("11-22", newest="11-10"), "news", limit="90 days")).rows
    assert [(row.rule, row.due) for row in rows] == [
        ("news_2w", day("11-24")),
        ("column_cycle", day("2027-02-08")),
    ]


def test_the_rule_s_own_limit_is_no_span_of_days() -> None:
    rule = LAW_2019.rule("cn-2019", "column_cycle", day("11-22"))
    assert rule is not None
    assert (rule.limit, str(rule.limit), rule.limit.chinese) == (
        OWN_CYCLE,
        "1 cycle",
        "1个更新周期",
    )


# W4 (2): ten columns that should be updated and long were not


@pytest.mark.parametrize(("late", "hit"), [(9, False), (10, True)])
def test_nine_columns_past_their_cycle_are_no_veto_and_ten_are(late: int, hit: bool) -> None:
    row = told(columns(late, LATE, limit="30 days"))["W4b"]
    assert (row.hit, row.count, row.distance) == (hit, late, 10 - late)


def test_columns_past_a_cycle_and_past_a_year_are_added() -> None:
    late = [*columns(4, LATE, limit="30 days"), *columns(6, LATE, "plan", limit="30 days")]
    row = told(late)["W4b"]
    assert (row.hit, row.count) == (True, 10)


def test_a_late_news_column_counts_under_the_two_week_rule_and_no_second_time() -> None:
    rows = told([*columns(4, LATE, "news", limit="7 days"), *columns(9, LATE, limit="7 days")])
    assert [(rows[name].count, rows[name].hit) for name in ("W4a", "W4b", "W4c")] == [
        (4, False),
        (9, False),
        (0, False),
    ]


def test_a_news_column_within_two_weeks_but_past_its_cycle_is_one_that_should_be_updated() -> None:
    rows = told(columns(1, visit("11-22", newest="11-10"), "news", limit="7 days"))
    assert [rows[name].count for name in ("W4a", "W4b", "W4c")] == [0, 1, 0]


@pytest.mark.parametrize(("blank", "hit"), [(4, False), (5, True)])
def test_a_blank_news_column_counts_only_among_the_blank(blank: int, hit: bool) -> None:
    rows = told(columns(blank, BLANK, "news", limit="7 days"))
    assert [rows[name].count for name in ("W4a", "W4b", "W4c")] == [0, 0, blank]
    assert (rows["W4c"].hit, rows["W4a"].hit, rows["W4b"].hit) == (hit, False, False)


def test_an_exempt_column_counts_until_its_exemption_s_last_day_nowhere() -> None:
    exempt = columns(10, LATE, limit="30 days", exempt_until=day("11-22"), exempt_reason="栏目改版")
    assert told(exempt)["W4b"].count == 0
    assert against_units(bench_of(exempt)) == []
    over = [(replace(s, exempt_until=day("11-21")), look) for s, look in exempt]
    assert told(over)["W4b"].count == 10


# Part 2: other columns, and the statistics of services


def test_a_column_past_two_limits_is_deducted_once() -> None:
    rows = told(columns(2, LATE, "plan", limit="30 days"), "deduct")
    assert [rows[name].count for name in ("d_other_late", "d_other_blank")] == [2, 0]


@pytest.mark.parametrize(
    ("newest", "late"), [("08-22", False), ("08-21", True), ("2026-08-31", False)]
)
def test_statistics_are_late_after_three_calendar_months(newest: str, late: bool) -> None:
    case = columns(1, visit("11-22", newest=newest), "statistics", name="办件统计", portal=True)
    assert against_units(bench_of(case)) == (
        ["cn-2019/stats_3m column:statistics-0"] if late else []
    )
    assert told(case, "deduct")["d_service_stats"].count == int(late)


@pytest.mark.parametrize("look", [LATE, BLANK, visit("11-22", Outcome.UNDATED)])
def test_statistics_at_fault_are_deducted_as_such_and_not_as_another_column(look: Visit) -> None:
    rows = told(
        columns(1, look, "statistics", limit="30 days", name="办件统计", portal=True), "deduct"
    )
    names = ("d_service_stats", "d_other_blank", "d_other_late")
    assert [rows[name].count for name in names] == [1, 0, 0]


@pytest.mark.parametrize("history", [History(), seen(visit("11-22", Outcome.BLOCKED))])
def test_a_column_with_a_cycle_that_was_not_seen_is_not_known(history: History) -> None:
    subject = column("special", site="s1", limit="7 days")
    bench = judge(LAW_2019, Facts([subject], {subject.key: history}), Moment(day("11-22")))
    assert [row.verdict for row in bench.rows] == [Verdict.UNKNOWN]
    assert against_units(bench) == []
