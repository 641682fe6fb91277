"""The tables. Rows are appended; only ends and fates change: of a run, a task, a version,
a delivery, a lease, a removal, a person, a session, the next look at a subject. An answer's place
in its file changes where others around it were given up, and old probes are packed day by day.

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
from storage.tables.people import AttemptRow, AuditRow, PersonRow, SessionRow, TokenRow
from storage.tables.register import Account, LawRow, Mailbox, Site, Unit, Version, WatchedColumn
from storage.tables.seen import (
    EvidenceRow,
    HandRow,
    ItemRow,
    LetterRow,
    LinkRow,
    ObservationRow,
    ProbeDayRow,
    ProbeRow,
    RemovalRow,
    Run,
    VisitRow,
)
from storage.tables.serving import DueRow, LeaseRow, TaskRow

__all__ = [
    "Account",
    "AssessmentRow",
    "AttemptRow",
    "AuditRow",
    "DeliveryRow",
    "DueRow",
    "EntryRow",
    "EventRow",
    "EvidenceRow",
    "FindingRow",
    "HandRow",
    "ItemRow",
    "LawRow",
    "LeaseRow",
    "LetterRow",
    "LinkRow",
    "Mailbox",
    "NoticeRow",
    "ObservationRow",
    "PersonRow",
    "ProbeDayRow",
    "ProbeRow",
    "RemovalRow",
    "Run",
    "SessionRow",
    "SignatureRow",
    "Site",
    "TaskRow",
    "TokenRow",
    "ToldRow",
    "Unit",
    "Version",
    "VisitRow",
    "WatchedColumn",
]
