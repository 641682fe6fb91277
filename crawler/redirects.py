"""Pages that only send the visitor on: meta refresh, a script's location, a lone frame."""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urljoin, urlsplit

from crawler.decode import decode
from crawler.readers.page import Page
from crawler.readers.visible import read_visible, without

_STUB_BYTES = 20_000
_STUB_CHARS = 200
_MOST_DELAY = 10

_REFRESH = re.compile(
    r"<meta\b(?=[^>]{0,300}http-equiv\s{0,3}=\s{0,3}[\"']?refresh)[^>]{0,300}?"
    r"content\s{0,3}=\s{0,3}[\"']?\s{0,3}(?P<delay>\d{1,4})[\d.]{0,3}\s{0,3}[;,]\s{0,3}"
    r"url\s{0,3}=\s{0,3}[\"']?(?P<url>[^\"'>\s]{1,500})",
    re.IGNORECASE,
)
_LOCATION = re.compile(
    r"(?:\A|[\s;{(.])location(?:\.href)?\s{0,5}=\s{0,5}[\"'](?P<url>[^\"'\s]{1,500})[\"']"
    r"|location\.(?:replace|assign)\s{0,3}\(\s{0,5}[\"'](?P<call>[^\"'\s]{1,500})[\"']"
)
_DEVICE = re.compile(r"userAgent|screen\.width|document\.cookie", re.IGNORECASE)
_FRAME = re.compile(
    r"<i?frame\b[^>]{0,300}?\bsrc\s{0,3}=\s{0,3}[\"']?([^\"'\s>]{1,500})", re.IGNORECASE
)


def redirect_target(page: Page) -> str | None:
    """Where does this page send its visitor, when that is all it does?

    An absolute http(s) address, or None: for a page with content of its own, one that reloads
    itself, a challenge, and a script that looks at the visitor's device.
    """
    if page.status >= 300 or len(page.body) > _STUB_BYTES:
        return None
    html = decode(page.body, page.content_type)
    for opening, closing in (("<!--", "-->"), ("<noscript", "</noscript>")):
        html = without(html, opening, closing)
    target = _refresh(html)
    seen = read_visible(html)
    if len(seen.text) > _STUB_CHARS:
        return None
    return _absolute(target or _location(seen.scripts) or _frame(html), page.url)


def _refresh(html: str) -> str | None:
    match = _REFRESH.search(html)
    return match["url"] if match and int(match["delay"]) <= _MOST_DELAY else None


def _location(scripts: list[str]) -> str | None:
    code = "\n".join(scripts)
    match = _LOCATION.search(code)
    if match is None or _DEVICE.search(code):
        return None
    return match["url"] or match["call"]


def _frame(html: str) -> str | None:
    frames = _FRAME.findall(html)
    return frames[0] if len(frames) == 1 else None


def _absolute(target: str | None, base: str) -> str | None:
    if not target:
        return None
    try:
        url = urldefrag(urljoin(base, target.replace("&amp;", "&"))).url
        scheme = urlsplit(url).scheme
    except ValueError:
        return None
    return url if scheme in ("http", "https") and url != urldefrag(base).url else None
