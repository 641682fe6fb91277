"""The form of one register row: its fields, what was typed, and what is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.web.drafts import raw_with
from app.web.register_words import choices_of, help_of, told, typed, widget_of
from storage.fields import Field, Table
from storage.inventory import Fault, Inventory, InventoryError, Row, validate

OTHERS = (
    "登记册的其他行因此有误，或者原已有误，须一并更正："
    "请先改正所列各行；需要几行同时改的，请下载 Excel 登记册，改正后导入。"
)


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `now`: what is in force instead of what was typed, where somebody changed it."""

    field: Field
    widget: str
    help: str
    choices: Mapping[str, str]
    value: str
    faults: Sequence[str]
    now: str | None

    @property
    def optional(self) -> bool:
        """May it be left empty? A word that has a default is always chosen."""
        return not self.field.required and self.field.default is None


@dataclass(frozen=True, slots=True)
class Checked:
    """What was typed, looked at: the row, or the faults by field and those of other rows."""

    row: Row | None
    faults: Mapping[str, Sequence[str]]
    others: Sequence[str]


def values_of(table: Table, row: Row | None) -> dict[str, str]:
    """What stands in the form of a row; None: of a new one."""
    if row is None:
        return {field.name: typed(field.default) for field in table.fields}
    return {field.name: typed(row[field.name]) for field in table.fields}


def form_fields(
    table: Table,
    values: Mapping[str, str],
    faults: Mapping[str, Sequence[str]],
    other: Row | None = None,
) -> list[FormField]:
    """The fields as they are shown; `other`: the row in force, where it is not what was open."""
    return [
        FormField(
            field,
            widget_of(table, field),
            help_of(table, field),
            choices_of(table, field),
            values.get(field.name, ""),
            faults.get(field.name, ()),
            _now(table, field, values, other),
        )
        for field in table.fields
    ]


def checked(
    current: Inventory, table: Table, values: Mapping[str, str], *, new: bool = False
) -> Checked:
    """Would the register be right with this row? Every fault of it is told at once."""
    raw = {field.name: values.get(field.name, "").strip() for field in table.fields}
    data: Mapping[str, Any]
    if new:
        data = {**current, table.name: [*current[table.name], raw]}
        place = len(data[table.name])
    else:
        data, place = raw_with(current, table.name, raw["id"], raw)
    try:
        rows = validate(data, "登记册")[table.name]
    except InventoryError as error:
        return _sorted_out(error.faults, table, place)
    return Checked(rows[place - 1], {}, ())


def _sorted_out(found: Sequence[Fault], table: Table, place: int) -> Checked:
    own: dict[str, list[str]] = {}
    others = []
    for fault in found:
        if (fault.table, fault.row) == (table.name, place):
            own.setdefault(fault.field, []).append(fault.expected)
        else:
            others.append(str(fault))
    if others:
        others.insert(0, OTHERS)
    return Checked(None, own, others)


def _now(table: Table, field: Field, values: Mapping[str, str], other: Row | None) -> str | None:
    if other is None or typed(other[field.name]) == values.get(field.name, "").strip():
        return None
    return told(table, field, other[field.name])
