"""Guides, searches and queries of progress: a small sample a day, the longest unseen first.

The sample's size is politeness, no law: what a duty asks of it stands in its row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from checks.catalogues import CATALOGUE
from checks.facts import Item, Observed, SubjectKind
from checks.freshness import local_day
from checks.guides import FORM_FILE, GUIDE
from checks.searching import PROGRESS, SEARCHES
from crawler.addresses import one_domain
from crawler.jobs import Job

if TYPE_CHECKING:  # the tasks' own package lists this module
    from crawler.tasks import Asked

GUIDES_A_DAY = 6  # of one site
FILES_A_GUIDE = 2
MOST_LOOKED = 200
AGAIN = timedelta(days=7)
TITLES = 3
LISTED = 500  # the newest guides of a column
RECENT = 40  # items of a column that its list may still show
COLUMNS = 12  # whose titles are sampled
SETTLED = timedelta(days=14)
AGED = timedelta(days=365)
POLICY_CLASSES = frozenset({"policy_doc"})
SHORTEST, LONGEST = 10, 50
CUT_OFF = ("…", "...", "..")

Row = Mapping[str, Any]


def catalogue_asked(row: Row, duties: frozenset[str]) -> dict[str, Any]:
    """What a column's job must ask for in addition: the items it should list, if any are named."""
    expected = row.get("expected")
    if CATALOGUE not in duties or row.get("class") != "catalog" or not expected:
        return {}
    return {"notes": (CATALOGUE,), "asks": {"expected": list(expected)}}


def guide_jobs(asked: Asked) -> Iterator[Job]:
    """Which guides are opened today: of each site those that were not opened for longest?"""
    if not asked.duties & {"guides", "forms"}:
        return
    for site in _sites(asked):
        if site.get("services") is not False:
            yield from _guides_of(asked, site)


def _guides_of(asked: Asked, site: Row) -> Iterator[Job]:
    columns = {
        f"column:{row['id']}": row
        for row in asked.register["column"]
        if row["site"] == site["id"] and row["class"] == "service" and not row.get("redirect_to")
    }
    looks = asked.ledger.observed(asked.at, columns)
    today = local_day(asked.at)
    known: list[_Guide] = []
    for key, row in columns.items():
        told = _addresses(asked.ledger.items(key, asked.at, LISTED))
        near = {url: title for url, title in told.items() if one_domain(url, row["url"])}
        known += _guides(key, near, looks.get(key, ()))
    done = sum(each.last == today for each in known)
    waiting = [each for each in known if each.last != today]
    for each in _sample(waiting, today, max(0, GUIDES_A_DAY - done)):
        row, seen = columns[each.column], looks.get(each.column, ())
        yield _guide_job(each, row, seen if "forms" in asked.duties else None)


@dataclass(frozen=True, slots=True)
class _Guide:
    """A guide of a column that lists so many; `faults` are what its last look found amiss."""

    column: str
    url: str
    title: str
    listed: int
    last: date = date.min
    faults: int = 0


def _guides(column: str, told: Mapping[str, str], looks: Iterable[Observed]) -> Iterator[_Guide]:
    last = _by_key(looks, GUIDE)
    lost = [each.facts["page"] for each in _lost(looks)]
    for url, title in told.items():
        guide = _Guide(column, url, title, len(told))
        if (seen := last.get(url)) is not None:
            shown = seen.facts.get("shown", {}).values()
            amiss = sum(how in ("absent", "empty") for how in shown) + lost.count(url)
            guide = replace(guide, last=local_day(seen.at), faults=amiss)
        yield guide


def _sample(waiting: Sequence[_Guide], today: date, most: int) -> list[_Guide]:
    """The guides that were not opened for longest; half of them such as had faults a week ago.

    Otherwise a long list would come round only after the look that a finding rests on is too old.
    """
    again = [each for each in waiting if each.faults and today - each.last >= AGAIN]
    again.sort(key=lambda each: (-each.faults, each.last, each.url))
    first = again[: most // 2]
    rest = sorted(set(waiting) - set(first), key=lambda each: (each.last, each.url))
    return [*first, *rest[: most - len(first)]]


def _guide_job(guide: _Guide, row: Row, looks: Iterable[Observed] | None) -> Job:
    """`looks` are those of its column; None where nobody asks about files."""
    files = _by_key(looks or (), FORM_FILE)
    looked = sorted(files, key=lambda each: (files[each].at, each))
    return Job(
        subject=guide.column,
        url=guide.url,
        task=GUIDE,
        render=row.get("render", False),
        asks={
            "title": guide.title,
            "listed": guide.listed,
            "files": 0 if looks is None else FILES_A_GUIDE,
            "looked": looked[-MOST_LOOKED:],
            "lost": [each.key for each in _lost(looks or ())],
        },
        requests=1 + FILES_A_GUIDE,
    )


def _lost(looks: Iterable[Observed]) -> list[Observed]:
    return [each for each in looks if each.facts.get("downloads") is False]


def search_jobs(asked: Asked) -> Iterator[Job]:
    """Which titles are looked for today, once a day and search?"""
    for site in _sites(asked):
        for name in SEARCHES:
            if name not in asked.duties or not site.get(name) or _looked_today(asked, site, name):
                continue
            titles = _titles(asked, site, policy=name == "policy_search")
            if titles:
                sought = [
                    {
                        "title": item.title,
                        "on": str(item.published_on),
                        "url": site[name].replace("{title}", quote(item.title, safe="")),
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
    for site in _sites(asked):
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


def _sites(asked: Asked) -> Iterable[Row]:
    return (row for row in asked.register["site"] if asked.site in (None, row["id"]))


def _by_key(looks: Iterable[Observed], family: str) -> dict[str, Observed]:
    return {each.key: each for each in looks if each.family == family and each.key}


def _looked_today(asked: Asked, site: Row, family: str) -> bool:
    key = f"{SubjectKind.SITE}:{site['id']}"
    looks = asked.ledger.observed(asked.at, [key], timedelta(days=2)).get(key, ())
    today = local_day(asked.at)
    return any(each.family == family and local_day(each.at) == today for each in looks)


def _addresses(seen: Iterable[Any]) -> dict[str, str]:
    """The titles by address, each once."""
    found: dict[str, str] = {}
    for each in seen:
        url = each.item.url
        if url and url.startswith(("http://", "https://")):
            found.setdefault(url, each.item.title)
    return found
