"""Which subject is asked about, and what does an explanation of it rest on?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.day import Day
from app.reread import Reread, weigh_again
from checks.facts import History
from checks.judge import spans_of
from checks.lifecycle import Finding
from checks.subjects import Subject
from checks.ways import deciding
from storage.ledger import Ledger


class SubjectNotFoundError(LookupError):
    """No subject has this id, or several kinds share it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One subject, and what an explanation of it rests on beside the judged day."""

    subject: Subject
    history: History
    findings: Sequence[Finding]
    again: Reread | None


def ask(day: Day, ledger: Ledger, wanted: str) -> Asked:
    """What has to be known to explain the subject `ID` or `kind:ID`?

    Raises SubjectNotFoundError.
    """
    subject = find_subject(day, wanted)
    history = ledger.histories([subject.key], day.cutoff).get(subject.key, History())
    known = [each for each in ledger.findings(day.cutoff) if each.key.subject == subject.key]
    row = next((r for r in day.register[subject.kind] if r["id"] == subject.id), None)
    good = decided_by(day, subject, history).good
    return Asked(subject, history, known, weigh_again(ledger, row, good) if good else None)


def find_subject(day: Day, wanted: str) -> Subject:
    """Which subject is meant by `ID` or `kind:ID`? Raises SubjectNotFoundError."""
    subjects = day.subjects
    if wanted in subjects:
        return subjects[wanted]
    matching = [subject for subject in subjects.values() if subject.id == wanted]
    if len(matching) == 1:
        return matching[0]
    if matching:
        keys = "、".join(subject.key for subject in matching)
        raise SubjectNotFoundError(f"编号 {wanted} 不止一个，请写明：{keys}")
    raise SubjectNotFoundError(f"登记册中没有编号为 {wanted} 的栏目、信箱、账号或网站")


def decided_by(day: Day, subject: Subject, history: History) -> History:
    """The look or the word by which the subject was judged."""
    moment = day.bench.moment
    return deciding(subject, history, moment, spans_of(day.law, moment.as_of))
