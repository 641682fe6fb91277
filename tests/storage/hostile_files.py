"""Files that a stranger made to cost much: written small, read huge. All synthetic.

As a program: writes each of them into a folder, reads it as the commands would, and leaves beside
it what was told and the most memory that was held. `python -m tests.storage.hostile_files FOLDER`
"""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import xlsxwriter

from app.cli import collect_seldom
from app.register_file import read_inventory
from storage.inventory import InventoryError
from storage.sheets import UploadError, read_sheet

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
MIB = 2**20


def workbook(parts: Mapping[str, str | bytes], further: int = 0) -> bytes:
    """A good workbook with some parts replaced, and so many empty ones."""
    plain, packed = BytesIO(), BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["标题", "发布时间"])
        sheet.write_row(1, 0, ["示例", "2026-11-20"])
    with (
        zipfile.ZipFile(plain) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
        for at in range(further):
            new.writestr(f"x{at}", "")
    return packed.getvalue()


def sheet(rows: str, size: str = "A1:B2") -> str:
    return (
        f'<worksheet xmlns="{SPACE}"><dimension ref="{size}"/><sheetData>{rows}</sheetData>'
        "</worksheet>"
    )


def declared(word: str = "&e9;") -> str:
    """Entities of entities: giga bytes in a few lines."""
    more = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    first = f'<!DOCTYPE sst [<!ENTITY e0 "哈哈">{more}<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    return f'{first}<sst xmlns="{SPACE}"><si><t>{word}</t></si></sst>'


def lying() -> bytes:
    """A part that says it has a hundred bytes and unpacks to sixty million."""
    body = workbook({SHEET: b" " * 60 * MIB})
    size = (60 * MIB).to_bytes(4, "little")
    assert body.count(size) == 2
    return body.replace(size, (100).to_bytes(4, "little"))


def sparse() -> str:
    """Rows whose only cell is the last that is read."""
    cell = '<row><c r="IV{0}"><v>1</v></c></row>'
    return sheet("".join(map(cell.format, range(1, 190_000))), "A1:XFD1048576")


DTD = "含有文档类型声明（DTD），Excel 文件不应有，请另存为新工作簿"
MEMORY = "读取它需要的内存超过 280 MB：内容过多，或者文件已损坏、系恶意构造。请打开核对"
FILES: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "laughs.xlsx": (lambda: workbook({STRINGS: declared()}), f"{STRINGS} {DTD}"),
    "outside.xlsx": (lambda: workbook({STRINGS: declared("&x;")}), f"{STRINGS} {DTD}"),
    "in-a-sheet.xlsx": (
        lambda: workbook({SHEET: f"<!DOCTYPE x>{sheet('')}"}),
        f"{SHEET} {DTD}",
    ),
    "wide.xlsx": (
        lambda: workbook({STYLES: declared().encode("utf-16")}),
        f"{STYLES} {DTD}",
    ),
    "late.xlsx": (
        lambda: workbook({SHEET: " " * (MIB - 4) + "<!DOCTYPE x>" + sheet("")}),
        f"{SHEET} {DTD}",
    ),
    "lying.xlsx": (lying, f"{SHEET} 校验不符"),
    "parts.xlsx": (lambda: workbook({}, 5001), "内含部件超过 5000 个"),
    "sparse.xlsx": (lambda: workbook({SHEET: sparse()}), MEMORY),
    "styles.xlsx": (
        lambda: workbook(
            {STYLES: f'<x xmlns="{SPACE}"><cellXfs>{"<xf/>" * 5 * MIB}</cellXfs></x>'}
        ),
        MEMORY,
    ),
    "line.csv": (
        lambda: "标题,发布时间\n示例,2026-11-20\n".encode() + b"a" * 40 * MIB,
        "第3行：超过 1048576 个字符仍未换行，不像表格，请核对导出的文件",
    ),
    "emoji.csv": (
        lambda: ("😀" + "a" * 40 * MIB).encode(),
        "第1行：超过 1048576 个字符仍未换行",
    ),
    "dots.toml": (lambda: b"a" + b".a" * 20_000 + b" = 1", MEMORY),
    "deep.toml": (lambda: b"a = " + b"[" * 100_000, "不是合法的 TOML 文件"),
    "line.toml": (lambda: b'a = "' + b"a" * 50 * MIB, "文件超过 50 MB"),
}
if os.environ.get("XUNJIAN_LONG") == "1":  # five seconds until its memory runs out
    FILES = {
        **FILES,
        "one-row.xlsx": (
            lambda: workbook({SHEET: sheet(f"<row>{'<c/>' * 3 * MIB}</row>")}),
            MEMORY,
        ),
    }


def read(path: Path) -> str:
    """What is said of this file? Each is read in a process of its own, as a command is one."""
    try:
        if path.suffix == ".toml":
            read_inventory(path)
        else:
            read_sheet(path, ("标题", "发布时间"))
    except (InventoryError, UploadError) as refused:
        return str(refused)
    return ""


def main(folder: Path) -> None:
    collect_seldom()
    for name, (made, _) in FILES.items():
        (folder / name).write_bytes(made())
        child = os.fork()
        if not child:
            (folder / f"{name}.told").write_text(read(folder / name), encoding="utf-8")
            os._exit(0)
        _, status, used = os.wait4(child, 0)
        held = {"status": status, "mib": used.ru_maxrss // 1024}
        (folder / f"{name}.json").write_text(json.dumps(held), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
