"""All dates an item was weighed by, best first, and why the first one won."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from checks.facts import DateSource, Item
from crawler.dates import url_date

_LIST_SOURCES = frozenset({DateSource.LIST, DateSource.FEED, DateSource.API})
_TAKEN = {
    DateSource.LIST: "列表行所示日期",
    DateSource.FEED: "订阅源条目的发布时间",
    DateSource.API: "接口返回或后台导出的发布时间",
    DateSource.URL: "列表行所示月日，年份取自网址",
    DateSource.META: "文章页元数据的日期",
    DateSource.LABEL: "文章页标注的发布日期",
    DateSource.TEXT: "文章页所示日期",
}
_INCOMPLETE = "日期不完整或不止一个，不能认定"
_ADDRESS = "网址中的日期，只供核对"


@dataclass(frozen=True, slots=True)
class Weighed:
    """One date an item shows. `on` is None where its writing names no single full day, `source`
    where a person said it.
    """

    on: date | None
    text: str
    source: DateSource | None
    rule: str


def candidates_of(item: Item) -> tuple[Weighed, ...]:
    """Which dates does this item show: what was taken, other days of its row, its address?"""
    others = [Weighed(each.on, each.text, each.source, each.rule) for each in item.others]
    return (*_taken(item), *others, *_address(item))


def _taken(item: Item) -> tuple[Weighed, ...]:
    if item.published_on is None or item.date_source is None:
        text = item.date_text
        return (Weighed(None, text, DateSource.LIST, _INCOMPLETE),) if text else ()
    rule = _TAKEN[item.date_source]
    return (Weighed(item.published_on, item.date_text or "", item.date_source, rule),)


def _address(item: Item) -> tuple[Weighed, ...]:
    on = url_date(item.url) if item.url else None
    return (Weighed(on, item.url or "", DateSource.URL, _ADDRESS),) if on else ()


def why_taken(item: Item) -> str | None:
    """Why this day and no other, where the item shows days that differ? None where they agree."""
    taken = item.published_on
    rest = [each for each in candidates_of(item) if each.on is not None and each.on != taken]
    if not rest:
        return None
    told = "；".join(f"{each.on}（{each.rule}）" for each in rest[:3])
    if taken is None or item.date_source is None:
        return f"没有可以认定的发布日期；另见 {told}，不据以认定"
    return f"取 {taken}（{_TAKEN[item.date_source]}）；另见 {told}"


def conflicts(items: Sequence[Item]) -> int:
    """Of how many items does the address name another day than the list itself?"""
    return sum(
        item.published_on is not None
        and item.date_source in _LIST_SOURCES
        and any(each.on != item.published_on for each in _address(item))
        for item in items
    )
