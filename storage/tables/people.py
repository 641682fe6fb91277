"""Who may use the pages, who came in, and who changed what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from storage.tables.naming import Row


class PersonRow(Row, table=True):
    """Somebody who may come in. `password`: an Argon2 hash; empty: only by the front's word.

    `unit`: whose matters a viewer sees. `ended_at`: from then on nobody comes in by this login.
    """

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    role: str
    unit: str | None = None
    password: str = ""
    created_at: datetime
    ended_at: datetime | None = None


class AttemptRow(Row, table=True):
    """One attempt to come in, as it ended. What locks a login is counted from these."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index("ix_attempt_login_at", "login", "at"),
        Index("ix_attempt_address_at", "address", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    login: str
    address: str
    ok: bool


class SessionRow(Row, table=True):
    """One browser that came in. The secret itself is nowhere, only its SHA-256."""

    __tablename__ = "session"

    secret: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    csrf: str
    created_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None


class TokenRow(Row, table=True):
    """One key of a program to the JSON interface, by the SHA-256 of its secret."""

    __tablename__ = "token"

    id: int | None = Field(default=None, primary_key=True)
    secret: str = Field(unique=True)
    person_id: int = Field(foreign_key="person.id")
    label: str
    created_at: datetime
    ended_at: datetime | None = None


class AuditRow(Row, table=True):
    """One change that a person made through the pages: in the transaction of the change itself."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    login: str
    address: str
    action: str
    object: str
    note: str | None = None
