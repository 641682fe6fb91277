"""TrueCMS (海安, 南通, 连云港 and their counties): rows in a hidden block, more from a service."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from checks.facts import Item
from crawler.decode import decode
from crawler.readers.listing.items import read_fragments
from crawler.readers.listing.reading import ask_service, list_reading, unreadable
from crawler.readers.listing.rowtext import resolve
from crawler.readers.listing.scan import NestingError, parse_html
from crawler.readers.page import Follow, ListReading, Page
from crawler.readers.records import find_datastores, script_total, service_answer

NAME = "truecms"
_PROXY = re.compile(r"""proxyUrl['"]?\s{0,9}:\s{0,9}['"]([^'"\s]{1,300})['"]""", re.I)
_SERVICE = re.compile(r"/truecms/messageController/getMessage\.do", re.I)
_COLUMN = re.compile(r"""columnId['"]?\s{0,9}[:=]\s{0,9}['"]?([\w-]{4,64})""", re.I)
_ANSWER = re.compile(
    r"""\s{0,99}[\w$.]{1,99}\(\s{0,9}\{\s{0,9}"result"\s{0,9}:\s{0,9}"<datastore"""
)
_LAST_RECORD = 30  # groups of 30; 50 still works, 100 is answered with nothing


def recognise(html: str) -> str | None:
    """Is this a column of TrueCMS, and by what sign?"""
    if re.search(r"""id\s{0,9}=\s{0,9}['"]?initData\b""", html):
        return "页面含 #initData，为 TrueCMS 栏目页"
    if _ANSWER.match(html):
        return "内容为 TrueCMS 列表服务的返回"
    if _SERVICE.search(html) and _COLUMN.search(html):
        return "页面调用 TrueCMS 列表服务"
    return None


def read(page: Page) -> ListReading:
    """Which items does this column page, or the answer of its list service, show?

    Without rows on the page the reading asks for the list service once; a service that is
    switched off means no further pages, and leaves the column unread.
    """
    html = decode(page.body, page.content_type)
    answer = service_answer(html)
    if answer is not None:
        return _read_answer(page, answer)
    items = _hidden_rows(html, page)
    total = script_total(html)
    follow = None if items or total == 0 else _service(html, page)
    if follow is not None:
        return ask_service(NAME, follow, total)
    return list_reading(items, page.today, NAME, "TrueCMS 栏目列表", total=total)


def _hidden_rows(html: str, page: Page) -> list[Item]:
    try:
        block = parse_html(html).css_first("#initData")
        if block is not None and block.tag in ("script", "textarea", "template"):
            inner = block.inner_html if block.tag == "template" else block.text()
            block = parse_html(f"<body>{inner}").body
    except NestingError:
        return []
    rows = (block.css("li") or block.css("tr") or block.css("dl")) if block is not None else []
    return read_fragments([row.html or "" for row in rows], page.url, page.today)


def _read_answer(page: Page, answer: object) -> ListReading:
    result = answer.get("result") if isinstance(answer, dict) else None
    stores = find_datastores(result) if isinstance(result, str) else []
    if not stores:
        return unreadable(NAME, "列表服务没有返回列表")
    items = read_fragments(stores[0].fragments, page.url, page.today)
    return list_reading(items, page.today, NAME, "TrueCMS 列表服务", total=stores[0].total)


def _service(html: str, page: Page) -> Follow | None:
    column = _COLUMN.search(html)
    proxy = _PROXY.search(html)
    path = proxy[1] if proxy else _found(_SERVICE.search(html))
    address = resolve(path, page.url) if path else None
    if column is None or address is None:
        return None
    query = {
        "startrecord": "1",
        "endrecord": str(_LAST_RECORD),
        "perpage": "10",
        "contentTemplate": "",
        "columnId": column[1],
        "callback": "cb",
    }
    joint = "&" if "?" in address else "?"
    return Follow(f"{address}{joint}{urlencode(query)}", headers={"Referer": page.url})


def _found(match: re.Match[str] | None) -> str | None:
    return match[0] if match else None
