"""What an account calls itself, by a service, an article or a feed; and its own numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from bs4 import BeautifulSoup

from checks.accounts import AccountName
from crawler.decode import decode
from crawler.readers import feed, wechat, weibo
from crawler.readers.page import Page

_HEAD = 20_000
_LONGEST_NAME = 100
_FIRST_ENTRY = re.compile(r"<(?:item|entry)[\s>]", re.I)
_TITLE = re.compile(r"<title(?:\s[^>]{0,200})?>(.{0,500}?)</title", re.I | re.S)
_CDATA = re.compile(r"<!\[CDATA\[(.{0,500}?)\]\]>", re.S)
# What bridges put around an account's name.
_BEFORE = re.compile(r"^(?:微信)?(?:公众号|订阅号)\s{0,3}[-–—|:：]\s{0,3}")
_BEHIND = re.compile(
    r"(?:\s{0,3}[-–—|_]\s{0,3}(?:we-?rss|wewe-?rss|rsshub|feeddd|微信公众号|公众号|今日头条|抖音|快手)"
    r"|\s{0,3}的(?:新浪)?(?:微博|抖音|快手|头条号))$",
    re.I,
)


def account_name(page: Page) -> AccountName | None:
    """What does this answer call the account? None where it says no name, or several."""
    text = decode(page.body, page.content_type).lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _of_json(page, text)
    if feed.recognise(text):
        return _feed_name(_channel_title(text))
    return wechat.account_name(page, text)


def account_figures(page: Page) -> dict[str, int | None] | None:
    """How large does the platform say the account is, as the facts of `FIGURES`? None: silent."""
    text = decode(page.body, page.content_type).lstrip("\ufeff \t\r\n")
    value = _json(text) if text.startswith("{") else None
    return weibo.account_figures(page.url, value) if value is not None else None


def _json(text: str) -> Mapping[str, object] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, Mapping) else None


def _of_json(page: Page, text: str) -> AccountName | None:
    value = _json(text)
    if value is None:
        return None
    if not isinstance(value.get("items"), list):
        return weibo.account_name(page.url, value)
    title = value.get("title")
    return _feed_name(title if isinstance(title, str) else "")


def _channel_title(text: str) -> str:
    entry = _FIRST_ENTRY.search(text)
    head = text[: min(entry.start() if entry else _HEAD, _HEAD)]
    title = _TITLE.search(head)
    written = title[1].strip() if title else ""
    plain = _CDATA.fullmatch(written)
    if plain is not None:
        return plain[1]
    return BeautifulSoup(written, "lxml").get_text(" ") if "&" in written else written


def _feed_name(title: str) -> AccountName | None:
    """A feed's title, without what bridges add. It is never sure: no platform writes feeds."""
    words = " ".join(title[:500].split())
    name = _BEHIND.sub("", _BEFORE.sub("", words))[:_LONGEST_NAME].strip()
    return AccountName(name, False, "订阅源") if name else None
