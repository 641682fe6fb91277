"""Links: HEAD, then GET where HEAD does not settle it; one host after the other, within limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload

from checks.facts import Outcome
from checks.links import FAMILY, LOOKED, LinkKind, LinkLook, LinkState
from crawler.jobs import Job
from crawler.link_answers import (
    Baseline,
    answer_state,
    baseline_of,
    failure_state,
    is_html,
    needs_body,
    random_path,
    redirected_to,
)
from crawler.linked import page_note
from crawler.names import is_missing
from crawler.spiders.base import Answer, LookFailedError, failed_page
from crawler.spiders.task import TaskSpider
from storage.clock import now
from storage.database import DatabaseError
from storage.evidence import Capture
from storage.ledger import LookedAt, Note

MAX_REDIRECTS = 5
BODY_BYTES = 64 * 1024  # enough to see what a page says of itself
WRITE_AT = 25
GIVE_UP_AFTER = 2  # failures in a row: the host does not answer today
ROBOTS_REQUESTS = 2  # robots.txt of a host not asked before, itself perhaps redirected
CUT = "xunjian_cut"
NAME_FAILURES = ("CannotResolveHostError", "DNSLookupError")


class SpentError(Exception):
    """A host has been asked as often as it may be today."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one target was found to be; `capture` is the answer where that is evidence."""

    look: LinkLook
    capture: Capture | None = None


