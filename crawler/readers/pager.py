"""Where does a list go on: the next page, the one before, and the last?

The page's own links come first, then what its script says, then the numbers of its pager. A
service is asked again with the request just made. Only the same host, and never a guess: a
pager that cannot be followed is a hint that there is more, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import urldefrag, urlsplit

from selectolax.lexbor import LexborNode

from crawler.decode import decode
from crawler.readers.listing.rowtext import resolve
from crawler.readers.listing.scan import NestingError, parse_html
from crawler.readers.page import Follow, Page
from crawler.readers.scripted import Numbered, numbered
from crawler.readers.service_pages import requests_round

_EDGES = " \t\r\n\xa0[]()<>《》«»‹›【】（）.…|"
_NEXT = frozenset("下一页 下页 后页 后一页 next nextpage".split())
_BEFORE = frozenset("上一页 上页 前页 前一页 prev previous".split())
_LAST = frozenset("尾页 末页 最后一页 最后页 最末页 last lastpage".split())
_ARROWS = frozenset({">", "›", "＞"})
_NEXT_CLASS = re.compile(r"(?:^|[-_\s])next(?:$|[-_\s])", re.I)
_CURRENT_CLASS = re.compile(r"(?:^|[-_\s])(?:current|curr?|active|on|cpb)(?:$|[-_\s])", re.I)
_LONGEST_WORDS = 12
_MOST_TRIED = 10
_QUOTED = re.compile(r"""["']([^"'\s]{1,300})["']""")
_FILE = re.compile(r"[/.?]")
_HINT = re.compile(
    r"createPage(?:HTML)?\s?\(\s?['\"\d]|countPage\s?=|m_nRecordCount\s?=|gotopage_fun\(|\.pagination\("
    r"|totalPages?['\"]?\s?[:=]|pageCount['\"]?\s?[:=]|pageTotal['\"]?\s?[:=]|pager_options\s?="
    r"|(?:class|id)=['\"]?[^'\"<>]{0,80}(?:pagination|paginator|fenye|fanye)"
    r"|[下后]一?页|[尾末]页|加载更多|点击加载|共\s?\d{1,6}\s?页"
)
# One by one, and each from a plain letter on: together they take ten times as long.
_SINGLE = tuple(
    re.compile(words)
    for words in (
        r"共\s?1\s?页",
        r"1\s?/\s?1\s?页",
        r"gotopage_fun\(1,",
        r"条(?:\s|&nbsp;){0,9}1/1(?!\d)",
        r"createPage(?:HTML)?\(\s?(?:['\"][\w-]{1,80}['\"]\s?,\s?)?[01]\s?,",
    )
)


@dataclass(frozen=True, slots=True)
class Turns:
    """Where the list goes on; None where it does not, or where it cannot be told.

    `hinted`: something on the page speaks of further pages, whether they were found or not.
    """

    following: Follow | None = None
    previous: Follow | None = None
    last: Follow | None = None
    hinted: bool = False


def turns_of(page: Page, asked: Follow | None = None, total: int | None = None) -> Turns:
    """Which pages come after this one, before it, and last?

    `asked` is the request to a list service whose answer `page` holds; None for a page of its
    own. `total` is the list's own count of rows. Never raises.
    """
    html = decode(page.body, page.content_type)
    if asked is not None:
        after, before, last = requests_round(asked, html, total)
        return Turns(after, before, last, hinted=after is not None)
    return _turns(html, page.url)


@lru_cache(maxsize=2)
def _turns(html: str, url: str) -> Turns:
    found = _by_links(html, url)
    script = numbered(html, url)
    if script is not None:
        here = (script.at + 1, script.at - 1, script.count - 1)
        told = [_same_host(script.address(number, url), url) for number in here]
        found = [link or address for link, address in zip(found, told, strict=True)]
    following, previous, last = [Follow(each) if each else None for each in found]
    hinted = following is not None or last is not None
    return Turns(following, previous, last, hinted or _speaks_of_more(html, script))


def _speaks_of_more(html: str, script: Numbered | None) -> bool:
    single = (script is not None and script.count == 1) or any(p.search(html) for p in _SINGLE)
    return not single and bool(_HINT.search(html))


def _by_links(html: str, url: str) -> list[str | None]:
    """The addresses behind the words next, previous and last; else the pager's next number."""
    try:
        tree = parse_html(html)
    except NestingError:
        return [None, None, None]
    base = tree.css_first("base[href]")
    root = (resolve(base.attributes.get("href") or "", url) if base else None) or url
    links = [(words, link) for link in tree.css("a") if (words := _words(link))]
    found = [
        _first((link for said, link in links if said.strip(_EDGES).lower() in words), root, url)
        for words in (_NEXT, _BEFORE, _LAST)
    ]
    if found[0] is None:
        arrows = [link for said, link in links if said in _ARROWS or _is_next(link)]
        found[0] = _first((link for link in arrows[:_MOST_TRIED] if _in_pager(link)), root, url)
    if found[0] is None:
        found[0] = _next_number([(int(w), a) for w, a in links if w.isdecimal()], root, url)
    return found


