"""The links of a page that may lead to columns: short words, in blocks, with their headings."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.dates import full_dates
from crawler.readers.discovery.addresses import (
    canonical,
    is_article_address,
    is_useless_address,
    registrable,
    same_place,
)
from crawler.readers.discovery.classes import speaks_of_letters
from crawler.readers.listing.aside import is_aside
from crawler.readers.listing.rowtext import resolve
from crawler.readers.listing.scan import Scan

MOST_LINKS = 600
_SHORTEST, _LONGEST = 2, 16
_BLOCK = 3
_HOLDERS = 8
_HEADING_NEAR = 3
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_MORE = re.compile(r"[\W_]*(?:查看|点击)?(?:更多|全部|more)(?:信息|内容)?[\W_]*|[>»›+]{1,4}", re.I)
_NOT_A_NAME = re.compile(
    r"首 ?页|返回.{0,6}|上一.|下一.|[前后]一?页|尾页|末页|[上下]一?[年月周]|今[天日]|[大中小]"
    r"|字号.{0,3}|设为.{0,4}|加入收藏|收藏.{0,4}|.{0,4}(?:搜索|检索)|登[录陆].{0,4}|注册|注销|打印.{0,4}|关闭.{0,4}"
    r"|分享.{0,6}|.{0,4}无障碍.{0,6}|.{0,3}长者.{0,6}|适老.{0,6}|繁[體体].{0,3}|简体.{0,3}|手机版|移动版"
    r"|电脑版|联系我们|关于我们|网站声明|使用帮助|帮助.{0,4}|版权.{0,4}|隐私.{0,4}|RSS.{0,4}|订阅.{0,4}"
    r"|.{0,12}(?:ICP备|公网安备).{0,20}|智能(?:问答|机器人).{0,3}|.{0,4}(?:纠错|找错)|党政机关|事业单位",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """One link that may lead to a column, a channel or a mailbox.

    `name` is its words, or its block's heading for a mere 更多; empty where neither tells.
    `block` numbers the smallest element around it that holds three such links; `aside` says
    that menus and the like hold it; `more` that its words were 更多.
    """

    url: str
    name: str
    block: int
    aside: bool
    more: bool


def page_links(scan: Scan, base: str, rows: frozenset[str]) -> list[Link]:
    """Which links of this page may lead to columns? In the page's order, the first 600.

    `rows` are the places (`same_place`) that the page lists as its items: those are articles.
    Only links under the page's own registered name count, or to mailboxes elsewhere.
    """
    root = (resolve(scan.base, base) if scan.base else None) or base
    own, itself = registrable(base), same_place(base)
    found: list[tuple[int, str, str, bool]] = []
    for at, url in _addresses(scan, root):
        place = same_place(url)
        if place in rows or place == itself or is_useless_address(url) or is_article_address(url):
            continue
        words, more = _words(scan, at)
        if words is None or (registrable(url) != own and not speaks_of_letters(words)):
            continue
        found.append((at, url, words, more))
        if len(found) >= MOST_LINKS:
            break
    places = [at for at, *_ in found]
    return [
        Link(url, words, _block(scan, places, at), is_aside(scan, at), more)
        for at, url, words, more in found
    ]


def more_targets(links: list[Link]) -> int:
    """To how many different pages do links lead that say no more than 更多?"""
    return len({same_place(link.url) for link in links if link.more})


def _addresses(scan: Scan, root: str) -> Iterator[tuple[int, str]]:
    for at, tag in enumerate(scan.tags):
        if tag != "a":
            continue
        href = scan.attribute(at, "href").strip()
        url = resolve(href, root) if href and not href.startswith("#") else None
        if url is not None:
            yield at, canonical(url)


def _words(scan: Scan, at: int) -> tuple[str | None, bool]:
    """The name that a link gives its target, and whether it says no more than 更多."""
    shown = " ".join(scan.text(at).split())
    told = " ".join(scan.attribute(at, "title").split())
    if not shown:
        shown = told or _picture(scan, at)
    if _MORE.fullmatch(shown) or not shown:
        name = told if is_name(told) and not _MORE.fullmatch(told) else _heading(scan, at)
        return (name, True) if shown else (None, False)
    name = _joined(shown.strip(" ·•>»›|[]【】-—"))
    return (name, False) if is_name(name) else (None, False)


def _joined(words: str) -> str:
    """政 务 公 开 without its blanks."""
    pieces = words.split()
    return "".join(pieces) if all(len(piece) == 1 for piece in pieces) else words


def is_name(words: str) -> bool:
    """Can a column be called this? Short Chinese words, no date, no word of page furniture."""
    return (
        _SHORTEST <= len(words) <= _LONGEST
        and len(_CHINESE.findall(words)) >= _SHORTEST
        and not _NOT_A_NAME.fullmatch(words)
        and not full_dates(words)
    )


def _picture(scan: Scan, at: int) -> str:
    inside = range(at + 1, scan.ends[at] + 1)
    pictures = (scan.attribute(each, "alt").strip() for each in inside if scan.tags[each] == "img")
    return next((words for words in pictures if words), "")


def _heading(scan: Scan, at: int) -> str:
    """The short words just before a 更多; empty when rows stand in between."""
    for words in reversed(scan.words_before(at, _HEADING_NEAR)):
        words = words.strip(" ·•>»›|[]【】-—:：")
        if _MORE.fullmatch(words) or len(words) < _SHORTEST:
            continue
        return words if is_name(words) else ""
    return ""


def _block(scan: Scan, places: list[int], at: int) -> int:
    for holder in scan.ancestors(at, _HOLDERS):
        inside = bisect_right(places, scan.ends[holder]) - bisect_left(places, holder)
        if inside >= _BLOCK:
            return holder
    return 0


def is_root(url: str) -> bool:
    """Is this the address of a home page?"""
    parts = urlsplit(same_place(url))
    return parts.path in ("", "/") and not parts.query
