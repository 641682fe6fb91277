"""The material laid out for reading: names by id, rules by name, one standing a subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from checks.lifecycle import Finding, Key
from checks.rules import Rule
from checks.subjects import Subject, SubjectKind
from checks.verdicts import Judgement, Verdict
from notify.selfcheck import ReportError
from notify.terms import told_apart
from notify.weekly.model import Material

DEAD_RULE = "nm_3m"
WORST_FIRST = (
    Verdict.OVERDUE,
    Verdict.BLANK,
    Verdict.UNDATED,
    Verdict.UNKNOWN,
    Verdict.DUE_SOON,
    Verdict.OK,
    Verdict.EXEMPT,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """`dead` are the accounts that a provincial notice would call so."""

    material: Material
    standings: tuple[Judgement, ...]
    subjects: Mapping[str, Subject]
    units: Mapping[str, str]
    unit_ids: Mapping[str, str]
    sites: Mapping[str, str]
    sources: Mapping[str, str]
    rules: Mapping[tuple[str | None, str | None], Rule]
    latest: Mapping[Key, Finding]
    namesakes: Mapping[tuple[str, str, str], int]
    dead: frozenset[str]

    @property
    def as_of(self) -> date:
        return self.material.bench.moment.as_of

    def of(self, kind: SubjectKind) -> tuple[Judgement, ...]:
        return tuple(row for row in self.standings if row.subject.kind is kind)

    def unit(self, unit_id: str | None) -> str:
        """A unit's name; one that left the register is shown by its id."""
        return self.units.get(unit_id or "", unit_id or "未登记单位")

    def name(self, subject: Subject) -> str:
        """The subject's name, with its site or platform where the unit has several of that name."""
        alone = self.namesakes[(subject.kind, subject.unit, subject.name)] == 1
        more = told_apart(subject) or self.sites.get(subject.site or "")
        return subject.name if alone or more is None else f"{subject.name}（{more}）"

    def rule_of(self, pack: str | None, rule: str | None) -> Rule:
        """The rule a judgement names. Raises ReportError: judged under another law."""
        try:
            return self.rules[(pack, rule)]
        except KeyError as error:
            raise ReportError(
                f"判定所依据的指标 {pack}/{rule} 不在{self.as_of}有效的指标集内"
            ) from error


def lay_out(material: Material) -> Desk:
    """Build the look-ups once; the material itself stays as it is."""
    register, bench = material.register, material.bench
    rows = standings(bench.rows)
    units = {str(row["id"]): str(row["name"]) for row in register["unit"]}
    shared = Counter(units.values())
    return Desk(
        material=material,
        standings=rows,
        subjects={row.subject.key: row.subject for row in rows},
        units=units,
        unit_ids={name: unit for unit, name in units.items() if shared[name] == 1},
        sites={str(row["id"]): str(row["name"]) for row in register["site"]},
        sources={str(row["id"]): str(row["source"]) for row in register["account"]},
        rules={(r.pack, r.id): r for r in material.law.in_force(bench.moment.as_of)},
        latest={finding.key: finding for finding in sorted(material.findings, key=lambda f: f.id)},
        namesakes=Counter((r.subject.kind, r.subject.unit, r.subject.name) for r in rows),
        dead=frozenset(
            row.subject.key
            for row in bench.rows
            if row.rule == DEAD_RULE and row.verdict is Verdict.OVERDUE
        ),
    )


def standings(rows: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """How does each subject stand? One judgement a subject: of several, the worst for it.

    An entry that shows another column's list counts once, there: here nothing is asked of it.
    """
    worst: dict[str, Judgement] = {}
    for row in rows:
        if row.inherits is not None:
            row = replace(row, verdict=Verdict.EXEMPT, outcome=None, days_over=None, days_left=None)
        held = worst.get(row.subject.key)
        if held is None or _severity(row) < _severity(held):
            worst[row.subject.key] = row
    return tuple(worst.values())


def _severity(row: Judgement) -> tuple[int, int, float]:
    left = float("inf") if row.days_left is None else row.days_left
    return WORST_FIRST.index(row.verdict), -(row.days_over or 0), left
