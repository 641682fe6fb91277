"""Complete dates in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from crawler.dates.plain import MARKS, MAY_HOLD_DATE, SHANGHAI, calendar_day, flatten, original_span


@dataclass(frozen=True, slots=True)
class FoundDate:
    """One complete date in a text: `text` is `source[start:end]`, its clock time included."""

    start: int
    end: int
    text: str
    on: date
    timed: bool = False


_CLOCK = (
    r"(?:[ T,]{0,3}(?:(?:星期|周)[一二三四五六日天] ?)?(?:[上下]午 ?)?"
    r"(?P<clock>\d{1,2}(?::| ?时 ?)\d{1,2}(?:(?::| ?分 ?)\d{1,2}|分)?(?!\d)秒?(?:\.\d{1,9})?)"
    r"(?: ?(?P<zone>Z\b|UTC\b|GMT\b|\+\d\d:?\d\d(?!\d)))?)?"
)
FULL = re.compile(
    r"(?P<y>[12](?<!\d.)[09]\d\d)(?:"
    r" {0,3}年 {0,3}(?P<m>\d{1,2}) {0,3}月 {0,3}(?P<d>\d{1,2})(?!\d)"
    r"(?: {0,3}[日号]|(?= {1,3}\d{1,2}:)|(?= {0,3}(?:$|[\])】])))"
    r"| ?(?P<sep>[-/.]) ?(?P<m2>\d{1,2}) ?(?P=sep) ?(?P<d2>\d{1,2})(?!\d)(?!号))" + _CLOCK
)
# As most lists write their days: nothing beside it but brackets.
_PLAIN_DAY = re.compile(
    r"[\[(（【]?(?P<day>(?P<y>[12][09]\d\d)([-/.])(?P<m>\d\d)\3(?P<d>\d\d))[\])）】]?", re.ASCII
)
_TWO_DIGIT_YEAR = r"(?P<y>\d\d)(?P<sep>[-/.])(?P<m>\d\d?)(?P=sep)(?P<d>\d\d?)"
_BRACKETED_SHORT = re.compile(r"[\[(【]" + _TWO_DIGIT_YEAR + r"[\])】]")
_WHOLE_SHORT = re.compile(r" {0,9}" + _TWO_DIGIT_YEAR + r"(?: +\d\d?:\d\d(?::\d\d)?)? {0,9}$")
_NUMERAL = re.compile(
    r"(?P<y>[一二][〇○零OoОＯ0一二三四五六七八九]{3}) ?年 ?"
    r"(?P<m>元|十[一二]?|[一二三四五六七八九]) ?月 ?"
    r"(?P<d>[一二]?十[一二三四五六七八九]?|三十一?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
    r" ?[日号]"
)
_CODE_BEFORE = re.compile(r"(?:[A-Za-z_]|[\dA-Za-z][-/.=])$")
_WORD_BEFORE = re.compile(r"(?:date|time|at|on)$", re.IGNORECASE)
_NUMBER_BEFORE = re.compile(r"(?:编号|文号|电话|传真|邮编|版本号?|第|No\.?) ?:? ?$", re.IGNORECASE)
_CODE_AFTER = re.compile(r"[-/.]\d|[/.][A-Za-z]|_")
_RANGE_AFTER = re.compile(r"[-/.](?:19|20)\d\d(?!\d)")
_SHORT_CENTURY = 2000


@lru_cache(maxsize=4096)
def dates_in(text: str) -> tuple[FoundDate, ...]:
    """The same as `full_dates`, remembered: the pages of a site repeat most of their texts."""
    return tuple(full_dates(text))


def full_dates(text: str) -> list[FoundDate]:
    """Which complete calendar days does this text name, in text order?

    Reads 2024-6-5, 2024/06/05, 2024.6.5, 2024年06月05日, 二〇二四年六月五日, full-width digits,
    blanks and zero-width characters inside; a two-digit year only alone or in brackets. Days
    that do not exist, and digits inside numbers, versions or addresses, are not dates.
    """
    if not MARKS.search(text) or not MAY_HOLD_DATE.search(text):
        return []
    plain_day = _PLAIN_DAY.fullmatch(text)
    if plain_day and (on := calendar_day(*plain_day.group("y", "m", "d"))):
        return [FoundDate(*plain_day.span("day"), plain_day["day"], on)]
    plain, offsets = flatten(text)
    found = list(_western(plain))
    if "月" in plain:
        found.extend(_numerals(plain))
    if not found:
        found.extend(_short_years(plain))
    found.sort(key=lambda each: each.start)
    return [_placed(each, text, offsets) for each in found]


def _placed(found: FoundDate, text: str, offsets: list[int] | None) -> FoundDate:
    start, end = original_span(found.start, found.end, offsets)
    return FoundDate(start, end, text[start:end], found.on, found.timed)


def _western(plain: str) -> Iterator[FoundDate]:
    last_end = -9
    for match in FULL.finditer(plain):
        start, bare_end = match.start(), _bare_end(match)
        if match["sep"] and _inside_something(plain, match, bare_end, last_end):
            continue
        on = calendar_day(match["y"], match["m"] or match["m2"], match["d"] or match["d2"])
        if on is None:
            continue
        timed = match["clock"] is not None
        end = match.end() if timed else bare_end
        if match["zone"]:
            on = _in_shanghai(on, match["clock"], match["zone"])
        last_end = end
        yield FoundDate(start, end, plain[start:end], on, timed)


def _bare_end(match: re.Match[str]) -> int:
    """Where the day ends, 日 included, when no clock time follows."""
    if match["clock"] is not None:
        return match.end()
    end = match.end("d2" if match["sep"] else "d")
    if match["sep"]:
        return end
    tail = match.group()[end - match.start() :]
    mark = max(tail.find("日"), tail.find("号"))
    return end + mark + 1 if mark >= 0 else end


def _in_shanghai(on: date, clock: str, zone: str) -> date:
    """The Shanghai day of a moment that names its zone (Z, UTC, GMT, +08:00)."""
    hour, minute = (int(part) for part in re.findall(r"\d+", clock)[:2])
    shift = [int(part) for part in re.findall(r"\d\d", zone)]
    offset = timedelta(hours=shift[0], minutes=shift[1]) if shift else timedelta()
    try:
        moment = datetime(on.year, on.month, on.day, hour, minute, tzinfo=timezone(offset))
    except ValueError:  # a clock of 25:00, or a zone beyond a day
        return on
    return moment.astimezone(SHANGHAI).date()


def _inside_something(plain: str, match: re.Match[str], end: int, last_end: int) -> bool:
    """Is a separated date only a piece of a longer number, version, code or address?"""
    start = match.start()
    before = plain[max(0, start - 8) : start]
    second_of_range = 0 <= start - last_end <= 1
    if not second_of_range:
        if _CODE_BEFORE.search(before) and not _WORD_BEFORE.search(before):
            return True
        if _NUMBER_BEFORE.search(before):
            return True
    if match["clock"] is not None:
        return False
    after = plain[end : end + 6]
    return bool(_CODE_AFTER.match(after)) and not _RANGE_AFTER.match(after)


def _numerals(plain: str) -> Iterator[FoundDate]:
    for match in _NUMERAL.finditer(plain):
        year = int("".join(str(_digit(char)) for char in match["y"]))
        on = calendar_day(year, _numeral(match["m"]), _numeral(match["d"]))
        if on is not None:
            yield FoundDate(match.start(), match.end(), match.group(), on)


def _digit(char: str) -> int:
    return max("〇一二三四五六七八九".find(char), 0)


def _numeral(text: str) -> int:
    """一 to 三十一, 廿五 and 元 as a number."""
    text = text.replace("廿", "二十").replace("元", "一")
    tens, ten, units = text.rpartition("十")
    if not ten:
        return _digit(units)
    return (_digit(tens) if tens else 1) * 10 + (_digit(units) if units else 0)


def _short_years(plain: str) -> Iterator[FoundDate]:
    whole = _WHOLE_SHORT.match(plain)
    for match in (whole,) if whole else _BRACKETED_SHORT.finditer(plain):
        if match["sep"] == "." and len(match["m"] + match["d"]) < 4:
            continue
        on = calendar_day(_SHORT_CENTURY + int(match["y"]), match["m"], match["d"])
        if on is not None:
            start, end = match.start("y"), match.end("d")
            yield FoundDate(start, end, plain[start:end], on)
