"""The notice reopened: its annexes hold the figures, and nobody is named whom no person accused."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.document import Document

from checks.lifecycle import Finding
from checks.rules import Law
from notify.quarterly import Material, QuarterlyFigures, quarterly_figures, write_quarterly
from notify.quarterly.problems import evidence_words
from notify.quarterly.selfcheck import check
from tests.notify.quarter import ARCHIVE, CONFIRMED, finding, material

STEM = "quarterly-2026Q4"


@pytest.fixture
def made(both: Law) -> Material:
    return material(both)


@pytest.fixture
def quarterly(made: Material) -> QuarterlyFigures:
    return quarterly_figures(made)


@pytest.fixture
def written(quarterly: QuarterlyFigures, tmp_path: Path) -> dict[str, Path]:
    return {path.suffix: path for path in write_quarterly(quarterly, tmp_path)}


def words_of(path: Path) -> str:
    """Every word of a document, whichever its kind."""
    if path.suffix == ".html":
        return re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8"))
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if "xml" in name]
    return re.sub(r"<[^>]*>", "", "\n".join(parts))


def tables_of(document: Document) -> dict[tuple[str, ...], list[list[str]]]:
    """The rows of every table, by its heads."""
    read = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    return {tuple(head): rows for head, *rows in read}


def test_three_documents_are_written(written: dict[str, Path]) -> None:
    assert sorted(path.name for path in written.values()) == [
        f"{STEM}.docx",
        f"{STEM}.html",
        f"{STEM}.xlsx",
    ]


def test_the_notice_has_the_form_of_an_official_document(written: dict[str, Path]) -> None:
    lines = [each.text for each in docx.Document(str(written[".docx"])).paragraphs if each.text]
    assert lines[:3] == [
        "示例市人民政府办公室",
        "关于2026年第四季度政府网站与政务新媒体检查情况的通报",
        "各区镇、各部门：",
    ]
    listed = lines.index("附件：1.网站和栏目检查情况")
    assert lines[listed + 1 : listed + 8] == [
        "2.政务新媒体检查情况",
        "3.信箱来信办理情况",
        "4.上季度问题整改情况",
        "5.检查表",
        "示例市人民政府办公室",
        "2027年1月8日",
        "附件1",
    ]
    assert any("于2027年1月22日前（含当日）完成" in line for line in lines)


def test_the_annexes_hold_what_the_ledger_has(
    written: dict[str, Path], quarterly: QuarterlyFigures
) -> None:
    tables = tables_of(docx.Document(str(written[".docx"])))
    assert tables["序号", "网站标识码", "网站名称", "主办单位", "不合格原因"] == [
        [
            *("1", "3206210002", "住建局网站", "住房和城乡建设局"),
            "栏目不更新：未及时更新的动态要闻、通知公告、政策文件类栏目累计达到5个",
        ]
    ]
    columns = tables["编号", "责任单位", "网站/栏目", "问题", "最近更新", "整改情况"]
    assert [int(row[0]) for row in columns] == [7, 28, 29, 1, 2, 3, 4, 5, 16]
    assert columns[3] == [
        *("1", "住房和城乡建设局", "住建动态1"),
        *("动态新闻类栏目超过两周未更新（连续3季度）", "2026-11-01", "已确认"),
    ]
    accounts = tables["编号", "新媒体类型", "新媒体名称", "责任单位", "问题类别", "最近更新"]
    assert accounts == [
        [
            *("17", "微博", "示例住建", "住房和城乡建设局"),
            *("政务新媒体账号超过两周未更新", "2026-11-01"),
        ]
    ]
    letters = tables["单位", "留言数", "答复数", "答复率", "按期答复率", "平均办理工作日"]
    assert letters == [
        ["住房和城乡建设局", "2", "1", "50.00%", "100.00%", "3.0"],
        ["市政府办公室", "1", "1", "100.00%", "0.00%", "9.0"],
        ["登记册以外的承办单位", "1", "1", "100.00%", "0.00%", "12.0"],
        ["合计", "4", "3", "75.00%", "33.33%", "8.0"],
    ]
    retested = tables["编号", "责任单位", "检查对象", "问题", "整改期限", "复查结果", "连续季度数"]
    assert [(row[0], row[5], row[6]) for row in retested] == [
        ("2", "整改不到位", "2"),
        ("1", "未整改", "3"),
        ("16", "未整改", "2"),
        ("9", "待复查", "1"),
        ("20", "待复查", "—"),
        ("6", "已整改", "2"),
        ("12", "豁免", "—"),
    ]
    sheet = tables["检查对象", "指标", "评分细则", "检查情况", "证据"]
    assert len(sheet) == quarterly.tally.listed
    assert sheet[3] == [
        "住房和城乡建设局：栏目“住建动态1”",
        "动态新闻类栏目超过两周未更新",
        "2020年度政府信息公开工作年度报告：动态新闻类栏目更新不超过2周",
        "2026-05-10发现，最近更新2026-11-01，已确认",
        "网页存档run-000012-20261110，SHA-256：0123456789abcdef…",
    ]
    assert [row[0] for row in tables["环节", "签名", "日期"]] == [
        "录入员",
        "审核负责人",
        "分管领导",
    ]


def test_whom_nobody_confirmed_anything_of_is_named_nowhere(written: dict[str, Path]) -> None:
    """The archive's site, columns and account are late as the system sees it, no person did."""
    for path in written.values():
        words = words_of(path)
        for name in (
            "档案",
            "部门动态",
            "城东之声",
            "城东要闻",
            "城东党建",
            "政务动态5",
            "政务动态7",
        ):
            assert name not in words
        assert "待核实7项" in words
        assert "自来水公司" not in words


