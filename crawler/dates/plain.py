"""One spelling for what pages write in many ways: digits, separators, blanks."""

from __future__ import annotations

import re
from datetime import date, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))
BRACKETS = " []()【】"
MAY_HOLD_DATE = re.compile(r"\d|[一二].{0,9}年")
# What stands between the numbers of every date, however it is written; see `_PLAIN`.
MARKS = re.compile("[-/.月／－–—‐‑−．]")

_FIRST_YEAR, _END_YEAR = 1900, 2100
_ZERO_WIDTH = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_PLAIN = dict(
    zip(
        "０１２３４５６７８９：∶﹕／－–—‐‑−．［］（）\u00a0\u2002\u2003\u2009\u3000",
        "0123456789:::/------.[]()     ",
        strict=True,
    )
)
_ODD = re.compile(f"[{re.escape(''.join([*_PLAIN, *_ZERO_WIDTH]))}]")


def flatten(text: str) -> tuple[str, list[int] | None]:
    """How does this text read with ASCII digits, separators and blanks?

    Zero-width characters go; only then there are offsets, from the result into the text.
    """
    offsets = None
    if not text.isascii() and (odd := frozenset(_ODD.findall(text))):
        if not _ZERO_WIDTH.isdisjoint(odd):
            offsets = [index for index, char in enumerate(text) if char not in _ZERO_WIDTH]
            text = "".join([text[index] for index in offsets])
        for char in odd - _ZERO_WIDTH:
            text = text.replace(char, _PLAIN[char])
    return text.replace("\n", " ").replace("\t", " ").replace("\r", " "), offsets


def original_span(start: int, end: int, offsets: list[int] | None) -> tuple[int, int]:
    """Where does a stretch of the flattened text stand in the original?"""
    return (start, end) if offsets is None else (offsets[start], offsets[end - 1] + 1)


def calendar_day(year: str | int, month: str | int, day: str | int) -> date | None:
    """Which day is this, if it exists and lies between 1900 and 2099?"""
    try:
        on = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return on if _FIRST_YEAR <= on.year < _END_YEAR else None
