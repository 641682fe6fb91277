"""What follows: findings and their events, notices, assessments, and what was told to whom."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    Column,
    Index,
    LargeBinary,
    UniqueConstraint,
)
from sqlmodel import Field

from storage.tables.naming import Row


class FindingRow(Row, table=True):
    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_key", "pack", "rule", "subject", "letter"),)

    id: int | None = Field(default=None, primary_key=True)
    pack: str
    rule: str
    subject: str
    letter: str = ""
    unit: str | None = Field(default=None, index=True)
    opened_on: date
    basis: date | None = None
    over: bool = False
    evidence: str | None = None
    rule_version: str
    calendar_version: str


class EventRow(Row, table=True):
    __tablename__ = "event"

    id: int | None = Field(default=None, primary_key=True)
    finding_id: int = Field(foreign_key="finding.id", index=True)
    kind: str
    at: datetime
    by: str
    note: str
    evidence: str | None = None
    until: date | None = None


class NoticeRow(Row, table=True):
    """One notice to one unit (整改通知, or 督办通知): which findings it names, and until when.

    `document` names the kept .docx with its SHA-256.
    """

    __tablename__ = "notice"

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    number: str
    unit: str
    at: datetime
    by: str
    due: date
    findings: list[int] = Field(sa_column=Column(JSON, nullable=False))
    document: str


class EntryRow(Row, table=True):
    """What a person enters under one item of a scheme for one unit, with the evidence.

    `on` is the day it happened. Never changed: a withdrawal is a row that names the one it takes
    back.
    """

    __tablename__ = "entry"

    id: int | None = Field(default=None, primary_key=True)
    scheme: str
    item: str
    unit: str = Field(index=True)
    on: date
    count: int = 1
    level: str | None = None
    points: str | None = None
    evidence: str
    by: str
    at: datetime
    withdraws: int | None = Field(default=None, foreign_key="entry.id")


class AssessmentRow(Row, table=True):
    """One computed assessment (考核): what was known at `cutoff`, under which scheme, as bytes.

    `body` is the canonical JSON of every sheet, `sha256` its hash; `corrects` names the assessment
    that a correction (更正) corrects.
    """

    __tablename__ = "assessment"

    id: int | None = Field(default=None, primary_key=True)
    period: str = Field(index=True)
    scheme: str
    scheme_text: str
    cutoff: datetime
    body: str
    sha256: str
    corrects: int | None = Field(default=None, foreign_key="assessment.id")


class SignatureRow(Row, table=True):
    """One of the steps of an assessment: 录入, 审核, 分管领导, or sent back."""

    __tablename__ = "signature"

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    step: str
    at: datetime
    by: str
    note: str


class DeliveryRow(Row, table=True):
    """One message on its way to one recipient (投递), complete as it will be sent.

    `channel` is mail, or the chat that it goes to.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index("ix_delivery_state", "state"),
        Index("ix_delivery_created_at", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    message_id: str
    kind: str
    recipient: str
    subject: str
    mime: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime
    state: str = "queued"
    attempts: int = 0
    next_try_at: datetime
    claimed_until: datetime | None = None
    sent_at: datetime | None = None
    last_error: str | None = None
    channel: str = Field(default="mail", sa_column_kwargs={"server_default": "mail"})


class ToldRow(Row, table=True):
    """What an audience has been told once already; `key` names the fact, not the message."""

    __tablename__ = "told"
    __table_args__ = (UniqueConstraint("audience", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    audience: str
    key: str
    at: datetime
