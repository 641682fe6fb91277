"""A report as an Excel workbook: one sheet a table, numbers as numbers, dates as dates."""

from __future__ import annotations

import math
from datetime import UTC, date
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter

from notify.documents.parts import (
    NOTHING,
    Average,
    Cell,
    Link,
    Mark,
    Points,
    Rate,
    Report,
    Table,
    shown,
)
from notify.documents.text import harmless

TONES = {"bad": "#C00000", "warn": "#B45F06", "good": "#38761D", "mute": "#7F7F7F"}
LINE_HEIGHT = 15
COVER, COVER_WIDTH, A4 = "说明", 100, 9


def workbook(report: Report) -> bytes:
    """The workbook's bytes; the same report gives the same bytes.

    Texts are written as texts: nothing that a title holds becomes a formula.
    """
    target = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(target, options)
    made_at = report.made_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": report.title, "subject": report.subtitle, "created": made_at})
    formats = _formats(book)
    _cover(book.add_worksheet(COVER), report, formats)
    for section in report.sections:
        for table in section.tables:
            _sheet(book.add_worksheet(table.name), table, formats)
    book.close()
    return target.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    page = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    cell = {**page, "border": 1, "border_color": "#BFBFBF"}
    plain = {**cell, "text_wrap": True}
    looks = {
        "title": {**page, "bold": True, "font_size": 16},
        "bold": {**page, "bold": True},
        "note": page,
        "lines": {**page, "text_wrap": True},
        "head": {**plain, "bold": True, "bg_color": "#D9E2F3", "align": "center"},
        "text": plain,
        "dash": {**cell, "align": "center"},
        "number": cell,
        "day": {**cell, "num_format": "yyyy-mm-dd", "align": "left"},
        "rate": {**cell, "num_format": "0.0%"},
        "rate in hundredths": {**cell, "num_format": "0.00%"},
        "tenth": {**cell, "num_format": "0.0"},
        "points": {**cell, "num_format": "0.00##"},
        "signed points": {**cell, "num_format": "+0.00##;-0.00##;0.00"},
        "link": {**plain, "font_color": "#0563C1", "underline": 1},
        **{tone: {**plain, "font_color": color, "bold": True} for tone, color in TONES.items()},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def _print_setup(sheet: Any) -> None:
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _cover(sheet: Any, report: Report, formats: dict[str, Any]) -> None:
    _print_setup(sheet)
    sheet.set_column(0, 0, COVER_WIDTH)
    sheet.write_string(0, 0, harmless(report.title), formats["title"])
    sheet.write_string(1, 0, harmless(report.subtitle), formats["note"])
    line = 3
    for section in report.sections:
        if not section.paragraphs:
            continue
        sheet.write_string(line, 0, harmless(section.heading), formats["bold"])
        for offset, paragraph in enumerate(section.paragraphs, 1):
            words = harmless(paragraph)
            # A Chinese character is as wide as two digits, the measure of a column's width.
            sheet.set_row(line + offset, 16 * math.ceil(2 * len(words) / (COVER_WIDTH - 6)))
            sheet.write_string(line + offset, 0, words, formats["lines"])
        line += len(section.paragraphs) + 2


def _sheet(sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    _print_setup(sheet)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    widths = [max(11, head.width * 0.62) for head in table.heads]
    for place, head in enumerate(table.heads):
        sheet.write_string(0, place, head.text, formats["head"])
        sheet.set_column(place, place, widths[place])
    for line, row in enumerate(table.rows, 1):
        # Not every program fits the rows to wrapped text; unfitted they lie over one another.
        if (lines := max(map(_lines, row, widths))) > 1:
            sheet.set_row(line, LINE_HEIGHT * lines)
        for place, cell in enumerate(row):
            _write(sheet, line, place, cell, formats)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.heads) - 1)
    line = len(table.rows) + 1
    if table.rows and table.total:
        for place, cell in enumerate(table.total):
            _write(sheet, line, place, cell, formats)
        line += 1
    # A note runs across the sheet; wrapped it would fill one narrow column.
    for note in (*(() if table.rows else (table.empty,)), *table.numbered_notes):
        sheet.write_string(line, 0, note, formats["note"])
        line += 1


def _lines(cell: Cell, width: float) -> int:
    """How many lines does the cell's text need in a column so wide? Rather one more than less."""
    units = sum(2.1 if east_asian_width(char) in "WFA" else 1.05 for char in shown(cell))
    return math.ceil(units / (width - 0.5))


def _form(cell: Rate | Average) -> str:
    if isinstance(cell, Average):
        return "tenth"
    return "rate" if cell.places == 1 else "rate in hundredths"


def _write(sheet: Any, line: int, place: int, cell: Cell, formats: dict[str, Any]) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(line, place, cell, formats["day"])
    elif isinstance(cell, int):
        sheet.write_number(line, place, cell, formats["number"])
    elif isinstance(cell, Rate | Average) and cell.value is not None:
        sheet.write_number(line, place, cell.value, formats[_form(cell)])
    elif isinstance(cell, Points):
        form = formats["signed points" if cell.signed else "points"]
        sheet.write_number(line, place, float(cell.printed), form)
    elif isinstance(cell, Link) and cell.target:
        sheet.write_url(line, place, cell.target, formats["link"], shown(cell))
    elif isinstance(cell, Mark):
        sheet.write_string(line, place, shown(cell), formats[cell.tone])
    else:
        words = shown(cell)
        sheet.write_string(line, place, words, formats["dash" if words == NOTHING else "text"])
