"""Pieces of dates (12-17, 2020-12, a lone 23) and dates relative to the visit (3小时前)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from crawler.dates.plain import BRACKETS, MARKS, MAY_HOLD_DATE, calendar_day, flatten, original_span
from crawler.dates.written import FULL


@dataclass(frozen=True, slots=True)
class FoundPart:
    """A piece of a date: month and day, year and month, or a year or a day standing alone.

    `alone` says that the text holds nothing else (brackets aside).
    """

    start: int
    end: int
    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    alone: bool = False


_EDGE = r"(?<![^ \[(【<>|:·])"
_EDGE_AFTER = r"(?![^ \])】<>|,·])"
_MONTH_DAY = re.compile(_EDGE + r"(?P<m>\d\d?)(?P<sep>[-/.])(?P<d>\d\d?)" + _EDGE_AFTER)
_MONTH_DAY_WORDS = re.compile(r"(?<![\d年])(?P<m>\d\d?) {0,2}月 {0,2}(?P<d>\d\d?) {0,2}[日号]")
_YEAR_MONTH = re.compile(_EDGE + r"(?P<y>(?:19|20)\d\d) ?[-/.] ?(?P<m>\d\d?)" + _EDGE_AFTER)
_YEAR_MONTH_WORDS = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d) {0,2}年 {0,2}(?P<m>\d\d?) {0,2}月(?! {0,2}\d)"
)
_MONTH, _SEPARATOR = re.compile("月"), re.compile("[-/.]")
# Each with what it cannot do without.
_PATTERNS = (
    (_YEAR_MONTH_WORDS, _MONTH),
    (_YEAR_MONTH, _SEPARATOR),
    (_MONTH_DAY_WORDS, _MONTH),
    (_MONTH_DAY, _SEPARATOR),
)
_YEAR_ALONE = re.compile(r"[ \[(【]{0,3}(?P<y>(?:19|20)\d\d) ?年?[ \])】]{0,3}$")
_DAY_ALONE = re.compile(r"[ \[(【]{0,3}(?P<d>\d\d?) ?日?[ \])】]{0,3}$")


@lru_cache(maxsize=4096)
def parts_in(text: str) -> tuple[FoundPart, ...]:
    """The same as `partial_dates`, remembered: every pager shows the same numbers."""
    return tuple(partial_dates(text))


def partial_dates(text: str) -> list[FoundPart]:
    """Which pieces of dates does this text name: MM-DD, YYYY-MM, a lone year, a lone day?

    Text order, never inside a complete date. MM.DD counts only as MM.DD with two digits each
    and nothing around it; a year or a day only when it is the whole text.
    """
    if not MAY_HOLD_DATE.search(text):
        return []
    plain, offsets = flatten(text)
    whole = plain.strip(BRACKETS)
    parts = []
    for part in _parts(plain, whole):
        start, end = original_span(part.start, part.end, offsets)
        parts.append(
            FoundPart(start, end, text[start:end], part.year, part.month, part.day, part.alone)
        )
    return sorted(parts, key=lambda each: each.start)


def _blotted(match: re.Match[str]) -> str:
    """Characters no pattern matches, as many as were found, so that nothing is found twice."""
    return "\0" * len(match.group())


def _parts(plain: str, whole: str) -> Iterator[FoundPart]:
    if MARKS.search(plain):
        plain = FULL.sub(_blotted, plain)
        for pattern, mark in _PATTERNS:
            if mark.search(plain):
                for match in pattern.finditer(plain):
                    if part := _part(match, whole):
                        yield part
                plain = pattern.sub(_blotted, plain)
    for pattern in (_YEAR_ALONE, _DAY_ALONE):
        lone = pattern.match(plain)
        if lone and (part := _part(lone, whole)):
            yield part


def _part(match: re.Match[str], whole: str) -> FoundPart | None:
    groups = match.groupdict()
    year, month, day = (int(groups[key]) if groups.get(key) else None for key in "ymd")
    # 2000 is a leap year, so 02-29 stays possible until the year is known.
    if calendar_day(year or 2000, month or 1, day or 1) is None:
        return None
    start = min(match.start(key) for key in "ymd" if groups.get(key))
    end = match.end()
    while match.string[end - 1] in BRACKETS:
        end -= 1
    text = match.string[start:end]
    alone = text == whole
    if groups.get("sep") == "." and not (alone and len(text) == 5):
        return None
    return FoundPart(start, end, text, year, month, day, alone)


_AGO = re.compile(r"(?P<n>\d{1,4}) ?(?P<unit>秒钟?|分钟?|个?小时|天|日)[之以]?前$")
_DAY_WORD = re.compile(r"(?P<word>今天|今日|昨天|昨日|前天|前日) ?(?:\d\d?:\d\d(?::\d\d)?)?$")
_DAY_WORDS = {"今": 0, "昨": 1, "前": 2}
_RELATIVE = re.compile("[今昨前刚]")


def relative_day(text: str, today: date) -> date | None:
    """Which day does 刚刚, 3小时前, 昨天 08:30 or 3天前 mean, seen on `today`?

    The whole text must be such a token. Hours are counted in whole days back from `today`, so
    the answer may be one day late just after midnight. Weeks and months are too coarse: None.
    """
    if not _RELATIVE.search(text):
        return None
    plain = flatten(text)[0].strip(BRACKETS)
    if plain in ("刚刚", "刚才"):
        return today
    if match := _DAY_WORD.match(plain):
        return today - timedelta(days=_DAY_WORDS[match["word"][0]])
    match = _AGO.match(plain)
    if match is None:
        return None
    number = int(match["n"])
    if match["unit"] in ("天", "日"):
        return today - timedelta(days=number)
    return today - timedelta(days=number // 24 if "小时" in match["unit"] else 0)
