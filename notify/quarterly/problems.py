"""The confirmed problems of the quarter, by indicator; the others only by number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from checks.lifecycle import EventKind, Finding, Key
from checks.rules import Rule
from checks.subjects import SubjectKind
from checks.verdicts import Judgement
from notify.quarterly.lines import ProblemGroup, ProblemLine
from notify.quarterly.lot import Sort, end_of, sort_of, stands
from notify.quarterly.model import ProblemTally
from notify.terms import kind_word, sure_clause
from notify.weekly.desk import Desk

OF_SITES = (SubjectKind.SITE, SubjectKind.COLUMN)
SHOWN_HASH = 16
_ARCHIVE = re.compile(r"evidence/[0-9/]+/([0-9a-z-]+)\.warc\.gz#")
_HAND = re.compile(r"evidence/hand/([0-9a-f]{64})")


def problem_lines(
    desk: Desk,
    findings: Iterable[Finding],
    counted: Mapping[Key, int],
    hashes: Mapping[str, str],
) -> tuple[ProblemLine, ...]:
    """The findings that may be listed, in the order of the law, of units and of names."""
    law = desk.material.law.rows_in_force(desk.as_of)
    rules = {(row.pack, row.id): place for place, row in enumerate(law)}
    units = {unit: place for place, unit in enumerate(desk.units)}
    rows = {(row.pack, row.rule, row.subject.key): row for row in desk.material.bench.rows}
    listed = [each for each in findings if sort_of(each) is Sort.LISTED]
    listed.sort(
        key=lambda each: (
            rules.get((each.key.pack, each.key.rule), len(rules)),
            each.key.pack,
            each.key.rule,
            units.get(each.unit or "", len(units)),
            each.key.subject,
            each.key.letter,
            each.id,
        )
    )
    return tuple(_line(desk, each, counted, hashes, rows) for each in listed)


def problem_groups(lines: Sequence[ProblemLine]) -> tuple[ProblemGroup, ...]:
    """The lines under their indicators, in the same order."""
    groups: dict[tuple[str, str], list[ProblemLine]] = {}
    for line in lines:
        groups.setdefault((line.pack, line.rule), []).append(line)
    return tuple(ProblemGroup(own[0].headline, tuple(own)) for own in groups.values())


def problem_tally(findings: Sequence[Finding]) -> ProblemTally:
    """How many findings of the quarter are there, by what persons said of them?"""
    sorts = Counter(sort_of(each) for each in findings)
    listed = [each for each in findings if sort_of(each) is Sort.LISTED]
    kinds = Counter(kind_of(each) for each in listed)
    return ProblemTally(
        total=len(findings),
        **{sort.value: sorts[sort] for sort in Sort},
        of_sites=sum(kinds[kind] for kind in OF_SITES),
        of_accounts=kinds[SubjectKind.ACCOUNT],
        of_mailboxes=kinds[SubjectKind.MAILBOX],
        units=len({each.unit for each in listed}),
    )


def kind_of(finding: Finding) -> SubjectKind:
    return SubjectKind(finding.key.subject.partition(":")[0])


def name_of(desk: Desk, finding: Finding) -> str:
    """The subject's name; of one that left the register its number."""
    subject = desk.subjects.get(finding.key.subject)
    if subject is not None:
        return desk.name(subject)
    return f"{finding.key.subject.partition(':')[2]}（已不在登记册）"


def headline_of(desk: Desk, finding: Finding) -> str:
    row = desk.material.law.row(finding.key.pack, finding.key.rule, desk.as_of)
    return row.headline if row else f"指标{finding.key.pack}/{finding.key.rule}"


def _line(
    desk: Desk,
    finding: Finding,
    counted: Mapping[Key, int],
    hashes: Mapping[str, str],
    rows: Mapping[tuple[str | None, str | None, str], Judgement],
) -> ProblemLine:
    key = finding.key
    rule = desk.material.law.row(key.pack, key.rule, desk.as_of)
    dated = isinstance(rule, Rule) and not key.letter
    row = rows.get((key.pack, key.rule, key.subject))
    return ProblemLine(
        id=finding.id,
        unit_id=finding.unit,
        unit=desk.unit(finding.unit),
        subject=key.subject,
        kind=kind_of(finding),
        name=name_of(desk, finding),
        kind_word=kind_word(key.subject, desk.subjects.get(key.subject)),
        letter=key.letter,
        pack=key.pack,
        rule=key.rule,
        headline=headline_of(desk, finding),
        clause=sure_clause(rule) if rule else "",
        updated=_updated(finding, row, end_of(desk.as_of)) if dated else None,
        due=finding.basis if key.letter else None,
        found_on=finding.opened_on,
        state=finding.state,
        run=counted.get(key),
        evidence=evidence_words(finding, hashes),
    )


def _updated(finding: Finding, row: Judgement | None, at: datetime) -> date | None:
    """When was it last updated, as far as the accusation goes?

    While it stands, what the day judged shows. The day on which the finding rests is no longer
    the last update once the fault has come back.
    """
    if row is not None and row.verdict.against_unit and stands(finding, at):
        return row.newest
    came_back = any(event.kind is EventKind.REOPENED for event in finding.events)
    return None if came_back else finding.basis


def evidence_words(finding: Finding, hashes: Mapping[str, str]) -> str | None:
    """On what does it rest? The archive or the kept file, and its hash: no address, no name of a
    file, no free words, which may hold what is nobody's business.
    """
    place = evidence_of(finding)
    if place is None:
        return None
    if hand := _HAND.search(place):
        return f"人工核查附件，SHA-256：{hand[1][:SHOWN_HASH]}…"
    archive = _ARCHIVE.search(place)
    if archive is None:
        return "人工核查记录"
    known = f"，SHA-256：{hashes[place][:SHOWN_HASH]}…" if place in hashes else ""
    return f"网页存档{archive[1]}{known}"


def evidence_of(finding: Finding) -> str | None:
    """Where the evidence lies: what it was found by, else what a person confirmed it by."""
    if finding.evidence:
        return finding.evidence
    words = (e.evidence for e in finding.events if e.kind is EventKind.CONFIRMED and e.evidence)
    return next(words, None)
