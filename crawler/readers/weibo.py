"""Posts of a Weibo account, from the answer of m.weibo.cn's container service."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from checks.accounts import AccountName
from checks.facts import DateSource, Item, Outcome
from crawler.dates import instant_day, relative_day
from crawler.dates.plain import calendar_day
from crawler.decode import without_halves
from crawler.readers.listing.reading import list_reading, unreadable
from crawler.readers.page import ListReading, Page

NAME = "weibo"
_LONGEST_TITLE = 60
_DEEPEST_GROUP = 3
_LONGEST_NAME = 100
_WHERE = "微博接口"
# A container's number is six digits for its kind, and the account's own number behind them.
_ACCOUNT = re.compile(r"[?&](?:(?:uid|value)=|containerid=\d{6})(\d{5,16})(?!\d)")
_BESIDE_OK = ("data", "msg", "url")
_HOSTS = (".weibo.com", ".weibo.cn", ".sina.com.cn")
_MONTH_DAY = re.compile(r"(\d\d?)-(\d\d?)(?: \d\d?:\d\d(?::\d\d)?)?")
_PINNED, _PINNED_WORD, _FORWARDED = 2, "置顶", "快转"


def is_answer(value: Mapping[str, object]) -> bool:
    """Has this JSON the form of the container service's answer?"""
    return "ok" in value and (not value["ok"] or not value.keys().isdisjoint(_BESIDE_OK))


def is_login(url: str, text: str) -> bool:
    """Is this the page where Weibo asks a visitor to sign in or to prove to be one?"""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if not f".{host}".endswith(_HOSTS):
        return False
    return host.startswith(("passport.", "login.")) or "Sina Visitor System" in text


def read_answer(page: Page, value: Mapping[str, object]) -> ListReading:
    """Which posts of the account does the answer hold, the pinned one included?

    Any `ok` but 1 is how the service refuses; it says nothing about the account. What the account
    only liked stands under its author's number and is no post of its own. A pinned post alone
    does not tell whether later ones exist.
    """
    if value.get("ok") != 1:
        return ListReading((), Outcome.BLOCKED, NAME, "微博接口拒绝返回内容（ok不为1）")
    data = value.get("data")
    posts = list(_posts(data.get("cards"), 0)) if isinstance(data, dict) else []
    owner = _owner(page.url, data) if isinstance(data, dict) else None
    if owner is None and len({_author(post) for post in posts} - {""}) > 1:
        return unreadable(NAME, "微博接口返回了多个账号的博文，登记的网址又未指明账号，不能判断")
    own = [post for post in posts if _is_own(post, owner)]
    if not own:
        return unreadable(NAME, "微博接口没有返回该账号的博文，不能据此判断是否更新")
    reading = list_reading([_item(page, post) for post in own], page.today, NAME, "微博接口")
    if not all(_is_pinned(post) for post in own):
        return reading
    why = f"{reading.why}；只有置顶博文，可能还有更新的博文"
    return replace(reading, unresolved=1, why=why)


def account_figures(url: str, value: Mapping[str, object]) -> dict[str, int | None] | None:
    """How many followers and posts does the service count? None where it tells neither.

    A number such as 12.3万 is rounded, and is no number.
    """
    data = value.get("data")
    owner = _owner(url, data) if isinstance(data, dict) else None
    if not isinstance(data, dict) or owner is None:
        return None
    mine = [user for user in _users(data) if str(user.get("id") or "") == owner]
    followers, posts = _first(mine, "followers_count"), _first(mine, "statuses_count")
    if followers is None and posts is None:
        return None
    return {"followers": followers, "posts": posts, "comments": None, "replies": None}


def _first(users: Sequence[Mapping[str, object]], name: str) -> int | None:
    numbers = (_exact(user.get(name)) for user in users)
    return next((number for number in numbers if number is not None), None)


def _exact(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 12:
        return int(value)
    known = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return int(str(value)) if known else None


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
    for user in _users(data):
        name = user.get("screen_name")
        if isinstance(name, str) and name.strip():
            yield str(user.get("id") or ""), " ".join(name.split())[:_LONGEST_NAME]


def _users(data: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The page's owner and each post's author."""
    for user in (data.get("userInfo"), *map(_user, _posts(data.get("cards"), 0))):
        if isinstance(user, dict):
            yield user


def _user(post: Mapping[str, object]) -> object:
    return post.get("user")


def _author(post: Mapping[str, object]) -> str:
    user = post.get("user")
    return str(user.get("id") or "") if isinstance(user, dict) else ""


def _owner(url: str, data: Mapping[str, object]) -> str | None:
    """The number of the account whose page this is: asked for, named, or the only one on it."""
    asked = _ACCOUNT.search(url)
    if asked is not None:
        return asked[1]
    owner = data.get("userInfo")
    if isinstance(owner, dict) and owner.get("id"):
        return str(owner["id"])
    authors = {_author(post) for post in _posts(data.get("cards"), 0)} - {""}
    return authors.pop() if len(authors) == 1 else None


def _is_own(post: Mapping[str, object], owner: str | None) -> bool:
    """Was it posted or passed on by the account, and not only liked?"""
    return owner is None or _author(post) in ("", owner) or _is_forwarded(post)


def _is_forwarded(post: Mapping[str, object]) -> bool:
    """Passed on as it was (快转): it stands under its author's name and day."""
    return _FORWARDED in f"{post.get('title')}{post.get('screen_name_suffix_new')}"


def _is_pinned(post: Mapping[str, object]) -> bool:
    title = post.get("title")
    words = title.get("text") if isinstance(title, dict) else ""
    pinned = post.get("mblogtype") == _PINNED or _PINNED_WORD in str(words)
    return pinned or post.get("isTop") in (1, "1")


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
    # Of what was passed on only the author's day is told, not when the account did so.
    on = _day(words, page.today) if words and not _is_forwarded(post) else None
    text = BeautifulSoup(without_halves(str(post.get("text") or "")), "lxml").get_text(" ")
    title = " ".join(text.split())[:_LONGEST_TITLE] or "（无文字）"
    number = post.get("id") or post.get("mid")
    url = f"https://m.weibo.cn/detail/{number}" if number else None
    return Item(title, url, on, words or None, DateSource.API if on else None)


def _day(words: str, today: date) -> date | None:
    """Weibo leaves out the year of a day of this one; just after New Year it may be the last."""
    if match := _MONTH_DAY.fullmatch(words):
        years = (today.year, today.year - 1)
        days = (calendar_day(year, match[1], match[2]) for year in years)
        return next((day for day in days if day is not None and day <= today), None)
    return relative_day(words, today) or instant_day(words)
