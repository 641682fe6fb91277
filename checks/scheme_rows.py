"""How the `[[section]]`, `[[gate]]` and `[[grade]]` rows of a scheme are read.

What is wrong is added to `faults`; then what was read must not be used.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from checks.scheme_fields import (
    ABOVE_ZERO,
    FLAG,
    NUMBER,
    TEXT,
    Fields,
    Kind,
    one_of,
    some_of,
)
from checks.scheme_gates import NAME, SCORE, Condition, read_condition
from checks.scheme_table import UNIT_KINDS, Gate, Grade, Section


def read_section(row: Mapping[str, object], where: str, faults: list[str]) -> Section:
    fields = Fields(row, where, faults)
    by_hand = fields.may("by_hand", FLAG) or False
    starts = fields.need("starts", one_of("full", "zero"))
    needs_full = starts == "full" or by_hand
    full = fields.need("full", ABOVE_ZERO) if needs_full else fields.may("full", ABOVE_ZERO)
    floor = fields.may("floor", NUMBER)
    weight = fields.may("weight", ABOVE_ZERO)
    section = Section(
        id=fields.need("id", SECTION_ID),
        name=fields.need("name", TEXT),
        starts_full=starts == "full",
        full=full,
        floor=floor,
        weight=Decimal(1) if weight is None else weight,
        by_hand=by_hand,
        bonus=fields.may("bonus", FLAG) or False,
        only_for=fields.may("only_for", some_of(*UNIT_KINDS)),
        may_lack=fields.may("may_lack", FLAG) or False,
    )
    if floor is not None and full and floor >= full:
        fields.wrong("floor", f"a number below full = {full}")
    fields.end()
    return section


def read_gate(row: Mapping[str, object], where: str, faults: list[str]) -> Gate:
    fields = Fields(row, where, faults)
    text = fields.need("when", TEXT)
    condition = Condition((), "<", Decimal(0))
    if text:
        try:
            condition = read_condition(text)
        except ValueError as error:
            fields.fault(f"when: {error}")
    gate = Gate(
        text=text,
        condition=condition,
        enables=fields.may("enables", TEXT),
        set_to=fields.may("set_to", NUMBER),
        grade=fields.may("grade", TEXT),
    )
    given = fields.data.keys() & {"enables", "set_to", "grade"}
    if not given or ("enables" in given and len(given) > 1):
        fields.fault("expected either enables, or set_to, grade or both")
    if "set_to" in given and condition.names and not condition.falls_below:
        # A score is set because it was too low: anything else could punish a good one.
        fields.fault(f"when: {text!r}; expected < or <= beside set_to")
    if "enables" in given and condition.names and condition.falls_below:
        fields.fault(f"when: {text!r}; expected >= or > beside enables")
    fields.end()
    return gate


def read_grade(row: Mapping[str, object], where: str, faults: list[str]) -> Grade:
    fields = Fields(row, where, faults)
    grade = Grade(fields.need("name", TEXT), fields.may("least", NUMBER))
    fields.end()
    return grade


def _section_id_of(value: object) -> str | None:
    fits = isinstance(value, str) and NAME.fullmatch(value) and value != SCORE
    return str(value) if fits else None


SECTION_ID = Kind("a name such as site, of a-z, 0-9 and _, not score", _section_id_of, "")
