"""Cells of what is kept of an export: no spreadsheet takes them for a formula."""

from __future__ import annotations

from typing import Any

# The mark itself as well, so that what is taken off again is what was put on. A spreadsheet set up
# for Chinese takes the wide signs for the narrow ones.
MARKED = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "'", "\t", "\r", "\n")


def inert(value: Any) -> str:
    """The words of a cell, marked as text where a spreadsheet would calculate."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(MARKED) else text


def as_it_was(cell: Any) -> str:
    """The words without the mark that `inert` put before them."""
    text = str(cell or "")
    return text[1:] if text.startswith("'") else text
