"""The register as an Excel workbook, for clerks: one sheet a table, a round trip loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from openpyxl.utils import get_column_letter
from xlsxwriter.exceptions import XlsxWriterException

from storage.fields import TABLES, Table
from storage.inventory import Inventory, InventoryError, validate
from storage.workbook import WorkbookError, opened_workbook, sheet_rows


def write_xlsx(inventory: Inventory, path: Path) -> None:
    """Write every row to `path`. Texts stay texts: nothing a title holds becomes a formula.

    Raises OSError when the file cannot be written.
    """
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for table in TABLES:
        sheet = book.add_worksheet(table.chinese)
        sheet.freeze_panes(1, 1)
        for column, field in enumerate(table.fields):
            sheet.write_string(0, column, f"{field.chinese}({field.name})", head)
            sheet.set_column(column, column, 40 if field.name in ("url", "home") else 18)
        for line, row in enumerate(inventory[table.name], 1):
            for column, field in enumerate(table.fields):
                _write(sheet, line, column, row[field.name], day)
        sheet.autofilter(0, 0, max(1, len(inventory[table.name])), len(table.fields) - 1)
    try:
        book.close()
    except XlsxWriterException as error:
        raise OSError(f"无法写入 {path}：{error}") from error


def _write(sheet: Any, line: int, column: int, value: Any, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(line, column, "是" if value else "否")
    elif isinstance(value, date):
        sheet.write_datetime(line, column, value, day)
    elif isinstance(value, int):
        sheet.write_number(line, column, value)
    elif isinstance(value, list):
        sheet.write_string(line, column, "；".join(value))
    else:
        sheet.write_string(line, column, str(value))


def read_xlsx(path: Path) -> Inventory:
    """Read and validate a register workbook. Raises InventoryError with every fault.

    Sheets and heads may be named in Chinese, in English, or as exported: `名称(name)`.
    Faults name the lines of the sheet. A sheet or a column that is not known is a fault.
    """
    data: dict[str, Any] = {}
    lines: dict[str, list[int]] = {}
    try:
        with opened_workbook(path) as book:
            for sheet in book.worksheets:
                _take(sheet, data, lines, path.name)
    except WorkbookError as error:
        raise InventoryError((), path.name, str(error)) from error
    return validate(data, path.name, lines)


def _take(sheet: Any, data: dict[str, Any], lines: dict[str, list[int]], origin: str) -> None:
    table = next((t for t in TABLES if sheet.title in (t.chinese, t.name)), None)
    name = table.name if table else sheet.title
    if table is not None and name in data:
        raise InventoryError((), origin, f"工作表 {table.chinese} 与 {table.name} 只能有一个")
    rows = dict(_rows(sheet, table, origin))
    if table is not None or rows:
        data[name], lines[name] = list(rows.values()), list(rows)


def _rows(sheet: Any, table: Table | None, origin: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows that hold anything, each with its line in the sheet."""
    heads: list[str] = []
    for line, cells in sheet_rows(sheet):
        if line == 1:
            heads = _heads(table, cells, sheet.title, origin)
            continue
        row = {
            heads[place] if place < len(heads) and heads[place] else _unnamed(place): value
            for place, value in enumerate(cells)
            if value is not None and value != ""
        }
        if row:
            yield line, row


def _unnamed(place: int) -> str:
    return f"（{get_column_letter(place + 1)} 列，无表头）"


def _heads(table: Table | None, cells: tuple[Any, ...], title: str, origin: str) -> list[str]:
    heads = [_field_name(table, head) for head in cells]
    named = [head for head in heads if head]
    if twice := sorted({head for head in named if named.count(head) > 1}):
        raise InventoryError((), origin, f"工作表 {title} 的表头重复：{'、'.join(twice)}")
    return heads


def _field_name(table: Table | None, head: Any) -> str:
    written = "" if head is None else str(head).strip()
    for field in table.fields if table else ():
        if written in (field.name, field.chinese, f"{field.chinese}({field.name})"):
            return field.name
    return written
