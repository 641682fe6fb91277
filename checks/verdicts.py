"""What does the law say? One verdict on one subject or letter, with its arithmetic in words.

The checks make these of `checks.facts`; storage, mails and documents only tell them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from checks.facts import Letter, Method, Outcome
from checks.subjects import Subject


class Verdict(StrEnum):
    OK = "ok"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    BLANK = "blank"
    UNDATED = "undated"
    EXEMPT = "exempt"
    UNKNOWN = "unknown"

    @property
    def against_unit(self) -> bool:
        """Is this a fault that a unit may be asked about?"""
        return self in (Verdict.OVERDUE, Verdict.BLANK, Verdict.UNDATED)


class LetterVerdict(StrEnum):
    ANSWERED_IN_TIME = "answered_in_time"
    ANSWERED_LATE = "answered_late"
    WAITING = "waiting"
    OVERDUE = "overdue"
    PROVISIONAL = "provisional"


class DutyState(StrEnum):
    """Is a duty that is no time limit met? Unknown is never held against anybody."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One verdict of one rule on one subject at `as_of`, with its arithmetic in words.

    `due` is the last good day, inclusive. `days_over` counts calendar days past it,
    `days_left` calendar days up to it; for a mailbox both speak of its worst open letter.
    `inherits` is the key of the column whose verdict this is: the entry itself is judged by
    nobody and counted nowhere. `method` and `by` say which way of knowing decided, `shown_to` up
    to which day it shows what there was, None: up to the look.
    """

    subject: Subject
    rule: str | None
    pack: str | None
    verdict: Verdict
    newest: date | None = None
    due: date | None = None
    days_over: int | None = None
    days_left: int | None = None
    outcome: Outcome | None = None
    last_seen: datetime | None = None
    reason: str = ""
    evidence: str | None = None
    visit: int | None = None
    inherits: str | None = None
    method: Method = Method.CRAWL
    by: str | None = None
    shown_to: date | None = None


@dataclass(frozen=True, slots=True)
class LetterJudgement:
    """One letter against the mailbox rule.

    `unit` answers for it: the registered unit that the page names, else the mailbox's own.
    `working_days` counts from the day after receipt to the reply, or to `as_of` while open.
    `method`: the public page shows how it stands, or only what a person brought.
    """

    mailbox: Subject
    letter: Letter
    unit: str
    rule: str | None
    pack: str | None
    verdict: LetterVerdict
    due: date | None
    working_days: int | None
    provisional: bool = False
    reason: str = ""
    near: bool = False
    method: Method = Method.CRAWL
