"""What all spiders share: a few workers take jobs in turn, each job ends in one sighting."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import FormRequest, Request, Spider
from scrapy.http import Response

from checks.facts import Outcome
from checks.freshness import local_day
from crawler.backlog import AT_ONCE, BATCH, Backlog
from crawler.jobs import Job, take_turns
from crawler.outcome import failure_outcome, page_outcome, redirect_target
from crawler.readers.page import Follow, Page
from crawler.timed import BUDGET, Stopwatch
from storage.clock import now
from storage.evidence import Capture
from storage.ledger import Ledger, Note, Noticed, Sighting

if TYPE_CHECKING:  # the browser is an optional extra
    from crawler.browser import Browser
    from crawler.tab import Rendering

MAX_HOPS = 3
TOO_SLOW = "服务器反复超时或过慢，本次查看用时已达上限，其余页面未再访问"
_SPENT: ContextVar[Stopwatch | None] = ContextVar("spent", default=None)  # on the subject at hand
SHOWN_AS = "shown_as"  # in a request's meta: the address to be named, where its own holds a token


class LookFailedError(Exception):
    """A page could not be fetched; `outcome` and `why` say what was met instead."""

    def __init__(self, outcome: Outcome, why: str) -> None:
        super().__init__(why)
        self.outcome = outcome
        self.why = why


@dataclass(frozen=True, slots=True)
class Answer:
    """One fetched page with what the ledger keeps of it."""

    page: Page
    capture: Capture
    elapsed_ms: int | None
    etag: str | None
    last_modified: str | None

    @property
    def unchanged(self) -> bool:
        return self.page.status == 304


class FetchingSpider(Spider):
    """Fetches single pages under all guards; says what was met when a page cannot be had."""

    async def fetch_page(self, request: Request) -> Answer:
        """Fetch a page, following meta-refresh stubs on the same host."""
        answer = await self.fetch(request)
        for _ in range(MAX_HOPS):
            target = None if answer.unchanged else redirect_target(answer.page)
            if target is None or urlsplit(target).netloc != urlsplit(answer.page.url).netloc:
                return answer
            answer = await self.fetch(Request(target, meta=request.meta))
        raise LookFailedError(Outcome.UNREACHABLE, f"页面跳转超过{MAX_HOPS}次")

    async def follow(self, follow: Follow, page_url: str) -> Answer:
        """Fetch what a reader asked for; the answer reads as part of the page it belongs to."""
        headers = dict(follow.headers)
        if follow.method == "POST":
            request: Request = FormRequest(
                follow.url, method="POST", formdata=dict(follow.form), headers=headers
            )
        else:
            request = Request(follow.url, headers=headers)
        answer = await self.fetch(request)
        return replace(answer, page=replace(answer.page, url=page_url))

    async def fetch(self, request: Request) -> Answer:
        """Fetch one address under all guards. Raises LookFailedError naming what was met."""
        request = request.replace(dont_filter=True)
        watch = _SPENT.get()
        if watch is not None:
            if watch.seconds > self.crawler.settings.getfloat("SUBJECT_SECONDS"):
                raise LookFailedError(Outcome.UNREACHABLE, TOO_SLOW)
            request.meta[BUDGET] = watch
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            # Whatever went wrong between us and the server has a name, and so an outcome.
            name = type(error).__name__
            outcome, why = failure_outcome(name)
            shown = request.meta.get(SHOWN_AS, request.url)
            self.logger.info("%s: %s: %s", shown, name, error)
            raise LookFailedError(outcome, f"{why}（{shown}）") from error
        if not 200 <= response.status < 1000:
            why = f"服务器返回的状态无效（{str(response.status)[:20]}）"
            raise LookFailedError(Outcome.UNREACHABLE, why)
        return _answer(response, now())

    @property
    def today(self) -> date:
        return local_day(now())


class SubjectSpider(FetchingSpider, ABC):
    """Looks at subjects of one kind. Subclasses say how in `look`.

    `fault` is set when the ledger refused a visit; no further subject is looked at then. While
    the `backlog` has no room, none is either.
    """

    def __init__(self, jobs: Sequence[Job], ledger: Ledger, run_id: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.jobs = jobs
        self.ledger = ledger
        self.run_id = run_id
        self.fault: str | None = None
        self.backlog = Backlog()
        self._browser: Browser | None = None
        self._shown: dict[str, Rendering] = {}

    async def start(self) -> AsyncIterator[Any]:
        waiting = iter(take_turns(self.jobs))
        done: asyncio.Queue[Sighting | Noticed | None] = asyncio.Queue()
        workers = self.crawler.settings.getint("CONCURRENT_REQUESTS")
        self.backlog = Backlog(self.crawler.settings.getint(AT_ONCE, BATCH))

        async def work() -> None:
            try:
                for job in waiting:
                    await self.backlog.room.wait()
                    if self.fault is not None:
                        break
                    seen = await self._sighting(job)
                    self.backlog.add(seen)
                    await done.put(seen)
            finally:
                await done.put(None)

        tasks = [asyncio.ensure_future(work()) for _ in range(workers)]
        while workers:
            sighting = await done.get()
            if sighting is None:
                workers -= 1
            else:
                yield sighting
        await asyncio.gather(*tasks)
        if self._browser is not None:
            await self._browser.close()

    @abstractmethod
    async def look(self, job: Job) -> Sighting:
        """Look at one subject. Raises LookFailedError when its page cannot be had."""

    def unseen_notes(self, job: Job, failed: LookFailedError) -> tuple[Note, ...]:  # noqa: ARG002
        """What is to note where the subject's page could not be had."""
        return ()

    async def _sighting(self, job: Job) -> Sighting | Noticed:
        started = now()
        _SPENT.set(Stopwatch())
        try:
            sighting = await self.look(job)
            shown = self._shown.pop(job.subject, None)
            return _with_rendering(sighting, shown) if shown is not None else sighting
        except LookFailedError as failed:
            notes = self.unseen_notes(job, failed)
            why = failed.why
            return Sighting(job.subject, started, failed.outcome, job.url, note=why, notes=notes)
        except Exception as error:
            # A reader that fails on one page is our fault; it must neither end the run nor
            # look like an empty list.
            self.logger.exception("reading %s (%s) failed", job.subject, job.url)
            why = f"读取程序出错：{type(error).__name__}: {error}"
            return Sighting(job.subject, started, Outcome.UNREADABLE, job.url, note=why)

    async def open_page(self, job: Job) -> Answer:
        """Fetch a subject's page, following meta-refresh stubs on the same host."""
        headers = {}
        if job.known is not None and job.known.url == job.url:
            if job.known.etag:
                headers["If-None-Match"] = job.known.etag
            if job.known.last_modified:
                headers["If-Modified-Since"] = job.known.last_modified
        answer = await self.fetch_page(Request(job.url, headers=headers))
        return await self._in_browser(job, answer) if job.render else answer

    async def _in_browser(self, job: Job, answer: Answer) -> Answer:
        """The page as its scripts leave it. A notice stays as it came: no browser is used to get
        past a firewall."""
        if page_outcome(answer.page) is not None:
            return answer
        if self._browser is None:
            self._browser = _browser_for(self)
        fragment = urlsplit(job.url).fragment
        url = f"{answer.page.url}#{fragment}" if fragment else answer.page.url
        shown = await self._browser.show(answer, url)
        self._shown[job.subject] = shown
        return _as_shown(answer, shown)


