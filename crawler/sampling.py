"""Which pages are looked at today for the duties that every page of a site has?

All of a site's pages cannot be opened every day, so a few columns take turns: on one day always
the same ones, on the next day the next ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any

from checks.channel import CHANNEL, is_apart
from checks.page_facts import PAGE, PAGE_DUTIES, own_page
from crawler.jobs import Job
from storage.inventory import Inventory

# One further page each, the newest article, so that a site is asked for four pages more a day; in
# the eight days that a look counts, 32 columns and as many articles are seen, which is enough to
# tell a template's fault from a page's.
COLUMNS_A_DAY = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """What to look for on the way of one visit, and what must be known for it."""

    notes: tuple[str, ...]
    asks: Mapping[str, Any] = field(default_factory=dict)
    more_requests: int = 0


def marks_of(register: Inventory, day: date, duties: frozenset[str]) -> dict[str, Mark]:
    """Which visits of this day look for duties on the way, by subject key?

    Every home page, the columns whose turn it is on the site's own host, and every mailbox.
    """
    marks: dict[str, Mark] = {}
    if duties & PAGE_DUTIES:
        columns = _by_site(register["column"])
        for site in register["site"]:
            asks = {"site": f"site:{site['id']}", "home": site["home"]}
            marks[f"site:{site['id']}"] = Mark((PAGE,), asks)
            for row_id in columns_of_day(columns[site["id"]], site, day):
                marks[f"column:{row_id}"] = Mark((PAGE,), asks, more_requests=1)
    if CHANNEL in duties:
        for box in register["mailbox"]:
            if not is_apart(box["name"]):
                marks[f"mailbox:{box['id']}"] = Mark((CHANNEL,), {"form": box.get("form") or ""}, 1)
    return marks


def columns_of_day(
    columns: Sequence[Mapping[str, Any]], site: Mapping[str, Any], day: date
) -> tuple[str, ...]:
    """The ids of the columns of this site whose turn it is: the same whenever the day is asked.

    A column that is a feed, or whose list stands on another host, shows no page of the site.
    """
    own = {
        row["id"]
        for row in columns
        if row.get("reader") != "feed" and own_page(row["url"], site["home"])
    }
    # Neighbours in the register share a template, so the turns do not follow its order.
    turns = sorted(own, key=lambda each: sha256(f"{site['id']}/{each}".encode()).digest())
    if len(turns) <= COLUMNS_A_DAY:
        return tuple(turns)
    first = day.toordinal() * COLUMNS_A_DAY
    return tuple(turns[(first + n) % len(turns)] for n in range(COLUMNS_A_DAY))


def marked(jobs: Sequence[Job], marks: Mapping[str, Mark]) -> list[Job]:
    """The jobs with what they look for on the way. A page to be read is never asked for
    conditionally: "unchanged" shows nothing."""
    return [_marked(job, marks[job.subject]) if job.subject in marks else job for job in jobs]


def _marked(job: Job, mark: Mark) -> Job:
    return replace(
        job,
        known=None,
        notes=(*job.notes, *mark.notes),
        asks={**job.asks, **mark.asks},
        requests=job.requests + mark.more_requests,
    )


def _by_site(rows: Iterable[Mapping[str, Any]]) -> defaultdict[str, list[Mapping[str, Any]]]:
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["site"]].append(row)
    return found
