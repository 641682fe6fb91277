"""Whether a catalogue holds what its standard catalogue demands, noted while it is visited."""

from __future__ import annotations

from collections.abc import Sequence

from checks.catalogues import CATALOGUE, seen_in
from checks.facts import Item, Outcome
from crawler.jobs import Job
from crawler.spiders.base import SubjectSpider
from crawler.spiders.further import Looked, read_whole
from storage.clock import now
from storage.evidence import Capture
from storage.ledger import Note

MOST_KNOWN = 5_000


async def catalogue_notes(
    spider: SubjectSpider, job: Job, looked: Looked, items: Sequence[Item], opened: int
) -> tuple[list[Note], list[Capture]]:
    """Which of the expected items does the list show? Further pages are read only for those
    that its first page lacks; an item that was seen before has moved to one of them.

    Of the first page's undated rows the first `opened` were looked up in their articles.
    """
    if CATALOGUE not in job.notes:
        return [], []
    expected = job.asks["expected"]
    first = seen_in(expected, items, whole=False)
    captures: list[Capture] = []
    whole = False
    if len(first.present) < len(expected):
        rest = await read_whole(spider, job, looked)
        captures, whole = list(rest.captures), rest.whole
        items = [*items, *rest.items]
    if not whole:
        known = spider.ledger.items(job.subject, now(), MOST_KNOWN)
        items = [*items, *(each.item for each in known)]
    # A row whose article was opened in vain bears no day; of others nobody looked.
    bare = _bare(looked, items, opened)
    seen = seen_in(expected, items, whole=whole, undated=bare)
    return [Note(CATALOGUE, "", Outcome.OK, seen.as_json())], captures


def _bare(looked: Looked, items: Sequence[Item], opened: int) -> list[Item]:
    """The rows that stay undated although every undated row of the first page was opened."""
    undated = [each for each in looked.reading.items if each.published_on is None]
    if len(undated) > opened:
        return []
    keys = {(each.title, each.url) for each in undated}
    return [each for each in items if not each.published_on and (each.title, each.url) in keys]
