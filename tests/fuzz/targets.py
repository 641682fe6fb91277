"""What is fuzzed: how an input of each target is made of its number, and what reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from crawler.readers.page import Page
from storage.evidence import Capture
from storage.fields import TABLES
from storage.inventory import read_toml
from tests.fuzz import bait, promises
from tests.fuzz.mutate import mutated
from tests.fuzz.seeds import REGISTER, seeds_of

TODAY = date(2026, 11, 22)
SEEN_AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
ADDRESS = "https://www.example.gov.cn/zwgk/index.html"
CONTENT_TYPES = ("", "", "text/html", "text/html; charset=gb2312", "application/json")
ADDRESSES = (ADDRESS, ADDRESS, ADDRESS, "", "https://mp.weixin.qq.com/s/a", "http://[::1]/")
_LETTERS = "0012269-/.:年月日号 一二〇十廿元[]（）２\u200bT+前天小时第至²٣"


@dataclass(frozen=True, slots=True)
class Target:
    """`share`: how many of a hundred inputs are its own."""

    name: str
    share: int
    make: Callable[[Random], Any]
    read: Callable[[Any], object]


def _words(rng: Random) -> str:
    """A text of bait, of what days are made of, or a seed of one cut from a page."""
    pieces = [
        rng.choice(rng.choice((bait.DATES, bait.DATES, bait.TEXT, bait.MARKUP)))
        if rng.random() < 0.4
        else "".join(rng.choices(_LETTERS, k=rng.randrange(12)))
        for _ in range(rng.choice((1, 1, 2, 3, 6, 12)))
    ]
    words = "".join(pieces)
    if rng.random() < 0.3 and words:
        at = rng.randrange(len(words))
        words = words[:at] + chr(rng.choice((rng.randrange(0x300), rng.randrange(0x11000))))
        words += "".join(pieces[1:])
    return words * (40 if rng.random() < 0.01 else 1)


def _page(target: str) -> Callable[[Random], Page]:
    def make(rng: Random) -> Page:
        body = mutated(rng, seeds_of(target), bait.ALL)
        kind, url = rng.choice(CONTENT_TYPES), rng.choice(ADDRESSES)
        return Page(url, body, TODAY, content_type=kind)

    return make


def _capture(rng: Random) -> Capture:
    body = mutated(rng, seeds_of("masks"), (*bait.PERSONS, *bait.PERSONS, *bait.ALL))
    headers = {"content-type": rng.choice(CONTENT_TYPES)}
    return Capture(rng.choice(ADDRESSES), SEEN_AT, 200, headers, body)


def _toml(rng: Random) -> str:
    pieces = (*bait.TOML, *bait.TOML, *bait.DATES, *bait.TEXT)
    return mutated(rng, seeds_of("inventory"), pieces).decode(errors="replace")


_ROWS = {table: [dict(row) for row in rows] for table, rows in read_toml(REGISTER, "seed").items()}
_INSTANTS = (datetime.max, datetime.min)  # noqa: DTZ901
_CELLS: tuple[Callable[[Random], Any], ...] = (
    lambda rng: rng.choice(bait.DATES),
    lambda rng: rng.choice(bait.TEXT),
    lambda rng: rng.choice(bait.TOML),
    lambda rng: rng.choice((True, False, None, "", "是", "否", 0, 1, -1, 10**30)),
    lambda rng: rng.choice((1.0, 0.5, 1e308, float("inf"), float("nan"), -0.0, 5e-324)),
    # As a workbook gives them: without a zone.
    lambda rng: rng.choice((date(2026, 1, 1), date.min, date.max, *_INSTANTS)),
    lambda rng: rng.choice(([], ["a"], [1], [[]], {}, {"id": 1}, "a;b；c", "=1+1", "a=1 days")),
    lambda rng: chr(rng.randrange(0x110000)) * rng.choice((1, 2, 70, 33_000)),
)


def _sheets(rng: Random) -> Mapping[str, Any]:
    data: dict[str, Any] = {table: [dict(row) for row in rows] for table, rows in _ROWS.items()}
    for _ in range(rng.choice((1, 1, 2, 4, 9))):
        table = rng.choice(TABLES)
        row = rng.choice(data[table.name])
        field = rng.choice(table.fields).name if rng.random() < 0.95 else rng.choice(bait.TEXT)
        row[field] = rng.choice(_CELLS)(rng)
    if rng.random() < 0.05:
        data[rng.choice(bait.TEXT)] = rng.choice(_CELLS)(rng)
    return data


TARGETS = (
    Target("dates", 41, _words, lambda words: promises.dates(words, TODAY)),
    Target("lists", 8, _page("lists"), promises.lists),
    Target("homes", 3, _page("homes"), promises.homes),
    Target("articles", 10, _page("articles"), promises.articles),
    Target("letters", 11, _page("letters"), promises.letters),
    Target("feeds", 11, _page("feeds"), promises.feeds),
    Target("masks", 3, _capture, promises.masks),
    Target("inventory", 7, _toml, promises.inventory),
    Target("register", 6, _sheets, promises.register),
)
BY_NAME = {target.name: target for target in TARGETS}


def made(target: str, seed: int, number: int) -> Any:
    """The input of this number: the same on every machine."""
    return BY_NAME[target].make(Random(f"{seed}:{target}:{number}"))
