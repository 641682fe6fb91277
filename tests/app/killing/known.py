"""What a home knows and has told, by meaning: numbers and instants of rows are left out."""

from __future__ import annotations

import email
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from sqlmodel import col, func, select

from storage.database import connect
from storage.ledger import Ledger
from storage.tables import (
    DeliveryRow,
    EventRow,
    FindingRow,
    ItemRow,
    LetterRow,
    Run,
    ToldRow,
    VisitRow,
)

Arrived = list[tuple[str, bytes]]


@dataclass(frozen=True)
class Known:
    """Equal after a crash and without one.

    Findings, events, items and facts told count each row; mails count each that is not the same
    message, byte for byte, once more.
    """

    subjects: dict[str, tuple[str, str]]
    findings: Counter[tuple[Any, ...]]
    items: Counter[tuple[Any, ...]]
    letters: set[tuple[Any, ...]]
    told: Counter[tuple[Any, ...]]
    mails: Counter[tuple[str, str]]


def open_ledger(home: Path, url: str) -> Ledger:
    return Ledger(connect(url), home / "evidence")


def known(ledger: Ledger, arrived: Arrived) -> Known:
    with ledger.reading() as session:
        visits = session.exec(select(VisitRow).order_by(VisitRow.id)).all()  # type: ignore[arg-type]
        kinds: dict[int, list[str]] = {}
        names: dict[str, tuple[Any, ...]] = {}
        findings = {row.id: row for row in session.exec(select(FindingRow))}
        for event in session.exec(select(EventRow).order_by(EventRow.id)):  # type: ignore[arg-type]
            kinds.setdefault(event.finding_id, []).append(event.kind)
            names[f"event:{event.id}"] = (*_key(findings[event.finding_id]), event.kind)
        return Known(
            {visit.subject: (visit.outcome, str(visit.newest)) for visit in visits},
            Counter((*_key(row), *kinds.get(row.id or 0, ())) for row in findings.values()),
            Counter((i.subject, i.digest, i.published_on) for i in session.exec(select(ItemRow))),
            {
                (r.mailbox, r.ref, r.received_on, r.replied_on)
                for r in session.exec(select(LetterRow))
            },
            Counter((t.audience, names.get(t.key, t.key)) for t in session.exec(select(ToldRow))),
            Counter((to, _text(mime, findings)) for to, mime in set(arrived)),
        )


def _key(row: FindingRow) -> tuple[Any, ...]:
    return (row.pack, row.rule, row.subject, row.letter, row.unit)


def _text(mime: bytes, findings: Mapping[int | None, FindingRow]) -> str:
    message = email.message_from_bytes(mime, policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    # PostgreSQL never gives the numbers again that a transaction took which did not end, so a
    # number stands for the finding that it names.
    return re.sub(r"(?<=问题编号：)\d+", lambda n: _name(findings[int(n[0])]), body.get_content())


def _name(row: FindingRow) -> str:
    return " ".join(map(str, _key(row)))


def visit_rows(ledger: Ledger) -> dict[int | None, dict[str, Any]]:
    with ledger.reading() as session:
        return {row.id: row.model_dump() for row in session.exec(select(VisitRow))}


def claims(ledger: Ledger) -> int:
    """How many messages did the process hold when it was killed? All are free again at once."""
    held = (col(DeliveryRow.state) == "queued", col(DeliveryRow.claimed_until).is_not(None))
    with ledger.reading() as session:
        return session.exec(select(func.count()).select_from(DeliveryRow).where(*held)).one()


def visits(ledger: Ledger) -> int:
    with ledger.reading() as session:
        return session.exec(select(func.count()).select_from(VisitRow)).one()


def phase(ledger: Ledger) -> str:
    """What was the process at, by what its ledger holds?"""
    with ledger.reading() as session:
        runs = session.exec(select(Run)).all()
        if not runs:
            return "start"
        if runs[-1].finished_at is None:
            return "crawl"
        if session.exec(select(FindingRow)).first() is None:
            return "check"
    states = ledger.delivery_counts()
    return "deliver" if states.get("queued") else "end"
