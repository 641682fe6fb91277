"""Whose articles are read today? A few a site, the columns taking turns.

Articles in which something was found come first: only another look can say that it is gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from checks.facts import Observed
from checks.freshness import local_day
from checks.subjects import SubjectKind
from checks.texts import FROM_LISTS, FROM_TEXTS, LIST, NOTED, TEXT, ListLook, TextLook
from crawler.jobs import Job
from storage.inventory import Inventory
from storage.ledger import Ledger

ASKED = "text"
EACH = 3

Seen = Mapping[str, Sequence[Observed]]


def with_texts(
    jobs: Sequence[Job],
    ledger: Ledger,
    register: Inventory,
    at: datetime,
    duties: frozenset[str],
    articles: int,
) -> list[Job]:
    """The same jobs, those of columns asked to note texts where a duty speaks of them.

    `articles` is how many articles may be opened for it a day and site.
    """
    if not duties & (FROM_LISTS | FROM_TEXTS):
        return list(jobs)
    columns = {job.subject for job in jobs if job.kind == SubjectKind.COLUMN}
    seen = ledger.observed(at, columns, families=NOTED)
    most = articles if duties & FROM_TEXTS else 0
    turns = _turns(columns, register, seen, at, most)
    return [
        _asked(job, seen, turns.get(job.subject, 0)) if job.subject in columns else job
        for job in jobs
    ]


def _asked(job: Job, seen: Seen, most: int) -> Job:
    held = seen.get(job.subject, ())
    read = [
        [each.key, each.facts.get("published_on")] for each in held if most and each.family == TEXT
    ]
    oldest_first = sorted(held, key=lambda each: each.at)
    again = [each.facts for each in oldest_first if each.facts.get("marks") and most]
    asked = {"most": most, "read": read, "again": _named(again), "since": _since(held)}
    asks = {**job.asks, ASKED: asked}
    return replace(job, notes=(*job.notes, ASKED), asks=asks, requests=job.requests + most)


def _named(texts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{name: text[name] for name in ("url", "title", "published_on")} for text in texts]


def _since(held: Sequence[Observed]) -> dict[str, dict[str, str]]:
    """Since when do which titles and articles hold marks? By family and name."""
    found: dict[str, dict[str, str]] = {LIST: {}, TEXT: {}}
    for each in held:
        if each.facts.get("marked"):
            for text in ListLook.of(each.facts).marked:
                found[LIST][text.name] = text.since.isoformat()
        elif each.facts.get("marks"):
            found[TEXT][each.key] = TextLook.of(each.facts).text.since.isoformat()
    return found


def _turns(
    keys: Container[str], register: Inventory, seen: Seen, at: datetime, articles: int
) -> dict[str, int]:
    """How many articles may be opened for each of these columns?"""
    sites: dict[str, list[str]] = defaultdict(list)
    for row in register["column"]:
        key = f"{SubjectKind.COLUMN}:{row['id']}"
        if key in keys:
            sites[row["site"]].append(key)
    turns: dict[str, int] = {}
    for columns in sites.values():
        today = sum(_read_on(each, at) for key in columns for each in seen.get(key, ()))
        left = max(0, articles - today)
        for key in _in_order(sorted(columns), seen, at, articles):
            turns[key] = min(EACH, left)
            left -= turns[key]
    return turns


def _in_order(columns: list[str], seen: Seen, at: datetime, articles: int) -> list[str]:
    """Each day from the next one on; half of the turns to those in which something was found."""
    turns = max(1, articles // EACH)
    begin = local_day(at).toordinal() * turns % len(columns)
    turned = columns[begin:] + columns[:begin]
    found = [key for key in turned if _since(seen.get(key, ()))[TEXT]]
    return list(dict.fromkeys([*found[: max(1, turns // 2)], *turned]))


def _read_on(each: Observed, at: datetime) -> bool:
    return each.family == TEXT and local_day(each.at) == local_day(at)
