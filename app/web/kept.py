"""What was kept of a look, made safe to show: as text, or as a page that does and fetches nothing.

Pure: an answer in. A kept page is a stranger's: it is never part of ours, and never live.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.account_entry import picture_kind
from app.show import printed
from crawler.decode import decode
from crawler.readers.visible import read_visible
from storage.evidence import Capture

MOST = 200_000  # characters of one answer that are shown
HEADERS = {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        "frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "X-DNS-Prefetch-Control": "off",
}
# A browser looks up and greets hosts before any policy is asked whether it may fetch from them.
# What makes it do so becomes a tag that means nothing and may stand in the same places. Nothing is
# taken away, so that no tag can be made by taking away what parts it.
_NAMING = re.compile(r"<(?:link|meta|base|iframe|frame|object|embed)(?=[\s/>])", re.IGNORECASE)
_NOTHING = "<basefont"
# Of an attribute given twice the first counts, and new windows are forbidden: no click leads away.
# The values bear no quotes, so that inside another attribute they cannot end it.
_LEADING = re.compile(r"<(?:a|area)(?=[\s/>])", re.IGNORECASE)
_NOWHERE = " href=# target=_blank "
_WORDS = re.compile(r"text/|json|xml|javascript|pem", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype html|html|head|body)\b", re.IGNORECASE)


class Form(StrEnum):
    """As what can an answer be shown?"""

    PAGE = "page"
    WORDS = "words"
    PICTURE = "picture"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Shown:
    """Words of an answer; `left_out` characters of it are not among them."""

    words: str
    left_out: int


def form_of(capture: Capture) -> Form:
    """What is it? A picture by its first bytes, a page by its header or its first words."""
    kind = capture.headers.get("content-type", "")
    picture = picture_kind(capture.body)
    if picture is not None:
        return Form.PICTURE if picture.startswith("image/") else Form.FILE
    if "html" in kind.lower() or (not kind and _HTML.search(_text(capture)[:2000])):
        return Form.PAGE
    return Form.WORDS if not kind or _WORDS.search(kind) else Form.FILE


def text_of(capture: Capture) -> Shown:
    """What a visitor of the page would read; of anything but a page, its source."""
    page = form_of(capture) is Form.PAGE
    return _cut(read_visible(_text(capture)).text if page else _text(capture))


def source_of(capture: Capture) -> Shown:
    """The answer as the server sent it, as text."""
    return _cut(_text(capture))


def disarmed(html: str) -> str:
    """The page, with nothing in it that would look up a name or lead away at a click.

    Scripts, pictures, frames and forms are kept down by the headers it is sent with.
    """
    return _LEADING.sub(lambda tag: tag[0] + _NOWHERE, _NAMING.sub(_NOTHING, html))


def page_of(capture: Capture) -> tuple[bytes, str]:
    """The bytes to be sent for an answer as it is, with their type."""
    form = form_of(capture)
    if form is Form.PAGE:
        return disarmed(_text(capture)).encode(errors="replace"), "text/html; charset=utf-8"
    if form is Form.PICTURE:
        return capture.body, picture_kind(capture.body) or ""
    return capture.body, "application/octet-stream"


def _text(capture: Capture) -> str:
    return decode(capture.body, capture.headers.get("content-type", ""))


def _cut(text: str) -> Shown:
    lines = text[:MOST].expandtabs(4).splitlines()
    return Shown(printed("\n".join(lines)), max(0, len(text) - MOST))
