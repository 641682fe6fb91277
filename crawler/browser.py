"""One headless Chromium for a run, started and stopped by scrapy-playwright.

scrapy-playwright opens empty tabs at an address that is never fetched; `crawler.tab` then shows
a page that was already fetched, and all that its scripts ask for goes through the spider's
guards. So a site meets the same visitor with and without a browser, and a firewall that stops
the plain fetch is not got past.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import playwright.async_api as pw
from scrapy import Request

from checks.facts import Outcome
from crawler.render import TAB_SLOT, TABS
from crawler.spiders.base import Answer, LookFailedError
from crawler.tab import BLANK, Fetch, Rendering, Tab

logger = logging.getLogger(__name__)

OpenTab = Callable[[Request], Awaitable[Any]]

MOST_FAILURES = 3
_OPEN_SECONDS = 60
_READ_SECONDS = 5
_CLOSE_SECONDS = 3


class BrowserFailedError(LookFailedError):
    """The page came, but no browser showed it: nothing was seen of the list."""

    def __init__(self, why: str) -> None:
        super().__init__(Outcome.UNREADABLE, f"浏览器渲染未成功：{why}")


class Browser:
    """Shows pages, at most TABS at once; starts again after a crash, gives up after three.

    `fetch` fetches one address under all guards; `open_tab` downloads the request that
    scrapy-playwright answers. `seconds` bound a page's scripts, `max_bytes` its document and
    what it fetches.
    """

    def __init__(
        self, fetch: Fetch, open_tab: OpenTab, user_agent: str, seconds: float, max_bytes: int
    ) -> None:
        self._fetch, self._open_tab, self._user_agent = fetch, open_tab, user_agent
        self._seconds, self._max_bytes = seconds, max_bytes
        self._free = asyncio.Semaphore(TABS)
        self._opened = self._failures = 0
        self._running: pw.Browser | None = None
        self._pid: int | None = None

    async def show(self, answer: Answer, url: str) -> Rendering:
        """What does this page show at `url` once its scripts have run?

        Raises BrowserFailedError when the browser does not start, crashes or hangs.
        """
        async with self._free:
            if self._failures >= MOST_FAILURES:
                raise BrowserFailedError("浏览器多次启动失败或意外退出，本次不再尝试")
            tab = Tab(self._fetch, answer, url, self._max_bytes)
            try:
                shown = await self._shown(tab)
            except (TimeoutError, pw.Error) as error:
                self._failures += not tab.is_open
                why = _first_line(error) or "页面脚本或浏览器停止响应"
                raise BrowserFailedError(why) from error
            finally:
                await self._close_tab(tab)
            self._failures = 0
            return shown

    async def _shown(self, tab: Tab) -> Rendering:
        async with asyncio.timeout(_OPEN_SECONDS):
            await self._open(tab)
        async with asyncio.timeout(self._seconds + _READ_SECONDS):
            return await tab.show(self._seconds)

    async def _open(self, tab: Tab) -> None:
        self._opened += 1
        meta = {
            "playwright": True,
            "playwright_include_page": True,
            "playwright_page_init_callback": tab.guard,
            "playwright_context": f"tab-{self._opened}",
            "playwright_context_kwargs": {
                "user_agent": self._user_agent,
                "locale": "zh-CN",
                "timezone_id": "Asia/Shanghai",
                "service_workers": "block",
                "accept_downloads": False,
            },
            "download_slot": TAB_SLOT,
            "dont_obey_robotstxt": True,  # nothing is fetched
            "dont_retry": True,
        }
        await self._open_tab(Request(BLANK, dont_filter=True, meta=meta))
        running = tab.page.context.browser
        if running is not None and running is not self._running:
            self._pid = await _process_id(running)
            self._running = running

    async def _close_tab(self, tab: Tab) -> None:
        """Close a tab with all it opened; a browser that does not answer is killed."""
        tab.over = True
        if tab.is_open:
            await self._end(tab.page.context.close())

    async def close(self) -> None:
        """Leave no browser running."""
        if self._running is not None and self._running.is_connected():
            await self._end(self._running.close())

    async def _end(self, closing: Awaitable[None]) -> None:
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await closing
        except TimeoutError:
            self._failures += 1
            if self._pid is not None:
                logger.warning("browser process %d does not answer and is killed", self._pid)
                with suppress(ProcessLookupError):  # it may have ended just now
                    os.kill(self._pid, signal.SIGKILL)
        except pw.Error as error:
            logger.info("closing: %s", _first_line(error))


async def _process_id(browser: pw.Browser) -> int:
    session = await browser.new_browser_cdp_session()
    told = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    return next(int(each["id"]) for each in told["processInfo"] if each["type"] == "browser")


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "")[:200]
