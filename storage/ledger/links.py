"""Links: on which pages they stand, and what their targets answered, look by look."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from checks.facts import Outcome
from checks.links import FAMILY, SAME, LinkedPage, LinkLook, LinkState, PageLink, from_facts
from storage.ledger.base import Base, chunks, plain_rows
from storage.ledger.rows import row_key
from storage.legible import legible
from storage.tables import LinkRow, ObservationRow

REMEMBERED = timedelta(days=40)
MOST_LOOKS = 12


@dataclass(frozen=True, slots=True)
class LookedAt:
    """One look at a target, for every site (by id) that links to it."""

    sites: tuple[str, ...]
    look: LinkLook


class Links(Base):
    def record_links(self, looks: Iterable[LookedAt]) -> None:
        """Append looks at targets, all or none."""
        rows = [_row(site, legible(each.look)) for each in looks for site in each.sites]
        with self.writing() as session:
            session.add_all(rows)

    def linked_pages(
        self, site: str, at: datetime, oldest: timedelta = REMEMBERED
    ) -> tuple[LinkedPage, ...]:
        """The links of each page of a site, as last seen on or before `at`, by address.

        Pages that were not seen for `oldest` are left out, and so are those that are gone.
        """
        return self.linked_pages_of([site], at, oldest).get(site, ())

    def linked_pages_of(
        self, sites: Sequence[str], at: datetime, oldest: timedelta = REMEMBERED
    ) -> dict[str, tuple[LinkedPage, ...]]:
        """The same of several sites, by site id."""
        with self.reading() as session:
            seen = _latest_notes(session, sites, (FAMILY, SAME), at, at - oldest)
            full = _latest_notes(session, sites, (FAMILY,), at, None)
            rows = _notes(session, [full[place][0] for place in seen if place in full])
        found: dict[str, list[LinkedPage]] = {}
        for row in sorted(rows, key=lambda row: (row.subject, row.key)):
            if row.outcome == Outcome.OK:
                latest = max(seen[row.subject, row.key][1], row.at)
                page = LinkedPage(row.key, latest, from_facts(row.facts))
                found.setdefault(row.subject.partition(":")[2], []).append(page)
        return {site: tuple(pages) for site, pages in found.items()}

    def page_links(self, site: str, page: str, at: datetime) -> tuple[PageLink, ...] | None:
        """Which links did this page have when they were last written down; None: never."""
        with self.reading() as session:
            full = _latest_notes(session, [site], (FAMILY,), at, None, page)
            rows = _notes(session, [number for number, _ in full.values()])
        good = (from_facts(row.facts) for row in rows if row.outcome == Outcome.OK)
        return next(good, None)

    def link_looks(self, site: str, at: datetime) -> dict[str, tuple[LinkLook, ...]]:
        """The last looks at each target of a site, on or before `at`, by address, newest first.

        One for a target that was good; else those since it was last good, at most twelve.
        """
        return self.link_looks_of([site], at).get(site, {})

    def link_looks_of(
        self, sites: Sequence[str], at: datetime
    ) -> dict[str, dict[str, tuple[LinkLook, ...]]]:
        """The same of several sites, by site id."""
        found: dict[str, dict[str, tuple[LinkLook, ...]]] = {}
        bad: dict[str, list[str]] = {}
        with self.reading() as session:
            for chunk in chunks(list(sites)):
                asked = (
                    col(LinkRow.site).in_(chunk),
                    col(LinkRow.at) <= at,
                    col(LinkRow.at) > at - REMEMBERED,
                )
                latest = select(func.max(LinkRow.id)).where(*asked)
                latest = latest.group_by(col(LinkRow.site), col(LinkRow.digest))
                for row in plain_rows(session, LinkRow, col(LinkRow.id).in_(latest)):
                    found.setdefault(row.site, {})[row.url] = (_look(row),)
                    if row.state != LinkState.OK:
                        bad.setdefault(row.site, []).append(row.digest)
            for site, digests in bad.items():
                for chunk in chunks(digests):
                    found[site] |= _since_good(session, site, chunk, at)
        return found

    def looked_of_sites(self, sites: Sequence[str], since: datetime) -> Mapping[str, int]:
        """How many looks at links of each of these sites were there after `since`?"""
        found: dict[str, int] = {}
        with self.reading() as session:
            for chunk in chunks(list(sites)):
                counted = columns(col(LinkRow.site), func.count()).where(
                    col(LinkRow.site).in_(chunk), col(LinkRow.at) > since
                )
                rows = session.connection().execute(counted.group_by(col(LinkRow.site)))
                found.update((site, count) for site, count in rows)
        return found

    def looked_of_hosts(self, hosts: Sequence[str], since: datetime) -> Mapping[str, int]:
        """How often was each of these hosts asked for a target after `since`, whoever linked?"""
        looks: set[tuple[str, str, datetime]] = set()
        with self.reading() as session:
            for chunk in chunks(list(hosts)):
                asked = columns(col(LinkRow.host), col(LinkRow.url), col(LinkRow.at)).where(
                    col(LinkRow.host).in_(chunk), col(LinkRow.at) > since
                )
                rows = session.connection().execute(asked)
                looks.update((host or "", url, at) for host, url, at in rows)
        return Counter(host for host, _, _ in looks)


def _row(site: str, look: LinkLook) -> LinkRow:
    digest = hashlib.sha256(look.url.encode()).hexdigest()
    return LinkRow(
        site=site,
        digest=digest,
        url=look.url,
        host=host_of(look.url),
        at=look.at,
        state=look.state,
        status=look.status,
        note=look.note or None,
    )


def host_of(url: str) -> str:
    """The host of an address, without its port; empty: it has none."""
    return urlsplit(url).hostname or ""


def _look(row: Any) -> LinkLook:
    return LinkLook(row.url, row.at, LinkState(row.state), row.status, row.note or "")


def _since_good(
    session: Session, site: str, digests: Sequence[str], at: datetime
) -> dict[str, tuple[LinkLook, ...]]:
    asked = (
        col(LinkRow.site) == site,
        col(LinkRow.digest).in_(digests),
        col(LinkRow.at) <= at,
        col(LinkRow.at) > at - REMEMBERED,
    )
    found: dict[str, list[LinkLook]] = {}
    ended: set[str] = set()
    for row in plain_rows(session, LinkRow, *asked, order_by=[col(LinkRow.id).desc()]):
        if row.state == LinkState.OK:
            ended.add(row.url)
        elif row.url not in ended and len(found.setdefault(row.url, [])) < MOST_LOOKS:
            found[row.url].append(_look(row))
    return {url: tuple(looks) for url, looks in found.items()}


def _latest_notes(
    session: Session,
    sites: Sequence[str],
    families: Sequence[str],
    at: datetime,
    after: datetime | None,
    page: str | None = None,
) -> dict[tuple[str, str], tuple[int, datetime]]:
    """The number and the instant of the last note on each page, by subject key and address."""
    found: dict[tuple[str, str], tuple[int, datetime]] = {}
    place = (col(ObservationRow.subject), col(ObservationRow.key))
    for chunk in chunks([f"site:{site}" for site in sites]):
        statement = columns(*place, func.max(ObservationRow.id), func.max(ObservationRow.at)).where(
            col(ObservationRow.subject).in_(chunk),
            col(ObservationRow.family).in_(families),
            col(ObservationRow.at) <= at,
        )
        if after is not None:
            statement = statement.where(col(ObservationRow.at) > after)
        if page is not None:
            statement = statement.where(col(ObservationRow.key) == page)
        for subject, key, number, seen in session.connection().execute(statement.group_by(*place)):
            found[subject, key] = (row_key(number), seen)
    return found


def _notes(session: Session, numbers: Sequence[int]) -> list[Any]:
    return [
        row
        for chunk in chunks(numbers)
        for row in plain_rows(session, ObservationRow, col(ObservationRow.id).in_(chunk))
    ]
