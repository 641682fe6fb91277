"""Sites: does the home page open, and is it a page?"""

from __future__ import annotations

from checks.facts import Outcome
from crawler.jobs import Job
from crawler.linked import link_notes
from crawler.spiders.base import SubjectSpider, failed_page
from storage.ledger import Sighting


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
            notes=link_notes(self.ledger, job, answer.page),
        )
