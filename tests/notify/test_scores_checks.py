"""The self-check of the score table: each comparison finds the fault it is there for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from checks.lifecycle import EventKind
from notify.scores import ScoreFigures, score_figures, table_files, unit_files
from notify.scores.selfcheck import check, release
from notify.selfcheck import ReportError
from tests.notify.scored import changed, county, step

Change = Callable[[ScoreFigures], ScoreFigures]
FIGURES = score_figures(county(28))
KEPT = [each for each in FIGURES.material.findings.values() if each.unit == "u28"]
CORRECTED = score_figures(changed(FIGURES.material, "u28", *KEPT[:-1]))


def _unit(**values: Any) -> Change:
    """Another row for unit 28."""

    def change(figures: ScoreFigures) -> ScoreFigures:
        units = (replace(u, **values) if u.unit == "u28" else u for u in figures.units)
        return replace(figures, units=tuple(units))

    return change


def _sheet(**values: Any) -> Change:
    """Another sheet for unit 28, as if it had been computed so."""

    def change(figures: ScoreFigures) -> ScoreFigures:
        material = figures.material
        sheets = (replace(s, **values) if s.unit == "u28" else s for s in material.sheets)
        return replace(figures, material=replace(material, sheets=tuple(sheets)))

    return change


def _detail(id_: int, **values: Any) -> Change:
    def change(figures: ScoreFigures) -> ScoreFigures:
        rows = (replace(d, **values) if d.finding == id_ else d for d in figures.details)
        return replace(figures, details=tuple(rows))

    return change


def _finding(id_: int, **values: Any) -> Change:
    def change(figures: ScoreFigures) -> ScoreFigures:
        findings = dict(figures.material.findings)
        findings[id_] = replace(findings[id_], **values)
        return replace(figures, material=replace(figures.material, findings=findings))

    return change


def _twice(figures: ScoreFigures) -> ScoreFigures:
    again = next(each for each in figures.details if each.finding == 2802)
    others = (each for each in figures.details if each.finding != 2801)
    return replace(figures, details=(again, *others))


def _fewer(name: str) -> Change:
    def change(figures: ScoreFigures) -> ScoreFigures:
        rows: dict[str, Any] = {name: getattr(figures, name)[:-1]}
        return replace(figures, **rows)

    return change


def _mean(figures: ScoreFigures) -> ScoreFigures:
    first, *others = figures.kinds
    return replace(figures, kinds=(replace(first, mean=first.mean + Decimal("0.01")), *others))


def _tampered(figures: ScoreFigures) -> ScoreFigures:
    material = figures.material
    edition = replace(material.edition, kept="1" * 64)
    return replace(figures, material=replace(material, edition=edition))


DISMISSED = (*KEPT[0].events, step(EventKind.DISMISSED, date(2026, 6, 1)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_sheet(subtotal=Decimal("-1")), "示例局28：各评分项之和与小计：-1.05 ≠ -1"),
        (_sheet(score=Decimal("-1.06")), "示例局28：得分表的得分＝评分表的得分：-1.05 ≠ -1.06"),
        (_unit(minus=Decimal("-1.15")), "示例局28：扣分＋加分＝小计：-1.15 ≠ -1.05"),
        (_unit(plus=Decimal("0.3")), "示例局28：加分明细分值之和＝加分：0 ≠ 0.3"),
        (_unit(clamped=Decimal("-1")), "示例局28：封顶前结果限于上下限＝封顶后：-1.05 ≠ -1"),
        (_unit(score=Decimal("-1.04")), "示例局28：封顶后四舍五入＝得分：-1.05 ≠ -1.04"),
        (_unit(rank=1), "名次＝同类得分较高的单位数＋1（相符行数）：27 ≠ 28"),
        (_detail(2801, points=Decimal("-0.2")), "示例局28：扣分明细分值之和＝扣分：-1.15 ≠ -1.05"),
        (_detail(2801, points=Decimal("-0.2")), "附件2分值合计＝扣分合计："),
        (_detail(2801, finding=101), "经确认、无未结申诉（项数）：4 ≠ 5"),
        (_finding(2801, events=KEPT[0].events[:1]), "经确认、无未结申诉（项数）：4 ≠ 5"),
        (_finding(2801, events=DISMISSED), "经确认、无未结申诉（项数）：4 ≠ 5"),
        (_finding(2801, unit="u01"), "经确认、无未结申诉（项数）：4 ≠ 5"),
        (_twice, "示例局28：同一评分项下的问题不重复（项数）：4 ≠ 5"),
        (_fewer("left"), "计分的问题＋未计入的问题＝本周期涉及的问题（项数）："),
        (_fewer("units"), "得分汇总表行数＝登记单位数：27 ≠ 28"),
        (_fewer("kinds"), "各类单位数之和＝登记单位数："),
        (_mean, "各类平均分×单位数＝得分之和，差在四舍五入之内（相符类数）：2 ≠ 3"),
        (_tampered, "（SHA-256的前12位）：111111111111 ≠ 000000000000"),
    ],
)
def test_a_number_that_does_not_fit_stops_the_table_with_both_figures(
    change: Change, words: str
) -> None:
    with pytest.raises(ReportError, match="考核得分表未生成") as refused:
        table_files(change(FIGURES))
    assert words in str(refused.value)


def test_a_difference_that_is_none_stops_a_correction() -> None:
    assert release(check(CORRECTED))
    (line,) = CORRECTED.changes
    wrong = replace(CORRECTED, changes=(replace(line, before=Decimal("-1")),))
    with pytest.raises(ReportError, match="更正表的差＝更正后－更正前（相符行数）：0 ≠ 1"):
        table_files(wrong)
    with pytest.raises(ReportError, match="两次得分不同的单位数：0 ≠ 1"):
        table_files(replace(CORRECTED, changes=()))


def test_a_units_own_sheet_is_checked_as_well() -> None:
    with pytest.raises(ReportError, match=r"封顶后四舍五入＝得分：-1\.05 ≠ -1\.04"):
        unit_files(_unit(score=Decimal("-1.04"))(FIGURES), "u28")
    with pytest.raises(ReportError, match="111111111111 ≠ 000000000000"):
        unit_files(_tampered(FIGURES), "u28")


def test_what_holds_of_all_units_is_one_row() -> None:
    checks = check(FIGURES)
    assert all(each.holds for each in checks)
    (row,) = (each for each in checks if each.name.startswith("扣分＋加分＝小计"))
    assert (row.name, row.left, row.right) == ("扣分＋加分＝小计（相符项数）", "28", "28")
    assert len({each.name for each in checks}) == len(checks)
