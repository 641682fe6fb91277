"""Scrapy's own download with two more bounds: on the head of an answer, and on its time.

A connection that its server closes is not asked again. Twisted bounds a line of the head, not the
lines; the parser is taken from Scrapy's private classes, since there is no public way to reach it.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.timed import BUDGET, STOPWATCH
from crawler.turns import turn

MOST_HEAD_BYTES = 256 * 1024  # as much as browsers take


class HeadTooLarge(IgnoreRequest):
    """The head of the answer, or the interim answers before it, have no end."""


class _Parser(_LenientHTTPClientParser):  # type: ignore[misc,unused-ignore]
    read = 0  # bytes of the head, of interim answers too

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        self.read += len(line) + 1
        if self.read > MOST_HEAD_BYTES:
            raise HeadTooLarge(f"more than {MOST_HEAD_BYTES} bytes of headers")
        super().lineReceived(line)

    def allHeadersReceived(self) -> None:  # noqa: N802
        if self._is_last():
            self.connHeaders.setRawHeaders(b"Connection", [b"close"])
        super().allHeadersReceived()  # type: ignore[no-untyped-call,unused-ignore]

    def _is_last(self) -> bool:
        """Does the server close the connection after this answer? (RFC 9112, 9.3)

        Twisted reads but the very word `close`, and takes HTTP/1.0 for 1.1: what was asked next on
        a connection that is being closed was lost, thrice in a row where several were closing.
        """
        told = b",".join(self.connHeaders.getRawHeaders(b"Connection", ())).lower()
        words = {word.strip() for word in told.split(b",")}
        old = self.response.version[1:] < (1, 1) and b"keep-alive" not in words
        return old or b"close" in words

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        raise HeadTooLarge(f"a line of more than {len(line)} bytes in the head")


class _Protocol(_LenientHTTP11ClientProtocol):  # type: ignore[misc,unused-ignore]
    def request(self, request: Any) -> Any:
        answered = super().request(request)
        self._parser.__class__ = _Parser  # as Scrapy's own does, and for its reason
        return answered


class _Factory(_LenientHTTP11ClientFactory):  # type: ignore[misc,unused-ignore]
    def buildProtocol(self, addr: Any) -> Any:  # noqa: ARG002, N802
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedDownload:
    """What a download handler of Scrapy's takes on: the bounds, and the stopwatches in `meta`."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)  # type: ignore[call-arg]
        pool: Any = vars(self)["_pool"]
        pool._factory = _Factory

    async def download_request(self, request: Request) -> Response:
        async with turn((urlparse_cached(request).hostname or "").lower()):
            with ExitStack() as running:
                for name in {STOPWATCH, BUDGET} & request.meta.keys():
                    running.enter_context(request.meta[name])
                return await self._bounded(request)

    async def _bounded(self, request: Request) -> Response:
        try:
            answered: Response = await super().download_request(request)  # type: ignore[misc]
        except DownloadFailedError as error:
            reasons = getattr(error.__cause__, "reasons", None) or ()
            if any(reason.check(HeadTooLarge) for reason in reasons):
                raise HeadTooLarge(str(error)) from error
            raise
        return answered


class BoundedHandler(BoundedDownload, HTTP11DownloadHandler):  # type: ignore[misc,unused-ignore]
    """For http and https."""
