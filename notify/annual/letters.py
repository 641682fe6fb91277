"""The year's letters: received, answered, in time, and on which word that rests."""

from __future__ import annotations

from collections.abc import Sequence

from checks.periods import Days
from checks.verdicts import LetterJudgement
from notify.annual.model import LetterYear
from notify.documents.parts import Average
from notify.weekly.desk import Desk
from notify.weekly.letters import (
    average,
    in_time,
    is_open,
    letter_lines,
    received_on,
    standing_letters,
)

ALL = "合计"


def year_letters(desk: Desk, period: Days) -> tuple[LetterYear, tuple[LetterYear, ...]]:
    """All letters of the year together, and by mailbox where a mailbox has any."""
    known = standing_letters(desk)
    lines = []
    for mailbox in {row.mailbox.key: row.mailbox for row in known}.values():
        own = [row for row in known if row.mailbox.key == mailbox.key]
        lines.append(_line(desk, desk.name(mailbox), mailbox.site or "", own, period))
    return _line(desk, ALL, "", known, period), tuple(lines)


def _line(
    desk: Desk, name: str, site: str, rows: Sequence[LetterJudgement], period: Days
) -> LetterYear:
    days = [received_on(desk, row) for row in rows]
    own = [row for row, day in zip(rows, days, strict=True) if day in period]
    lines = letter_lines(desk, own)
    carried = [
        row
        for row, day in zip(rows, days, strict=True)
        if day is not None and day < period.first and row.letter.replied_on in period
    ]
    answered = [row for row in own if not is_open(row)]
    return LetterYear(
        mailbox=name,
        site=site,
        received=len(own),
        answered=len(answered),
        in_time=in_time(lines),
        average=average(lines),
        spent=_spent(desk, own),
        by_page=sum(not row.method.brought for row in own),
        by_export=sum(row.method.brought for row in own),
        carried=len(carried),
        public=sum(not row.method.brought for row in (*answered, *carried)),
        undated=days.count(None),
    )


def _spent(desk: Desk, rows: Sequence[LetterJudgement]) -> Average:
    """Calendar days from receipt to answer, of the letters that show both."""
    spent = [
        (row.letter.replied_on - received).days
        for row in rows
        if row.letter.replied_on is not None
        and (received := received_on(desk, row)) is not None
        and row.letter.replied_on >= received
    ]
    return Average(sum(spent), len(spent))
