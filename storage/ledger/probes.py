"""Probes of home pages: one row each, and after a quarter one row a site and day.

A packed day holds every probe as it was written, so that a past week is judged as it was then,
by whatever numbers. A site has 17,520 probes a year.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain, groupby
from typing import Any

from sqlalchemy import Connection, delete, insert
from sqlalchemy import select as columns
from sqlmodel import Session, col

from checks.freshness import local_day
from checks.probes import Probe
from storage.ledger.base import Base, begin_of, chunks, plain_rows
from storage.ledger.rows import OUTCOMES
from storage.tables import ProbeDayRow, ProbeRow, Site

PACKED_AFTER = timedelta(days=100)  # a quarter is read as it was written
AT_ONCE = timedelta(days=100)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class ProbeNote:
    """One probe with what else was written of it: the answer's status, and words for a failure."""

    probe: Probe
    status: int | None
    note: str | None


class Probes(Base):
    def record_probe(
        self, probe: Probe, status: int | None = None, note: str | None = None
    ) -> None:
        """Append one probe of a site."""
        with self.writing() as session:
            session.add(
                ProbeRow(
                    site=probe.site,
                    at=probe.at,
                    elapsed_ms=probe.elapsed_ms,
                    outcome=probe.outcome,
                    ours=probe.ours,
                    status=status,
                    note=note,
                )
            )

    def probes(
        self, since: datetime, at: datetime, sites: Sequence[str] | None = None
    ) -> dict[str, tuple[Probe, ...]]:
        """The probes after `since`, not after `at`, by site id, oldest first.

        Of all sites, or of those whose ids are given. What was met at a former home address is
        not among them: a site answers for the address that the register had at `at`.
        """
        found: dict[str, list[Probe]] = {}
        with self.reading() as session:
            for chunk in chunks(list(sites)) if sites is not None else (None,):
                moved = _moved(session, at, chunk)
                packed = _packed(session, since, at, chunk)
                single = _single(session, since, at, chunk)
                for site, when, elapsed, outcome, ours in chain(packed, single):
                    if site in moved and when < moved[site]:
                        continue
                    probe = Probe(site, when, elapsed, OUTCOMES[outcome], ours)
                    found.setdefault(site, []).append(probe)
        # In their order already, unless a day was packed in two portions.
        return {site: tuple(sorted(held, key=_instant)) for site, held in found.items()}

    def probe_notes(self, site: str, since: datetime, at: datetime) -> list[ProbeNote]:
        """The probes of a site as `probes` gives them, with their notes; those not packed yet."""
        asked = (col(ProbeRow.site) == site, col(ProbeRow.at) > since, col(ProbeRow.at) <= at)
        order = [col(ProbeRow.at), col(ProbeRow.id)]
        with self.reading() as session:
            moved = _moved(session, at, [site]).get(site)
            return [
                ProbeNote(
                    Probe(site, row.at, row.elapsed_ms, OUTCOMES[row.outcome], row.ours),
                    row.status,
                    row.note,
                )
                for row in plain_rows(session, ProbeRow, *asked, order_by=order)
                if moved is None or row.at >= moved
            ]

    def pack_probes(self, before: date) -> int:
        """Put the probes of whole days before `before` into one row a site and day; how many?

        Nothing of them is lost. A portion is one transaction: a crash leaves each probe once.
        """
        limit, count = begin_of(before), 0
        with self.reading() as session:
            sites = session.connection().execute(columns(col(ProbeRow.site)).distinct())
            names = sorted(sites.scalars())
        for site in names:
            while packed := self._pack_portion(site, limit):
                count += packed
        return count

    def _pack_portion(self, site: str, limit: datetime) -> int:
        mine = (col(ProbeRow.site) == site, col(ProbeRow.at) < limit)
        ordered = [col(ProbeRow.at), col(ProbeRow.id)]
        with self.writing() as session:
            # The date as a plain value: of an aggregate SQLite would give text.
            oldest = columns(col(ProbeRow.at)).where(*mine).order_by(*ordered).limit(1)
            first = session.connection().execute(oldest).scalar()
            if first is None:
                return 0
            end = min(limit, begin_of(local_day(first)) + AT_ONCE)
            portion = (*mine, col(ProbeRow.at) < end)
            rows = plain_rows(session, ProbeRow, *portion, order_by=ordered)
            days = [
                pack_day(site, day, list(held))
                for day, held in groupby(rows, key=lambda row: local_day(row.at))
            ]
            session.connection().execute(insert(ProbeDayRow), days)
            session.connection().execute(delete(ProbeRow).where(*portion))
        return sum(day["count"] for day in days)


