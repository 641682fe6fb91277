"""Mailboxes: the public list, and the detail page of each letter that may still be open."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from scrapy import Request

from checks.facts import Letter, Outcome
from checks.replies import is_answered
from crawler.jobs import Job
from crawler.readers.letters import read_letter, read_letters
from crawler.readers.page import LettersReading
from crawler.spiders.base import Answer, LookFailedError, SubjectSpider
from storage.clock import now
from storage.evidence import Capture
from storage.ledger import Sighting

MAX_DETAILS = 40


class MailboxSpider(SubjectSpider):
    name = "mailboxes"

    async def look(self, job: Job) -> Sighting:
        answer = await self.open_page(job)
        reading, captures = await self.read(answer)
        letters, unresolved = list(reading.letters), 0
        if reading.outcome.seen:
            letters, unresolved, more = await self.with_details(job, letters)
            captures += more
        return Sighting(
            subject=job.subject,
            observed_at=answer.capture.at,
            outcome=reading.outcome,
            url=answer.page.url,
            status=answer.page.status,
            elapsed_ms=answer.elapsed_ms,
            reader=reading.reader,
            letters=tuple(letters),
            unresolved=unresolved,
            note=reading.why,
            captures=tuple(captures),
        )

    async def read(self, answer: Answer) -> tuple[LettersReading, list[Capture]]:
        captures = [answer.capture]
        reading = read_letters(answer.page)
        if reading.follow is None:
            return reading, captures
        try:
            service = await self.follow(reading.follow, answer.page.url)
        except LookFailedError as failed:
            why = f"{reading.why}；列表接口：{failed.why}"
            return replace(reading, outcome=failed.outcome, why=why, follow=None), captures
        captures.append(service.capture)
        return read_letters(service.page), captures

    async def with_details(
        self, job: Job, listed: list[Letter]
    ) -> tuple[list[Letter], int, list[Capture]]:
        """Complete the letters from their detail pages.

        A letter whose reply was recorded before needs no second look. One that was open
        before and has left the list is looked up by its address. A letter whose detail
        cannot be opened, and whose list row does not tell how it stands, is missed: not seen
        is not the same as not answered.
        """
        states = self.ledger.letters(now()).get(job.subject, [])
        before = {state.letter.ref: state.letter for state in states}
        on_page = {letter.ref for letter in listed}
        gone = [
            letter
            for ref, letter in before.items()
            if ref not in on_page and not is_answered(letter)
        ]
        letters: list[Letter] = []
        captures: list[Capture] = []
        missed = looked = 0
        for letter in [*listed, *gone]:
            known = before.get(letter.ref)
            if known is not None and known.replied_on is not None and letter.replied_on is None:
                letters.append(replace(known, title=letter.title))
                continue
            if letter.replied_on is not None:
                letters.append(letter)
                continue
            detail = None
            if looked < MAX_DETAILS and self._may_open(job, letter):
                looked += 1
                detail = await self._detail(letter, captures)
            if detail is not None:
                letters.append(detail)
            elif letter.ref in on_page and (letter.status or letter.answered is not None):
                letters.append(letter)
            else:
                missed += 1
        return letters, missed, captures

    def _may_open(self, job: Job, letter: Letter) -> bool:
        return letter.url is not None and (
            urlsplit(letter.url).hostname == urlsplit(job.url).hostname
        )

    async def _detail(self, letter: Letter, captures: list[Capture]) -> Letter | None:
        try:
            answer = await self.fetch(Request(letter.url or ""))
        except LookFailedError:
            return None
        reading = read_letter(answer.page, letter)
        if reading.outcome is not Outcome.OK or not reading.letters:
            return None
        captures.append(answer.capture)
        return replace(reading.letters[0], ref=letter.ref)
