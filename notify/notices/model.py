"""What one notice to one unit holds. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from notify.documents.parts import Picture


class NoticeKind(StrEnum):
    """A first demand to rectify, or an urging where one was not met."""

    NOTICE = "notice"
    URGE = "urge"

    @property
    def chinese(self) -> str:
        return {NoticeKind.NOTICE: "整改通知", NoticeKind.URGE: "督办通知"}[self]


@dataclass(frozen=True, slots=True)
class Proof:
    """Where a piece of evidence lies, or what was said; the SHA-256 of a page in the archive."""

    words: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """An earlier notice that named the finding. `due` is inclusive."""

    number: str
    on: date
    due: date


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding as its unit reads it. `days_over` counts calendar days on the day of the notice,
    None: not known that day. `remaining` says what is still open, in an urging alone.
    """

    finding: int
    what: str
    name: str
    site: str | None
    url: str | None
    headline: str
    situation: str
    found_on: date
    confirmed_on: date | None
    newest: date | None
    limit: str | None
    days_over: int | None
    clause: str
    basis: str
    remedy: str
    proofs: tuple[Proof, ...] = ()
    pictures: tuple[Picture, ...] = ()
    demands: tuple[Demand, ...] = ()
    remaining: str = ""

    @property
    def subject(self) -> str:
        return f"{self.what}“{self.name}”"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who issues it: the red head, if any, the signature, and whom to call."""

    head: str | None
    signature: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. `findings` are the numbers of the findings that it will be recorded for; `due`
    is inclusive; `made_at` is aware.
    """

    kind: NoticeKind
    number: str
    unit: str
    addressee: str
    issued_on: date
    due: date
    problems: tuple[Problem, ...]
    findings: tuple[int, ...]
    sender: Sender
    made_at: datetime
