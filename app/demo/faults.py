"""The faults that are planted, one row each: what is shown, and what must be said of it.

`newest` is the newest day that counts as an update. Verdicts are written down, not computed:
this table is the demo's own reading of the rules (14 days, six months; the last day is good).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto
from typing import Literal

from checks.calendar import months_before
from checks.facts import Outcome
from checks.verdicts import Verdict

Dates = Literal["full", "month_day", "split", "none"]
Serve = Literal[
    "list",
    "service",
    "stub",
    "robots",
    "blank",
    "firewall_403",
    "firewall_200",
    "challenge_412",
    "busy_503",
    "hold",
    "soft_404",
    "gone_404",
    "loop",
    "maintenance",
    "script_shell",
]
Day = Callable[[date], date]


class Trap(Enum):
    """Something on a page that a careless reader takes for an update, or for none."""

    PINNED_OLD = auto()
    PINNED_NEWEST = auto()
    PINNED_APART = auto()
    FUTURE = auto()
    BANNER = auto()
    HOT = auto()
    TITLE_DATES = auto()
    EXEMPT = auto()


def ago(days: int) -> Day:
    """`days` before today."""
    return lambda today: today - timedelta(days)


def half_year_and(days: int) -> Day:
    """`days` past the last good day of six calendar months; a minus sign: days before it."""
    return lambda today: months_before(today, 6) - timedelta(days)


@dataclass(frozen=True, slots=True)
class Fault:
    """`stale_rows`: the ordinary rows begin this many days ago, not at `newest`."""

    verdict: Verdict
    why: str
    newest: Day | None = None
    outcome: Outcome = Outcome.OK
    serve: Serve = "list"
    dates: Dates = "full"
    trap: Trap | None = None
    rows: int = 14
    stale_rows: int | None = None

    def rows_from(self, today: date) -> date:
        """On which day does the top ordinary row of the list stand?"""
        if self.stale_rows is not None:
            return today - timedelta(self.stale_rows)
        return self.newest(today) if self.newest else today


def _unseen(outcome: Outcome, serve: Serve, why: str) -> Fault:
    return Fault(Verdict.UNKNOWN, f"{why}，不作判定", None, outcome, serve)


OK, SOON, LATE = Verdict.OK, Verdict.DUE_SOON, Verdict.OVERDUE

FAULTS: dict[str, Fault] = {
    # By the calendar.
    "fresh_today": Fault(OK, "今天有更新", ago(0)),
    "fresh": Fault(OK, "昨天有更新", ago(1)),
    "quiet": Fault(OK, "最近更新距今45天，本类栏目未到时限或未设时限", ago(45)),
    "three_days_left": Fault(SOON, "最近更新距今11天，还剩3天", ago(11)),
    "near_limit": Fault(SOON, "最近更新距今12天，还剩2天", ago(12)),
    "on_limit": Fault(SOON, "最近更新距今14天，当天为最后期限", ago(14)),
    "late_by_one": Fault(LATE, "最近更新距今15天，超期1天", ago(15)),
    "half_year_near": Fault(SOON, "六个月期限还剩10天左右", half_year_and(-10), rows=9),
    "half_year_exact": Fault(SOON, "最近更新距今正好六个月", half_year_and(0), rows=9),
    "half_year_late": Fault(LATE, "最近更新超过六个月1天", half_year_and(1), rows=9),
    "on_limit_unruled": Fault(OK, "最近更新距今14天，本类栏目未设时限", ago(14)),
    "late_unruled": Fault(OK, "最近更新距今15天，本类栏目未设时限", ago(15)),
    "guides": Fault(OK, "办事指南，部分缺少关键要素", ago(45)),
    "exempt": Fault(Verdict.EXEMPT, "栏目改版，经批准豁免", ago(40), trap=Trap.EXEMPT),
    # By what the rows look like.
    "service_fresh": Fault(OK, "条目只由列表接口给出，三天前有更新", ago(3), serve="service"),
    "service_stale": Fault(LATE, "条目只由列表接口给出，距今22天", ago(22), serve="service"),
    "stub": Fault(OK, "栏目页自动跳转到列表页，两天前有更新", ago(2), serve="stub"),
    "split_fresh": Fault(OK, "日期分写在两处，四天前有更新", ago(4), dates="split"),
    "split_stale": Fault(LATE, "日期分写在两处，距今26天", ago(26), dates="split"),
    "month_day_fresh": Fault(
        OK, "列表只有月日，文章页标明两天前", ago(2), dates="month_day", rows=9
    ),
    "month_day_dead": Fault(
        LATE, "列表只有月日，文章页标明为两年前", ago(733), dates="month_day", rows=12
    ),
    # By traps.
    "pinned_old": Fault(OK, "首条为一年前的置顶，其后两天前有更新", ago(2), trap=Trap.PINNED_OLD),
    "pinned_newest": Fault(
        OK, "最新一条是第二条置顶，其余均已陈旧", ago(2), trap=Trap.PINNED_NEWEST, stale_rows=20
    ),
    "pinned_apart": Fault(
        Verdict.UNKNOWN,
        "列表距今19天，其上方另有两天前的置顶，须人工核对",
        trap=Trap.PINNED_APART,
        stale_rows=19,
    ),
    "future_fresh": Fault(OK, "首条日期误写为明年，其后三天前有更新", ago(3), trap=Trap.FUTURE),
    "future_stale": Fault(LATE, "首条日期误写为明年，其余距今21天", ago(21), trap=Trap.FUTURE),
    "banner_stale": Fault(LATE, "页首显示今天日期，列表距今18天", ago(18), trap=Trap.BANNER),
    "hot_stale": Fault(LATE, "侧栏热点日期很新，列表距今23天", ago(23), trap=Trap.HOT),
    "title_dates": Fault(LATE, "标题内含近日日期，列表距今25天", ago(25), trap=Trap.TITLE_DATES),
    # Nothing to date.
    "blank": Fault(Verdict.BLANK, "页面注明暂无内容", None, Outcome.EMPTY, "blank"),
    "undated": Fault(
        Verdict.UNDATED,
        "列表和文章页均无日期",
        None,
        Outcome.UNDATED,
        dates="none",
        rows=5,
    ),
    # Not seen, which is not the same as not updated.
    "firewall_403": _unseen(Outcome.BLOCKED, "firewall_403", "防火墙拒绝访问"),
    "firewall_200": _unseen(Outcome.BLOCKED, "firewall_200", "防火墙页面以正常状态码返回"),
    "challenge_412": _unseen(Outcome.BLOCKED, "challenge_412", "反爬虫验证页面"),
    "busy_503": _unseen(Outcome.UNREACHABLE, "busy_503", "服务器繁忙"),
    "timeout": _unseen(Outcome.UNREACHABLE, "hold", "服务器不应答"),
    "redirect_loop": _unseen(Outcome.UNREACHABLE, "loop", "页面循环跳转"),
    "soft_404": _unseen(Outcome.GONE, "soft_404", "页面以正常状态码提示不存在"),
    "gone_404": _unseen(Outcome.GONE, "gone_404", "页面不存在"),
    "maintenance": _unseen(Outcome.MAINTENANCE, "maintenance", "页面提示系统维护"),
    "script_shell": _unseen(Outcome.UNREADABLE, "script_shell", "页面改版，条目由脚本生成"),
    "robots": _unseen(Outcome.REFUSED, "robots", "网站的robots.txt不允许访问"),
}
