"""What task spiders share: they look for duties of a subject, and what they notice is no visit."""

from __future__ import annotations

from abc import abstractmethod

from checks.facts import Outcome
from crawler.jobs import Job
from crawler.spiders.base import LookFailedError, SubjectSpider
from storage.clock import now
from storage.ledger import Note, Noticed, Sighting


class TaskSpider(SubjectSpider):
    """Takes jobs of one task, and ends each in notes. Subclasses say how in `notice`."""

    @abstractmethod
    async def notice(self, job: Job) -> list[Note]:
        """What is there to note of this subject? Raises LookFailedError when nothing can be."""

    async def look(self, job: Job) -> Sighting:
        raise TypeError(f"{job.subject}: the task {job.task!r} makes no visits")

    async def _sighting(self, job: Job) -> Noticed:
        started = now()
        try:
            notes = await self.notice(job)
        except LookFailedError as failed:
            notes = [Note(job.task, "", failed.outcome, {"why": failed.why})]
        except Exception as error:
            # A check that fails on one page is our fault; it must neither end the run nor count.
            self.logger.exception("%s of %s failed", job.task, job.subject)
            why = f"检查程序出错：{type(error).__name__}: {error}"
            notes = [Note(job.task, "", Outcome.UNREADABLE, {"why": why})]
        return Noticed(job.subject, started, tuple(notes))
