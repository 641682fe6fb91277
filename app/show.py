"""Showing results: one JSON document, CSV for a spreadsheet, or a table for a person."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from storage.legible import UNSEEN, escaped
from storage.uploads.inert import inert

WIDE = 200
# A column whose every cell is as narrow as a day is not wrapped.
NARROW = 12


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a command shows. `document` is its JSON; `rows` the list within it.

    `heads` maps a row's field to its Chinese head in the table, in order. `told` are the table's
    rows where a person is told less than all.
    """

    document: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    heads: Mapping[str, str]
    colours: Mapping[str, str]
    told: Sequence[Mapping[str, Any]] | None = None


def plain(value: Any) -> Any:
    """A value as JSON writes it: days and instants in ISO form."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be written as JSON")


def print_json(document: Any) -> None:
    """One JSON document on stdout and nothing else."""
    sys.stdout.write(json_text(document, indent=2) + "\n")


def json_text(document: Any, indent: int | None = None) -> str:
    """The document as JSON; what no eye sees stands in it by number, so it is data on a screen."""
    written = json.dumps(document, ensure_ascii=False, indent=indent, default=plain)
    # A line break that is left is of the form: within a text it is written by number already.
    return "\n".join(escaped(line) for line in written.split("\n"))


def show(sheet: Sheet, form: Format) -> None:
    """Print a sheet in the form asked for."""
    if form is Format.JSON:
        print_json(sheet.document)
    elif form is Format.CSV:
        _print_csv(sheet.rows)
    else:
        print_table(sheet)


def _print_csv(rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]), extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})


def _cell(value: Any) -> str:
    """A CSV cell that no spreadsheet takes for a formula, and no screen for a command."""
    if isinstance(value, list | dict):
        return json_text(value)
    text = "" if value is None else str(value)
    return visible(inert(text) if isinstance(value, str) else text)


def console(*, stderr: bool = False) -> Console:
    """A console that neither wraps to 80 columns nor colours when nobody looks."""
    out = Console(stderr=stderr, highlight=False)
    return out if out.is_terminal else Console(stderr=stderr, highlight=False, width=WIDE)


def print_table(sheet: Sheet) -> None:
    """Print a table for a person. Texts from pages are data: no markup, no control marks."""
    # Line-drawing marks are twice as wide in many Chinese terminals; plain ones stay in line.
    table = Table(box=box.ASCII, pad_edge=False)
    rows = sheet.rows if sheet.told is None else sheet.told
    for name, head in sheet.heads.items():
        widest = max((cell_len(_words(row.get(name))) for row in rows), default=0)
        table.add_column(head, overflow="fold", no_wrap=max(widest, cell_len(head)) <= NARROW)
    for row in rows:
        colour = sheet.colours.get(str(row.get("verdict") or row.get("state")), "")
        table.add_row(*(_words(row.get(name)) for name in sheet.heads), style=colour)
    console().print(table)
    if not rows:
        console().print("（无）")


def _words(value: Any) -> str:
    return escape(visible("" if value is None else str(value)))


def visible(text: str) -> str:
    """A text from a page or a file as one line of a person's screen may hold it."""
    return UNSEEN.sub("\ufffd", text)


def printed(text: str) -> str:
    """Lines of our own for a screen: their breaks stay, nothing else in them commands it."""
    return "\n".join(visible(line) for line in text.split("\n"))
