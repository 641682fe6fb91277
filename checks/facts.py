"""What was seen? What the rooms tell each other of it: frozen values with the field's own words.

Readers produce items and letters, the ledger keeps visits, checks turn them into the judgements
of `checks.verdicts`. Nothing here knows a clock, a database, the network or HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What a visit met. Only the first three can lead to a verdict against a unit."""

    OK = "ok"
    EMPTY = "empty"
    UNDATED = "undated"
    UNREADABLE = "unreadable"
    BLOCKED = "blocked"
    MAINTENANCE = "maintenance"
    GONE = "gone"
    UNREACHABLE = "unreachable"
    TOO_LARGE = "too_large"
    REFUSED = "refused"

    @property
    def seen(self) -> bool:
        """Did the visit show what a visitor of the page would see?"""
        return self in (Outcome.OK, Outcome.EMPTY, Outcome.UNDATED)


class Method(StrEnum):
    """How did the ledger come to know it: by a look of our own, or by the office's word?"""

    CRAWL = "crawl"
    EXPORT = "export"
    MANUAL = "manual"

    @property
    def brought(self) -> bool:
        """Did a person bring it, an export of the back end or an entry by hand?"""
        return self is not Method.CRAWL


class DateSource(StrEnum):
    """Where on the page, or in which answer, a date was found."""

    META = "meta"
    LABEL = "label"
    LIST = "list"
    URL = "url"
    FEED = "feed"
    API = "api"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """One date an article or a row shows, and by which reading rule it was found, or refused."""

    on: date
    text: str
    source: DateSource
    rule: str


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a list or one entry of a feed (信息条目).

    `published_on` is the day in Asia/Shanghai; None when the page does not say it beyond
    doubt. `date_text` keeps the original writing even when it could not be understood.
    `apart`: it stands in a block of its own above the list, pinned or announced; it is no
    update, yet where it is later than the list nobody may be called late. `others` are further
    days the row shows, each with why it was not taken; told when read, never kept.
    """

    title: str
    url: str | None
    published_on: date | None
    date_text: str | None = None
    date_source: DateSource | None = None
    apart: bool = False
    others: tuple[DateCandidate, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """One public letter (来信), as a list row, a detail page, or both merged.

    Dates are days in Asia/Shanghai. `unit` and `status` are the page's own words. `answered`:
    the page shows an answer, dated or not (True), shows that there is none (False), or is
    silent (None). `category` is the word that an export gives; `extended_to` is the last good day
    of an approved extension, inclusive, and `extension` who approved it and why.
    """

    ref: str
    title: str
    url: str | None
    received_on: date | None = None
    accepted_on: date | None = None
    replied_on: date | None = None
    unit: str | None = None
    status: str | None = None
    answered: bool | None = None
    category: str | None = None
    extended_to: date | None = None
    extension: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at one subject, as the ledger keeps it.

    `observed_at` is aware. `newest` is the latest day among the items that counts as an
    update: not in the future when first seen. `unresolved` counts rows without a date whose
    article could not be looked at, so a later update cannot be ruled out. `shown_to` is the last
    day that its source shows, where that is not the day of the look: the day an export was made, or
    a feed was built. `by` is the person who brought it.
    """

    id: int
    subject: str
    observed_at: datetime
    outcome: Outcome
    newest: date | None = None
    newest_title: str | None = None
    newest_url: str | None = None
    date_text: str | None = None
    date_source: DateSource | None = None
    item_count: int = 0
    unresolved: int = 0
    url: str | None = None
    reader: str | None = None
    note: str | None = None
    evidence: str | None = None
    method: Method = Method.CRAWL
    by: str | None = None
    shown_to: date | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What is known of one subject at `as_of`: its last look, its last good look, and the last
    word that a person brought of it. As the ledger gives them `last` and `good` are looks of our
    own; `checks.ways` puts the word in their place where it decides. `holds_days` is how old what
    decides may be, None: as old as any look. `dated` is the last look that showed a day, where
    there is a word and the last good look showed none.
    """

    last: Visit | None = None
    good: Visit | None = None
    word: Visit | None = None
    holds_days: int | None = None
    dated: Visit | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """What one look found about one thing of a subject: a page, a file, a certificate, a name.

    `family` is the check that reads it, `key` the thing, by its address or name, empty for the
    subject itself; of one thing only the last look counts. `facts` is plain data whose shape the
    family's module defines; it is empty where `outcome` is not a seen one. `at` is aware.
    """

    subject: str
    family: str
    key: str
    at: datetime
    outcome: Outcome
    facts: Mapping[str, Any] = field(default_factory=dict)
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """What a person found under one row of a pack (人工核查), with the evidence.

    `fault` is None where only `points` count: those deducted in all, or given as a bonus. It
    holds until `until`, inclusive, None: until another takes its place. `at` is aware.
    """

    subject: str
    pack: str
    row: str
    fault: bool | None
    points: Decimal | None
    evidence: str
    by: str
    at: datetime
    until: date | None = None


@dataclass(frozen=True, slots=True)
class LetterState:
    """One letter as last seen on or before `as_of`; `seen_at` is when.

    `method` is the way by which it was seen; a letter that both a page and an export show has a
    state of each. `shown_to` is the day to which an export shows what happened.
    """

    mailbox: str
    letter: Letter
    first_seen_at: datetime
    seen_at: datetime
    method: Method = Method.CRAWL
    shown_to: date | None = None
