"""The register and the law over time: versions end, they are never deleted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select

from checks.calendar import WorkCalendar, YearPlan
from checks.facts import Subject, SubjectKind
from checks.freshness import local_day
from checks.rules import Law, read_law
from storage.fields import TABLES
from storage.inventory import Inventory, InventoryError, Row
from storage.ledger.base import Base, chunks, plain_rows
from storage.tables import Account, LawRow, Mailbox, Site, Unit, Version, WatchedColumn

MODELS: dict[str, type[Version]] = {
    "unit": Unit,
    "site": Site,
    "column": WatchedColumn,
    "mailbox": Mailbox,
    "account": Account,
}
ATTRIBUTES = {"class": "class_"}
FIELDS = {table.name: tuple(field.name for field in table.fields) for table in TABLES}
SITE_PAGES = ("search", "policy_search", "progress")


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """What loading changed: rows added, given a new version, ended, left as they were."""

    added: int = 0
    changed: int = 0
    ended: int = 0
    same: int = 0


class RegisterChangedError(ValueError):
    """Another register is in force than the one that the new one was made against."""


class Register(Base):
    def load_inventory(
        self, inventory: Inventory, now: datetime, over: str | None = None
    ) -> LoadCounts:
        """Make `inventory` the register in force from `now` on, in one transaction.

        Raises InventoryError for one without any row when a register is in force: an empty
        file must not end the watch over everything. Raises RegisterChangedError when what is in
        force has not the fingerprint `over` (None: whatever is in force is replaced).
        """
        added = changed = ended = same = 0
        with self.writing() as session:
            if over is not None and fingerprint(_whole(session, None)) != over:
                raise RegisterChangedError
            now = _never_back(session, now)
            if not any(inventory.values()) and _anythingin_force(session):
                raise InventoryError((), "登记册", "没有任何单位、网站、栏目、信箱或账号")
            for table in TABLES:
                model = MODELS[table.name]
                current = {row.id: row for row in in_force(session, model, None)}
                for row in inventory[table.name]:
                    values = {ATTRIBUTES.get(k, k): v for k, v in row.items()}
                    held = current.pop(row["id"], None)
                    if held is not None and all(getattr(held, k) == v for k, v in values.items()):
                        same += 1
                        continue
                    if held is None:
                        added += 1
                    else:
                        changed += 1
                        held.until = now
                    session.add(model(since=now, **values))
                for gone in current.values():
                    gone.until = now
                    ended += 1
        return LoadCounts(added, changed, ended, same)

    def inventory(self, at: datetime | None = None) -> Inventory:
        """The register in force at an instant (None: now), rows in the order they were loaded."""
        with self.reading() as session:
            return {name: _plain(name, session, at) for name in MODELS}

    def register_of(self, sites: Collection[str]) -> Inventory:
        """The rows in force now of these sites, and of the columns and mailboxes on them.

        No units and no accounts. Costs what these sites have, however large the register is.
        """
        found: dict[str, list[Row]] = {name: [] for name in MODELS}
        with self.reading() as session:
            for chunk in chunks(sorted(set(sites))):
                found["site"] += _plain("site", session, None, col(Site.id).in_(chunk))
                for name, owner in (("column", WatchedColumn.site), ("mailbox", Mailbox.site)):
                    found[name] += _plain(name, session, None, col(owner).in_(chunk))
        return found

    def accounts(self) -> list[Row]:
        """The accounts registered now."""
        with self.reading() as session:
            return _plain("account", session, None)

    def homes(self) -> set[str]:
        """The addresses of the home pages of all sites registered now."""
        with self.reading() as session:
            return set(session.exec(select(Site.home).where(*holding(Site, None))))

    def register_changed_at(self) -> datetime | None:
        """When did a row of the register last begin or end? None: none was ever loaded."""
        with self.reading() as session:
            return _last_change(session)

    def units(self) -> list[dict[str, Any]]:
        """The units registered now, in the order they were loaded."""
        with self.reading() as session:
            return [fields_of("unit", row) for row in in_force(session, Unit, None)]

    def is_loaded(self) -> bool:
        """Was an inventory ever loaded?"""
        with self.reading() as session:
            return session.exec(select(Unit.pk).limit(1)).first() is not None

    def first_loaded_at(self) -> datetime | None:
        with self.reading() as session:
            return session.exec(select(func.min(Unit.since))).one()

    def subjects(self, at: datetime | None = None) -> tuple[Subject, ...]:
        """Everything watched at an instant (None: now): sites, columns, mailboxes, accounts."""
        with self.reading() as session:
            return tuple(
                subject for kind in SubjectKind for subject in subjects_of(session, kind, at)
            )

    def keep_law(self, law_body: Mapping[str, Any], now: datetime) -> None:
        """Remember the law in force from `now` on, when it differs from what was in force."""
        sha256 = _digest(law_body)
        newest = select(LawRow.sha256).order_by(col(LawRow.id).desc()).limit(1)
        with self.reading() as session:
            # Mostly nothing is to be written, and then nothing is anybody's doing.
            if session.exec(newest).first() == sha256:
                return
        with self.writing() as session:
            if session.exec(newest).first() != sha256:
                session.add(LawRow(since=now, sha256=sha256, body=dict(law_body)))

    def law_at(self, at: datetime) -> Law | None:
        """The law as it was in force at an instant; None when none had been kept by then."""
        statement = select(LawRow).where(col(LawRow.since) <= at)
        with self.reading() as session:
            row = session.exec(statement.order_by(col(LawRow.id).desc()).limit(1)).first()
        return _law_from(json.dumps(row.body)) if row is not None else None


def law_body(packs: Mapping[str, str], calendar: WorkCalendar) -> dict[str, Any]:
    """The law as JSON can hold it: the packs' texts and every plan of the calendar."""
    plans = {
        str(year): {
            "off": sorted(map(str, plan.off)),
            "work": sorted(map(str, plan.work)),
            "source": plan.source,
        }
        for year, plan in calendar.plans.items()
    }
    return {"packs": dict(packs), "calendar": plans}


