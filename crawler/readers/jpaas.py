"""jpaas (集约化平台): the column's list is a page unit, fetched as JSON that carries markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import urlencode

from checks.facts import Outcome
from crawler.decode import decode
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
_COUNT = re.compile(r"""\bcount\s{0,9}=\s{0,9}["']?(\d{1,9})""")


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
    unit = next((query for query in queries if "列表" in query.get("tagId", "")), None)
    unit = unit or next(iter(queries), None)
    address = _URL.search(html)
    url = resolve(address[1], page.url) if address else None
    if unit is None or url is None:
        return unreadable(NAME, "没有找到列表服务的参数")
    shown = read_rows(page, f'[id="{unit["tagId"]}"]') if _safe(unit.get("tagId")) else None
    if shown is not None and shown.outcome is Outcome.OK:
        return replace(shown, reader=NAME)
    query = urlencode({**unit, "editType": "null"})
    return ask_service(NAME, Follow(f"{url}?{query}", headers={"Referer": page.url}), None)


def _query(match: re.Match[str]) -> dict[str, str] | None:
    """The unit's parameters; the page writes them as JSON with single quotes."""
    try:
        value = json.loads(match[2].replace("'", '"').replace("&quot;", '"'))
    except ValueError:
        return None
    return {str(key): str(part) for key, part in value.items()}


def _safe(name: str | None) -> bool:
    return bool(name) and not re.search(r'["\\\]]', name or "")


def _read_answer(page: Page, answer: object) -> ListReading:
    data = answer.get("data") if isinstance(answer, dict) else None
    markup = data.get("html") if isinstance(data, dict) else None
    if not isinstance(markup, str):
        return unreadable(NAME, "列表服务没有返回列表")
    count = _COUNT.search(markup)
    total = int(count[1]) if count else None
    html = f"<html><body>{markup}</body></html>"
    rows = read_rows(replace(page, body=html.encode(), content_type="text/html; charset=utf-8"))
    if not rows.items:
        return list_reading((), page.today, NAME, "集约化平台列表服务", total=total)
    return replace(rows, reader=NAME, total=total)
