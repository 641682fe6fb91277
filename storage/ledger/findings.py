"""Findings and their events, and what each audience has been told of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, tuple_
from sqlmodel import Session, col, or_, select

from checks.freshness import local_day
from checks.lifecycle import Event, EventKind, Finding, Key, Step
from storage.ledger.base import Base, chunks, plain_rows
from storage.tables import EventRow, FindingRow, NoticeRow, ToldRow


@dataclass(frozen=True, slots=True)
class Versions:
    """Which law found it: the rule's version by `pack/rule`, and the calendar's."""

    rules: Mapping[str, str]
    calendar: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One event written in this run, with the finding it belongs to. `key` names it for good."""

    key: str
    finding: Finding
    event: Event


class Findings(Base):
    def findings(self, at: datetime | None = None) -> list[Finding]:
        """Every finding with the events that had happened by `at` (None: all), oldest first."""
        with self.reading() as session:
            return _findings(session, at)

    def findings_of(self, subject: str) -> list[Finding]:
        """Every finding against a subject with its events, oldest first."""
        mine = col(FindingRow.subject) == subject
        with self.reading() as session:
            rows = list(plain_rows(session, FindingRow, mine, order_by=[col(FindingRow.id)]))
            events: dict[int, list[Event]] = {row.id: [] for row in rows}
            for chunk in chunks(list(events)):
                theirs = col(EventRow.finding_id).in_(chunk)
                for row in plain_rows(session, EventRow, theirs, order_by=[col(EventRow.id)]):
                    events[row.finding_id].append(_event(row))
        return [_finding(row, tuple(events[row.id])) for row in rows]

    def once_dismissed(self, at: datetime) -> list[Finding]:
        """Every finding of a fault that was ever called a false alarm, with its events by `at`.

        They are those among all findings that can make something count nowhere.
        """
        fault = (FindingRow.pack, FindingRow.rule, FindingRow.subject, FindingRow.letter)
        dismissed = select(col(EventRow.finding_id)).where(
            col(EventRow.kind) == EventKind.DISMISSED, col(EventRow.at) <= at
        )
        keys = select(*map(col, fault)).where(col(FindingRow.id).in_(dismissed))
        alike = tuple_(*map(col, fault)).in_(keys)
        with self.reading() as session:
            return _findings(session, at, alike)

    def findings_after(self, last: int) -> tuple[list[Finding], int]:
        """The findings with an event after that of this number, whole, and the newest's number.

        Events are only added: whoever holds the rest holds them all.
        """
        with self.reading() as session:
            newest = session.exec(select(func.max(EventRow.id))).one() or 0
            if newest <= last:
                return [], newest
            moved = select(EventRow.finding_id).where(col(EventRow.id) > last)
            which = [col(FindingRow.id).in_(moved)] if last else []
            return _findings(session, None, *which), newest

    def all_findings(self, session: Session) -> dict[int, Finding]:
        """Every finding by number, inside the transaction that will add to it."""
        return {finding.id: finding for finding in _findings(session, None)}

    def latest_findings(self, session: Session) -> dict[Key, Finding]:
        """The latest finding of each fault, inside the transaction that will add to it.

        The earlier ones of the same fault are not read: after years they are most of all.
        """
        fault = (FindingRow.pack, FindingRow.rule, FindingRow.subject, FindingRow.letter)
        last = select(func.max(FindingRow.id)).group_by(*map(col, fault))
        found = _findings(session, None, col(FindingRow.id).in_(last))
        return {finding.key: finding for finding in found}

    def write_steps(
        self, session: Session, steps: Sequence[Step], versions: Versions, now: datetime
    ) -> list[Happening]:
        """Append the events, opening findings where a step has none yet."""
        return [_write(session, step, versions, now) for step in steps]

    def write_events(
        self, session: Session, events: Iterable[tuple[Finding, Event]]
    ) -> list[Happening]:
        """Append what persons did to findings, each event to its finding."""
        return [_append(session, finding, event) for finding, event in events]

    def record_notice(self, session: Session, notice: NoticeRow) -> None:
        """Keep a notice, in the transaction that writes its events."""
        session.add(notice)

    def notice_numbers(self, session: Session) -> set[str]:
        """Every number that a notice bears, inside the transaction that will add one."""
        return set(session.exec(select(NoticeRow.number)))

    def notices(self, at: datetime | None = None, unit: str | None = None) -> list[NoticeRow]:
        """Every notice that had been issued by `at` (None: all), oldest first; all or a unit's."""
        statement = select(NoticeRow).order_by(col(NoticeRow.id))
        if unit is not None:
            statement = statement.where(NoticeRow.unit == unit)
        if at is not None:
            statement = statement.where(col(NoticeRow.at) <= at)
        with self.reading() as session:
            return list(session.exec(statement))

    def standing_news(self, session: Session, since: datetime) -> list[Happening]:
        """The last event of each open finding that had one since an instant.

        For whoever could not be told when it happened: `untold` knows who was.
        """
        last = select(func.max(EventRow.id)).group_by(col(EventRow.finding_id))
        statement = select(EventRow).where(col(EventRow.id).in_(last), col(EventRow.at) >= since)
        rows = session.exec(statement.order_by(col(EventRow.id))).all()
        findings = _numbered(session, {row.finding_id for row in rows})
        return [
            Happening(f"event:{row.id}", replace(finding, events=finding.events[:-1]), event)
            for row in rows
            if (finding := findings[row.finding_id]).state.is_open
            for event in finding.events[-1:]
        ]

    def persons_news(self, session: Session, since: datetime) -> list[Happening]:
        """The last step that persons took with each finding, where it was since an instant.

        Whatever state the finding is in, and whatever the system has written after it.
        """
        kinds = [kind for kind in EventKind if kind.by_person]
        last = select(func.max(EventRow.id)).where(col(EventRow.kind).in_(kinds))
        statement = select(EventRow).where(
            col(EventRow.id).in_(last.group_by(col(EventRow.finding_id))),
            col(EventRow.at) >= since,
        )
        rows = session.exec(statement.order_by(col(EventRow.id))).all()
        findings = _numbered(session, {row.finding_id for row in rows})
        return [Happening(f"event:{row.id}", findings[row.finding_id], _event(row)) for row in rows]

    def was_told(self, session: Session, audience: str, finding: int) -> bool:
        """Has the audience ever been told of an event of this finding?"""
        keys = [
            f"event:{number}"
            for number in session.exec(select(EventRow.id).where(EventRow.finding_id == finding))
        ]
        return self.untold(session, audience, keys) != set(keys)

    def event_evidence(self) -> list[str]:
        """The evidence of every event that has any, and of every notice."""
        given = select(EventRow.evidence).where(col(EventRow.evidence).is_not(None))
        with self.reading() as session:
            words = {*session.exec(given), *session.exec(select(NoticeRow.document))}
        return sorted(word for word in words if word)

    def told_of(self, finding: int) -> list[tuple[str, datetime]]:
        """Who was told something of this finding, and when? Each once, in the order told."""
        events = select(EventRow.id).where(EventRow.finding_id == finding)
        with self.reading() as session:
            keys = [f"event:{number}" for number in session.exec(events)]
            begun = (f"rectify_due:{finding}:", f"escalated:{finding}:")
            said = (col(ToldRow.key).in_(keys), *(col(ToldRow.key).startswith(b) for b in begun))
            rows = session.exec(select(ToldRow).where(or_(*said)).order_by(col(ToldRow.id)))
            return list(dict.fromkeys((row.audience, row.at) for row in rows))

    def untold(self, session: Session, audience: str, keys: Iterable[str]) -> set[str]:
        """Which of these facts has the audience not been told yet?"""
        wanted = set(keys)
        told: set[str] = set()
        for chunk in chunks(sorted(wanted)):
            statement = select(ToldRow.key).where(
                ToldRow.audience == audience, col(ToldRow.key).in_(chunk)
            )
            told.update(session.exec(statement))
        return wanted - told

    def told(self, session: Session, audience: str, prefix: str) -> list[str]:
        """What has the audience been told whose key begins so? The keys, in the order told."""
        statement = (
            select(ToldRow.key)
            .where(
                ToldRow.audience == audience,
                col(ToldRow.key).startswith(prefix, autoescape=True),
            )
            .order_by(col(ToldRow.id))
        )
        return list(session.exec(statement))

    def tell(self, session: Session, audience: str, keys: Iterable[str], now: datetime) -> None:
        """Remember that the audience is being told these facts in this transaction."""
        session.add_all(ToldRow(audience=audience, key=key, at=now) for key in sorted(set(keys)))