def _words(link: LexborNode) -> str:
    """The short words of a link, or of its tooltip or picture; nothing for a title."""
    said = link.text(strip=True)
    if not said:
        picture = link.css_first("img[alt]")
        said = link.attributes.get("title") or (
            picture.attributes.get("alt") or "" if picture else ""
        )
    said = said.strip()
    return said if len(said) <= _LONGEST_WORDS else ""


def _first(links: Iterable[LexborNode], root: str, url: str) -> str | None:
    addresses = (_same_host(_address(link, root), url) for link in links)
    return next((each for each in addresses if each), None)


def _address(link: LexborNode, root: str) -> str | None:
    href = (link.attributes.get("href") or "").strip()
    if href and not href.startswith("#") and not href.lower().startswith("javascript:"):
        return resolve(href, root)
    for action in (href, link.attributes.get("onclick") or ""):
        if "location" in action:
            quoted = next((each for each in _QUOTED.findall(action) if _FILE.search(each)), None)
            return resolve(quoted, root) if quoted else None
    return None


def _same_host(address: str | None, url: str) -> str | None:
    """The address, if it is another page of the same host."""
    if address is None or urlsplit(address).netloc != urlsplit(url).netloc:
        return None
    plain = urldefrag(address)[0]
    return plain if plain != urldefrag(url)[0] else None


def _is_next(link: LexborNode) -> bool:
    return bool(_NEXT_CLASS.search(link.attributes.get("class") or ""))


def _in_pager(link: LexborNode) -> bool:
    """Does a page number stand as a link beside this one?"""
    holder = link.parent
    for _ in range(2):
        if holder is None:
            return False
        numbers = [each for each in holder.css("a") if each.text(strip=True).isdecimal()]
        if numbers:
            return True
        holder = holder.parent
    return False


def _next_number(links: list[tuple[int, LexborNode]], root: str, url: str) -> str | None:
    """The link after the pager's current number: the one marked, or the one that is no link."""
    numbers = {number: link for number, link in reversed(links) if 0 < number < 10_000}
    if not any(_in_row(link) for link in islice(numbers.values(), _MOST_TRIED)):
        return None
    marked = [number for number, link in numbers.items() if _is_current(link)]
    missing = next(number for number in range(1, len(numbers) + 2) if number not in numbers)
    current = marked[0] if len(marked) == 1 else missing
    follower = numbers.get(current + 1)
    return _same_host(_address(follower, root), url) if follower else None


def _in_row(link: LexborNode) -> bool:
    """Are there at least two numbers side by side, linked or not, as in a pager?"""
    holder = link.parent if link.parent is None or link.parent.tag != "li" else link.parent.parent
    return holder is not None and len(re.findall(r"\b\d{1,4}\b", holder.text(separator=" "))) > 1


def _is_current(link: LexborNode) -> bool:
    holder = link.parent
    names = link.attributes.get("class") or ""
    if holder is not None and holder.tag == "li":
        names += " " + (holder.attributes.get("class") or "")
    return bool(_CURRENT_CLASS.search(names))
