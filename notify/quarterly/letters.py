"""The letters received in the quarter, and how each unit answered them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checks.periods import Days
from checks.verdicts import LetterJudgement, LetterVerdict
from notify.documents.parts import Rate
from notify.quarterly.lines import LetterUnitLine
from notify.quarterly.model import LetterTally
from notify.weekly.desk import Desk
from notify.weekly.letters import (
    answer_lines,
    average,
    is_open,
    letter_lines,
    received_on,
    standing_letters,
)
from notify.weekly.lines import LetterLine

# A page may name anybody as the one who answers: in public only registered units are named.
OUTSIDE = "登记册以外的承办单位"


def quarter_letters(desk: Desk, days: Days) -> tuple[LetterTally, tuple[LetterUnitLine, ...]]:
    """How were the letters answered that were received on these days, in all and by unit?"""
    received = [(row, received_on(desk, row)) for row in standing_letters(desk)]
    rows = [row for row, day in received if day is not None and day in days]
    lines = tuple(
        line if line.unit_id else replace(line, unit=OUTSIDE) for line in letter_lines(desk, rows)
    )
    undated = sum(day is None for _, day in received)
    return _tally(rows, lines, undated), _unit_lines(lines)


def _unit_lines(lines: Sequence[LetterLine]) -> tuple[LetterUnitLine, ...]:
    told = []
    for answers in answer_lines(lines):
        own = [line for line in lines if line.unit == answers.unit]
        judged, in_time = _judged(own)
        told.append(
            LetterUnitLine(
                unit=answers.unit,
                letters=answers.letters,
                answered=answers.answered,
                judged=judged,
                in_time=in_time,
                answer_rate=replace(answers.answer_rate, places=2),
                in_time_rate=replace(answers.in_time, places=2),
                average=answers.average,
            )
        )
    # Whoever is not registered comes last, however many letters there were.
    return tuple(sorted(told, key=lambda line: line.unit == OUTSIDE))


def _tally(
    rows: Sequence[LetterJudgement], lines: Sequence[LetterLine], undated: int
) -> LetterTally:
    unanswered = sum(map(is_open, rows))
    answered = len(rows) - unanswered
    judged, in_time = _judged(lines)
    by_export = sum(row.method.brought for row in rows)
    return LetterTally(
        total=len(rows),
        answered=answered,
        unanswered=unanswered,
        judged=judged,
        in_time=in_time,
        by_page=len(rows) - by_export,
        by_export=by_export,
        undated=undated,
        answer_rate=Rate(answered, len(rows), 2),
        in_time_rate=Rate(in_time, judged, 2),
        average=average(lines),
    )


def _judged(lines: Sequence[LetterLine]) -> tuple[int, int]:
    judged = [line for line in lines if line.judged]
    return len(judged), sum(line.verdict is LetterVerdict.ANSWERED_IN_TIME for line in judged)
