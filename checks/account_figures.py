"""What a source itself counts of an account: followers, posts, comments and replies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from checks.facts import Observed
from checks.freshness import local_day
from checks.periods import Days


@dataclass(frozen=True, slots=True)
class Figures:
    """One reading, on day `on`; None: the source does not tell. `span` None: of all time."""

    on: date
    followers: int | None = None
    posts: int | None = None
    comments: int | None = None
    replies: int | None = None
    span: Days | None = None


@dataclass(frozen=True, slots=True)
class Replies:
    """So many of `comments` were answered. `spans` are the days they are of, none: all time;
    `within`: those days lie in the period asked about.
    """

    comments: int
    replies: int
    spans: tuple[Days, ...]
    within: bool


def figures_of(notes: Iterable[Observed]) -> tuple[Figures, ...]:
    """The readings that notes of family `accounts.FIGURES` hold, in their order."""
    return tuple(_figures(note) for note in notes if note.outcome.seen and note.facts)


def _figures(note: Observed) -> Figures:
    facts: Mapping[str, Any] = note.facts
    since, until = facts.get("since"), facts.get("until")
    return Figures(
        on=local_day(note.at),
        followers=facts.get("followers"),
        posts=facts.get("posts"),
        comments=facts.get("comments"),
        replies=facts.get("replies"),
        span=Days(date.fromisoformat(since), date.fromisoformat(until))
        if since and until
        else None,
    )


def replies_in(figures: Sequence[Figures], period: Days) -> Replies | None:
    """How many comments were answered? `figures` by time; a later one replaces those it overlaps.

    Of the readings whose days lie within the period; where there is none, of the latest.
    """
    told = [each for each in reversed(figures) if _whole(each)]
    taken: list[Figures] = []
    for each in told:
        span = each.span
        inside = span is not None and span.common(period) == span
        if inside and not any(_overlap(each, other) for other in taken):
            taken.append(each)
    chosen = taken or told[:1]
    if not chosen:
        return None
    spans = tuple(sorted(each.span for each in chosen if each.span is not None))
    return Replies(
        comments=sum(each.comments or 0 for each in chosen),
        replies=sum(each.replies or 0 for each in chosen),
        spans=spans,
        within=bool(taken),
    )


def _whole(figures: Figures) -> bool:
    return figures.comments is not None and figures.replies is not None


def _overlap(one: Figures, other: Figures) -> bool:
    return bool(one.span and other.span and one.span.common(other.span))
