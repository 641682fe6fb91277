"""How often does an account post, with which pauses, and does it answer?

Measures, not verdicts: nobody is late by them. What was not seen is not guessed: where days of
the period are not covered the measure is partial and says so, and of none it says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from checks.account_figures import Figures, Replies, replies_in
from checks.coverage import Post, Posted, PostLook, covered
from checks.facts import Method
from checks.periods import Days
from checks.subjects import Subject

TENTH, WEEK = Decimal("0.1"), 7


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without a post between two days: `last` is the next post's, or the last day known."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days


@dataclass(frozen=True, slots=True)
class Measure:
    """One account in one period.

    `asked` are the days of it that are over and on which the account was open, None: none. Those
    `known` are covered. `seen` posts are those of `asked`; `posts` is the same number, None where
    no day is known. `per_week` speaks of the known days only. `undated` counts rows of unknown day
    that may belong to the period: then no gap is told. `ways` are those by which it is known.
    """

    asked: Days | None
    known: tuple[Days, ...] = ()
    last_post: date | None = None
    seen: int = 0
    posts: int | None = None
    per_week: Decimal | None = None
    gap: Gap | None = None
    undated: int = 0
    ways: tuple[Method, ...] = ()
    replies: Replies | None = None

    @property
    def complete(self) -> bool:
        """Is every post of the period believed known?"""
        return self.asked is not None and self.known == (self.asked,) and not self.undated

    @property
    def days_known(self) -> int:
        return sum(stretch.count for stretch in self.known)


def measure(
    account: Subject,
    posted: Posted,
    period: Days,
    as_of: date,
    figures: Sequence[Figures] = (),
) -> Measure:
    """What was posted in the period, as known on `as_of`? `posted` must hold what is since its
    first day, and the last post before it; `figures` are by time.
    """
    asked = _asked(account, period, as_of)
    if asked is None:
        return Measure(None)
    days = [day for day in _days(account, posted) if day <= asked.last]
    stretches = [each for each in covered(posted) if each.common(asked)]
    known = tuple(both for each in stretches if (both := each.common(asked)))
    last, replies = max(days, default=None), replies_in(figures, period)
    inside = [day for day in days if day in asked]
    if not known:
        return Measure(asked, last_post=last, seen=len(inside), replies=replies)
    undated = _undated(account, posted, asked)
    return Measure(
        asked=asked,
        known=known,
        last_post=last,
        seen=len(inside),
        posts=len(inside),
        per_week=_per_week(inside, known),
        gap=None if undated else _longest(days, stretches, asked),
        undated=undated,
        ways=_ways(posted, asked),
        replies=replies,
    )


def _asked(account: Subject, period: Days, as_of: date) -> Days | None:
    """The days of the period up to `as_of` on which the account was open, the closing day too."""
    first = max(period.first, account.opened_on or period.first)
    last = min(period.last, as_of, account.closed_on or period.last)
    return Days(first, last) if first <= last else None


def _days(account: Subject, posted: Posted) -> list[date]:
    """The day of each post, once: of one address the earliest, else one a title and day.

    An entry by hand names no post but a day: it counts where nothing else of that day is known.
    """
    named = _addresses(account, posted.posts)
    by_hand = {look.id for look in posted.looks if look.method is Method.MANUAL}
    known: dict[str, date] = {}
    plain: set[tuple[str, date]] = set()
    hand: set[date] = set()
    for post in posted.posts:
        if post.sure is None:
            continue
        if post.look in by_hand:
            hand.add(post.sure)
        elif post.url is not None and post.url in named:
            known[post.url] = min(known.get(post.url, post.sure), post.sure)
        else:
            plain.add((post.title, post.sure))
    plain -= {(post.title, post.sure) for post in posted.posts if post.sure and post.url in named}
    listed = [*known.values(), *(day for _, day in plain)]
    return [*listed, *(hand - set(listed))]


def _addresses(account: Subject, posts: Sequence[Post]) -> set[str]:
    """The addresses that name one post: not the account's own, nor one that several rows share."""
    shown = Counter((post.look, post.url) for post in posts)
    shared = {url for (_, url), count in shown.items() if count > 1}
    return {post.url for post in posts if post.url and post.url != account.url} - shared


def _undated(account: Subject, posted: Posted, asked: Days) -> int:
    """How many rows are there whose day is unknown and may lie in the days asked about?"""
    named = _addresses(account, posted.posts)
    dated = {post.url for post in posted.posts if post.sure is not None} & named
    unsure = [post for post in posted.posts if post.sure is None and post.url not in dated]
    return len(
        {
            post.url if post.url in named else post.title
            for post in unsure
            if post.first_seen >= asked.first and _not_yet(posted.looks, post) < asked.last
        }
    )


def _not_yet(looks: Sequence[PostLook], post: Post) -> date:
    """Up to which day did the looks before show that the post was not there?"""
    return max((look.on for look in looks if look.on < post.first_seen), default=date.min)


def _per_week(days: Sequence[date], known: Sequence[Days]) -> Decimal | None:
    """Posts a week; None of less than a week, which shows no pace."""
    posts = sum(any(day in stretch for stretch in known) for day in days)
    covered_days = sum(stretch.count for stretch in known)
    if covered_days < WEEK:
        return None
    return (Decimal(WEEK * posts) / covered_days).quantize(TENTH, ROUND_HALF_UP)


def _longest(days: Sequence[date], stretches: Sequence[Days], asked: Days) -> Gap | None:
    gaps = [gap for stretch in stretches for gap in _gaps(days, stretch, asked)]
    return max(gaps, key=lambda gap: gap.days, default=None)


def _gaps(days: Sequence[date], stretch: Days, asked: Days) -> Iterator[Gap]:
    """Between neighbours within one stretch: across its edges nobody knows what there was."""
    seen = sorted({day for day in days if day in stretch})
    if seen:
        ends = [*seen[1:], min(stretch.last, asked.last)]
        gaps = [Gap(first, last) for first, last in zip(seen, ends, strict=True)]
        yield from (gap for gap in gaps if gap.last in asked)


def _ways(posted: Posted, asked: Days) -> tuple[Method, ...]:
    methods = {look.id: look.method for look in posted.looks}
    found = {look.method for look in posted.looks if look.on in asked}
    found |= {methods[p.look] for p in posted.posts if p.sure in asked and p.look in methods}
    return tuple(method for method in Method if method in found)
