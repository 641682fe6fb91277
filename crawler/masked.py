"""What the crawling process says on stderr holds no access token and no number of a person.

Scrapy names the address of a request in its warnings, and that of the 公众号 interface carries
the token; addresses and errors of a mailbox may carry telephone or identity-card numbers.
"""

from __future__ import annotations

from typing import Any, TextIO

from storage.logs import masked


class MaskedStream:
    """A text stream that masks secrets and numbers of persons in whatever is written to it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(masked(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
