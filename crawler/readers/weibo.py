"""Posts of a Weibo account, from the answer of m.weibo.cn's container service."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bs4 import BeautifulSoup

from checks.accounts import AccountName
from checks.facts import DateSource, Item, Outcome
from crawler.dates import instant_day, relative_day
from crawler.readers.listing.reading import list_reading, unreadable
from crawler.readers.page import ListReading, Page

NAME = "weibo"
_LONGEST_TITLE = 60
_DEEPEST_GROUP = 3
_LONGEST_NAME = 100
_WHERE = "微博接口"
# A container's number is six digits for its kind, and the account's own number behind them.
_ACCOUNT = re.compile(r"[?&](?:(?:uid|value)=|containerid=\d{6})(\d{5,16})(?!\d)")


def is_answer(value: Mapping[str, object]) -> bool:
    """Has this JSON the form of the container service's answer?"""
    return "ok" in value and ("data" in value or "msg" in value or not value["ok"])


def read_answer(page: Page, value: Mapping[str, object]) -> ListReading:
    """Which posts does the answer hold, the pinned one included?

    A falsy `ok` is how the service refuses; it says nothing about the account.
    """
    if not value.get("ok"):
        return ListReading((), Outcome.BLOCKED, NAME, "微博接口拒绝返回内容（ok为空或0）")
    data = value.get("data")
    cards = data.get("cards") if isinstance(data, dict) else None
    items = [_item(page, post) for post in _posts(cards, 0)]
    if not items:
        return unreadable(NAME, "微博接口没有返回博文，不能据此判断是否更新")
    return list_reading(items, page.today, NAME, "微博接口")


def account_name(url: str, value: Mapping[str, object]) -> AccountName | None:
    """What does the service call the account? Sure only of the account that the address asks for.

    Among the posts may be such as the account only liked, under the names of others.
    """
    data = value.get("data")
    if not isinstance(data, dict):
        return None
    asked = _ACCOUNT.search(url)
    named = list(_named(data))
    if asked is not None:
        mine = {name for number, name in named if number == asked[1]}
        if len(mine) == 1:
            return AccountName(mine.pop(), True, _WHERE, asked[1])
    names = {name for _, name in named}
    return AccountName(names.pop(), False, _WHERE) if len(names) == 1 else None


def _named(data: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The number and the name of the page's owner and of each post's author."""
    users = [data.get("userInfo"), *(post.get("user") for post in _posts(data.get("cards"), 0))]
    for user in users:
        name = user.get("screen_name") if isinstance(user, dict) else None
        if isinstance(user, dict) and isinstance(name, str) and name.strip():
            yield str(user.get("id") or ""), " ".join(name.split())[:_LONGEST_NAME]


def _posts(cards: object, depth: int) -> Iterator[Mapping[str, object]]:
    if not isinstance(cards, list) or depth > _DEEPEST_GROUP:
        return
    for card in cards:
        if not isinstance(card, dict):
            continue
        post = card.get("mblog")
        if isinstance(post, dict):
            yield post
        yield from _posts(card.get("card_group"), depth + 1)


def _item(page: Page, post: Mapping[str, object]) -> Item:
    words = str(post.get("created_at") or "").strip()
    on = relative_day(words, page.today) or instant_day(words) if words else None
    text = BeautifulSoup(str(post.get("text") or ""), "lxml").get_text(" ")
    title = " ".join(text.split())[:_LONGEST_TITLE] or "（无文字）"
    number = post.get("id") or post.get("mid")
    url = f"https://m.weibo.cn/detail/{number}" if number else None
    return Item(title, url, on, words or None, DateSource.API if on else None)