def _write(session: Session, step: Step, versions: Versions, now: datetime) -> Happening:
    event = Event(step.kind, now, "xunjian", step.note)
    finding = step.finding
    if finding is None:
        finding = _open(session, step, versions, now)
    return _append(session, finding, event)


def _append(session: Session, finding: Finding, event: Event) -> Happening:
    row = EventRow(
        finding_id=finding.id,
        kind=event.kind,
        at=event.at,
        by=event.by,
        note=event.note,
        evidence=event.evidence,
        until=event.until,
    )
    session.add(row)
    session.flush()
    return Happening(f"event:{row.id}", finding, event)


def _open(session: Session, step: Step, versions: Versions, now: datetime) -> Finding:
    fault = step.fault
    if fault is None:
        raise ValueError("a step without a finding opens one, and needs its fault")
    key = fault.key
    row = FindingRow(
        pack=key.pack,
        rule=key.rule,
        subject=key.subject,
        letter=key.letter,
        unit=fault.unit,
        opened_on=local_day(now),
        basis=fault.basis,
        over=fault.over,
        evidence=fault.evidence,
        rule_version=versions.rules[f"{key.pack}/{key.rule}"],
        calendar_version=versions.calendar,
    )
    session.add(row)
    session.flush()
    return _finding(row, ())


def _numbered(session: Session, numbers: Collection[int]) -> dict[int, Finding]:
    """The findings of these numbers with all their events."""
    return {
        finding.id: finding
        for chunk in chunks(sorted(numbers))
        for finding in _findings(session, None, col(FindingRow.id).in_(chunk))
    }


def _findings(session: Session, at: datetime | None, *which: ColumnElement[bool]) -> list[Finding]:
    events: dict[int, list[Event]] = {}
    known = [] if at is None else [col(EventRow.at) <= at]
    if which:
        known.append(col(EventRow.finding_id).in_(select(FindingRow.id).where(*which)))
    for row in plain_rows(session, EventRow, *known, order_by=[col(EventRow.id)]):
        events.setdefault(row.finding_id, []).append(_event(row))
    rows = plain_rows(session, FindingRow, *which, order_by=[col(FindingRow.id)])
    return [_finding(row, tuple(events[row.id])) for row in rows if row.id in events]


def _event(row: Any) -> Event:
    return Event(EventKind(row.kind), row.at, row.by, row.note, row.evidence, row.until)


def _finding(row: Any, events: tuple[Event, ...]) -> Finding:
    if row.id is None:
        raise ValueError("a row has its number only after the flush")
    return Finding(
        id=row.id,
        key=Key(row.pack, row.rule, row.subject, row.letter),
        unit=row.unit,
        opened_on=row.opened_on,
        basis=row.basis,
        evidence=row.evidence,
        events=events,
        over=row.over,
        rule_version=row.rule_version,
        calendar_version=row.calendar_version,
    )
