"""The letter with the scores of a synthetic county, reopened: Word, Excel, all editions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm

from checks.freshness import SHANGHAI
from notify.scores import score_figures, table_files, unit_files
from tests.notify.reopened import book, document, table_of, words_of
from tests.notify.scored import (
    SCHEME,
    changed,
    confirmed,
    county,
    edition,
    late_column,
    signatures,
)

COUNTY = county()
FIGURES = score_figures(COUNTY)
FILES = table_files(FIGURES)


HEADS = "单位 类别 扣分明细 加分明细 扣分 加分 小计 封顶后 得分 类内名次 备注".split()


class TestWord:
    doc = document(FILES, "scores-2026H1.docx")

    def test_it_is_a_letter_to_the_assessment_office(self) -> None:
        texts = [paragraph.text for paragraph in self.doc.paragraphs]
        assert texts[:2] == ["关于报送2026年上半年政务公开考核得分情况的函", "市目标绩效考核办："]
        assert "该评分办法为建议稿，各项分值未经主管部门确定" in "".join(texts)
        assert texts[texts.index("特此函达。") + 1] == "附件：1.得分汇总表"
        assert "2026年7月8日" in texts
        assert [each for each in texts if each.startswith("附件") and len(each) == 3] == [
            f"附件{n}" for n in range(1, 7)
        ]

    def test_all_units_fit_in_one_table_that_repeats_its_head(self) -> None:
        rows = table_of(self.doc, *HEADS)
        assert len(rows) == 1 + 45 + 1
        assert rows[1][:2] == ["示例镇36", "区镇"]
        table = next(t for t in self.doc.tables if t.rows[0].cells[2].text == "扣分明细")
        first = table.rows[0]._tr
        assert first.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
        assert [row[4:10] for row in rows if row[0] == "示例局28"] == [
            ["-1.05", "0.00", "-1.05", "-1.05", "-1.05", "26"]
        ]

    def test_wide_annexes_lie_on_their_side_and_the_last_stand_upright(self) -> None:
        turned = [each.orientation for each in self.doc.sections]
        assert turned == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
        wide = self.doc.sections[1]
        assert wide.page_width > wide.page_height
        between = wide.page_width - wide.left_margin - wide.right_margin
        assert between / Mm(1) == pytest.approx(225, abs=0.1)

    def test_what_nobody_confirmed_is_counted_and_names_nothing(self) -> None:
        rows = table_of(self.doc, "单位", "原因")
        assert ["示例局45", "尚未经人工核实确认", "1", "0"] in rows
        assert rows[-1] == ["合计", "—", "12", "0"]
        assert "4550" not in words_of(self.doc)

    def test_three_levels_have_signed(self) -> None:
        assert table_of(self.doc, "环节")[1:] == [
            ["录入员", "张三", "2026-07-06", "—"],
            ["审核负责人", "李四", "2026-07-07", "—"],
            ["分管领导", "王五", "2026-07-08", "—"],
        ]

    def test_the_checks_are_shown_and_all_hold(self) -> None:
        rows = table_of(self.doc, "核对项")
        assert {row[3] for row in rows[1:]} == {"相符"}
        assert ["得分汇总表行数＝登记单位数", "45", "45", "相符"] in rows


class TestExcel:
    sheets = book(FILES, "scores-2026H1.xlsx")

    def test_each_table_is_a_sheet(self) -> None:
        assert self.sheets.sheetnames == [
            *("说明", "得分汇总表", "扣分明细", "加分明细", "未计入考核的问题及原因"),
            *("三级签署", "数据核对"),
        ]

    def test_points_are_numbers_that_sort_and_sum(self) -> None:
        rows = list(self.sheets["得分汇总表"].iter_rows(min_row=2, max_row=46))
        by_name = {line.name: line for line in FIGURES.units}
        for row in rows:
            unit = by_name[row[0].value]
            for place, value in (
                (4, unit.minus),
                (5, unit.plus),
                (6, unit.subtotal),
                (8, unit.score),
            ):
                assert isinstance(row[place].value, int | float)
                assert Decimal(str(row[place].value)) == value
        assert rows[0][8].number_format == "+0.00##;-0.00##;0.00"

    def test_the_details_sum_to_the_total_of_the_summary(self) -> None:
        summary = list(self.sheets["得分汇总表"].iter_rows(values_only=True))
        details = list(self.sheets["扣分明细"].iter_rows(min_row=2, values_only=True))
        rows = [row for row in details if row[0] != "合计" and row[8] is not None]
        total = sum((Decimal(str(row[8])) for row in rows), Decimal(0))
        assert total == Decimal("-23.1")
        assert summary[46][4] == pytest.approx(-23.1)
        letter = next(row for row in rows if row[1] == 2830)
        assert (letter[4], letter[5].date()) == ("20260028", date(2026, 3, 10))
        assert letter[6:] == (
            *("来信逾期未答复或逾期答复", "超期6—10日：-0.2", -0.2, "2020.1", "cn-2026-test"),
        )

    def test_the_scheme_is_named_on_the_cover(self) -> None:
        words = [row[0] for row in self.sheets["说明"].iter_rows(values_only=True) if row[0]]
        assert any(SCHEME.title in each and SCHEME.version in each for each in words)


class TestObjection:
    def test_five_working_days_after_the_day_of_approval(self) -> None:
        assert FIGURES.objection is not None
        assert (FIGURES.objection.on, FIGURES.objection.provisional) == (date(2026, 7, 15), False)
        text = words_of(document(FILES, "scores-2026H1.docx"))
        assert (
            "各单位对考核结果有异议的，可自2026年7月8日审定之日起5个工作日内，即至2026年7月15日止"
            "（含当日），向某某市人民政府办公室书面提出（政务公开科，0500-00000000）。"
        ) in text
        assert "暂定。" not in text

    def test_over_a_year_without_a_plan_it_is_provisional_and_said_so(self) -> None:
        last = replace(signatures(3)[-1], at=datetime(2026, 12, 30, 9, tzinfo=SHANGHAI))
        told = replace(edition(), signatures=(*signatures(2), last), made_at=last.at)
        figures = score_figures(replace(COUNTY, edition=told))
        assert figures.objection is not None
        assert figures.objection.provisional
        doc = document(table_files(figures), "scores-2026H1.docx")
        assert "该期限涉及尚未公布放假安排的年度，为暂定。" in words_of(doc)

    def test_a_draft_has_no_day_yet(self) -> None:
        files = table_files(score_figures(county(3, edition(0))))
        text = words_of(document(files, "scores-2026H1-draft.docx"))
        assert "可自审定之日起5个工作日内向某某市人民政府办公室书面提出" in text


class TestEditions:
    @pytest.mark.parametrize(
        ("signed", "name", "mark", "signers"),
        [
            (0, "scores-2026H1-draft", "（草稿）", ["____________"] * 3),
            (1, "scores-2026H1-review", "（送审稿）", ["张三", *["____________"] * 2]),
            (2, "scores-2026H1-review", "（送审稿）", ["张三", "李四", "____________"]),
        ],
    )
    def test_what_is_not_approved_says_so_below_its_title_in_its_text_and_file_name(
        self, signed: int, name: str, mark: str, signers: Sequence[str]
    ) -> None:
        files = table_files(score_figures(county(3, edition(signed))))
        assert set(files) == {f"{name}{kind}" for kind in (".docx", ".xlsx", ".html")}
        doc = document(files, f"{name}.docx")
        title = [paragraph.text for paragraph in doc.paragraphs[:2]]
        assert title == ["关于报送2026年上半年政务公开考核得分情况的函", mark]
        assert "不得作为考核结果使用" in words_of(doc)
        assert [row[1] for row in table_of(doc, "环节")[1:]] == signers

    def test_a_correction_shows_both_scores_and_the_findings_behind_the_difference(self) -> None:
        kept = [each for each in COUNTY.findings.values() if each.unit == "u28"]
        fewer = [each for each in kept if each.id != 2840]
        new = late_column(2899, "u28", 25, date(2026, 6, 3), confirmed(date(2026, 7, 9)))
        figures = score_figures(changed(COUNTY, "u28", *fewer, new))
        files = table_files(figures)
        doc = document(files, "scores-2026H1-correction-1.docx")
        assert doc.paragraphs[0].text == "关于更正2026年上半年政务公开考核得分情况的函"
        assert table_of(doc, "单位", "更正前")[1:] == [
            ["示例局28", "-1.05", "-0.55", "+0.50", "2899", "2840", "—", "—"]
        ]
        assert "本次为第1次更正，此前审定的结果另存，不作改动。" in words_of(doc)

    def test_a_finding_that_counts_otherwise_is_behind_the_difference_too(self) -> None:
        kept = [each for each in COUNTY.findings.values() if each.unit == "u28" and each.id != 2820]
        late = late_column(2820, "u28", 20, date(2026, 5, 6), confirmed(date(2026, 5, 7)))
        (change,) = score_figures(changed(COUNTY, "u28", *kept, late)).changes
        assert (change.added, change.gone, change.moved) == ((), (), (2820,))
        assert change.difference == Decimal("-0.05")

    def test_equal_figures_are_equal_bytes(self) -> None:
        assert table_files(score_figures(county())) == FILES
        assert unit_files(FIGURES, "u28") == unit_files(score_figures(county()), "u28")


def test_no_addressee_where_none_is_set() -> None:
    office = replace(COUNTY.office, reported_to="", contact="")
    files = table_files(score_figures(replace(county(3), office=office)))
    paragraphs = [each.text for each in document(files, "scores-2026H1.docx").paragraphs]
    assert paragraphs[1].startswith("根据《")
