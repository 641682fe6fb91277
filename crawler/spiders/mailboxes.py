"""Mailboxes: the public list as far back as needed, and each letter that may still be open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from scrapy import Request

from checks.facts import Letter, Outcome
from crawler.jobs import Job
from crawler.readers.letters import read_letter, read_letters
from crawler.readers.mail.build import told_apart
from crawler.readers.mail.paging import (
    last_list_page,
    next_list_page,
    previous_list_page,
    runs_upward,
)
from crawler.readers.page import Follow, LettersReading, Page
from crawler.spiders.base import Answer, LookFailedError, SubjectSpider
from crawler.spiders.channels import channel_notes
from crawler.spiders.known_letters import (
    Before,
    as_it_stands,
    before_of,
    call_for_more,
    gone,
    still_sought,
    with_days_of,
)
from storage.clock import now
from storage.evidence import Capture
from storage.ledger import Sighting

MAX_DETAILS = 40
MAX_LIST_PAGES = 5


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of the list: what was read, from which answer to which request."""

    reading: LettersReading
    answer: Answer
    asked: Follow | None
    captures: tuple[Capture, ...]

    @property
    def told(self) -> tuple[Page, Follow | None]:
        """The page and the request it answers, from which further requests follow."""
        return self.answer.page, self.asked

    @property
    def key(self) -> tuple[str, ...]:
        """What tells this page's request from others."""
        if self.asked is None:
            return (self.answer.page.url,)
        return _request_key(self.asked)


