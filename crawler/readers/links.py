"""All links of a page that a visitor can follow or sees: pages, pictures, files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from checks.links import LinkKind, PageLink
from crawler.decode import decode
from crawler.readers.folders import plain_parts
from crawler.readers.markup import attributes
from crawler.readers.page import Page
from crawler.readers.unseen import seen_part

_TAG = re.compile(r"<([aA]|[aA]rea|AREA|[iI]mg|IMG|[bB]ase|BASE)(?=[\s/])([^<>]{0,3000})>")
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_ALT = re.compile(r"""\b(?:alt|title)\s{0,3}=\s{0,3}["']([^"'<>]{1,100})""", re.IGNORECASE)
# What a script or a template engine was to fill in, or a button that a script listens to.
_UNFILLED = re.compile(r"\{\{|\}\}|\$\{|<%|%>|\[\[|'\s?\+|\+\s?'|\A(?:undefined|null|void\(|#)")
_LEAVES = re.compile(r"log-?out|sign-?out|退出", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:docx?|xlsx?|wps|et|dps|pptx?|pdf|ofd|ceb|rtf|txt|csv|zip|rar|7z|gz|tar|apk|mp[34]|avi|wmv"
    r"|flv|exe)\Z",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|webp|svg|ico)\Z", re.IGNORECASE)
# Most links: a path from the root, or a whole address, with nothing in it to resolve or to escape.
_PLAIN = re.compile(
    r"(https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?=/))?/(?![/.])(?:[\w~%,=:@-]|\.(?!\.?/)|/(?!\.))*"
    r"(?:\?[\w~%,=:@&./-]+)?",
    re.ASCII,
)
_SAFE = "!#$%&'()*+,/:;=?@[]~"
_INNER_CHARS = 2_000
_TEXT_CHARS = 40
_URL_CHARS = 1_000
MOST_LINKS = 2_000


def read_links(page: Page) -> tuple[PageLink, ...]:
    """Which links does this page hold, each address once, in order?

    Addresses are absolute http(s) ones without fragment, resolved against `<base>` or the final
    address of the page; at most 2,000. A link to the page itself, one that a script or a template
    was to fill in, and one that logs out are none.
    """
    html = seen_part(decode(page.body, page.content_type), lambda *_: ())
    found: dict[str, PageLink] = {}
    base = page.url
    own = urldefrag(page.url).url
    for name, told, end in _tags(html):
        if name == "base":
            base = _absolute(page.url, told.get("href", "")) or base
            continue
        url = _absolute(base, told.get("src" if name == "img" else "href", ""))
        if url is None or url == own or url in found:
            continue
        words = _words(html, end, told) if name == "a" else told.get("alt", "")
        found[url] = PageLink(url, _kind(name, url), " ".join(words.split())[:_TEXT_CHARS])
        if len(found) >= MOST_LINKS:
            break
    return tuple(found.values())


def _tags(html: str) -> Iterator[tuple[str, dict[str, str], int]]:
    for match in _TAG.finditer(html):
        yield match[1].lower(), attributes(match[2]), match.end()


def _absolute(base: str, href: str) -> str | None:
    href = href.strip()
    if not href or len(href) > _URL_CHARS or _UNFILLED.search(href) or _LEAVES.search(href):
        return None
    if plain := _PLAIN.fullmatch(href):
        return href if plain[1] else f"{_origin(base)}{href}"
    href = href.replace("\n", "").replace("\r", "").replace("\t", "")
    parts = plain_parts(href)
    if parts is None:
        return _joined(base, href)
    folder = _folder(base, parts[0])
    return folder and folder + parts[1]


@lru_cache(maxsize=16)
def _origin(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}"


def _joined(base: str, href: str) -> str | None:
    try:
        parts = urlsplit(urldefrag(urljoin(base, href)).url)
        host = parts.hostname
        port = parts.port
    except ValueError:
        return None
    # Browsers write a foreign query in the page's own charset, which we do not know any more.
    if parts.scheme not in ("http", "https") or not host or port == 0 or not parts.query.isascii():
        return None
    path = quote(parts.path or "/", safe=_SAFE)
    query = quote(parts.query, safe=_SAFE)
    return parts._replace(path=path, query=query).geturl()


_folder = lru_cache(maxsize=256)(_joined)


def _kind(name: str, url: str) -> LinkKind:
    path = url.partition("?")[0]
    if name == "img" or _PICTURE.search(path):
        return LinkKind.IMAGE
    return LinkKind.ATTACHMENT if _FILE.search(path) else LinkKind.PAGE


def _words(html: str, at: int, told: dict[str, str]) -> str:
    """What does a visitor read: the words of the link, else its title or its picture's."""
    last = min(len(html), at + _INNER_CHARS)
    end = html.find("</a", at, last)
    end = end if end >= 0 else html.find("</A", at, last)
    inner = html[at : max(end, at)]
    words = " ".join(unescape(_ANY_TAG.sub("", inner)).split())
    if words or "title" in told:
        return words or told["title"]
    picture = _ALT.search(inner)
    return unescape(picture[1]) if picture else ""
