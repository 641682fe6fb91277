"""A table as somebody's back end exports it: CSV or .xlsx, titles above its head row or not."""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from io import BytesIO, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any

from checks.marks import masked_text
from storage.bounded import TOO_MUCH, within_memory
from storage.workbook import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    WorkbookError,
    opened_workbook,
    sheet_rows,
)

Cell = str | date | datetime | int | float
Line = tuple[int, Sequence[Any]]

ENCODINGS = ("utf-8-sig", "gb18030")  # the first with or without its mark
DELIMITERS = ",;\t"
TEXTS = (".csv", ".txt", ".tsv")
ZIP, OLE, UTF_16 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", (b"\xff\xfe", b"\xfe\xff")
SAVE_AS = "请用 Excel 或 WPS 打开后另存为 .xlsx 或 CSV，再导入"
HEAD_WITHIN = 20  # lines
LONGEST_LINE = 2**20  # characters
MOST_TOLD = 200
# How programs make Excel take a number for a text.
AS_TEXT = re.compile(r'="([^"]*)"')


class UploadError(ValueError):
    """A file of which nothing was stored; `faults` says everything at fault, a line each."""

    def __init__(self, origin: str, faults: Sequence[str]) -> None:
        self.origin, self.faults = origin, tuple(faults)
        head = f"{origin}：有 {len(self.faults)} 处错误，未导入任何内容，已有数据保持不变。"
        more = len(self.faults) - MOST_TOLD
        rest = [f"另有 {more} 处错误未列出。"] if more > 0 else []
        super().__init__("\n".join([head, *self.faults[:MOST_TOLD], *rest]))


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that holds anything: its line in the file, and its cells by head, blank ones out."""

    line: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with heads. `origin` is the file's name, `sha256` that of its bytes as given."""

    origin: str
    sha256: str
    heads: tuple[str, ...]
    rows: tuple[SheetRow, ...]


ReadSheet = Callable[[Path, Collection[str]], Sheet]


def read_sheet(path: Path, wanted: Collection[str] = ()) -> Sheet:
    """What does this CSV or .xlsx file hold? Raises UploadError with every fault.

    The head row is the first of the first 20 rows that holds most of the `wanted` heads, two at
    least; else the first row that holds anything. Of a workbook the first sheet with such a row
    counts. Cells under no head are left out. Texts stay texts: nothing is taken for a date or a
    formula.
    """
    try:
        with within_memory():
            return _read(path, wanted)
    except MemoryError:
        # Not from it: what was read hangs on it.
        raise UploadError(path.name, [TOO_MUCH]) from None


def _read(path: Path, wanted: Collection[str]) -> Sheet:
    body = _bytes(path)
    if body.startswith(ZIP):
        lines, ragged = _workbook_lines(body, path.name, wanted), False
    else:
        text = _Text(body, _encoding(body, path))
        lines, ragged = _csv_lines(text, path.name, wanted), True
    return _sheet(path.name, hashlib.sha256(body).hexdigest(), lines, wanted, ragged)


def plain_head(cell: Any) -> str:
    """A head as it is compared and shown: in common width (NFKC), on one line, ends trimmed."""
    text = "" if cell is None else unicodedata.normalize("NFKC", str(cell))
    return re.sub(r"[\r\n]+", "", text).strip()


def told_heads(heads: Iterable[str]) -> str:
    """Heads as a person is told them: where a file has none, a row of it stands in their place."""
    return masked_text("、".join(heads))


def same_head(head: str) -> str:
    """Two heads that give the same here are the same: `内容URL` and `内容url`."""
    return plain_head(head).casefold()


def fault(line: int, field: str, value: Any, expected: str) -> str:
    """One fault of one row, in the words of an UploadError. Long numbers are masked."""
    shown = str(value) if isinstance(value, date) else masked_text(repr(value))
    cut = shown if len(shown) <= 80 else shown[:77] + "..."
    return f"第{line}行 {field}：{cut}，{expected}"


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise UploadError(path.name, ["文件不存在"]) from error
    except OSError as error:
        raise UploadError(path.name, [f"文件无法读取：{error.strerror}"]) from error
    if len(body) > MAX_BYTES:
        raise UploadError(path.name, [f"文件超过 {MAX_BYTES // 2**20} MB"])
    if not body.strip():
        raise UploadError(path.name, ["文件是空的"])
    return body


def _encoding(body: bytes, path: Path) -> str:
    """The encoding of a CSV file; anything else is told by what it is."""
    if body.startswith(OLE):
        raise UploadError(path.name, [f"是旧版 Excel（.xls）或加了密码的工作簿。{SAVE_AS}"])
    if body.startswith(UTF_16):
        raise UploadError(path.name, [f"是 UTF-16 编码的文本，应为 UTF-8 或 GBK。{SAVE_AS}"])
    if path.suffix.lower() not in TEXTS or body.lstrip()[:1] == b"<" or b"\0" in body:
        raise UploadError(path.name, [f"不是 CSV 或 .xlsx 文件。{SAVE_AS}"])
    for encoding in ENCODINGS:
        try:
            for _ in codecs.iterdecode(
                iter(partial(BytesIO(body).read, LONGEST_LINE), b""), encoding
            ):
                pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise UploadError(path.name, [f"既不是 UTF-8 也不是 GBK（GB18030）编码。{SAVE_AS}"])


