"""Rule packs: thresholds are rows in TOML files, each with its clause, source and confidence."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from checks.calendar import WorkCalendar
from checks.duty_table import ABOUT, Duty, read_duties
from checks.indicator_table import read_indicators, read_scale
from checks.indicators import Indicator, Scale
from checks.rule_table import (
    COLUMN_CLASSES,
    LIST,
    OPERATOR_PACK,
    OWN_CYCLE,
    SEVERITIES,
    Rule,
    read_rule,
    row_faults,
)
from checks.subjects import Subject

__all__ = [
    "BUNDLED",
    "COLUMN_CLASSES",
    "LIST",
    "OPERATOR_PACK",
    "OWN_CYCLE",
    "SEVERITIES",
    "Law",
    "Pack",
    "Rule",
    "RuleError",
    "pack_texts",
    "read_law",
    "read_pack",
]

BUNDLED = Path(__file__).parent / "packs"
HEAD = ("pack", "version", "title", "rule")
TABLES = ("duty", "indicator", "scoring")


class RuleError(ValueError):
    """A rule pack that cannot be used: file, row, field, and what was expected."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One file of rules and duties, and how they are counted and scored where it says so."""

    name: str
    version: str
    title: str
    rules: tuple[Rule, ...]
    duties: tuple[Duty, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    scale: Scale | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """All that judges on one day: the packs and the working-day calendar."""

    packs: tuple[Pack, ...]
    calendar: WorkCalendar
    # What holds on a day is asked for each subject: worked out once a day, it costs nothing.
    _held: dict[date, tuple[Rule, ...]] = field(default_factory=dict, compare=False, repr=False)

    def in_force(self, as_of: date) -> tuple[Rule, ...]:
        """Which rules hold on `as_of`? Of rows with one name, the latest begun by then."""
        if as_of not in self._held:
            self._held[as_of] = self._begun_by(as_of)
        return self._held[as_of]

    def _begun_by(self, as_of: date) -> tuple[Rule, ...]:
        latest: dict[str, Rule] = {}
        for rule in (rule for pack in self.packs for rule in pack.rules):
            held = latest.get(rule.name)
            begun = rule.effective_from <= as_of
            if begun and (held is None or held.effective_from <= rule.effective_from):
                latest[rule.name] = rule
        return tuple(latest.values())

    def duties_in_force(self, as_of: date) -> tuple[Duty, ...]:
        """Which duties hold on `as_of`? Of rows with one name, the latest begun by then."""
        latest: dict[tuple[str, str], Duty] = {}
        for duty in (duty for pack in self.packs for duty in pack.duties):
            held = latest.get((duty.pack, duty.id))
            begun = duty.effective_from <= as_of
            if begun and (held is None or held.effective_from <= duty.effective_from):
                latest[duty.pack, duty.id] = duty
        return tuple(latest.values())

    def rows_in_force(self, as_of: date) -> tuple[Rule | Duty, ...]:
        """The rules and the duties that hold on `as_of`."""
        return (*self.in_force(as_of), *self.duties_in_force(as_of))

    def row(self, pack: str | None, row_id: str | None, as_of: date) -> Rule | Duty | None:
        """The row that a finding names: a rule, or a duty."""
        named = (r for r in self.rows_in_force(as_of) if (r.pack, r.id) == (pack, row_id))
        return next(named, None)

    def rule(self, pack: str | None, rule_id: str | None, as_of: date) -> Rule | None:
        return next((r for r in self.in_force(as_of) if (r.pack, r.id) == (pack, rule_id)), None)

    def applying_to(self, subject: Subject, as_of: date) -> tuple[Rule, ...]:
        """Which rules may speak against the unit that answers for this subject?"""
        kind = subject.kind
        return tuple(
            rule
            for rule in self.in_force(as_of)
            if rule.subject in (kind, "any")
            and rule.severity != "operator"
            and rule.applies_to(subject)
        )


@lru_cache(maxsize=64)
def read_pack(text: str, origin: str) -> Pack:
    """Read one pack. Raises RuleError naming every row and field at fault: no silent default."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{origin}: not TOML: {error}") from error
    faults = [f"{origin}: missing {key}" for key in HEAD if key not in data]
    faults += [f"{origin}: unknown field {key}" for key in sorted(data.keys() - {*HEAD, *TABLES})]
    rows = data.get("rule", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        faults.append(f"{origin}: rule: expected rows written as [[rule]]")
    if faults:
        raise RuleError("\n".join(faults))
    rules: list[Rule] = []
    for number, row in enumerate(rows, start=1):
        where = f"{origin}: rule {number} ({row.get('id', 'no id')})"
        if wrong := row_faults(row, data["pack"]):
            faults += [f"{where}: {fault}" for fault in wrong]
            continue
        rule = read_rule(row, str(data["pack"]), str(data["version"]))
        begun = rule.effective_from
        if any((held.id, held.effective_from) == (rule.id, begun) for held in rules):
            faults.append(f"{where}: effective_from: a second row of this id begins on {begun}")
        rules.append(rule)
    name = (str(data["pack"]), str(data["version"]))
    duties, wrong = read_duties(data.get("duty", []), origin, name, COLUMN_CLASSES)
    faults += wrong
    both = {rule.id for rule in rules} & {duty.id for duty in duties}
    faults += [f"{origin}: {each}: the id of a rule and of a duty" for each in sorted(both)]
    about = {str(row.get("id")): str(row.get("subject")) for row in rows}
    owed = {duty.id: duty.subject for duty in duties}
    indicators, wrong = read_indicators(data.get("indicator", []), origin, name, about, owed)
    faults += wrong
    known = {"", *(row.id for row in indicators)}
    faults += [
        f"{origin}: {duty.id}: name: {duty.name!r}; expected an indicator of this pack"
        for duty in duties
        if ABOUT[duty.about].by_hand and duty.name not in known
    ]
    scale, wrong = read_scale(data["scoring"], origin) if "scoring" in data else (None, [])
    faults += wrong
    if faults:
        raise RuleError("\n".join(faults))
    return Pack(*name, str(data["title"]), tuple(rules), duties, indicators, scale)


def pack_texts(names: Iterable[str], folder: Path | None = None) -> dict[str, str]:
    """The text of each named pack: the local folder's file first, the bundled one second.

    The operator pack always comes along. Raises RuleError naming a pack that is nowhere.
    """
    texts: dict[str, str] = {}
    for name in dict.fromkeys((*names, OPERATOR_PACK)):
        homes = [home / f"{name}.toml" for home in (folder, BUNDLED) if home is not None]
        path = next((path for path in homes if path.is_file()), None)
        if path is None:
            raise RuleError(f"rule pack {name!r}: no file at {' or '.join(map(str, homes))}")
        try:
            texts[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise RuleError(f"{path}: not UTF-8: {error}") from error
    return texts


def read_law(texts: Mapping[str, str], calendar: WorkCalendar) -> Law:
    """Build the law from pack texts, keyed by pack name. Raises RuleError."""
    packs = tuple(read_pack(text, f"{name}.toml") for name, text in texts.items())
    for name, pack in zip(texts, packs, strict=True):
        if pack.name != name:
            raise RuleError(f"{name}.toml: pack = {pack.name!r}; expected {name!r}")
    unseen = [r for p in packs for r in p.rules if r.name == f"{OPERATOR_PACK}/unseen"]
    if not unseen:
        raise RuleError("operator.toml: the threshold 'unseen' is missing")
    if any(rule.limit.unit != "day" for rule in unseen):
        raise RuleError("operator.toml: the threshold 'unseen' is not a span in days")
    return Law(packs, calendar)
