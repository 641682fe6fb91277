"""Epoint WebBuilder (国泰新点): rows in the markup, or from the portal's list service."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import urldefrag, urlsplit

from checks.facts import Outcome
from crawler.decode import decode
from crawler.readers.as_data import (
    Entry,
    Fields,
    data_reading,
    inside,
    number_of,
    refusal,
)
from crawler.readers.listing.reading import ask_service, unreadable
from crawler.readers.listing.rowtext import resolve
from crawler.readers.page import Follow, ListReading, Page
from crawler.readers.records import service_answer
from crawler.readers.rows import read_rows
from crawler.readers.script_data import addresses_with

NAME = "epoint"
_HOW = "新点系统列表服务"
_STYLE = re.compile(r"""ewb-(?<=["'\s]ewb-)[\w-]{1,60}(?=["'\s])""")
_FEW_STYLES = 2
_LIST_SERVICE = re.compile(
    r"/rest/(?:frontAppCustomAction/getPageInfoList|secaction/getSecInfoList)\w{0,20}"
)
_PROJECT = re.compile(r"""\bprojectName\s{0,9}[:=]\s{0,9}["'](/[\w/-]{1,60})["']""")
_USUAL_PROJECT = "/EpointWebBuilder"
_SITE = re.compile(r"""\bsite_?guid['"]?\s{0,9}[:=]\s{0,9}\\?['"]([0-9a-f-]{32,36})\b""", re.I)
_CATEGORY = re.compile(
    r"""\bcategory_?num['"]?\s{0,9}[:=]\s{0,9}\\?['"]((?:\d{3}){1,6})\\?['"]""", re.I
)
_IN_PATH = re.compile(r"/((?:\d{3}){1,6})(?=/[^/]*$)")
_LINKED_DATE = re.compile(r'"(?:webdate|infodate)"', re.I)
_LINK = re.compile(r'"(?:linkurl|infourl)"', re.I)
_FIELDS = Fields(
    titles=("title", "customtitle", "infotitle"),
    addresses=("infourl", "linkurl", "url"),
    days=("infodate", "webdate"),
)
_ROWS = (
    ("custom", "infodata"),
    ("result", "records"),
    ("data", "infodata"),
    ("infodata",),
    ("Table",),
)
_TOTALS = (("custom", "count"), ("result", "totalcount"), ("custom", "totalcount"))
_ROWS_A_PAGE = 20


def recognise(html: str) -> str | None:
    """Is this a column of Epoint WebBuilder, or an answer of its service, and by what sign?"""
    if html.lstrip().startswith("{"):
        data = _LINK.search(html) and _LINKED_DATE.search(html)
        return "内容为新点系统列表服务的返回" if data else None
    if _LIST_SERVICE.search(html) and _SITE.search(html):
        return "页面调用新点系统列表服务"
    if "ewb-" in html and len(set(_STYLE.findall(html))) >= _FEW_STYLES:
        return "页面样式为新点系统写法"
    return None


def read(page: Page) -> ListReading:
    """Which items does this column page, or the answer of its list service, show?

    Where the page asks a service, rows in the markup count only when their addresses name
    this very category; others may be those of a sidebar.
    """
    html = decode(page.body, page.content_type)
    answer = service_answer(html)
    if isinstance(answer, dict):
        return _read_answer(page, answer)
    static = replace(read_rows(page), reader=NAME)
    service = _list_service(html)
    category = _category(html, page.url)
    if service is None or (category is not None and _of_category(static, category)):
        return static
    follow = _service(html, page, service, category)
    if follow is None:
        return unreadable(NAME, "页面调用列表服务，但没有找到站点或栏目编号")
    return ask_service(NAME, follow, None)


def _list_service(html: str) -> str | None:
    """The service's address; scripts often put the project's name before it when they run."""
    found = list(addresses_with(html, _LIST_SERVICE))
    whole = next((each for each in found if not each.startswith("/rest/")), None)
    if whole is not None or not found:
        return whole
    project = _PROJECT.search(html)
    return f"{project[1] if project else _USUAL_PROJECT}{found[0]}"


def _category(html: str, url: str) -> str | None:
    """The category that the address names, else the only one that the script names."""
    match = _IN_PATH.search(urlsplit(url).path)
    if match:
        return match[1]
    named = set(_CATEGORY.findall(html))
    return named.pop() if len(named) == 1 else None


def _of_category(static: ListReading, category: str) -> bool:
    own = sum(f"/{category}" in (item.url or "") for item in static.items)
    return static.outcome is Outcome.OK and own * 2 > len(static.items)


def _service(html: str, page: Page, path: str, category: str | None) -> Follow | None:
    """The request for the first rows: older services take fields, newer ones one JSON field."""
    site = _SITE.search(html)
    address = resolve(path, page.url)
    if site is None or category is None or address is None:
        return None
    own = {"siteGuid": site[1], "categoryNum": category}
    pages = {"pageIndex": "0", "pageSize": str(_ROWS_A_PAGE)}
    if "/secaction/" in path:
        blank: tuple[str, ...] = (
            "content",
            "startdate",
            "enddate",
            "xiaqucode",
            "projectjiaoyitype",
            "jytype",
        )
    else:
        blank = ("kw", "startDate", "endDate", "xiaqucode", "jytype")
    form = {**own, **dict.fromkeys(blank, ""), **pages}
    if not path.lower().endswith("yzm"):
        numbers = {name: int(value) for name, value in pages.items()}
        form = {"params": json.dumps({**form, **numbers})}
    return Follow(address, "POST", form, {"Referer": urldefrag(page.url).url})


def _read_answer(page: Page, answer: Entry) -> ListReading:
    """What we ask is put together by us, so that an empty answer proves nothing."""
    failure = refusal(answer)
    if failure is not None:
        return unreadable(NAME, failure)
    value: object = answer
    if isinstance(answer.get("return"), str):
        value = service_answer(str(answer["return"]))
    rows = next((found for path in _ROWS if isinstance(found := inside(value, *path), list)), None)
    counted = (number_of(inside(value, *path)) for path in _TOTALS)
    total = next((each for each in counted if each is not None), None)
    return data_reading(page, rows, _FIELDS, NAME, _HOW, total or None)
