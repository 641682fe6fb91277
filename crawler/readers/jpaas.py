"""jpaas (集约化平台): the column's list is a page unit, fetched as JSON that carries markup."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from urllib.parse import urlencode

from checks.facts import Outcome
from crawler.decode import decode, without_halves
from crawler.readers.as_data import inside, refusal
from crawler.readers.listing.reading import ask_service, list_reading, unreadable
from crawler.readers.listing.rowtext import resolve
from crawler.readers.page import Follow, ListReading, Page
from crawler.readers.records import service_answer
from crawler.readers.rows import read_rows

NAME = "jpaas"
_UNIT_PATH = "/jpaas-publish-server/front/page/build/unit"
_URL = re.compile(
    r"""\burl\s{0,9}[:=]\s{0,9}["']([^"'\s]{0,200}/front/page/build/unit[^"'\s]{0,200})["']"""
)
_QUERY = re.compile(r"""queryData\s{0,9}[:=]\s{0,9}(["']?)(\{[^{}]{1,1500}\})\1""")
_ANSWER = re.compile(r"""\s{0,99}\{[^<>]{0,200}"data"\s{0,9}:\s{0,9}\{[^<>]{0,200}"html"\s{0,9}:""")
_TAG = re.compile(r"<[a-z]{1,10}\s[^<>]{0,800}>", re.I)
_PAGER = re.compile(r"""pagination|(?<![\w-])(?:pageno|rows)\s{0,9}=""", re.I)
_COUNT = re.compile(r"""(?<![\w-])count\s{0,9}=\s{0,9}["']?(\d{1,9})""", re.I)
_OF_LIST = re.compile(r"列表|分页|list|page", re.I)
_NOT_OF_LIST = re.compile(
    r"导航|位置|路径|头部|底部|页头|页尾|页脚|左侧|推荐|热点|排行|轮播|banner", re.I
)


def recognise(html: str) -> str | None:
    """Does this page fetch its list as a jpaas page unit?"""
    if _ANSWER.match(html):
        return "内容为集约化平台列表服务的返回"
    return "页面调用集约化平台列表服务" if _UNIT_PATH in html and "queryData" in html else None


def read(page: Page) -> ListReading:
    """Which items does this column page, or the answer of its unit service, show?"""
    html = decode(page.body, page.content_type)
    answer = service_answer(html)
    if answer is not None:
        return _read_answer(page, answer)
    queries = [query for query in map(_query, _QUERY.finditer(html)) if query]
    unit = _list_unit(queries)
    address = _URL.search(html)
    url = resolve(address[1], page.url) if address else None
    if unit is None or url is None:
        return unreadable(NAME, "没有找到列表服务的参数")
    shown = read_rows(page, f'[id="{unit["tagId"]}"]') if _safe(unit.get("tagId")) else None
    if shown is not None and shown.outcome is Outcome.OK:
        return replace(shown, reader=NAME)
    query = urlencode({**unit, "editType": "null"})
    return ask_service(NAME, Follow(f"{url}?{query}", headers={"Referer": page.url}), None)


def _list_unit(queries: Sequence[dict[str, str]]) -> dict[str, str] | None:
    """Of the page's units, the one that is the list by its name, else the only one left."""
    left = [each for each in queries if not _NOT_OF_LIST.search(each.get("tagId", ""))]
    named = [each for each in left if _OF_LIST.search(each.get("tagId", ""))]
    if named:
        return next((each for each in named if "列表" in each["tagId"]), named[0])
    return left[0] if left else None


def _query(match: re.Match[str]) -> dict[str, str] | None:
    """The unit's parameters; the page writes them as JSON with single quotes."""
    try:
        value = json.loads(unescape(match[2]).replace("'", '"'))
    except ValueError:
        return None
    return {str(key): str(part) for key, part in value.items()}


def _safe(name: str | None) -> bool:
    return bool(name) and not re.search(r'["\\\]]', name or "")


def _read_answer(page: Page, answer: object) -> ListReading:
    """The answer carries the rows as markup, and below them the pager with the total."""
    failure = refusal(answer) if isinstance(answer, dict) else None
    if failure is not None:
        return unreadable(NAME, failure)
    markup = inside(answer, "data", "html")
    if not isinstance(markup, str):
        return unreadable(NAME, "列表服务没有返回列表")
    total = _total(markup)
    html = f"<html><body>{markup}</body></html>"
    whole = without_halves(html)
    rows = read_rows(replace(page, body=whole.encode(), content_type="text/html; charset=utf-8"))
    if rows.items:
        return replace(rows, reader=NAME, total=total)
    if total:
        return unreadable(NAME, f"集约化平台列表服务：总数为{total}，却没有返回任何信息")
    return list_reading((), page.today, NAME, "集约化平台列表服务", total=total)


def _total(markup: str) -> int | None:
    """What the pager, a div or a table, counts."""
    pagers = (tag for tag in _TAG.findall(markup) if _PAGER.search(tag))
    counts = (_COUNT.search(tag) for tag in pagers)
    return next((int(count[1]) for count in counts if count), None)
