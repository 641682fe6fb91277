"""The tables. Rows are appended; only a run's end, a delivery's fate and a version's end change.

Instants are aware UTC; days are Asia/Shanghai days. `subject` holds a key such as `column:ID`.
"""

from __future__ import annotations

from storage.tables.handled import (
    AssessmentRow,
    DeliveryRow,
    EntryRow,
    EventRow,
    FindingRow,
    NoticeRow,
    SignatureRow,
    ToldRow,
)
from storage.tables.register import Account, LawRow, Mailbox, Site, Unit, Version, WatchedColumn
from storage.tables.seen import (
    EvidenceRow,
    HandRow,
    ItemRow,
    LetterRow,
    LinkRow,
    ObservationRow,
    ProbeRow,
    Run,
    VisitRow,
)

__all__ = [
    "Account",
    "AssessmentRow",
    "DeliveryRow",
    "EntryRow",
    "EventRow",
    "EvidenceRow",
    "FindingRow",
    "HandRow",
    "ItemRow",
    "LawRow",
    "LetterRow",
    "LinkRow",
    "Mailbox",
    "NoticeRow",
    "ObservationRow",
    "ProbeRow",
    "Run",
    "SignatureRow",
    "Site",
    "ToldRow",
    "Unit",
    "Version",
    "VisitRow",
    "WatchedColumn",
]
