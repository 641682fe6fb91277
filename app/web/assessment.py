"""What the pages of the assessment say: whose step is next, what is behind each line. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.assessing import LACKS, Draft
from app.assessment_steps import Assessment
from app.assessment_views import state_of
from app.settings import OfficeSection
from app.web.rights import ROLES, Role
from checks.assessment_case import Case, Entry
from checks.assessment_sheet import Line, Sheet
from checks.calendar import last_good_day
from checks.freshness import local_day
from checks.lifecycle import Event, EventKind, Finding
from checks.periods import read_period
from checks.scheme_table import LEVELS, Scheme
from checks.signing import SIGNING, SigningStep, signing_refusal, standing_signatures
from checks.subjects import Subject
from notify.scores.words import period_words
from notify.terms import STATES, kind_word, sure_clause
from notify.words import chinese_day
from storage.ledger import KeptAssessment

YEARS = 3  # periods to choose from; older ones only where an assessment was kept
STATE_WORDS = {"draft": "未录入", "entered": "已录入", "reviewed": "已审核", "frozen": "已审定"}
SIGNERS = {
    SigningStep.ENTERED: Role.CLERK,
    SigningStep.REVIEWED: Role.REVIEWER,
    SigningStep.APPROVED: Role.LEADER,
}
OPTION = re.compile(r"（--[a-z]+）")
COMMAND = re.compile(r"用 xunjian assessment [a-z]+ ")


@dataclass(frozen=True, slots=True)
class Next:
    """The step that is due. `step` None: none. `refused`: why this visitor cannot take it."""

    step: SigningStep | None
    correction: bool
    mine: bool
    refused: str
    words: str
    may_return: bool


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One finding behind a line, as it stands now."""

    id: int
    subject: str
    problem: str
    state: str
    appeal: str


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line with what is behind it: clauses, findings, what persons entered."""

    line: Line
    section: str
    clauses: tuple[str, ...]
    findings: tuple[FindingShown, ...]
    entries: tuple[Entry, ...]


def offered(scheme: Scheme, today: date, kept: Iterable[str]) -> dict[str, str]:
    """Which periods are there to choose from, the latest first, and what are they called?"""
    names = set(kept)
    for year in range(today.year - YEARS + 1, today.year + 1):
        if "year" in scheme.cycles:
            names.add(f"{year}")
        if "half_year" in scheme.cycles:
            names |= {f"{year}H{half}" for half in (1, 2)}
        if "quarter" in scheme.cycles:
            names |= {f"{year}Q{quarter}" for quarter in (1, 2, 3, 4)}
    days = {name: read_period(name) for name in names}
    begun = [name for name in names if days[name].first <= today]
    begun.sort(key=lambda name: (days[name].last, days[name].first, name), reverse=True)
    return {name: period_words(days[name]) for name in begun}


def narrowed(assessment: Assessment, unit: str | None) -> Assessment:
    """What a unit may know of it: no other's changes, no words among the signers. None: all."""
    if unit is None:
        return assessment
    waiting = assessment.under_way
    return replace(
        assessment,
        frozen=tuple(map(_silent, assessment.frozen)),
        under_way=_silent(waiting) if waiting is not None else None,
        changes=tuple(each for each in assessment.changes if each.unit == unit),
    )


def _silent(kept: KeptAssessment) -> KeptAssessment:
    return replace(kept, signatures=tuple(replace(each, note="") for each in kept.signatures))


def state_word(assessment: Assessment) -> str:
    """未录入, 已录入, 已审核 or 已审定."""
    return STATE_WORDS[state_of(assessment)]


def next_step(assessment: Assessment, role: Role, name: str, today: date) -> Next:
    """Whose step is next, and may this person take it? What is refused here is refused there."""
    waiting, frozen = assessment.under_way, bool(assessment.frozen)
    may_return = waiting is not None and role in (Role.REVIEWER, Role.LEADER)
    if waiting is None and frozen and not assessment.changes:
        return Next(None, False, False, "", "已审定并冻结，此后没有变化。", may_return)
    signed = waiting.signatures if waiting is not None else ()
    step = SIGNING[len(standing_signatures(signed))]
    signer = SIGNERS[step]
    what = {
        SigningStep.ENTERED: "更正" if frozen else "录入",
        SigningStep.REVIEWED: "审核",
        SigningStep.APPROVED: "审定",
    }[step]
    words = f"下一步：{'更正的' if frozen and waiting else ''}{what}（{ROLES[signer]}）。"
    refused = signing_refusal(step, name, signed) or ""
    last = assessment.shown.basis.days.last
    if step is SigningStep.ENTERED and not frozen and today <= last:
        refused = f"考核周期至{last}止，结束后方可录入"
        words = f"{refused}。"
    return Next(step, frozen, role is signer, refused, words, may_return)


