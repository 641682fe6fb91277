"""Guides of service columns and their files: a small sample a day, the longest unseen first.

The sample's size is politeness, no law: what a duty asks of it stands in its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from checks.catalogues import CATALOGUE
from checks.facts import Observed
from checks.freshness import local_day
from checks.guides import FORM_FILE, GUIDE
from crawler.addresses import one_domain
from crawler.jobs import Job

if TYPE_CHECKING:  # the tasks' own package lists this module
    from crawler.tasks import Asked

GUIDES_A_DAY = 6  # of one site
FILES_A_GUIDE = 2
MOST_LOOKED = 200
AGAIN = timedelta(days=7)
LISTED = 500  # the newest guides of a column

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
    for site in asked.sites:
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


def _by_key(looks: Iterable[Observed], family: str) -> dict[str, Observed]:
    return {each.key: each for each in looks if each.family == family and each.key}


def _addresses(seen: Iterable[Any]) -> dict[str, str]:
    """The titles by address, each once."""
    found: dict[str, str] = {}
    for each in seen:
        url = each.item.url
        if url and url.startswith(("http://", "https://")):
            found.setdefault(url, each.item.title)
    return found
