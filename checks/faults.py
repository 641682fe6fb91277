"""What a day's judgement holds against subjects, and what it clears: by what makes one fault."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from checks.blanks import BLANK
from checks.lifecycle import Fault, Key
from checks.owed import DutyRow
from checks.replies import is_recent, is_within
from checks.rules import Rule
from checks.verdicts import DutyState, Judgement, LetterJudgement, LetterVerdict, Verdict


def duty_fault(
    row: DutyRow,
    bare: Collection[str],
    looked: datetime | None,
    faults: dict[Key, Fault],
    cleared: dict[Key, str],
) -> None:
    """Is a duty unmet, or in order? `bare` are the subjects that a rule already called blank."""
    duty, answer = row.duty, row.answer
    key = Key(duty.pack, duty.id, row.subject.key)
    if duty.about == BLANK and row.subject.key in bare:
        cleared[key] = "同一问题已按本栏目的时限指标列出，不重复计列"
    elif row.state is DutyState.UNMET:
        unit, note = row.subject.unit, answer.reason
        faults[key] = Fault(
            key, unit, answer.basis, note, answer.evidence, duty.remind, looked=looked
        )
    elif row.state is not DutyState.UNKNOWN:
        cleared[key] = answer.reason


def row_fault(
    row: Judgement, rule: Rule, faults: dict[Key, Fault], cleared: dict[Key, str]
) -> None:
    """Is a subject late under a rule, or in order? What was not seen is neither."""
    key = Key(rule.pack, rule.id, row.subject.key)
    if row.verdict.against_unit:
        faults[key] = Fault(
            key,
            row.subject.unit,
            row.newest,
            row.reason,
            row.evidence,
            rule.remind,
            looked=row.last_seen,
        )
    elif row.verdict is not Verdict.UNKNOWN:
        cleared[key] = row.reason


def name_once(rows: Sequence[Judgement], faults: dict[Key, Fault], cleared: dict[Key, str]) -> None:
    """One fault of one subject is one finding, however many packs have a rule that it breaks.

    It is named by the pack that settings name first. Rules with another last good day speak of
    another fault: an account late by two weeks, and by three months.
    """
    named: dict[tuple[str, Verdict, date | None], Key] = {}
    for row in rows:
        key = Key(row.pack or "", row.rule or "", row.subject.key)
        if key in faults:
            first = named.setdefault((row.subject.key, row.verdict, row.due), key)
            if first is not key:
                del faults[key]
                cleared[key] = f"同一问题已按 {first.pack}/{first.rule} 列出，不重复计列"


def letter_faults(
    letters: Sequence[LetterJudgement],
    mailbox: Judgement,
    rule: Rule,
    as_of: date,
    faults: dict[Key, Fault],
    cleared: dict[Key, str],
) -> None:
    """Which letters of a mailbox are late or were answered late, and which are in order?"""
    box = mailbox.subject.key
    for row in letters:
        key = Key(rule.pack, rule.id, box, row.letter.ref)
        if mailbox.verdict is Verdict.EXEMPT:
            cleared[key] = mailbox.reason
        elif row.verdict is LetterVerdict.ANSWERED_IN_TIME:
            cleared[key] = row.reason
        elif row.verdict is LetterVerdict.OVERDUE:
            opens = is_within(row.letter, as_of, rule.within)
            faults[key] = _letter_fault(key, row, mailbox, rule, opens=opens)
        elif row.verdict is LetterVerdict.ANSWERED_LATE:
            recent = is_recent(row, as_of, rule.lookback)
            recent = recent and is_within(row.letter, as_of, rule.within)
            faults[key] = _letter_fault(key, row, mailbox, rule, opens=recent, over=True)


def _letter_fault(
    key: Key,
    row: LetterJudgement,
    mailbox: Judgement,
    rule: Rule,
    *,
    opens: bool,
    over: bool = False,
) -> Fault:
    return Fault(
        key,
        row.unit,
        row.due,
        row.reason,
        mailbox.evidence,
        rule.remind,
        over,
        opens,
        mailbox.last_seen,
    )