class MailboxSpider(SubjectSpider):
    name = "mailboxes"

    async def look(self, job: Job) -> Sighting:
        answer = await self.open_page(job)
        first = await self.read(answer)
        letters: Sequence[Letter] = first.reading.letters
        captures, unresolved, why = list(first.captures), 0, first.reading.why
        if first.reading.outcome.seen:
            before = before_of(self.ledger.letters(now(), [job.subject]).get(job.subject, ()))
            pages, hidden, note = await self.read_on(first, before)
            captures += [each for page in pages[1:] for each in page.captures]
            why = "；".join(filter(None, (why, note)))
            listed = told_apart(letter for page in pages for letter in page.reading.letters)
            letters, missed, more = await self.with_details(job, listed, before)
            captures += more
            unresolved = missed + hidden
        return Sighting(
            subject=job.subject,
            observed_at=answer.capture.at,
            outcome=first.reading.outcome,
            url=answer.page.url,
            status=answer.page.status,
            elapsed_ms=answer.elapsed_ms,
            reader=first.reading.reader,
            letters=tuple(letters),
            unresolved=unresolved,
            note=why,
            captures=tuple(captures),
            notes=await channel_notes(self, job, answer),
        )

    async def read(self, answer: Answer) -> ListPage:
        """Read a page of the list, from the list service where the page itself holds no rows."""
        reading = read_letters(answer.page)
        if reading.follow is None:
            return ListPage(reading, answer, None, (answer.capture,))
        try:
            service = await self.follow(reading.follow, answer.page.url)
        except LookFailedError as failed:
            why = f"{reading.why}；列表接口：{failed.why}"
            reading = replace(reading, outcome=failed.outcome, why=why, follow=None)
            return ListPage(reading, answer, None, (answer.capture,))
        captures = (answer.capture, service.capture)
        return ListPage(read_letters(service.page), service, reading.follow, captures)

    async def read_on(self, first: ListPage, before: Before) -> tuple[list[ListPage], int, str]:
        """The list's pages, as far back as there are letters that are new or still open.

        At most five, on the same host, none twice; a list that runs from old to new is read
        from its end. A page that cannot be had ends the list; what it may hold is not judged, and
        where that is the newer end it is counted.
        Also counts ends that could not be found, and says in Chinese how far was read.
        """
        pages, asked = [first], {first.key}
        refs: set[str] = set()
        upward = runs_upward(first.reading.letters)
        while len(pages) < MAX_LIST_PAGES:
            last = pages[-1]
            fresh = [letter for letter in last.reading.letters if letter.ref not in refs]
            refs |= {letter.ref for letter in fresh}
            turn = _turn_of(len(pages), upward)
            request = turn(*last.told)
            if request is None and turn is last_list_page and next_list_page(*last.told):
                return pages, 1, "列表由旧到新排列，未能找到末页"
            if request is None or _request_key(request) in asked or not _same_host(request, first):
                break
            wanted = call_for_more(fresh, before, self.today) or still_sought(refs, before)
            if not wanted and turn is not last_list_page:
                break
            asked.add(_request_key(request))
            try:
                page = await self._turn(last, request)
            except LookFailedError as failed:
                return pages, int(upward), f"列表第{len(pages) + 1}页未能读取：{failed.why}"
            pages.append(page)
            if not page.reading.letters:
                return pages, int(upward), f"列表第{len(pages)}页：{page.reading.why}"
        return pages, 0, f"读取列表{len(pages)}页" if len(pages) > 1 else ""

    async def _turn(self, last: ListPage, request: Follow) -> ListPage:
        if last.asked is None:
            return await self.read(await self.fetch(Request(request.url)))
        answer = await self.follow(request, last.answer.page.url)
        return ListPage(read_letters(answer.page), answer, request, (answer.capture,))

    async def with_details(
        self, job: Job, listed: Sequence[Letter], before: Before
    ) -> tuple[list[Letter], int, list[Capture]]:
        """Complete the letters from their detail pages.

        A letter whose days of receipt and reply are known needs no look. One that was open
        before and has left the list is looked up by its address. A letter whose detail
        cannot be opened, and whose list row does not tell how it stands, is missed: not seen
        is not the same as not answered.
        """
        on_page = {letter.ref for letter in listed}
        letters: list[Letter] = []
        captures: list[Capture] = []
        missed = looked = 0
        for row in [*listed, *gone(on_page, before)]:
            known = before.get(row.ref)
            settled = as_it_stands(row, known, now())
            if settled is not None:
                letters.append(settled)
                continue
            letter = with_days_of(known.letter, row) if known else row
            detail = None
            if looked < MAX_DETAILS and _may_open(job, letter):
                looked += 1
                detail = await self._detail(letter, captures)
            if detail is not None:
                letters.append(detail)
            elif letter.ref in on_page and (letter.status or letter.answered is not None):
                letters.append(letter)
            else:
                missed += 1
        return letters, missed, captures

    async def _detail(self, letter: Letter, captures: list[Capture]) -> Letter | None:
        try:
            answer = await self.fetch(Request(letter.url or ""))
            reading = read_letter(answer.page, letter)
            if reading.follow is not None:
                captures.append(answer.capture)
                answer = await self.follow(reading.follow, answer.page.url)
                reading = read_letter(answer.page, letter)
        except LookFailedError:
            return None
        if reading.outcome is not Outcome.OK or not reading.letters:
            return None
        captures.append(answer.capture)
        return replace(reading.letters[0], ref=letter.ref)


def _turn_of(read: int, upward: bool) -> Callable[[Page, Follow | None], Follow | None]:
    """How the list goes on after so many pages: forward, or from its end back."""
    if not upward:
        return next_list_page
    return last_list_page if read == 1 else previous_list_page


def _request_key(request: Follow) -> tuple[str, ...]:
    form = sorted(request.form.items())
    return (request.url, *(f"{name}={value}" for name, value in form))


def _same_host(request: Follow, first: ListPage) -> bool:
    own = first.asked.url if first.asked else first.answer.page.url
    return urlsplit(request.url).netloc == urlsplit(own).netloc


def _may_open(job: Job, letter: Letter) -> bool:
    return letter.url is not None and (urlsplit(letter.url).hostname == urlsplit(job.url).hostname)
