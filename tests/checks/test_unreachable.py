"""W2 by the row of the pack: 15 seconds, 5 %, 20 visits a day, 140 a week; share and sample."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from checks.availability_duty import site_measure
from checks.duty_table import read_duties
from checks.facts import Outcome
from checks.freshness import Moment
from checks.judge import Facts, judge
from checks.owed import Answer, Case
from checks.probes import AvailabilityRule, Probe
from checks.rules import COLUMN_CLASSES, pack_texts, read_law, read_pack
from checks.sites import Measure
from checks.unreachable import unreachable
from checks.verdicts import DutyState
from tests.checks.make import CALENDAR, at, day, site

TEXT = pack_texts(["cn-2019"])["cn-2019"]
DUTY = next(duty for duty in read_pack(TEXT, "x").duties if duty.about == "availability")
AS_OF = day("11-22")
SITE = site(url="https://www.shili.gov.cn/")
FIRST = at("11-15", 0)
MET, UNMET, UNKNOWN = DutyState.MET, DutyState.UNMET, DutyState.UNKNOWN


def week(failed: int = 0, unclear: int = 0, per_day: int = 20, slow_ms: int = 800) -> list[Probe]:
    """Seven days of visits evenly spaced; the failed and unclear ones at their end."""
    total = 7 * per_day
    outcomes = [Outcome.OK] * (total - failed - unclear)
    outcomes += [Outcome.BLOCKED] * unclear + [Outcome.UNREACHABLE] * failed
    step = timedelta(days=1) / per_day
    return [Probe("s1", FIRST + step * n, slow_ms, o) for n, o in enumerate(outcomes)]


def told(probes: Sequence[Probe]) -> Answer:
    return unreachable(Case(SITE, AS_OF, probes=probes), DUTY)


def measure(probes: Sequence[Probe]) -> Measure | None:
    return site_measure("s1", probes, DUTY, AS_OF)


@pytest.mark.parametrize(("failed", "state"), [(0, MET), (6, MET), (7, UNMET), (140, UNMET)])
def test_five_in_a_hundred_is_a_fault(failed: int, state: DutyState) -> None:
    assert told(week(failed)).state is state
    assert measure(week(failed)) == Measure(failed, 140, 0)


def test_the_reason_has_share_and_sample() -> None:
    answer = told(week(7))
    assert answer.reason == (
        "2026-11-15至2026-11-21，有效访问140次，未能及时打开7次；占5.00%，达到5.00%的限度（含）"
    )
    assert answer.faults == (f"https://www.shili.gov.cn/：{answer.reason}",)
    assert answer.basis == day("11-21")


@pytest.mark.parametrize(("slow_ms", "state"), [(14_999, MET), (15_000, UNMET), (15_001, UNMET)])
def test_fifteen_seconds_are_too_slow(slow_ms: int, state: DutyState) -> None:
    assert told(week(slow_ms=slow_ms)).state is state


def test_a_week_with_too_few_visits_is_not_judged() -> None:
    assert told(week(19 * 7, per_day=19)).state is UNKNOWN
    assert measure(week(19 * 7, per_day=19)) is None
    assert told([]).state is UNKNOWN
    assert measure([]) is None


def test_a_day_without_enough_visits_leaves_the_week_unjudged_though_its_sum_is_enough() -> None:
    probes = week(48 * 7, per_day=48)
    short = [p for p in probes if not (at("11-18", 0) <= p.at < at("11-18", 15))]
    assert len(short) > 140
    assert told(short).state is UNKNOWN
    assert measure(short) is None


def test_unclear_visits_are_shown_apart_and_can_leave_it_open() -> None:
    probes = week(failed=10, unclear=10, per_day=30)
    assert told(probes).state is UNKNOWN
    assert measure(probes) == Measure(10, 210, 10)


def test_visits_during_an_outage_of_ours_do_not_count() -> None:
    probes = [
        Probe(p.site, p.at, None, Outcome.UNREACHABLE, ours=True) if n % 3 else p
        for n, p in enumerate(week(per_day=72))
    ]
    assert told(probes).state is MET
    assert measure(probes) == Measure(0, 168, 0)


def test_the_bench_finds_it_and_clears_it() -> None:
    law = read_law(pack_texts(["cn-2019"]), CALENDAR)

    def bench(probes: Sequence[Probe]) -> Any:
        facts = Facts([SITE], {}, probes={"s1": probes})
        return judge(law, facts, Moment(AS_OF))

    (found,) = [key.rule for key in bench(week(7)).faults if key.rule == "w2_unreachable"]
    assert found in [key.rule for key in bench(week(6)).cleared]
    late = bench(week(7, per_day=19))
    assert found not in [key.rule for key in (*late.faults, *late.cleared)]


# The row


def test_the_row_of_the_pack_is_the_clause() -> None:
    rule = AvailabilityRule.of(DUTY.numbers)
    assert (rule.days, rule.slow_ms, str(rule.limit)) == (7, 15_000, "1/20")
    assert (rule.min_per_day, rule.min_total) == (20, 140)
    assert DUTY.severity == "veto"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("percent = 5", "percent = 0", "percent = 0; expected a whole number, 1 to 100"),
        ("percent = 5", "percent = 101", "percent = 101; expected a whole number, 1 to 100"),
        ("slow_ms = 15000", "slow_ms = 0", "slow_ms = 0; expected a whole number, 1 or more"),
        ("down_after = 3", "down_after = 0", "down_after = 0; expected a whole number, 1 or more"),
        ("up_after = 2\n", "", "missing up_after"),
    ],
)
def test_numbers_by_which_a_good_site_would_be_at_fault_are_refused(
    old: str, new: str, said: str
) -> None:
    rows = tomllib.loads(TEXT.replace(old, new))["duty"]
    _, faults = read_duties(rows, "t.toml", ("cn-2019", "1"), COLUMN_CLASSES)
    assert len(faults) == 1
    assert said in faults[0]
