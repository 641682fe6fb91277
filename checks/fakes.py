"""Does an update only look fresh? Flags for a person to look at, never a deduction.

(国办秘函〔2019〕19号 W1 弄虚作假: 伪造发稿日期; practice: 突击更新, 旧稿重发)

A row may be new to us without being new on the page: the first look at a column, a look that
reads further down than the one before, or a row that moves up when another is taken away.
So a row is held to have been added behind our back only when the last good look before it
showed every row down to a day before the row's own.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from checks.freshness import local_day


class FlagKind(StrEnum):
    BACK_DATED = "back_dated"
    BURST = "burst"
    REPOST = "repost"


FLAG_WORDS = {
    FlagKind.BACK_DATED: "标注日期早于实际出现时间",
    FlagKind.BURST: "集中补录",
    FlagKind.REPOST: "旧稿重发",
}


@dataclass(frozen=True, slots=True)
class Look:
    """The last good look at a column before one in which a row was first seen. `at` is aware.

    `down_to` is the day down to which that look showed every row: the oldest day of its list,
    rows that stand apart left out; `date.min` when the list was empty or read to its end; None
    when this is not known, and then nothing can be said of what that look did not show.
    """

    at: datetime
    down_to: date | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """One row of a column as it was first seen. `first_seen_at` is aware.

    `published_on` is the day the page prints; None when it prints none beyond doubt. `before`
    is the last good look that did not show the row; None when this was the first look at its
    column, and then nothing is ever flagged. `body_hash` is as `content_hash` gives it.
    """

    column: str
    title: str
    url: str | None
    published_on: date | None
    first_seen_at: datetime
    before: Look | None
    body_hash: str | None = None


@dataclass(frozen=True, slots=True)
class FakeRule:
    """The numbers of the flags, as a rule pack sets them.

    A row is back-dated when its printed day lies more than `tolerance_days` before the day of
    the look that did not show it. A burst is `burst_items` such rows or more, first seen on one
    day, whose printed days lie more than `burst_spread_days` apart. A repost carries a day more
    than `repost_days` later than the same text did.
    """

    tolerance_days: int
    burst_items: int
    burst_spread_days: int
    repost_days: int

    def __post_init__(self) -> None:
        if min(self.tolerance_days, self.burst_spread_days, self.repost_days) < 0:
            raise ValueError("tolerance, spread and repost days: expected 0 or more")
        if self.burst_items < 2:
            raise ValueError(f"burst_items: {self.burst_items}; expected at least 2")


@dataclass(frozen=True, slots=True)
class Flag:
    """Something for a person to look at; `rows` are in the order of their printed days.

    For a repost they are the earlier row and the later one.
    """

    kind: FlagKind
    rows: tuple[Sighting, ...]
    reason: str


def content_hash(title: str, body: str, min_chars: int) -> str | None:
    """Which text is this, whatever its spacing, width and punctuation?

    SHA-256 in hex over title and body, so that a formula under another title is another text;
    None when the body has fewer than `min_chars` letters and digits, for then it is a picture,
    an attachment or a mere phrase.
    """
    plain = _letters(body)
    if len(plain) < min_chars:
        return None
    return hashlib.sha256(f"{_letters(title)}\n{plain}".encode()).hexdigest()


def chars_in(body: str) -> int:
    """How many letters and digits has this body?"""
    return len(_letters(body))


def flags(rows: Iterable[Sighting], rule: FakeRule) -> tuple[Flag, ...]:
    """What in these rows, of any number of columns, should a person look at?"""
    held = tuple(rows)
    return back_dated(held, rule) + bursts(held, rule) + reposts(held, rule)


def back_dated(rows: Iterable[Sighting], rule: FakeRule) -> tuple[Flag, ...]:
    """Which rows print a day on which the column, looked at later, did not show them?"""
    found = sorted((row for row in rows if was_hidden(row, rule.tolerance_days)), key=_order)
    return tuple(Flag(FlagKind.BACK_DATED, (row,), _back_dated_words(row)) for row in found)


def bursts(rows: Iterable[Sighting], rule: FakeRule) -> tuple[Flag, ...]:
    """On which days were old rows of many different days added to a column at once?"""
    groups: dict[tuple[str, date], list[Sighting]] = defaultdict(list)
    for row in rows:
        if was_hidden(row, rule.tolerance_days):
            groups[row.column, local_day(row.first_seen_at)].append(row)
    found: list[Flag] = []
    for (_, seen_on), group in sorted(groups.items()):
        days = [row.published_on for row in group if row.published_on is not None]
        oldest, newest = min(days), max(days)
        spread = (newest - oldest).days
        if len(group) >= rule.burst_items and spread > rule.burst_spread_days:
            why = f"{seen_on}首次出现{len(group)}条旧日期信息，标注日期自{oldest}至{newest}"
            why += f"，相距{spread}天，请人工核实是否集中补录"
            found.append(Flag(FlagKind.BURST, tuple(sorted(group, key=_order)), why))
    return tuple(found)


def reposts(rows: Iterable[Sighting], rule: FakeRule) -> tuple[Flag, ...]:
    """Which rows carry, under a later day, a text that had been seen before?

    The earlier row is the oldest one seen before the later row's own first look.
    """
    texts: dict[str, list[Sighting]] = defaultdict(list)
    for row in rows:
        if row.body_hash is not None and row.published_on is not None:
            texts[row.body_hash].append(row)
    found: list[Flag] = []
    for same in texts.values():
        ordered = sorted(same, key=_order)
        for later in ordered:
            earlier = next((row for row in ordered if _repeats(later, row, rule)), None)
            if earlier is not None:
                why = f"内容与{earlier.published_on}的信息相同，现标注日期为{later.published_on}"
                rows_pair = (earlier, later)
                found.append(Flag(FlagKind.REPOST, rows_pair, f"{why}，请人工核实是否旧稿重发"))
    return tuple(sorted(found, key=lambda flag: _order(flag.rows[1])))


def was_hidden(row: Sighting, tolerance_days: int) -> bool:
    """Should the look before have shown this row, and did not?"""
    look, printed = row.before, row.published_on
    if look is None or look.down_to is None or printed is None:
        return False
    late = (local_day(look.at) - printed).days > tolerance_days
    # The oldest day of a list may be shown in part, so a row of that very day proves nothing.
    return late and printed > look.down_to and look.at < row.first_seen_at


def _repeats(later: Sighting, earlier: Sighting, rule: FakeRule) -> bool:
    if later.published_on is None or earlier.published_on is None or later.before is None:
        return False
    newer = (later.published_on - earlier.published_on).days > rule.repost_days
    return newer and earlier.first_seen_at < later.first_seen_at


def _back_dated_words(row: Sighting) -> str:
    looked = local_day(row.before.at) if row.before else None
    why = f"标注日期为{row.published_on}，{looked}查看时列表中尚无此条"
    return f"{why}，{local_day(row.first_seen_at)}首次出现，请人工核实发布日期"


def _order(row: Sighting) -> tuple[date, datetime, str, str, str]:
    printed = row.published_on or date.min
    return printed, row.first_seen_at, row.column, row.url or "", row.title


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in plain if char.isalnum())
