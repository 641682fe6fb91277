"""How long evidence is kept: what must stay, and what may be given up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel, col

from checks.letter_words import is_answered, is_declined
from checks.lifecycle import Finding
from checks.subjects import SubjectKind
from storage.ledger.base import begin_of, chunks, plain_rows
from storage.ledger.findings import Findings
from storage.ledger.letters import Letters
from storage.records import HTTP
from storage.tables import (
    AssessmentRow,
    EntryRow,
    EventRow,
    EvidenceRow,
    FindingRow,
    HandRow,
    LetterRow,
    Mailbox,
    NoticeRow,
    RemovalRow,
    VisitRow,
    WatchedColumn,
)

LEAST = timedelta(days=100)  # a quarter, and what a rule may look back to, is always there
BEFORE = timedelta(days=40)  # a finding rests on what was seen before it as well
PLACE = re.compile(r"#(urn:uuid:[0-9a-f-]{36})")
NAMING: tuple[Any, ...] = (
    *(col(FindingRow.evidence), col(EventRow.evidence), col(EventRow.note)),
    *(col(HandRow.evidence), col(EntryRow.evidence)),
    *(col(NoticeRow.document), col(AssessmentRow.body)),
)
KINDS = {f"{kind}:": kind for kind in SubjectKind}
# What one look at one subject brought, or all looks of one run: one subject, one file.
Look = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """For how many days is evidence kept, at least?

    `pages` are a subject's own pages by its kind, `others` the articles, links and services
    beside them; `findings` counts from the end of a finding. Of a kind not named all is kept.
    """

    pages: Mapping[SubjectKind, int]
    others: int
    findings: int


@dataclass(frozen=True, slots=True)
class Removable:
    """One answer that nothing rests on. `due`: it is past its term."""

    id: int
    at: datetime
    warc: str
    due: bool


@dataclass(slots=True)
class _Held:
    """What must stay: looks, and all of a subject within a time. `used`: when a look was last
    confirmed by the server (304)."""

    looks: set[Look] = field(default_factory=set)
    spans: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    used: dict[Look, datetime] = field(default_factory=dict)

    def holds(self, look: Look, at: datetime) -> bool:
        spans = self.spans.get(look[0], ())
        return look in self.looks or any(first <= at <= last for first, last in spans)


class Keeping(Letters, Findings):
    def removable(self, terms: Terms, present: datetime) -> Iterator[Removable]:
        """The answers that nothing rests on and that are older than a quarter, oldest first.

        What stays: whatever a finding, an event, a hand record, an entry, a notice or an
        assessment names, with all that the same look brought; all of a subject while a finding
        is open or its term runs; the looks that show an open letter; the last look at each
        subject; what persons brought.
        """
        held = self._held(terms, present)
        newest = present - LEAST
        whole = columns(*EvidenceRow.__table__.columns, col(RemovalRow.evidence_id))  # type: ignore[attr-defined]
        joined = whole.outerjoin_from(
            EvidenceRow, RemovalRow, col(RemovalRow.evidence_id) == col(EvidenceRow.id)
        ).where(col(EvidenceRow.at) < newest)
        seen: set[Look] = set()
        warc = ""
        with self.reading() as session:
            for row in session.connection().execute(joined.order_by(col(EvidenceRow.id))):
                if row.warc != warc:
                    warc, seen = row.warc, set()
                look = (row.subject, row.warc)
                own = look not in seen
                seen.add(look)
                if row.evidence_id is not None or not row.url.startswith(HTTP):
                    continue
                days = _days(terms, row.subject, own=own)
                used = max(row.at, held.used.get(look, row.at))
                if days is None or used >= newest or held.holds(look, row.at):
                    continue
                yield Removable(row.id, row.at, row.warc, present - used > timedelta(days=days))

    def _held(self, terms: Terms, present: datetime) -> _Held:
        held = _Held()
        with self.reading() as session:
            held.looks |= _looks_named(session)
            held.looks |= _last_looks(session)
            held.used = _confirmed(session, present - LEAST)
            sites = _on_sites(session)
        held.looks |= self._looks_of_letters(present)
        for finding in self.findings():
            last = max((event.at for event in finding.events), default=present)
            if not finding.state.is_open and present - last > timedelta(days=terms.findings):
                continue
            span = _span(finding, present if finding.state.is_open else last)
            for subject in (finding.key.subject, *sites.get(finding.key.subject, ())):
                held.spans.setdefault(subject, []).append(span)
        return held

    def _looks_of_letters(self, present: datetime) -> set[Look]:
        """Every look that showed a letter that is still open."""
        settled: dict[tuple[str, str], bool] = {}
        for mailbox, states in self.letters(present).items():
            for state in states:
                key = mailbox, state.letter.ref
                done = is_answered(state.letter) or is_declined(state.letter)
                settled[key] = settled.get(key, False) or done
        waiting: dict[str, list[str]] = {}
        for (mailbox, ref), done in settled.items():
            if not done:
                waiting.setdefault(mailbox, []).append(ref)
        found: set[Look] = set()
        with self.reading() as session:
            for mailbox, refs in waiting.items():
                for chunk in chunks(refs):
                    shown = (col(LetterRow.mailbox) == mailbox, col(LetterRow.ref).in_(chunk))
                    visits = columns(col(LetterRow.visit_id)).where(*shown)
                    found |= _looks_of(session, col(VisitRow.id).in_(visits))
        return found


def _days(terms: Terms, subject: str, *, own: bool) -> int | None:
    kind = next((kind for prefix, kind in KINDS.items() if subject.startswith(prefix)), None)
    days = terms.pages.get(kind) if kind is not None else None
    return days if own or days is None else terms.others


def _span(finding: Finding, end: datetime) -> tuple[datetime, datetime]:
    first = min(finding.opened_on, finding.basis or finding.opened_on)
    return begin_of(first) - BEFORE, end


def _looks_of(session: Session, *visits: ColumnElement[bool]) -> set[Look]:
    """The looks that these visits rest on."""
    named = columns(col(EvidenceRow.subject), col(EvidenceRow.warc)).join_from(
        VisitRow, EvidenceRow, col(VisitRow.evidence_id) == col(EvidenceRow.id)
    )
    return {(row[0], row[1]) for row in session.connection().execute(named.where(*visits))}


def _looks_named(session: Session) -> set[Look]:
    """The looks that hold an answer which any record of the office names."""
    numbers: set[str] = set()
    for column in NAMING:
        named: Any = columns(column).where(column.contains("#urn:uuid:"))
        for text in session.connection().execute(named).scalars():
            numbers.update(PLACE.findall(text))
    rows = columns(col(EvidenceRow.record_id), col(EvidenceRow.subject), col(EvidenceRow.warc))
    return {(r[1], r[2]) for r in session.connection().execute(rows) if r[0] in numbers}


def _last_looks(session: Session) -> set[Look]:
    """The last answer of each subject, and what its last look and its last good look rest on."""
    newest = columns(func.max(EvidenceRow.id)).group_by(col(EvidenceRow.subject))
    last = plain_rows(session, EvidenceRow, col(EvidenceRow.id).in_(newest))
    found = {(row.subject, row.warc) for row in last}
    held = columns(func.max(VisitRow.id)).where(col(VisitRow.evidence_id).is_not(None))
    by_outcome = held.group_by(col(VisitRow.subject), col(VisitRow.outcome), col(VisitRow.method))
    return found | _looks_of(session, col(VisitRow.id).in_(by_outcome))


def _confirmed(session: Session, before: datetime) -> dict[Look, datetime]:
    """Looks from before an instant that later ones rest on, since nothing had changed (304)."""
    look = (col(EvidenceRow.subject), col(EvidenceRow.warc))
    times: Any = (
        columns(*look, func.max(VisitRow.observed_at, type_=VisitRow.__table__.c.observed_at.type))  # type: ignore[attr-defined]
        .join_from(VisitRow, EvidenceRow, col(VisitRow.evidence_id) == col(EvidenceRow.id))
        .where(col(EvidenceRow.at) < before, col(VisitRow.unchanged_since).is_not(None))
        .group_by(*look)
    )
    return {(row[0], row[1]): row[2] for row in session.connection().execute(times)}


def _on_sites(session: Session) -> dict[str, list[str]]:
    """What was ever on each site, by its key: a finding of a site may rest on all of it."""
    found: dict[str, list[str]] = {}
    tables: tuple[tuple[SubjectKind, type[SQLModel]], ...] = (
        (SubjectKind.COLUMN, WatchedColumn),
        (SubjectKind.MAILBOX, Mailbox),
    )
    for kind, table in tables:
        for row in plain_rows(session, table):
            found.setdefault(f"site:{row.site}", []).append(f"{kind}:{row.id}")
    return found
