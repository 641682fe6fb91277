"""The self-check of the weekly report: each comparison finds the fault it is there for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from notify.documents.parts import Rate
from notify.weekly import ReportError, WeeklyFigures, check
from notify.weekly.selfcheck import release

Change = Callable[[WeeklyFigures], WeeklyFigures]


def _tally(name: str, field: str) -> Change:
    def change(figures: WeeklyFigures) -> WeeklyFigures:
        held = getattr(figures, name)
        return replace(figures, **{name: replace(held, **{field: getattr(held, field) + 1})})

    return change


def _drop(name: str) -> Change:
    def change(figures: WeeklyFigures) -> WeeklyFigures:
        fewer: dict[str, Any] = {name: getattr(figures, name)[1:]}
        return replace(figures, **fewer)

    return change


def _veto(**values: object) -> Change:
    def change(figures: WeeklyFigures) -> WeeklyFigures:
        first, *rest = figures.veto.lines
        wrong: dict[str, Any] = {"lines": (replace(first, **values), *rest)}  # type: ignore[arg-type]
        return replace(figures, veto=replace(figures.veto, **wrong))

    return change


def _group(**values: object) -> Change:
    def change(figures: WeeklyFigures) -> WeeklyFigures:
        first, *rest = figures.veto.groups
        wrong: dict[str, Any] = {"groups": (replace(first, **values), *rest)}  # type: ignore[arg-type]
        return replace(figures, veto=replace(figures.veto, **wrong))

    return change


def _row(name: str, **values: object) -> Change:
    def change(figures: WeeklyFigures) -> WeeklyFigures:
        first, *rest = getattr(figures, name)
        wrong: dict[str, Any] = {name: (replace(first, **values), *rest)}
        return replace(figures, **wrong)

    return change


FAULTS: dict[str, Change] = {
    "查看情况各项之和＝登记对象数": _tally("coverage", "registered"),
    "已查看＋未能查看＋未要求查看＝登记对象数": _tally("coverage", "seen"),
    "设有更新时限的栏目各判定之和＝设有更新时限的栏目数": _tally("columns", "ok"),
    "未设更新时限的栏目各判定之和＝未设更新时限的栏目数": _tally("free_columns", "ok"),
    "信箱各判定之和＝信箱数": _tally("mailboxes", "total"),
    "新媒体账号各判定之和＝新媒体账号数": _tally("accounts", "ok"),
    "网站各判定之和＝网站数": _tally("sites", "ok"),
    "判定的栏目数＝查看情况中的栏目数": _tally("columns", "total"),
    "判定的信箱数＝查看情况中的信箱数": _tally("mailboxes", "total"),
    "判定的账号数＝查看情况中的账号数": _tally("accounts", "total"),
    "判定的网站数＝查看情况中的网站数": _tally("sites", "total"),
    "超期栏目表行数＝超期栏目数": _drop("overdue"),
    "空白、未标日期栏目表行数＝两项之和": _drop("bare"),
    "临期栏目表行数＝临期栏目数": _drop("near"),
    "新媒体表行数＝账号数": _drop("account_lines"),
    "不合格与僵尸账号之和＝超期账号数": _row("account_lines", grade="僵尸"),
    "各账号本周发布数之和＝本周发布总数": _tally("postings", "posts"),
    "有本周发布数的账号行数＝所计账号数": _row("account_lines", posts=None),
    "本周仅见部分的账号行数＝其中仅见部分数": _tally("postings", "part"),
    "未判定表行数＝未判定对象数": _drop("unknown"),
    "豁免表行数＝豁免对象数": _drop("exempt"),
    "各类超期栏目数之和＝超期栏目数": _drop("by_class"),
    "近12周按时率末项＝本期按时率": _row("trend", rate=Rate(1, 9)),
    "超期天数＝判定日－最后期限（相符行数）": _row("overdue", days_over=22),
    "单项否决表行数＋未列入项数＝应监测项数": _tally("veto", "total"),
    "单项否决各指标列出数之和＝单项否决表行数": _group(listed=1),
    "距限值＝限值－现有数（相符行数）": _veto(gap=1),
    "本期在办来信各状态之和＝本期在办来信数": _tally("letters", "waiting"),
    "台账全部来信各状态之和＝台账全部来信数": _tally("all_letters", "waiting"),
    "来信表行数＝本期在办来信数": _drop("letter_lines"),
    "来信表中逾期未答复行数＝逾期未答复数": _tally("letters", "overdue"),
    "来信表中期限暂定行数＝期限暂定数": _tally("letters", "provisional"),
    "来信表中逾期答复行数＝逾期答复数": _tally("letters", "answered_late"),
    "据公开页面＋据后台导出的来信＝来信表行数": _row("origins", by_export=1),
    "各单位留言数之和＝来信表行数": _row("answers", letters=4),
    "各单位答复数之和＝已答复来信数": _row("answers", answered=1),
    "答复率＝答复数÷留言数（相符行数）": _row("answers", answer_rate=Rate(1, 3)),
    "各单位按期答复合计＝来信表按期答复": _row("answers", in_time=Rate(1, 1)),
    "问题表中未销号行数＋往期事后认定数＝期末未销号问题数": _drop("finding_lines"),
    "未整改＋待复查＋事后认定＝期末未销号问题数": _tally("findings", "recheck"),
    "问题表中本期发现行数＝本期新发现问题数": _tally("findings", "opened"),
    "问题表中逾期未反馈行数＝逾期未反馈问题数": _tally("findings", "lapsed"),
    "各单位栏目数之和＝栏目总数": _row("units", columns=4),
    "各单位按时数之和＝按时栏目数": _row("units", on_time=3),
    "各单位超期数之和＝超期栏目数": _row("units", overdue=2),
    "各单位空白、未标日期之和＝合计": _row("units", bare=1),
    "各单位豁免数之和＝豁免栏目数": _row("units", exempt=1),
    "各单位未判定数之和＝未判定栏目数": _row("units", unknown=1),
    "各单位未设时限之和＝未设时限栏目数": _row("units", free=1),
    "单位表各行分项之和＝栏目数（相符行数）": _row("units", columns=4),
    "按时率＝按时数÷已判定数（相符行数）": _row("units", in_time=Rate(4, 6)),
    "各单位按时率合计＝总按时率": _row("units", in_time=Rate(3, 3)),
    "各单位信件按期合计＝来信表按期答复": _row("units", letters=Rate(1, 1)),
    "各单位未整改数之和＝未整改问题数": _row("units", unrectified=2),
    "栏目、账号、来信超期之和＝标题中超期数": _tally("headline", "overdue"),
    "栏目、账号、来信临期之和＝标题中临期数": _tally("headline", "due_soon"),
    "未能查看数＝标题中未能查看数": _tally("headline", "unseen"),
}


@pytest.fixture
def figures(national: WeeklyFigures) -> WeeklyFigures:
    """Those with a veto watch: every comparison has something to compare."""
    return national


class TestSelfCheck:
    def test_every_comparison_holds_for_the_figures_as_computed(
        self, figures: WeeklyFigures
    ) -> None:
        assert [one.name for one in check(figures) if not one.holds] == []

    def test_every_comparison_has_a_fault_that_it_finds(self, figures: WeeklyFigures) -> None:
        assert [one.name for one in check(figures)] == list(FAULTS)

    @pytest.mark.parametrize("name", FAULTS)
    def test_a_number_that_does_not_fit_is_found_by_name(
        self, figures: WeeklyFigures, name: str
    ) -> None:
        wrong = FAULTS[name](figures)
        assert name in [one.name for one in check(wrong) if not one.holds]
        with pytest.raises(ReportError) as raised:
            release(wrong)
        assert name in str(raised.value)
