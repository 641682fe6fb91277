"""Foreign text made fit for any document: XML forbids even more than a mail does."""

from __future__ import annotations

import re

from notify.words import clean

MOST_CHARACTERS = 300
NONCHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")


def harmless(text: str) -> str:
    """How may this text stand in Word, Excel and HTML? On one line, nothing invisible in it."""
    return clean(NONCHARACTERS.sub("\ufffd", text))


def bounded(text: str) -> str:
    """The harmless text, cut visibly where it is longer than any honest cell."""
    words = harmless(text)
    return words if len(words) <= MOST_CHARACTERS else words[: MOST_CHARACTERS - 1] + "…"
