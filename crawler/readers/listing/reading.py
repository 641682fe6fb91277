"""From items to a reading: the outcome, and in Chinese why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from checks.facts import Item, Outcome
from crawler.outcome import list_outcome
from crawler.readers.page import Follow, ListReading


def newest_of(items: Sequence[Item], today: date) -> Item | None:
    """Which item is the newest that counts? The first of equals.

    A day in the future counts for nothing, nor does a row that stands apart from the list.
    """
    dated = [
        item
        for item in items
        if item.published_on and item.published_on <= today and not item.apart
    ]
    return max(dated, key=lambda item: item.published_on or date.min, default=None)


def later_apart(items: Sequence[Item], today: date) -> int:
    """How many rows above the list bear a later day than the list itself?

    Pinned notices or the newest rows: the page does not tell, so nobody is called late.
    """
    newest = newest_of(items, today)
    day = newest.published_on if newest and newest.published_on else date.min
    return sum(
        item.apart and item.published_on is not None and day < item.published_on <= today
        for item in items
    )


def list_reading(
    items: Sequence[Item],
    today: date,
    reader: str,
    how: str,
    *,
    empty: str | None = None,
    total: int | None = None,
) -> ListReading:
    """What do these items amount to? `empty` is what the page says when it has none.

    Items whose day lies in the future stay, but do not make the list dated.
    """
    dated = sum(1 for item in items if item.published_on and item.published_on <= today)
    if total == 0 and not items:
        empty = empty or "列表总数为0"
    outcome = list_outcome(len(items), dated, 0, empty is not None and not items)
    why = f"{how}：{len(items)}条，{dated}条有日期"
    if not items:
        why = f"{how}：{empty}" if empty else f"{how}：没有读到信息"
    return ListReading(tuple(items), outcome, reader, why, total)


def ask_service(reader: str, follow: Follow, total: int | None) -> ListReading:
    """The page itself holds no rows, but names the service that does."""
    why = "栏目页没有内嵌列表，需再查列表服务"
    return ListReading((), Outcome.UNREADABLE, reader, why, total, follow)


def unreadable(reader: str, why: str) -> ListReading:
    return ListReading((), Outcome.UNREADABLE, reader, why)
