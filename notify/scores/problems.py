"""A finding in the words of a document: what, where, by which clause, and how far it has come."""

from __future__ import annotations

from checks.lifecycle import EventKind, Finding
from checks.subjects import Subject, SubjectKind
from notify.scores.model import Problem, ScoreMaterial
from notify.terms import kind_word, sure_clause


def problem(material: ScoreMaterial, finding: Finding) -> Problem:
    """The finding as known at the last instant that counts; letters by their number only."""
    key = finding.key
    row = material.law.row(key.pack, key.rule, finding.opened_on)
    confirmed = (e for e in finding.events if e.kind is EventKind.CONFIRMED)
    return Problem(
        id=finding.id,
        unit=finding.unit,
        subject=_subject(material, key.subject),
        letter=key.letter,
        headline=row.headline if row else f"指标{key.pack}/{key.rule}",
        clause=sure_clause(row) if row else "",
        rule=f"{key.pack}/{key.rule}",
        version=finding.rule_version,
        calendar=finding.calendar_version,
        opened_on=finding.opened_on,
        course=finding.course,
        evidence=finding.evidence,
        proof=next((each.evidence for each in confirmed), None),
    )


def _subject(material: ScoreMaterial, key: str) -> str:
    """Kind and name, of a column or mailbox with its site; one that is gone by its id."""
    subject = material.subjects.get(key)
    if subject is None:
        return f"{kind_word(key)}{key.partition(':')[2]}"
    return f"{kind_word(key, subject)}“{subject.name}”{_place(material, subject)}"


def _place(material: ScoreMaterial, subject: Subject) -> str:
    site = material.subjects.get(f"{SubjectKind.SITE}:{subject.site}")
    return "" if site is None or subject.kind is SubjectKind.SITE else f"（{site.name}）"
