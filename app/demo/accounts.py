"""The planted new-media accounts: what their feeds say, and what must be said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app.demo.expected import Expected
from app.demo.titles import titles
from checks.facts import Outcome, Verdict

SHANGHAI = ZoneInfo("Asia/Shanghai")
Format = Literal["rss", "rss_naive", "atom", "json", "weibo"]
EVENING, NIGHT = time(18, 30), time(1, 40)


@dataclass(frozen=True, slots=True)
class Post:
    """One post. `at` is aware, in Asia/Shanghai."""

    serial: int
    title: str
    at: datetime
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """One planted account. `path` includes the query; `channel_at` is when the feed claims
    to have been built, which says nothing of the last post.
    """

    id: str
    host: str
    platform: str
    name: str
    unit: str
    unit_name: str
    source: str
    path: str
    format: Format
    blocked: bool
    posts: tuple[Post, ...]
    channel_at: datetime
    fault: str
    expected: Expected


@dataclass(frozen=True, slots=True)
class AccountFault:
    """`newest_days` ago was the last post, at `clock` in Beijing."""

    verdict: Verdict
    newest_days: int
    why: str
    clock: time = EVENING
    outcome: Outcome = Outcome.OK
    pinned_days: int | None = None

    def plant(self, row: Mapping[str, Any], unit_name: str, today: date) -> Account:
        """Plant one account of the register on `today`."""
        newest = today - timedelta(self.newest_days) if self.outcome.seen else None
        return Account(
            id=row["id"],
            host="media",
            platform=row["platform"],
            name=row["name"],
            unit=row["unit"],
            unit_name=unit_name,
            source=row["source"],
            path=row["path"],
            format=row["format"],
            blocked=not self.outcome.seen,
            posts=self._posts(row["id"], today),
            channel_at=datetime.combine(today, time(0, 5), SHANGHAI),
            fault=row["fault"],
            expected=Expected(self.verdict, newest, self.outcome, self.why),
        )

    def _posts(self, seed: str, today: date) -> tuple[Post, ...]:
        ages = [self.newest_days + 3 * i for i in range(10)]
        pinned = [] if self.pinned_days is None else [self.pinned_days]
        words = titles(seed, "news", len(ages) + len(pinned))
        return tuple(
            Post(i + 1, words[i], _at(today, age, self.clock), i < len(pinned))
            for i, age in enumerate(pinned + ages)
        )


def _at(today: date, days_ago: int, clock: time) -> datetime:
    return datetime.combine(today - timedelta(days_ago), clock, SHANGHAI)


ACCOUNT_FAULTS: dict[str, AccountFault] = {
    "posted_lately": AccountFault(Verdict.OK, 2, "两天前有更新"),
    "channel_refreshed": AccountFault(
        Verdict.OVERDUE, 20, "订阅源每天刷新，最后一篇距今20天，超期6天"
    ),
    "pinned_post": AccountFault(
        Verdict.DUE_SOON, 12, "首条为半年前的置顶，最近更新距今12天", pinned_days=180
    ),
    "utc_trap": AccountFault(
        Verdict.DUE_SOON, 14, "按世界时为15天前，按北京时间为14天前，当天为最后期限", NIGHT
    ),
    "naive_dates": AccountFault(Verdict.OK, 3, "时间未注明时区，按北京时间为三天前"),
    "late_by_one": AccountFault(Verdict.OVERDUE, 15, "最近更新距今15天，超期1天"),
    "feed_blocked": AccountFault(
        Verdict.UNKNOWN, 1, "订阅源被防火墙拦截，不作判定", outcome=Outcome.BLOCKED
    ),
}