class _LineWithoutEndError(ValueError):
    """A line longer than any table has."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that is decoded as it is read: whole, one emoji makes it four bytes a character."""

    body: bytes
    encoding: str

    def __iter__(self) -> Iterator[str]:
        """Its lines, ends kept. Raises _LineWithoutEndError."""
        opened = TextIOWrapper(BytesIO(self.body), self.encoding, newline="")
        while line := opened.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise _LineWithoutEndError
            yield line


def _csv_lines(text: _Text, origin: str, wanted: Collection[str]) -> list[Line]:
    reader = csv.reader(iter(text), delimiter=_delimiter(text, wanted), strict=True)
    lines: list[Line] = []
    before = 0
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise UploadError(origin, [f"第{before + 1}行：超过 {MAX_COLUMNS} 列"])
            lines.append((before + 1, [_unwrapped(cell) for cell in cells]))
            before = reader.line_num
            if len(lines) > MAX_ROWS:
                raise UploadError(origin, [f"超过 {MAX_ROWS} 行（含空行），请删去多余的行"])
    except _LineWithoutEndError as error:
        why = f"超过 {LONGEST_LINE} 个字符仍未换行，不像表格，请核对导出的文件"
        raise UploadError(origin, [f"第{before + 1}行：{why}"]) from error
    except csv.Error as error:
        why = "引号不成对或位置不对，或单元格过长"
        raise UploadError(origin, [f"第{before + 1}行：{why}（{error}）"]) from error
    return lines


def _delimiter(text: _Text, wanted: Collection[str]) -> str:
    """By which mark do the first rows fall into the heads wanted, or into rows of one width?"""

    def fit(mark: str) -> tuple[int, int, int]:
        sample = list(islice(csv.reader(iter(text), delimiter=mark), HEAD_WITHIN))
        widths = Counter(len(cells) for cells in sample if len(cells) > 1)
        width, rows = widths.most_common(1)[0] if widths else (0, 0)
        return max((_hits(cells, wanted) for cells in sample), default=0), rows, width

    try:
        return max(DELIMITERS, key=fit)
    except (csv.Error, _LineWithoutEndError):
        return DELIMITERS[0]  # a cell or line too long for any mark: told where it stands


def _unwrapped(cell: str) -> str:
    wrapped = AS_TEXT.fullmatch(cell.strip())
    return wrapped[1] if wrapped else cell


def _workbook_lines(body: bytes, origin: str, wanted: Collection[str]) -> list[Line]:
    first: list[Line] = []
    try:
        with opened_workbook(body) as book:
            for sheet in book.worksheets:
                rows = sheet_rows(sheet)
                top = list(islice(rows, HEAD_WITHIN))
                chosen = any(_hits(cells, wanted) >= 2 for _, cells in top)
                # Without heads to look for, or with none of them anywhere: the first that holds any
                if chosen or (not first and any(_holds(cells) for _, cells in top)):
                    first = [*top, *rows]
                if chosen or (first and not wanted):
                    break
    except WorkbookError as error:
        raise UploadError(origin, [str(error)]) from error
    return first


def _holds(cells: Iterable[Any]) -> bool:
    return any(_value(cell) is not None for cell in cells)


def _hits(cells: Iterable[Any], wanted: Collection[str]) -> int:
    """How many of the wanted heads does a row hold?"""
    return len({same_head(str(cell)) for cell in cells if cell} & {same_head(w) for w in wanted})


def _sheet(
    origin: str, sha256: str, lines: Sequence[Line], wanted: Collection[str], ragged: bool
) -> Sheet:
    held = [(line, cells) for line, cells in lines if _holds(cells)]
    if not held:
        raise UploadError(origin, ["没有表头，也没有任何内容"])
    hits = [_hits(cells, wanted) for _, cells in held[:HEAD_WITHIN]]
    head_at = hits.index(max(hits)) if max(hits) >= 2 else 0
    heads = [plain_head(cell) for cell in held[head_at][1]]
    while heads and not heads[-1]:
        heads.pop()
    named = [head for head in heads if head]
    twice = sorted({head for head in named if named.count(head) > 1})
    faults = [f"第{held[head_at][0]}行 表头重复：{told_heads(twice)}"] if twice else []
    rows = held[head_at + 1 :]
    faults += _out_of_line(rows, len(heads), ragged)
    if faults:
        raise UploadError(origin, faults)
    return Sheet(origin, sha256, tuple(named), tuple(_rows(rows, heads)))


def _out_of_line(rows: Iterable[Line], width: int, ragged: bool) -> Iterator[str]:
    """Rows that do not lie under the heads: moved by a mark in a cell, or cut off."""
    for line, cells in rows:
        if _holds(cells[width:]):
            yield f"第{line}行：内容多于表头的 {width} 列，疑为单元格内有分隔符，请补上引号或表头"
        elif ragged and len(cells) < width:
            yield f"第{line}行：只有 {len(cells)} 列，少于表头的 {width} 列，文件可能不完整"


def _rows(rows: Iterable[Line], heads: Sequence[str]) -> Iterator[SheetRow]:
    for line, cells in rows:
        values = zip(heads, map(_value, cells), strict=False)
        named = {head: value for head, value in values if head and value is not None}
        if named:
            yield SheetRow(line, named)


def _value(cell: Any) -> Cell | None:
    if isinstance(cell, str):
        return cell.strip() or None
    if cell is None or (isinstance(cell, date | int | float) and not isinstance(cell, bool)):
        return cell
    return str(cell)
