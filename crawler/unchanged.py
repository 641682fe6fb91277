"""The same bytes say the same: a page that did not change is not read again.

A server that says 304 may be wrong, so it confirms only that a column is alive. Bytes that came
today cannot be: whatever was put on the list since would stand in them. They are read anew all
the same where another day could read them differently (3天前, 11-20 without a year, a day that
lay in the future), where anything beside them was needed (a list service, further pages,
articles, a browser), where the register, the terms or the program changed, and where the visit
owes notes that only reading gives. A day elsewhere on the page that was not yet or bore no year
may by now be one that has come; it was on the page when the list was last read, and is no update.

The page is not kept again either, unless the column may be late: then each look has bytes of its
own, with their time and their link in the chain.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from checks.facts import DateSource, Item, Outcome
from checks.freshness import local_day
from checks.texts import LIST
from crawler.dates import dates_in
from crawler.jobs import Job
from crawler.notes.texts import TERMS
from crawler.notes.turns import ASKED
from crawler.spiders.base import Answer, FetchingSpider
from crawler.spiders.further import PAGED
from storage.ledger import Sighting

SAME = "页面内容与上次读取时完全相同，沿用上次读取的结果"


def page_key(spider: FetchingSpider, job: Job, answer: Answer) -> str:
    """What did the reading of this page hang on? All of it but the day, as one hash."""
    page = answer.page
    noted = ASKED in job.notes
    parts = (
        _program(),
        *(job.url, job.reader, job.scope and sorted(job.scope.items()), job.min_items),
        *(noted, spider.crawler.settings.get(TERMS) if noted else None),
        *(page.url, page.status, page.content_type, sha256(page.body).hexdigest()),
    )
    return sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()[:32]


@cache
def _program() -> str:
    """The crawler itself, to the letter: one whose readers were mended reads every page anew."""
    digest = sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def unchanged(job: Job, answer: Answer, key: str) -> Sighting | None:
    """The visit of a page that is, byte for byte, the one that was read last; None: read it."""
    known = job.known
    if known is None or known.page_key != key or not _owes_no_reading(job):
        return None
    return Sighting(
        job.subject,
        answer.capture.at,
        Outcome.OK,
        url=answer.page.url,
        status=answer.page.status,
        elapsed_ms=answer.elapsed_ms,
        etag=answer.etag,
        last_modified=answer.last_modified,
        unchanged=known,
        captures=(answer.capture,) if known.late else (),
        repeats=(LIST,) if ASKED in job.notes else (),
        note=SAME,
    )


def _owes_no_reading(job: Job) -> bool:
    """Is nothing asked for on the way but what the list showed, which can be said again?"""
    if job.render or set(job.notes) - {ASKED}:
        return False
    return ASKED not in job.notes or job.asks[ASKED]["most"] == 0


def settled(job: Job, sighting: Sighting, answer: Answer) -> bool:
    """Would the same bytes be read the same on any later day, and from nothing else?"""
    noted = ASKED not in job.notes or any(note.family == LIST for note in sighting.notes)
    return (
        noted
        and not job.render
        and sighting.outcome is Outcome.OK
        and not sighting.unresolved
        and sighting.reader in PAGED
        and sighting.captures == (answer.capture,)
        and _all_dated(sighting.items, sighting)
    )


def _all_dated(items: Sequence[Item], sighting: Sighting) -> bool:
    """Does every row bear a day of its own, with its year, that had come when it was seen?"""
    today = local_day(sighting.observed_at)
    return all(
        item.published_on is not None and item.published_on <= today and _is_full(item)
        for item in items
    )


def _is_full(item: Item) -> bool:
    if item.date_source is DateSource.URL:
        return True
    return item.published_on in [found.on for found in dates_in(item.date_text or "")]
