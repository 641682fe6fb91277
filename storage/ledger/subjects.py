"""What is watched? Rows of the register as subjects, with what the rules need to know of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from checks.freshness import local_day
from checks.subjects import Subject, SubjectKind
from storage.ledger.base import chunks
from storage.ledger.versions import MODELS, holding, plain_in_force
from storage.tables import Site

SITE_PAGES = ("search", "policy_search", "progress")


def subjects_of(
    session: Session, kind: SubjectKind, at: datetime | None, *where: ColumnElement[bool]
) -> Iterator[Subject]:
    """The rows of one kind that hold at an instant (None: now), as subjects.

    Each has the day from which it has been watched, and whether its site has services.
    """
    model, since = MODELS[kind], dict[str, date]()
    rows = plain_in_force(session, model, at, *where)
    for chunk in chunks([row["id"] for row in rows]):
        first = select(model.id, func.min(model.since)).where(col(model.id).in_(chunk))
        for row_id, moment in session.exec(first.group_by(model.id)):
            since[row_id] = local_day(moment)
    sites = {row.get("site", row["id"]) for row in rows} if kind is not SubjectKind.ACCOUNT else ()
    without = _sites(session, at, sites, col(Site.services).is_(False))
    portals = _sites(session, at, sites, col(Site.portal).is_(True))
    for row in rows:
        site = row.get("site", row["id"])
        services, portal = site not in without, site in portals
        yield _subject(kind, row, since[row["id"]], services=services, portal=portal)


def _sites(
    session: Session, at: datetime | None, among: Collection[str], where: ColumnElement[bool]
) -> set[str]:
    """Which of these sites are so? Asked by id, or a portion would cost all sites there are."""
    return {
        site
        for chunk in chunks(sorted(among))
        for site in session.exec(
            select(Site.id).where(*holding(Site, at), col(Site.id).in_(chunk), where)
        )
    }


def _subject(
    kind: SubjectKind,
    row: Mapping[str, Any],
    watched_since: date,
    *,
    services: bool,
    portal: bool,
) -> Subject:
    own_limit = row.get("limit") if kind is SubjectKind.MAILBOX else row.get("cycle")
    return Subject(
        kind=kind,
        id=row["id"],
        name=row["name"],
        unit=row["unit"],
        site=row["id"] if kind is SubjectKind.SITE else row.get("site"),
        url=row.get("home") if kind is SubjectKind.SITE else row.get("url"),
        column_class=row.get("class"),
        level=row.get("level") or 1,
        limit=own_limit,
        clock=row.get("clock") or "submitted",
        platform=row.get("platform"),
        exempt_until=row.get("exempt_until"),
        exempt_reason=row.get("exempt_reason"),
        opened_on=row.get("opened_on"),
        closed_on=row.get("closed_on"),
        watched_since=watched_since,
        code=row.get("code"),
        portal=portal,
        nav_only=bool(row.get("home_nav_only")),
        services=services,
        redirect_to=row.get("redirect_to"),
        expected=tuple(row.get("expected") or ()),
        form=row.get("form"),
        pages=tuple((name, row[name]) for name in SITE_PAGES if row.get(name)),
        platform_id=row.get("platform_id"),
        status=row.get("status"),
        source=row.get("source"),
        categories=tuple(_pair(each) for each in row.get("categories") or ()),
    )


def _pair(written: str) -> tuple[str, str]:
    category, _, limit = written.partition("=")
    return category, limit
