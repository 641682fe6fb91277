"""The official interface of a 公众号: its token, its published messages, its materials.

(developers.weixin.qq.com: freepublish/batchget, material/batchget_material, stable_token) That a
list is empty, or that nothing in it has a day, is never held against anybody by this reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from checks.facts import DateSource, Item, Outcome
from crawler.dates import instant_day
from crawler.decode import decode
from crawler.outcome import page_outcome
from crawler.readers.page import ListReading, Page
from crawler.readers.wechat_refusals import Refusal, refusal

NAME = "wechat_api"
RECENT = timedelta(60)
FRESH = timedelta(7)
LONGEST_SECONDS = 7200
_LONGEST_TITLE = 200
_NO_TITLE = "（接口未给出标题）"


@dataclass(frozen=True, slots=True)
class Token:
    """What the list services ask for, good for so many seconds, two hours at most."""

    value: str = field(repr=False)
    seconds: int


def read_token(page: Page) -> Token | Refusal:
    """Which token does this answer grant?"""
    data = _data(page)
    if isinstance(data, Refusal):
        return data
    value, seconds = data.get("access_token"), _number(data.get("expires_in"))
    if not isinstance(value, str) or not value or seconds is None:
        return Refusal(Outcome.UNREADABLE, "凭证接口的答复无法识别")
    return Token(value, max(0, min(seconds, LONGEST_SECONDS)))


def read_answer(page: Page) -> ListReading | Refusal:
    """Which articles does this answer list, deleted ones left out?

    A message is dated by its `update_time`. Only what has an `article_id` was published: a
    material's time is when it was edited, so it stands apart. `total` counts messages.
    """
    data = _data(page)
    if isinstance(data, Refusal):
        return data
    entries, total = data.get("item"), _number(data.get("total_count"))
    if total is None or not isinstance(entries, list):
        return Refusal(Outcome.UNREADABLE, "公众号接口的答复无法识别")
    if not all(isinstance(entry, dict) for entry in entries):
        return Refusal(Outcome.UNREADABLE, "公众号接口的答复中有无法识别的条目")
    items = tuple(item for entry in entries for item in _items(entry))
    dated = sum(item.published_on is not None for item in items)
    outcome = Outcome.OK if dated else Outcome.UNREADABLE
    why = f"公众号接口：共{total}条消息，读到{len(items)}篇，{dated}篇有日期"
    return ListReading(items, outcome, NAME, why, total)


def days_of(items: Sequence[Item], today: date) -> list[date]:
    """On which days were these published, in their order? Without what cannot be, or stands apart.

    A day after the visit counts for nothing.
    """
    return [
        item.published_on
        for item in items
        if item.published_on and item.published_on <= today and not item.apart
    ]


def is_fresh(days: Sequence[date], today: date) -> bool:
    """Was anything published within the last week, its seventh day included?"""
    return bool(days) and today - max(days) <= FRESH


def runs_down(days: Sequence[date]) -> bool:
    """Is it shown that the list runs from new to old? The interface does not promise it."""
    return bool(days) and days[0] > days[-1] and all(a >= b for a, b in pairwise(days))


def is_enough(days: Sequence[date], today: date) -> bool:
    """May the rest of the list stay unread: nothing newer, nothing of the last 60 days in it?

    Of an account that may be late as much is read as politeness allows.
    """
    return runs_down(days) and is_fresh(days, today) and days[-1] < today - RECENT


def _data(page: Page) -> Mapping[str, object] | Refusal:
    met = page_outcome(page)
    if met is not None:
        return Refusal(*met)
    try:
        data = json.loads(decode(page.body, page.content_type).lstrip("\ufeff"))
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        return Refusal(Outcome.UNREADABLE, "公众号接口返回的不是所需的数据")
    code = data.get("errcode", 0)
    if code in (0, "0"):
        return data
    number = _number(code)
    if number is None:
        return Refusal(Outcome.UNREADABLE, "公众号接口的错误码无法识别")
    return refusal(number, str(data.get("errmsg") or ""))


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _items(entry: Mapping[str, object]) -> Iterator[Item]:
    """A message's articles. Where it does not list them, it is one whose title is not known."""
    content = entry.get("content")
    listed = content.get("news_item") if isinstance(content, dict) else None
    moment = _number(entry.get("update_time"))
    for article in listed if isinstance(listed, list) and listed else [{}]:
        if not isinstance(article, dict):
            article = {}
        if article.get("is_deleted"):
            continue
        on = instant_day(moment) if moment is not None else None
        yield Item(
            title=" ".join(str(article.get("title") or "").split())[:_LONGEST_TITLE] or _NO_TITLE,
            url=_address(article.get("url")),
            published_on=on,
            date_text=None if moment is None else str(moment),
            date_source=DateSource.API if on else None,
            apart=not entry.get("article_id"),
        )


def _address(value: object) -> str | None:
    return value if isinstance(value, str) and value.startswith(("http://", "https://")) else None
