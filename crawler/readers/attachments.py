"""Which files does a page offer for download, and is an answer such a file?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from crawler.readers.markup import attributes
from crawler.readers.unseen import seen_part

_ANCHOR = re.compile(r"<[aA](?=\s)([^<>]{0,3000})>")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_FILE = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|rar|zip|7z|rtf|ofd)\Z", re.IGNORECASE)
_MAGIC = (
    b"%PDF",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"\xff\xd8\xff",
    b"\x89PNG",
)
_INNER_CHARS = 2_000
_TEXT_CHARS = 80
_MOST_ANCHORS = 3_000
_MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file that a page links to; `text` is what a visitor reads, or the file's name."""

    url: str
    text: str


def read_attachments(html: str, base: str) -> tuple[Attachment, ...]:
    """The files a page links to, in order, each once, at most twenty. Never raises."""
    html = seen_part(html, lambda _name, _content: ())
    found: dict[str, Attachment] = {}
    for count, match in enumerate(_ANCHOR.finditer(html)):
        if count >= _MOST_ANCHORS or len(found) >= _MOST_FILES:
            break
        url = _address(attributes(match[1]).get("href", ""), base)
        if url is None:
            continue
        inner = html[match.end() : match.end() + _INNER_CHARS].partition("</a")[0]
        text = " ".join(unescape(_TAG.sub("", inner)).split())[:_TEXT_CHARS]
        name = unquote(urlsplit(url).path).rpartition("/")[2]
        if _FILE.search(name) or _FILE.search(text):
            found.setdefault(url, Attachment(url, text or name[:_TEXT_CHARS]))
    return tuple(found.values())


def is_file(body: bytes) -> bool:
    """Do these first bytes begin a document, an archive or a picture?"""
    return body.startswith(_MAGIC)


def _address(href: str, base: str) -> str | None:
    try:
        url = urljoin(base, href.strip())
        return url if urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None
