"""What was seen: looks and what they showed, what persons brought and found, and the evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from storage.tables.naming import Row

BROUGHT = text("method <> 'crawl'")
# What a nation fills in some years. SQLite numbers rows by 64 bits, but only of an INTEGER.
LARGE = BigInteger().with_variant(Integer(), "sqlite")


def numbered() -> Any:
    """The number of a row of a table that grows without end."""
    return Field(default=None, sa_column=Column("id", LARGE, primary_key=True))


def referring(to: str, *, nullable: bool = True) -> Any:
    """The number of such a row elsewhere."""
    return Field(
        default=None if nullable else ...,
        sa_column_args=(ForeignKey(to),),
        sa_type=LARGE,
        nullable=nullable,
    )


class Run(Row, table=True):
    """One crawl, or what one person brought. `finished_at` None: under way, or cut short."""

    id: int | None = Field(default=None, primary_key=True)
    started_at: datetime
    finished_at: datetime | None = None
    planned: int
    seen: int = 0
    unseen: int = 0
    method: str = "crawl"


class EvidenceRow(Row, table=True):
    """One captured answer: where its bytes are, their hash, and its link in the chain."""

    __tablename__ = "evidence"

    id: int | None = numbered()
    at: datetime
    subject: str = Field(index=True)
    url: str
    warc: str
    offset: int = Field(sa_type=BigInteger)
    record_id: str
    sha256: str
    chain: str


class RemovalRow(Row, table=True):
    """One answer whose bytes were given up, and why; its link stays in the chain.

    The row comes first: `erased_at` None says that the bytes may still lie in their file.
    """

    __tablename__ = "removal"

    evidence_id: int = Field(
        sa_column=Column(LARGE, ForeignKey("evidence.id"), primary_key=True, autoincrement=False)
    )
    at: datetime
    why: str
    erased_at: datetime | None = None


class VisitRow(Row, table=True):
    """One look at one subject; `by` is the person where one brought it.

    `page_key` is what the reading hung on, where it will be the same on any later day.
    """

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

    id: int | None = numbered()
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
    unchanged_since: int | None = referring("visit.id")
    evidence_id: int | None = referring("evidence.id")
    method: str = "crawl"
    by: str | None = None
    shown_to: date | None = None
    page_key: str | None = None


class ItemRow(Row, table=True):
    """One item, the first time it was seen with this address, title and date."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("subject", "digest"),
        Index("ix_item_subject_published_on", "subject", "published_on"),
    )

    id: int | None = numbered()
    subject: str
    digest: str
    title: str
    url: str | None = None
    published_on: date | None = None
    date_text: str | None = None
    date_source: str | None = None
    first_seen: datetime
    visit_id: int = referring("visit.id", nullable=False)


class LetterRow(Row, table=True):
    """One sighting of one letter: appended when it changed, and while it is open.

    Of its words only a hash is kept: number, times, unit and status are what the rule needs.
    """

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_mailbox_ref_seen_at", "mailbox", "ref", "seen_at"),)

    id: int | None = numbered()
    mailbox: str
    ref: str
    seen_at: datetime
    visit_id: int = referring("visit.id", nullable=False)
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


class ObservationRow(Row, table=True):
    """What one look found about one thing of a subject: the facts of `checks.facts.Observed`.

    `run_id` is None where no crawl was under way.
    """

    __tablename__ = "observation"
    __table_args__ = (Index("ix_observation_subject_family_at", "subject", "family", "at"),)

    id: int | None = numbered()
    run_id: int | None = Field(default=None, foreign_key="run.id", index=True)
    subject: str
    family: str
    key: str
    at: datetime
    outcome: str
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    evidence_id: int | None = referring("evidence.id")


class ProbeRow(Row, table=True):
    """One spaced visit to a site's home page. `ours`: our own network was down."""

    __tablename__ = "probe"
    __table_args__ = (Index("ix_probe_site_at", "site", "at"),)

    id: int | None = numbered()
    site: str
    at: datetime
    elapsed_ms: int | None = None
    outcome: str
    ours: bool = False
    status: int | None = None
    note: str | None = None


class ProbeDayRow(Row, table=True):
    """All probes of one site on one day (Asia/Shanghai), packed: `storage.ledger.probes`."""

    __tablename__ = "probe_day"
    __table_args__ = (Index("ix_probe_day_site_day", "site", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    site: str
    day: date
    count: int
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class LinkRow(Row, table=True):
    """One look at the target of a link of a site. `state` is a word of `checks.links`.

    `host` is the target's, None: written before hosts were counted.
    """

    __tablename__ = "link"
    __table_args__ = (
        Index("ix_link_site_digest_at", "site", "digest", "at"),
        Index("ix_link_site_at", "site", "at"),
        Index("ix_link_host_at", "host", "at"),
    )

    id: int | None = numbered()
    site: str
    digest: str
    url: str
    host: str | None = None
    at: datetime
    state: str
    status: int | None = None
    note: str | None = None


class HandRow(Row, table=True):
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
