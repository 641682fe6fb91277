"""Indicators as a pack writes them: what its rows may hold, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from checks.calendar import Limit
from checks.indicators import TALLIED, VERDICTS, Indicator, Scale
from checks.pack_rows import PROVENANCE, key_faults, text_faults
from checks.subjects import SubjectKind

PARTS = ("veto", "deduct", "bonus")
COUNTS = ("subjects", "letters", "duties", "share", "hand")
ROW_TEXTS = (
    *PROVENANCE,
    *("id", "group", "section", "name", "headline", "remedy", "warn_source"),
)
NUMBERS = ("full", "pass_mark", "bonus_above", "bonus_most", "services")
ROW_OPTIONAL = {f.name for f in fields(Indicator) if f.default is not MISSING}
ROW_REQUIRED = {f.name for f in fields(Indicator)} - ROW_OPTIONAL - {"pack", "version"}
SCALE_REQUIRED = {f.name for f in fields(Scale)}


def read_indicators(
    rows: object,
    where: str,
    pack: tuple[str, str],
    rules: Mapping[str, str],
    duties: Mapping[str, str],
) -> tuple[tuple[Indicator, ...], list[str]]:
    """Read the `[[indicator]]` rows of one pack (name, version).

    `rules` and `duties` are the subjects of the pack's rules and of its duties, by id.

    Returns the good rows, and a line for every fault: file, row, field, what was expected.
    """
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return (), [f"{where}: indicator: expected rows written as [[indicator]]"]
    read: list[Indicator] = []
    faults: list[str] = []
    for number, row in enumerate(rows, start=1):
        place = f"{where}: indicator {number} ({row.get('id', 'no id')})"
        if wrong := _row_faults(row, rules, duties):
            faults += [f"{place}: {fault}" for fault in wrong]
            continue
        new = _indicator(row, *pack)
        if any((held.id, held.effective_from) == (new.id, new.effective_from) for held in read):
            begun = new.effective_from
            faults.append(f"{place}: effective_from: a second row of this id begins on {begun}")
        read.append(new)
    return tuple(read), faults


def read_scale(table: object, where: str) -> tuple[Scale | None, list[str]]:
    """Read the `[scoring]` table of a pack, with a line for every fault."""
    if not isinstance(table, dict):
        return None, [f"{where}: scoring: expected a table written as [scoring]"]
    faults = key_faults(table, SCALE_REQUIRED, set())
    faults += text_faults(table, (*PROVENANCE, "services_section"))
    numbers: dict[str, Decimal] = {}
    for name in NUMBERS:
        if name in table and (number := _decimal(table[name])) is not None:
            numbers[name] = number
        elif name in table:
            faults.append(f"{name}: {table[name]!r}; expected a number above 0")
    if not faults and not numbers["services"] < numbers["full"]:
        faults.append(f"services: {table['services']!r}; expected less than full")
    if not faults and not numbers["pass_mark"] <= numbers["bonus_above"] <= numbers["full"]:
        faults.append("pass_mark: expected pass_mark <= bonus_above <= full")
    if faults:
        return None, [f"{where}: scoring: {fault}" for fault in faults]
    return Scale(**{**table, **numbers}), []


def _row_faults(
    row: Mapping[str, Any], rules: Mapping[str, str], duties: Mapping[str, str]
) -> list[str]:
    faults = key_faults(row, ROW_REQUIRED, ROW_OPTIONAL) + text_faults(row, ROW_TEXTS)
    choices = {"part": PARTS, "subject": tuple(SubjectKind), "counts": COUNTS}
    for name, known in choices.items():
        if name in row and row[name] not in known:
            faults.append(f"{name}: {row[name]!r}; expected one of {', '.join(known)}")
    if type(row.get("effective_from", date.min)) is not date:
        faults.append(f"effective_from: {row['effective_from']!r}; expected a date")
    # What depends on a word is told only of a row whose words are understood.
    named = duties if row.get("counts") == "duties" else rules
    return faults or _counted_faults(row, named) or _number_faults(row) or _warn_faults(row)


def _counted_faults(row: Mapping[str, Any], rules: Mapping[str, str]) -> list[str]:
    """A row or verdict that does not exist, or speaks of others, would silently count nothing."""
    about = sorted(id_ for id_, subject in rules.items() if subject == row["subject"])
    faults = _list_faults(row, "rules", tuple(about))
    return faults + _list_faults(row, "verdicts", VERDICTS.get(row["counts"], ()))


def _list_faults(row: Mapping[str, Any], name: str, known: tuple[str, ...]) -> list[str]:
    values = row.get(name, [])
    if not isinstance(values, list):
        return [f"{name}: {values!r}; expected a list"]
    expected = ", ".join(known) or "nothing"
    return [f"{name}: {value!r}; expected {expected}" for value in values if value not in known]


def _number_faults(row: Mapping[str, Any]) -> list[str]:
    """Does the row carry exactly the numbers that its way of counting needs?"""
    counted, veto = row["counts"] in VERDICTS, row["part"] == "veto"
    tallied = row["counts"] in TALLIED
    needed = {
        "limit": tallied and veto,
        "share": row["counts"] == "share",
        "least": row["counts"] == "share",
        "within": row["counts"] == "letters",
    }
    faults = [
        f"{name}: {'missing' if need else 'not expected'} where a {row['part']} counts "
        f"{row['counts']}"
        for name, need in needed.items()
        if need is not (name in row)
    ]
    if counted is not bool(row["verdicts"]):
        faults.append(f"verdicts: {row['verdicts']!r}; expected some only of what is counted")
    if row["counts"] == "letters" and (row["subject"] != SubjectKind.MAILBOX or not row["rules"]):
        faults.append("counts: 'letters'; expected subject 'mailbox' and the rules that judge them")
    if not tallied and row["rules"]:
        faults.append(f"rules: {row['rules']!r}; expected some only of what is counted")
    if row["counts"] == "duties" and not row["rules"]:
        faults.append("rules: []; expected the duties that are counted")
    if not isinstance(row.get("partial", False), bool) or (row.get("partial") and not tallied):
        faults.append(f"partial: {row['partial']!r}; expected true only of what is counted")
    if row["counts"] == "share" and not veto:
        faults.append("counts: 'share'; expected only of a veto")
    if ("points" in row) is not ("cap" in row) or ("points" in row and row["part"] != "deduct"):
        faults.append("points: expected together with cap, and only of a deduction")
    return faults + _value_faults(row)


def _value_faults(row: Mapping[str, Any]) -> list[str]:
    faults = [
        f"{name}: {row[name]!r}; expected a whole number above 0"
        for name in ("limit", "least")
        if name in row and (type(row[name]) is not int or row[name] < 1)
    ]
    numbers = {name: _decimal(row[name]) for name in ("share", "points", "cap") if name in row}
    for name, number in numbers.items():
        if number is None or (name == "share" and number > 1):
            faults.append(f'{name}: {row[name]!r}; expected a number above 0, such as 5 or "0.05"')
    points, cap = numbers.get("points"), numbers.get("cap")
    if points is not None and cap is not None and points > cap:
        faults.append(f"cap: {row['cap']!r}; expected points or more")
    if "within" in row:
        try:
            unit = Limit.parse(str(row["within"])).unit
        except ValueError as error:
            return [*faults, f"within: {error}"]
        if unit != "month":
            faults.append(f"within: {row['within']!r}; expected a span in months")
    return faults


def _warn_faults(row: Mapping[str, Any]) -> list[str]:
    """Is the office warned by a number of the limit's kind, not above it, and from whence?"""
    if ("warn" in row) is not ("warn_source" in row):
        return ["warn: expected together with warn_source"]
    if "warn" not in row:
        return []
    bound = _decimal(row.get("limit", row.get("share")))
    warn = _decimal(row["warn"])
    whole = "share" in row or type(row["warn"]) is int
    if bound is None or warn is None or warn > bound or not whole:
        return [f"warn: {row['warn']!r}; expected limit or share, or less"]
    return []


def _decimal(value: object) -> Decimal | None:
    """A whole number or a quoted decimal above 0; a TOML float would not be exact."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number > 0 else None


def _indicator(row: Mapping[str, Any], pack: str, version: str) -> Indicator:
    values = dict(row)
    for name in ("share", "points", "cap", "warn"):
        if name in row:
            values[name] = Decimal(row[name])
    if "within" in row:
        values["within"] = Limit.parse(row["within"])
    values |= {"rules": tuple(row["rules"]), "verdicts": tuple(row["verdicts"])}
    return Indicator(**values, pack=pack, version=version)
