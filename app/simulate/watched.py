"""The made register: who publishes how often, and the rows that the register has of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.simulate.rows import Rows
from app.simulate.size import Size
from checks.subjects import SubjectKind
from storage.tables import Account, Mailbox, Site, Unit, WatchedColumn

CLASSES = ("news", "news", "notice", "policy_doc", "interpretation", "plan", "overview", "other")
PLATFORMS = ("wechat", "weibo", "douyin", "kuaishou", "toutiao")
FAILS = 50  # each subject is looked at in vain once in so many days
EMPTY = 60  # the last of so many columns never shows a row


@dataclass(frozen=True, slots=True)
class Watched:
    """One subject as it behaves. `pace` 0: it publishes nothing, and nothing is read of it."""

    kind: SubjectKind
    n: int
    site: int
    pace: int = 0
    phase: int = 0
    empty: bool = False

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.kind[0]}{self.n}"

    @property
    def url(self) -> str:
        return f"{home_of(self.site)}{self.kind[0]}{self.n}/"

    def publishes(self, day: int) -> bool:
        """Does something appear on this day (an ordinal)?"""
        return self.pace > 0 and not self.empty and (day + self.phase) % self.pace == 0

    def newest(self, day: int) -> date:
        """The last day, up to this one, on which something appeared."""
        return date.fromordinal(day - (day + self.phase) % self.pace)

    def fails(self, day: int) -> bool:
        return (day + 7 * self.phase + 13 * self.n) % FAILS == 0


def home_of(n: int) -> str:
    return f"https://s{n}.simulated.example/"


def watched_of(size: Size) -> tuple[Watched, ...]:
    """Everything that is looked at each day, in the order of the looks."""
    chance = random.Random(size.seed)  # noqa: S311 - made data, no secret

    def one(kind: SubjectKind, n: int, site: int, *, empty: bool = False) -> Watched:
        pace = size.paces[n // size.sites % len(size.paces)]
        return Watched(kind, n, site, pace, chance.randrange(1_000_000), empty)

    sites = range(size.sites)
    columns = (
        one(SubjectKind.COLUMN, n, n % size.sites, empty=n % EMPTY == EMPTY - 1)
        for n in range(size.columns)
    )
    return (
        *(Watched(SubjectKind.SITE, n, n) for n in sites),
        *columns,
        *(Watched(SubjectKind.MAILBOX, n, n) for n in sites),
        *(one(SubjectKind.ACCOUNT, n, n % size.sites) for n in range(size.accounts)),
    )


def register_rows(size: Size, since: datetime) -> Iterator[Rows]:
    """The rows of the register, in force since an instant."""
    held = (since, None)
    of, sites = Rows.of, range(size.sites)
    yield of(
        Unit,
        "id name since until kind emails",
        (_unit(n, held) for n in range(size.units)),
    )
    yield of(
        Site,
        "id name since until home unit portal home_nav_only services",
        (_site(size, n, held) for n in sites),
    )
    yield of(
        WatchedColumn,
        "id name since until site url class unit level bucket reader render expected",
        (_column(size, n, held) for n in range(size.columns)),
    )
    yield of(
        Mailbox,
        "id name since until site url unit clock reader source categories",
        (_mailbox(size, n, held) for n in sites),
    )
    yield of(
        Account,
        "id name since until platform unit source url",
        (_account(size, n, held) for n in range(size.accounts)),
    )


Held = tuple[datetime, None]


def unit_of(size: Size, n: int) -> str:
    return f"u{n % size.units}"


def _unit(n: int, held: Held) -> tuple[Any, ...]:
    return f"u{n}", f"模拟单位{n}", *held, "department", []


def _site(size: Size, n: int, held: Held) -> tuple[Any, ...]:
    return f"s{n}", f"模拟网站{n}", *held, home_of(n), unit_of(size, n), n == 0, False, True


def _column(size: Size, n: int, held: Held) -> tuple[Any, ...]:
    site, word = n % size.sites, CLASSES[n // size.sites % len(CLASSES)]
    own = (f"c{n}", f"模拟栏目{n}", *held, f"s{site}", f"{home_of(site)}c{n}/", word)
    return *own, unit_of(size, n), 1, "none", "auto", False, []


def _mailbox(size: Size, n: int, held: Held) -> tuple[Any, ...]:
    own = (f"m{n}", f"模拟信箱{n}", *held, f"s{n}", f"{home_of(n)}m{n}/", unit_of(size, n))
    return *own, "submitted", "auto", "page", []


def _account(size: Size, n: int, held: Held) -> tuple[Any, ...]:
    platform, url = PLATFORMS[n % len(PLATFORMS)], f"{home_of(n % size.sites)}a{n}/"
    return f"a{n}", f"模拟账号{n}", *held, platform, unit_of(size, n), "feed", url
