"""Rules (时限指标): how long ago is too long, as `[[rule]]` rows of a rule pack.

What a row may hold, and how one is read; `checks.rules` puts the rows of the packs together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from checks.calendar import Limit
from checks.subjects import Subject, SubjectKind

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


LIMITS: Mapping[str, tuple[str, ...]] = {
    "limit": ("day", "month", "working day"),
    "warn": ("day", "working day"),
    "remind": ("day",),
    "lookback": ("day", "month"),
    "within": ("month",),
}
TEXTS = ("id", "clause", "source", "confidence", "headline", "remedy")
OPTIONAL = {f.name for f in fields(Rule) if f.default is None}
REQUIRED = {f.name for f in fields(Rule)} - OPTIONAL - {"pack", "version"}


def row_faults(row: Mapping[str, Any], pack: str) -> list[str]:
    """What is wrong with a `[[rule]]` row of this pack: field, value and what was expected."""
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


def read_rule(row: Mapping[str, Any], pack: str, version: str) -> Rule:
    """The rule of a row that has no faults."""
    limits = {name: _span(str(row[name])) for name in LIMITS if name in row}
    lists = {name: tuple(row[name]) for name in ("classes", "levels", "named") if name in row}
    return Rule(**{**row, **limits, **lists}, pack=pack, version=version)


def _span(text: str) -> Limit:
    return OWN_CYCLE if text == str(OWN_CYCLE) else Limit.parse(text)