def test_no_document_holds_an_address_or_a_letter_s_words(written: dict[str, Path]) -> None:
    page = written[".html"].read_text(encoding="utf-8")
    assert "href=" not in page
    assert "example.gov.cn" not in "".join(map(words_of, written.values()))


def test_the_workbook_has_a_sheet_a_table_with_rates_as_numbers_and_every_check(
    written: dict[str, Path], quarterly: QuarterlyFigures
) -> None:
    book = openpyxl.load_workbook(written[".xlsx"])
    assert book.sheetnames == [
        "说明",
        *("检查覆盖情况", "不合格网站", "接近单项否决的网站", "网站和栏目问题"),
        *("各平台情况", "各类主办单位情况", "不合格政务新媒体", "政务新媒体问题"),
        *("各单位来信办理情况", "信箱问题", "上季度问题整改情况", "检查表", "审签", "数据核对"),
    ]
    total = book["各单位来信办理情况"][5]
    assert [cell.value for cell in total] == ["合计", 4, 3, 0.75, 1 / 3, 8.0]
    assert (total[3].number_format, total[5].number_format) == ("0.00%", "0.0")
    checks = list(book["数据核对"].iter_rows(min_row=2, values_only=True))
    assert len(checks) == len(check(quarterly)) == 63
    assert {row[3] for row in checks} == {"相符"}


def test_the_notice_itself_only_tells_how_much_was_checked(written: dict[str, Path]) -> None:
    words = words_of(written[".docx"])
    assert "本通报的合计数、比率和名单行数已核对63项，全部相符。" in words
    assert "数据核对" not in words


def test_equal_figures_give_equal_bytes(quarterly: QuarterlyFigures, tmp_path: Path) -> None:
    once = write_quarterly(quarterly, tmp_path / "once")
    again = write_quarterly(quarterly, tmp_path / "again")
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in again]


def test_words_of_a_page_stay_out_and_hostile_names_stay_words(
    made: Material, tmp_path: Path
) -> None:
    name = "=cmd|'/c calc'!A0<script>"
    first, *rest = made.day.bench.rows
    assert first.subject.key == "site:s1"
    rows = [
        replace(row, subject=replace(row.subject, name=name))
        if row.subject.key == "column:b1"
        else row
        for row in (first, *rest)
    ]
    day = replace(made.day, bench=replace(made.day.bench, rows=tuple(rows)))
    figures = quarterly_figures(replace(made, day=day))
    paths = {path.suffix: path for path in write_quarterly(figures, tmp_path)}
    sheet = openpyxl.load_workbook(paths[".xlsx"])["网站和栏目问题"]
    cell = next(row[2] for row in sheet.iter_rows() if row[2].value == name)
    assert cell.data_type == "s"
    assert "<script>" not in paths[".html"].read_text(encoding="utf-8")


class TestEvidence:
    def one(self, evidence: str | None) -> Finding:
        return replace(finding(1, "column:c1", "gov", "2026-11-01"), evidence=evidence)

    def test_the_archive_and_its_hash_are_told(self) -> None:
        told = evidence_words(self.one(ARCHIVE), {ARCHIVE: "ab" * 32})
        assert told == "网页存档run-000012-20261110，SHA-256：abababababababab…"
        assert evidence_words(self.one(ARCHIVE), {}) == "网页存档run-000012-20261110"

    def test_the_name_of_a_file_and_free_words_are_not(self) -> None:
        kept = f"evidence/hand/{'cd' * 32}.png（原文件名：示例人名.png，SHA-256：{'cd' * 32}）"
        assert evidence_words(self.one(kept), {}) == "人工核查附件，SHA-256：cdcdcdcdcdcdcdcd…"
        assert evidence_words(self.one("见 https://x.example/某人"), {}) == "人工核查记录"
        assert evidence_words(self.one(None), {}) is None

    def test_without_a_page_it_is_what_the_person_confirmed_it_by(self) -> None:
        confirmed = finding(1, "column:c1", "gov", "2026-11-01", (CONFIRMED, "2026-11-02"))
        *events, last = confirmed.events
        told = replace(last, evidence="现场查看")
        bare = replace(confirmed, evidence=None, events=(*events, told))
        assert evidence_words(bare, {}) == "人工核查记录"
        assert bare.opened_on == date(2026, 11, 1)
