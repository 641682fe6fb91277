"""The register as it is looked through: a page of one table, one row, how many rows there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import select as ask
from sqlmodel import col, func, or_

from storage.ledger.base import Base
from storage.ledger.versions import MODELS, fields_of, holding, in_force
from storage.tables import Version


@dataclass(frozen=True, slots=True)
class Listed:
    """Some rows of one table in force, and of how many they are."""

    rows: Sequence[Mapping[str, Any]]
    count: int


class Listing(Base):
    def listed(
        self, table: str, unit: str = "", words: str = "", start: int = 0, most: int = 100
    ) -> Listed:
        """Which rows of a table are in force, by id? Of one unit, and with these words, if given.

        Words are looked for in the id, the name and the address.
        """
        model = MODELS[table]
        where = [*holding(model, None), *_chosen(model, unit, words)]
        with self.reading() as session:
            count = session.connection().execute(ask(func.count()).where(*where)).scalar_one()
            asked = ask(*model.__table__.columns).where(*where)  # type: ignore[attr-defined]
            found = session.connection().execute(
                asked.order_by(col(model.id)).offset(start).limit(most)
            )
            return Listed([dict(row._mapping) for row in found], count)

    def registered_row(self, table: str, row_id: str) -> Mapping[str, Any] | None:
        """The row of this id that is in force, by the names of its fields."""
        model = MODELS[table]
        with self.reading() as session:
            found = in_force(session, model, None, col(model.id) == row_id)
            return fields_of(table, found[0]) if found else None

    def register_counts(self) -> dict[str, int]:
        """How many rows of each table are in force?"""
        with self.reading() as session:
            return {
                name: session.connection()
                .execute(ask(func.count()).where(*holding(model, None)))
                .scalar_one()
                for name, model in MODELS.items()
            }


def _chosen(model: type[Version], unit: str, words: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if unit:
        of = "unit" if hasattr(model, "unit") else "id"
        conditions.append(col(getattr(model, of)) == unit)
    if words:
        searched = [name for name in ("id", "name", "url", "home") if hasattr(model, name)]
        holding_them = (
            col(getattr(model, name)).icontains(words, autoescape=True) for name in searched
        )
        conditions.append(or_(*holding_them))
    return conditions
