"""Which sites does a portal's navigation reach: one a host, or one a site code (网站标识码)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.readers.discovery.frontier import Way
from crawler.readers.discovery.kinds import Looked

_CODE = re.compile(r"\d{10}|bm\d{8}|N\d{9}")
_PLAIN_LABELS = frozenset({"www", "wap", "m", "web", "portal"})
_LABEL = re.compile(r"[a-z][a-z0-9-]{0,30}")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DraftSite:
    id: str
    name: str
    home: str
    code: str | None


def sites_of(
    pages: Sequence[tuple[Way, Looked]],
) -> tuple[list[DraftSite], Mapping[str, str]]:
    """The sites in the order met, the portal first; and each page's site by the page's address.

    A page that does not name its site's code belongs to the site of the page that led to it.
    """
    keys: dict[str, Key] = {}
    first: dict[Key, tuple[Way, Looked]] = {}
    for way, seen in sorted(pages, key=lambda page: (page[0].depth, page[0].place)):
        key = _key(way, seen, keys)
        keys[way.url] = key
        first.setdefault(key, (way, seen))
    taken: set[str] = set()
    sites = [
        DraftSite(_id(way.url, taken), _name(seen, way), way.url, key[1] or None)
        for key, (way, seen) in first.items()
    ]
    names = dict(zip(first, sites, strict=True))
    return sites, {url: names[key].id for url, key in keys.items()}


def _key(way: Way, seen: Looked, keys: Mapping[str, Key]) -> Key:
    netloc = urlsplit(way.url).netloc
    parent = keys.get(way.parent)
    if _CODE.fullmatch(seen.words.site_code):
        return netloc, seen.words.site_code
    return parent if parent is not None and parent[0] == netloc else (netloc, "")


def _name(seen: Looked, way: Way) -> str:
    return seen.words.site_name or way.name or urlsplit(way.url).netloc


def _id(url: str, taken: set[str]) -> str:
    """A short id from the host: `haian` for www.haian.gov.cn; numbered when taken."""
    labels = (urlsplit(url).hostname or "").split(".")
    named = (label for label in labels if label not in _PLAIN_LABELS and _LABEL.fullmatch(label))
    wanted = next(named, "site")
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}{number}", number + 1
    taken.add(found)
    return found
