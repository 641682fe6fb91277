"""What persons do to findings (问题处理): checked and written in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from app.home import Home
from app.proof import Brought, kept_proof, proof_faults
from app.settings import Settings
from app.words import EVENTS as EVENT_WORDS
from checks.calendar import WorkCalendar, months_before
from checks.freshness import SHANGHAI, local_day
from checks.handling import WORDS, Action, refusal
from checks.lifecycle import Event, EventKind, Finding
from checks.rectification import Terms, resumed_due
from storage.clock import now
from storage.ledger import Happening, Ledger

EVENTS = {
    Action.CONFIRM: EventKind.CONFIRMED,
    Action.DISMISS: EventKind.DISMISSED,
    Action.REPORT_BACK: EventKind.REPORTED,
    Action.RECHECK: EventKind.RECHECKED,
    Action.FAIL: EventKind.FAILED,
    Action.CLOSE: EventKind.CLOSED,
    Action.WAIVE: EventKind.WAIVED,
    Action.APPEAL: EventKind.APPEALED,
    Action.REJECT: EventKind.REJECTED,
}
LONGEST_WAIVER_MONTHS = 12


class HandlingError(ValueError):
    """A step that may not be taken: one Chinese sentence a line, everything at fault."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who takes the step, why, and on what evidence: words, or a file. `until`: of a waiver.

    `seen` is how many events of each finding the person had before their eyes, where it is known.
    """

    by: str
    note: str
    evidence: str | Brought | None = None
    until: date | None = None
    seen: Mapping[int, int] = field(default_factory=dict)


def take(
    home: Home, settings: Settings, ledger: Ledger, action: Action, ids: Sequence[int], said: Said
) -> list[Happening]:
    """Take one step with these findings: with all of them or with none.

    Raises HandlingError, naming every finding with which it may not be taken, and why.
    """
    present = now()
    today = local_day(present)
    if faults := list(step_faults(action, said, today)):
        raise HandlingError("\n".join(faults))
    terms, calendar = home.rectification(), home.law(settings).calendar
    with ledger.writing() as session:
        findings = may_be_taken(ledger, session, action, ids, today, said.seen)
        evidence = kept_proof(ledger.evidence.folder, said.evidence) if said.evidence else None
        steps = [
            (each, _event(action, each, said, evidence, present, terms, calendar))
            for each in findings
        ]
        return ledger.write_events(session, steps)


def may_be_taken(
    ledger: Ledger,
    session: Session,
    action: Action,
    ids: Sequence[int],
    today: date,
    seen: Mapping[int, int],
) -> list[Finding]:
    """The findings of these numbers, as they stand in this transaction; each once.

    Raises HandlingError, a line for every number with which the step may not be taken, and for
    every one to which something has happened since it was `seen`.
    """
    known = ledger.all_findings(session)
    asked = list(dict.fromkeys(ids))
    refused = {
        number: refusal(action, known[number], today) if number in known else "没有这个编号的问题"
        for number in asked
    }
    faults = [f"问题 {number}：{why}" for number, why in refused.items() if why]
    faults += [f"问题 {each.id}：{_meanwhile(each, seen)}" for each in _changed(known, asked, seen)]
    if faults:
        raise HandlingError("\n".join(faults))
    return [known[number] for number in asked]


def _changed(
    known: Mapping[int, Finding], asked: Sequence[int], seen: Mapping[int, int]
) -> Iterator[Finding]:
    for number in asked:
        if number in known and number in seen and len(known[number].events) != seen[number]:
            yield known[number]


def _meanwhile(finding: Finding, seen: Mapping[int, int]) -> str:
    told = "；".join(
        f"{event.at.astimezone(SHANGHAI):%m-%d %H:%M} {EVENT_WORDS[event.kind]}（{event.by}）"
        for event in finding.events[seen[finding.id] :]
    )
    return f"打开页面以后已有新的经过，请核对后再办理：{told}"


def said_faults(by: str, note: str) -> Iterator[str]:
    """What is missing of who and why?"""
    if not by.strip():
        yield "经办人（--by）：不能为空"
    if not note.strip():
        yield "说明（--note）：不能为空"


def step_faults(action: Action, said: Said, today: date) -> Iterator[str]:
    """What is missing or wrong in what was said, whatever the finding?"""
    yield from said_faults(said.by, said.note)
    if isinstance(said.evidence, str) and not said.evidence.strip():
        yield "证据（--evidence）：不能为空，请写明所见，或给出截图等文件"
    elif said.evidence is not None:
        yield from proof_faults(said.evidence)
    if action is Action.WAIVE:
        last = months_before(today, -LONGEST_WAIVER_MONTHS)
        if said.until is None or not today <= said.until <= last:
            given = said.until or "未填写"
            yield f"豁免期限（--until）：{given}，应在{today}至{last}之间"


def _event(
    action: Action,
    finding: Finding,
    said: Said,
    evidence: str | None,
    at: datetime,
    terms: Terms,
    calendar: WorkCalendar,
) -> Event:
    until = _until(action, finding, said, local_day(at), terms, calendar)
    return Event(EVENTS[action], at, said.by.strip(), said.note.strip(), evidence, until)


def _until(
    action: Action,
    finding: Finding,
    said: Said,
    today: date,
    terms: Terms,
    calendar: WorkCalendar,
) -> date | None:
    """Which day does the step set, if any?"""
    course = finding.course
    if action is Action.WAIVE:
        return said.until
    if action is Action.DISMISS and finding.basis is None:
        return terms.dismissed_until(today)
    if action is Action.REJECT and course.due is not None and course.appealed_on is not None:
        return resumed_due(course.due, course.appealed_on, today, calendar)
    return None


def done_words(action: Action, taken: Sequence[Happening]) -> str:
    """What was done, in one sentence for the clerk."""
    numbers = "、".join(str(each.finding.id) for each in taken)
    return f"{WORDS[action]}：问题 {numbers}。"
