"""Excel workbooks as strangers hand them over: opened under guards, read row by row."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import openpyxl

from checks.marks import masked_text

MAX_BYTES = 50 * 2**20
MAX_ROWS = 200_000
MAX_COLUMNS = 256


class WorkbookError(ValueError):
    """A workbook that cannot be taken as it is; the message says why, in Chinese."""


@contextmanager
def opened_workbook(file: Path | IO[bytes]) -> Iterator[Any]:
    """A workbook's values, formulas as last worked out by Excel.

    Raises WorkbookError for what is torn, too large or no workbook at all.
    """
    try:
        _guard(file)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises nearly anything on a broken workbook
        raise _unreadable(error) from error
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says of its own size may be a trap
        yield book
    finally:
        book.close()


def sheet_rows(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Every row with its line, blank ones too, without the blank cells at its end.

    Raises WorkbookError for a sheet without end.
    """
    rows = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
    line = 0
    while True:
        try:
            cells = next(rows, None)
        except Exception as error:  # as above: a sheet is parsed only while it is read
            raise _unreadable(error) from error
        if cells is None:
            return
        line += 1
        if line > MAX_ROWS:
            why = f"工作表 {sheet.title} 超过 {MAX_ROWS} 行（含空行），请删去多余的行"
            raise WorkbookError(why)
        yield line, _without_tail(cells)


def _without_tail(cells: tuple[Any, ...]) -> tuple[Any, ...]:
    """openpyxl fills each row up to the most columns: of 200,000 rows that is 400 MB of nothing."""
    width = len(cells)
    while width and cells[width - 1] is None:
        width -= 1
    return cells[:width]


def _unreadable(error: Exception) -> WorkbookError:
    """What openpyxl says quotes the cell at fault, of whatever column: no long number is told."""
    return WorkbookError(f"不是可读的 Excel 工作簿：{masked_text(str(error))}")


def _guard(file: Path | IO[bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
            raise ValueError(f"解压后超过 {MAX_BYTES // 2**20} MB")
        # openpyxl reads a sheet as a stream and takes a torn one for a short one.
        if (torn := archive.testzip()) is not None:
            raise ValueError(f"{torn} 校验不符")
