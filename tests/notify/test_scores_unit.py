"""A unit's own sheet, reopened: its own data, all of it, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import docx

from checks.scheme import read_scheme
from notify.scores import ScoreFigures, score_figures, table_files, unit_files
from tests.notify.reopened import Page, document, table_of, words_of
from tests.notify.scored import (
    case_of,
    changed,
    confirmed,
    county,
    late_column,
    material,
    praise,
)

COUNTY = county()
FIGURES = score_figures(COUNTY)


PERCENT = """
id = "percent"
version = "1"
title = "百分制评分办法（synthetic）"
cycles = ["half_year"]
base = 0
clamp = [0, 100]
rounding = { step = 0.01, mode = "half_up" }
map = { to = "clamp" }
objection = "5 working days"
clause = "synthetic"
source = "synthetic"
confidence = "X"
verified = true
proposal = false

[[section]]
id = "daily"
name = "日常工作"
starts = "full"
full = 100
weight = 0.7

[[section]]
id = "expert"
name = "专家评议"
starts = "full"
full = 100
weight = 0.3
by_hand = true

[[item]]
id = "late"
name = "栏目超期"
section = "daily"
select = { rule = ["news_2w"], state = "confirmed" }
per = "column_period"
points = -5
"""


class TestUnitSheet:
    files = unit_files(FIGURES, "u28")
    doc = document(files, "score-2026H1-u28.docx")
    text = words_of(doc)

    def test_it_is_addressed_to_the_unit_and_names_no_other(self) -> None:
        assert [each.text for each in self.doc.paragraphs[:2]] == [
            "2026年上半年政务公开考核得分说明",
            "示例局28：",
        ]
        page = " ".join(Page(self.files["score-2026H1-u28.html"]).words)
        others = [each for each in FIGURES.units if each.unit != "u28"]
        for words in (self.text, page):
            assert [each.name for each in others if each.name in words] == []
        foreign = [each.id for each in COUNTY.findings.values() if each.unit != "u28"]
        cells = {cell.text for table in self.doc.tables for row in table.rows for cell in row.cells}
        assert [id_ for id_ in foreign if str(id_) in cells] == []

    def test_every_line_has_its_arithmetic_findings_and_versions(self) -> None:
        assert (
            "1.栏目超过时限未更新：3个栏目×(-0.1)+1个栏目（按期整改）×(-0.1)×0.5=-0.35。"
            "问题2801、2802、2820、2840；指标及版本：haian/news_2w 2020.1；日历版本：cn-2026-test。"
        ) in self.text
        assert (
            "2.来信逾期未答复或逾期答复：1封来信（超期6—10日）×(-0.2)=-0.2。"
            "问题2830；指标及版本：haian/mailbox_5wd 2020.1；日历版本：cn-2026-test。"
        ) in self.text
        assert "各评分项小计-1.05分，各部分合计-1.05分。" in self.text
        assert "限于-2分至2分，封顶后-1.05分；按0.01分四舍五入，得分-1.05分。" in self.text

    def test_each_finding_shows_its_course_and_its_evidence(self) -> None:
        rows = {row[0]: row for row in table_of(self.doc, "编号", "对象")}
        assert rows["2820"][4:9] == [
            *("2026-05-06", "2026-05-07", "2026-05-08", "2026-05-22", "2026-05-15见已恢复"),
        ]
        assert rows["2840"][8:] == [
            "2026-04-20通报督办",
            "栏目超过时限未更新-0.10；整改不力被通报督办-0.50",
        ]
        assert rows["2801"][1] == "栏目“工作动态1”（示例门户网站）"
        assert "动态新闻类栏目超过两周未更新（haian/news_2w 2020.1）；" in rows["2801"][3]
        evidence = {row[0]: row for row in table_of(self.doc, "编号", "发现时的证据")}
        assert evidence["2801"][1].startswith("evidence/2026/02/run-02801.warc.gz#urn:uuid:")
        assert evidence["2801"][2] == "核查记录2026-04-23"

    def test_what_was_left_out_is_told_by_number_and_reason(self) -> None:
        doc = document(unit_files(FIGURES, "u45"), "score-2026H1-u45.docx")
        assert "尚未经人工核实确认：1项（问题4550）。" in words_of(doc)
        assert "4550" not in [row[0] for row in table_of(doc, "编号", "对象")]

    def test_entries_show_evidence_and_hand(self) -> None:
        doc = document(unit_files(FIGURES, "u12"), "score-2026H1-u12.docx")
        assert table_of(doc, "录入编号")[1] == [
            *("12", "政务公开工作受上级表扬", "市级", "1", "+0.30", "2026-05-13"),
            *("示例办发〔2026〕12号通报表扬", "张三"),
        ]

    def test_how_to_object_is_said(self) -> None:
        assert "你单位对考核结果有异议的，可自2026年7月8日审定之日起5个工作日内" in self.text
        assert "（政务公开科，0500-00000000）" in self.text

    def test_a_correction_says_what_changed_for_this_unit(self) -> None:
        kept = [each for each in COUNTY.findings.values() if each.unit == "u28" and each.id != 2840]
        figures = score_figures(changed(COUNTY, "u28", *kept))
        files = unit_files(figures, "u28")
        text = words_of(document(files, "score-2026H1-u28-correction-1.docx"))
        assert "你单位得分由-1.05分更正为-0.45分，相差+0.60分。" in text
        assert "不再计的问题：2840。" in text
        other = unit_files(figures, "u01")["score-2026H1-u01-correction-1.docx"]
        assert "你单位的得分和明细没有变化。" in words_of(docx.Document(BytesIO(other)))


def line(figures: ScoreFigures, unit: str) -> Any:
    return next(each for each in figures.units if each.unit == unit)


def test_a_scheme_of_a_hundred_points_shows_its_parts_and_no_signs() -> None:
    scheme = read_scheme(PERCENT, "synthetic.toml")
    found = (late_column(1, "a", 1, date(2026, 3, 2), confirmed(date(2026, 3, 3))),)
    given = replace(praise(1, "city"), item="expert", level=None, points=Decimal(90))
    figures = score_figures(material((case_of("a", found, (given,)),), found, scheme=scheme))
    assert line(figures, "a").score == Decimal("93.5")
    files = table_files(figures)
    doc = document(files, "scores-2026H1.docx")
    assert table_of(doc, "单位", "考核项目")[1:] == [
        ["示例单位a", "日常工作", "100.00", "95.00", "0.70", "66.50"],
        ["示例单位a", "专家评议", "100.00", "90.00", "0.30", "27.00"],
    ]
    assert "最高93.50分" in words_of(doc)
    text = words_of(document(unit_files(figures, "a"), "score-2026H1-a.docx"))
    assert "“专家评议”：满分100分，得90分，据录入事项1，权重0.3，计入27分。" in text
