"""Guides of a service column, one a job, and a few of the files that each offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload

from checks.facts import Outcome
from checks.guides import FORM_FILE, GUIDE, GuideSeen
from crawler.addresses import one_domain
from crawler.jobs import Job
from crawler.outcome import page_outcome
from crawler.readers.attachments import Attachment, is_file
from crawler.readers.guide import read_guide
from crawler.spiders.base import Answer, LookFailedError
from crawler.spiders.task import TaskSpider
from storage.ledger import Note

_HEAD_ONLY = "xunjian_head_only"
_FIRST_BYTES = 16
_TEXTS = ("text/", "application/json", "application/xhtml", "application/xml")


class GuideSpider(TaskSpider):
    name = "guides"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> GuideSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(stop_at_file, signals.bytes_received)
        return spider

    async def notice(self, job: Job) -> list[Note]:
        try:
            answer = await self.open_page(job)
            self._shown.pop(job.subject, None)
        except LookFailedError as failed:
            return [self._guide(job, failed.outcome, {"why": failed.why})]
        if not one_domain(answer.page.url, job.url):
            why = f"页面转到其他网站（{answer.page.url}），须人工核查"
            return [self._guide(job, Outcome.UNREADABLE, {"why": why}, answer)]
        reading = read_guide(answer.page)
        if reading.shown is None:
            guide = self._guide(job, reading.outcome, {"why": reading.why}, answer)
        else:
            seen = GuideSeen(job.asks["title"], reading.shown, job.asks["listed"])
            guide = self._guide(job, Outcome.OK, seen.as_json(), answer)
        return [guide, *[await self._file(job, each) for each in _chosen(job, reading.files)]]

    def _guide(
        self, job: Job, outcome: Outcome, facts: dict[str, Any], answer: Answer | None = None
    ) -> Note:
        told = {"title": job.asks["title"], "listed": job.asks["listed"], **facts}
        return Note(GUIDE, job.url, outcome, told, capture=answer.capture if answer else None)

    async def _file(self, job: Job, file: Attachment) -> Note:
        told: dict[str, Any] = {
            "title": file.text,
            "guide": job.asks["title"],
            "page": job.url,
        }
        # Compressed, the first bytes would not tell what kind of file it is.
        headers = {"Accept-Encoding": "identity"}
        request = Request(file.url, headers=headers, meta={_HEAD_ONLY: True})
        try:
            answer = await self.fetch(request)
        except LookFailedError as failed:
            return Note(FORM_FILE, file.url, failed.outcome, {**told, "why": failed.why})
        outcome, facts = file_facts(answer)
        return Note(FORM_FILE, file.url, outcome, {**told, **facts}, capture=answer.capture)


def file_facts(answer: Answer) -> tuple[Outcome, dict[str, Any]]:
    """Does this answer give the file? `downloads` is only there where it is sure.

    An answer that is a page proves nothing, unless it says that there is no such file.
    """
    page = answer.page
    if page.status < 300 and is_file(page.body):
        return Outcome.OK, {"downloads": True, "why": "可以下载"}
    kind = page.content_type.lower()
    is_text = kind.startswith(_TEXTS) or page.body.lstrip()[:1] in (b"<", b"{", b"[")
    if page.status < 300 and not page.body and kind and not is_text:
        return Outcome.OK, {"downloads": False, "why": "文件为空"}
    if page.status < 300 and page.body and kind and not is_text:
        return Outcome.OK, {"downloads": True, "why": "可以下载"}
    met = page_outcome(page)
    if met is not None and met[0] is Outcome.GONE:
        return Outcome.GONE, {"downloads": False, "why": met[1]}
    if met is not None:
        return met[0], {"why": met[1]}
    return Outcome.UNREADABLE, {"why": "返回的是网页而不是文件，须人工核查"}


def stop_at_file(data: bytes, request: Request, **_signal: Any) -> None:
    """The first bytes of a file are enough; a page that comes instead is read to its end."""
    if request.meta.get(_HEAD_ONLY) and len(data) >= _FIRST_BYTES and is_file(data):
        raise StopDownload(fail=False)


def _chosen(job: Job, files: Sequence[Attachment]) -> list[Attachment]:
    """Those that did not download, those never looked at, those not looked at for longest."""
    looked = {url: at for at, url in enumerate(job.asks["looked"])}
    looked |= dict.fromkeys(job.asks["lost"], -2)
    near = [each for each in files if one_domain(each.url, job.url)]
    near.sort(key=lambda each: looked.get(each.url, -1))
    return near[: job.asks["files"]]
