"""What the crawling process says on stderr holds no access token and no number of a person.

Scrapy names the address of a request in its warnings, and that of the 公众号 interface carries
the token; addresses and errors of a mailbox may carry telephone or identity-card numbers.
"""

from __future__ import annotations

import re
from typing import Any, TextIO

from checks.marks import without_numbers

_TOKEN = re.compile(r"(access_token=)[^&\s<>\"')]+")


class MaskedStream:
    """A text stream that masks tokens and numbers in whatever is written to it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(without_numbers(_TOKEN.sub(r"\1***", text)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