class LinkSpider(TaskSpider):
    """Takes a job a host: `targets` as [address, kind, site ids], `pages` as [site id, address].

    Of what was `broken` at the last look already, the answer is not kept again.
    `limits` are how many requests each host may still be asked today, `limit` that of others.
    """

    name = "links"
    custom_settings = {"RETRY_ENABLED": False}  # noqa: RUF012 - Scrapy's own form

    def __init__(self, jobs: Sequence[Job], **kwargs: Any) -> None:
        super().__init__(jobs=jobs, **kwargs)
        self.spent: Counter[str] = Counter()
        self.limits = {_host(job.url): int(job.asks["left"]) for job in jobs}
        self.limit = max((int(job.asks["limit"]) for job in jobs), default=0)
        self.baselines: dict[str, Baseline | None] = {}
        self.answering = {_host(job.url): True for job in jobs if job.asks["answers"]}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> LinkSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.cut, signal=signals.bytes_received)
        return spider

    def cut(self, data: bytes, request: Request) -> None:
        """Stop a body once enough of it is here."""
        if CUT in request.meta:
            request.meta[CUT] += len(data)
            if request.meta[CUT] >= BODY_BYTES:
                raise StopDownload(fail=False)

    async def notice(self, job: Job) -> list[Note]:
        notes: list[Note] = []
        waiting: list[LookedAt] = []
        try:
            for site, page in job.asks["pages"]:
                notes += await self.page_again(site, page)
            failures = 0
            for url, kind, sites in job.asks["targets"]:
                found = await self.target(url, LinkKind(kind), job)
                if found is None:
                    continue
                waiting.append(LookedAt(tuple(sites), found.look))
                if url not in job.asks["broken"]:
                    notes += _evidence(found, sites)
                away = found.look.state is LinkState.UNREACHABLE
                failures = failures + 1 if away else 0
                if failures >= GIVE_UP_AFTER or self.fault is not None:
                    break
                if len(waiting) >= WRITE_AT:
                    self.write(waiting)
        except SpentError:
            self.logger.info("%s: no further requests today", _host(job.url))
        finally:
            self.write(waiting)
        return notes

    def write(self, waiting: list[LookedAt]) -> None:
        if not waiting:
            return
        try:
            self.ledger.record_links(waiting)
        except (OSError, DatabaseError) as error:
            self.fault = str(error)
        waiting.clear()

    async def page_again(self, site: str, url: str) -> list[Note]:
        """Does the page that held a link in trouble still hold it?"""
        try:
            answer = await self.ask(url, "GET", whole=True)
        except LookFailedError:
            return []
        failed = failed_page(answer)
        if failed is None:
            return page_note(self.ledger, site, answer.page, answer.capture, key=url)
        if failed.outcome is Outcome.GONE:
            return [Note(FAMILY, url, Outcome.GONE, of=f"site:{site}", capture=answer.capture)]
        return []

    async def target(self, url: str, kind: LinkKind, job: Job) -> Found | None:
        """What does the target of this link answer? None where it leads to a host that is spent.

        Raises SpentError when the job's own host is.
        """
        try:
            return await self.look_at(url, kind)
        except SpentError as spent:
            if str(spent) == _host(job.url):
                raise
            return None
        except LookFailedError as failed:
            state, why = failure_state(failed.outcome, failed.why, url)
            if type(failed.__cause__).__name__ in NAME_FAILURES:
                host = _host(url)
                if await is_missing(host, job.asks["witnesses"]):
                    state, why = LinkState.DEAD, f"域名不存在（{host}）"
            return Found(LinkLook(url, now(), state, None, why))

    async def look_at(self, url: str, kind: LinkKind) -> Found:
        asked = Request(url).url  # as it is sent
        head = await self.head(url)
        if head is not None and not is_html(head.page):
            return self.good(url, head)
        baseline = await self.baseline(asked) if head is not None else None
        if head is not None and not needs_body(head.page, kind, asked, baseline):
            return self.good(url, head)
        answer = await self.ask(url, "GET")
        if head is None and answer.page.status < 300 and is_html(answer.page):
            baseline = await self.baseline(asked)
        state, why = answer_state(answer.page, kind, asked, baseline)
        if state is LinkState.OK:
            self.answering[_host(url)] = True
        elif state is LinkState.DEAD and not await self.answers(asked):
            state, why = LinkState.UNKNOWN, f"该网站首页也不能打开，可能不接受本系统访问；{why}"
        look = LinkLook(url, answer.capture.at, state, answer.page.status, why)
        return Found(look, answer.capture if state.broken else None)

    def good(self, url: str, head: Answer) -> Found:
        self.answering[_host(url)] = True
        return Found(LinkLook(url, head.capture.at, LinkState.OK, head.page.status))

    async def answers(self, url: str) -> bool:
        """Does this host answer us? One that says 404 to whatever we ask may turn us away."""
        host = _host(url)
        if host not in self.answering:
            try:
                home = await self.ask(urljoin(url, "/"), "GET")
                self.answering[host] = home.page.status < 300
            except LookFailedError:
                self.answering[host] = False
        return self.answering[host]

    async def head(self, url: str) -> Answer | None:
        """The answer to HEAD where it is a good one; what it says else is not to be relied on."""
        try:
            answer = await self.ask(url, "HEAD")
        except LookFailedError as failed:
            refused = failed.outcome is Outcome.REFUSED
            if refused or type(failed.__cause__).__name__ in NAME_FAILURES:
                raise
            return None
        return answer if 200 <= answer.page.status < 300 else None

    async def baseline(self, url: str) -> Baseline | None:
        """What does this host answer for a random path? Asked once a host and run."""
        host = urlsplit(url).netloc
        if host not in self.baselines:
            self.baselines[host] = None
            made_up = urljoin(url, random_path(host, self.today))
            try:
                answer = await self.ask(made_up, "GET")
                home = None
                if answer.page.status < 300:
                    home = (await self.ask(urljoin(url, "/"), "GET")).page
                self.baselines[host] = baseline_of(answer.page, made_up, home)
            except LookFailedError as failed:
                self.logger.info("%s: %s", made_up, failed.why)
        return self.baselines[host]

    async def ask(self, url: str, method: str, *, whole: bool = False) -> Answer:
        """One request, with its redirects, each counted. Raises LookFailedError, SpentError."""
        for _ in range(MAX_REDIRECTS + 1):
            self.spend(url)
            meta: dict[str, Any] = {"dont_redirect": True}
            headers = {}
            if not whole:
                meta[CUT] = 0
                headers = {"Accept-Encoding": "identity"}  # what is cut cannot be unpacked
            answer = await self.fetch(Request(url, method=method, headers=headers, meta=meta))
            location = answer.capture.headers.get("location")
            target = redirected_to(answer.page.status, location, answer.page.url)
            if target is None:
                return answer
            url = target
        raise LookFailedError(Outcome.UNREACHABLE, f"重定向超过{MAX_REDIRECTS}次（{url}）")

    def spend(self, url: str) -> None:
        """Count a request to this host, and what its robots.txt costs the first time."""
        host = _host(url)
        cost = 1 if host in self.spent else 1 + ROBOTS_REQUESTS
        if self.spent[host] + cost > self.limits.get(host, self.limit):
            raise SpentError(host)
        self.spent[host] += cost


def _evidence(found: Found, sites: Sequence[str]) -> list[Note]:
    """The answer that says a target is gone is kept; the sites' notes share it."""
    if found.capture is None:
        return []
    facts = {"state": found.look.state, "note": found.look.note}
    return [
        Note(LOOKED, found.look.url, Outcome.GONE, facts, of=f"site:{site}", capture=found.capture)
        for site in sites
    ]


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()
