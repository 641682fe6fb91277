"""The tables that back ends export: read whole and exactly, or refused by line. All synthetic."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from storage import sheets, workbook
from storage.sheets import SheetRow, UploadError, fault, read_sheet

HEADS = ["标题", "发布时间", "评论数"]
WANTED = ("标题", "内容标题", "发布时间", "评论数")
ROW = ["示例一", "2026-11-20", "3"]
CELLS = dict(zip(HEADS, ROW, strict=True))


def csv_file(folder: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    path = folder / "导出.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def text_file(folder: Path, text: str) -> Path:
    path = folder / "导出.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def xlsx_file(folder: Path, sheets_: dict[str, Sequence[Sequence[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets_.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    path = folder / "导出.xlsx"
    book.save(path)
    return path


def refusal(path: Path, wanted: Sequence[str] = WANTED) -> list[str]:
    with pytest.raises(UploadError) as refused:
        read_sheet(path, wanted)
    head, *lines = str(refused.value).splitlines()
    count = len(refused.value.faults)
    assert head == f"{path.name}：有 {count} 处错误，未导入任何内容，已有数据保持不变。"
    return lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_csv_is_read_in_the_encodings_of_chinese_offices(tmp_path: Path, encoding: str) -> None:
    path = csv_file(tmp_path, [HEADS, ROW], encoding)
    sheet = read_sheet(path, WANTED)
    assert (sheet.origin, sheet.heads) == ("导出.csv", tuple(HEADS))
    assert sheet.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert sheet.rows == (SheetRow(2, CELLS),)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("wanted", [WANTED, ()])
def test_the_mark_between_cells_is_found(tmp_path: Path, mark: str, wanted: Sequence[str]) -> None:
    title = {",": "甲;乙;丙;丁;戊", ";": "甲,乙,丙,丁,戊", "\t": "甲,乙,丙;丁;戊"}[mark]
    lines = [HEADS, [title, "2026-11-20", "3"], ["示例", "2026-11-19", "0"]]
    sheet = read_sheet(text_file(tmp_path, "\n".join(mark.join(row) for row in lines)), wanted)
    assert [row.cells["标题"] for row in sheet.rows] == [title, "示例"]


def test_quotes_hold_marks_and_line_breaks_and_lines_are_those_of_the_file(tmp_path: Path) -> None:
    text = '标题,发布时间,评论数\n"甲,""乙""\n丙",2026-11-20,1\n,,\n\n示例,2026-11-19,\n'
    sheet = read_sheet(text_file(tmp_path, text), WANTED)
    assert sheet.rows == (
        SheetRow(2, {"标题": '甲,"乙"\n丙', "发布时间": "2026-11-20", "评论数": "1"}),
        SheetRow(6, {"标题": "示例", "发布时间": "2026-11-19"}),
    )


def test_heads_stand_below_titles(tmp_path: Path) -> None:
    titles = [["本市发布 内容数据", "", ""], ["导出时间", "2026-11-20", ""], ["", "", ""]]
    assert read_sheet(csv_file(tmp_path, [*titles, HEADS, ROW]), WANTED).rows == (
        SheetRow(5, CELLS),
    )
    sheet = read_sheet(xlsx_file(tmp_path, {"数据": [*titles, HEADS, ROW]}), WANTED)
    assert sheet.rows == (SheetRow(5, CELLS),)


def test_without_heads_to_look_for_the_first_row_that_holds_anything_is_the_head(
    tmp_path: Path,
) -> None:
    path = xlsx_file(tmp_path, {"空": [], "数据": [[], ["甲", "乙"], [1, 2.5]], "别": [["丙"]]})
    assert read_sheet(path).rows == (SheetRow(3, {"甲": 1, "乙": 2.5}),)


def test_the_first_sheet_with_the_heads_is_read(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, {"说明": [["本表由系统导出"]], "数据": [HEADS, ROW], "旧": [HEADS]})
    assert read_sheet(path, WANTED).rows == (SheetRow(2, CELLS),)


def test_heads_are_put_in_plain_form(tmp_path: Path) -> None:
    heads = [" 标题 ", "发布\n时间", "ＵＲＬ（全）\t"]
    sheet = read_sheet(csv_file(tmp_path, [heads, ROW]), WANTED)
    assert sheet.heads == ("标题", "发布时间", "URL(全)")


def test_excel_s_own_dates_and_numbers_come_as_such_and_texts_stay_texts(tmp_path: Path) -> None:
    path = tmp_path / "导出.xlsx"
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    for column, head in enumerate(HEADS):
        page.write_string(0, column, head)
    page.write_string(1, 0, '=HYPERLINK("http://a.example.cn")')
    moment = datetime(2026, 11, 20, 8, 30)  # noqa: DTZ001
    page.write_datetime(1, 1, moment, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    page.write_number(1, 2, 46346)
    book.close()
    (row,) = read_sheet(path, WANTED).rows
    assert row.cells == {
        "标题": '=HYPERLINK("http://a.example.cn")',
        "发布时间": moment,
        "评论数": 46346,
    }


def test_a_serial_number_in_a_csv_is_not_taken_for_a_day(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [HEADS, ["示例", "46346", '="0012"']])
    assert read_sheet(path, WANTED).rows[0].cells == {
        "标题": "示例",
        "发布时间": "46346",
        "评论数": "0012",
    }


def test_an_index_without_a_head_is_left_out(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [["", *HEADS, ""], ["0", *ROW, ""]])
    assert read_sheet(path, WANTED).rows == (SheetRow(2, CELLS),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["文件是空的"]),
        ("\n,,\n", ["没有表头，也没有任何内容"]),
        ("标题,发布时间,标题\n", ["第1行 表头重复：标题"]),
        (
            "标题,发布时间\n甲,乙,2026-11-20\n甲\n乙,2026-11-19\n",
            [
                "第2行：内容多于表头的 2 列，疑为单元格内有分隔符，请补上引号或表头",
                "第3行：只有 1 列，少于表头的 2 列，文件可能不完整",
            ],
        ),
        (
            '标题,发布时间\n甲,2026-11-20\n"乙,2026-11-19\n丙,2026-11-18\n',
            ["第3行：引号不成对或位置不对，或单元格过长（unexpected end of data）"],
        ),
        (
            f"标题,发布时间\n甲{'x' * 200_000},2026-11-20\n",
            ["第2行：引号不成对或位置不对，或单元格过长（field larger than field limit (131072)）"],
        ),
    ],
)
def test_what_is_wrong_with_a_csv_is_told_by_line(
    tmp_path: Path, text: str, told: list[str]
) -> None:
    assert refusal(text_file(tmp_path, text)) == told


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "是旧版 Excel（.xls）或加了密码的工作簿"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "是旧版 Excel（.xls）或加了密码的工作簿"),
        ("a.xls", b"<html><table>", "不是 CSV 或 .xlsx 文件"),
        ("a.csv", b"\n<?xml version='1.0'?>", "不是 CSV 或 .xlsx 文件"),
        ("a.xls", b"a\tb\n", "不是 CSV 或 .xlsx 文件"),
        ("a.pdf", b"%PDF-1.7", "不是 CSV 或 .xlsx 文件"),
        ("a.csv", b"a,b\n\0,1\n", "不是 CSV 或 .xlsx 文件"),
        ("a.csv", "a,b\n".encode("utf-16"), "是 UTF-16 编码的文本，应为 UTF-8 或 GBK"),
        ("a.csv", b"a,b\n\xff,1\n", "既不是 UTF-8 也不是 GBK（GB18030）编码"),
    ],
)
def test_other_files_are_told_by_what_they_are(
    tmp_path: Path, name: str, body: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    assert refusal(path) == [f"{told}。请用 Excel 或 WPS 打开后另存为 .xlsx 或 CSV，再导入"]


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no.csv") == ["文件不存在"]
    assert refusal(tmp_path) == ["文件无法读取：Is a directory"]


def test_no_cut_of_a_workbook_is_read_as_a_shorter_one(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, {"数据": [HEADS, *[ROW] * 200]})
    whole = path.read_bytes()
    for length in range(4, len(whole), len(whole) // 30):
        path.write_bytes(whole[:length])
        assert refusal(path)[0].startswith("不是可读的 Excel 工作簿")


def test_a_decompression_bomb_is_refused(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, {"数据": [HEADS, ROW]})
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            bomb = entry.filename == "xl/worksheets/sheet1.xml"
            new.writestr(entry, b" " * (workbook.MAX_BYTES + 1) if bomb else old.read(entry))
    path.write_bytes(packed.getvalue())
    assert len(packed.getvalue()) < 200_000
    told = "解压后超过 50 MB，请删去多余的内容或分成几个文件"
    assert refusal(path) == [f"不是可读的 Excel 工作簿：{told}"]


def test_a_file_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    told = "超过 3 行（含空行），请删去多余的行"
    assert refusal(csv_file(tmp_path, [HEADS, *[ROW] * 3])) == [told]
    assert refusal(xlsx_file(tmp_path, {"数据": [HEADS, *[ROW] * 3]})) == [f"工作表 数据 {told}"]
    monkeypatch.setattr(sheets, "MAX_BYTES", 10)
    assert refusal(csv_file(tmp_path, [HEADS])) == ["文件超过 0 MB"]


def test_very_many_faults_are_told_in_part_and_counted_whole(tmp_path: Path) -> None:
    lines = refusal(text_file(tmp_path, "标题,发布时间\n" + "甲\n" * 250))
    assert len(lines) == 201
    assert lines[-1] == "另有 50 处错误未列出。"


def test_fifty_thousand_rows_are_read_whole(tmp_path: Path) -> None:
    rows = [HEADS, *([f"示例{n}", "2026-11-20", str(n)] for n in range(50_000))]
    for path in (csv_file(tmp_path, rows), xlsx_file(tmp_path, {"数据": rows})):
        read = read_sheet(path, WANTED).rows
        assert len(read) == 50_000
        assert read[-1].cells["标题"] == "示例49999"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # Without a head row the first person stands in its place.
        ("13800000000,13800000000\n甲,乙\n", "第1行 表头重复：13*******00"),
        (",".join("甲" * 257) + "\n", "第1行：超过 256 列"),
    ],
)
def test_no_row_in_the_place_of_heads_is_told_or_measured_out(
    tmp_path: Path, text: str, told: str
) -> None:
    assert refusal(text_file(tmp_path, text)) == [told]


def test_a_number_in_a_torn_cell_of_a_workbook_is_not_told(tmp_path: Path) -> None:
    whole = xlsx_file(tmp_path, {"数据": [HEADS, ["示例一", "2026-11-20", 4321]]})
    torn = tmp_path / "坏.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(torn, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>4321<", b"<v>13800000000x<"))
    (line,) = refusal(torn)
    assert "13********0x" in line
    assert "13800000000" not in line


def test_a_fault_tells_no_long_number_though_it_is_cut() -> None:
    long = "甲" * 70 + "11010519491231002X"
    assert fault(2, "标题", long, "过长") == f"第2行 标题：'{'甲' * 70}11****...，过长"
