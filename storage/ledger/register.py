"""What does the register say, and how does it change? Versions end, they are never deleted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from checks.subjects import Subject, SubjectKind
from storage.fields import TABLES
from storage.inventory import Inventory, InventoryError, Row
from storage.ledger.base import Base, chunks
from storage.ledger.subjects import subjects_of
from storage.ledger.versions import (
    ATTRIBUTES,
    FIELDS,
    MODELS,
    fields_of,
    holding,
    in_force,
    plain_in_force,
)
from storage.tables import Mailbox, Site, Unit, WatchedColumn


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
            if not any(inventory.values()) and _anything_in_force(session):
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


def _anything_in_force(session: Session) -> bool:
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
