"""Facts in few words. Every unit, column, account and letter here is synthetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from checks.calendar import load_calendar
from checks.facts import History, Letter, LetterState, Outcome, Visit
from checks.freshness import SHANGHAI, Moment
from checks.judge import Bench, Facts, judge
from checks.rules import Law, pack_texts, read_law
from checks.subjects import Subject, SubjectKind
from checks.verdicts import Judgement, LetterJudgement

CALENDAR = load_calendar()
LAW = read_law(pack_texts(["haian"]), CALENDAR)
UNSEEN_OUTCOMES = [outcome for outcome in Outcome if not outcome.seen]


def day(text: str) -> date:
    """A day as `2026-11-22`; `11-22` is of 2026."""
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def at(on: str, hour: int = 9) -> datetime:
    """An instant of that day in Asia/Shanghai."""
    return datetime.combine(day(on), time(hour), SHANGHAI)


def column(column_class: str = "news", **known: Any) -> Subject:
    named = {"name": "示例栏目", **known}
    return Subject(SubjectKind.COLUMN, "c1", unit="u1", column_class=column_class, **named)


def account(**known: Any) -> Subject:
    return Subject(SubjectKind.ACCOUNT, "a1", "示例发布", "u1", platform="weibo", **known)


def mailbox(**known: Any) -> Subject:
    return Subject(SubjectKind.MAILBOX, "m1", "示例信箱", "u1", **known)


def site(**known: Any) -> Subject:
    return Subject(SubjectKind.SITE, "s1", "示例网站", "u1", **known)


def visit(on: str, outcome: Outcome = Outcome.OK, newest: str | None = None, **known: Any) -> Visit:
    """One look at nine in the morning of `on`."""
    latest = day(newest) if newest else None
    return Visit(1, "column:c1", at(on), outcome, latest, **known)


def seen(*visits: Visit) -> History:
    """What the ledger tells of these visits, given oldest first."""
    good = [look for look in visits if look.outcome.seen]
    return History(visits[-1] if visits else None, good[-1] if good else None)


def letter(
    received: str | None, replied: str | None = None, *, seen_on: str = "11-22", **known: Any
) -> LetterState:
    """A letter as it was last seen at nine in the morning of `seen_on`."""
    read = Letter(
        ref=known.pop("ref", "L1"),
        title="",
        url=None,
        received_on=day(received) if received else None,
        replied_on=day(replied) if replied else None,
        **{"answered": replied is not None, **known},
    )
    return LetterState("mailbox:m1", read, at(seen_on), at(seen_on))


def judged(
    subject: Subject,
    history: History,
    as_of: str,
    *letters: LetterState,
    law: Law = LAW,
    projected: bool = False,
) -> Bench:
    """The bench for this one subject."""
    return judge_all([subject], {subject.key: history}, as_of, letters, law, projected)


def judge_all(
    subjects: Sequence[Subject],
    histories: Mapping[str, History],
    as_of: str,
    letters: Sequence[LetterState] = (),
    law: Law = LAW,
    projected: bool = False,
) -> Bench:
    facts = Facts(subjects, histories, {"mailbox:m1": letters})
    return judge(law, facts, Moment(day(as_of), projected))


def row_of(subject: Subject, history: History, as_of: str, **how: Any) -> Judgement:
    """The one row of this one subject."""
    (row,) = judged(subject, history, as_of, **how).rows
    return row


def letter_of(
    state: LetterState, as_of: str = "11-22", box: Subject | None = None, **how: Any
) -> LetterJudgement:
    """How this letter stands, its mailbox last looked at when the letter was last seen."""
    look = Visit(1, "mailbox:m1", state.seen_at, Outcome.OK)
    bench = judged(box or mailbox(), History(look, look), as_of, state, **how)
    (row,) = bench.letters
    return row


def against_units(bench: Bench) -> list[str]:
    """What the bench holds against a unit, as `pack/rule subject letter`."""
    return [
        f"{key.pack}/{key.rule} {key.subject} {key.letter}".strip()
        for key, fault in bench.faults.items()
        if fault.unit is not None
    ]
