"""The last look at a source: numbers of persons wherever they stand, tags and scripts included.

Masks go by what a page shows. A handler's argument, an attribute of no known name and markup that
is torn show nothing, and hold a number all the same.
"""

from __future__ import annotations

import re
from html import unescape

from crawler.readers.private.text import Masker

# By their ids letters are found again; what their queries say of persons is masked before.
_LINK = re.compile(
    r"""((?:href|src)\s{0,9}=\s{0,9}(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)|(?:https?:/)?/[^\s"'<>]+)""",
    re.I,
)


def swept(source: str, masker: Masker) -> str:
    """The same source without a mobile or identity number outside links and letters' numbers."""
    pieces = _LINK.split(source)
    return "".join(piece if at % 2 else masker.numbers(piece) for at, piece in enumerate(pieces))


def is_swept(source: str, kept: frozenset[str]) -> bool:
    """Does nothing of the kind stand there, written in characters or by their numbers?"""
    shown = unescape(source)
    return swept(shown, Masker(kept)) == shown
