"""What the weekly report says of its data: dates that differ, flags, sites that did not open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from checks.judge import Facts
from checks.lifecycle import EventKind, Key
from checks.rules import Law
from checks.sites import Measure
from checks.subjects import SubjectKind
from notify.documents.parts import Rate
from notify.weekly import Conflicts, Material, WeeklyFigures, check, weekly_figures
from notify.weekly.lines import FlagLine, ReachLine
from notify.weekly.sections import summary, weekly_report
from tests.notify.conftest import (
    finding,
    findings,
    letters,
    national_material,
    subjects_and_histories,
)


@pytest.fixture
def flagged(both: Law) -> WeeklyFigures:
    """One flag of before, one of the week, one of the week that a person called none."""
    subjects, histories = subjects_and_histories()
    material = national_material(
        both, Facts(subjects, histories, letters()), *[Facts(subjects, {})] * 3
    )
    gone = (EventKind.DISMISSED, date(2026, 11, 20))
    raised = [
        finding(11, Key("cn-2019", "back_dated", "column:c1"), "gov", date(2026, 11, 10)),
        finding(12, Key("cn-2019", "back_dated", "column:c2"), "gov", date(2026, 11, 18)),
        finding(13, Key("cn-2019", "repost", "column:c3"), "gov", date(2026, 11, 19), gone),
    ]
    return weekly_figures(replace(material, findings=[*findings(), *raised]))


def quality(figures: WeeklyFigures) -> str:
    section = next(
        s for s in weekly_report(figures, check(figures)).sections if "十、" in s.heading
    )
    return "\n".join(section.paragraphs)


def test_flags_raised_in_the_week_are_told_apart_from_those_that_stand(
    flagged: WeeklyFigures,
) -> None:
    assert flagged.flags == (
        FlagLine("疑似倒填日期", True, 1, 2),
        FlagLine("疑似突击补录", True, 0, 0),
        FlagLine("旧稿重发", True, 1, 0),
    )
    assert (
        "疑似倒填日期：本期新提示1项，期末未销号2项；疑似突击补录：本期新提示0项，期末未销号0项；"
        "旧稿重发：本期新提示1项，期末未销号0项。均为系统提示，由人工核实，核实前不作认定。"
    ) in quality(flagged)


def test_where_no_pack_asks_for_flags_it_is_said(figures: WeeklyFigures) -> None:
    assert all(not line.asked for line in figures.flags)
    assert "疑似倒填日期、疑似突击补录、旧稿重发：未采用该项指标。" in quality(figures)


def test_rows_whose_address_names_another_day_are_counted(material: Material) -> None:
    told = weekly_figures(replace(material, conflicts=Conflicts(1785, 3, 2)))
    assert (
        "日期冲突：本期首次见到、由列表标明日期的栏目信息1785条，其中网址所示日期与之不同的3条"
        "（2个栏目），以列表所标日期为准，请核对。"
    ) in quality(told)
    none = weekly_figures(replace(material, conflicts=Conflicts(8)))
    assert "栏目信息8条，未见网址所示日期与之不同的。" in quality(none)


def test_the_share_of_failed_looks_is_told_of_sites_looked_at_often_enough(
    national: WeeklyFigures,
) -> None:
    lines = (
        ReachLine("市政府门户网站", Rate(8, 168), 0),
        ReachLine("住建局网站", Rate(1, 168), 2),
        ReachLine("教育局网站", None, 0),
    )
    told = replace(national, reach=lines)
    assert summary(told)[-1] == (
        "近7日监测网站2个、336次，未能在时限内打开9次，无法访问率2.7%，"
        "监测次数不足、不作统计的网站1个。"
    )
    section = weekly_report(told, check(told)).sections[1]
    (table,) = (each for each in section.tables if each.name == "近7日网站访问情况")
    assert table.rows == (
        ("市政府门户网站", 168, 8, 0, Rate(8, 168)),
        ("住建局网站", 168, 1, 2, Rate(1, 168)),
    )
    assert table.notes == ("另有1个网站监测次数不足，不作统计。",)


def test_the_measure_of_the_indicator_is_the_rate_of_the_week(both: Law) -> None:
    subjects, histories = subjects_and_histories()
    material = national_material(
        both, Facts(subjects, histories, letters()), *[Facts(subjects, {})] * 3
    )
    measured = [
        replace(
            place,
            vetoes=tuple(
                replace(one, measure=Measure(9, 168, 1)) if one.indicator.share else one
                for one in place.vetoes
            ),
        )
        for place in material.places
    ]
    sites = [place for place in measured if place.subject.kind is SubjectKind.SITE]
    assert {one.indicator.share for p in sites for one in p.vetoes} >= {Decimal("0.05")}
    reach = weekly_figures(replace(material, places=measured)).reach
    assert [(line.rate, line.unclear) for line in reach] == [(Rate(9, 168), 1)] * 2


def test_without_the_indicator_nothing_is_said_to_have_been_measured(
    figures: WeeklyFigures, national: WeeklyFigures
) -> None:
    assert summary(figures)[-1] == "近7日无法访问率：未采用该项指标。"
    assert summary(national)[-1] == "近7日无法访问率：各网站监测次数均不足，不作统计（2个）。"
