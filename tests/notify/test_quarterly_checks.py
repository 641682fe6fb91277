"""The self-check of the quarterly notice: each comparison finds the fault it is there for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from checks.rules import Law
from notify.documents.parts import Average, Rate
from notify.quarterly import QuarterlyFigures, quarterly_figures, write_quarterly
from notify.quarterly.selfcheck import check, release
from notify.selfcheck import ReportError
from tests.notify.quarter import material

Change = Callable[[QuarterlyFigures], QuarterlyFigures]


@pytest.fixture
def quarterly(both: Law) -> QuarterlyFigures:
    return quarterly_figures(material(both))


def _more(name: str, field: str) -> Change:
    """One more than there are."""

    def change(figures: QuarterlyFigures) -> QuarterlyFigures:
        held = getattr(figures, name)
        return replace(figures, **{name: replace(held, **{field: getattr(held, field) + 1})})

    return change


def _set(name: str, **values: object) -> Change:
    def change(figures: QuarterlyFigures) -> QuarterlyFigures:
        wrong: dict[str, Any] = {name: replace(getattr(figures, name), **values)}
        return replace(figures, **wrong)

    return change


def _drop(name: str) -> Change:
    def change(figures: QuarterlyFigures) -> QuarterlyFigures:
        fewer: dict[str, Any] = {name: getattr(figures, name)[1:]}
        return replace(figures, **fewer)

    return change


def _row(name: str, **values: object) -> Change:
    def change(figures: QuarterlyFigures) -> QuarterlyFigures:
        first, *rest = getattr(figures, name)
        wrong: dict[str, Any] = {name: (replace(first, **values), *rest)}
        return replace(figures, **wrong)

    return change


def _plain(name: str) -> Change:
    def change(figures: QuarterlyFigures) -> QuarterlyFigures:
        wrong: dict[str, Any] = {name: getattr(figures, name) + 1}
        return replace(figures, **wrong)

    return change


def _without(kind: str) -> Change:
    """The same without the problems of one kind of subject."""

    def change(figures: QuarterlyFigures) -> QuarterlyFigures:
        kept = tuple(line for line in figures.problems if line.kind != kind)
        return replace(figures, problems=kept)

    return change


def _result(word: str) -> Change:
    """The first problem of the quarter before that came to this came to something else."""

    def change(figures: QuarterlyFigures) -> QuarterlyFigures:
        lines = list(figures.retested)
        place = next(n for n, line in enumerate(lines) if line.result == word)
        lines[place] = replace(lines[place], result="？")
        return replace(figures, retested=tuple(lines))

    return change


WRONG = Rate(1, 7, 2)
FAULTS: dict[str, Change] = {
    "网站检查情况：已检查＋未能查看＋未要求查看＝登记数": _row("coverage", unseen=2),
    "网站检查情况：覆盖率": _row("coverage", rate=WRONG),
    "网站数＝登记网站数": _more("sites", "total"),
    "在用账号＋已关停账号＝登记账号数": _plain("closed_accounts"),
    "栏目数＝登记栏目数": _plain("columns"),
    "网站：检查数＋未能判定数＝总数": _more("sites", "unjudged"),
    "网站：未发现否决情形＋待核实＋不合格＝检查数": _more("sites", "pending"),
    "网站：不合格名单行数＝不合格数": _drop("failed_sites"),
    "网站：合格率＝（检查数－不合格数）÷检查数": _set("sites", rate=WRONG),
    "网站：合格率变化": _set("sites", change=Decimal("33.33")),
    "政务新媒体：检查数＋未能判定数＝总数": _more("accounts", "unjudged"),
    "政务新媒体：未发现否决情形＋待核实＋不合格＝检查数": _more("accounts", "passed"),
    "政务新媒体：不合格名单行数＝不合格数": _drop("failed_accounts"),
    "政务新媒体：合格率＝（检查数－不合格数）÷检查数": _set("accounts", rate=WRONG),
    "政务新媒体：合格率变化": _set("accounts", change=Decimal(0)),
    "各平台账号数之和＝在用账号数": _drop("platforms"),
    "各平台检查数之和＝账号检查数": _row("platforms", checked=2),
    "各平台不合格数之和＝不合格账号数": _row("platforms", failed=1),
    "各平台合格率：微信公众号": _row("platforms", passed=WRONG),
    "各类主办单位账号数之和＝在用账号数": _drop("owners"),
    "各类主办单位检查数之和＝账号检查数": _row("owners", checked=2),
    "各类主办单位不合格数之和＝不合格账号数": _row("owners", failed=0),
    "各类主办单位合格率：部门": _row("owners", passed=WRONG),
    "列入＋待核实＋申诉＋豁免＋误报＋未经确认即销号＝本季度问题数": _more("tally", "pending"),
    "网站栏目＋新媒体＋信箱问题数＝列入通报的问题数": _more("tally", "listed"),
    "附件1问题行数＝网站栏目问题数": _drop("problems"),
    "附件2问题行数＝新媒体问题数": _without("account"),
    "附件3问题行数＝信箱问题数": _without("mailbox"),
    "各指标问题数之和＝列入通报的问题数": _drop("groups"),
    "检查表行数＝列入通报的问题数": _drop("problems"),
    "问题涉及的单位数＝各行的单位数": _more("tally", "units"),
    "存在问题的栏目数＝附件1所列栏目数": _plain("bad_columns"),
    "已答复＋未答复＝来信数": _more("letters", "unanswered"),
    "据公开页面＋据后台导出＝来信数": _more("letters", "by_page"),
    "各单位留言数之和＝来信数": _drop("letter_lines"),
    "各单位答复数之和＝已答复数": _row("letter_lines", answered=2),
    "各单位按期答复数之和＝按期答复数": _row("letter_lines", in_time=0),
    "各单位已判定期限数之和＝已判定期限数": _row("letter_lines", judged=2),
    "各单位办理工作日之和＝办理工作日合计": _row("letter_lines", average=Average(4, 1)),
    "答复率：合计": _set("letters", answer_rate=WRONG),
    "按期答复率：合计": _set("letters", in_time_rate=WRONG),
    "答复率：住房和城乡建设局": _row("letter_lines", answer_rate=WRONG),
    "按期答复率：住房和城乡建设局": _row("letter_lines", in_time_rate=WRONG),
    "上季度问题各项整改情况之和＝上季度问题数": _more("retest", "total"),
    "附件4行数＋申诉未答复＝上季度问题数": _drop("retested"),
    "附件4中已整改行数＝已整改数": _result("已整改"),
    "附件4中待复查行数＝待复查数": _result("待复查"),
    "附件4中未整改行数＝未整改数": _result("未整改"),
    "附件4中整改不到位行数＝整改不到位数": _result("整改不到位"),
    "附件4中豁免行数＝豁免数": _result("豁免"),
}


def test_all_comparisons_hold_on_the_county(quarterly: QuarterlyFigures) -> None:
    assert [each for each in check(quarterly) if not each.holds] == []
    assert release(quarterly) == check(quarterly)


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_number_is_found(quarterly: QuarterlyFigures, name: str) -> None:
    wrong = check(FAULTS[name](quarterly))
    assert name in [each.name for each in wrong if not each.holds]


def test_every_sort_of_comparison_is_put_to_the_test(quarterly: QuarterlyFigures) -> None:
    """Those of a row are tried on the first row."""
    tried = {name.partition("率：")[0].replace("网站检查情况", "") for name in FAULTS}
    kinds = ("网站", "栏目", "信箱", "新媒体账号")
    for each in check(quarterly):
        name = each.name.partition("率：")[0]
        for kind in kinds:
            name = name.replace(f"{kind}检查情况", "")
        assert name in tried


def test_nothing_is_written_when_a_number_is_wrong(
    quarterly: QuarterlyFigures, tmp_path: Path
) -> None:
    wrong = _set("sites", rate=Rate(3, 4, 2))(quarterly)
    with pytest.raises(ReportError) as refused:
        write_quarterly(wrong, tmp_path / "out")
    assert "季度通报未生成" in str(refused.value)
    assert "网站：合格率＝（检查数－不合格数）÷检查数：75.00% ≠ 66.67%" in str(refused.value)
    assert not (tmp_path / "out").exists()
