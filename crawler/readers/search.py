"""Does a search's answer show a title, or say in words that there is none? Is there a query form?

A page repeats what was asked, in its box and its heading: only a link with the title, or a record
of a data service, is a result.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from checks.catalogues import plain
from checks.facts import Outcome
from crawler.decode import decode
from crawler.outcome import page_outcome
from crawler.readers.markup import attributes
from crawler.readers.page import Page
from crawler.readers.shell import ADVICE, script_sign
from crawler.readers.unseen import seen_part
from crawler.readers.visible import read_visible

_ANCHOR = re.compile(r"<[aA](?=\s)([^<>]{0,3000})>")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_NOTHING = re.compile(
    r"(?:(?:未能?|没有?|无法)(?:找到|搜索到|检索到|查询到|搜到|查到)|没有(?:相关|符合|匹配)的?[^\n]{0,6}(?:结果|内容|信息|记录)"
    r"|查无(?:结果|记录|信息)|[无没]有?(?:相关|匹配|搜索|检索)(?:结果|内容|信息|记录)"
    r"|(?<![\d.,])0 ?(?:条|个|项|篇|页)(?![\d月])|no results)(?![^\n]{0,20}[?？吗])",
    re.IGNORECASE,
)
_SOME = re.compile(r"(?:共|找到|约|检索到|搜索到|搜到)[^\d\n]{0,8}[1-9][\d,]{0,9} ?(?:条|个|项|篇)")
_COUNT_NAMES = re.compile(r"(?:total|count|numfound|hits|rows)", re.IGNORECASE)
_ECHO_NAMES = re.compile(r"key|query|search|word|^(?:q|wd|kw)$", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?:/)?/[^\s]{2,}|[^\s]{1,200}\.s?html?\b")
_WRITTEN_BY = re.compile(r"\$\.(?:ajax|post|get|getJSON)\s?\(|fetch\s?\(|axios|XMLHttpRequest")
_INNER_CHARS = 3_000
_FEWEST_CHARS = 10
_SHARE = 0.7
_MOST_VALUES = 20_000
_MOST_ANCHORS = 3_000
_ECHO_CHARS = 1_000_000
_SERVICE_HOST = re.compile(r"zwfw|政务服务网|政务服务平台|一网通办", re.IGNORECASE)
_FORM = re.compile(r"<(?:form|input)(?=[\s/>])", re.IGNORECASE)
_ASKS = re.compile(r"查询|办件|进度|受理号|流水号|业务编号|申办")


@dataclass(frozen=True, slots=True)
class Found:
    """`found` None: nobody can say, and `outcome` and `why` say what was met."""

    found: bool | None
    why: str
    outcome: Outcome = Outcome.OK


def read_search(page: Page, title: str) -> Found:
    """Does this answer show this title among its results? Never raises.

    A short page that finds nothing reads like one that does not exist, so it must repeat the
    title that was asked for.
    """
    met = page_outcome(page)
    if met is not None and (met[0] is not Outcome.GONE or page.status >= 300):
        return Found(None, met[1], met[0])
    text = decode(page.body, page.content_type)
    data = _as_data(text)
    return _in_data(data, title) if data is not None else _in_page(page, text, title)


def _in_page(page: Page, html: str, title: str) -> Found:
    if any(_matches(words, title) for words in _results(html, title)):
        return Found(True, "检索结果中有该标题")
    if not page.rendered and (sign := _sign(html)):
        return Found(None, f"{sign}，未能看到检索结果；须人工核查", Outcome.UNREADABLE)
    seen = read_visible(html)
    said = [m for m in _NOTHING.finditer(seen.text) if not seen.is_hidden(m.start())]
    said = [m for m in said if m[0] not in title]
    echoed = plain(title) in plain(unescape(html[:_ECHO_CHARS]))
    if not said or not echoed or _SOME.search(seen.text):
        return Found(None, "检索结果中未见该标题，须人工核查", Outcome.UNREADABLE)
    return Found(False, f"页面提示“{said[0][0]}”")


def _sign(html: str) -> str | None:
    """What shows that results are written by a script?"""
    if sign := script_sign(html):
        return sign
    code = "\n".join(read_visible(html).scripts)
    return "页面由脚本查询数据" if _WRITTEN_BY.search(code[:500_000]) else None


def _results(html: str, title: str) -> Iterator[str]:
    """The words of links that lead anywhere but to another search for the same."""
    html = seen_part(html, lambda _name, _content: ())
    asked = plain(title)
    for count, match in enumerate(_ANCHOR.finditer(html)):
        if count >= _MOST_ANCHORS:
            return
        told = attributes(match[1])
        href = told.get("href", "").strip()
        if not href or href.startswith("#") or asked in plain(unquote_plus(href)):
            continue
        inner = html[match.end() : match.end() + _INNER_CHARS].partition("</a")[0]
        yield unescape(_TAG.sub("", inner))
        yield told.get("title", "")


def _matches(words: str, title: str) -> bool:
    """Is this the title, whole, or cut off as lists do?"""
    shown, asked = plain(words), plain(title)
    if asked in shown:
        return True
    cut = len(shown) >= max(_FEWEST_CHARS, len(asked) * _SHARE)
    return cut and asked.startswith(shown)


def _as_data(text: str) -> Any:
    text = text.strip()
    if text[:1] not in "{[" and text.endswith((")", ");")):
        text = text.partition("(")[2].rpartition(")")[0]
    if text[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _in_data(data: Any, title: str) -> Found:
    """Data of a service: records with the title and an address, or a count of nought."""
    counts, rows = [], 0
    for told in _tables(data):
        rows += any(isinstance(each, str) and _ADDRESS.fullmatch(each) for each in told.values())
        for name, value in told.items():
            if isinstance(value, str) and not _ECHO_NAMES.search(name) and _is_record(told, name):
                bare = unescape(_TAG.sub("", value))
                if _matches(bare, title):
                    return Found(True, "检索结果中有该标题")
            if type(value) is int and _COUNT_NAMES.search(name):
                counts.append(value)
    if counts and max(counts) == 0 and not rows:
        return Found(False, "检索接口返回0条结果")
    return Found(None, "检索接口的结果中未见该标题", Outcome.UNREADABLE)


def _is_record(told: Mapping[str, Any], name: str) -> bool:
    """Does this table hold an address beside the words?"""
    return any(
        other != name and isinstance(value, str) and _ADDRESS.fullmatch(value)
        for other, value in told.items()
    )


def _tables(data: Any) -> Iterator[Mapping[str, Any]]:
    waiting, seen = [data], 0
    while waiting and seen < _MOST_VALUES:
        value = waiting.pop()
        seen += 1
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value[:_MOST_VALUES])


def read_progress(page: Page) -> Found:
    """Can a visitor of this page ask how far a matter is: by a form, or on the service network?

    `found` False only for a page that does not exist.
    """
    if met := page_outcome(page):
        return Found(False if met[0] is Outcome.GONE else None, met[1], met[0])
    if _SERVICE_HOST.search(_host(page.url)):
        return Found(True, "转到政务服务网")
    html = decode(page.body, page.content_type)
    seen = seen_part(html, lambda _name, _content: ())
    if _FORM.search(seen) and _ASKS.search(read_visible(html).text):
        return Found(True, "页面有查询表单")
    for match in list(_ANCHOR.finditer(seen))[:_MOST_ANCHORS]:
        inner = seen[match.end() : match.end() + _INNER_CHARS].partition("</a")[0]
        if _SERVICE_HOST.search(_host(attributes(match[1]).get("href", "")) + _TAG.sub("", inner)):
            return Found(True, "页面链接到政务服务网")
    sign = None if page.rendered else script_sign(html)
    advice = f"{sign}，{ADVICE}" if sign else "页面上没有看到查询表单"
    return Found(None, f"{advice}，须人工核查", Outcome.UNREADABLE)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