@lru_cache(maxsize=4)
def _law_from(text: str) -> Law:
    body = json.loads(text)
    plans = {
        int(year): YearPlan(
            int(year),
            frozenset(map(date.fromisoformat, plan["off"])),
            frozenset(map(date.fromisoformat, plan["work"])),
            plan["source"],
        )
        for year, plan in body["calendar"].items()
    }
    return read_law(body["packs"], WorkCalendar(plans))


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def fingerprint(inventory: Inventory) -> str:
    """One value for what a register says, in whatever order its rows stand."""
    rows = {name: sorted(held, key=lambda row: str(row["id"])) for name, held in inventory.items()}
    return hashlib.sha256(json.dumps(rows, sort_keys=True, default=str).encode()).hexdigest()


def _whole(session: Session, at: datetime | None) -> Inventory:
    models = MODELS.items()
    return {name: [fields_of(name, row) for row in in_force(session, m, at)] for name, m in models}


def _plain(
    table: str, session: Session, at: datetime | None, *where: ColumnElement[bool]
) -> list[Row]:
    """The same rows as `fields_of` gives, to be read only: no object is made of each."""
    names = FIELDS[table]
    rows = plain_in_force(session, MODELS[table], at, *where)
    return [{name: row[name] for name in names} for row in rows]


def _anythingin_force(session: Session) -> bool:
    return any(in_force(session, model, None) for model in MODELS.values())


def _never_back(session: Session, now: datetime) -> datetime:
    """`now`, or the last change where the clock was set back: versions must not overlap."""
    return max(now, _last_change(session) or now)


def _last_change(session: Session) -> datetime | None:
    changes = [
        session.exec(select(func.max(moment))).one()
        for model in MODELS.values()
        for moment in (model.since, model.until)
    ]
    return max((change for change in changes if change is not None), default=None)


def in_force(
    session: Session, model: type[Version], at: datetime | None, *where: ColumnElement[bool]
) -> list[Version]:
    """The rows of one table that hold at an instant (None: now), in the order they were loaded."""
    statement = select(model).where(*holding(model, at), *where)
    return list(session.exec(statement.order_by(col(model.pk))))


def plain_in_force(
    session: Session, model: type[Version], at: datetime | None, *where: ColumnElement[bool]
) -> list[dict[str, Any]]:
    """The same rows by the names of their fields, to be read only."""
    held = (*holding(model, at), *where)
    rows = plain_rows(session, model, *held, order_by=[col(model.pk)])
    return [dict(row._mapping) for row in rows]


def holding(model: type[Version], at: datetime | None) -> list[ColumnElement[bool]]:
    """Which condition do the versions meet that hold at an instant (None: now)?"""
    if at is None:
        return [col(model.until).is_(None)]
    return [col(model.since) <= at, or_(col(model.until).is_(None), col(model.until) > at)]


def fields_of(table: str, row: Version) -> dict[str, Any]:
    """One row of the register by the names of its fields."""
    return {name: getattr(row, ATTRIBUTES.get(name, name)) for name in FIELDS[table]}


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
