"""On which pages do the links stand? Noted where a crawl opens them anyway."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urldefrag

from checks.facts import Outcome
from checks.links import FAMILY, LOOKED, SAME, as_facts
from crawler.jobs import Job
from crawler.outcome import page_outcome
from crawler.readers.links import read_links
from crawler.readers.page import Page
from storage.clock import now
from storage.evidence import Capture
from storage.inventory import Inventory
from storage.ledger import Ledger, Note


def with_links(
    jobs: Iterable[Job],
    register: Inventory,
    day: date,
    duties: frozenset[str],
    columns_per_site: int,
) -> list[Job]:
    """The same jobs; home pages and some columns of each site are asked for their links.

    The columns take turns day by day. One that is asked is fetched in full.
    """
    if LOOKED not in duties:
        return list(jobs)
    sites = {f"column:{row['id']}": row["site"] for row in register["column"]}
    sites |= {f"site:{row['id']}": row["id"] for row in register["site"]}
    asked = _in_turn(register, day, columns_per_site)
    return [_marked(job, sites[job.subject]) if job.subject in asked else job for job in jobs]


def _in_turn(register: Inventory, day: date, count: int) -> set[str]:
    chosen = {f"site:{row['id']}" for row in register["site"]}
    by_site: dict[str, list[str]] = {}
    for row in register["column"]:
        by_site.setdefault(row["site"], []).append(f"column:{row['id']}")
    for keys in by_site.values():
        keys.sort()
        first = day.toordinal() * count
        chosen |= {keys[(first + at) % len(keys)] for at in range(min(count, len(keys)))}
    return chosen


def _marked(job: Job, site: str) -> Job:
    return replace(job, known=None, notes=(*job.notes, LOOKED), asks={**job.asks, "links_of": site})


def link_notes(
    ledger: Ledger, job: Job, page: Page, articles: Sequence[Capture] = ()
) -> tuple[Note, ...]:
    """The links of a visited page and of the articles opened with it, where the job asks so."""
    if LOOKED not in job.notes:
        return ()
    site = job.asks["links_of"]
    notes = page_note(ledger, site, page, None)
    for each in articles:
        kind = each.headers.get("content-type", "")
        article = Page(each.url, each.body, page.today, each.status, kind)
        notes += page_note(ledger, site, article, None)
    return tuple(notes)


def page_note(
    ledger: Ledger, site: str, page: Page, capture: Capture | None, key: str | None = None
) -> list[Note]:
    """The links of one page under its address; that they are the same as before, where they are.

    None of a page that was not seen, or that shows no link: a script may write them.
    """
    if page_outcome(page) is not None:
        return []
    links = read_links(page)
    if not links:
        return []
    address = key or urldefrag(page.url).url
    of = f"site:{site}"
    if ledger.page_links(site, address, now()) == links:
        return [Note(SAME, address, Outcome.OK, of=of, capture=None)]
    return [Note(FAMILY, address, Outcome.OK, as_facts(links), of=of, capture=capture)]
