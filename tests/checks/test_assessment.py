"""Points of a unit: each fault costs once, in doubt nothing, and each line shows its arithmetic."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from checks.assessment import assess
from checks.assessment_case import Case, CaseError, Measure, Scored, cycle_of, months_of
from checks.assessment_sections import rounded
from checks.assessment_selfcheck import check_sheet
from checks.assessment_sheet import sheet_json
from checks.periods import Days, read_period
from checks.scheme import read_scheme, scheme_text
from checks.scheme_table import Scheme
from tests.checks.cases import (
    HAIAN,
    QUARTER,
    YEAR,
    case,
    entry,
    late,
    left_out,
    letter,
    months,
    scored,
    sentences,
    sheet_of,
    silent,
    ten,
)
from tests.checks.make import day


def score(scheme: Scheme, *findings: Scored, **known: Any) -> str:
    return str(sheet_of(scheme, case(*findings, **known)).score)


def changed(*changes: tuple[str, str]) -> Scheme:
    """The proposal for Haian with other words in it."""
    text = scheme_text("haian-default")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_scheme(text, "changed.toml")


# The proposal for Haian


def test_without_a_fault_a_unit_has_neither_plus_nor_minus() -> None:
    sheet = sheet_of(HAIAN, case())
    assert (str(sheet.score), sheet.lines, sheet.left_out) == ("0.00", (), ())
    assert sheet.proposal


def test_two_late_columns_cost_a_tenth_each_and_the_line_says_so() -> None:
    sheet = sheet_of(HAIAN, case(late(1), late(2)))
    (line,) = sheet.lines
    assert line.sentence == "2个栏目×(-0.1)=-0.2"
    assert (line.item, line.name) == ("col_overdue", "栏目超过时限未更新")
    assert (line.findings, line.rules) == ((1, 2), ("haian/news_2w 2020.1",))
    assert (str(line.points), str(sheet.score)) == ("-0.2", "-0.20")


def test_a_column_rectified_in_time_costs_half() -> None:
    sheet = sheet_of(HAIAN, case(late(1), late(2), late(3, fixed_in_time=True)))
    (line,) = sheet.lines
    assert line.sentence == "2个栏目×(-0.1)+1个栏目（按期整改）×(-0.1)×0.5=-0.25"
    assert (str(line.listed), str(line.graced), str(sheet.score)) == ("-0.3", "-0.25", "-0.25")


def test_a_column_late_twice_in_the_period_costs_once_and_then_the_dearer() -> None:
    twice = (late(1, subject="column:c1", fixed_in_time=True), late(2, subject="column:c1"))
    sheet = sheet_of(HAIAN, case(*twice))
    assert sentences(sheet) == {"col_overdue": "1个栏目×(-0.1)=-0.1"}
    assert sheet.lines[0].findings == (1, 2)


@pytest.mark.parametrize(
    ("days", "points"), [(1, "-0.1"), (5, "-0.1"), (6, "-0.2"), (10, "-0.2"), (11, "-0.3")]
)
def test_a_letter_costs_by_the_working_days_it_was_late(days: int, points: str) -> None:
    (line,) = sheet_of(HAIAN, case(letter(1, days))).lines
    assert (str(line.points), line.calendars) == (points, ("2026.1",))


def test_letters_of_several_steps_stand_in_one_line_up_to_its_cap() -> None:
    sheet = sheet_of(HAIAN, case(*[letter(n, days) for n, days in enumerate([1, 5, 6, 11])]))
    assert sentences(sheet) == {
        "letter_overdue": "1封来信（超期11日以上）×(-0.3)+1封来信（超期6—10日）×(-0.2)"
        "+2封来信（超期1—5日）×(-0.1)=-0.7，本项以-0.6为限"
    }
    (line,) = sheet.lines
    assert (str(line.graced), str(line.points), str(sheet.score)) == ("-0.7", "-0.6", "-0.60")


@pytest.mark.parametrize("days", [None, 0])
def test_a_letter_without_days_over_has_no_step_and_costs_nothing(days: int | None) -> None:
    sheet = sheet_of(HAIAN, case(letter(1, days)))
    assert (sheet.lines, left_out(sheet)) == ((), {"no_days": (1,)})


def test_nine_late_columns_cost_no_more_than_the_cap() -> None:
    sheet = sheet_of(HAIAN, case(*map(late, range(1, 10))))
    assert sentences(sheet) == {"col_overdue": "9个栏目×(-0.1)=-0.9，本项以-0.8为限"}
    assert str(sheet.score) == "-0.80"


def test_a_veto_sets_the_score_whatever_else_there_is() -> None:
    praise = entry("e1", "praise", 2, level="province")
    sheet = sheet_of(HAIAN, case(silent(1), late(2), entries=(praise,)))
    assert sentences(sheet)["veto"] == "1个问题，得分按-2计（原得分更低的，按原得分计）"
    assert (str(sheet.total), str(sheet.set_to), str(sheet.score)) == ("0.9", "-2", "-2.00")


def test_praise_counts_by_level_up_to_one_point() -> None:
    one = entry("e1", "praise", level="province")
    two = entry("e2", "praise", 2, level="city")
    three = entry("e3", "praise", level="county")
    sheet = sheet_of(HAIAN, case(entries=(one,)))
    assert sentences(sheet) == {"praise": "1次（省级）×0.5=0.5"}
    sheet = sheet_of(HAIAN, case(entries=(three, two, one)))
    assert sentences(sheet) == {
        "praise": "1次（省级）×0.5+2次（市级）×0.3+1次（县级）×0.1=1.2，本项以1为限"
    }
    assert (str(sheet.score), sheet.lines[0].entries) == ("1.00", ("e1", "e2", "e3"))


def test_each_urging_in_the_period_costs_beside_the_fault_itself() -> None:
    fault = late(1, urged=("06-20", "11-20", "12-05"))
    sheet = sheet_of(HAIAN, case(fault))
    assert sentences(sheet) == {
        "col_overdue": "1个栏目×(-0.1)=-0.1",
        "notice_escalated": "2次×(-0.5)=-1",
    }
    assert [line.beside for line in sheet.lines] == [False, True]


def test_a_fault_of_the_last_period_urged_in_this_one_costs_the_urging_alone() -> None:
    sheet = sheet_of(HAIAN, case(late(1, opened="06-20", urged=("07-20",))))
    assert sentences(sheet) == {"notice_escalated": "1次×(-0.5)=-0.5"}


def test_the_sum_is_clamped_at_minus_two_and_at_plus_two() -> None:
    urged = late(1, urged=("11-10", "11-20", "12-01", "12-10", "12-20"))
    sheet = sheet_of(HAIAN, case(urged))
    assert (str(sheet.subtotal), str(sheet.clamped), str(sheet.score)) == ("-2.6", "-2", "-2.00")
    without_cap = changed(("cap = 1.0\n", ""))
    praised = entry("e1", "praise", 9, level="province")
    assert score(without_cap, entries=(praised,)) == "2.00"


# In doubt nothing costs


@pytest.mark.parametrize(
    ("known", "reason", "words"),
    [
        ({"confirmed": False}, "unconfirmed", "尚未经人工核实确认"),
        ({"dismissed": True}, "dismissed", "经核实为误报"),
        ({"waived": True}, "waived", "已批准豁免"),
        ({"appealed": True}, "appealed", "申诉尚在处理"),
        ({"provisional": True}, "provisional", "期限涉及尚未公布放假安排的年度，仅为暂定"),
        ({"opened": "06-30"}, "outside", "不在本考核周期内"),
        ({"rule": "wording"}, "no_item", "评分办法没有对应的评分项"),
        ({"pack": "operator"}, "operator", "属监测系统自身运行事项，与被考核单位无关"),
        ({"severity": "operator"}, "operator", "属监测系统自身运行事项，与被考核单位无关"),
    ],
)
def test_what_is_not_counted_is_named_with_its_reason(
    known: dict[str, Any], reason: str, words: str
) -> None:
    doubtful = scored(7, **{"pack": "haian", "rule": "news_2w", **known})
    sheet = sheet_of(HAIAN, case(doubtful, late(1)))
    assert str(sheet.score) == "-0.10"
    assert [(each.reason, each.words, each.findings) for each in sheet.left_out] == [
        (reason, words, (7,))
    ]


def test_a_veto_under_appeal_sets_nothing() -> None:
    sheet = sheet_of(HAIAN, case(silent(1, appealed=True)))
    assert (sheet.set_to, str(sheet.score), left_out(sheet)) == (None, "0.00", {"appealed": (1,)})


def test_what_became_known_after_the_day_asked_for_does_not_count() -> None:
    sheet = sheet_of(HAIAN, case(late(1, opened="11-20"), as_of=day("11-15")))
    assert left_out(sheet) == {"outside": (1,)}


def test_an_entry_of_another_period_is_left_out_and_named() -> None:
    sheet = sheet_of(HAIAN, case(entries=(entry("e1", "praise", level="city", on="06-30"),)))
    assert left_out(sheet) == {"outside": ("e1",)}


def test_points_by_hand_belong_to_the_period_of_which_they_speak() -> None:
    entries = (
        entry("e1", "expert", points="60", on="2025-12-31"),
        entry("e2", "expert", points="90", on="2026-12-31"),
    )
    sheet = sheet_of(ten("xuancheng_2019"), case(period=YEAR, entries=entries))
    assert (str(sheet.score), left_out(sheet)) == ("97.00", {"outside": ("e1",)})
    assert [row.entry for row in sheet.sections] == [None, None, "e2"]


def test_an_entry_of_another_period_is_not_measured_by_the_scheme_of_this_one() -> None:
    of_an_older_scheme = entry("e1", "award", level="national", on="2025-12-31")
    sheet = sheet_of(HAIAN, case(entries=(of_an_older_scheme,)))
    assert left_out(sheet) == {"outside": ("e1",)}


# A finding costs once


def test_the_first_item_that_takes_a_finding_keeps_it() -> None:
    jindong = ten("jindong_2021")
    wording = scored(1, "cn-2019", "wording", severity="flag", column_class="policy_doc")
    document = scored(2, "cn-2019", "repost", severity="flag", column_class="policy_doc")
    sheet = sheet_of(jindong, case(wording, document, period=YEAR))
    assert {line.item: line.findings for line in sheet.lines} == {
        "wording": (1,),
        "document": (2,),
    }


# What one of a thing is


def per(per_: str, *findings: Scored, **known: Any) -> str:
    """The arithmetic when the columns of the proposal are counted in another way."""
    running = "\nwhen = 'running'" if known.pop("running", False) else ""
    scheme = changed(
        ('per = "column_period"', f'per = "{per_}"{running}'),
        ("cap = -0.8\ngrace = { fixed_before_deadline = 0.5 }\n", ""),
    )
    sheet = sheet_of(scheme, case(*findings, **known))
    return sentences(sheet).get("col_overdue", "")


def test_by_column_each_rule_counts_by_finding_each_finding() -> None:
    one = {"subject": "column:c1"}
    faults = (late(1, **one), late(2, opened="12-01", **one), late(3, rule="interp_6m", **one))
    assert per("column_period", *faults) == "1个栏目×(-0.1)=-0.1"
    assert per("column", *faults) == "2个栏目×(-0.1)=-0.2"
    same_rule = late(4, rule="interp_6m", pack="cn-2019", **one)
    assert per("column", *faults, same_rule) == "2个栏目×(-0.1)=-0.2"
    assert per("finding", *faults) == "3个问题×(-0.1)=-0.3"


def test_by_day_the_days_of_the_period_count_and_no_day_twice() -> None:
    since_june = late(1, opened="06-28", ended="07-04", subject="column:c1")
    overlapping = late(2, opened="07-02", ended="07-06", subject="column:c1")
    assert per("day", since_june, running=True) == "3天×(-0.1)=-0.3"
    assert per("day", since_june, overlapping, running=True) == "5天×(-0.1)=-0.5"


def test_by_day_nothing_is_counted_after_the_day_asked_for() -> None:
    assert per("day", late(1), running=True, as_of=day("11-04")) == "3天×(-0.1)=-0.3"


def test_by_week_the_sundays_count_on_which_it_stood() -> None:
    assert day("11-08").isoweekday() == 7
    assert per("week", late(1, ended="11-08"), running=True) == ""
    assert per("week", late(1, ended="11-09"), running=True) == "1周×(-0.1)=-0.1"
    assert per("week", late(1, ended="11-23"), running=True) == "3周×(-0.1)=-0.3"


def test_running_faults_cost_in_each_period_in_which_they_stood() -> None:
    since_june = late(1, opened="06-28", ended="07-04")
    over_on_the_last_day = late(2, opened="06-28", ended="07-01")
    assert per("column_period", since_june, running=False) == ""
    assert per("column_period", since_june, running=True) == "1个栏目×(-0.1)=-0.1"
    assert per("column_period", over_on_the_last_day, running=True) == ""


def test_a_letter_is_no_column_and_a_column_no_letter() -> None:
    assert per("account", late(1)) == ""
    scheme = changed(('"interp_6m"]', '"interp_6m", "mailbox_5wd"]'))
    assert list(sentences(sheet_of(scheme, case(letter(1))))) == ["letter_overdue"]


# Months


def test_a_month_of_which_nothing_is_known_costs_nothing_and_is_said() -> None:
    quarter = case(period=QUARTER, measures=months("items", m10=40, m11=None))
    sheet = sheet_of(ten("township_2010"), quarter)
    assert str(sheet.score) == "100.00"
    assert [each.words for each in sheet.not_known] == [
        "每月发布信息：2026-11、2026-12数据不详，不计分"
    ]


def test_a_month_that_is_not_over_is_not_short() -> None:
    known = months("items", m10=39, m11=0)
    sheet = sheet_of(ten("township_2010"), case(period=QUARTER, as_of=day("11-29"), measures=known))
    assert sentences(sheet) == {"items": "1个月（不足40条）×(-5)=-5"}
    assert sheet.not_known == ()


# Gates and sections


def test_a_gate_that_falls_below_never_asks_less_than_the_unit_may_have() -> None:
    fails = ten("suzhou_2007", more="[[gate]]\nwhen = 'sent < 50'\ngrade = '不合格'\n")
    known = months("sent", m10=5, m11=5, m12=5)
    assert sheet_of(fails, case(period=QUARTER, measures=known)).grade == "不合格"
    unknown = months("sent", m10=5, m11=5)
    assert sheet_of(fails, case(period=QUARTER, measures=unknown)).grade is None


def test_a_score_already_lower_than_a_veto_sets_it_stays() -> None:
    zhaoqing = ten("zhaoqing_2019")
    columns = [late(n, kind="column") for n in range(1, 12)]
    letters = [letter(n) for n in range(20, 31)]
    without = sheet_of(zhaoqing, case(*columns, *letters, period=QUARTER))
    with_veto = sheet_of(zhaoqing, case(*columns, *letters, silent(99), period=QUARTER))
    assert (str(without.score), str(with_veto.score)) == ("30.00", "30.00")


def test_of_several_that_set_the_score_the_lowest_holds() -> None:
    scheme = ten("zhaoqing_2019", more="[[gate]]\nwhen = 'publish < 36'\nset_to = 50\n")
    sheet = sheet_of(scheme, case(silent(1), late(2), period=QUARTER))
    assert (str(sheet.total), str(sheet.set_to), str(sheet.score)) == ("95", "50", "50.00")
    assert [gate.sentence for gate in sheet.gates] == [
        "得分95分，超过80分：“加分项”计入得分",
        "“发布解读”35分，低于36分：得分按50计",
    ]


@pytest.mark.parametrize(
    ("way", "full", "reached", "words"),
    [
        ("even", ["55", "30", "45"], "92.00", "“办事服务”30分不适用，分值平均分摊到其余部分"),
        (
            "proportional",
            ["57.14", "30", "42.86"],
            "92.00",
            "“办事服务”30分不适用，分值按比例分摊到其余部分",
        ),
        ("multiply", ["40", "30", "30"], "88.57", "“办事服务”30分不适用，其余部分得分乘以100/70"),
    ],
)
def test_points_of_a_part_that_does_not_apply_go_to_the_others(
    way: str, full: list[str], reached: str, words: str
) -> None:
    scheme = ten("zhaoqing_2019", ('"even"', f'"{way}"'))
    faults = (late(1), letter(2))
    sheet = sheet_of(scheme, case(*faults, period=QUARTER, lacks=("service",)))
    assert [str(row.full.normalize()) for row in sheet.sections[:3] if row.full] == [
        str(Decimal(each).normalize()) for each in full
    ]
    assert (f"{sheet.reached:.2f}", sheet.spread) == (reached, words)
    assert [row.applicable for row in sheet.sections] == [True, False, True, True]


def test_a_section_may_be_for_one_kind_of_unit_only() -> None:
    scheme = ten("zhaoqing_2019", ("may_lack = true", 'only_for = ["department"]'))
    town = sheet_of(scheme, case(period=QUARTER, unit_kind="town"))
    assert [row.id for row in town.sections if not row.applicable] == ["service"]
    assert str(town.score) == "100.00"


def test_entries_and_findings_of_a_part_that_does_not_apply_are_left_out() -> None:
    scheme = ten("cn_2019")
    statistics = scored(1, "cn-2019", "stats_3m")
    asked = case(statistics, period=QUARTER, lacks=("service",))
    assert left_out(sheet_of(scheme, asked)) == {"not_applicable": (1,)}


def test_a_limit_keeps_its_share_where_points_were_spread() -> None:
    scheme = ten("zhaoqing_2019", more="[[gate]]\nwhen = 'interact < 18'\ngrade = '差'\n")
    # 18 of 30 is 27 of 45.
    faults = [letter(n) for n in range(7)]
    enough = case(*faults[:6], period=QUARTER, lacks=("service",))
    short = case(*faults, period=QUARTER, lacks=("service",))
    assert sheet_of(scheme, enough).grade == "合格"
    sheet = sheet_of(scheme, short)
    assert (sheet.grade, sheet.gates[-1].sentence) == ("差", "“互动交流”24分，低于27分：定为差")


def test_a_gate_of_which_no_section_applies_is_silent() -> None:
    scheme = ten("zhaoqing_2019", more="[[gate]]\nwhen = 'service < 18'\ngrade = '差'\n")
    assert sheet_of(scheme, case(period=QUARTER, lacks=("service",))).grade == "合格"


def test_a_part_by_hand_that_nobody_entered_costs_nothing_and_leaves_the_sheet_open() -> None:
    xuancheng = ten("xuancheng_2019")
    sheet = sheet_of(xuancheng, case(period=YEAR))
    assert (str(sheet.score), sheet.still_open, sheet.grade) == ("100.00", ("expert",), None)
    assert not sheet.final


def test_a_grade_for_reaching_points_waits_for_the_part_by_hand_one_for_falling_does_not() -> None:
    gates = "[[gate]]\nwhen = 'score >= 95'\ngrade = '示范'\n"
    gates += "[[gate]]\nwhen = 'daily < 50'\ngrade = '不合格'\n"
    scheme = ten("xuancheng_2019", more=gates)
    entered = (entry("e1", "expert", points="100"),)
    assert sheet_of(scheme, case(period=YEAR, entries=entered)).grade == "示范"
    assert sheet_of(scheme, case(period=YEAR)).grade is None
    assert sheet_of(scheme, case(*map(late, range(21)), period=YEAR)).grade == "不合格"


def test_a_bonus_that_two_gates_name_needs_both() -> None:
    both = ten("mianyang_2022", more="[[gate]]\nwhen = 'work > 14.5'\nenables = 'bonus'\n")
    extra = entry("e1", "extra", points="10")
    lacking = entry("e2", "work_fault")
    assert str(sheet_of(both, case(period=YEAR, entries=(extra,))).bonus) == "10"
    sheet = sheet_of(both, case(period=YEAR, entries=(extra, lacking)))
    assert (str(sheet.bonus), [gate.text for gate in sheet.gates]) == ("0", ["site + media >= 44"])


# The map and the rounding


@pytest.mark.parametrize(
    ("points", "step", "result"),
    [
        ("-0.125", "0.01", "-0.13"),
        ("0.125", "0.01", "0.13"),
        ("-0.1249", "0.01", "-0.12"),
        ("0.25", "0.1", "0.3"),
        ("-0.25", "0.5", "-0.5"),
        ("89", "0.01", "89.00"),
        ("-0.001", "0.01", "0.00"),
    ],
)
def test_a_half_is_rounded_away_from_zero(points: str, step: str, result: str) -> None:
    assert str(rounded(Decimal(points), Decimal(step))) == result


@pytest.mark.parametrize(
    ("stale", "result"), [(0, "1.00"), (3, "0.10"), (4, "-0.20"), (6, "-0.80"), (7, "-1.00")]
)
def test_between_the_corners_the_map_is_a_straight_line_and_beyond_them_flat(
    stale: int, result: str
) -> None:
    scheme = ten("xialu_2022")
    assert score(scheme, *map(late, range(stale)), period=QUARTER) == result


# What cannot be assessed


def complaints(scheme: Scheme, of: Case) -> list[str]:
    with pytest.raises(CaseError) as raised:
        assess(scheme, of)
    return str(raised.value).splitlines()


def test_everything_wrong_with_a_case_is_told_at_once() -> None:
    entries = (
        entry("e1", "praise", level="national", on="07-10"),
        entry("e1", "praise", 0, level="city", on="07-10"),
        entry("e2", "award", on="07-10"),
        entry("e3", "praise", level="city", points="1", on="07-10"),
        replace(entry("e4", "praise", level="city", on="07-10"), evidence=" "),
    )
    measures = (Measure("items", "2026-07", -1), Measure("items", "2026-07", 2))
    wrong = case(
        late(1),
        late(1),
        period=Days(date(2026, 7, 1), date(2026, 7, 31)),
        as_of=day("06-30"),
        unit_kind="village",
        entries=entries,
        measures=measures,
        lacks=("service",),
    )
    assert complaints(HAIAN, wrong) == [
        "unit kind 'village'; expected one of department, town, other",
        "2026-07-01 to 2026-07-31: this scheme assesses by 季度、半年、年度",
        "as of 2026-06-30: the period begins on 2026-07-01",
        "lacks 'service': no section of this scheme that a unit may lack",
        "finding 1: comes twice",
        "entry e1: comes twice",
        "measure items of 2026-07: comes twice",
        "measure items of 2026-07: -1; expected 0 or more",
        "entry e1: level: 'national'; expected one of province, city, county",
        "entry e1: count: 0; expected 1 or more",
        "entry e2: 'award' is no item or section of this scheme to be entered",
        "entry e3: points: 1; the scheme prices this item itself",
        "entry e4: entered without evidence",
    ]


def test_points_by_hand_lie_within_the_part_and_come_once() -> None:
    entries = (entry("e1", "expert", points="101"), entry("e2", "expert"))
    assert complaints(ten("xuancheng_2019"), case(period=YEAR, entries=entries)) == [
        "entry of expert: comes twice",
        "entry e1: points: 101; expected 0 to 100",
        "entry e2: points: None; expected 0 to 100",
    ]


def test_points_that_the_scheme_leaves_to_a_person_must_be_given() -> None:
    entries = (entry("e1", "extra"), entry("e2", "extra", 2, points="3"))
    assert complaints(
        ten("mianyang_2022"), case(period=YEAR, entries=(entry("e1", "extra", points="NaN"),))
    ) == ["entry e1: points: NaN; expected a number"]
    assert complaints(ten("mianyang_2022"), case(period=YEAR, entries=entries)) == [
        f"entry {id_}: expected points and a count of 1: this item's points are entered"
        for id_ in ("e1", "e2")
    ]


def test_a_scheme_of_which_no_part_applies_gives_no_points() -> None:
    towns = ("floor = 0\n", 'floor = 0\nonly_for = ["town"]\n')
    scheme = ten("zhaoqing_2019", towns, ("may_lack = true\n", ""))
    assert complaints(scheme, case(period=QUARTER)) == [
        "no section of the scheme zhaoqing_2019 applies to this unit"
    ]


# Periods


@pytest.mark.parametrize(
    ("first", "last", "cycle"),
    [
        ("2026-01-01", "2026-12-31", "year"),
        ("2026-01-01", "2026-06-30", "half_year"),
        ("2026-07-01", "2026-12-31", "half_year"),
        ("2026-10-01", "2026-12-31", "quarter"),
        ("2026-02-01", "2026-04-30", None),
        ("2026-04-01", "2026-09-30", None),
        ("2026-01-02", "2026-03-31", None),
        ("2026-01-01", "2026-03-30", None),
    ],
)
def test_a_period_is_a_calendar_quarter_half_year_or_year(
    first: str, last: str, cycle: str | None
) -> None:
    assert cycle_of(Days(day(first), day(last))) == cycle


def test_the_months_of_a_period_are_those_that_lie_wholly_in_it() -> None:
    assert months_of(read_period("2026Q4")) == ("2026-10", "2026-11", "2026-12")
    assert months_of(Days(day("2026-11-02"), day("2027-02-27"))) == ("2026-12", "2027-01")


# The sheet as it is kept


def test_a_frozen_sheet_is_computed_again_to_the_same_bytes() -> None:
    findings = (late(1, fixed_in_time=True), letter(2, 7), silent(3, appealed=True))
    praise = entry("e1", "praise", level="city")
    first = sheet_json(sheet_of(HAIAN, case(*findings, entries=(praise,))))
    again = sheet_json(sheet_of(HAIAN, case(*reversed(findings), entries=(praise,))))
    assert json.dumps(first, ensure_ascii=False) == json.dumps(again, ensure_ascii=False)
    assert (first["score"], first["subtotal"]) == ("0.05", "0.05")
    assert first["period"] == {"first": "2026-07-01", "last": "2026-12-31"}
    lines = first["lines"]
    assert isinstance(lines, list)
    assert lines[0] == {
        "item": "col_overdue",
        "name": "栏目超过时限未更新",
        "section": "deducted",
        "count": 1,
        "listed": "-0.1",
        "graced": "-0.05",
        "points": "-0.05",
        "sentence": "1个栏目（按期整改）×(-0.1)×0.5=-0.05",
        "parts": [
            {
                "of": "column:c1",
                "label": "",
                "quantity": 1,
                "price": "-0.1",
                "factor": "0.5",
                "findings": [1],
                "entries": [],
            }
        ],
        "findings": [1],
        "entries": [],
        "rules": ["haian/news_2w 2020.1"],
        "calendars": [],
        "beside": False,
        "set_to": None,
        "grade": None,
    }


def test_a_sheet_that_was_tampered_with_does_not_pass_its_own_check() -> None:
    asked = case(late(1), late(2))
    sheet = sheet_of(HAIAN, asked)
    tampered = replace(sheet, lines=(replace(sheet.lines[0], points=Decimal(-1), findings=(1,)),))
    failed = [c for c in check_sheet(HAIAN, asked, tampered) if not c.holds]
    assert [(c.name, c.left, c.right) for c in failed] == [
        ("各评分项之和与小计", "-1", "-0.2"),
        ("列明的问题数与问题总数", "1", "2"),
    ]
