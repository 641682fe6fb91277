"""Assessment schemes (评分办法): how a file of `checks/schemes/` or of the office is read."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from checks.pack_rows import CONFIDENCE
from checks.scheme_agreement import disagreements
from checks.scheme_fields import (
    ABOVE_ZERO,
    FLAG,
    NUMBER,
    SPAN,
    TEXT,
    Fields,
    Kind,
    one_of,
    pairs_of,
    some_of,
)
from checks.scheme_items import read_item
from checks.scheme_rows import read_gate, read_grade, read_section
from checks.scheme_table import CYCLES, REDISTRIBUTIONS, Gate, Grade, Item, Scheme, Section

__all__ = ["BUNDLED", "SchemeError", "read_scheme", "scheme_text", "unknown_rules"]

BUNDLED = Path(__file__).parent / "schemes"
T = TypeVar("T")
ROWS = ("section", "item", "gate", "grade")


class SchemeError(ValueError):
    """A scheme that cannot be used: file, row, field, and what was expected, all at once."""


def scheme_text(name: str, folder: Path | None = None) -> str:
    """The text of the named scheme: the local folder's file first, the bundled one second.

    Raises SchemeError naming the places where it was looked for.
    """
    homes = [home / f"{name}.toml" for home in (folder, BUNDLED) if home is not None]
    path = next((path for path in homes if path.is_file()), None)
    if path is None:
        raise SchemeError(f"scheme {name!r}: no file at {' or '.join(map(str, homes))}")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SchemeError(f"{path}: not UTF-8: {error}") from error


def read_scheme(text: str, origin: str) -> Scheme:
    """Read one scheme. Raises SchemeError naming every row and field at fault."""
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(f"{origin}: not TOML: {error}") from error
    faults: list[str] = []
    sections = _read(data, "section", read_section, origin, faults)
    # Rows are held against sections; of a section that is not understood nothing can be said.
    clear = not faults
    items = _read(data, "item", read_item, origin, faults)
    gates = _read(data, "gate", read_gate, origin, faults)
    grades = _read(data, "grade", read_grade, origin, faults)
    scheme = _scheme(Fields(data, origin, faults), sections, items, gates, grades)
    if clear:
        faults += [f"{origin}: {fault}" for fault in disagreements(scheme)]
    if faults:
        raise SchemeError("\n".join(faults))
    return scheme


def unknown_rules(scheme: Scheme, rules: Collection[str]) -> tuple[str, ...]:
    """Which items name a rule or duty that no pack has (`rules`: ids)? Such an item finds nothing.

    As sentences; empty: none.
    """
    return tuple(
        f"{scheme.id}: item {item.id}: rule: {rule!r}; no rule pack has a rule or duty of this id"
        for item in scheme.items
        if item.select
        for rule in item.select.rule
        if rule not in rules
    )


def _rows(
    data: Mapping[str, object], name: str, origin: str, faults: list[str]
) -> list[tuple[Mapping[str, object], str]]:
    rows = data.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        faults.append(f"{origin}: {name}: expected rows written as [[{name}]]")
        return []
    names = [row.get("id", row.get("name", row.get("when", "no id"))) for row in rows]
    numbered = enumerate(zip(rows, names, strict=True), start=1)
    return [(row, f"{origin}: {name} {number} ({each})") for number, (row, each) in numbered]


def _read(
    data: Mapping[str, object],
    name: str,
    read: Callable[[Mapping[str, object], str, list[str]], T],
    origin: str,
    faults: list[str],
) -> tuple[T, ...]:
    """The rows of one kind that have no fault of their own; the faults of the others are told."""
    found: list[T] = []
    for row, where in _rows(data, name, origin, faults):
        wrong: list[str] = []
        each = read(row, where, wrong)
        if not wrong:
            found.append(each)
        faults += wrong
    return tuple(found)


def _scheme(
    fields: Fields,
    sections: tuple[Section, ...],
    items: tuple[Item, ...],
    gates: tuple[Gate, ...],
    grades: tuple[Grade, ...],
) -> Scheme:
    fields.asked.update(ROWS)
    for name in ("section", "item"):
        if not fields.data.get(name):
            fields.fault(f"missing {name}; expected at least one [[{name}]]")
    before = len(fields.faults)
    scheme = Scheme(
        id=fields.need("id", TEXT),
        version=fields.need("version", TEXT),
        title=fields.need("title", TEXT),
        cycles=fields.need("cycles", some_of(*CYCLES)),
        base=fields.need("base", NUMBER),
        clamp=fields.need("clamp", CLAMP),
        step=_step(fields),
        linear=_linear(fields),
        redistribute=fields.may("redistribute", one_of(*REDISTRIBUTIONS)),
        objection=fields.need("objection", SPAN),
        clause=fields.need("clause", TEXT),
        source=fields.need("source", TEXT),
        confidence=fields.need("confidence", one_of(*CONFIDENCE)),
        verified=fields.need("verified", FLAG),
        proposal=fields.need("proposal", FLAG),
        sections=sections,
        items=items,
        gates=gates,
        grades=grades,
    )
    if len(fields.faults) == before and any(bound % scheme.step for bound in scheme.clamp):
        fields.wrong("clamp", f"multiples of the step {scheme.step}")
    fields.end()
    return scheme


def _inner(fields: Fields, name: str, example: str) -> Fields | None:
    """The table in this field; a fault where it is missing or none."""
    fields.asked.add(name)
    table = fields.data.get(name)
    if isinstance(table, dict):
        return Fields(table, f"{fields.where}: {name}", fields.faults)
    if name in fields.data:
        fields.wrong(name, example)
    else:
        fields.fault(f"missing {name}; expected {example}")
    return None


def _step(fields: Fields) -> Decimal:
    inner = _inner(fields, "rounding", "a table such as { step = 0.01, mode = 'half_up' }")
    if inner is None:
        return Decimal(1)
    inner.need("mode", one_of("half_up"))
    step = inner.need("step", ABOVE_ZERO)
    inner.end()
    return step


def _linear(fields: Fields) -> tuple[tuple[Decimal, Decimal], ...] | None:
    inner = _inner(fields, "map", "a table such as { to = 'clamp' }")
    if inner is None:
        return None
    linear = inner.need("to", one_of("clamp", "linear")) == "linear"
    points = inner.need("points", CORNERS) if linear else None
    if not linear:
        inner.barred(("points",), "expected only beside to = 'linear'")
    inner.end()
    return points


def _clamp_of(value: object) -> tuple[Decimal, Decimal] | None:
    pair = pairs_of([value])
    return pair[0] if pair and pair[0][0] < pair[0][1] else None


def _corners_of(value: object) -> tuple[tuple[Decimal, Decimal], ...] | None:
    """Corner points from left to right that never fall: more points are never a lower result."""
    pairs = pairs_of(value)
    if pairs is None or len(pairs) < 2:
        return None
    rising = all(
        first[0] < second[0] and first[1] <= second[1] for first, second in pairwise(pairs)
    )
    return pairs if rising else None


CLAMP = Kind("a lower and a higher number", _clamp_of, (Decimal(0), Decimal(1)))
CORNERS: Kind[tuple[tuple[Decimal, Decimal], ...]] = Kind(
    "at least two rising points such as [[60, -2], [80, 0]]", _corners_of, ()
)
