"""The mailbox part: the letters of the period, and how each unit answered them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from checks.freshness import shown_to
from checks.letter_clock import Clock
from checks.subjects import SubjectKind
from checks.verdicts import LetterJudgement, LetterVerdict, Verdict
from notify.documents.parts import Average, Rate
from notify.documents.text import harmless
from notify.terms import LETTERS
from notify.weekly.desk import Desk
from notify.weekly.lines import AnswerLine, LetterLine, OriginLine
from notify.weekly.model import LetterTally

WORST_FIRST = (
    LetterVerdict.OVERDUE,
    LetterVerdict.ANSWERED_LATE,
    LetterVerdict.PROVISIONAL,
    LetterVerdict.WAITING,
    LetterVerdict.ANSWERED_IN_TIME,
)


def standing_letters(desk: Desk) -> tuple[LetterJudgement, ...]:
    """One judgement a letter, the worst where rules differ; none of an exempt mailbox."""
    exempt = {
        row.subject.key for row in desk.of(SubjectKind.MAILBOX) if row.verdict is Verdict.EXEMPT
    }
    worst: dict[tuple[str, str], LetterJudgement] = {}
    for row in desk.material.bench.letters:
        key = (row.mailbox.key, row.letter.ref)
        held = worst.get(key)
        if row.mailbox.key not in exempt and (held is None or _severity(row) < _severity(held)):
            worst[key] = row
    return tuple(worst.values())


def _severity(row: LetterJudgement) -> int:
    return WORST_FIRST.index(row.verdict)


def is_open(row: LetterJudgement) -> bool:
    """Is an answer still to come? A provisional deadline says nothing of that by itself."""
    if row.verdict is LetterVerdict.PROVISIONAL:
        return row.letter.replied_on is None
    return row.verdict in (LetterVerdict.WAITING, LetterVerdict.OVERDUE)


def of_period(desk: Desk, rows: Sequence[LetterJudgement]) -> tuple[LetterJudgement, ...]:
    """The letters this week is about: still open, or answered within the period."""
    period = desk.material.period
    return tuple(row for row in rows if is_open(row) or row.letter.replied_on in period)


def letter_tally(label: str, rows: Sequence[LetterJudgement]) -> LetterTally:
    counted = Counter(row.verdict for row in rows)
    verdicts = {verdict.value: counted[verdict] for verdict in LetterVerdict}
    return LetterTally(label, len(rows), near=sum(row.near for row in rows), **verdicts)


def letter_lines(desk: Desk, rows: Sequence[LetterJudgement]) -> tuple[LetterLine, ...]:
    """The letters as lines, the worst first, then by deadline."""
    ordered = sorted(rows, key=lambda r: (_severity(r), r.due or date.max, r.letter.ref))
    return tuple(_line(desk, row) for row in ordered)


def _line(desk: Desk, row: LetterJudgement) -> LetterLine:
    unit_id, unit = _answering_unit(desk, row)
    received = received_on(desk, row)
    judged = _is_judged(row, received)
    return LetterLine(
        ref=row.letter.ref,
        unit_id=unit_id,
        unit=unit,
        received=received,
        due=row.due,
        replied=row.letter.replied_on,
        working_days=row.working_days,
        over=_working_days_over(desk, row),
        verdict=row.verdict,
        near=row.near,
        answered=not is_open(row),
        judged=judged,
        reason=row.reason,
        words=_words(row, judged, received, desk.as_of),
    )


def received_on(desk: Desk, row: LetterJudgement) -> date | None:
    """From which day was the letter timed?"""
    rule = desk.rule_of(row.pack, row.rule)
    return Clock(row.mailbox, rule, desk.material.law.calendar).receipt(row.letter)


def _answering_unit(desk: Desk, row: LetterJudgement) -> tuple[str | None, str]:
    """Whose letter is it? The page's own word first: nobody answers for another's letters."""
    handler = harmless(row.letter.unit or "")
    if handler:
        return desk.unit_ids.get(handler), handler
    return row.mailbox.unit, desk.unit(row.mailbox.unit)


def _is_judged(row: LetterJudgement, received: date | None) -> bool:
    if row.verdict in (LetterVerdict.OVERDUE, LetterVerdict.ANSWERED_LATE):
        return True
    replied = row.letter.replied_on
    timed = received is not None and replied is not None and replied >= received
    return row.verdict is LetterVerdict.ANSWERED_IN_TIME and timed


def _working_days_over(desk: Desk, row: LetterJudgement) -> int | None:
    late = row.verdict in (LetterVerdict.OVERDUE, LetterVerdict.ANSWERED_LATE)
    if not late or row.due is None:
        return None
    until = row.letter.replied_on or desk.as_of
    return desk.material.law.calendar.working_days_between(row.due, until).count


def _words(row: LetterJudgement, judged: bool, received: date | None, as_of: date) -> str:
    words = LETTERS[row.verdict]
    if row.verdict is LetterVerdict.WAITING:
        if received is None:
            return f"{words}（未标来信日期）"
        if row.due is not None and row.due < as_of:
            return "到期后未能查看，不作判定"
        return f"{words}（临期）" if row.near else words
    if row.verdict is LetterVerdict.PROVISIONAL:
        return f"{words}（{'未答复' if is_open(row) else '已答复'}）"
    if row.verdict is LetterVerdict.ANSWERED_IN_TIME and not judged:
        return "已答复，不作期限认定"
    return words


def origin_lines(desk: Desk, rows: Sequence[LetterJudgement]) -> tuple[OriginLine, ...]:
    """On what do the letters of each mailbox rest that has letters, or an export?"""
    counted = Counter((row.mailbox.key, row.method.brought) for row in rows)
    exports = desk.material.exports
    return tuple(
        OriginLine(
            mailbox=desk.name(subject),
            by_page=counted[(key, False)],
            by_export=counted[(key, True)],
            shown_to=shown_to(exports[key]) if key in exports else None,
            by=exports[key].by if key in exports else None,
        )
        for key, subject in desk.subjects.items()
        if counted[(key, False)] or counted[(key, True)] or key in exports
    )


def answer_lines(lines: Sequence[LetterLine]) -> tuple[AnswerLine, ...]:
    """How did each answering unit do? The unit with most letters first."""
    by_unit: dict[str, list[LetterLine]] = {}
    for line in lines:
        by_unit.setdefault(line.unit, []).append(line)
    answers = [_answer_line(unit, own) for unit, own in by_unit.items()]
    return tuple(sorted(answers, key=lambda line: (-line.letters, line.unit)))


def _answer_line(unit: str, lines: Sequence[LetterLine]) -> AnswerLine:
    answered = sum(line.answered for line in lines)
    return AnswerLine(
        unit=unit,
        letters=len(lines),
        answered=answered,
        answer_rate=Rate(answered, len(lines)),
        in_time=in_time(lines),
        average=average(lines),
    )


def average(lines: Sequence[LetterLine]) -> Average:
    """How many working days did the answers that were judged take?"""
    spent = [
        line.working_days
        for line in lines
        if line.answered and line.judged and line.working_days is not None
    ]
    return Average(sum(spent), len(spent))


def in_time(lines: Sequence[LetterLine]) -> Rate:
    """The share answered in time among the letters that were judged."""
    judged = [line for line in lines if line.judged]
    good = sum(line.verdict is LetterVerdict.ANSWERED_IN_TIME for line in judged)
    return Rate(good, len(judged))
