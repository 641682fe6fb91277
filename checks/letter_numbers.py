"""Is it the same letter? A number may be spaced or written wide on a page and not in an export."""

from __future__ import annotations

import unicodedata


def plain_number(ref: str) -> str:
    """A letter's number as it is compared: in common width (NFKC), without blanks."""
    return "".join(unicodedata.normalize("NFKC", ref).split())
