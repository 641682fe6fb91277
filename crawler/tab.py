"""One tab of the browser: a page that was already fetched, and the requests of its scripts.

Every request ends here. Data and code are fetched by the spider, under all its guards, and
handed to the page; style sheets are answered empty, since some loaders wait for them; nothing
else is asked for. A refusal or failure is counted, for it may have hidden a later update.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urlsplit

import playwright.async_api as pw
from scrapy import Request

from checks.facts import Outcome
from crawler.outcome import page_outcome
from crawler.spiders.base import Answer, LookFailedError
from storage.evidence import Capture

logger = logging.getLogger(__name__)

Fetch = Callable[[Request], Awaitable[Answer]]

BLANK = "http://tab.invalid/"
MOST_REQUESTS = 60
MOST_MOVES = 3
LANES = 2  # requests of one tab under way at once
_REMARKS = 3
_KEEP_PAGE = "aborted"  # after any other word Chromium shows a page of its own
_DATA = frozenset({"xhr", "fetch"})
_METHODS = frozenset({"GET", "POST"})
# What our own downloader says of itself, and cookies: those that a script sets are not sent.
_OURS = frozenset(
    "accept-encoding accept-language cache-control connection content-length cookie host pragma"
    " purpose upgrade-insecure-requests user-agent".split()
)
_OF_TRANSFER = frozenset("content-encoding content-length set-cookie transfer-encoding".split())


class RefusedError(LookFailedError):
    """A tab may not ask for this."""

    def __init__(self, why: str, url: str) -> None:
        super().__init__(Outcome.REFUSED, f"{why}（{url}）")


@dataclass(frozen=True, slots=True)
class Rendering:
    """A page as its scripts left it; `html` is UTF-8 with a byte order mark.

    `unanswered` counts requests for data or code that were refused, failed or not finished: a
    later update may be among what they would have brought. `captures` are the page and the
    data as received. `remark` says in Chinese what happened.
    """

    url: str
    html: bytes
    unanswered: int
    remark: str
    captures: tuple[Capture, ...]


@dataclass(slots=True)
class Tab:
    """Shows `answer` at `url`, its address with the fragment. `over`: nothing more is fetched.

    `max_bytes` bounds the document, and all that its scripts fetch together.
    """

    fetch: Fetch
    answer: Answer
    url: str
    max_bytes: int
    over: bool = False
    _page: pw.Page | None = None
    _home: str | None = None  # the page's address as the browser writes it
    _asked: int = 0
    _moves: int = 0
    _bytes: int = 0
    _missed: int = 0
    _waiting: int = 0
    _fault: Exception | None = None
    _remarks: list[str] = field(default_factory=list)
    _captures: list[Capture] = field(default_factory=list)
    _lanes: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LANES))

    @property
    def page(self) -> pw.Page:
        if self._page is None:
            raise ValueError("the tab was never opened")
        return self._page

    @property
    def is_open(self) -> bool:
        """Is there a page, in a browser that still runs?"""
        browser = self._page.context.browser if self._page else None
        return self._page is not None and browser is not None and browser.is_connected()

    async def guard(self, page: pw.Page, _request: Request) -> None:
        """Take over an empty page before it asks for anything."""
        self._page = page
        await page.route("**/*", lambda route: self._on_request(route))  # keeps our slots ours
        page.on("popup", lambda popup: popup.close())

    async def show(self, seconds: float) -> Rendering:
        """Let the scripts run until nothing is asked for any more, at most `seconds`."""
        await self.page.goto(self.url, wait_until="commit", timeout=seconds * 1000)
        try:
            await self.page.wait_for_load_state("networkidle", timeout=seconds * 1000)
        except pw.TimeoutError:
            self._remarks.insert(0, f"页面脚本在{seconds:.0f}秒内没有停止请求，按当时内容读取")
        html = await self._document()
        self.over = True
        if self._fault is not None:
            raise self._fault
        if len(html) > self.max_bytes:
            raise LookFailedError(Outcome.TOO_LARGE, "渲染后的页面超过大小上限")
        unanswered = self._missed + self._waiting
        if unanswered:
            self._remarks.append(f"共{unanswered}项脚本请求没有结果，可能有更新未能看到")
        remark = "；".join(["经浏览器渲染", *self._remarks])
        captures = (self.answer.capture, *self._captures)
        return Rendering(self._address(), html, unanswered, remark, captures)

    async def _document(self) -> bytes:
        """The document as HTML, cut off beyond `max_bytes`; asked where no script can meddle."""
        session = await self.page.context.new_cdp_session(self.page)
        tree = await session.send("Page.getFrameTree")
        frame = {"frameId": tree["frameTree"]["frame"]["id"]}
        world = await session.send("Page.createIsolatedWorld", frame)
        whole = f"document.documentElement.outerHTML.slice(0, {self.max_bytes})"
        told = await session.send(
            "Runtime.evaluate",
            {
                "expression": f"document.documentElement ? {whole} : ''",
                "contextId": world["executionContextId"],
                "returnByValue": True,
            },
        )
        return f"\ufeff<!DOCTYPE html>{told['result']['value']}".encode(errors="replace")

    def _address(self) -> str:
        """Where the page stands now, if still on its site; a fragment is no address of its own."""
        now = urldefrag(self.page.url)[0]
        return now if self._is_ours(now) else self.answer.page.url

    def _is_ours(self, url: str) -> bool:
        here, there = urlsplit(self._home or self.url), urlsplit(url)
        return (here.scheme, here.netloc) == (there.scheme, there.netloc)

    async def _on_request(self, route: pw.Route) -> None:
        try:
            await self._settle(route)
        except pw.Error as error:  # the tab was closed while we fetched
            logger.debug("%s: %s", route.request.url, error)
        except Exception as error:  # noqa: BLE001
            # A fault of ours must not pass for a page without news: `show` raises it.
            self._fault = error
            await route.abort(_KEEP_PAGE)

    async def _settle(self, route: pw.Route) -> None:
        request = route.request
        kind = request.resource_type
        if request.url == BLANK:
            await route.fulfill(status=200, content_type="text/html", body="")
        elif kind == "stylesheet":
            await route.fulfill(status=200, content_type="text/css", body="")
        elif kind in _DATA or kind == "script":
            await self._hand_over(route, counts=kind in _DATA or self._is_ours(request.url))
        elif kind == "document" and request.frame == self.page.main_frame:
            await self._hand_over(route, counts=True)
        else:
            await route.abort(_KEEP_PAGE)

    async def _hand_over(self, route: pw.Route, *, counts: bool) -> None:
        """Answer with what the spider fetches. `counts`: without it the list may be incomplete."""
        self._waiting += counts
        try:
            answer = await self._obtain(route.request)
        except LookFailedError as failed:
            self._missed += counts
            if len(self._remarks) < _REMARKS:
                self._remarks.append(f"脚本请求未完成：{failed.why[:120]}")
            await route.abort(_KEEP_PAGE)
        else:
            headers = {
                name: value
                for name, value in answer.capture.headers.items()
                if name not in _OF_TRANSFER
            }
            status, body = answer.page.status, answer.page.body
            await route.fulfill(status=status, headers=headers, body=body)
        finally:
            self._waiting -= counts

    async def _obtain(self, request: pw.Request) -> Answer:
        if request.resource_type == "document":
            if self._home is None:
                self._home = request.url
                return self.answer
            self._may_move(request)
            self._moves += 1
        self._asked += 1
        if self._asked > MOST_REQUESTS:
            raise RefusedError(f"脚本请求超过{MOST_REQUESTS}项", request.url)
        async with self._lanes:
            self._may_ask(request)
            answer = await self.fetch(_as_ours(request))
        self._bytes += len(answer.page.body)
        if request.resource_type in _DATA:
            self._captures.append(answer.capture)
            met = page_outcome(answer.page)
            if met is not None and met[0] is not Outcome.GONE:
                raise LookFailedError(met[0], f"{met[1]}（{request.url}）")
        return answer

    def _may_move(self, request: pw.Request) -> None:
        if not self._is_ours(request.url):
            raise RefusedError("页面要转到其他网站", request.url)
        if self._moves >= MOST_MOVES or request.method != "GET":
            raise RefusedError("页面反复跳转", request.url)

    def _may_ask(self, request: pw.Request) -> None:
        if self.over:
            raise RefusedError("页面已经读完", request.url)
        if self._bytes > self.max_bytes:
            raise RefusedError("脚本取回的内容超过大小上限", request.url)
        if request.method not in _METHODS:
            raise RefusedError(f"不发送 {request.method} 请求", request.url)


def _as_ours(request: pw.Request) -> Request:
    """The same question, asked by us: our user agent, our cookies, no word of the browser's."""
    headers = {
        name: value
        for name, value in request.headers.items()
        if name not in _OURS and not name.startswith("sec-")
    }
    body = request.post_data_buffer or b""
    return Request(request.url, method=request.method, headers=headers, body=body)
