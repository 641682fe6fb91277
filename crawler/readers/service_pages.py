"""The next and the last request to a list service, from the one just made.

Pure arithmetic on address and form: record groups (TrueCMS, jpage), page numbers (UCAP, the
Guangdong directory and others), and the paramJson of jpaas. Never more than 30 rows are asked
for, and never past the list's own total.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.readers.page import Follow

MOST_ROWS = 30
_UNIT = "/front/page/build/unit"
_DIRECTORY = "/gkmlpt/api/"
_DIRECTORY_ROWS = 100
_NUMBERS = ("page", "pageno", "pagenum", "pagenumber", "pageindex", "currentpage", "curpage")
_SIZES = ("_pagesize", "pagesize", "perpage", "limit")
_ROWS = re.compile(r"""\brows\s{0,9}=\s{0,9}\\?["']?(\d{1,4})""")
_COUNT = re.compile(r"""\bcount\s{0,9}=\s{0,9}\\?["']?(\d{1,9})""")

Requests = tuple[Follow | None, Follow | None, Follow | None]
NONE: Requests = (None, None, None)


def requests_round(asked: Follow, answer: str, total: int | None) -> Requests:
    """Which requests come after, before and last, seen from the one just made?

    `total` is the list's own count of rows. The last is only known from the first.
    """
    told = _parameters(asked)
    if _UNIT in asked.url:
        return _units(asked, told, answer)
    start, end = _number(told, "startrecord"), _number(told, "endrecord")
    if start is not None and end is not None and end >= start:
        return _groups(asked, start, end, _number(told, "perpage") or 1, total)
    for key in _NUMBERS:
        at = _number(told, key)
        if at is not None:
            return _pages(asked, key, at, _size(asked, told), total)
    return NONE


def _groups(asked: Follow, start: int, end: int, step: int, total: int | None) -> Requests:
    width = min(end - start + 1, MOST_ROWS)
    if step <= MOST_ROWS:
        width = max(width // step * step, 1)

    def group(first: int, last: int) -> Follow:
        return _with(asked, {"startrecord": str(first), "endrecord": str(last)})

    after = last = None
    if total is None or end < total:
        after = group(end + 1, end + width if total is None else min(end + width, total))
    if total is not None and end < total:
        last = group(max(total - width + 1, end + 1), total)
    return after, group(max(start - width, 1), start - 1) if start > 1 else None, last


def _pages(asked: Follow, key: str, at: int, size: int | None, total: int | None) -> Requests:
    def page(number: int) -> Follow:
        return _with(asked, {key: str(number)})

    known = total is not None and size
    after = page(at + 1) if total is None or not size or at * size < total else None
    if not known or at > 1:
        return after, page(at - 1) if at > 0 else None, None
    end = at - 1 - (-(total or 0) // (size or 1))
    return after, None, page(end) if end > at else None


def _units(asked: Follow, told: Mapping[str, str], answer: str) -> Requests:
    rows, count = _ROWS.search(answer), _COUNT.search(answer)
    if rows is None or count is None or not int(rows[1]):
        return NONE
    size = int(rows[1])
    pages = -(-int(count[1]) // size)
    at = _page_number(told.get("paramjson", ""))

    def page(number: int) -> Follow:
        parameters = json.dumps({"pageNo": number, "pageSize": size}, separators=(",", ":"))
        return _with(asked, {"paramJson": parameters}, without="editType")

    after = page(at + 1) if at < pages else None
    return after, page(at - 1) if at > 1 else None, page(pages) if at < pages else None


def _page_number(text: str) -> int:
    match = re.search(r'"pageNo"\s{0,5}:\s{0,5}"?(\d{1,6})', text)
    return int(match[1]) if match else 1


def _size(asked: Follow, told: Mapping[str, str]) -> int | None:
    if _DIRECTORY in asked.url:
        return _DIRECTORY_ROWS
    sizes = (_number(told, key) for key in _SIZES)
    return next((size for size in sizes if size), None)


def _parameters(asked: Follow) -> dict[str, str]:
    """All parameters by their names in small letters; the form before the query."""
    pairs = [*parse_qsl(urlsplit(asked.url).query, True), *asked.form.items()]
    return {name.lower(): value for name, value in pairs}


def _number(told: Mapping[str, str], key: str) -> int | None:
    value = told.get(key, "")
    return int(value) if value.isdecimal() and len(value) < 10 else None


def _with(asked: Follow, changed: Mapping[str, str], without: str = "") -> Follow:
    """The same request with some parameters changed where they stand, or added to the query."""
    new = {name.lower(): value for name, value in changed.items()}
    form = {name: new.pop(name.lower(), value) for name, value in asked.form.items()}
    parts = urlsplit(asked.url)
    pairs = [pair for pair in parse_qsl(parts.query, True) if pair[0] != without]
    pairs = [(name, new.pop(name.lower(), value)) for name, value in pairs]
    pairs += [(name, value) for name, value in changed.items() if name.lower() in new]
    return replace(
        asked, url=urlunsplit(parts._replace(query=urlencode(pairs), fragment="")), form=form
    )
