"""Days as the exports of back ends write them: with a clock time or without, never guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from storage.cells import FIRST_YEAR
from storage.sheets import Cell

_CLOCK = r"(?:[T ]?\d{1,2}[:时]\d{1,2}(?:[:分]?\d{1,2}(?:\.\d{1,6})?)?[分秒]?)?"
_WRITTEN = (
    re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _CLOCK),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日" + _CLOCK),
    re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?" + _CLOCK),
)
EXPECTED = f"应为日期，如 2026-11-20、2026/11/20 08:30、2026年11月20日，年份不早于{FIRST_YEAR}"


def day_of(cell: Cell) -> date:
    """Which day does this cell say? Raises ValueError with what was expected.

    A time with a zone is refused: its day here may be another one.
    """
    if isinstance(cell, date):
        found = cell.date() if isinstance(cell, datetime) else cell
    else:
        found = _read(cell)
    if found.year < FIRST_YEAR:
        raise ValueError(EXPECTED)
    return found


def _read(cell: str | float) -> date:
    text = " ".join(unicodedata.normalize("NFKC", str(cell)).replace("∶", ":").split())
    match = next((m for form in _WRITTEN if (m := form.fullmatch(text))), None)
    if match is None:
        raise ValueError(EXPECTED)
    try:
        return date(*map(int, match.groups()))
    except ValueError as error:
        raise ValueError(EXPECTED) from error
