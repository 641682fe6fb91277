"""What is watched: versions of register rows, and the law they are judged by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
)
from sqlmodel import Field

from storage.tables.naming import Row


class Version(Row):
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
    hours: str | None = None


class WatchedColumn(Version, table=True):
    __tablename__ = "column"

    site: str = Field(index=True)
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
    site: str = Field(index=True)
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


class LawRow(Row, table=True):
    """The rule packs and calendar as they were from `since` on, so a past day can be judged."""

    __tablename__ = "law"

    id: int | None = Field(default=None, primary_key=True)
    since: datetime
    sha256: str
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
