"""Feeds of new-media accounts: RSS, Atom, JSON Feed 1 and the bridges that write them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice, pairwise
from typing import Any

import feedparser
from bs4 import BeautifulSoup

from checks.facts import DateCandidate, DateSource, Item
from crawler.dates import instant_day
from crawler.decode import decode, without_halves
from crawler.outcome import page_outcome
from crawler.readers import weibo
from crawler.readers.listing.reading import list_reading, newest_of, unreadable
from crawler.readers.listing.rowtext import resolve
from crawler.readers.page import ListReading, Page

NAME = "feed"
_MOST_ENTRIES = 300
_CHANGED = "条目的修改时间，不是发布时间"
_XML_FEED = re.compile(r"<(?:rss|feed|rdf:RDF)[\s>]", re.I)
_ENTRY_END = re.compile(r"</(?:item|entry)\s{0,9}>", re.I)
_FEED_END = re.compile(r"</(?:rss|feed|rdf:RDF)\s{0,9}>", re.I)
_ENTITY = re.compile(r"<!ENTITY", re.I)
_LONGEST_TITLE = 200
_HEAD, _TAIL = 4_000, 400
_NO_SUCH_FEED = "不存在该feed"  # what WeWe-RSS says of a number it does not know
_MOST_CHARS = 3_000_000
_MOST_TAGS = 50_000


def recognise(html: str) -> str | None:
    """Is this a feed and not a page?"""
    start = html.lstrip("\ufeff \t\r\n")[:_HEAD]
    if start.startswith("{"):
        return "内容为JSON订阅源" if _json_kind(_json(html)) else None
    if start.startswith("<") and _XML_FEED.search(start) and "<html" not in start.lower():
        return "内容为RSS/Atom订阅源"
    return None


def read_feed(page: Page) -> ListReading:
    """Which posts does this feed hold?

    Only an entry's own date counts, never the channel's. Instants become days in
    Asia/Shanghai; a missing zone means UTC+8. A feed without entries proves nothing about
    the account, so it is unreadable, as is anything that is no feed. A channel that was built
    before the day of the look shows nothing later (`shown_to`). Where entries are missing, the
    newest may be among them.
    """
    if page.status >= 300:
        return _not_a_feed(page)
    text = decode(page.body, page.content_type).lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _read_json(page, text)
    if not _XML_FEED.search(text[:_HEAD]) or "<html" in text[:_HEAD].lower():
        return _not_a_feed(page)
    if _ENTITY.search(text):
        return unreadable(NAME, "订阅源含自定义实体，拒绝解析")
    text = re.sub(r"^<\?xml[^>]{0,200}\?>", "", text)
    cut_off = _FEED_END.search(text, max(0, len(text) - _TAIL)) is None
    short = _shortened(text, cut_off=cut_off)
    if short is None:
        return unreadable(NAME, "订阅源过大或不完整，无法解析")
    try:
        parsed = _parsed(short)
    except (ValueError, OverflowError, LookupError):  # such as `&#1114112;`, no character at all
        return unreadable(NAME, "订阅源的内容有误，无法解析")
    items = list(_xml_items(page, parsed.entries))
    reading = _reading(page, items, "RSS/Atom订阅源", short is not text, cut_off=cut_off)
    return _up_to(reading, _built_on(parsed.feed), page.today)


def _reading(
    page: Page, items: Sequence[Item], kind: str, shortened: bool, *, cut_off: bool = False
) -> ListReading:
    """The reading. Of a feed that was cut off anywhere, any post may be missing; of a long one
    that runs from new to old only older ones."""
    if not items:
        return unreadable(NAME, f"{kind}没有条目，不能据此判断是否更新")
    reading = list_reading(items, page.today, NAME, kind)
    if cut_off:
        return replace(reading, unresolved=1, why=f"{reading.why}；订阅源不完整，可能缺少条目")
    if shortened and not _newest_first(items):
        why = f"{reading.why}；订阅源过长，条目又未按时间排列，后面可能有更新的条目"
        return replace(reading, unresolved=1, why=why)
    return reading


def _newest_first(items: Sequence[Item]) -> bool:
    days = [item.published_on for item in items if item.published_on]
    return bool(days) and all(newer >= older for newer, older in pairwise(days))


def _built_on(channel: Mapping[str, Any]) -> date | None:
    """On which day was the feed last built, by its own words?"""
    said = (channel[name] for name in ("updated", "published") if name in channel)
    days = [instant_day(str(words).strip()) for words in said]
    return max((day for day in days if day), default=None)


def _up_to(reading: ListReading, built: date | None, today: date) -> ListReading:
    """A feed that was not rebuilt says nothing of the days since. Its entries are proof enough
    that it was, up to theirs."""
    if built is None or not reading.outcome.seen:
        return reading
    newest = newest_of(reading.items, today)
    shown = max(built, newest.published_on or built) if newest else built
    if shown >= today:
        return reading
    why = f"{reading.why}；订阅源生成于{built}，此后未重新生成"
    return replace(reading, shown_to=shown, why=why)


def _not_a_feed(page: Page) -> ListReading:
    if _NO_SUCH_FEED in decode(page.body[:_HEAD], page.content_type):
        return unreadable(NAME, f"订阅服务提示“{_NO_SUCH_FEED}”，请核对登记的网址")
    met = page_outcome(page)
    if met is not None:
        return ListReading((), met[0], NAME, met[1])
    return unreadable(NAME, "返回的不是订阅源")


def _parsed(text: str) -> Any:
    """feedparser gives the raw words; dates are read by our own rules."""
    return feedparser.parse(
        text.encode(),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _xml_items(page: Page, entries: Sequence[Any]) -> Iterator[Item]:
    for entry in entries[:_MOST_ENTRIES]:
        words = str(entry.get("published") or entry.get("updated") or "").strip()
        title = _plain(str(entry.get("title") or entry.get("summary") or ""))
        link = str(entry.get("link") or "")
        if title or link:
            # Asked for by itself, a missing time of change would be answered with the other.
            changed = str(entry["updated"] or "").strip() if "updated" in entry else ""
            yield _item(page, title, link, words, changed)


def _shortened(text: str, *, cut_off: bool) -> str | None:
    """The text up to its 300th entry, or up to what a parser can take; None without an entry.

    Parsing time grows with each tag, and 50,000 tags are more than any honest feed's start. Of
    a text that was cut off the whole entries: half a date is another date.
    """
    limit = _limit(text)
    ends = [match.end() for match in islice(_ENTRY_END.finditer(text, 0, limit), _MOST_ENTRIES)]
    if limit == len(text) and len(ends) < _MOST_ENTRIES and not cut_off:
        return text
    if not ends:
        return None
    return text[: ends[-1]] + ("</channel></rss>" if "<rss" in text[:_HEAD] else "</feed>")


def _limit(text: str) -> int:
    at = 0
    for _ in range(_MOST_TAGS):
        at = text.find("<", at) + 1
        if at == 0:
            return min(len(text), _MOST_CHARS)
    return min(at, _MOST_CHARS)


def _item(page: Page, title: str, link: str, words: str, changed: str) -> Item:
    on = instant_day(words) if words else None
    source = DateSource.FEED if on else None
    url = resolve(link, page.url) if link else None
    later = instant_day(changed) if changed and changed != words else None
    others = (DateCandidate(later, changed, DateSource.FEED, _CHANGED),) if later else ()
    return Item(title, url, on, words or None, source, others=others)


def _plain(markup: str) -> str:
    text = without_halves(markup)
    if "<" in text or "&" in text:
        text = BeautifulSoup(text, "lxml").get_text(" ")
    return " ".join(text.split())[:_LONGEST_TITLE]


def _json(text: str) -> Mapping[str, object] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _json_kind(value: Mapping[str, object] | None) -> str | None:
    if value is None:
        return None
    if isinstance(value.get("items"), list):
        return "feed"
    return "weibo" if weibo.is_answer(value) else None


def _read_json(page: Page, text: str) -> ListReading:
    value = _json(text)
    kind = _json_kind(value)
    if value is None or kind is None:
        return _not_a_feed(page)
    if kind == "weibo":
        return weibo.read_answer(page, value)
    entries = value["items"]
    if not isinstance(entries, list):
        return _not_a_feed(page)
    items = list(_json_items(page, entries))
    return _reading(page, items, "JSON订阅源", len(entries) > _MOST_ENTRIES)


def _json_items(page: Page, entries: Sequence[object]) -> Iterator[Item]:
    for entry in entries[:_MOST_ENTRIES]:
        if isinstance(entry, dict):
            words = str(entry.get("date_published") or entry.get("date_modified") or "")
            title = _plain(str(entry.get("title") or entry.get("content_text") or ""))
            link = str(entry.get("url") or entry.get("external_url") or "")
            yield _item(page, title, link, words, str(entry.get("date_modified") or ""))
