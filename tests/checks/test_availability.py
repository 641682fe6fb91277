"""Could a site be opened in the week before: 15 seconds, 5 %, 20 visits a day, 140 a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.availability import Gap, daily_strip, long_gaps, week_before
from checks.facts import Outcome
from checks.outages import Change, alerts
from checks.probes import Access, AvailabilityRule, Probe, grade
from tests.checks.make import UNSEEN_OUTCOMES, at, day

RULE = AvailabilityRule(
    days=7,
    slow_ms=15_000,
    limit=Fraction(5, 100),
    min_per_day=20,
    min_total=140,
    min_gap=timedelta(minutes=10),
    max_gap=timedelta(hours=6),
    down_after=3,
    up_after=2,
)
AS_OF = day("11-22")
LAST = day("11-21")
FIRST_MIDNIGHT = at("11-15", 0)
NONE, ALL = Fraction(0), Fraction(1)
REACHED, FAILED, UNKNOWN = Access.REACHED, Access.FAILED, Access.UNKNOWN
UNCLEAR_OUTCOMES = [outcome for outcome in UNSEEN_OUTCOMES if outcome is not Outcome.UNREACHABLE]


def probe(
    moment: datetime,
    outcome: Outcome = Outcome.OK,
    elapsed_ms: int | None = 800,
    ours: bool = False,
) -> Probe:
    return Probe("s1", moment, elapsed_ms, outcome, ours)


def down(moment: datetime) -> Probe:
    return probe(moment, Outcome.UNREACHABLE, None)


def good_week(per_day: int = 20) -> list[Probe]:
    """Visits evenly spaced over the seven days from 15 to 21 November."""
    step = timedelta(days=1) / per_day
    return [probe(FIRST_MIDNIGHT + step * n) for n in range(7 * per_day)]


def with_some(week: Sequence[Probe], number: int, outcome: Outcome) -> list[Probe]:
    """The same week, its visits number 0, 10, 20 … having met `outcome`."""
    places = range(0, number * 10, 10)
    assert number * 10 <= len(week)
    return [replace(p, outcome=outcome) if n in places else p for n, p in enumerate(week)]


# One visit


@pytest.mark.parametrize(
    ("elapsed_ms", "access"), [(14_999, REACHED), (15_000, FAILED), (15_001, FAILED)]
)
def test_a_visit_of_fifteen_seconds_has_failed_and_one_just_below_has_not(
    elapsed_ms: int, access: Access
) -> None:
    assert grade(probe(at("11-20"), elapsed_ms=elapsed_ms), RULE) is access


def test_a_site_that_cannot_be_reached_has_failed_however_soon_that_was_clear() -> None:
    assert grade(down(at("11-20")), RULE) is FAILED
    assert grade(probe(at("11-20"), Outcome.UNREACHABLE, 3), RULE) is FAILED


@pytest.mark.parametrize("outcome", UNCLEAR_OUTCOMES)
def test_a_firewall_and_the_like_say_nothing_of_the_site_however_slow(outcome: Outcome) -> None:
    assert grade(probe(at("11-20"), outcome, 60_000), RULE) is UNKNOWN


def test_a_page_seen_without_its_time_measured_is_not_known() -> None:
    assert grade(probe(at("11-20"), elapsed_ms=None), RULE) is UNKNOWN


def test_a_visit_while_our_own_network_was_down_says_nothing() -> None:
    assert grade(replace(down(at("11-20")), ours=True), RULE) is UNKNOWN


# The week


@pytest.mark.parametrize(("failed", "access"), [(6, REACHED), (7, FAILED), (8, FAILED)])
def test_seven_failed_of_140_visits_are_five_percent_and_a_fault(
    failed: int, access: Access
) -> None:
    week = week_before("s1", with_some(good_week(), failed, Outcome.UNREACHABLE), RULE, AS_OF)
    assert (week.access, week.lowest, week.highest) == (
        access,
        Fraction(failed, 140),
        Fraction(failed, 140),
    )


def test_the_arithmetic_is_told_in_words() -> None:
    span = "2026-11-15至2026-11-21，有效访问140次，未能及时打开"
    failed = with_some(good_week(), 7, Outcome.UNREACHABLE)
    assert week_before("s1", failed, RULE, AS_OF).reason == (
        f"{span}7次；占5.00%，达到5.00%的限度（含）"
    )
    good = with_some(good_week(), 6, Outcome.UNREACHABLE)
    assert week_before("s1", good, RULE, AS_OF).reason == (
        f"{span}6次；占4.28%，未达到5.00%的限度（含）"
    )


def test_slow_visits_count_like_failed_ones() -> None:
    slow = [
        replace(p, elapsed_ms=15_000 if n % 20 == 0 else 14_999) for n, p in enumerate(good_week())
    ]
    week = week_before("s1", slow, RULE, AS_OF)
    assert (week.access, week.lowest) == (FAILED, Fraction(7, 140))


def test_a_day_of_nineteen_visits_leaves_the_week_unjudged() -> None:
    visits = good_week(per_day=30)
    sixteenth = [p for p in visits if p.at.day == 16]
    few = [p for p in visits if p.at.day != 16]
    down_all = [replace(p, outcome=Outcome.UNREACHABLE) for p in [*few, *sixteenth[:19]]]
    week = week_before("s1", down_all, replace(RULE, max_gap=timedelta(hours=12)), AS_OF)
    assert (week.access, week.lowest) == (UNKNOWN, ALL)
    assert week.reason == (
        "2026-11-15至2026-11-21，有效访问199次，未能及时打开199次；"
        "每日有效访问应不少于20次，不足的有2026-11-16（19次），不作判定"
    )
    twenty = [*down_all, down(sixteenth[19].at)]
    wide = replace(RULE, max_gap=timedelta(hours=12))
    assert week_before("s1", twenty, wide, AS_OF).access is FAILED


@pytest.mark.parametrize(("min_total", "access"), [(140, REACHED), (141, UNKNOWN)])
def test_fewer_visits_in_all_than_asked_for_are_too_few(min_total: int, access: Access) -> None:
    week = week_before("s1", good_week(), replace(RULE, min_total=min_total), AS_OF)
    assert week.access is access


def test_without_a_visit_nothing_is_said() -> None:
    lax = replace(RULE, min_per_day=0, min_total=0, max_gap=timedelta(days=8))
    week = week_before("s1", [], lax, AS_OF)
    assert (week.access, week.lowest, week.highest) == (UNKNOWN, None, None)
    assert week.reason == "2026-11-15至2026-11-21，未作有效访问，不作判定"


def test_only_whole_days_before_the_day_judged_count() -> None:
    today = [down(at("11-22", 0) + timedelta(minutes=10) * n) for n in range(100)]
    before = [down(FIRST_MIDNIGHT - timedelta(minutes=10) * n) for n in range(1, 100)]
    alone = week_before("s1", good_week(), RULE, AS_OF)
    assert week_before("s1", [*good_week(), *today, *before], RULE, AS_OF) == alone
    assert [strip.samples for strip in alone.days] == [20] * 7


def test_the_visits_of_another_site_do_not_count() -> None:
    others = [replace(down(p.at + timedelta(minutes=30)), site="s2") for p in good_week()]
    week = week_before("s1", [*good_week(), *others], RULE, AS_OF)
    assert (week.access, week.highest) == (REACHED, NONE)


# What says nothing


@pytest.mark.parametrize("outcome", UNCLEAR_OUTCOMES)
def test_a_week_of_firewalls_and_the_like_is_not_known_and_no_failure(outcome: Outcome) -> None:
    week = week_before("s1", [replace(p, outcome=outcome) for p in good_week()], RULE, AS_OF)
    assert (week.access, week.lowest, week.highest) == (UNKNOWN, NONE, ALL)
    assert [(strip.failed, strip.unclear) for strip in week.days] == [(0, 20)] * 7


def test_a_week_is_failed_only_if_it_were_so_had_all_blocked_visits_opened() -> None:
    """10 failed of 210 visits, 14 of them blocked: 10/196 is over 5 %, 10/210 is not."""
    visits = good_week(per_day=30)
    blocked = [
        replace(p, outcome=Outcome.BLOCKED) if n % 15 == 7 else p for n, p in enumerate(visits)
    ]
    assert sum(p.outcome is Outcome.BLOCKED for p in blocked) == 14
    week = week_before("s1", with_some(blocked, 10, Outcome.UNREACHABLE), RULE, AS_OF)
    assert (week.access, week.lowest, week.highest) == (
        UNKNOWN,
        Fraction(10, 210),
        Fraction(24, 210),
    )
    assert week.reason == (
        "2026-11-15至2026-11-21，有效访问196次，未能及时打开10次，另有14次被拦截或情况不明；"
        "占比在4.76%至11.42%之间，能否达到5.00%的限度（含）不能确定，不作判定"
    )
    more = week_before("s1", with_some(blocked, 11, Outcome.UNREACHABLE), RULE, AS_OF)
    assert (more.access, more.lowest) == (FAILED, Fraction(11, 210))
    assert "至少占5.23%" in more.reason


def test_a_week_is_good_only_if_it_were_so_had_no_blocked_visit_opened() -> None:
    visits = good_week(per_day=30)
    ten = week_before("s1", with_some(visits, 10, Outcome.BLOCKED), RULE, AS_OF)
    assert (ten.access, ten.lowest, ten.highest) == (REACHED, NONE, Fraction(10, 210))
    assert "至多占4.76%" in ten.reason
    eleven = week_before("s1", with_some(visits, 11, Outcome.BLOCKED), RULE, AS_OF)
    assert (eleven.access, eleven.highest) == (UNKNOWN, Fraction(11, 210))


def test_a_share_that_may_just_reach_the_limit_is_not_known() -> None:
    visits = good_week(per_day=40)
    week = week_before("s1", with_some(visits, 14, Outcome.BLOCKED), RULE, AS_OF)
    assert (week.access, week.highest) == (UNKNOWN, RULE.limit)


def test_a_blocked_visit_is_none_of_the_twenty_a_day() -> None:
    blocked = with_some(good_week(), 1, Outcome.BLOCKED)
    week = week_before("s1", blocked, replace(RULE, min_total=0), AS_OF)
    assert week.access is UNKNOWN
    assert "不足的有2026-11-15（19次）" in week.reason


def test_an_outage_of_our_own_is_shown_but_is_no_sample() -> None:
    outage = [replace(p, outcome=Outcome.UNREACHABLE, ours=True) for p in good_week()]
    shifted = [replace(p, at=p.at + timedelta(minutes=30)) for p in outage]
    week = week_before("s1", [*good_week(), *shifted], RULE, AS_OF)
    assert (week.access, week.highest) == (REACHED, NONE)
    assert [(strip.samples, strip.ours) for strip in week.days] == [(20, 20)] * 7
    assert week_before("s1", outage, RULE, AS_OF).access is UNKNOWN


# Spaced visits


@pytest.mark.parametrize(("seconds", "samples"), [(599, 1), (600, 2), (601, 2)])
def test_visits_nearer_than_ten_minutes_are_one_sample(seconds: int, samples: int) -> None:
    two = [probe(at("11-21")), probe(at("11-21") + timedelta(seconds=seconds))]
    assert daily_strip("s1", two, RULE, LAST)[-1].samples == samples


def test_a_quick_second_try_neither_adds_a_failure_nor_takes_one_away() -> None:
    soon = at("11-21") + timedelta(minutes=1)
    undone = daily_strip("s1", [down(at("11-21")), probe(soon)], RULE, LAST)[-1]
    doubled = daily_strip("s1", [down(at("11-21")), down(soon)], RULE, LAST)[-1]
    assert (undone.failed, undone.reached) == (doubled.failed, doubled.reached) == (1, 0)


def test_of_two_visits_at_one_instant_the_milder_counts() -> None:
    both = [down(at("11-21")), probe(at("11-21"))]
    strip = daily_strip("s1", both, RULE, LAST)[-1]
    assert (strip.reached, strip.failed) == (1, 0)


def test_twenty_visits_crowded_into_one_night_are_not_a_day_watched() -> None:
    nightly = [
        down(FIRST_MIDNIGHT + timedelta(days=n, minutes=10 * k))
        for n in range(7)
        for k in range(20)
    ]
    week = week_before("s1", nightly, RULE, AS_OF)
    assert (week.access, len(week.gaps)) == (UNKNOWN, 7)
    assert week.reason.endswith("访问间隔最长20小时50分钟，超过6小时，不作判定")


@pytest.mark.parametrize(("minutes", "gaps"), [(359, 0), (360, 0), (361, 1)])
def test_six_hours_without_a_visit_are_no_gap_and_a_minute_more_is(minutes: int, gaps: int) -> None:
    start = at("11-18", 6)
    end = start + timedelta(minutes=minutes)
    hourly = [probe(FIRST_MIDNIGHT + timedelta(hours=n)) for n in range(7 * 24)]
    kept = [p for p in hourly if not start < p.at <= end]
    found = long_gaps("s1", [*kept, probe(end)], RULE, LAST)
    assert found == (Gap(start, end),) * gaps


def test_a_stretch_at_the_edge_of_the_week_is_a_gap_too() -> None:
    hourly = [probe(FIRST_MIDNIGHT + timedelta(hours=n)) for n in range(7, 7 * 24 - 7)]
    assert long_gaps("s1", hourly, RULE, LAST) == (
        Gap(FIRST_MIDNIGHT, at("11-15", 7)),
        Gap(at("11-21", 16), at("11-22", 0)),
    )


# The daily strip


def test_a_strip_tells_each_day_in_order_and_its_worst_visit() -> None:
    slow = probe(at("11-20", 8), elapsed_ms=9_000)
    blocked = probe(at("11-20", 9), Outcome.BLOCKED, 10)
    too_slow, dead = probe(at("11-21", 8), elapsed_ms=40_000), down(at("11-21", 9))
    held = [dead, probe(at("11-19")), slow, blocked, too_slow]
    strips = daily_strip("s1", held, RULE, LAST)
    assert [strip.day for strip in strips] == [day(f"11-{n}") for n in range(15, 22)]
    assert [(s.samples, s.known, s.failed, s.worst) for s in strips[4:]] == [
        (1, 1, 0, probe(at("11-19"))),
        (2, 1, 0, blocked),
        (2, 2, 2, dead),
    ]
    assert [(s.samples, s.worst) for s in strips[:4]] == [(0, None)] * 4


def test_a_day_begins_at_midnight_in_shanghai() -> None:
    midnight = at("11-21", 0)
    strips = daily_strip("s1", [probe(midnight - timedelta(seconds=1))], RULE, LAST)
    assert [strip.samples for strip in strips] == [0, 0, 0, 0, 0, 1, 0]
    strips = daily_strip("s1", [probe(midnight)], RULE, LAST)
    assert [strip.samples for strip in strips] == [0, 0, 0, 0, 0, 0, 1]


# Alerts


def row(marks: str) -> list[Probe]:
    """Visits an hour apart: `+` good, `-` failed, `?` blocked, `o` our own outage."""
    kinds = {
        "+": probe(at("11-21")),
        "-": down(at("11-21")),
        "?": probe(at("11-21"), Outcome.BLOCKED),
        "o": replace(down(at("11-21")), ours=True),
    }
    return [
        replace(kinds[mark], at=at("11-21", 0) + timedelta(hours=n)) for n, mark in enumerate(marks)
    ]


@pytest.mark.parametrize(
    ("marks", "access", "told"),
    [
        ("", UNKNOWN, ""),
        ("+", UNKNOWN, ""),
        ("++", REACHED, ""),
        ("--", UNKNOWN, ""),
        ("---", FAILED, "2-"),
        ("------", FAILED, "2-"),
        ("++--+--+", REACHED, ""),
        ("++---+", FAILED, "4-"),
        ("++---++", REACHED, "4- 6+"),
        ("++---+-+-+", FAILED, "4-"),
        ("++---++---", FAILED, "4- 6+ 9-"),
        ("++--?-", REACHED, ""),
        ("++--?---", FAILED, "7-"),
        ("++--o-", FAILED, "5-"),
        ("---+?+", FAILED, "2-"),
        ("???", UNKNOWN, ""),
        ("ooo", UNKNOWN, ""),
    ],
)
def test_down_after_three_failures_in_a_row_and_up_after_two_good_visits(
    marks: str, access: Access, told: str
) -> None:
    found = alerts("s1", row(marks), RULE, at("11-22", 0))
    words = [f"{c.at.hour}{'-' if c.access is FAILED else '+'}" for c in found.changes]
    assert (found.access, " ".join(words)) == (access, told)


def test_an_alert_tells_the_site_the_moment_and_when_it_was_last_seen() -> None:
    found = alerts("s1", row("++---??o"), RULE, at("11-22", 0))
    assert found.changes == (Change("s1", at("11-21", 4), FAILED),)
    assert found.seen_at == at("11-21", 4)


def test_an_alert_of_a_past_moment_is_what_it_was_then() -> None:
    marks = row("++---++")
    assert alerts("s1", marks, RULE, at("11-21", 3)).access is REACHED
    assert alerts("s1", marks, RULE, at("11-21", 4)).access is FAILED
    assert alerts("s2", marks, RULE, at("11-22")).access is UNKNOWN


# Numbers that cannot be


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": Fraction(0)},
        {"limit": Fraction(5)},
        {"slow_ms": 0},
        {"days": 0},
        {"down_after": 0},
        {"up_after": 0},
    ],
)
def test_numbers_that_would_accuse_a_site_without_a_failure_are_refused(
    wrong: dict[str, Any],
) -> None:
    with pytest.raises(ValueError, match="expected"):
        replace(RULE, **wrong)


# Properties

LAX = replace(RULE, days=2, min_per_day=1, min_total=2, max_gap=timedelta(days=3))
PROBES = st.lists(
    st.builds(
        probe,
        st.integers(0, 3 * 144).map(lambda n: at("11-20", 0) + timedelta(minutes=10) * n),
        st.sampled_from(Outcome),
        st.none() | st.integers(0, 30_000),
        st.booleans(),
    ),
    max_size=30,
)


@given(PROBES, st.randoms(use_true_random=False))
def test_the_order_in_which_visits_are_given_does_not_matter(
    probes: list[Probe], rng: Random
) -> None:
    shuffled = list(probes)
    rng.shuffle(shuffled)
    assert week_before("s1", shuffled, LAX, AS_OF) == week_before("s1", probes, LAX, AS_OF)
    end = at("11-23")
    assert alerts("s1", shuffled, LAX, end) == alerts("s1", probes, LAX, end)


@given(PROBES)
def test_nothing_unseen_ever_makes_a_fault_or_an_alert(probes: list[Probe]) -> None:
    unseen = [replace(p, outcome=Outcome.BLOCKED) if grade(p, LAX) is FAILED else p for p in probes]
    assert week_before("s1", unseen, LAX, AS_OF).access is not FAILED
    assert alerts("s1", unseen, LAX, at("11-23")).changes == ()


@given(PROBES, st.sampled_from([Outcome.OK, Outcome.UNREACHABLE]))
def test_what_is_said_holds_whatever_the_unclear_visits_were(
    probes: list[Probe], truth: Outcome
) -> None:
    apart = list({p.at: p for p in probes}.values())
    said = week_before("s1", apart, LAX, AS_OF).access
    told = [
        replace(p, outcome=truth, elapsed_ms=1) if not p.ours and grade(p, LAX) is UNKNOWN else p
        for p in apart
    ]
    assert said in (UNKNOWN, week_before("s1", told, LAX, AS_OF).access)


@given(PROBES)
def test_every_sample_is_counted_once(probes: list[Probe]) -> None:
    apart = list({p.at: p for p in probes}.values())
    strips = daily_strip("s1", apart, LAX, LAST)
    days = {strip.day for strip in strips}
    counted = [p for p in apart if p.at.date() in days]
    assert sum(s.samples for s in strips) == sum(not p.ours for p in counted)
    assert sum(s.ours for s in strips) == sum(p.ours for p in counted)
