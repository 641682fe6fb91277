"""What does a home page show: the newest dated links, and the links of which no day is known?

No guess: what has no day is told as such, and so is a page that scripts complete.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.facts import Item
from crawler.decode import decode
from crawler.readers import arrays, gkmlpt, jpaas, jpage
from crawler.readers.choose import read_list
from crawler.readers.discovery.addresses import (
    is_article_address,
    is_useless_address,
    registrable,
    same_place,
)
from crawler.readers.discovery.links import is_root
from crawler.readers.listing.aside import is_aside
from crawler.readers.listing.rowtext import resolve
from crawler.readers.listing.scan import NestingError, Scan, scan_page
from crawler.readers.page import Page
from crawler.readers.rows import HOME

MOST_ITEMS = 30
MOST_LINKS = 500
_SIGN_CHARS = 500_000
_SHORTEST_TITLE = 10
_SCRIPTED = (jpage, jpaas, arrays, gkmlpt)
_TEMPLATE = re.compile(
    r"\{\{[^{}\n]{1,200}\}\}|\s(?:v-for|ms-(?:repeat|for)|ng-repeat)=|<%=|<datastore\b"
    r"|<(ul|ol|dl|tbody)\b[^<>]{0,200}\sid=[^<>]{1,200}>\s{0,200}</\1>",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"<(?:i?frame)\b[^<>]{0,300}\ssrc\s?=\s?[\"']?([^\"'\s<>]{1,500})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Untold:
    """A link without a day: its address, and the words that it shows."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class HomeReading:
    """`items` are dated, none in the future, the newest first, at most 30. `why` and `doubt`
    are Chinese, for the operator; `doubt` says why the page may show more than was read.
    """

    items: tuple[Item, ...]
    untold: tuple[Untold, ...]
    why: str
    doubt: str = ""


def read_home_page(page: Page) -> HomeReading:
    """Which links of this home page are dated, and which might be news without a day?

    News is a link whose address is that of an article, or a link of this site with words as long
    as a title, outside menus and footers. Never raises on bad markup.
    """
    reading = read_list(page, HOME)
    html = decode(page.body, page.content_type)
    doubt = "" if reading.outcome.seen or not reading.items else reading.why
    try:
        scan = scan_page(html)
    except NestingError as error:
        return HomeReading((), (), reading.why, str(error))
    dated = [i for i in reading.items if i.published_on and i.published_on <= page.today]
    known = {same_place(item.url) for item in reading.items if item.published_on and item.url}
    rows = [Untold(i.url or "", i.title) for i in reading.items if i.published_on is None]
    untold: dict[str, Untold] = {}
    for link in (*rows, *_news_links(scan, page.url)):
        place = same_place(link.url) if link.url else link.title
        if place not in known:
            untold.setdefault(place, link)
    links = tuple(untold.values())
    if len(links) > MOST_LINKS:
        doubt = f"首页未标日期的链接超过{MOST_LINKS}条"
    return HomeReading(
        items=tuple(sorted(dated, key=lambda item: item.published_on or page.today, reverse=True))[
            :MOST_ITEMS
        ],
        untold=links[:MOST_LINKS],
        why=reading.why,
        doubt=doubt or _completed_elsewhere(page, html[:_SIGN_CHARS]),
    )


def _news_links(scan: Scan, url: str) -> Iterator[Untold]:
    root = (resolve(scan.base, url) if scan.base else None) or url
    own = registrable(url)
    for at, tag in enumerate(scan.tags):
        href = scan.attribute(at, "href").strip() if tag == "a" else ""
        target = resolve(href, root) if href and not href.startswith("#") else None
        if target is None or is_useless_address(target) or is_root(target):
            continue
        title = scan.text(at) or scan.attribute(at, "title")
        long = len(title) >= _SHORTEST_TITLE and registrable(target) == own
        if is_article_address(target) or (long and not is_aside(scan, at)):
            yield Untold(target, title)


def _completed_elsewhere(page: Page, html: str) -> str:
    """Does a script or a frame bring a part of this page, in which there may be news?"""
    if not page.rendered and (
        _TEMPLATE.search(html) or any(each.recognise(html) for each in _SCRIPTED)
    ):
        return "首页部分内容由脚本载入"
    frames = (resolve(found[1], page.url) for found in _FRAME.finditer(html))
    if any(registrable(frame) == registrable(page.url) for frame in frames if frame):
        return "首页部分内容在另一框架页中"
    return ""
