"""What of a page's markup no visitor sees: comments, scripts, styles, choices of a form."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape

# What stands inside is no markup, or is not for a visitor whose browser runs scripts.
_UNSEEN = "script|style|textarea|title|xmp|select|noscript|template|datalist"
_KEPT_IF_OPEN = frozenset({"select", "noscript", "template", "datalist"})
_OPENER = re.compile(rf"<(?:!--|(?=[sStTxXnNdD])((?i:{_UNSEEN}))(?=[\s/>]))", re.ASCII)
_LONE = re.compile(r"<(?![a-zA-Z/!?])")

WRITTEN = "<script>"  # stands before words that a script writes into the page
_MOST_UNSEEN = 20_000

OnUnseen = Callable[[str, str], Sequence[str]]


def seen_part(html: str, on_unseen: OnUnseen) -> str:
    """The markup without comments and what is not for visitors; a lone < as text."""
    kept: list[str] = []
    endless: set[str] = set()
    at = 0
    for _ in range(_MOST_UNSEEN):
        match = _OPENER.search(html, at)
        if match is None:
            break
        start, name = match.start(), (match[1] or "").lower()
        kept.append(html[at:start])
        if name:
            inner = html.find(">", start) + 1 or len(html)
            end, at = _unseen_end(html, name, inner, endless)
            said = on_unseen(name, html[inner:end])
            kept.append("<hr>")
            kept.extend(f"{WRITTEN}{escape(each.strip())}<hr>" for each in said)
        else:
            end = html.find("-->", start + 2) if "!--" not in endless else -1
            at = end + 3 if end >= 0 else start + 4
            if end < 0:
                endless.add("!--")
    kept.append(html[at:])
    return _LONE.sub("&lt;", "".join(kept))


def _unseen_end(html: str, name: str, inner: int, endless: set[str]) -> tuple[int, int]:
    """Where does what began before `inner` end, and where does the page go on?"""
    if html[inner - 2] == "/":
        return inner, inner
    match = None if name in endless else _end_tag(name).search(html, inner)
    if match is not None:
        return match.start(), html.find(">", match.start()) + 1 or len(html)
    endless.add(name)
    return (inner, inner) if name in _KEPT_IF_OPEN else (len(html), len(html))


@lru_cache(maxsize=16)
def _end_tag(name: str) -> re.Pattern[str]:
    return re.compile(rf"</(?i:{name})(?=[\s/>])")
