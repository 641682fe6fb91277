"""What pages show of their duties, as plain data for the ledger and back; whose page one is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from checks.duties import FormLink, LinkSeen, MarkSeen, PageFacts, PageKind, Presence, TagSeen
from checks.duty_table import Mark

PAGE = "page"  # the family; its key is the page's address, its subject the site
PAGE_DUTIES = frozenset({"mark", "tag", "code", "links", "form", "domain"})
# A page that lists its neighbours on one host many times over is told by the first few of them.
_LINKS_A_HOST = 3
_MOST_LINKS = 150


def page_data(facts: PageFacts) -> dict[str, Any]:
    """The facts as plain JSON data; what is empty is left out, and of one host three links kept."""
    data: dict[str, Any] = {
        "url": facts.url,
        "kind": str(facts.kind),
        "host": facts.host,
        "unseen": facts.unseen,
        "marks": [
            [str(each.mark), str(each.presence), each.text, each.link, each.why]
            for each in facts.marks
        ],
        "tags": [[each.name, each.content] for each in facts.tags],
        "tags_doubt": facts.tags_doubt,
        "shown_times": list(facts.shown_times),
        "entry_code": facts.entry_code,
        "links": [[each.url, each.host, each.text] for each in _fewer(facts.links)],
        "forms": [[each.title, each.url, each.year] for each in facts.forms],
        "form_doubt": facts.form_doubt,
    }
    return {name: value for name, value in data.items() if value}


def page_facts(data: Mapping[str, Any]) -> PageFacts:
    """The facts that `page_data` made this of. Raises KeyError or ValueError for anything else."""
    marks = (
        MarkSeen(Mark(mark), Presence(presence), text, link, why)
        for mark, presence, text, link, why in data.get("marks", ())
    )
    return PageFacts(
        url=data["url"],
        kind=PageKind(data["kind"]),
        host=data.get("host", ""),
        unseen=data.get("unseen", ""),
        marks=tuple(marks),
        tags=tuple(TagSeen(*each) for each in data.get("tags", ())),
        tags_doubt=data.get("tags_doubt", ""),
        shown_times=tuple(data.get("shown_times", ())),
        entry_code=data.get("entry_code"),
        links=tuple(LinkSeen(*each) for each in data.get("links", ())),
        forms=tuple(FormLink(*each) for each in data.get("forms", ())),
        form_doubt=data.get("form_doubt", ""),
    )


def own_page(url: str, home: str) -> bool:
    """Does this address belong to the site with this home page? `www.` makes no other site.

    A page of another host, or of another port of this one, is another's.
    """
    theirs = place_of(url)
    return bool(theirs) and theirs == place_of(home)


@lru_cache(maxsize=4096)
def place_of(url: str) -> str:
    """Host and port, without `www.` and the usual ports; empty where the address names none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    host = plain_host(parts.hostname or "").removeprefix("www.")
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{host}:{port}" if host and port not in (None, usual) else host


def plain_host(host: str) -> str:
    """One writing of a host: a Chinese name as the net carries it."""
    host = host.lower().rstrip(".")
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return host


def _fewer(links: Iterable[LinkSeen]) -> list[LinkSeen]:
    seen: Counter[str] = Counter()
    kept = []
    for link in links:
        seen[link.host] += 1
        if seen[link.host] <= _LINKS_A_HOST:
            kept.append(link)
    return kept[:_MOST_LINKS]
