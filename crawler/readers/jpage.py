"""Hanweb jcms (大汉): rows as XML in the page's script, else from the jpage data proxy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from itertools import islice
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from checks.facts import Outcome
from crawler.decode import decode
from crawler.readers.listing.items import read_fragments, without_twins
from crawler.readers.listing.reading import ask_service, list_reading, unreadable
from crawler.readers.listing.rowtext import resolve
from crawler.readers.page import Follow, ListReading, Page
from crawler.readers.records import Records, find_datastores, script_total
from crawler.readers.rows import read_rows
from crawler.readers.script_data import addresses_with

NAME = "jpage"
_EMBEDDED = re.compile(r"<record(?:>|set)", re.I | re.A)
_SERVICE = re.compile(r"/jpage/", re.I | re.A)
_PROXY = re.compile(r"/jpage/(?:morecolumn)?dataproxy\.jsp", re.I)
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
_MOST_RECORDS = 45  # three pages of 15, as the page's own script asks
_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|head|body|script)\b", re.I)
_LONGEST_BLOCK = 2_000
_MOST_BLOCKS = 100


def recognise(html: str) -> str | None:
    """Does this page carry a jpage list, or ask a jpage data proxy for one?"""
    if not _EMBEDDED.search(html) and not _SERVICE.search(html):
        return None
    lowered = html.lower()
    if "<record>" in lowered and "<recordset" in lowered:
        return "页面内嵌 jpage 列表数据，为大汉 jcms 栏目页"
    if "/jpage/" in lowered and "dataproxy.jsp" in lowered and "columnid" in lowered:
        return "页面调用 jpage 列表服务，为大汉 jcms 栏目页"
    return None


def read(page: Page) -> ListReading:
    """Which items does this column page, or the answer of its data proxy, show?

    Without embedded rows the page's own rows count only when their addresses name this very
    column; otherwise the reading asks for the data proxy. A proxy may answer bare markup.
    """
    html = decode(page.body, page.content_type)
    column = _column_of(page.url)
    store = _own_store(find_datastores(html), column)
    if store is not None and store.fragments:
        items = without_twins(read_fragments(store.fragments, page.url, page.today))
        return list_reading(items, page.today, NAME, "jpage 列表数据", total=store.total)
    total = store.total if store is not None else script_total(html)
    static = replace(read_rows(page), reader=NAME)
    bare = store is None and not _WHOLE_PAGE.search(html)
    if total != 0 and (bare or _of_this_column(column, static)):
        return replace(static, total=total)
    follow = None if total == 0 else _proxy(html, page, column, total)
    if follow is not None:
        return ask_service(NAME, follow, total)
    if total:
        return unreadable(NAME, f"jpage 列表数据：总数为{total}，却没有返回任何信息")
    return list_reading((), page.today, NAME, "jpage 列表数据", total=total)


def _column_of(url: str) -> str | None:
    """Which column does the address name, in its path or its query?"""
    match = _COLUMN_ADDRESS.search(url)
    if match:
        return match[1]
    query = {name.lower(): values for name, values in parse_qs(urlsplit(url).query).items()}
    return query["columnid"][0] if query.get("columnid") else None


def _own_store(stores: Sequence[Records], column: str | None) -> Records | None:
    """Several units may share a page: the one that names the column, else the longest."""
    mark = f"art_{column}_"
    named = [
        store
        for store in stores
        if column is not None
        and (store.column == column or any(mark in each for each in store.fragments[:60]))
    ]
    return max(named or stores, key=_size, default=None)


def _size(store: Records) -> int:
    """The column's own list is the longest in words."""
    return sum(len(fragment) for fragment in store.fragments[:60])


def _of_this_column(column: str | None, reading: ListReading) -> bool:
    if column is None or reading.outcome is not Outcome.OK:
        return False
    mark = f"art_{column}_"
    return sum(1 for item in reading.items if mark in (item.url or "")) * 2 > len(reading.items)


def _proxy(html: str, page: Page, column: str | None, total: int | None) -> Follow | None:
    """The request that the page's own script would send for the first rows."""
    request = _own_request(html, column)
    address = resolve(request, page.url) if request else None
    if address is None:
        return None
    headers = {"Referer": page.url}
    if "columnid=" in address.lower():
        return Follow(address, headers=headers)
    block = _block_of(html, column)
    form = {name: value for name in _FORM if (value := _parameter(block, name)) is not None}
    if "columnid" not in form:
        return None
    if "morecolumn" in address.lower():
        return Follow(
            f"{address.split('?')[0]}?{urlencode({'page': '1', **form})}", headers=headers
        )
    # Asked for rows beyond the last one, some proxies answer with none at all.
    last = min(_MOST_RECORDS, total or _MOST_RECORDS)
    query = f"startrecord=1&endrecord={last}&perpage=15"
    return Follow(f"{address.split('?')[0]}?{query}", "POST", form, headers)


def _own_request(html: str, column: str | None) -> str | None:
    """The proxy's address: of several that name a column, the one that names ours."""
    found = [unescape(each) for each in addresses_with(html, _PROXY)]
    mark = re.compile(rf"columnid={re.escape(column or '')}(?!\w)", re.I)
    own = (each for each in found if column is not None and mark.search(each))
    return next(own, found[0] if found else None)


def _block_of(html: str, column: str | None) -> str:
    """The script's object whose columnid is the column's; the whole page if there is none."""
    if column is None:
        return html
    written = rf"""columnid['"]?\s{{0,9}}[:=]\s{{0,9}}['"]?{re.escape(column)}(?!\w)"""
    for match in islice(re.finditer(written, html, re.I), _MOST_BLOCKS):
        first = html.rfind("{", max(0, match.start() - _LONGEST_BLOCK), match.start())
        last = html.find("}", match.end(), match.end() + _LONGEST_BLOCK)
        if 0 <= first < last and _parameter(html[first:last], "unitid") is not None:
            return html[first:last]
    return html


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
