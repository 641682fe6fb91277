"""Documents reopened: their words and tables as texts."""

from __future__ import annotations

from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import docx
import openpyxl


def document(files: dict[str, bytes], name: str) -> Any:
    return docx.Document(BytesIO(files[name]))


def book(files: dict[str, bytes], name: str) -> Any:
    return openpyxl.load_workbook(BytesIO(files[name]))


def words_of(doc: Any) -> str:
    tables = [cell.text for table in doc.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in doc.paragraphs), *tables])


def table_of(doc: Any, *heads: str) -> list[list[str]]:
    """The table with these first heads, as texts."""
    for table in doc.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if tuple(rows[0][: len(heads)]) == heads:
            return rows
    raise AssertionError(f"no table with the heads {heads}")


class Page(HTMLParser):
    """The words of a page, and how often each element begins."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.words: list[str] = []
        self.feed(body.decode())

    def handle_data(self, data: str) -> None:
        self.words.append(data)
