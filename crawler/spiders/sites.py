"""Sites: does the home page open, and is it a page?"""

from __future__ import annotations

from checks.duties import PageKind
from checks.facts import Outcome
from crawler.jobs import Job
from crawler.spiders.base import LookFailedError, SubjectSpider, failed_page
from crawler.spiders.pages import home_notes, unseen_notes
from storage.ledger import Note, Sighting


class SiteSpider(SubjectSpider):
    name = "sites"

    async def look(self, job: Job) -> Sighting:
        answer = await self.open_page(job)
        failed = failed_page(answer)
        return Sighting(
            subject=job.subject,
            observed_at=answer.capture.at,
            outcome=failed.outcome if failed else Outcome.OK,
            url=answer.page.url,
            status=answer.page.status,
            elapsed_ms=answer.elapsed_ms,
            note=failed.why if failed else "首页正常打开",
            captures=(answer.capture,),
            notes=home_notes(job, answer),
        )

    def unseen_notes(self, job: Job, failed: LookFailedError) -> tuple[Note, ...]:
        return unseen_notes(job, PageKind.HOME, failed)
