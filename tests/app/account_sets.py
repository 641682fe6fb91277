"""Sets of accounts drawn at random, each with what must be said of it. All synthetic.

What is expected follows from the days alone: limit 14 days, warning 3 days, words hold 7 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from checks.verdicts import Verdict
from tests.app.account_answers import HEALTHY, Look, ago
from tests.app.account_failures import FAILING, SLOW

LIMIT, WARNING, WORD_HOLDS = 14, 3, 7
AGES = (*range(41), 10, 11, 13, 14, 15, 15, 16, 20)
BY_HAND, EXPORTED = "manual", "csv"
# Of one account in so many sets nothing is ever heard; each costs thrice a timeout.
SLOW_EVERY = 150


@dataclass(frozen=True, slots=True)
class Word:
    """What a person brought: the newest post was `age` days old today, as seen `seen` days ago."""

    way: str
    age: int
    seen: int

    @property
    def holds(self) -> bool:
        return self.seen <= WORD_HOLDS


@dataclass(frozen=True, slots=True)
class Drawn:
    """One account: `kind` of source or failure, the `age` of its last post in days.

    `look` is what the crawl meets, `word` what a person brought, `yesterday` the age of the newest
    post that a good look yesterday showed; None: there is none.
    """

    id: str
    kind: str
    healthy: bool
    age: int
    look: Look | None
    word: Word | None
    yesterday: int | None

    @property
    def source(self) -> str:
        """The register's word."""
        return self.look.source if self.look else self.word.way if self.word else EXPORTED

    @property
    def newest(self) -> date:
        """The day that a healthy account gets: what its source or a person showed."""
        return ago(self.age)

    @property
    def verdict(self) -> Verdict:
        """By the way that shows the latest post, of two the one that leaves no doubt; by none of
        them, nothing is known."""
        ways = []
        if self.look is not None and self.look.seen:
            ways.append((self.age, self.look.shown, self.look.accuses))
        if self.word is not None and self.word.holds:
            ways.append((self.word.age, self.word.seen, True))
        if not ways:
            return Verdict.UNKNOWN
        age, shown, accuses = min(ways, key=lambda way: (way[0], not way[2], way[1]))
        if self.yesterday is not None and not (self.look and self.look.seen):
            age = min(age, self.yesterday)
        return by_days(age, shown, accuses=accuses)


def by_days(age: int, shown: int, *, accuses: bool) -> Verdict:
    """Only what shows a day after the last good one may accuse."""
    left = LIMIT - age
    if left >= 0:
        return Verdict.DUE_SOON if left <= WARNING else Verdict.OK
    return Verdict.OVERDUE if accuses and age - shown > LIMIT else Verdict.UNKNOWN


def draw(seed: int) -> list[Drawn]:
    """The accounts of one set; the same seed gives the same set, but for the day."""
    rng = Random(seed)
    drawn = [_account(rng, f"s{seed}.{n}") for n in range(rng.randint(3, 9))]
    if seed % SLOW_EVERY == 0:
        drawn.insert(0, Drawn(f"s{seed}.slow", "slow", False, 0, SLOW(rng, 0), None, None))
    return drawn


def _account(rng: Random, id_: str) -> Drawn:
    healthy, age = rng.random() < 0.5, rng.choice(AGES)
    if rng.random() < 0.15:
        return _brought(rng, id_, age, healthy=healthy)
    word = _word(rng, age, rng.randint(0, 10)) if rng.random() < 0.25 else None
    yesterday = rng.choice((1, 5, 10, 11, 14, 15, 20, 40)) if rng.random() < 0.4 else None
    if healthy:
        maker = rng.choice(HEALTHY)
        return Drawn(id_, maker.__name__, True, age, maker(rng, age), word, yesterday)
    kind = rng.choice(sorted(FAILING))
    return Drawn(id_, kind, False, age, FAILING[kind](rng, age), word, yesterday)


def _brought(rng: Random, id_: str, age: int, *, healthy: bool) -> Drawn:
    """An account of which only persons tell: in time, too long ago, or never."""
    if healthy:
        word = _word(rng, age, rng.randint(0, min(age, WORD_HOLDS)))
        return Drawn(id_, f"{word.way} in force", True, word.age, None, word, None)
    if rng.random() < 0.3:
        return Drawn(id_, "never brought", False, age, None, None, None)
    word = _word(rng, age, rng.choice((8, 8, 9, 30)))
    return Drawn(id_, f"{word.way} too old", False, age, None, word, None)


def _word(rng: Random, age: int, seen: int) -> Word:
    """A person saw the last post, or, before it was published, one before it."""
    posted = max(age, seen) + rng.choice((0, 0, 0, 1, 6))
    return Word(rng.choice((BY_HAND, *[EXPORTED] * 4)), posted, seen)
