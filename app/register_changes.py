"""What a new register would change, row by row and field by field; who changed it last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.fields import TABLES, Field, Table
from storage.inventory import Inventory, Row
from storage.ledger import Audited, Ledger

# What the audit calls a register that was put in force through the pages.
ON_PAGES = "register.load"
TENTH = 10


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one row: what it says, and what it would say."""

    field: Field
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of a table. Added: no field `before`; taken out: no field at all."""

    table: Table
    id: str
    name: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that would change. `held` counts the rows in force of each table."""

    added: Sequence[RowChange]
    changed: Sequence[RowChange]
    ended: Sequence[RowChange]
    held: Mapping[str, int]

    @property
    def any(self) -> bool:
        return bool(self.added or self.changed or self.ended)

    @property
    def drained(self) -> Sequence[tuple[Table, int, int]]:
        """Of which tables would more than a tenth be taken out? With how many, of how many.

        Table by table: a workbook whose sheet of mailboxes is missing ends few rows of all.
        """
        gone = [(t, sum(row.table is t for row in self.ended), self.held[t.name]) for t in TABLES]
        return [(table, count, held) for table, count, held in gone if count * TENTH > held]

    def __str__(self) -> str:
        counts = len(self.added), len(self.changed), len(self.ended)
        return "新增 {}，变更 {}，停用 {}".format(*counts)


def compare(before: Inventory, after: Inventory) -> Changes:
    """What has to change for `after` to be in force instead of `before`? In the tables' order."""
    added, changed, ended = [], [], []
    for table in TABLES:
        old = {row["id"]: row for row in before[table.name]}
        new = {row["id"]: row for row in after[table.name]}
        for key, row in new.items():
            if key not in old:
                added.append(_change(table, row, _filled(table, row)))
            elif fields := _changed(table, old[key], row):
                changed.append(_change(table, old[key], fields))
        ended += [_change(table, row, ()) for key, row in old.items() if key not in new]
    return Changes(added, changed, ended, {name: len(rows) for name, rows in before.items()})


def changed_on_pages(ledger: Ledger) -> Audited | None:
    """Who changed the register last, if that was done on the pages? None: a command did."""
    act, changed_at = ledger.last_act(ON_PAGES), ledger.register_changed_at()
    if act is None or changed_at is None or changed_at > act.at:
        return None
    return act


def _change(table: Table, row: Row, fields: tuple[FieldChange, ...]) -> RowChange:
    return RowChange(table, row["id"], row["name"], fields)


def _changed(table: Table, old: Row, new: Row) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(field, old[field.name], new[field.name])
        for field in table.fields
        if old[field.name] != new[field.name]
    )


def _filled(table: Table, row: Row) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(field, None, row[field.name])
        for field in table.fields
        if row[field.name] not in (None, [])
    )
