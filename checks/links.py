"""Links of a site: where they stand, what their targets answered, and in which shape it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from checks.freshness import local_day

FAMILY = "links"  # the links of one page, in full
SAME = "links_same"  # the page was seen again, with the links it had
LOOKED = "dead_links"  # the answers of targets that are gone


class LinkKind(StrEnum):
    PAGE = "page"
    IMAGE = "image"
    ATTACHMENT = "attachment"


class LinkState(StrEnum):
    """What the target of a link answered. A wall or a refusal says nothing about the link."""

    OK = "ok"
    DEAD = "dead"  # 404, 410, or a host whose name does not exist
    SOFT_DEAD = "soft_dead"  # answers 200, and says or shows that nothing is there
    WALL = "wall"  # a firewall, a captcha, a login
    UNREACHABLE = "unreachable"  # timeout, refused connection, TLS, 5xx: it may pass
    UNKNOWN = "unknown"
    REFUSED = "refused"  # robots or a private network: we did not look

    @property
    def broken(self) -> bool:
        return self in (LinkState.DEAD, LinkState.SOFT_DEAD)

    @property
    def suspect(self) -> bool:
        return self.broken or self is LinkState.UNREACHABLE


@dataclass(frozen=True, slots=True)
class PageLink:
    """One link as a page holds it: an absolute address without fragment, and its words."""

    url: str
    kind: LinkKind
    text: str


@dataclass(frozen=True, slots=True)
class LinkedPage:
    """The links of one page when it was last seen; `at` is aware."""

    url: str
    at: datetime
    links: tuple[PageLink, ...]


@dataclass(frozen=True, slots=True)
class LinkLook:
    """One look at one target; `at` is aware, `note` says in Chinese what was met."""

    url: str
    at: datetime
    state: LinkState
    status: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A link that was not found good at the last look, on the page that was last seen with it.

    `pages` counts the pages that hold it. `looks` are those since it was last good, newest first.
    """

    link: PageLink
    inside: bool
    page: str
    pages: int
    seen_at: datetime
    looks: tuple[LinkLook, ...]


@dataclass(frozen=True, slots=True)
class SiteLinks:
    """The links of one site: how many stand on its pages, and how many of them were looked at.

    `answering` tells of which links, inside (True) or outside (False), at least one was good, and
    on which local day: where none was, our own line may have been at fault on that day.
    """

    known: int = 0
    looked: int = 0
    answering: frozenset[tuple[bool, date]] = frozenset()
    troubles: tuple[Trouble, ...] = ()


def as_facts(links: Sequence[PageLink]) -> dict[str, Any]:
    """The links of one page as plain data."""
    return {"links": [[link.url, str(link.kind), link.text] for link in links]}


def from_facts(facts: Mapping[str, Any]) -> tuple[PageLink, ...]:
    """The links of one page; none where it was not seen."""
    return tuple(PageLink(url, LinkKind(kind), text) for url, kind, text in facts.get("links", ()))


def is_inside(home: str, url: str) -> bool:
    """Does this address belong to the site: its host, or one below its domain?"""
    own, host = (_host(each) for each in (home, url))
    domain = own.removeprefix("www.")
    return host in (own, domain) or (bool(domain) and host.endswith(f".{domain}"))


def gather(
    home: str, pages: Sequence[LinkedPage], looks: Mapping[str, Sequence[LinkLook]], since: date
) -> SiteLinks:
    """How do the links of a site stand?

    `looks` are the last ones at each address, newest first; an address that was good has one, so a
    day on which a link was good is forgotten once it is looked at again: the site gains by that.
    Counted are the links of pages seen on `since` or later; a link in trouble on a page that was
    last seen before stays in sight, as nobody knows whether it still stands there.
    """
    fresh = {link.url for page in pages if local_day(page.at) >= since for link in page.links}
    good = {url for url in fresh & looks.keys() if looks[url][0].state is LinkState.OK}
    holders: dict[str, list[tuple[LinkedPage, PageLink]]] = {}
    for page in pages:
        for link in page.links:
            if link.url in looks and looks[link.url][0].state is not LinkState.OK:
                holders.setdefault(link.url, []).append((page, link))
    return SiteLinks(
        known=len(fresh),
        looked=len(fresh & looks.keys()),
        answering=frozenset((is_inside(home, url), local_day(looks[url][0].at)) for url in good),
        troubles=tuple(_trouble(home, holders[url], tuple(looks[url])) for url in sorted(holders)),
    )


def _trouble(
    home: str, held: Sequence[tuple[LinkedPage, PageLink]], looks: tuple[LinkLook, ...]
) -> Trouble:
    page, link = max(held, key=lambda each: each[0].at)
    return Trouble(link, is_inside(home, link.url), page.url, len(held), page.at, looks)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
