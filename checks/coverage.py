"""On which days is everything known that an account posted?

A look shows the newest posts only, so what it shows must join what was seen before. Where it does
not, posts may have come and gone unseen, and the days between are not covered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from checks.facts import Method
from checks.periods import DAY, Days, joined

# So many rows above a list may be pinned posts, which join nothing.
PINNED = 3


@dataclass(frozen=True, slots=True)
class Post:
    """One row as the ledger keeps it: `look` is the one that showed it first, on `first_seen`."""

    title: str
    url: str | None
    on: date | None
    first_seen: date
    look: int

    @property
    def sure(self) -> date | None:
        """The day on which it was posted; None where a wrong day, or none, is told."""
        return self.on if self.on is not None and self.on <= self.first_seen else None


@dataclass(frozen=True, slots=True)
class PostLook:
    """One look that showed an account's posts, or that it has none.

    `on` is the last day it shows, `shown` how many rows it has, `newest` its latest post.
    `partial`: there may be later posts that it does not show, so it covers no day.
    """

    id: int
    on: date
    shown: int
    newest: date | None = None
    method: Method = Method.CRAWL
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """What is known of one account: looks by time, rows as they stood on the page.

    `looks` go back to the first one ever, or to one before the earliest day asked about.
    """

    posts: Sequence[Post] = ()
    looks: Sequence[PostLook] = ()


@dataclass(slots=True)
class _Chain:
    """The stretch to which looks are being joined, and those that are done.

    `shown` is how many rows the last look had; `loose` were brought since by looks that are
    partial, so that they join nothing.
    """

    done: list[Days] = field(default_factory=list)
    current: Days | None = None
    shown: int = 0
    loose: int = 0

    def turn_to(self, stretch: Days) -> None:
        if self.current is not None:
            self.done.append(self.current)
        self.current = stretch


def covered(posted: Posted) -> tuple[Days, ...]:
    """The stretches of days of which every post is believed known, earliest first.

    A first look covers the days back to the last row of its page. An export covers the days from
    its oldest post; an entry by hand, which names the last post, those since then.
    """
    fresh: Mapping[int, list[Post]] = _by_look(posted.posts)
    chain = _Chain()
    for look in posted.looks:
        new = fresh.get(look.id, [])
        if look.partial:
            chain.loose += len(new)
        elif look.method is Method.MANUAL:
            chain.done.append(Days(min(look.newest or look.on, look.on), look.on))
        elif look.method is Method.EXPORT:
            _add_export(chain, look, new)
        else:
            _add_look(chain, look, new)
    return joined([*chain.done, *([chain.current] if chain.current else [])])


def _by_look(posts: Sequence[Post]) -> Mapping[int, list[Post]]:
    found: dict[int, list[Post]] = defaultdict(list)
    for post in posts:
        found[post.look].append(post)
    return found


def _add_export(chain: _Chain, look: PostLook, new: Sequence[Post]) -> None:
    stretch = Days(min([*_days(look, new), look.on]), look.on)
    # What a later look has in common with known rows may be what the export brought.
    if chain.current is None or stretch.last > chain.current.last:
        chain.turn_to(stretch)
    else:
        chain.done.append(stretch)


def _add_look(chain: _Chain, look: PostLook, new: Sequence[Post]) -> None:
    # Not the oldest row but the last: an older one above it is pinned and shows nothing between.
    reach = next(reversed(_days(look, new)), None)
    fresh = len(new) + chain.loose
    if chain.current is None or not _joins(chain.current, chain.shown, look, fresh, reach):
        chain.turn_to(Days(reach or look.on, look.on))
    else:
        chain.current = replace(chain.current, last=max(chain.current.last, look.on))
    chain.shown, chain.loose = look.shown, 0


def _days(look: PostLook, new: Sequence[Post]) -> list[date]:
    return [post.sure for post in new if post.sure is not None and post.sure <= look.on]


def _joins(current: Days, before: int, look: PostLook, fresh: int, reach: date | None) -> bool:
    """Can nothing have been posted between the two that this look does not show?

    `before` is how many rows the look before it had.
    """
    known = look.shown - fresh
    reaches = reach is not None and reach <= current.last + DAY
    return fresh == 0 or reaches or known > PINNED or known >= before
