"""What the assessment of a period comes to, from the ledger as it was known at one instant.

The same ledger, scheme and instant give the same bytes, however much was learnt since.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.home import Home
from app.settings import Settings, SettingsError
from app.unit_measures import MEASURES, unit_measures
from checks.assessment import assess
from checks.assessment_case import Case, CaseError, Entry, cycle_of
from checks.assessment_selfcheck import check_sheet
from checks.assessment_sheet import Sheet, sheet_json
from checks.freshness import local_day, shown_to
from checks.lifecycle import Finding
from checks.periods import Days, read_period
from checks.replies import seen_day
from checks.rules import OPERATOR_PACK, Law
from checks.scheme import SchemeError, read_scheme, scheme_text, unknown_rules
from checks.scheme_table import CYCLES, Scheme
from checks.scored import Known, concerns, scored
from notify.selfcheck import ReportError
from storage.ledger import Entered, Ledger

# By this level an entry says that a unit has nothing of a section's kind.
LACKS = "lacks"


@dataclass(frozen=True, slots=True)
class Basis:
    """From what an assessment is computed. `cutoff` is the last instant that counts, aware."""

    period: str
    days: Days
    scheme: Scheme
    text: str
    cutoff: datetime

    @property
    def as_of(self) -> date:
        return min(self.days.last, local_day(self.cutoff))


@dataclass(frozen=True, slots=True)
class Draft:
    """One computed assessment: the case and the sheet of every unit, in the register's order.

    `findings` are those that concern the period, by number; `known` is what was known with them.
    """

    basis: Basis
    cases: tuple[Case, ...]
    sheets: tuple[Sheet, ...]
    findings: Mapping[int, Finding]
    known: Known

    @property
    def calendar(self) -> str:
        """The version of the working-day calendar in force."""
        return self.known.law.calendar.version

    @property
    def document(self) -> dict[str, Any]:
        """What is kept: everything but the instant, so that equal results are equal bytes."""
        basis = self.basis
        return {
            "period": basis.period,
            "scheme": basis.scheme.id,
            "scheme_version": basis.scheme.version,
            "scheme_sha256": hashlib.sha256(basis.text.encode()).hexdigest(),
            "calendar": self.calendar,
            "as_of": basis.as_of.isoformat(),
            "units": [sheet_json(sheet) for sheet in self.sheets],
        }

    @property
    def body(self) -> str:
        """The canonical bytes of the document, as text."""
        return json.dumps(self.document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def basis_of(
    home: Home, settings: Settings, period: str, cutoff: datetime, text: str | None = None
) -> Basis:
    """Period and scheme, checked. `text` None: the scheme of the settings. Raises SettingsError."""
    scheme, text = the_scheme(home, settings, text)
    try:
        days = read_period(period)
    except ValueError as error:
        raise SettingsError(f"--period {period}：应如 2026Q4、2026H1 或 2026") from error
    if cycle_of(days) not in scheme.cycles:
        allowed = "、".join(CYCLES[each] for each in scheme.cycles)
        raise SettingsError(f"--period {period}：评分办法“{scheme.title}”按{allowed}考核")
    if days.first > local_day(cutoff):
        raise SettingsError(f"--period {period}：考核周期尚未开始")
    return Basis(period, days, scheme, text, cutoff)


def the_scheme(home: Home, settings: Settings, text: str | None = None) -> tuple[Scheme, str]:
    """The scheme of the settings, or that of a kept text. Raises SettingsError, all faults."""
    name = settings.assessment.scheme
    try:
        text = text if text is not None else scheme_text(name, home.path("schemes"))
        scheme = read_scheme(text, f"评分办法 {name}")
    except (SchemeError, OSError) as error:
        raise SettingsError(f"[assessment] scheme = {name!r}：{error}") from error
    _measured(scheme)
    return scheme, text


def _measured(scheme: Scheme) -> None:
    """Raises SettingsError where an item asks for a number that nobody takes."""
    unknown = [item for item in scheme.items if item.measure not in (None, *MEASURES)]
    if unknown:
        known = "、".join(f"{name}（{words}）" for name, words in MEASURES.items())
        lines = [f"item {item.id}: measure: {item.measure!r}，应为 {known}" for item in unknown]
        raise SettingsError(f"评分办法 {scheme.id}：" + "；".join(lines))


def draft(
    home: Home,
    settings: Settings,
    ledger: Ledger,
    basis: Basis,
    findings: Sequence[Finding] | None = None,
) -> Draft:
    """How does every unit stand under the scheme? Raises SettingsError for entries at fault.

    `findings` are all that were known at the cutoff of the basis, None: they are read.
    """
    law = ledger.law_at(basis.cutoff) or home.law(settings)
    register = ledger.inventory(basis.cutoff)
    concerned = [
        finding
        for finding in (ledger.findings(basis.cutoff) if findings is None else findings)
        if finding.key.pack != OPERATOR_PACK and concerns(finding, basis.days)
    ]
    replied, seen = _of_letters(ledger, concerned, basis.cutoff)
    known = Known(
        law,
        {each.key: each for each in ledger.subjects(basis.cutoff)},
        replied,
        {**seen, **_of_subjects(ledger, concerned, basis.cutoff)},
    )
    entered = _by_unit(ledger.entries(basis.scheme.id, basis.cutoff))
    measures = unit_measures(ledger, basis.scheme, basis.days, basis.cutoff)
    held: dict[str | None, list[Finding]] = defaultdict(list)
    for finding in concerned:
        held[finding.unit].append(finding)
    cases = tuple(
        Case(
            unit=unit["id"],
            unit_name=unit["name"],
            unit_kind=unit["kind"],
            period=basis.days,
            as_of=basis.as_of,
            findings=tuple(scored(each, known, basis.as_of) for each in held[unit["id"]]),
            entries=tuple(_entry(each) for each in entered[unit["id"]] if each.level != LACKS),
            measures=measures.get(unit["id"], ()),
            lacks=tuple(
                each.item
                for each in entered[unit["id"]]
                if each.level == LACKS and each.on <= basis.days.last
            ),
        )
        for unit in register["unit"]
    )
    sheets = tuple(_assessed(basis.scheme, case) for case in cases)
    return Draft(basis, cases, sheets, {each.id: each for each in concerned}, known)


def scheme_doubts(scheme: Scheme, law: Law) -> tuple[str, ...]:
    """Which items of the scheme name rules that no pack in force has? Such items find nothing."""
    rules = {rule.id for pack in law.packs for rule in pack.rules}
    rules |= {duty.id for pack in law.packs for duty in pack.duties}
    return unknown_rules(scheme, rules)


def _assessed(scheme: Scheme, case: Case) -> Sheet:
    try:
        sheet = assess(scheme, case)
    except CaseError as error:
        raise SettingsError(f"单位“{case.unit_name}”无法计分：{error}") from error
    wrong = [each for each in check_sheet(scheme, case, sheet) if not each.holds]
    if wrong:
        told = "；".join(f"{each.name}：{each.left} ≠ {each.right}" for each in wrong)
        raise ReportError(f"单位“{case.unit_name}”计分核对未通过：{told}")
    return sheet


def _of_letters(
    ledger: Ledger, findings: Sequence[Finding], cutoff: datetime
) -> tuple[dict[tuple[str, str], date], dict[tuple[str, str], date]]:
    """When each letter of these findings was answered, and up to which day it was seen.

    Of two ways the earlier answer counts, and the later look.
    """
    wanted = {(each.key.subject, each.key.letter) for each in findings if each.key.letter}
    mailboxes = sorted({mailbox for mailbox, _ in wanted})
    replied: dict[tuple[str, str], date] = {}
    seen: dict[tuple[str, str], date] = {}
    for mailbox, states in (ledger.letters(cutoff, mailboxes) if mailboxes else {}).items():
        for state in states:
            key, on = (mailbox, state.letter.ref), state.letter.replied_on
            if key not in wanted:
                continue
            seen[key] = max(seen_day(state), seen.get(key, date.min))
            if on is not None:
                replied[key] = min(on, replied.get(key, on))
    return replied, seen


def _of_subjects(
    ledger: Ledger, findings: Sequence[Finding], cutoff: datetime
) -> dict[tuple[str, str], date]:
    """Up to which day each subject of these findings was seen, by a look or by a person's word."""
    keys = sorted({each.key.subject for each in findings if not each.key.letter})
    return {
        (key, ""): max(map(shown_to, known))
        for key, history in ledger.histories(keys, cutoff).items()
        if (known := [each for each in (history.good, history.word) if each is not None])
    }


def _by_unit(entered: Sequence[Entered]) -> defaultdict[str, list[Entered]]:
    held: defaultdict[str, list[Entered]] = defaultdict(list)
    for each in entered:
        held[each.unit].append(each)
    return held


def _entry(entered: Entered) -> Entry:
    return Entry(
        id=str(entered.id),
        item=entered.item,
        count=entered.count,
        evidence=entered.evidence,
        by=entered.by,
        on=entered.on,
        level=entered.level,
        points=None if entered.points is None else Decimal(entered.points),
    )
