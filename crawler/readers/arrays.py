"""Lists that a page carries as an array in its own script, and draws only in the browser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from checks.facts import Item
from crawler.decode import decode
from crawler.readers.as_data import Fields, entry_lists, inside, items_of_entries, number_of
from crawler.readers.listing.reading import list_reading, newest_of, unreadable
from crawler.readers.page import ListReading, Page
from crawler.readers.rows import read_rows
from crawler.readers.script_data import Literal, find_literals

NAME = "arrays"
_FIELDS = Fields(
    titles=("title", "msgtitle", "infotitle", "bt", "subject", "name"),
    addresses=("url", "href", "link", "htmlpath", "linkurl", "infourl"),
    days=(
        "publishedTimeStr",
        "publishTime",
        "publishDate",
        "pubDate",
        "fbrq",
        "fbsj",
        "infodate",
        "webdate",
        "daytime",
        "date",
        "time",
        "createTime",
    ),
)
_MAYBE = re.compile(r"=\s{0,9}(?:\[\s{0,99}\{|\{\s{0,99}[\"'\w]{1,60}\s{0,9}:\s{0,9}[\[{])")
_OBJECT_IN_LIST = re.compile(r"[\[,][\s\ufeff]*+\{")
_ASIDE = re.compile(
    r"hot|rank|banner|slide|swiper|focus|lunbo|recommend|menu|nav|friend|click|paihang|tuijian",
    re.IGNORECASE,
)
_OWN_LIST = "infolist"
_PAGES = ("pageTotal", "totalPage", "pageCount", "countPage")
_TOTALS = ("totalCount", "totalRecord", "recordTotal", "rowCount")
_FEW_ROWS = 3
# Whether rows bear a day at all does not hang on today; no page speaks of days after this one.
_LATE = date(2099, 12, 30)
_NOWHERE = "https://list.invalid/"


@dataclass(frozen=True, slots=True)
class Array:
    """One dated list of a script, with the variable that holds it."""

    name: str
    items: tuple[Item, ...]
    dated: int


def recognise(html: str) -> str | None:
    """Is the list an array in the page's script, while the page itself shows none?"""
    if html.lstrip()[:1] in ("{", "[") or not _MAYBE.search(html):
        return None
    if not _OBJECT_IN_LIST.search(html):
        return None
    found = _arrays(find_literals(html), _NOWHERE)
    if not found or _shows_list(html):
        return None
    return f"页面自身没有列表，脚本变量{found[0].name}中有列表数据"


def read(page: Page) -> ListReading:
    """Which items does the longest dated array of the page's scripts hold?

    Nothing is decided where another array of comparable length, or one with a later day, or
    rows in the markup could be the column as well.
    """
    literals = find_literals(decode(page.body, page.content_type))
    found = _arrays(literals, page.url)
    if not found:
        return unreadable(NAME, "页面脚本中没有带日期的列表数据")
    best = found[0].items
    others = [*(array.items for array in found[1:]), read_rows(page).items]
    if any(_could_be_the_list(other, best, page.today) for other in others):
        return unreadable(NAME, "页面有多个列表，无法确定哪个是本栏目")
    pages = _counted(literals, _PAGES)
    how = f"页面脚本变量{found[0].name}{f'（共{pages}页）' if pages else ''}"
    return list_reading(best, page.today, NAME, how, total=_counted(literals, _TOTALS))


def _shows_list(html: str) -> bool:
    rows = read_rows(Page(_NOWHERE, html.encode(errors="replace"), _LATE)).items
    return sum(item.published_on is not None for item in rows) >= _FEW_ROWS


def _arrays(literals: Sequence[Literal], base: str) -> list[Array]:
    """The lists that may be the column's, the one with most dated rows first.

    Three dated rows are needed, or a structure that only lists of columns have.
    """
    found = []
    for literal in literals:
        if _ASIDE.search(literal.name):
            continue
        fewest = 1 if _has_own_list(literal.value) else _FEW_ROWS
        for entries in entry_lists(literal.value):
            items = tuple(items_of_entries(entries, _FIELDS, base))
            dated = sum(1 for item in items if item.published_on and item.url)
            if dated >= fewest:
                found.append(Array(literal.name, items, dated))
    return sorted(found, key=lambda array: -array.dated)


def _has_own_list(value: object) -> bool:
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(inside(first, _OWN_LIST), list)


def _could_be_the_list(other: Sequence[Item], best: Sequence[Item], today: date) -> bool:
    """Would this other list, taken for the column, give another newest day?"""
    mine, its = newest_of(best, today), newest_of(other, today)
    if its is None or its.published_on is None:
        return False
    if mine is None or mine.published_on is None:
        return True
    later = its.published_on > mine.published_on
    return later or (its.published_on != mine.published_on and len(other) * 2 > len(best))


def _counted(literals: Sequence[Literal], names: Sequence[str]) -> int | None:
    """What a script's object for the pager says under one of these names; 0 says nothing."""
    for literal in literals:
        for name in names:
            count = number_of(inside(literal.value, name))
            if count:
                return count
    return None
