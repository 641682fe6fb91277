"""Rule packs: thresholds are rows in TOML files, each with its clause, source and confidence."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from checks.calendar import Limit, WorkCalendar
from checks.duty_table import ABOUT, Duty, read_duties
from checks.facts import Subject, SubjectKind
from checks.indicators import Indicator, Scale, read_indicators, read_scale

BUNDLED = Path(__file__).parent / "packs"
OPERATOR_PACK = "operator"
SUBJECTS = ("any", *SubjectKind)
SEVERITIES = ("veto", "deduct", "flag", "operator")
COLUMN_CLASSES = (
    "news notice policy_doc interpretation catalog overview leader institution plan personnel "
    "statistics interview survey special service other"
).split()
WITHOUT_CLASS = (SubjectKind.MAILBOX, SubjectKind.ACCOUNT, SubjectKind.SITE)
OWN_CYCLE = Limit(1, "cycle")
LIST = "list"


class RuleError(ValueError):
    """A rule pack that cannot be used: file, row, field, and what was expected."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One threshold (指标). `limit` is inclusive: its last day is still good; `1 cycle` is the
    column's own, and the rule speaks of columns that have one.

    `warn` is the span before the limit in which a subject is `due_soon`; `remind` spaces
    reminders; `lookback` is how far back a fault that is already over still opens a finding;
    `link` is where the clause can be read; `levels` are the column levels it speaks of, None
    all (1: 一级栏目); `named` are words of which a subject's name must hold one; `portal`:
    it speaks of portals (门户网站) and what is on them alone. Of a mailbox each
    letter is timed, or where `of` is `list` its public list as a whole; a letter received longer
    ago than `within` is nobody's fault any more.
    """

    id: str
    pack: str
    version: str
    subject: str
    classes: tuple[str, ...]
    limit: Limit
    severity: str
    clause: str
    source: str
    confidence: str
    verified: bool
    effective_from: date
    headline: str
    remedy: str
    warn: Limit | None = None
    remind: Limit | None = None
    lookback: Limit | None = None
    link: str | None = None
    levels: tuple[int, ...] | None = None
    named: tuple[str, ...] | None = None
    portal: bool | None = None
    of: str | None = None
    within: Limit | None = None

    @property
    def name(self) -> str:
        """The rule's full name, `pack/id`: two packs may each have a rule of one id."""
        return f"{self.pack}/{self.id}"

    def applies_to(self, subject: Subject) -> bool:
        if self.subject not in ("any", subject.kind):
            return False
        if self.levels is not None and subject.level not in self.levels:
            return False
        if self.portal and not subject.portal:
            return False
        if self.named is not None and not any(word in subject.name for word in self.named):
            return False
        if self.limit == OWN_CYCLE and subject.limit is None:
            return False
        return not self.classes or subject.column_class in self.classes

    def limit_for(self, subject: Subject) -> Limit:
        """Which limit holds for this subject: the rule's, or the register's where it may say so?

        The register sets the cycle of a column, and the local limit of answering letters; never a
        national veto's.
        """
        letters = self.subject == SubjectKind.MAILBOX and self.of is None
        asks = self.limit == OWN_CYCLE or (letters and self.severity != "veto")
        return Limit.parse(subject.limit) if asks and subject.limit else self.limit


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


LIMITS: Mapping[str, tuple[str, ...]] = {
    "limit": ("day", "month", "working day"),
    "warn": ("day", "working day"),
    "remind": ("day",),
    "lookback": ("day", "month"),
    "within": ("month",),
}
TEXTS = ("id", "clause", "source", "confidence", "headline", "remedy")
HEAD = ("pack", "version", "title", "rule")
TABLES = ("duty", "indicator", "scoring")
OPTIONAL = {f.name for f in fields(Rule) if f.default is None}
REQUIRED = {f.name for f in fields(Rule)} - OPTIONAL - {"pack", "version"}


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
        if wrong := _row_faults(row, data["pack"]):
            faults += [f"{where}: {fault}" for fault in wrong]
            continue
        rule = _rule(row, str(data["pack"]), str(data["version"]))
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


