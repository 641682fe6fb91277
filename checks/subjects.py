"""What is watched? A column, mailbox, account or site, with what the rules need to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class SubjectKind(StrEnum):
    """Anything watched."""

    COLUMN = "column"
    MAILBOX = "mailbox"
    ACCOUNT = "account"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Subject:
    """Anything watched, with what the rules need to know of it.

    `key` is `kind:id`. `classes` and `level` choose the rules; `limit` is the subject's own
    limit where the register sets one; exemption ends with `exempt_until`, inclusive. A site's
    `code` is its 网站标识码; `portal`: it is a portal, or stands on one; `nav_only`: its home page
    is nothing but navigation; without `services` the site, or the column's site, has no
    public-service function. `redirect_to` is the column whose list this menu entry shows;
    `expected` names the items that a catalogue must hold; `form` is the page on which a letter is
    written; `pages` are a site's search, policy_search and progress addresses. `platform_id` and
    `status` are an account's own number and its state in the filing ledger; `categories` are a
    mailbox's own limits by category of letters; `source` is how an account or a mailbox is known.
    """

    kind: SubjectKind
    id: str
    name: str
    unit: str
    site: str | None = None
    url: str | None = None
    column_class: str | None = None
    level: int = 1
    limit: str | None = None
    clock: str = "submitted"
    platform: str | None = None
    exempt_until: date | None = None
    exempt_reason: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    watched_since: date | None = None
    code: str | None = None
    portal: bool = False
    nav_only: bool = False
    services: bool = True
    redirect_to: str | None = None
    expected: tuple[str, ...] = ()
    form: str | None = None
    pages: tuple[tuple[str, str], ...] = ()
    platform_id: str | None = None
    status: str | None = None
    categories: tuple[tuple[str, str], ...] = ()
    source: str | None = None

    @property
    def key(self) -> str:
        return self.kind + ":" + self.id

    @property
    def brought(self) -> bool:
        """Is it known only by what persons bring?"""
        return self.source in ("csv", "manual", "export")