def _browser_for(spider: FetchingSpider) -> Browser:
    settings = spider.crawler.settings
    advice = settings.get("RENDER_ADVICE")
    if advice is not None:
        raise LookFailedError(Outcome.UNREADABLE, f"该栏目须用浏览器打开：{advice}")
    from crawler.browser import Browser

    return Browser(
        fetch=spider.fetch,
        open_tab=spider.crawler.engine.download_async,
        user_agent=settings["USER_AGENT"],
        seconds=settings.getfloat("RENDER_SECONDS"),
        max_bytes=settings.getint("DOWNLOAD_MAXSIZE"),
    )


def _as_shown(answer: Answer, shown: Rendering) -> Answer:
    """The page that is read and kept is the rendered one, and its capture says so."""
    html = "text/html; charset=utf-8"
    page = replace(answer.page, url=shown.url, body=shown.html, content_type=html, rendered=True)
    headers = {"content-type": html, "x-xunjian-rendered": "chromium"}
    capture = Capture(shown.url, answer.capture.at, page.status, headers, shown.html)
    return replace(answer, page=page, capture=capture, etag=None, last_modified=None)


def _with_rendering(sighting: Sighting, shown: Rendering) -> Sighting:
    """What the browser met belongs to what was seen.

    A script that got no data says that there is none, so a rendered page is never empty; and
    what it did not get may hide a later update.
    """
    outcome, note = sighting.outcome, f"{sighting.note}；{shown.remark}"
    if outcome is Outcome.EMPTY:
        outcome = Outcome.UNREADABLE
        note += "；由脚本写出的“暂无内容”不足以认定栏目为空"
    return replace(
        sighting,
        outcome=outcome,
        note=note,
        unresolved=sighting.unresolved + shown.unanswered,
        captures=(*sighting.captures, *shown.captures),
    )


def failed_page(answer: Answer) -> LookFailedError | None:
    """What did this page turn out to be, if not a page?"""
    met = page_outcome(answer.page)
    return LookFailedError(*met) if met is not None else None


def _answer(response: Response, at: datetime) -> Answer:
    headers = {
        str(name).lower(): " ".join(str(value).split())
        for name, value in response.headers.to_unicode_dict().items()
    }
    url = response.meta.get(SHOWN_AS, response.url)
    page = Page(
        url=url,
        body=response.body,
        today=local_day(at),
        status=response.status,
        content_type=headers.get("content-type", ""),
    )
    latency = response.meta.get("download_latency")
    return Answer(
        page,
        Capture(url, at, response.status, headers, response.body),
        round(latency * 1000) if latency is not None else None,
        headers.get("etag"),
        headers.get("last-modified"),
    )
