"""Which article does an address name? One article may be linked in several ways.

What is ignored never tells two articles apart: scheme, default port, `www.` (which makes no other
site, as in `checks.page_facts`), tracking words, the name of an index file. A TrueCMS article has a
number of its own, which is the same under every host and column.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

_UUID = re.compile(r"/content/([0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12})\.s?html?\Z")
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_INDEX = re.compile(r"/index\.s?html?\Z", re.IGNORECASE)
# Most addresses are so plain that nothing has to be taken apart: a year has 93,000 of them.
_PLAIN = re.compile(r"https?://([a-z0-9.-]+)(/[^?#;\s]*)\Z")
# Words that say where a reader came from, never what is read.
_TRACKING = re.compile(
    r"(?:utm_\w+|spm(?:_id_from)?|from|isappinstalled|share_token)\Z", re.IGNORECASE
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# In a page made by scripts the fragment is the address: `#/detail/5`, `#!5`, `#id=5`.
_ROUTE = re.compile(r"[/!]|.*=")


def article_key(url: str | None) -> str | None:
    """What is the same in all addresses of one article? None: this is no address of a page.

    `uuid:` and the number where a TrueCMS address holds one, else host, port, path, query.
    """
    if plain := _PLAIN.match(url or ""):
        return _numbered(plain[2]) or plain[1].removeprefix("www.") + _INDEX.sub("/", plain[2])
    parts = _parts(url)
    if parts is None:
        return None
    path = _SESSION.sub("", parts.path) or "/"
    if number := _numbered(path):
        return number
    path = _INDEX.sub("/", path)
    told = [pair for pair in parts.query.split("&") if pair and not _tracks(pair)]
    query = "?" + "&".join(sorted(told)) if told else ""
    fragment = "#" + parts.fragment if _ROUTE.match(parts.fragment) else ""
    return f"{_place(parts)}{path}{query}{fragment}"


def _numbered(path: str) -> str | None:
    found = _UUID.search(path) if "/content/" in path else None
    return "uuid:" + found[1].replace("-", "").lower() if found else None


def is_numbered(key: str) -> bool:
    """Is the key an article's own number, which no other article can have?"""
    return key.startswith("uuid:")


def folder_key(url: str | None) -> str | None:
    """Under which address do a column's own articles lie? None: it lies at the root of its host.

    `/hasrmzf/szfwj/szfwj.html` is the list of what is under `/hasrmzf/szfwj/`.
    """
    parts = _parts(url)
    if parts is None:
        return None
    folder = parts.path.rpartition("/")[0] + "/"
    return _place(parts) + folder if folder != "/" else None


def place_key(url: str | None) -> str | None:
    """Host and path of an address, to be compared with `folder_key`."""
    parts = _parts(url)
    return _place(parts) + parts.path if parts is not None else None


def _parts(url: str | None) -> SplitResult | None:
    try:
        parts = urlsplit(url or "")
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in _DEFAULT_PORTS and parts.hostname else None


def _place(parts: SplitResult) -> str:
    port = parts.port
    shown = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    host = (parts.hostname or "").lower().removeprefix("www.")
    return f"{host}{shown}"


def _tracks(pair: str) -> bool:
    return _TRACKING.match(pair.partition("=")[0]) is not None
