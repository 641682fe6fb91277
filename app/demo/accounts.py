"""The planted new-media accounts: what their feeds say, and what must be said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app.demo.expected import Expected
from app.demo.titles import titles
from checks.facts import Outcome
from checks.verdicts import Verdict

SHANGHAI = ZoneInfo("Asia/Shanghai")
Format = Literal["rss", "rss_naive", "atom", "json", "weibo", "article", "list", "none"]
Word = Literal["entry", "export"]
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
    """One planted account. `path` includes the query, empty: it has no page. `channel_at` is when
    the feed claims to have been built, which says nothing of the last post. `obstacle` is what
    its address answers instead, or the error code of the interface. `word` is what the office
    brings of it: the way, the day it shows, and the day of the last post.
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
    obstacle: str | None
    posts: tuple[Post, ...]
    channel_at: datetime
    fault: str
    expected: Expected
    shown_name: str
    closed_on: date | None = None
    opened_on: date | None = None
    word: tuple[Word, date, date] | None = None

    @property
    def by_interface(self) -> bool:
        return self.source == "wechat_api"


@dataclass(frozen=True, slots=True)
class AccountFault:
    """`newest_days` ago was the last post, at `clock` in Beijing. `built_days` ago the feed was
    built, `closed_days` ago the account was closed. `word` is brought: the way, how many days ago
    it was true, and how many days ago the last post was that it names.
    """

    verdict: Verdict
    newest_days: int
    why: str
    clock: time = EVENING
    outcome: Outcome = Outcome.OK
    pinned_days: int | None = None
    obstacle: str | None = None
    built_days: int = 0
    closed_days: int | None = None
    word: tuple[Word, int, int] | None = None

    def plant(self, row: Mapping[str, Any], unit_name: str, today: date) -> Account:
        """Plant one account of the register on `today`."""
        word = None if self.word is None else (self.word[0], *_before(today, *self.word[1:]))
        known = self.newest_days if word is None else (today - word[2]).days
        judged = self.outcome.seen and self.verdict is not Verdict.UNKNOWN
        newest = today - timedelta(known) if judged else None
        closed = None if self.closed_days is None else today - timedelta(self.closed_days)
        return Account(
            id=row["id"],
            host=row.get("host", "media"),
            platform=row["platform"],
            name=row["name"],
            unit=row["unit"],
            unit_name=unit_name,
            source=row["source"],
            path=row.get("path", ""),
            format=row.get("format", "none"),
            obstacle=self.obstacle,
            posts=self._posts(row["id"], today),
            channel_at=datetime.combine(today - timedelta(self.built_days), time(0, 5), SHANGHAI),
            fault=row["fault"],
            expected=Expected(self.verdict, newest, self.outcome, self.why),
            shown_name=row.get("shown_name", row["name"]),
            closed_on=closed,
            opened_on=row.get("opened_on"),
            word=word,
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


def _before(today: date, shown: int, newest: int) -> tuple[date, date]:
    return today - timedelta(shown), today - timedelta(newest)


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
        Verdict.UNKNOWN,
        1,
        "订阅源被防火墙拦截，不作判定",
        outcome=Outcome.BLOCKED,
        obstacle="firewall_403",
    ),
    "feed_not_rebuilt": AccountFault(
        Verdict.UNKNOWN, 20, "订阅源10天未重新生成，期限届满之后的情况不明", built_days=10
    ),
    "feed_without_entries": AccountFault(
        Verdict.UNKNOWN,
        1,
        "订阅源没有条目，不能据此判断",
        outcome=Outcome.UNREADABLE,
        obstacle="feed_without_entries",
    ),
    "weibo_432": AccountFault(
        Verdict.UNKNOWN, 1, "微博拒绝访问（432）", outcome=Outcome.BLOCKED, obstacle="weibo_432"
    ),
    "renamed": AccountFault(Verdict.OK, 2, "两天前有更新；平台所示名称与登记不同"),
    "second_account": AccountFault(Verdict.OK, 4, "四天前有更新；本单位在该平台的第二个账号"),
    "closed_posting": AccountFault(
        Verdict.EXEMPT, 5, "登记为30天前关停，五天前仍有更新", closed_days=30
    ),
    "article_deleted": AccountFault(
        Verdict.UNKNOWN,
        1,
        "公开文章已被发布者删除",
        outcome=Outcome.GONE,
        obstacle="article_deleted",
    ),
    "article_old": AccountFault(Verdict.UNKNOWN, 20, "公开文章页只能证明20天前有更新，不作判定"),
    "mirror_old": AccountFault(Verdict.UNKNOWN, 20, "门户转载列表可能滞后，不作判定"),
    "interface": AccountFault(Verdict.OK, 3, "公众号接口：三天前有发布"),
    "interface_old": AccountFault(
        Verdict.UNKNOWN, 20, "公众号接口：20天前有发布，接口未必列出群发，不作判定"
    ),
    "interface_vouched": AccountFault(
        Verdict.DUE_SOON, 13, "公众号接口：13天前有发布，列表经办公室核对"
    ),
    "interface_not_allowed": AccountFault(
        Verdict.UNKNOWN,
        1,
        "公众号接口：本机地址不在IP白名单（40164）",
        outcome=Outcome.BLOCKED,
        obstacle="40164",
    ),
    "interface_no_credentials": AccountFault(
        Verdict.UNKNOWN,
        1,
        "公众号接口：未提供凭证",
        outcome=Outcome.REFUSED,
        obstacle="no_credentials",
    ),
    "entered": AccountFault(Verdict.OK, 3, "昨日人工登记：三天前有更新", word=("entry", 1, 3)),
    "entered_long_ago": AccountFault(
        Verdict.UNKNOWN, 9, "人工登记已是8天前，不作判定", word=("entry", 8, 9)
    ),
    "exported": AccountFault(
        Verdict.DUE_SOON,
        14,
        "今日后台导出：最近更新距今14天，当天为最后期限",
        word=("export", 0, 14),
    ),
    "blocked_but_entered": AccountFault(
        Verdict.OK,
        5,
        "订阅源被拦截，两天前人工登记：五天前有更新",
        obstacle="firewall_403",
        word=("entry", 2, 5),
    ),
}
