"""The tables. Rows are appended; only a run's end, a delivery's fate and a version's end change.

Instants are aware UTC; days are Asia/Shanghai days. `subject` holds a key such as `column:ID`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    LargeBinary,
    MetaData,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention

BROUGHT = text("method <> 'crawl'")


class Version(SQLModel):
    """One version of one register row: in force from `since` until `until` (None: still)."""

    pk: int | None = Field(default=None, primary_key=True)
    id: str = Field(index=True)
    name: str
    since: datetime
    until: datetime | None = None


class Unit(Version, table=True):
    kind: str
    emails: list[str] = Field(sa_column=Column(JSON, nullable=False))


class Site(Version, table=True):
    home: str
    unit: str
    code: str | None = None
    portal: bool = False
    home_nav_only: bool = False
    services: bool = True
    search: str | None = None
    policy_search: str | None = None
    progress: str | None = None


class WatchedColumn(Version, table=True):
    __tablename__ = "column"

    site: str
    url: str
    class_: str = Field(sa_column_kwargs={"name": "class"})
    unit: str
    level: int = 1
    cycle: str | None = None
    bucket: str = "none"
    min_items: int | None = None
    reader: str = "auto"
    selectors: str | None = None
    render: bool = False
    redirect_to: str | None = None
    expected: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    exempt_until: date | None = None
    exempt_reason: str | None = None


class Mailbox(Version, table=True):
    site: str
    url: str | None = None
    unit: str
    clock: str = "submitted"
    limit: str | None = None
    reader: str = "auto"
    form: str | None = None
    source: str = "page"
    categories: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class Account(Version, table=True):
    platform: str
    unit: str
    source: str
    url: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    filing_no: str | None = None
    platform_id: str | None = None
    owner: str | None = None
    supervisor: str | None = None
    certified: str | None = None
    maintainer: str | None = None
    status: str | None = None


class LawRow(SQLModel, table=True):
    """The rule packs and calendar as they were from `since` on, so a past day can be judged."""

    __tablename__ = "law"

    id: int | None = Field(default=None, primary_key=True)
    since: datetime
    sha256: str
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class Run(SQLModel, table=True):
    """One crawl, or what one person brought. `finished_at` None: under way, or cut short."""

    id: int | None = Field(default=None, primary_key=True)
    started_at: datetime
    finished_at: datetime | None = None
    planned: int
    seen: int = 0
    unseen: int = 0
    method: str = "crawl"


class EvidenceRow(SQLModel, table=True):
    """One captured answer: where its bytes are, their hash, and its link in the chain."""

    __tablename__ = "evidence"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    subject: str = Field(index=True)
    url: str
    warc: str
    offset: int = Field(sa_type=BigInteger)
    record_id: str
    sha256: str
    chain: str


class VisitRow(SQLModel, table=True):
    """One look at one subject; `by` is the person where one brought it."""

    __tablename__ = "visit"
    __table_args__ = (
        # With the outcome, so that the last good visit is found without reading bad ones.
        Index("ix_visit_subject_observed_at", "subject", "observed_at", "outcome"),
        # What persons brought is found without reading years of looks.
        Index(
            "ix_visit_brought",
            "subject",
            "observed_at",
            sqlite_where=BROUGHT,
            postgresql_where=BROUGHT,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id", index=True)
    subject: str
    observed_at: datetime
    outcome: str
    url: str | None = None
    status: int | None = None
    elapsed_ms: int | None = None
    reader: str | None = None
    newest: date | None = None
    newest_title: str | None = None
    newest_url: str | None = None
    date_text: str | None = None
    date_source: str | None = None
    item_count: int = 0
    dated_count: int = 0
    unresolved: int = 0
    total: int | None = None
    note: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    unchanged_since: int | None = Field(default=None, foreign_key="visit.id")
    evidence_id: int | None = Field(default=None, foreign_key="evidence.id")
    method: str = "crawl"
    by: str | None = None
    shown_to: date | None = None


class ItemRow(SQLModel, table=True):
    """One item, the first time it was seen with this address, title and date."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("subject", "digest"),
        Index("ix_item_subject_published_on", "subject", "published_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject: str
    digest: str
    title: str
    url: str | None = None
    published_on: date | None = None
    date_text: str | None = None
    date_source: str | None = None
    first_seen: datetime
    visit_id: int = Field(foreign_key="visit.id")


class LetterRow(SQLModel, table=True):
    """One sighting of one letter: appended when it changed, and while it is open.

    Of its words only a hash is kept: number, times, unit and status are what the rule needs.
    """

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_mailbox_ref_seen_at", "mailbox", "ref", "seen_at"),)

    id: int | None = Field(default=None, primary_key=True)
    mailbox: str
    ref: str
    seen_at: datetime
    visit_id: int = Field(foreign_key="visit.id")
    url: str | None = None
    title_sha256: str
    received_on: date | None = None
    accepted_on: date | None = None
    replied_on: date | None = None
    unit: str | None = None
    status: str | None = None
    answered: bool | None = None
    method: str = "crawl"
    shown_to: date | None = None
    category: str | None = None
    extended_to: date | None = None
    extension: str | None = None


class ObservationRow(SQLModel, table=True):
    """What one look found about one thing of a subject: the facts of `checks.facts.Observed`.

    `run_id` is None where no crawl was under way.
    """

    __tablename__ = "observation"
    __table_args__ = (Index("ix_observation_subject_family_at", "subject", "family", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    run_id: int | None = Field(default=None, foreign_key="run.id", index=True)
    subject: str
    family: str
    key: str
    at: datetime
    outcome: str
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    evidence_id: int | None = Field(default=None, foreign_key="evidence.id")


class ProbeRow(SQLModel, table=True):
    """One spaced visit to a site's home page. `ours`: our own network was down."""

    __tablename__ = "probe"
    __table_args__ = (Index("ix_probe_site_at", "site", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    site: str
    at: datetime
    elapsed_ms: int | None = None
    outcome: str
    ours: bool = False
    status: int | None = None
    note: str | None = None


class LinkRow(SQLModel, table=True):
    """One look at the target of a link of a site. `state` is a word of `checks.links`."""

    __tablename__ = "link"
    __table_args__ = (Index("ix_link_site_digest_at", "site", "digest", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    site: str
    digest: str
    url: str
    at: datetime
    state: str
    status: int | None = None
    note: str | None = None


class HandRow(SQLModel, table=True):
    """What a person found under one row of a pack, with the evidence (人工核查).

    `fault` None: neither, only `points` (a deduction in all, or a bonus) count. The latest row
    of a subject and a pack's row holds, until `until`, inclusive.
    """

    __tablename__ = "hand"
    __table_args__ = (Index("ix_hand_subject_pack_row", "subject", "pack", "row"),)

    id: int | None = Field(default=None, primary_key=True)
    subject: str
    pack: str
    row: str
    fault: bool | None = None
    points: str | None = None
    evidence: str
    by: str
    at: datetime
    until: date | None = None
    withdrawn: bool = False


class FindingRow(SQLModel, table=True):
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


class EventRow(SQLModel, table=True):
    __tablename__ = "event"

    id: int | None = Field(default=None, primary_key=True)
    finding_id: int = Field(foreign_key="finding.id", index=True)
    kind: str
    at: datetime
    by: str
    note: str
    evidence: str | None = None
    until: date | None = None


class NoticeRow(SQLModel, table=True):
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


class EntryRow(SQLModel, table=True):
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


class AssessmentRow(SQLModel, table=True):
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


class SignatureRow(SQLModel, table=True):
    """One of the steps of an assessment: 录入, 审核, 分管领导, or sent back."""

    __tablename__ = "signature"

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    step: str
    at: datetime
    by: str
    note: str


class DeliveryRow(SQLModel, table=True):
    """One message on its way to one recipient (投递), complete as it will be sent."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("message_id"), Index("ix_delivery_state", "state"))

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


class ToldRow(SQLModel, table=True):
    """What an audience has been told once already; `key` names the fact, not the message."""

    __tablename__ = "told"
    __table_args__ = (UniqueConstraint("audience", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    audience: str
    key: str
    at: datetime
