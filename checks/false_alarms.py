"""What a person called a false alarm counts towards no veto and no points, while that holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from checks.judge import Bench
from checks.lifecycle import Finding, Key, State
from checks.owed import DutyRow
from checks.verdicts import DutyState, Judgement, LetterJudgement, LetterVerdict, Verdict


@dataclass(frozen=True, slots=True)
class _Dismissed:
    """The latest findings that are false alarms: by key, by subject and day, by letter.

    The day shown was misread, so it holds nothing against its subject under any rule.
    """

    keys: frozenset[Key]
    days: frozenset[tuple[str, date]]
    letters: frozenset[tuple[str, str]]


def without_false_alarms(bench: Bench, findings: Iterable[Finding]) -> Bench:
    """The day's bench with what persons dismissed taken as in order; `findings` known by then."""
    held = _dismissed(findings, bench.moment.as_of)
    if not (held.keys or held.days or held.letters):
        return bench
    return replace(
        bench,
        rows=tuple(_row(row, held) for row in bench.rows),
        letters=tuple(_letter(row, held) for row in bench.letters),
        duties=tuple(_duty(row, held) for row in bench.duties),
    )


def _dismissed(findings: Iterable[Finding], as_of: date) -> _Dismissed:
    latest = {finding.key: finding for finding in sorted(findings, key=lambda each: each.id)}
    held = [each for each in latest.values() if _holds(each, as_of)]
    return _Dismissed(
        keys=frozenset(each.key for each in held if each.basis is None),
        days=frozenset(
            (each.key.subject, each.basis) for each in held if each.basis and not each.key.letter
        ),
        letters=frozenset((each.key.subject, each.key.letter) for each in held if each.key.letter),
    )


def _holds(finding: Finding, as_of: date) -> bool:
    course = finding.course
    until = course.dismissed_until
    return course.state is State.DISMISSED and (until is None or as_of <= until)


def _row(row: Judgement, held: _Dismissed) -> Judgement:
    if not row.verdict.against_unit:
        return row
    key = Key(row.pack or "", row.rule or "", row.subject.key)
    dismissed = key in held.keys or (row.newest and (row.subject.key, row.newest) in held.days)
    return replace(row, verdict=Verdict.OK) if dismissed else row


def _letter(row: LetterJudgement, held: _Dismissed) -> LetterJudgement:
    if (row.mailbox.key, row.letter.ref) not in held.letters:
        return row
    return replace(row, verdict=LetterVerdict.ANSWERED_IN_TIME)


def _duty(row: DutyRow, held: _Dismissed) -> DutyRow:
    key = Key(row.duty.pack, row.duty.id, row.subject.key)
    if row.state is not DutyState.UNMET:
        return row
    basis = row.answer.basis
    if key in held.keys or (basis is not None and (row.subject.key, basis) in held.days):
        return replace(row, answer=replace(row.answer, state=DutyState.MET))
    return row
