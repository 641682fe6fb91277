"""Searches are asked for a few of the site's own titles a day, and queries of progress opened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from checks.facts import Item, Observed
from checks.freshness import local_day
from checks.searching import PROGRESS, SEARCHES
from checks.subjects import SubjectKind
from crawler.addresses import one_domain
from crawler.jobs import Job

if TYPE_CHECKING:  # the tasks' own package lists this module
    from crawler.tasks import Asked

TITLES = 3
RECENT = 40  # items of a column that its list may still show
COLUMNS = 12  # whose titles are sampled
SETTLED = timedelta(days=14)
AGED = timedelta(days=365)
POLICY_CLASSES = frozenset({"policy_doc"})
SHORTEST, LONGEST = 10, 50
CUT_OFF = ("…", "...", "..")

Row = Mapping[str, Any]


def search_jobs(asked: Asked) -> Iterator[Job]:
    """Which titles are looked for today, once a day and address of a search?"""
    for site in asked.sites:
        for name in SEARCHES:
            if name not in asked.duties or not site.get(name) or _looked_today(asked, site, name):
                continue
            titles = _titles(asked, site, policy=name == "policy_search")
            if titles:
                sought = [
                    {
                        "title": item.title,
                        "on": str(item.published_on),
                        "url": _asked_at(site[name], item.title),
                    }
                    for item in titles
                ]
                yield Job(
                    subject=f"{SubjectKind.SITE}:{site['id']}",
                    url=sought[0]["url"],
                    task=name,
                    asks={"titles": sought},
                    requests=len(sought),
                )


def progress_jobs(asked: Asked) -> Iterator[Job]:
    """On which sites is the query of progress opened today?"""
    if PROGRESS not in asked.duties:
        return
    for site in asked.sites:
        owed = site.get("services") is not False and site.get(PROGRESS)
        if owed and not _looked_today(asked, site, PROGRESS):
            yield Job(f"{SubjectKind.SITE}:{site['id']}", site[PROGRESS], task=PROGRESS)


def _titles(asked: Asked, site: Row, *, policy: bool) -> list[Item]:
    """A few titles that the site's own lists show, settled in its index, another few each day."""
    today = local_day(asked.at)
    columns = [
        row
        for row in asked.register["column"]
        if row["site"] == site["id"] and (not policy or row["class"] in POLICY_CLASSES)
    ]
    columns.sort(key=lambda row: _draw(f"{today}{row['id']}"))
    found: dict[str, Item] = {}
    for row in columns[:COLUMNS]:
        for seen in asked.ledger.items(f"column:{row['id']}", asked.at, RECENT):
            item = seen.item
            settled = item.published_on and SETTLED <= today - item.published_on <= AGED
            if settled and _is_whole(item.title) and one_domain(item.url or "", site["home"]):
                found.setdefault(item.title, item)
    return sorted(found.values(), key=lambda item: _draw(f"{today}{item.title}"))[:TITLES]


def _is_whole(title: str) -> bool:
    return SHORTEST <= len(title) <= LONGEST and not title.endswith(CUT_OFF)


def _draw(words: str) -> str:
    """The same lot for the same words: what is drawn on a day can be drawn again."""
    return hashlib.sha256(words.encode()).hexdigest()


def _asked_at(search: str, title: str) -> str:
    return search.replace("{title}", quote(title, safe=""))


def _looked_today(asked: Asked, site: Row, family: str) -> bool:
    """Was the address now registered looked at today? An address that was corrected was not."""
    key = f"{SubjectKind.SITE}:{site['id']}"
    looks = asked.ledger.observed(asked.at, [key], timedelta(days=2)).get(key, ())
    today = local_day(asked.at)
    same_day = [each for each in looks if each.family == family and local_day(each.at) == today]
    return any(_address(each) == _due(site, each) for each in same_day)


def _address(look: Observed) -> str:
    """Which address was looked at? The key of a search's look is the title."""
    return look.key if look.family == PROGRESS else str(look.facts.get("asked"))


def _due(site: Row, look: Observed) -> str:
    """Which address would be looked at now for the same thing?"""
    address = str(site[look.family])
    return address if look.family == PROGRESS else _asked_at(address, look.key)
