"""UCAP (开普): the first page stands in the markup, else a search service lists the channel."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urldefrag

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

NAME = "ucap"
_USUAL_SERVICE = "searchList"
_ID = r"[0-9a-fA-F]{32}"
_NAMED = re.compile(rf"/(searchList|common/search|search)/({_ID})(?![0-9a-fA-F])")
_PATH = re.compile(r"""["'](?:[^"'\s<>]{0,200})/(searchList|common/search|search)/["']""")
_PATH_END = re.compile(r"""/(?:searchList|common/search|search)/["']""")
_META = re.compile(
    rf"""<meta\s[^<>]{{0,200}}name\s{{0,3}}=\s{{0,3}}["']?channelid["']?[^<>]{{0,200}}?"""
    rf"""content\s{{0,3}}=\s{{0,3}}["']?({_ID})(?![0-9a-f])""",
    re.I,
)
_CHANNEL = re.compile(
    rf"""\bchannel_?id['"]?\s{{0,9}}[:=]\s{{0,9}}['"]({_ID})['"]""",
    re.I,
)
_ARTICLE = re.compile(rf"""/(c\d{{4,8}})/(?:\d{{1,8}}/){{1,3}}{_ID}\.shtml""")
_PAGER = re.compile(r"""createPageHTML\(\s{0,9}['"]page_div['"]\s{0,9},\s{0,9}\d""")
_ANSWER = re.compile(r"""\s{0,99}(?:[\w$.]{1,99}\(\s{0,9})?\{""")
_COLUMN = re.compile(r"/(c\d{4,8})/[^/]{0,100}$")
_MARKS = ('"publishedTimeStr"', '"publishedTime"', '"channelCodeName"', '"manuscriptId"')
_FIELDS = Fields(
    titles=("title",),
    addresses=("url", "link"),
    days=("publishedTimeStr", "publishedTime"),
)
_ROWS_A_PAGE = 20
_FEW_ARTICLES = 3


def recognise(html: str) -> str | None:
    """Is this a column of UCAP, or an answer of its search service, and by what sign?"""
    if _ANSWER.match(html):
        data = '"results"' in html and any(mark in html for mark in _MARKS)
        return "内容为开普系统列表服务的返回" if data else None
    if _NAMED.search(html) or ("hannel" in html and _names_channel(html)):
        return "页面含开普系统的栏目编号"
    if _PAGER.search(html) and len(_articles(html)) >= _FEW_ARTICLES:
        return "页面的链接和翻页为开普系统写法"
    return None


def _names_channel(html: str) -> bool:
    if _META.search(html):
        return True
    return bool(_PATH_END.search(html) and _PATH.search(html) and _CHANNEL.search(html))


def read(page: Page) -> ListReading:
    """Which items does this column page, or the answer of its search service, show?

    Rows in the markup win where the page has a static pager, where they belong to this very
    column, or where no service is named; any other rows may be those of a sidebar.
    """
    html = decode(page.body, page.content_type)
    answer = service_answer(html)
    if isinstance(answer, dict):
        return _read_answer(page, answer)
    static = replace(read_rows(page), reader=NAME)
    channels = _channels(html)
    if not channels or _is_the_list(html, page, static):
        return _believed(html, page, static)
    if len(channels) > 1:
        return unreadable(NAME, "页面有多个栏目编号，无法确定哪个是本栏目")
    follow = _service(html, page, channels[0])
    return ask_service(NAME, follow, None) if follow else static


def _is_the_list(html: str, page: Page, static: ListReading) -> bool:
    if static.outcome is not Outcome.OK:
        return False
    return bool(_PAGER.search(html)) or _own_rows(page, static) * 2 > len(static.items)


def _own_rows(page: Page, static: ListReading) -> int:
    column = _COLUMN.search(page.url)
    if column is None:
        return 0
    return sum(f"/{column[1]}/" in (item.url or "") for item in static.items)


def _believed(html: str, page: Page, static: ListReading) -> ListReading:
    """Rows of other columns only, beside articles of this very column, are not its list."""
    column = _COLUMN.search(page.url)
    own = {link for link, its in _articles(html).items() if column and its == column[1]}
    if static.items and len(own) >= _FEW_ARTICLES and not _own_rows(page, static):
        return unreadable(NAME, "读到的列表不属于本栏目，不能据此判断")
    return static


def _articles(html: str) -> dict[str, str]:
    """The articles that the page links to, each with its column's code."""
    return {match[0]: match[1] for match in _ARTICLE.finditer(html)}


def _channels(html: str) -> list[str]:
    """The channel that the page says it is, else those that its scripts ask for."""
    own = _META.search(html)
    if own:
        return [own[1].lower()]
    named = [match[2].lower() for match in _NAMED.finditer(html)]
    return list(dict.fromkeys(named or [each.lower() for each in _CHANNEL.findall(html)]))


def _service(html: str, page: Page, channel: str) -> Follow | None:
    """The request that the page's script would send for the first rows."""
    path = _NAMED.search(html) or _PATH.search(html)
    service = path[1] if path else _USUAL_SERVICE
    query = (
        f"_isAgg=true&_isJson=true&_pageSize={_ROWS_A_PAGE}&_template=index"
        "&_rangeTimeGte=&_channelName=&page=1"
    )
    address = resolve(f"/{service}/{channel}?{query}", page.url)
    return Follow(address, headers={"Referer": urldefrag(page.url).url}) if address else None


def _read_answer(page: Page, answer: Entry) -> ListReading:
    failure = refusal(answer)
    if failure is not None:
        return unreadable(NAME, failure)
    data = _data(answer)
    rows = data["results"] if "results" in data else data.get("list")
    return data_reading(page, rows, _FIELDS, NAME, "开普系统列表服务", number_of(data.get("total")))


def _data(answer: Entry) -> Entry:
    """The part of the answer that holds the rows; some services wrap it once more."""
    for path in (("data",), ("results", "data"), ("results",)):
        part = inside(answer, *path)
        if isinstance(part, dict) and ("results" in part or "list" in part):
            return part
    return answer
