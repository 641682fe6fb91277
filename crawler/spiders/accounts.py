"""New-media accounts: feeds and public pages that need no login and no evasion."""

from __future__ import annotations

from functools import cached_property

from checks.accounts import NAMED
from checks.facts import Outcome
from crawler.jobs import Job
from crawler.readers.account_name import account_name
from crawler.readers.choose import read_list
from crawler.readers.feed import read_feed
from crawler.readers.page import ListReading, Page
from crawler.spiders.base import SubjectSpider
from crawler.spiders.wechat_api import WechatInterface
from storage.credentials import WECHAT_API
from storage.ledger import Note, Sighting


class AccountSpider(SubjectSpider):
    name = "accounts"

    @cached_property
    def interface(self) -> WechatInterface:
        return WechatInterface(self)

    async def look(self, job: Job) -> Sighting:
        if job.reader == WECHAT_API:
            return await self.interface.look(job)
        answer = await self.open_page(job)
        reading = read_list(answer.page) if job.reader == "page" else read_feed(answer.page)
        return Sighting(
            subject=job.subject,
            observed_at=answer.capture.at,
            outcome=reading.outcome,
            url=answer.page.url,
            status=answer.page.status,
            elapsed_ms=answer.elapsed_ms,
            reader=reading.reader,
            items=reading.items,
            note=reading.why,
            captures=(answer.capture,),
            notes=_notes(job, answer.page, reading) if "renamed" in job.notes else (),
        )


def _notes(job: Job, page: Page, reading: ListReading) -> tuple[Note, ...]:
    """What the account is called there. A refusal says nothing, and unsays nothing said before."""
    name = account_name(page)
    if name is None and not reading.outcome.seen:
        return ()
    return (Note(NAMED, job.url, Outcome.OK, name.as_facts() if name else {}),)
