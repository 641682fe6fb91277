"""What is noted of lists and articles for flags, and the shape in which the ledger keeps it.

Neither a full text nor a number that could be somebody's is noted: marks come masked, with a few
masked characters around them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from checks.facts import Item, Observed, Outcome
from checks.marks import Mark, MarkKind, TermFinder, find_marks, masked_text

LIST, TEXT, BODY = "list", "text", "body"
NOTED = (LIST, TEXT)
FROM_LISTS = frozenset({"back_dated", "burst"})
REPOST = "repost"
FROM_TEXTS = frozenset({REPOST, *map(str, MarkKind)})
AROUND = 20
MOST_MARKS = 20
MOST_PINNED = 3
EVERYTHING = date.min


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A title or an article with marks in it. `since` is the day on which they were first seen."""

    title: str
    url: str | None
    since: date
    marks: tuple[Mapping[str, Any], ...]

    def of_kind(self, kind: str) -> tuple[Mapping[str, Any], ...]:
        return tuple(mark for mark in self.marks if mark["kind"] == kind)

    @property
    def name(self) -> str:
        """What tells it from others in its column."""
        return self.url or self.title


@dataclass(frozen=True, slots=True)
class ListLook:
    """One look at a list. `down_to` is that of `checks.fakes.Look`; `rows` counts all rows.

    `ordered`: its days run from new to old, a few pinned rows at its head aside. `kinds` are the
    kinds of marks that its titles were looked through for.
    """

    rows: int
    down_to: date | None
    ordered: bool
    reader: str | None
    kinds: tuple[str, ...] = ()
    marked: tuple[MarkedText, ...] = ()

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> ListLook:
        return cls(
            facts["rows"],
            _day(facts["down_to"]),
            facts["ordered"],
            facts["reader"],
            tuple(facts["kinds"]),
            tuple(_marked(each) for each in facts["marked"]),
        )

    def facts(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "down_to": _text(self.down_to),
            "ordered": self.ordered,
            "reader": self.reader,
            "kinds": list(self.kinds),
            "marked": [_marked_facts(each) for each in self.marked],
        }


@dataclass(frozen=True, slots=True)
class TextLook:
    """One look at an article: the hash of its text (None: not known) and its length in letters."""

    text: MarkedText
    published_on: date | None
    body_hash: str | None
    chars: int
    kinds: tuple[str, ...] = ()

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> TextLook:
        return cls(
            _marked(facts),
            _day(facts["published_on"]),
            facts["body_hash"],
            facts["chars"],
            tuple(facts["kinds"]),
        )

    def facts(self) -> dict[str, Any]:
        return {
            **_marked_facts(self.text),
            "published_on": _text(self.published_on),
            "body_hash": self.body_hash,
            "chars": self.chars,
            "kinds": list(self.kinds),
        }


def body_subject(body_hash: str) -> str:
    """Under which subject are the places kept in which this text stood?"""
    return f"text:{body_hash}"


def body_facts(column: str, look: TextLook) -> dict[str, Any]:
    """One place of a text: the column, and the row as it printed it."""
    return {
        "column": column,
        "title": look.text.title,
        "url": look.text.url,
        "published_on": _text(look.published_on),
        "chars": look.chars,
    }


def list_looks(observed: Iterable[Observed]) -> tuple[ListLook, ...]:
    return tuple(
        ListLook.of(each.facts) for each in observed if each.family == LIST and each.outcome.seen
    )


def text_looks(observed: Iterable[Observed]) -> tuple[TextLook, ...]:
    return tuple(
        TextLook.of(each.facts)
        for each in observed
        if each.family == TEXT and each.outcome is Outcome.OK
    )


def shown_down_to(items: Sequence[Item], *, whole: bool) -> tuple[date | None, bool]:
    """Down to which day does this list show every row; and does it run from new to old?

    `whole`: there is nothing below it. A list in no order of days shows every row down to none.
    """
    days = [item.published_on for item in items if item.published_on and not item.apart]
    pinned = min(MOST_PINNED, len(days) // 3)
    ordered = bool(days) and any(_falls(days[skipped:]) for skipped in range(pinned + 1))
    if whole:
        return EVERYTHING, ordered
    return (days[-1] if ordered else None), ordered


def quoted_marks(text: str, finder: TermFinder) -> list[dict[str, Any]]:
    """Which marks does a text hold, as they may be kept: masked, with what stands around them?

    Of each kind the first ones.
    """
    each: Counter[str] = Counter()
    marks = []
    for mark in find_marks(text, finder):
        each[mark.kind] += 1
        if each[mark.kind] <= MOST_MARKS:
            marks.append(mark)
    shown = masked_text(text) if marks else ""
    return [_quoted(mark, shown) for mark in marks]


def kinds_of(finder: TermFinder) -> tuple[str, ...]:
    """Which kinds of marks can be found with these terms?"""
    return tuple(sorted({MarkKind.IDENTITY, MarkKind.MOBILE, *finder.kinds}))


def _quoted(mark: Mark, shown: str) -> dict[str, Any]:
    around = shown[max(0, mark.start - AROUND) : mark.end + AROUND]
    return {
        "kind": str(mark.kind),
        "shown": mark.shown,
        "advice": mark.advice,
        "around": " ".join(around.split()),
    }


def _falls(days: Sequence[date]) -> bool:
    return all(newer >= older for newer, older in pairwise(days))


def _marked(facts: Mapping[str, Any]) -> MarkedText:
    since = date.fromisoformat(facts["since"])
    return MarkedText(facts["title"], facts["url"], since, tuple(facts["marks"]))


def _marked_facts(text: MarkedText) -> dict[str, Any]:
    return {
        "title": text.title,
        "url": text.url,
        "since": text.since.isoformat(),
        "marks": [dict(mark) for mark in text.marks],
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
