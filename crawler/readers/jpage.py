"""Hanweb jcms (大汉): rows as XML in the page's script, else from the jpage data proxy."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote, urlencode

from checks.facts import Outcome
from crawler.decode import decode
from crawler.readers.listing.items import read_fragments
from crawler.readers.listing.reading import ask_service, list_reading
from crawler.readers.listing.rowtext import resolve
from crawler.readers.page import Follow, ListReading, Page
from crawler.readers.records import Records, find_datastores, script_total
from crawler.readers.rows import read_rows

NAME = "jpage"
_PROXY = re.compile(
    r"""[^'"\s<>()]{0,200}/jpage/(?:morecolumn)?dataproxy\.jsp[^'"\s<>)]{0,600}""", re.I
)
_FORM = (
    "col",
    "appid",
    "webid",
    "path",
    "columnid",
    "sourceContentType",
    "unitid",
    "webname",
    "permissiontype",
)
_DEFAULTS = {"col": "1", "appid": "1", "path": "/", "sourceContentType": "1", "permissiontype": "0"}
_COLUMN_ADDRESS = re.compile(r"/col/col(\d+)/")
_RANGE = "startrecord=1&endrecord=45&perpage=15"


def recognise(html: str) -> str | None:
    """Does this page carry a jpage list, or ask a jpage data proxy for one?"""
    lowered = html.lower()
    if "<record>" in lowered and "<recordset" in lowered:
        return "页面内嵌 jpage 列表数据，为大汉 jcms 栏目页"
    if "/jpage/" in lowered and "dataproxy.jsp" in lowered and "columnid" in lowered:
        return "页面调用 jpage 列表服务，为大汉 jcms 栏目页"
    return None


def read(page: Page) -> ListReading:
    """Which items does this column page, or the answer of its data proxy, show?

    Without embedded rows the page's own rows count only when their addresses name this very
    column; otherwise the reading asks for the data proxy.
    """
    html = decode(page.body, page.content_type)
    stores = find_datastores(html)
    store = max(stores, key=_size, default=None)
    if store is not None and store.fragments:
        items = read_fragments(store.fragments, page.url, page.today)
        return list_reading(items, page.today, NAME, "jpage 列表数据", total=store.total)
    total = store.total if store is not None else script_total(html)
    static = read_rows(page)
    if total != 0 and _of_this_column(page, static):
        return replace(static, reader=NAME, total=total)
    follow = None if total == 0 else _proxy(html, page)
    if follow is not None:
        return ask_service(NAME, follow, total)
    return list_reading((), page.today, NAME, "jpage 列表数据", total=total)


def _size(store: Records) -> int:
    """Several units may share a page; the column's own list is the longest in words."""
    return sum(len(fragment) for fragment in store.fragments[:60])


def _of_this_column(page: Page, reading: ListReading) -> bool:
    column = _COLUMN_ADDRESS.search(page.url)
    if column is None or reading.outcome is not Outcome.OK:
        return False
    mark = f"art_{column[1]}_"
    return sum(1 for item in reading.items if mark in (item.url or "")) * 2 > len(reading.items)


def _proxy(html: str, page: Page) -> Follow | None:
    """The request that the page's own script would send for the first rows."""
    match = _PROXY.search(html)
    address = resolve(match[0].replace("&amp;", "&"), page.url) if match else None
    if address is None:
        return None
    headers = {"Referer": page.url}
    if "columnid=" in address.lower():
        return Follow(address, headers=headers)
    form = {name: value for name in _FORM if (value := _parameter(html, name)) is not None}
    if "columnid" not in form:
        return None
    if "morecolumn" in address.lower():
        return Follow(
            f"{address.split('?')[0]}?{urlencode({'page': '1', **form})}", headers=headers
        )
    return Follow(f"{address.split('?')[0]}?{_RANGE}", "POST", form, headers)


def _parameter(html: str, name: str) -> str | None:
    """A parameter as scripts write it: columnid:1, 'columnid':'1', columnid=1, &columnid=1."""
    match = re.search(
        rf"""(?<![\w])['"]?{name}['"]?\s{{0,9}}[:=]\s{{0,9}}(?:'([^']{{0,200}})'|"([^"]{{0,200}})"|([^\s,;&'"{{}}<>)]{{1,200}}))""",
        html,
        re.I,
    )
    if match is None:
        return _DEFAULTS.get(name)
    value = next((group for group in match.groups() if group is not None), "")
    return unquote(value) if name == "webname" else value
