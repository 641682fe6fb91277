"""One site's yearly form as an Excel sheet that can be printed and filled in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from typing import Any

import xlsxwriter

from notify.annual.form_fields import FormField, FormTable
from notify.annual.form_values import FormValue, SiteForm, Values
from notify.documents.text import bounded, harmless

BY_HAND = "需人工填报"
PART = "仅为系统所见"
UNCONFIRMED = "＊"
SHEET = "年度报表"
HEADS = ("部分", "项目", "指标", "单位", "填报内容", "数据来源")
WIDTHS = (12, 14, 30, 6, 28, 46)
A4, LINE = 9, 18


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sheet. `value` None: to be filled in by hand."""

    section: str
    group: str
    name: str
    unit: str
    value: str | int | Decimal | None
    source: str


def form_lines(table: FormTable, form: SiteForm) -> tuple[Line, ...]:
    """The lines of the sheet, in the form's order; the lines of an account once for each."""
    lines: list[Line] = []
    for box, fields in groupby(table.fields, key=lambda field: field.each):
        own = list(fields)
        if box is None:
            lines += (_line(field, form.values, field.group) for field in own)
        else:
            lines += _account_lines(own, form.accounts.get(box, ()))
    return tuple(lines)


def _account_lines(fields: Sequence[FormField], accounts: Sequence[Values]) -> Iterator[Line]:
    for number, values in enumerate(accounts or ({},), 1):
        mark = str(number) if len(accounts) > 1 else ""
        yield from (_line(field, values, field.group + mark) for field in fields)


def _line(field: FormField, values: Values, group: str) -> Line:
    name = field.name + (UNCONFIRMED if field.confidence != "A" else "")
    held = values.get(field.fill or "", FormValue(None, ""))
    if held.value is None:
        source = f"{BY_HAND}（{held.source}）" if held.source else BY_HAND
        return Line(field.section, group, name, field.unit, None, source)
    source = f"{held.source}；{PART}" if held.partial else held.source
    return Line(field.section, group, name, field.unit, held.value, source)


def form_sheet(
    table: FormTable, form: SiteForm, year: int, told_to: str, made_at: datetime
) -> bytes:
    """The workbook's bytes; equal input gives equal bytes. `told_to` says up to when it tells.

    Texts are written as texts: nothing that a name holds becomes a formula.
    """
    target = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(target, options)
    created = made_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": f"{table.title}（{year}年度）", "created": created})
    formats = _formats(book)
    sheet = book.add_worksheet(SHEET)
    _set_up(sheet)
    last = len(HEADS) - 1
    sheet.merge_range(0, 0, 0, last, f"{table.title}（{year}年度）", formats["title"])
    under = f"网站：{harmless(form.name)}　　数据截至：{told_to}　　依据：{table.clause}"
    sheet.merge_range(1, 0, 1, last, under, formats["note"])
    for place, head in enumerate(HEADS):
        sheet.write_string(2, place, head, formats["head"])
    end = _body(sheet, form_lines(table, form), formats)
    for offset, note in enumerate(_notes(), end + 1):
        sheet.merge_range(offset, 0, offset, last, note, formats["note"])
    book.close()
    return target.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    page = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    cell = {**page, "border": 1, "text_wrap": True}
    looks = {
        "title": {**page, "font_name": "黑体", "font_size": 18, "align": "center"},
        "note": {**page, "font_size": 10, "text_wrap": True},
        "head": {**cell, "bold": True, "align": "center", "bg_color": "#D9E2F3"},
        "part": {**cell, "bold": True, "align": "center"},
        "text": cell,
        "middle": {**cell, "align": "center"},
        "value": {**cell, "align": "center", "num_format": "0"},
        "tenth": {**cell, "align": "center", "num_format": "0.0"},
        "open": {**cell, "bg_color": "#FFF2CC"},
        "small": {**cell, "font_size": 10},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def _set_up(sheet: Any) -> None:
    sheet.set_paper(A4)
    sheet.set_portrait()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.set_row(0, 32)
    sheet.set_row(1, 20)
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)


def _body(sheet: Any, lines: Sequence[Line], formats: dict[str, Any]) -> int:
    """Write the lines from the fourth row on; returns the row after the last."""
    row = 3
    for section, inside in groupby(lines, key=lambda line: line.section):
        own = list(inside)
        _merged(sheet, row, row + len(own) - 1, 0, section, formats["part"])
        at = row
        for group, members in groupby(own, key=lambda line: line.group):
            count = len(list(members))
            if group:
                _merged(sheet, at, at + count - 1, 1, group, formats["middle"])
            at += count
        for line in own:
            _write(sheet, row, line, formats)
            row += 1
    return row


def _merged(sheet: Any, first: int, last: int, column: int, words: str, look: Any) -> None:
    if first == last:
        sheet.write_string(first, column, words, look)
    else:
        sheet.merge_range(first, column, last, column, words, look)


def _write(sheet: Any, row: int, line: Line, formats: dict[str, Any]) -> None:
    if line.group:
        sheet.write_string(row, 2, line.name, formats["text"])
    else:
        sheet.merge_range(row, 1, row, 2, line.name, formats["text"])
    sheet.write_string(row, 3, line.unit, formats["middle"])
    if line.value is None:
        sheet.write_blank(row, 4, None, formats["open"])
    elif isinstance(line.value, str):
        sheet.write_string(row, 4, harmless(line.value), formats["middle"])
    else:
        tenth = isinstance(line.value, Decimal)
        sheet.write_number(row, 4, float(line.value), formats["tenth" if tenth else "value"])
    sheet.write_string(row, 5, bounded(line.source), formats["small"])
    sheet.set_row(row, LINE * _height(line))


def _height(line: Line) -> int:
    """How many lines does the fullest cell need? A Chinese character is as wide as two digits."""
    shown = line.value if isinstance(line.value, str) else ""
    cells = ((harmless(shown), WIDTHS[4]), (bounded(line.source), WIDTHS[5] + 4))
    return max(_lines(*cell) for cell in cells)


def _lines(words: str, width: float) -> int:
    units = sum(2.1 if ord(char) > 0x7F else 1.05 for char in words)
    return max(1, math.ceil(units / (width - 1)))


def _notes() -> tuple[str, ...]:
    return (
        f"注1：标“{UNCONFIRMED}”的指标名称未经核实，填报前请以国家政府网站报送系统的最新表式为准。",
        f"注2：填色的空格为系统不能掌握的内容，{BY_HAND}；注明“{PART}”的可能不全，请核对后填报。",
        "注3：平均办理时间据公开日期估算，按自然日计。",
    )
