"""Sites: does the home page open, is it a page, and what is the newest link on it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from checks.duties import PageKind
from checks.facts import Item, Outcome
from checks.homes import FAMILY, Undated, carried_on, undated_of
from crawler.jobs import Job
from crawler.linked import link_notes
from crawler.readers.home import MOST_ITEMS, HomeReading, Untold, read_home_page
from crawler.readers.rows import HOME
from crawler.spiders.base import LookFailedError, SubjectSpider, failed_page
from crawler.spiders.pages import home_notes, unseen_notes
from storage.clock import now
from storage.ledger import Note, Sighting

OPEN = "首页正常打开"
MEMORY = timedelta(days=366)  # how far back the columns' items are asked for a link's day


class SiteSpider(SubjectSpider):
    name = "sites"

    async def look(self, job: Job) -> Sighting:
        answer = await self.open_page(job)
        failed = failed_page(answer)
        sighting = Sighting(
            subject=job.subject,
            observed_at=answer.capture.at,
            outcome=failed.outcome if failed else Outcome.OK,
            url=answer.page.url,
            status=answer.page.status,
            elapsed_ms=answer.elapsed_ms,
            note=failed.why if failed else OPEN,
            captures=(answer.capture,),
            notes=(*home_notes(job, answer), *link_notes(self.ledger, job, answer.page)),
        )
        if failed:
            return sighting
        return self.with_links(job, sighting, read_home_page(answer.page), answer.page.today)

    def with_links(self, job: Job, opened: Sighting, reading: HomeReading, today: date) -> Sighting:
        """The sighting with the newest links; one without a day takes that of its column's item.

        What stays without a day is noted with the day on which each link was first seen.
        """
        columns = job.asks.get("columns", ())
        addresses = [link.url for link in reading.untold if link.url]
        known = self.ledger.days_of(columns, addresses, today - MEMORY)
        dated = [*reading.items]
        dated += [_dated(link, known[link.url]) for link in reading.untold if link.url in known]
        dated = [item for item in dated if item.published_on and item.published_on <= today]
        dated.sort(key=lambda item: item.published_on or today, reverse=True)
        rest = [link.url or link.title for link in reading.untold if link.url not in known]
        undated = carried_on(self.seen_before(job), rest, today, reading.doubt)
        return replace(
            opened,
            reader=HOME,
            items=tuple(dated[:MOST_ITEMS]),
            unresolved=undated.count,
            note=OPEN if dated else f"{OPEN}；未读取更新日期：{reading.why}",
            notes=(*opened.notes, Note(FAMILY, "", Outcome.OK, undated.as_facts())),
        )

    def seen_before(self, job: Job) -> Undated | None:
        """Which links without a day did the last good look show?"""
        observed = self.ledger.observed(now(), [job.subject]).get(job.subject, ())
        held = (undated_of(each.facts) for each in observed if each.family == FAMILY)
        return next(held, None)

    def unseen_notes(self, job: Job, failed: LookFailedError) -> tuple[Note, ...]:
        return unseen_notes(job, PageKind.HOME, failed)


def _dated(link: Untold, known: Item) -> Item:
    return replace(known, title=link.title or known.title, url=link.url)
