"""Excel workbooks as strangers hand them over: opened under guards, read row by row."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import openpyxl

from checks.marks import masked_text
from storage.bounded import MOST_BYTES, TOO_MUCH, ran_out, within_memory

MAX_BYTES = MOST_BYTES
MAX_PARTS = 5_000
MAX_ROWS = 200_000
MAX_COLUMNS = 256


class WorkbookError(ValueError):
    """A workbook that cannot be taken as it is; the message says why, in Chinese."""


@contextmanager
def opened_workbook(file: Path | bytes) -> Iterator[Any]:
    """A workbook's values, formulas as last worked out by Excel; read within bounded memory.

    Raises WorkbookError for what is torn, too large or no workbook at all.
    """
    with _told(), within_memory():
        try:
            body = _whole(file)
            _guard(body)
            book = openpyxl.load_workbook(BytesIO(body), read_only=True, data_only=True)
        except Exception as error:  # openpyxl raises nearly anything on a broken workbook
            raise _unreadable(error) from error
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # what a file says of its own size may be a trap
            yield book
        finally:
            book.close()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except MemoryError:
        # Not from it: what was read hangs on it.
        raise WorkbookError(TOO_MUCH) from None


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
    if ran_out(error):
        return WorkbookError(TOO_MUCH)
    return WorkbookError(f"不是可读的 Excel 工作簿：{masked_text(str(error))}")


def _whole(file: Path | bytes) -> bytes:
    if isinstance(file, bytes):
        return file
    with file.open("rb") as opened:
        body = opened.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise ValueError(f"文件超过 {MAX_BYTES // 2**20} MB，请分成几个文件")
    return body


def _guard(body: bytes) -> None:
    if body.count(b"PK\x01\x02") > MAX_PARTS:  # each part of an archive is listed with these
        raise ValueError(f"内含部件超过 {MAX_PARTS} 个，普通工作簿只有几十个，请另存为新工作簿")
    with zipfile.ZipFile(BytesIO(body)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
            raise ValueError(f"解压后超过 {MAX_BYTES // 2**20} MB，请删去多余的内容或分成几个文件")
        for entry in archive.infolist():
            with archive.open(entry) as part:
                _sift(part, entry.filename)


_DOCTYPE = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_AT_ONCE = 2**20


def _sift(part: IO[bytes], name: str) -> None:
    """Read a part to its end, and refuse what no workbook holds.

    openpyxl reads a sheet as a stream and takes a torn one for a short one. Its parsers would
    carry out what a document type declares, such as entities that stand for giga bytes, unless
    defusedxml happens to be installed; the packages of ECMA-376 may not declare any.
    """
    before = b""
    try:
        while piece := part.read(_AT_ONCE):
            if any(mark in before + piece for mark in _DOCTYPE):
                raise ValueError(
                    f"{name} 含有文档类型声明（DTD），Excel 文件不应有，请另存为新工作簿"
                )
            before = piece[-len(_DOCTYPE[-1]) :]
    except zipfile.BadZipFile as torn:
        raise ValueError(f"{name} 校验不符") from torn