def objection_words(assessment: Assessment, office: OfficeSection) -> str:
    """How long may a unit object, and to whom? As the papers say it."""
    draft = assessment.shown
    limit = draft.basis.scheme.objection
    whom = f"向{office.signature}书面提出" + (f"（{office.contact}）" if office.contact else "")
    if not assessment.frozen:
        return f"对考核结果有异议的，可自审定之日起{limit.chinese}内{whom}。"
    approved = local_day(assessment.signatures[-1].at)
    due = last_good_day(approved, limit, draft.known.law.calendar)
    provisional = "该期限涉及尚未公布放假安排的年度，为暂定。" if due.provisional else ""
    return (
        f"对考核结果有异议的，可自{chinese_day(approved)}审定之日起{limit.chinese}内，"
        f"即至{chinese_day(due.on)}止（含当日），{whom}。{provisional}"
    )


def lines_of(
    draft: Draft, sheet: Sheet, case: Case, present: Mapping[int, Finding]
) -> tuple[LineShown, ...]:
    """Each line of a unit's sheet with all that is behind it."""
    entries = {each.id: each for each in case.entries}
    sections = {each.id: each.name for each in sheet.sections}
    return tuple(
        LineShown(
            line,
            sections[line.section],
            tuple(_clauses(draft, line)),
            findings_of(draft, line.findings, present),
            tuple(entries[each] for each in line.entries),
        )
        for line in sheet.lines
    )


def findings_of(
    draft: Draft, ids: Sequence[int], present: Mapping[int, Finding]
) -> tuple[FindingShown, ...]:
    """Findings by number, as they stand now."""
    return tuple(_finding(draft, present.get(each, draft.findings[each])) for each in ids)


def _finding(draft: Draft, finding: Finding) -> FindingShown:
    key, course = finding.key, finding.course
    subject: Subject | None = draft.known.subjects.get(key.subject)
    name = subject.name if subject is not None else key.subject
    what = f"来信 {key.letter}" if key.letter else ""
    row = draft.known.law.row(key.pack, key.rule, finding.opened_on)
    return FindingShown(
        finding.id,
        f"{kind_word(key.subject, subject)} {name} {what}".strip(),
        row.headline if row is not None else f"{key.pack}/{key.rule}",
        STATES[course.state],
        "".join(_appeal(finding.events)),
    )


def _appeal(events: Sequence[Event]) -> Iterator[str]:
    """What became of the last appeal?"""
    words = {
        EventKind.REJECTED: "申诉未采纳",
        EventKind.DISMISSED: "申诉已采纳（误报）",
        EventKind.WAIVED: "申诉已采纳（豁免）",
    }
    last = max((n for n, each in enumerate(events) if each.kind is EventKind.APPEALED), default=-1)
    if last >= 0:
        after = [words[each.kind] for each in events[last + 1 :] if each.kind in words]
        yield after[0] if after else "申诉待答复"


def _clauses(draft: Draft, line: Line) -> Iterator[str]:
    """By which rules was it found, and what do they rest on? Else the scheme alone says so."""
    for named in line.rules:
        rule, _, version = named.partition(" ")
        pack, _, id_ = rule.partition("/")
        row = draft.known.law.row(pack, id_, draft.basis.as_of)
        clause = sure_clause(row) if row is not None else "该指标已不在采用的指标集内"
        yield f"{clause}（{rule}，版本 {version}）"
    if not line.rules:
        yield draft.basis.scheme.clause


def enterable(scheme: Scheme) -> dict[str, str]:
    """What may be entered for a unit, by the value of its choice: `item`, or `item lacks`."""
    chosen = {item.id: item.name for item in scheme.items if item.entry}
    chosen |= {each.id: f"{each.name}（整体给分）" for each in scheme.sections if each.by_hand}
    lacking = [each for each in scheme.sections if each.may_lack]
    return chosen | {f"{each.id} {LACKS}": f"{each.name}：本单位没有此部分" for each in lacking}


def levels_of(scheme: Scheme) -> dict[str, str]:
    """The levels that any item of the scheme asks for."""
    used = {level for item in scheme.items if item.entry for level, _ in item.levels}
    return {level: word for level, word in LEVELS.items() if level in used}


def said_words(text: str) -> list[str]:
    """What a step refused, as a page says it: options and commands are of another place."""
    return [COMMAND.sub("", OPTION.sub("", line)) for line in text.splitlines()]
