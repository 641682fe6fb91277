"""New-media accounts: feeds and public pages that need no login and no evasion."""

from __future__ import annotations

from checks.accounts import FIGURES, NAMED
from checks.facts import Outcome
from crawler.jobs import Job
from crawler.readers.account_name import account_figures, account_name
from crawler.readers.account_source import read_source
from crawler.readers.page import ListReading, Page
from crawler.spiders.base import SubjectSpider
from storage.ledger import Note, Sighting


class AccountSpider(SubjectSpider):
    name = "accounts"

    async def look(self, job: Job) -> Sighting:
        answer = await self.open_page(job)
        reading = read_source(answer.page, job.reader, mirror=job.asks.get("mirror", False))
        return Sighting(
            subject=job.subject,
            observed_at=answer.capture.at,
            outcome=reading.outcome,
            url=answer.page.url,
            status=answer.page.status,
            elapsed_ms=answer.elapsed_ms,
            reader=reading.reader,
            items=reading.items,
            unresolved=reading.unresolved,
            note=reading.why,
            captures=(answer.capture,),
            notes=_notes(job, answer.page, reading),
            shown_to=reading.shown_to,
        )


def _notes(job: Job, page: Page, reading: ListReading) -> tuple[Note, ...]:
    figures = account_figures(page)
    own = (Note(FIGURES, job.url, Outcome.OK, figures),) if figures is not None else ()
    return (*own, *_name_notes(job, page, reading)) if "renamed" in job.notes else own


def _name_notes(job: Job, page: Page, reading: ListReading) -> tuple[Note, ...]:
    """What the account is called there. A refusal says nothing, and unsays nothing said before."""
    name = account_name(page)
    if name is None and not reading.outcome.seen:
        return ()
    return (Note(NAMED, job.url, Outcome.OK, name.as_facts() if name else {}),)
