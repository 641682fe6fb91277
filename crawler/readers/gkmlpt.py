"""The information catalogue of Guangdong (gkmlpt): a page of scripts over one list service."""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urlencode, urlsplit

from crawler.decode import decode
from crawler.readers.as_data import (
    Entry,
    Fields,
    data_reading,
    entries_in,
    entry_day,
    filled,
    inside,
    number_of,
    plain_title,
    refusal,
)
from crawler.readers.listing.reading import ask_service, unreadable
from crawler.readers.page import Follow, ListReading, Page
from crawler.readers.records import service_answer

NAME = "gkmlpt"
_HOW = "广东信息公开目录服务"
_SID = re.compile(r"""\bSID['"]?\s{0,9}[:=]\s{0,9}['"]?(\d{1,12})\b""")
_CONFIG = re.compile(r"\b_CONFIG\b")
_COLUMN = re.compile(
    r"""\b(?:column|classify|cate|category)_?id['"]?\s{0,9}[:=]\s{0,9}['"]?(\d{1,12})\b""", re.I
)
_FRAGMENT = re.compile(r"/?(\d{1,12})$")
_DAY = "day of publication"
_FIELDS = Fields(titles=("title",), addresses=("url", "post_url"), days=(_DAY,))
# `date` is the day of drafting and `created_at` that of storing: neither is ever asked for.
_SHOWN = ("create_time",)
_BESIDE = ("display_publish_time", "first_publish_time")
_SAME_DAYS = 1


def recognise(html: str) -> str | None:
    """Is this a gkmlpt directory page, or an answer of its service, and by what sign?"""
    if html.lstrip().startswith("{"):
        data = '"articles"' in html and '"classify"' in html
        return "内容为广东信息公开目录服务的返回" if data else None
    if "gkmlpt" in html and _CONFIG.search(html) and _SID.search(html):
        return "页面为广东信息公开目录，列表由脚本读取"
    return None


def read(page: Page) -> ListReading:
    """Which items does this directory page, or the answer of its service, show?

    All columns of a directory share one page: the column is what the address names behind #,
    else what the page's script names. Rows in the markup are never this column's own.
    """
    html = decode(page.body, page.content_type)
    answer = service_answer(html)
    if isinstance(answer, dict):
        return _read_answer(page, answer)
    column = _of_address(page.url) or _of_script(html)
    if column is None:
        return unreadable(NAME, "目录页没有说明是哪个栏目，请在网址#后写明栏目编号")
    return ask_service(NAME, _service(html, page.url, column), None)


def _of_address(url: str) -> str | None:
    match = _FRAGMENT.match(urlsplit(url).fragment)
    return match[1] if match else None


def _of_script(html: str) -> str | None:
    """The column that the script names, if it names just one."""
    named = {match[1] for match in _COLUMN.finditer(html)}
    return named.pop() if len(named) == 1 else None


def _service(html: str, url: str, column: str) -> Follow:
    address = urlsplit(url)
    before, found, _ = address.path.partition("/gkmlpt/")
    sid = _SID.search(html)
    query = urlencode({"page": "1", **({"sid": sid[1]} if sid else {})})
    home = f"{address.scheme}://{address.netloc}{before if found else ''}"
    return Follow(
        f"{home}/gkmlpt/api/all/{column}?{query}", headers={"Referer": urldefrag(url).url}
    )


def _read_answer(page: Page, answer: Entry) -> ListReading:
    """`total` counts what can be listed; a larger `post_count` of the column is normal."""
    failure = refusal(answer)
    if failure is not None:
        return unreadable(NAME, failure)
    column = inside(answer, "classify")
    column = column if isinstance(column, dict) else {}
    moved = plain_title(filled(column, ("jump_url",)))
    if moved:
        return unreadable(NAME, f"{_HOW}：栏目已迁移到{moved[:200]}，请修改登记的网址")
    asked, got = _of_address(page.url), number_of(column.get("id"))
    if asked is not None and got is not None and int(asked) != got:
        return unreadable(NAME, f"{_HOW}：返回的是栏目{got}，不是{asked}")
    total = number_of(answer.get("total"))
    if total == 0 and number_of(column.get("post_count")):
        total = None
    rows = answer.get("articles")
    dated = [_with_day(entry) for entry in entries_in(rows)] if isinstance(rows, list) else rows
    return data_reading(page, dated, _FIELDS, NAME, _HOW, total)


def _with_day(entry: Entry) -> Entry:
    """The entry with the day that visitors see, when nothing in it contradicts that day."""
    shown, *beside = (filled(entry, (name,)) for name in (*_SHOWN, *_BESIDE))
    if shown is None:
        return {**entry, _DAY: next((each for each in beside if each is not None), None)}
    day, seen = entry_day(shown)[0], entry_day(beside[0])[0]
    if day and seen and abs((day - seen).days) > _SAME_DAYS:
        return {**entry, _DAY: f"{shown} / {beside[0]}"}
    return {**entry, _DAY: shown}
