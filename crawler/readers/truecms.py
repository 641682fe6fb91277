"""TrueCMS (海安, 南通, 连云港 and their counties): rows in a hidden block, more from a service."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlencode, urlsplit

from checks.facts import Item
from crawler.decode import decode
from crawler.readers.as_data import Entry, Fields, data_reading, number_of, refusal
from crawler.readers.listing.items import FULL, MOST_FRAGMENTS, read_fragments, without_twins
from crawler.readers.listing.reading import ask_service, list_reading, unreadable
from crawler.readers.listing.rowtext import resolve
from crawler.readers.listing.scan import NestingError, parse_html
from crawler.readers.page import Follow, ListReading, Page
from crawler.readers.records import find_datastores, script_total, service_answer, unwrapped
from crawler.readers.script_data import addresses_with

NAME = "truecms"
_PROXY = re.compile(r"""proxyUrl['"]?\s{0,9}:\s{0,9}['"]([^'"\s]{1,300})['"]""", re.I)
_SERVICE = re.compile(r"/truecms/messageController/getMessage\.do", re.I)
_COLUMN = re.compile(r"""columnId['"]?\s{0,9}[:=]\s{0,9}['"]?([\w-]{4,64})""", re.I)
_ANSWER = re.compile(
    r"""\s{0,99}[\w$.]{1,99}\(\s{0,9}(?:\{\s{0,9}"result"\s{0,9}:\s{0,9})?["']?<datastore"""
)
_CALLED = re.compile(r"/truecms/messageController/", re.I)
_LAST_RECORD = 30  # groups of 30; 50 still works, 100 is answered with nothing
_LIBRARY = re.compile(r"/truecms/messageController/getMessageByCondition\.do", re.I)
_LIBRARY_ID = re.compile(r"""\blmid['"]?\s{0,9}[:=,]\s{0,9}\\?['"]?([0-9a-f-]{32,36})\b""", re.I)
_LIBRARY_NAME = re.compile(r"""\blmxx['"]?\s{0,9}[:=,]\s{0,9}\\?['"]?([\w,]{1,100})""", re.I)
_COLUMN_CODE = re.compile(r"/([\w-]{1,60})/\1\.html?$")
_LIBRARY_FIELDS = Fields(
    titles=("msgtitle", "title"), addresses=("htmlpath", "url"), days=("fbrq",)
)


def recognise(html: str) -> str | None:
    """Is this a column of TrueCMS, and by what sign?"""
    if "initData" in html and re.search(r"""id\s{0,9}=\s{0,9}['"]?initData\b""", html):
        return "页面含 #initData，为 TrueCMS 栏目页"
    if _ANSWER.match(html):
        return "内容为 TrueCMS 列表服务的返回"
    if _CALLED.search(html):
        if _SERVICE.search(html) and _COLUMN.search(html):
            return "页面调用 TrueCMS 列表服务"
        if _LIBRARY.search(html) and _LIBRARY_ID.search(html):
            return "页面调用 TrueCMS 政策文件库服务"
    if html.lstrip().startswith("{") and '"msgList"' in html:
        return "内容为 TrueCMS 政策文件库服务的返回"
    return None


def read(page: Page) -> ListReading:
    """Which items does this column page, or the answer of its list service, show?

    Without rows on the page the reading asks for the list service once; a service that is
    switched off means no further pages, and leaves the column unread.
    """
    html = decode(page.body, page.content_type)
    answer = service_answer(html)
    if isinstance(answer, dict) and "result" not in answer:
        return _read_library(page, answer)
    if answer is not None or unwrapped(html).lstrip("'").startswith(("<datastore", "<?xml")):
        return _read_answer(page, html, answer)
    items = _hidden_rows(html, page)
    total = script_total(html)
    follow = None if items or total == 0 else _service(html, page) or _library(html, page)
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
    if block is None:
        return []
    tag = next((each for each in ("li", "tr", "dl") if block.css_first(each)), "li")
    begin = re.compile(rf"<{tag}[\s>]")
    rows = islice(block.css(tag), MOST_FRAGMENTS)
    pieces = [_piece(row.html or "", begin) for row in rows]
    return without_twins(read_fragments(pieces, page.url, page.today))


def _piece(html: str, begin: re.Pattern[str]) -> str:
    """A row's markup. One in which many others lie ends where the first of them begins: each is a
    piece of its own, and would be read as often as it lies deep."""
    starts = [found.start() for found in islice(begin.finditer(html), FULL + 1)]
    if len(starts) <= FULL:
        return html
    cut = html[: starts[1]]
    # Closed again: what it leaves open would hold all pieces that follow.
    body = parse_html(f"<table>{cut}" if cut.startswith("<tr") else cut).body
    return (body.inner_html if body is not None else None) or ""


def _read_answer(page: Page, html: str, answer: object) -> ListReading:
    """A datastore, handed over in JSON, as a string, or bare."""
    result = answer.get("result") if isinstance(answer, dict) else answer
    if answer is None:
        result = re.sub(r"\\([\"'/])", r"\1", html)
    stores = find_datastores(result) if isinstance(result, str) else []
    if not stores:
        return unreadable(NAME, "列表服务没有返回列表")
    items = without_twins(read_fragments(stores[0].fragments, page.url, page.today))
    total = stores[0].total
    if not items and total:
        return unreadable(NAME, f"TrueCMS 列表服务：总数为{total}，却没有返回任何信息")
    return list_reading(items, page.today, NAME, "TrueCMS 列表服务", total=total)


def _read_library(page: Page, answer: Entry) -> ListReading:
    """The form we send is put together by us, so that an empty answer proves nothing."""
    failure = refusal(answer)
    if failure is not None:
        return unreadable(NAME, failure)
    total = number_of(answer.get("totalCount")) or None
    rows = answer.get("msgList")
    return data_reading(page, rows, _LIBRARY_FIELDS, NAME, "TrueCMS 政策文件库服务", total)


def _library(html: str, page: Page) -> Follow | None:
    """The policy library's request for the first rows, under the column that the page names."""
    path = next(addresses_with(html, _LIBRARY), None)
    number = _LIBRARY_ID.search(html)
    address = resolve(path, page.url) if path else None
    named = _LIBRARY_NAME.search(html) or _COLUMN_CODE.search(urlsplit(page.url).path)
    if number is None or address is None or named is None:
        return None
    form = {"lmxx": named[1], "lmid": number[1], "isGetChild": "1", "pagenum": "1"}
    headers = {"Referer": page.url, "X-Requested-With": "XMLHttpRequest"}
    return Follow(address, "POST", {**form, "pagesize": "15"}, headers)


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
