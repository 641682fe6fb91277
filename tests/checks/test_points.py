"""Points of a portal: 100 less what is deducted, the gates at 60 and 80, and the bonus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from checks.indicators import Indicator, in_force
from checks.points import Bonus, Check, Score, check_of, score
from checks.rules import pack_texts, read_pack
from checks.sites import Standing
from tests.checks.make import column, day

PACK = read_pack(pack_texts(["cn-2019"])["cn-2019"], "cn-2019.toml")
INDICATORS = in_force(PACK.indicators, day("11-22"))
BY_ID = {row.id: row for row in INDICATORS}
DEDUCT = [row for row in INDICATORS if row.part == "deduct"]
CLEAR = [
    Standing(row, False) for row in INDICATORS if row.part == "veto" and row.subject != "account"
]


def checked(*found: Check, rows: Sequence[Indicator] = DEDUCT) -> list[Check]:
    """Every deduction looked at: these findings, and nothing else."""
    held = {check.indicator: check for check in found}
    return [held.get(row.id, Check(row.id, 0, "未发现问题")) for row in rows]


def fault(indicator: str, points: str | None = None, faults: int = 1) -> Check:
    return Check(indicator, faults, "截图1", Decimal(points) if points else None)


def sheet(
    *found: Check,
    vetoes: Sequence[Standing] = CLEAR,
    bonuses: Sequence[Bonus] = (),
    services: bool = True,
) -> Score:
    """The score when every row was checked and only this was found."""
    assert PACK.scale is not None
    rows = [row for row in DEDUCT if services or row.section != "办事服务"]
    return score(
        PACK.scale, INDICATORS, vetoes, checked(*found, rows=rows), bonuses, services=services
    )


def lost(points: str) -> Check:
    """So many points deducted by hand, under a row that has no value of its own."""
    return fault("d_links", points)


# The worked example


def test_five_and_two_and_three_and_one_deducted_leave_89_which_passes() -> None:
    found = [
        fault("d_policydoc"),
        fault("d_service_stats"),
        fault("d_messages"),
        fault("d_interp_link", "1"),
    ]
    result = sheet(*found)
    costs = {line.indicator.id: line.points for line in result.lines if line.faults}
    assert {name: str(cost) for name, cost in costs.items()} == {
        "d_policydoc": "5",
        "d_service_stats": "2",
        "d_messages": "3",
        "d_interp_link": "1",
    }
    assert (result.deducted, result.deduction_score) == (Decimal(11), Decimal(89))
    assert (result.bonus, result.total) == (Decimal(0), Decimal(89))
    assert (result.grade, result.still_open, result.vetoes) == ("合格", (), ())


# The gates


@pytest.mark.parametrize(
    ("deducted", "reached", "grade"),
    [
        ("0", "100.00", "合格"),
        ("40", "60.00", "合格"),
        ("40.01", "59.99", "不合格"),
        ("100", "0.00", "不合格"),
        ("130", "0.00", "不合格"),
    ],
)
def test_sixty_points_pass_and_one_hundredth_less_fails(
    deducted: str, reached: str, grade: str
) -> None:
    result = sheet(*([lost(deducted)] if deducted != "0" else []))
    assert (str(result.deduction_score), result.grade) == (reached, grade)


@pytest.mark.parametrize(
    ("deducted", "bonus", "total"),
    [("20", "0", "80.00"), ("19.99", "4.00", "84.01"), ("60", "0", "40.00")],
)
def test_the_bonus_counts_above_eighty_points_and_not_at_eighty(
    deducted: str, bonus: str, total: str
) -> None:
    given = [Bonus("b_release", Decimal(4), "数据发布页面截图")]
    result = sheet(lost(deducted), bonuses=given)
    assert (str(result.bonus), str(result.total)) == (bonus, total)


def test_the_bonus_is_never_more_than_thirty() -> None:
    given = [Bonus("b_release", Decimal(20), "一"), Bonus("b_design", Decimal(15), "二")]
    result = sheet(bonuses=given)
    assert (result.bonus, result.total) == (Decimal(30), Decimal(130))


# Caps, shares and rounding


def test_one_indicator_costs_no_more_than_its_own_points() -> None:
    assert sheet(fault("d_policydoc", faults=3)).deducted == Decimal(5)
    assert sheet(fault("d_policydoc", "9")).deducted == Decimal(5)


@pytest.mark.parametrize(
    ("deducted", "reached", "grade"),
    [("0", "100.00", "合格"), ("11", "85.33", "合格"), ("1", "98.67", "合格"),
     ("30", "60.00", "合格"), ("30.01", "59.99", "不合格"), ("15", "80.00", "合格")],
)  # fmt: skip
def test_without_services_the_rest_is_of_75_and_times_four_thirds(
    deducted: str, reached: str, grade: str
) -> None:
    given = [Bonus("b_release", Decimal(1), "截图")]
    result = sheet(*([lost(deducted)] if deducted != "0" else []), services=False, bonuses=given)
    assert (str(result.deduction_score), result.grade) == (reached, grade)
    assert not [line for line in result.lines if line.indicator.section == "办事服务"]
    assert bool(result.bonus) is (Decimal(reached) > 80)


def test_without_services_the_veto_on_services_is_not_asked() -> None:
    vetoes = [replace(row, hit=None if row.indicator.group == "W6" else False) for row in CLEAR]
    assert sheet(vetoes=vetoes).grade is None
    assert sheet(vetoes=vetoes, services=False).grade == "合格"


def test_half_a_hundredth_is_rounded_up() -> None:
    assert str(sheet(lost("0.005")).deduction_score) == "100.00"
    assert str(sheet(lost("0.005")).deducted) == "0.01"
    assert str(sheet(lost("0.015")).deduction_score) == "99.99"
    assert str(sheet(lost("0.016")).deduction_score) == "99.98"


# A veto


def test_a_veto_leaves_the_site_unscored_and_failed() -> None:
    vetoes = [replace(row, hit=row.indicator.id == "W4a") for row in CLEAR]
    result = sheet(vetoes=vetoes)
    assert (result.vetoes, result.grade) == (("W4a",), "不合格")
    assert (result.deduction_score, result.bonus, result.total, result.lines) == (
        None, None, None, (),
    )  # fmt: skip


@pytest.mark.parametrize(("name", "hit"), [("W2", None), ("W4b", True)])
def test_a_veto_not_known_or_not_verified_leaves_the_grade_open(
    name: str, hit: bool | None
) -> None:
    vetoes = [replace(row, hit=hit) if row.indicator.id == name else row for row in CLEAR]
    result = sheet(vetoes=vetoes)
    assert (result.grade, result.still_open) == (None, (name,))
    assert result.deduction_score == Decimal(100)


def test_without_any_look_at_the_vetoes_nothing_passes() -> None:
    assert sheet(vetoes=[]).grade is None


# What is not known


def test_what_nobody_checked_costs_nothing_and_leaves_the_grade_open() -> None:
    assert PACK.scale is not None
    checks = [check for check in checked() if check.indicator != "d_links"]
    result = score(PACK.scale, INDICATORS, CLEAR, checks)
    (line,) = [line for line in result.lines if line.indicator.id == "d_links"]
    assert (line.faults, line.points) == (None, None)
    assert (result.deducted, result.grade, result.still_open) == (Decimal(0), None, ("d_links",))


def test_a_fault_whose_points_nobody_knows_leaves_the_grade_open() -> None:
    result = sheet(fault("d_login"))
    assert (result.deduction_score, result.grade) == (Decimal(100), None)
    assert result.still_open == ("d_login",)


def test_what_is_open_cannot_save_a_site_already_below_sixty() -> None:
    result = sheet(fault("d_login"), lost("41"))
    assert (result.grade, result.still_open) == ("不合格", ("d_login",))


# From the counters to the checks


def test_what_the_machine_counted_is_a_check_with_the_columns_as_evidence() -> None:
    row = BY_ID["d_policydoc"]
    late = replace(column("policy_doc"), name="政策文件")
    assert check_of(Standing(row, True, (late,), watched=2)) == Check("d_policydoc", 1, "政策文件")
    assert check_of(Standing(row, False, watched=2)) == Check("d_policydoc", 0, "未发现问题")
    assert check_of(Standing(row, None, (), (late,), watched=2)) is None
    assert check_of(Standing(BY_ID["d_login"], True)) is None


def test_where_some_columns_were_not_seen_more_may_be_deducted_up_to_the_cap() -> None:
    late, unseen = column("news"), replace(column("news"), id="c2")
    partial = check_of(Standing(BY_ID["d_news"], True, (late,), (unseen,), 2))
    assert partial is not None
    assert partial.partial
    assert sheet(replace(partial, points=Decimal(2))).still_open == ("d_news",)
    capped = check_of(Standing(BY_ID["d_policydoc"], True, (late,), (unseen,), 2))
    assert capped is not None
    assert sheet(capped).still_open == ()


# What is refused


@pytest.mark.parametrize(
    ("checks", "bonuses", "complaint"),
    [
        ([Check("d_none", 1, "截图")], [], "d_none: no such row"),
        ([Check("W4a", 1, "截图")], [], "W4a: no such row"),
        ([Check("d_links", 1, " ")], [], "d_links: entered without evidence"),
        ([fault("d_links"), fault("d_links")], [], "d_links: entered twice"),
        ([Check("d_links", -1, "截图")], [], "d_links: faults and points are 0 or more"),
        ([fault("d_links", "-1")], [], "d_links: faults and points are 0 or more"),
        ([fault("d_links", "1", 0)], [], "d_links: points deducted without a fault"),
        ([], [Bonus("d_links", Decimal(1), "截图")], "d_links: no such row"),
        ([], [Bonus("b_design", Decimal(1), "")], "b_design: entered without evidence"),
        ([], [Bonus("b_design", Decimal(-1), "截图")], "b_design: points are 0 or more"),
        ([], [Bonus("b_design", Decimal(1), "截图")] * 2, "b_design: entered twice"),
    ],
)
def test_an_entry_without_row_evidence_or_sense_is_refused(
    checks: list[Check], bonuses: list[Bonus], complaint: str
) -> None:
    assert PACK.scale is not None
    with pytest.raises(ValueError, match=complaint):
        score(PACK.scale, INDICATORS, CLEAR, checks, bonuses)