def _row_faults(row: Mapping[str, Any], pack: str) -> list[str]:
    faults = [f"missing {name}" for name in sorted(REQUIRED - row.keys())]
    faults += [f"unknown field {name}" for name in sorted(row.keys() - REQUIRED - OPTIONAL)]
    for name in TEXTS:
        if not isinstance(row.get(name, name), str) or not row.get(name, name).strip():
            faults.append(f"{name}: {row[name]!r}; expected a text")
    for name, units in LIMITS.items():
        own = name == "limit" and row.get(name) == str(OWN_CYCLE)
        if name in row and not own and (wrong := _limit_fault(row[name], units)):
            faults.append(f"{name}: {wrong}")
    if row.get("subject", "any") not in SUBJECTS:
        faults.append(f"subject: {row['subject']!r}; expected one of {', '.join(SUBJECTS)}")
    if row.get("severity", "flag") not in SEVERITIES:
        faults.append(f"severity: {row['severity']!r}; expected one of {', '.join(SEVERITIES)}")
    elif "severity" in row and (row["severity"] == "operator") != (pack == OPERATOR_PACK):
        # What the operator owes must never be asked of a unit, nor the other way round.
        faults.append(f"severity: {row['severity']!r} does not belong in pack {pack!r}")
    if not isinstance(row.get("verified", True), bool):
        faults.append(f"verified: {row['verified']!r}; expected true or false")
    if type(row.get("effective_from", date.min)) is not date:
        faults.append(f"effective_from: {row['effective_from']!r}; expected a date")
    return faults + _class_faults(row) + _level_faults(row) + _name_faults(row) + _kind_faults(row)


def _limit_fault(value: object, units: Sequence[str]) -> str | None:
    try:
        limit = Limit.parse(str(value))
    except ValueError as error:
        return str(error)
    return None if limit.unit in units else f"{value!r}; expected a span in {'s or '.join(units)}s"


def _class_faults(row: Mapping[str, Any]) -> list[str]:
    """A class that no column has would silently judge nothing."""
    classes = row.get("classes", [])
    if not isinstance(classes, list):
        return [f"classes: {classes!r}; expected a list"]
    if classes and row.get("subject") in WITHOUT_CLASS:
        return [f"classes: {classes!r}; only columns have a class, expected []"]
    unknown = [name for name in classes if name not in COLUMN_CLASSES]
    expected = ", ".join(COLUMN_CLASSES)
    return [f"classes: {name!r}; expected one of {expected}" for name in unknown]


def _level_faults(row: Mapping[str, Any]) -> list[str]:
    levels = row.get("levels", [1])
    if not isinstance(levels, list) or not levels:
        return [f"levels: {levels!r}; expected a list such as [1]"]
    if "levels" in row and row.get("subject") != SubjectKind.COLUMN:
        return [f"levels: {levels!r}; only columns have a level"]
    wrong = [level for level in levels if type(level) is not int or level < 1]
    return [f"levels: {level!r}; expected a whole number above 0" for level in wrong]


def _name_faults(row: Mapping[str, Any]) -> list[str]:
    if row.get("portal", True) is not True:
        return [f"portal: {row['portal']!r}; expected true, or no such field"]
    words = row.get("named", ["-"])
    if not isinstance(words, list) or not words:
        return [f"named: {words!r}; expected a list of words"]
    wrong = [word for word in words if not isinstance(word, str) or not word.strip()]
    return [f"named: {word!r}; expected a word" for word in wrong]


def _kind_faults(row: Mapping[str, Any]) -> list[str]:
    """What only one kind of subject has."""
    about, faults = row.get("subject"), []
    if row.get("limit") == str(OWN_CYCLE) and about != SubjectKind.COLUMN:
        faults.append(f"limit: {OWN_CYCLE}; only columns have a cycle")
    if row.get("of", LIST) != LIST:
        faults.append(f"of: {row['of']!r}; expected {LIST!r}")
    for name in ("of", "within"):
        if name in row and about != SubjectKind.MAILBOX:
            faults.append(f"{name}: {row[name]!r}; only mailboxes have letters")
    if "of" in row and "within" in row:
        faults.append("within: letters have it, a list has not")
    return faults


def _rule(row: Mapping[str, Any], pack: str, version: str) -> Rule:
    limits = {name: _span(str(row[name])) for name in LIMITS if name in row}
    lists = {name: tuple(row[name]) for name in ("classes", "levels", "named") if name in row}
    return Rule(**{**row, **limits, **lists}, pack=pack, version=version)


def _span(text: str) -> Limit:
    return OWN_CYCLE if text == str(OWN_CYCLE) else Limit.parse(text)


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
