"""Which links are looked at today? Those in doubt, then those never looked at, then the oldest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from checks.freshness import SHANGHAI, local_day
from checks.links import LOOKED, LinkedPage, LinkLook, LinkState, PageLink
from crawler.jobs import Job
from crawler.links_settings import LinksSection
from crawler.names import is_number

if TYPE_CHECKING:  # the list of tasks imports this module
    from crawler.tasks import Asked

WITNESSES = 5
PAGES_AGAIN = 20


@dataclass(slots=True)
class HostPlan:
    """What is asked of one host, for whichever sites link to it."""

    root: str
    targets: dict[str, tuple[PageLink, list[str]]] = field(default_factory=dict)
    pages: list[tuple[str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    answers: bool = False  # some link to it was good not long ago


def link_jobs(asked: Asked) -> Iterator[Job]:
    """One job a host, so that no host is asked twice at a time and each target once."""
    section = asked.links
    if LOOKED not in asked.duties or not section.per_site_per_day:
        return
    midnight = datetime.combine(local_day(asked.at), time.min, SHANGHAI)
    since = midnight - timedelta(microseconds=1)
    sites = [row["id"] for row in asked.sites]
    by_site = asked.ledger.looked_of_sites(sites, since)
    plans: dict[str, HostPlan] = {}
    for site in sites:
        _plan_site(asked, site, section.per_site_per_day - by_site.get(site, 0), plans)
    # The register asked about may be a few sites' alone: no host of any other is a witness either.
    homes = {row["home"] for row in asked.register["site"]} | asked.ledger.homes()
    own = {urlsplit(home).hostname for home in homes}
    names = [host for host in plans if host not in own and not is_number(host)]
    witnesses = names[: WITNESSES + 1]
    by_host = asked.ledger.looked_of_hosts(list(plans), since)
    for host, plan in plans.items():
        # A look takes up to two requests.
        left = section.per_site_per_day - 2 * by_host.get(host, 0)
        if left > 0:
            yield _job(plan, left, section, witnesses)


def due_links(
    pages: Sequence[LinkedPage],
    looks: Mapping[str, Sequence[LinkLook]],
    at: datetime,
    section: LinksSection,
) -> list[PageLink]:
    """Which links of these pages are due, the first to be looked at first?

    One that could not be opened is due the next day, before all others up to a quarter of the day's
    number: what is known of it decides. The rest is due after `reuse_days`.
    """
    links = {link.url: link for page in pages for link in page.links}
    today = local_day(at)
    new = [link for url, link in links.items() if url not in looks]
    seen = sorted((looks[url][0].at, url) for url in links if url in looks)
    ages = {url: (today - local_day(when)).days for when, url in seen}
    bad = [url for _, url in seen if looks[url][0].state.suspect and ages[url] >= 1]
    old = [
        url
        for _, url in seen
        if not looks[url][0].state.suspect and ages[url] >= section.reuse_days
    ]
    first = section.per_site_per_day // 4 or 1
    ordered = [links[url] for url in bad[:first]]
    return ordered + new + [links[url] for url in old + bad[first:]]


def _plan_site(asked: Asked, site: str, most: int, plans: dict[str, HostPlan]) -> None:
    pages = asked.ledger.linked_pages(site, asked.at)
    looks = asked.ledger.link_looks(site, asked.at)
    for link in due_links(pages, looks, asked.at, asked.links)[: max(most, 0)]:
        plan = _plan_of(link.url, plans)
        plan.targets.setdefault(link.url, (link, []))[1].append(site)
        if link.url in looks and looks[link.url][0].state.broken:
            plan.broken.append(link.url)
    for page in _pages_again(pages, looks, asked.at):
        _plan_of(page, plans).pages.append((site, page))
    for url, seen in looks.items():
        plan_of_host = plans.get((urlsplit(url).hostname or "").lower())
        if plan_of_host is not None and seen[0].state is LinkState.OK:
            plan_of_host.answers = True


def _pages_again(
    pages: Sequence[LinkedPage], looks: Mapping[str, Sequence[LinkLook]], at: datetime
) -> list[str]:
    """Which pages, last seen before today, hold a link that could not be opened?"""
    bad = {url for url, seen in looks.items() if seen[0].state.suspect}
    today = local_day(at)
    held = [
        page
        for page in pages
        if local_day(page.at) < today and any(link.url in bad for link in page.links)
    ]
    return [page.url for page in sorted(held, key=lambda page: page.at)[:PAGES_AGAIN]]


def _plan_of(url: str, plans: dict[str, HostPlan]) -> HostPlan:
    parts = urlsplit(url)
    return plans.setdefault(
        (parts.hostname or "").lower(), HostPlan(f"{parts.scheme}://{parts.netloc}/")
    )


def _job(plan: HostPlan, left: int, section: LinksSection, witnesses: Sequence[str]) -> Job:
    targets = [[link.url, str(link.kind), sites] for link, sites in plan.targets.values()]
    sites = [site for _, _, named in targets for site in named] or [plan.pages[0][0]]
    return Job(
        subject=f"site:{sites[0]}",
        url=plan.root,
        task=LOOKED,
        asks={
            "targets": targets[:left],
            "pages": [list(page) for page in plan.pages],
            "left": left,
            "limit": section.per_site_per_day,
            "witnesses": list(witnesses),
            "broken": plan.broken,
            "answers": plan.answers,
        },
        requests=min(left, 2 * len(targets) + len(plan.pages) + 4),
    )
