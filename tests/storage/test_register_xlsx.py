"""A clerk's workbook: nothing is lost on the way out and back, nothing is dropped in silence."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import workbook
from storage.fields import BUCKETS, CLASSES, PLATFORMS, READERS, SOURCES, TABLES
from storage.inventory import Inventory, InventoryError, validate
from storage.register import read_xlsx, write_xlsx
from tests.storage.make import raw_register, register

SHEETS = {table.name: table.chinese for table in TABLES}


def round_trip(inventory: Inventory, folder: Path) -> Inventory:
    path = folder / "登记册.xlsx"
    write_xlsx(inventory, path)
    return read_xlsx(path)


def refusal(path: Path) -> str:
    with pytest.raises(InventoryError) as refused:
        read_xlsx(path)
    return str(refused.value)


def save(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def test_a_register_comes_back_as_it_went_out(tmp_path: Path) -> None:
    assert round_trip(register(), tmp_path) == register()


def test_an_empty_register_comes_back_empty(tmp_path: Path) -> None:
    empty = validate({}, "x")
    assert round_trip(empty, tmp_path) == empty


AWKWARD = [
    "=1+1",
    '=HYPERLINK("http://a.cn")',
    "{=1}",
    "+86 10",
    "-1",
    "@SUM(A1)",
    "'quoted",
    "0012",
    "1e5",
    "2026-11-20",
    "TRUE",
    "是",
    "#N/A",
    "_x0041_",
    "_x000D_",
    "a  b",
    "两；个，词;",
    "<a href='x'>&amp;</a>",
    "]]>",
    "𠮷野家😀",
    "http://a.cn/?a=1&b=2#c",
    "mailto:a@b.cn",
    "长" * 32_767,
]


@pytest.mark.parametrize("text", AWKWARD, ids=lambda text: text[:20])
def test_an_awkward_text_comes_back_letter_for_letter(text: str, tmp_path: Path) -> None:
    raw = raw_register()
    raw["column"][1].update(name=text, exempt_reason=text)
    raw["account"][0]["filing_no"] = text
    found = round_trip(validate(raw, "x"), tmp_path)
    assert found == validate(raw, "x")
    assert found["column"][1]["name"] == text


def test_no_text_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    raw = raw_register()
    raw["column"][0].update(name="=1+1", exempt_reason="http://a.cn/")
    write_xlsx(validate(raw, "x"), tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["栏目"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1")
    assert cell.data_type == "s"
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)


LINE = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=12,
).filter(lambda text: text == text.strip())
SELECTORS = ["ul.list > li", "#list", "row=tr; date=td:last-child", "row=[title='a;b'] li; title=a"]
ID = st.from_regex(r"\A[\w.\-]{1,8}\Z")
DAYS = st.dates(min_value=date(1949, 1, 1))
SPAN = st.builds(
    lambda n, unit: f"{n} {unit}" + ("s" if n != 1 else ""),
    st.integers(1, 999),
    st.sampled_from(["day", "month", "working day"]),
)
URL = st.from_regex(r"\Ahttps?://[a-z]{1,8}\.cn(/[\w%?&=.~-]{0,12})?\Z")
MAIL = st.from_regex(r"\A[a-z0-9+_-]{1,4}(\.[a-z0-9+_-]{1,3})?@[a-z]{1,8}\.cn\Z")


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


@st.composite
def registers(draw: st.DrawFn) -> Inventory:
    def rows(**fields: st.SearchStrategy[Any]) -> list[dict[str, Any]]:
        ids = draw(st.lists(ID, max_size=3, unique=True))
        return [{"id": row_id, **draw(st.fixed_dictionaries(fields))} for row_id in ids]

    units = rows(
        name=LINE,
        kind=maybe(st.sampled_from(["department", "town", "other"])),
        emails=maybe(st.lists(MAIL, max_size=3)),
    )
    raw: dict[str, Any] = {"unit": units}
    if units:
        unit = st.sampled_from([row["id"] for row in units])
        raw["site"] = rows(
            name=LINE,
            home=URL,
            unit=unit,
            code=maybe(st.from_regex(r"\A[0-9]{10}\Z")),
            portal=maybe(st.booleans()),
            home_nav_only=maybe(st.booleans()),
        )
        raw["account"] = rows(
            platform=st.sampled_from(PLATFORMS),
            name=LINE,
            unit=unit,
            source=st.sampled_from(SOURCES),
            url=URL,
            opened_on=maybe(DAYS),
            closed_on=maybe(DAYS),
            filing_no=maybe(LINE),
        )
    if raw.get("site"):
        of_site = {"site": st.sampled_from([row["id"] for row in raw["site"]]), "unit": unit}
        raw["column"] = rows(
            **of_site,
            name=LINE,
            url=URL,
            **{"class": st.sampled_from(CLASSES)},
            level=maybe(st.integers(1, 9)),
            cycle=maybe(SPAN),
            bucket=maybe(st.sampled_from(BUCKETS)),
            min_items=maybe(st.integers(0, 100_000)),
            reader=maybe(st.sampled_from(READERS)),
            selectors=maybe(st.sampled_from(SELECTORS)),
            render=maybe(st.booleans()),
            exempt_until=maybe(DAYS),
            exempt_reason=LINE,
        )
        raw["mailbox"] = rows(
            **of_site,
            name=LINE,
            url=URL,
            clock=maybe(st.sampled_from(["submitted", "accepted"])),
            limit=maybe(SPAN),
        )
    return validate(raw, "drawn")


@given(registers())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_register_comes_back_as_it_went_out(tmp_path: Path, inventory: Inventory) -> None:
    assert round_trip(inventory, tmp_path) == inventory


@pytest.mark.parametrize("style", ["chinese", "english", "exported", "mixed"])
def test_sheets_and_heads_may_be_named_either_way(style: str, tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {}
    for number, table in enumerate(TABLES):
        heads = {
            "chinese": [f.chinese for f in table.fields],
            "english": [f.name for f in table.fields],
            "exported": [f"{f.chinese}({f.name})" for f in table.fields],
            "mixed": [(f.chinese, f" {f.name} ")[n % 2] for n, f in enumerate(table.fields)],
        }[style]
        cells = [
            [
                "；".join(v) if isinstance(v, list) else v
                for v in (row[f.name] for f in table.fields)
            ]
            for row in register()[table.name]
        ]
        english = style == "english" or (style == "mixed" and number % 2)
        sheets[table.name if english else table.chinese] = [heads, *cells]
    assert read_xlsx(save(tmp_path / "a.xlsx", sheets)) == register()


def test_columns_may_stand_in_any_order_and_optional_ones_be_left_out(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", {"单位": [["名称", "编号"], ["甲局", "jia"]]})
    assert read_xlsx(path)["unit"] == [{"id": "jia", "name": "甲局", "kind": "other", "emails": []}]


def test_cells_as_excel_types_them_are_understood(tmp_path: Path) -> None:
    path = save(
        tmp_path / "a.xlsx",
        {
            "单位": [["id", "name"], [12, 2026]],
            "网站": [
                ["id", "name", "home", "unit", "code", "portal"],
                ["s", "站", "http://a.cn/", 12.0, 3206850001, True],
            ],
            "账号说明": [],
            "新媒体账号": [
                ["id", "platform", "name", "unit", "source", "opened_on"],
                ["w", "other", "号", "12", "manual", datetime(2020, 1, 2, 0, 0)],  # noqa: DTZ001
            ],
        },
    )
    found = read_xlsx(path)
    assert found["unit"][0]["id"] == "12"
    assert found["site"][0]["unit"] == "12"
    assert found["site"][0]["code"] == "3206850001"
    assert found["site"][0]["portal"] is True
    assert found["account"][0]["opened_on"] == date(2020, 1, 2)


def test_empty_lines_are_skipped_and_faults_name_the_line_of_the_sheet(tmp_path: Path) -> None:
    lines: list[list[object]] = [
        ["编号", "名称"],
        ["a", "甲"],
        [None, None],
        ["", ""],
        ["b", None],
        [],
        ["a", "丙"],
    ]
    told = refusal(save(tmp_path / "a.xlsx", {"单位": lines}))
    assert told.splitlines() == [
        "a.xlsx：登记册有 2 处错误，未载入，原有登记册保持不变。",
        "[[unit]] 第5行 id=b 字段 name：None，必填",
        "[[unit]] 第7行 id=a 字段 id：'a'，编号重复，已用于第2行",
    ]
    good = save(tmp_path / "b.xlsx", {"单位": [*lines[:4], ["b", "乙"]]})
    assert [row["id"] for row in read_xlsx(good)["unit"]] == ["a", "b"]


def test_a_column_that_is_not_known_is_a_fault(tmp_path: Path) -> None:
    lines: list[list[object]] = [
        ["编号", "名称", "联系电话"],
        ["a", "甲", "0513"],
        ["b", "乙", None],
    ]
    told = refusal(save(tmp_path / "a.xlsx", {"单位": lines}))
    assert "有 1 处错误" in told
    assert (
        "[[unit]] 第2行 id=a 字段 联系电话：'0513'，未知的字段，应为 emails、id、kind、name" in told
    )


@pytest.mark.parametrize("heads", [["编号", "名称", None], ["编号", "名称"]])
def test_a_value_below_no_head_is_a_fault(heads: list[Any], tmp_path: Path) -> None:
    told = refusal(save(tmp_path / "a.xlsx", {"单位": [heads, ["a", "甲", "备注"]]}))
    assert "[[unit]] 第2行 id=a 字段 （C 列，无表头）：'备注'，未知的字段" in told


def test_two_columns_for_one_field_are_a_fault(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", {"单位": [["编号", "名称", "name"], ["a", "甲", "乙"]]})
    assert "工作表 单位 的表头重复：name" in refusal(path)


def test_a_filled_sheet_of_another_name_is_a_fault(tmp_path: Path) -> None:
    sheets = {"单位": [["编号", "名称"], ["a", "甲"]], "栏目表": [["编号"], ["c"]], "Sheet2": []}
    told = refusal(save(tmp_path / "a.xlsx", sheets))
    assert "[[栏目表]]" in told
    assert "未知的表，应为 unit（单位）、" in told
    assert "Sheet2" not in told


def test_one_table_on_two_sheets_is_a_fault(tmp_path: Path) -> None:
    unit = [["编号", "名称"], ["a", "甲"]]
    told = refusal(save(tmp_path / "a.xlsx", {"单位": unit, "unit": unit}))
    assert "工作表 单位 与 unit 只能有一个" in told


def test_a_workbook_has_the_same_faults_as_a_toml_file(tmp_path: Path) -> None:
    raw = raw_register()
    raw["unit"].append({"id": "x", "name": "甲", "kind": "bureau"})
    raw["unit"].append({"id": "y"})
    lines: list[list[object]] = [["id", "name", "kind"]]
    lines += [[row.get("id"), row.get("name"), row.get("kind")] for row in raw["unit"]]
    told = refusal(save(tmp_path / "a.xlsx", {"unit": lines})).splitlines()[1:]
    with pytest.raises(InventoryError) as refused:
        validate({"unit": raw["unit"]}, "x")
    toml = str(refused.value).splitlines()[1:]
    assert [line.partition("行 ")[2] for line in told] == [
        line.partition("行 ")[2] for line in toml
    ]
    assert len(told) == 2


def repack(path: Path, name: str, content: bytes) -> Path:
    """The workbook with one part of its archive replaced."""
    with zipfile.ZipFile(path) as old:
        parts = {entry: old.read(entry) for entry in old.namelist()}
    assert name in parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry, held in parts.items():
            new.writestr(entry, content if entry == name else held)
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    write_xlsx(register(), path)
    return path


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"not a workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64]
)
def test_a_file_that_is_no_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert "不是可读的 Excel 工作簿" in refusal(path)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "不是可读的 Excel 工作簿" in refusal(tmp_path / "a.xlsx")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "不是可读的 Excel 工作簿" in refusal(tmp_path / "none.xlsx")


PARTS = [
    "xl/workbook.xml",
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "[Content_Types].xml",
]
LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 99) for c in range(98, 106))
    + b"]><l>&i;</l>"
)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "content", [b"", b"<worksheet><unclosed>", LAUGHS], ids="empty torn bomb".split()
)
def test_a_workbook_with_a_broken_part_is_refused(part: str, content: bytes, good: Path) -> None:
    with pytest.raises(InventoryError):
        read_xlsx(repack(good, part, content))


def test_no_cut_of_a_workbook_is_read_as_a_smaller_register(good: Path) -> None:
    whole = good.read_bytes()
    for length in range(0, len(whole), len(whole) // 40):
        good.write_bytes(whole[:length])
        assert "不是可读的 Excel 工作簿" in refusal(good)


@pytest.mark.filterwarnings("ignore:Defined names for sheet index:UserWarning")
def test_no_changed_byte_changes_the_register_in_silence(good: Path) -> None:
    whole = good.read_bytes()
    refused = 0
    for place in range(0, len(whole), len(whole) // 150):
        good.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            assert read_xlsx(good) == register()
        except InventoryError:
            refused += 1
    assert refused > 75


def test_a_decompression_bomb_is_refused_unopened(good: Path) -> None:
    told = refusal(repack(good, "xl/worksheets/sheet1.xml", b" " * (workbook.MAX_BYTES + 1)))
    assert "解压后超过 50 MB" in told
    assert good.stat().st_size < 200_000


def sheet_xml(rows: str, size: str = "A1:B2") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<worksheet xmlns="{space}"><dimension ref="{size}"/><sheetData>{rows}</sheetData>'
        "</worksheet>"
    ).encode()


HEADS = '<row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>name</v></c></row>'
EMPTY = dict.fromkeys((f"xl/worksheets/sheet{n}.xml" for n in range(2, 6)), sheet_xml(""))


def with_unit_sheet(good: Path, xml: bytes) -> Path:
    for name, content in EMPTY.items():
        repack(good, name, content)
    return repack(good, "xl/worksheets/sheet1.xml", xml)


def test_a_sheet_that_lies_about_its_size_is_read_by_what_it_holds(good: Path) -> None:
    row = '<row r="2"><c r="A2" t="str"><v>a</v></c><c r="B2" t="str"><v>甲</v></c></row>'
    for size in ("A1:XFD1048576", "A1:A1"):
        path = with_unit_sheet(good, sheet_xml(HEADS + row, size))
        assert [unit["id"] for unit in read_xlsx(path)["unit"]] == ["a"]


def test_a_sheet_with_a_cell_far_below_is_refused_and_not_counted_through(good: Path) -> None:
    row = '<row r="900000000"><c r="A900000000" t="str"><v>a</v></c></row>'
    assert "超过 200000 行" in refusal(with_unit_sheet(good, sheet_xml(HEADS + row)))


def test_an_unwritable_place_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="无法写入"):
        write_xlsx(register(), tmp_path / "nowhere" / "a.xlsx")
