"""Which rows of the register hold at an instant? Each is a version, with a beginning and an end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from storage.fields import TABLES
from storage.ledger.base import plain_rows
from storage.tables import Account, Mailbox, Site, Unit, Version, WatchedColumn

MODELS: dict[str, type[Version]] = {
    "unit": Unit,
    "site": Site,
    "column": WatchedColumn,
    "mailbox": Mailbox,
    "account": Account,
}
ATTRIBUTES = {"class": "class_"}
FIELDS = {table.name: tuple(field.name for field in table.fields) for table in TABLES}


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
