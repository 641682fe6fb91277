"""Ten published schemes and the national table can be said, and give the points they should.

Each file of `ten_schemes` says which of its figures were published and which are invented.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from checks.assessment_sheet import Sheet
from checks.periods import Days
from tests.checks.cases import (
    QUARTER,
    TEN,
    YEAR,
    case,
    entry,
    late,
    letter,
    months,
    scored,
    sentences,
    sheet_of,
    silent,
    ten,
)


def points(sheet: Sheet) -> dict[str, str]:
    """The points of each section, and the score."""
    rows = {row.id: f"{row.points.normalize():f}" for row in sheet.sections}
    return {**rows, "score": str(sheet.score)}


@pytest.mark.parametrize("name", sorted(path.stem for path in TEN.glob("*.toml")))
def test_each_scheme_can_be_read_and_says_what_of_it_is_synthetic(name: str) -> None:
    scheme = ten(name)
    assert scheme.id == name
    assert scheme.source == "synthetic"
    first = (TEN / f"{name}.toml").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# Synthetic. Published: ")


def test_haian_2020_plus_or_minus_two_points_by_half_year_and_year() -> None:
    haian = ten("haian_2020")
    assert (haian.cycles, haian.clamp) == (("half_year", "year"), (Decimal(-2), Decimal(2)))
    faults = (late(1, urged=("12-01",)), late(2, fixed_in_time=True), letter(3))
    praise = entry("e1", "praise", level="city")
    # -0.1 - 0.05 - 0.1 - 0.5 + 0.3
    assert points(sheet_of(haian, case(*faults, entries=(praise,)))) == {
        "deducted": "-0.75",
        "added": "0.3",
        "score": "-0.45",
    }


def test_qidong_2020_two_points_a_quarter() -> None:
    qidong = ten("qidong_2020")
    assert str(sheet_of(qidong, case(period=QUARTER)).score) == "2.00"
    # 100 - 5 - 10 = 85 of 100, of 2 points.
    sheet = sheet_of(qidong, case(late(1), silent(2), period=QUARTER))
    assert (str(sheet.settled), str(sheet.score)) == ("85", "1.70")


def test_licheng_2020_each_category_loses_no_more_than_it_has() -> None:
    entries = (
        entry("e1", "document"),
        entry("e2", "index", 2),
        entry("e3", "body"),
        entry("e4", "report_fault", 3),
        entry("e5", "late"),
        entry("e6", "reversed"),
    )
    sheet = sheet_of(ten("licheng_2020"), case(late(1), late(2), period=YEAR, entries=entries))
    assert points(sheet) == {
        "open": "2",  # 10 - 5 - 2 - 1
        "report": "0",  # 10 - 15
        "request": "0",  # 6 - 6 - 3
        "secrecy": "6",
        "columns": "3",  # 5 - 2
        "score": "11.00",
    }


def test_jindong_2021_tasks_lateness_wording_documents_and_a_bonus() -> None:
    faults = (
        scored(1, "cn-2019", "wording", severity="flag"),
        scored(2, "cn-2019", "repost", severity="flag", column_class="interpretation"),
        scored(3, "cn-2019", "repost", severity="flag", column_class="news"),
        late(4, opened="11-02", ended="11-16"),
    )
    entries = (
        entry("e1", "task", 2),
        entry("e2", "late", 3),
        entry("e3", "highlight", points="4"),
    )
    sheet = sheet_of(ten("jindong_2021"), case(*faults, period=YEAR, entries=entries))
    assert points(sheet) == {
        "open": "17",  # 40 - 2*5 - 3*2 - 2 - 4 - 1
        "platform": "58",  # two Sundays
        "highlights": "4",
        "score": "79.00",
    }


@pytest.mark.parametrize(
    ("site", "media", "left", "grade", "bonus"),
    [
        (0, 0, ("35", "20"), None, "10"),
        (22, 0, ("24", "20"), None, "10"),  # 44 of 55: the gate
        (23, 0, ("23.5", "20"), None, "0"),  # 43.5
        (28, 0, ("21", "20"), None, "0"),  # 21 of 35 passes
        (29, 0, ("20.5", "20"), "不合格", "0"),
        (0, 16, ("35", "12"), None, "10"),  # 12 of 20 passes
        (0, 17, ("35", "11.5"), "不合格", "10"),  # 46.5 of 55
    ],
)
def test_mianyang_2022_pass_marks_and_the_gate_of_the_bonus(
    site: int, media: int, left: tuple[str, str], grade: str | None, bonus: str
) -> None:
    faults = [late(n) for n in range(site)]
    faults += [silent(100 + n, severity="deduct") for n in range(media)]
    extra = entry("e1", "extra", points="10")
    sheet = sheet_of(ten("mianyang_2022"), case(*faults, period=YEAR, entries=(extra,)))
    reached = points(sheet)
    assert (reached["site"], reached["media"]) == left
    assert (sheet.grade, str(sheet.bonus.normalize() + 0)) == (grade, str(Decimal(bonus) + 0))
    total = 15 + Decimal(left[0]) + Decimal(left[1]) + 30 + Decimal(bonus)
    assert sheet.score == total


def test_zhaoqing_2019_a_veto_of_county_media_gives_59() -> None:
    zhaoqing = ten("zhaoqing_2019")
    extra = entry("e1", "extra", points="20")
    without = sheet_of(zhaoqing, case(late(1), period=QUARTER, entries=(extra,)))
    assert (str(without.score), without.grade) == ("115.00", "合格")
    vetoed = sheet_of(zhaoqing, case(late(1), silent(2), period=QUARTER, entries=(extra,)))
    assert (str(vetoed.total), str(vetoed.score), vetoed.grade) == ("115", "59.00", "不合格")
    assert sentences(vetoed)["media_veto"] == "1个账号，得分按59计（原得分更低的，按原得分计）"


def test_zhaoqing_2019_the_bonus_is_no_more_than_25_and_only_above_80() -> None:
    zhaoqing = ten("zhaoqing_2019")
    extra = entry("e1", "extra", points="30")
    most = sheet_of(zhaoqing, case(period=QUARTER, entries=(extra,)))
    assert str(most.score) == "125.00"
    at_80 = sheet_of(zhaoqing, case(*map(late, range(4)), period=QUARTER, entries=(extra,)))
    assert (str(at_80.score), at_80.gates) == ("80.00", ())


def test_zhaoqing_2019_points_of_a_part_left_out_are_spread_over_the_others() -> None:
    sheet = sheet_of(ten("zhaoqing_2019"), case(late(1), period=QUARTER, lacks=("service",)))
    assert [str(row.full) for row in sheet.sections if row.applicable] == [
        "55.00",
        "45.00",
        "25",
    ]
    assert str(sheet.score) == "95.00"


def test_xuancheng_2019_seventy_percent_daily_work_and_thirty_experts() -> None:
    entries = (
        entry("e1", "extra", 2, level="province"),
        entry("e2", "expert", points="85", on="12-31"),
    )
    faults = [late(n) for n in range(4)]
    sheet = sheet_of(ten("xuancheng_2019"), case(*faults, period=YEAR, entries=entries))
    # 70 % of 100 and 30 % of 85.
    assert points(sheet) == {"daily": "90", "bonus": "10", "expert": "85", "score": "95.50"}
    assert (sheet.grade, sheet.final) == ("优秀", True)


def test_xialu_2022_what_stands_on_the_last_day_of_the_quarter() -> None:
    standing = late(1, opened="09-01")
    over_before = late(2, opened="09-01", ended="09-30")
    slow = letter(3, opened="10-01", ended="10-11", days_over=7)
    sheet = sheet_of(ten("xialu_2022"), case(standing, over_before, slow, period=QUARTER))
    assert sentences(sheet) == {
        "standing": "1个栏目×(-6)=-6",
        "days": "10天×(-0.5)=-5",
    }
    # 89 points lie between (80, 0) and (100, 1).
    assert (str(sheet.settled), str(sheet.score)) == ("89.0", "0.45")


def test_the_township_of_2010_short_months_blank_months_praise_and_criticism() -> None:
    measures = months("items", m07=40, m08=39, m09=0, m10=120, m11=1, m12=41)
    entries = (
        entry("e1", "praised", level="city"),
        entry("e2", "praised", level="county"),
        entry("e3", "criticised", level="county"),
    )
    half = Days(date(2026, 7, 1), date(2026, 12, 31))
    sheet = sheet_of(ten("township_2010"), case(period=half, measures=measures, entries=entries))
    assert sentences(sheet) == {
        "items": "1个月（全月空白）×(-10)+2个月（不足40条）×(-5)=-20",
        "praised": "1次（市级）×3+1次（县级）×1=4",
        "criticised": "1次（县级）×(-1)=-1",
    }
    assert str(sheet.score) == "83.00"


def test_suzhou_2007_adds_two_an_item_more_when_adopted_and_ten_an_interpretation() -> None:
    entries = (
        entry("e1", "adoption", 2, level="city"),
        entry("e2", "adoption", level="province"),
        entry("e3", "interpretation", 3),
    )
    measures = months("sent", m10=7, m11=0, m12=5)
    sheet = sheet_of(ten("suzhou_2007"), case(period=QUARTER, measures=measures, entries=entries))
    assert sentences(sheet) == {
        "items": "12条×2=24",
        "adoption": "1条（省级）×5+2条（市级）×2=9",
        "interpretation": "3条×10=30",
    }
    assert str(sheet.score) == "63.00"


# The national table of 2019


def test_five_and_two_and_three_and_one_deducted_leave_89_which_passes() -> None:
    faults = (
        scored(1, "cn-2019", "policydoc_6m"),
        scored(2, "cn-2019", "stats_3m"),
        scored(3, "cn-2019", "mailbox_list_2m", kind="mailbox", subject="mailbox:m1"),
    )
    asked = case(*faults, period=QUARTER, entries=(entry("e1", "link"),))
    sheet = sheet_of(ten("cn_2019"), asked)
    assert (str(sheet.subtotal), str(sheet.score), sheet.grade) == ("-11", "89.00", "合格")
    assert [gate.text for gate in sheet.gates] == ["score > 80"]
    assert str(sheet.bonus) == "0"


def test_without_public_services_75_points_are_multiplied_by_four_thirds() -> None:
    faults = [scored(n, "cn-2019", "policydoc_6m") for n in range(3)]
    asked = case(*faults, period=QUARTER, lacks=("service",))
    sheet = sheet_of(ten("cn_2019"), asked)
    assert (str(sheet.score), sheet.spread) == (
        "80.00",
        "“办事服务”25分不适用，其余部分得分乘以100/75",
    )


def test_a_veto_leaves_a_site_without_points() -> None:
    sheet = sheet_of(ten("cn_2019"), case(silent(1), period=QUARTER))
    assert (str(sheet.score), sheet.grade) == ("0.00", "不合格")


def test_below_60_a_site_fails_and_above_80_the_bonus_counts() -> None:
    bonus = entry("e1", "bonus", points="12.5")
    thin = [scored(n, "cn-2019", "policydoc_6m") for n in range(7)]
    thin += [scored(10 + n, "cn-2019", "mailbox_list_2m", kind="mailbox") for n in range(2)]
    failed = sheet_of(ten("cn_2019"), case(*thin, period=QUARTER, entries=(bonus,)))
    assert (str(failed.score), failed.grade) == ("59.00", "不合格")
    good = sheet_of(ten("cn_2019"), case(period=QUARTER, entries=(bonus,)))
    assert (str(good.score), good.grade) == ("112.50", "合格")
