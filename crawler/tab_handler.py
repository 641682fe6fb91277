"""The download handler that opens tabs, its plain downloads bounded like all others."""

from __future__ import annotations

from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.download import BoundedDownload


class TabHandler(BoundedDownload, ScrapyPlaywrightDownloadHandler):  # type: ignore[misc,unused-ignore]
    """For http, where columns are shown in a browser."""
