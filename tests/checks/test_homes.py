"""A home page without anything new for two weeks is a veto; what was not read is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from checks.facts import History, Observed, Outcome, Visit
from checks.freshness import Moment
from checks.homes import FAMILY, Undated, carried_on, undated_of
from checks.indicators import in_force
from checks.judge import Bench, Facts, judge
from checks.lifecycle import Key
from checks.rules import pack_texts, read_law
from checks.sites import standings, watched
from checks.subjects import Subject
from checks.verdicts import Judgement, Verdict
from tests.checks.make import CALENDAR, UNSEEN_OUTCOMES, at, column, day, seen, site, visit

LAW_2019 = read_law(pack_texts(["cn-2019"]), CALENDAR)
INDICATORS = in_force(LAW_2019.packs[0].indicators, day("11-22"))
RULE = Key("cn-2019", "w3_home_14d", "site:s1")
HOME = site(site="s1")
NAV = replace(HOME, nav_only=True)


def bench_of(
    home: Subject,
    history: History,
    columns: Mapping[Subject, History] | None = None,
    undated: Undated | None = None,
    as_of: str = "11-22",
    projected: bool = False,
) -> Bench:
    columns = columns or {}
    histories = {home.key: history} | {each.key: told for each, told in columns.items()}
    observed: dict[str, list[Observed]] = {}
    if undated is not None and history.good is not None:
        seen_at, facts = history.good.observed_at, undated.as_facts()
        observed[home.key] = [Observed(home.key, FAMILY, "", seen_at, Outcome.OK, facts)]
    facts_ = Facts([home, *columns], histories, observed=observed)
    return judge(LAW_2019, facts_, Moment(day(as_of), projected))


def home_row(*args: Any, **how: Any) -> Judgement:
    bench = bench_of(*args, **how)
    (row,) = [row for row in bench.rows if row.rule == "w3_home_14d"]
    return row


def hit(bench: Bench) -> bool | None:
    rows = standings(watched(bench)["site:s1"], INDICATORS)
    return next(row.hit for row in rows if row.indicator.id == "W3")


# The newest dated link


@pytest.mark.parametrize(
    ("as_of", "verdict", "vetoed"),
    [
        ("11-17", Verdict.OK, False),  # day 10
        ("11-18", Verdict.DUE_SOON, False),
        ("11-20", Verdict.DUE_SOON, False),  # day 13
        ("11-21", Verdict.DUE_SOON, False),  # day 14 is still good
        ("11-22", Verdict.OVERDUE, True),  # day 15
    ],
)
def test_a_home_page_without_a_new_link_is_late_from_the_fifteenth_day(
    as_of: str, verdict: Verdict, vetoed: bool
) -> None:
    bench = bench_of(HOME, seen(visit(as_of, newest="11-07")), as_of=as_of)
    (row,) = bench.rows
    assert (row.verdict, row.due, hit(bench)) == (verdict, day("11-21"), vetoed)
    assert (RULE in bench.faults) is vetoed


def test_a_late_home_page_says_its_arithmetic() -> None:
    row = home_row(HOME, seen(visit("11-22", newest="11-07")))
    assert row.reason == "最近更新2026-11-07，时限14天，最后期限2026-11-21，已超期1天"
    assert (row.newest, row.days_over) == (day("11-07"), 1)


def test_a_home_page_of_which_no_day_was_read_accuses_nobody() -> None:
    bench = bench_of(HOME, seen(visit("11-22")))
    (row,) = bench.rows
    assert (row.verdict, row.reason) == (Verdict.UNKNOWN, "未读取更新日期，不作判定")
    assert (RULE in bench.faults, RULE in bench.cleared, hit(bench)) == (False, False, None)


@pytest.mark.parametrize("outcome", UNSEEN_OUTCOMES)
@pytest.mark.parametrize("home", [HOME, NAV])
def test_a_home_page_not_seen_today_is_not_known(home: Subject, outcome: Outcome) -> None:
    history = seen(visit("11-21", newest="11-01"), visit("11-22", outcome))
    late = {column(site="s1"): seen(visit("11-22", newest="11-01"))}
    bench = bench_of(home, history, late if home.nav_only else {})
    assert hit(bench) is None
    assert RULE not in bench.faults


# Links without a day: what is known is the day each was first seen


def undated(**days: str) -> Undated:
    return Undated({link: day(on) for link, on in days.items()})


def look(newest: str, unresolved: int, on: str = "11-22") -> History:
    return seen(visit(on, newest=newest, unresolved=unresolved))


@pytest.mark.parametrize(
    ("first_seen", "verdict", "over"),
    [
        ("11-22", Verdict.UNKNOWN, None),  # it may be of today
        ("11-08", Verdict.UNKNOWN, None),  # and fourteen days ago is still in time
        ("11-07", Verdict.OVERDUE, 1),
        ("10-01", Verdict.OVERDUE, 7),  # older than the newest day shown: that one counts
    ],
)
def test_a_link_without_a_day_counts_as_new_until_it_has_itself_been_there_for_two_weeks(
    first_seen: str, verdict: Verdict, over: int | None
) -> None:
    row = home_row(HOME, look("11-01", 1), undated=undated(a=first_seen))
    assert (row.verdict, row.days_over, row.newest) == (verdict, over, day("11-01"))


def test_the_youngest_link_without_a_day_decides_and_is_told() -> None:
    row = home_row(HOME, look("11-01", 2), undated=undated(a="10-01", b="11-05"))
    assert row.reason == (
        "最近更新2026-11-01；另有2条链接未标日期，其中最晚的于2026-11-05首次见到，"
        "此后未见新的链接，时限14天，最后期限2026-11-19，已超期3天"
    )
    assert (row.due, row.days_over) == (day("11-19"), 3)
    open_ = home_row(HOME, look("11-01", 2), undated=undated(a="10-01", b="11-20"))
    assert open_.reason == (
        "最近更新2026-11-01；另有2条链接未标日期，其中最晚的于2026-11-20首次见到，不作判定"
    )


def test_a_page_that_scripts_complete_is_for_a_person() -> None:
    undated = Undated({"a": day("10-01")}, "首页部分内容由脚本载入")
    row = home_row(HOME, look("11-01", 2), undated=undated)
    assert (row.verdict, row.reason) == (
        Verdict.UNKNOWN,
        "最近更新2026-11-01；首页部分内容由脚本载入，请人工核对首页，不作判定",
    )


def test_a_page_looked_at_before_the_links_were_two_weeks_old_shows_nothing_of_today() -> None:
    history = look("11-01", 1, on="11-21")
    row = home_row(HOME, history, undated=undated(a="11-07"))
    assert row.verdict is Verdict.UNKNOWN
    assert home_row(HOME, history, undated=undated(a="11-06")).verdict is Verdict.OVERDUE


def test_links_noted_by_another_visit_say_nothing_of_this_one() -> None:
    note = Observed(HOME.key, FAMILY, "", at("11-21"), Outcome.OK, undated(a="10-01").as_facts())
    facts = Facts([HOME], {HOME.key: look("11-01", 1)}, observed={HOME.key: [note]})
    (row,) = judge(LAW_2019, facts, Moment(day("11-22"))).rows
    assert row.verdict is Verdict.UNKNOWN


def test_a_home_page_in_time_is_in_time_whatever_else_it_shows() -> None:
    row = home_row(HOME, look("11-20", 9), undated=undated(a="11-22"))
    assert row.verdict is Verdict.OK


def test_links_keep_the_day_they_were_first_seen_and_those_gone_are_forgotten() -> None:
    first = carried_on(None, ["a", "b"], date(2026, 11, 1))
    again = carried_on(first, ["b", "c"], date(2026, 11, 20), "脚本")
    assert again == Undated({"b": date(2026, 11, 1), "c": date(2026, 11, 20)}, "脚本")
    assert (again.count, carried_on(None, [], date(2026, 11, 1)).count) == (3, 0)
    assert undated_of(again.as_facts()) == again


# A home page that is mere navigation: the second level decides


def pages(*looks: Visit, **known: Any) -> dict[Subject, History]:
    """So many columns of the site, each with this one look."""
    return {
        replace(column("other", site="s1", **known), id=f"c{n}"): seen(look)
        for n, look in enumerate(looks)
    }


@pytest.mark.parametrize(
    ("newest", "verdict", "vetoed"),
    [
        ("11-09", Verdict.DUE_SOON, False),  # day 13
        ("11-08", Verdict.DUE_SOON, False),  # day 14
        ("11-07", Verdict.OVERDUE, True),  # day 15
    ],
)
def test_the_newest_of_all_second_level_pages_counts(
    newest: str, verdict: Verdict, vetoed: bool
) -> None:
    columns = pages(visit("11-22", newest="09-01"), visit("11-22", newest=newest))
    bench = bench_of(NAV, seen(visit("11-22", newest="11-22", unresolved=5)), columns)
    row = bench.rows[0]
    assert (row.verdict, row.newest, hit(bench)) == (verdict, day(newest), vetoed)
    assert (RULE in bench.faults) is vetoed


def test_a_late_second_level_says_its_arithmetic() -> None:
    columns = pages(
        visit("11-22", newest="11-07", evidence="evidence/a#1"), visit("11-22", Outcome.EMPTY)
    )
    row = home_row(NAV, seen(visit("11-22")), columns)
    assert row.reason == (
        "首页仅为导航入口，检查2个栏目；最近更新2026-11-07，时限14天，最后期限2026-11-21，已超期1天"
    )
    assert (row.days_over, row.evidence) == (1, "evidence/a#1")


@pytest.mark.parametrize(
    "doubt",
    [
        visit("11-22", Outcome.BLOCKED),
        visit("11-22", Outcome.UNDATED),
        visit("11-22", Outcome.OK),
        visit("11-22", newest="11-01", unresolved=1),
        visit("11-21", newest="11-01"),
    ],
)
def test_one_column_that_may_hide_an_update_leaves_it_open(doubt: Visit) -> None:
    bench = bench_of(NAV, seen(visit("11-22")), pages(visit("11-22", newest="11-07"), doubt))
    assert bench.rows[0].verdict is Verdict.UNKNOWN
    assert bench.rows[0].reason.endswith("；其中1个未能查清，不作判定")
    assert (RULE in bench.faults, hit(bench)) == (False, None)


def test_an_exempt_column_need_not_be_seen_but_its_update_is_one() -> None:
    late = pages(visit("11-22", newest="11-07"))
    exempt = replace(column("other", site="s1", exempt_until=day("11-22")), id="x")
    blocked = {exempt: seen(visit("11-22", Outcome.BLOCKED))}
    assert home_row(NAV, seen(visit("11-22")), late | blocked).verdict is Verdict.OVERDUE
    fresh = {exempt: seen(visit("11-22", newest="11-20"))}
    assert home_row(NAV, seen(visit("11-22")), late | fresh).verdict is Verdict.OK


def test_an_entry_that_shows_another_column_need_not_be_seen() -> None:
    late = pages(visit("11-22", newest="11-07"))
    entry = replace(column("other", site="s1", redirect_to="c0"), id="entry")
    row = home_row(NAV, seen(visit("11-22")), late | {entry: History()})
    assert (row.verdict, row.reason[:16]) == (
        Verdict.OVERDUE,
        "首页仅为导航入口，检查1个栏目；"[:16],
    )


def test_columns_of_other_sites_say_nothing() -> None:
    other = {replace(column(site="s2"), id="o"): seen(visit("11-22", newest="11-22"))}
    row = home_row(NAV, seen(visit("11-22")), other)
    assert (row.verdict, row.reason) == (
        Verdict.UNKNOWN,
        "首页仅为导航入口，未登记二级页面，不作判定",
    )


def test_columns_that_are_all_empty_accuse_nobody_of_an_old_home_page() -> None:
    row = home_row(NAV, seen(visit("11-22")), pages(visit("11-22", Outcome.EMPTY)))
    assert (row.verdict, row.reason) == (Verdict.UNKNOWN, "各栏目均未读到日期，不作判定")


def test_a_day_ahead_assumes_that_nothing_new_appears() -> None:
    columns = pages(visit("11-22", newest="11-20"))
    row = home_row(NAV, seen(visit("11-22")), columns, as_of="12-05", projected=True)
    assert (row.verdict, row.days_over) == (Verdict.OVERDUE, 1)


def test_an_entry_of_a_navigation_page_is_the_column_it_leads_to() -> None:
    late = replace(column("other", site="s1"), id="c0")
    there = replace(column("news", site="s2"), id="far")
    entry = replace(column("news", site="s1", redirect_to="far"), id="e0")
    looks = {late.key: seen(visit("11-22", newest="11-01")), NAV.key: seen(visit("11-22"))}
    fresh = looks | {there.key: seen(visit("11-22", newest="11-22"))}
    subjects = [NAV, late, entry]
    known = judge(LAW_2019, Facts(subjects, fresh, targets=[there]), Moment(day("11-22")))
    assert (known.rows[0].verdict, known.rows[0].newest) == (Verdict.OK, day("11-22"))
    lost = judge(LAW_2019, Facts(subjects, looks), Moment(day("11-22")))
    assert lost.rows[0].verdict is Verdict.UNKNOWN
    assert lost.rows[0].reason.endswith("；其中1个未能查清，不作判定")
