"""Where a letter would be written to a mailbox: the page is opened, and nothing is sent."""

from __future__ import annotations

import logging
from datetime import date

from scrapy import Request

from checks.channel import CHANNEL, Way, channel_data
from checks.facts import Observed, Outcome
from checks.freshness import local_day
from crawler.jobs import Job
from crawler.readers.channel import entry_address, read_channel
from crawler.readers.page import Page
from crawler.spiders.base import Answer, LookFailedError, SubjectSpider
from crawler.spiders.task import TaskSpider
from storage.clock import now
from storage.evidence import Capture
from storage.ledger import Note

logger = logging.getLogger(__name__)


async def channel_notes(spider: SubjectSpider, job: Job, answer: Answer) -> tuple[Note, ...]:
    """Can a letter be written? From the registered page, else where the mailbox's own page leads.

    At most one further page, by GET, and none where the way was already seen to be open today.
    """
    if CHANNEL not in job.notes:
        return ()
    key = job.asks["form"] or job.url
    before = _before(spider, job, key)
    if _is_open(before, spider.today):
        return ()
    if job.asks["form"] not in ("", answer.page.url):
        return (await _opened(spider, key, key, before),)
    note = _note(answer.page, key, None, before)
    entry = None if note.facts.get("way") == Way.FORM else entry_address(answer.page)
    return (await _opened(spider, entry, key, before) if entry else note,)


class ChannelSpider(TaskSpider):
    """Looks at the registered page where the mailbox itself is not visited."""

    name = "channels"

    async def notice(self, job: Job) -> list[Note]:
        before = _before(self, job, job.url)
        return (
            [] if _is_open(before, self.today) else [await _opened(self, job.url, job.url, before)]
        )


async def _opened(spider: SubjectSpider, url: str, key: str, before: Observed | None) -> Note:
    try:
        answer = await spider.fetch_page(Request(url))
    except LookFailedError as failed:
        return Note(CHANNEL, key, failed.outcome, {"why": failed.why})
    return _note(answer.page, key, answer.capture, before)


def _note(page: Page, key: str, capture: Capture | None, before: Observed | None) -> Note:
    try:
        outcome, facts = read_channel(page)
    except Exception as error:
        # A fault of this reader must not cost the visit, which was made for the letters.
        logger.exception("reading %s failed", page.url)
        why = f"读取程序出错：{type(error).__name__}: {error}"
        return Note(CHANNEL, key, Outcome.UNREADABLE, {"why": why}, capture=capture)
    data = channel_data(facts)
    if outcome is Outcome.GONE:
        data["gone_since"] = str(page.today)
        if before is not None and before.outcome is Outcome.GONE:
            data["gone_since"] = before.facts["gone_since"]
    return Note(CHANNEL, key, outcome, data, capture=capture)


def _before(spider: SubjectSpider, job: Job, key: str) -> Observed | None:
    """The last look at this page."""
    seen = spider.ledger.observed(now(), [job.subject]).get(job.subject, ())
    return next((each for each in seen if (each.family, each.key) == (CHANNEL, key)), None)


def _is_open(before: Observed | None, today: date) -> bool:
    """Was the way to write already seen to be open today?"""
    if before is None or not before.outcome.seen or local_day(before.at) != today:
        return False
    return Way(before.facts["way"]) in (Way.FORM, Way.LOGIN)