def unpack_all(connection: Connection) -> None:
    """Write every packed probe as a row of its own again, for a version that knows no others."""
    for row in connection.execute(columns(*ProbeDayRow.__table__.columns)).all():  # type: ignore[attr-defined]
        connection.execute(
            insert(ProbeRow),
            [
                {
                    "site": row.site,
                    "at": at,
                    "elapsed_ms": elapsed,
                    "outcome": outcome,
                    "ours": ours,
                    "status": status,
                    "note": note,
                }
                for at, elapsed, outcome, ours, status, note in _unpack(row)
            ],
        )


def pack_day(site: str, day: date, rows: Sequence[Any]) -> dict[str, Any]:
    """The probes of one site on one day as one row."""
    start = begin_of(day)
    told = [
        [(r.at - start) // MICROSECOND, r.elapsed_ms, r.outcome, r.ours, r.status, r.note]
        for r in rows
    ]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return {"site": site, "day": day, "count": len(rows), "body": zlib.compress(text.encode(), 9)}


def _unpack(row: Any) -> Iterator[tuple[datetime, int | None, str, bool, int | None, str | None]]:
    start = begin_of(row.day).astimezone(UTC)
    for micros, *told in json.loads(zlib.decompress(row.body)):
        yield (start + micros * MICROSECOND, *told)


def _packed(
    session: Session, since: datetime, at: datetime, sites: Sequence[str] | None
) -> Iterator[tuple[str, datetime, int | None, str, bool]]:
    asked = [] if sites is None else [col(ProbeDayRow.site).in_(sites)]
    days = (col(ProbeDayRow.day) >= local_day(since), col(ProbeDayRow.day) <= local_day(at))
    order = [col(ProbeDayRow.day), col(ProbeDayRow.id)]
    for row in plain_rows(session, ProbeDayRow, *days, *asked, order_by=order):
        for when, elapsed, outcome, ours, *_ in _unpack(row):
            if since < when <= at:
                yield row.site, when, elapsed, outcome, ours


def _single(
    session: Session, since: datetime, at: datetime, sites: Sequence[str] | None
) -> Iterator[Any]:
    asked = [] if sites is None else [col(ProbeRow.site).in_(sites)]
    statement = columns(
        col(ProbeRow.site),
        col(ProbeRow.at),
        col(ProbeRow.elapsed_ms),
        col(ProbeRow.outcome),
        col(ProbeRow.ours),
    ).where(col(ProbeRow.at) > since, col(ProbeRow.at) <= at, *asked)
    yield from session.connection().execute(statement.order_by(col(ProbeRow.at), col(ProbeRow.id)))


def _instant(probe: Probe) -> datetime:
    return probe.at


def _moved(session: Session, at: datetime, sites: Sequence[str] | None) -> dict[str, datetime]:
    """Since when has each site the home address of `at`, where it had another one before?"""
    asked = [] if sites is None else [col(Site.id).in_(sites)]
    versions = columns(col(Site.id), col(Site.home), col(Site.since)).where(
        col(Site.since) <= at, *asked
    )
    homes: dict[str, str] = {}
    moved: dict[str, datetime] = {}
    ordered = versions.order_by(col(Site.since), col(Site.pk))
    for site, home, since in session.connection().execute(ordered):
        if homes.get(site, home) != home:
            moved[site] = since
        homes[site] = home
    return moved
