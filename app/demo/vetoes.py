"""Two sites for each veto: one just below its limit, one that has just met it.

(国办秘函〔2019〕19号 单项否决.) Sites, columns, mailboxes and accounts are rows like those of
`portal.toml`; `STANDINGS` writes down what must be said of them. What no crawl of one day can
see, a week of probes and what persons found, is planted in the ledger by `app.demo.seeds`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

HOST, UNIT, CHANNEL = "veto", "jcs", "政务公开"
BELOW, MET = "below", "met"
SIDES = ((BELOW, "未达"), (MET, "已达"))
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planted:
    """What must be said of one veto of one subject: hit or not, and how many count."""

    subject: str
    indicator: str
    hit: bool
    count: int | None = None


# Late news columns, late notice columns, late interpretation columns, blank columns of each site.
LATE: dict[str, tuple[int, int, int, int]] = {
    "w4a-below": (3, 1, 0, 0),
    "w4a-met": (3, 2, 0, 0),
    "w4b-below": (0, 0, 9, 0),
    "w4b-met": (0, 0, 10, 0),
    "w4c-below": (0, 0, 0, 4),
    "w4c-met": (0, 0, 0, 5),
}
NAMES = {
    "w1": "严重问题",
    "w2": "站点访问",
    "w3": "首页更新",
    "w4a": "栏目更新",
    "w4b": "应更新栏目",
    "w4c": "空白栏目",
    "w5a": "咨询渠道",
    "w5b": "留言答复",
    "w6a": "办事服务",
    "w6b": "办事指南",
    "w6c": "办事事项",
}
KINDS = (
    ("news", "late_by_one"),
    ("notice", "half_year_late"),
    ("interpretation", "half_year_late"),
)
# How many of the eight key elements each guide of a site lacks.
GUIDES = {
    "w6a-below": (0, 0, 0, 0, 0),
    "w6b-below": (4, 4, 4, 4, 3, 0),
    "w6b-met": (4, 4, 4, 4, 4, 0),
    "w6c-below": (4, 4, 4, 3),
    "w6c-met": (4, 4, 4, 5),
}
STANDINGS = (
    Planted("site:w1-below", "W1", False),
    Planted("site:w1-met", "W1", True),
    Planted("site:w2-below", "W2", False),
    Planted("site:w2-met", "W2", True),
    Planted("site:w3-below", "W3", False, 0),
    Planted("site:w3-met", "W3", True, 1),
    Planted("site:w4a-below", "W4a", False, 4),
    Planted("site:w4a-met", "W4a", True, 5),
    Planted("site:w4b-below", "W4b", False, 9),
    Planted("site:w4b-met", "W4b", True, 10),
    Planted("site:w4c-below", "W4c", False, 4),
    Planted("site:w4c-met", "W4c", True, 5),
    Planted("site:w5a-below", "W5a", False),
    Planted("site:w5a-met", "W5a", True),
    Planted("site:w5b-below", "W5b", False, 0),
    Planted("site:w5b-met", "W5b", True, 1),
    Planted("site:w6a-below", "W6a", False),
    Planted("site:w6a-met", "W6a", True),
    Planted("site:w6b-below", "W6b", False),
    Planted("site:w6b-met", "W6b", True),
    Planted("site:w6c-below", "W6c", False),
    Planted("site:w6c-met", "W6c", True),
    Planted("account:tt-ylfg", "M1", False),
    Planted("account:wx-ylms", "M1", True),
    Planted("account:dy-ylwl", "M2a", False, 0),
    Planted("account:wx-ylms", "M2a", True, 1),
    Planted("account:tt-ylfg", "M2b", False),
    Planted("account:wx-ylms", "M2b", True),
    Planted("account:tt-ylfg", "M3", False),
    Planted("account:wx-ylms", "M3", True),
)


def add_to(data: dict[str, list[Row]]) -> None:
    """Add the sites, and what is on them, to the rows of the register."""
    data["unit"].append({"id": UNIT, "name": "云岚市网站检查示例单位", "kind": "other"})
    for number, (veto, name) in enumerate(NAMES.items()):
        for place, (side, words) in enumerate(SIDES):
            site = f"{veto}-{side}"
            code = f"99990200{number * 2 + place:02d}"
            data["site"].append(_site(site, f"{name}示例网站（{words}）", code))
            data["channel"].append({"site": site, "name": CHANNEL, "path": f"/{site}/zwgk/"})
            data["column"] += _columns(site)
            data["mailbox"] += _mailboxes(site)
    data["account"].append(
        {
            "id": "wx-ylms",
            "platform": "wechat",
            "name": "云岚民生",
            "unit": UNIT,
            "source": "feed",
            "path": "/feeds/wx-ylms.rss",
            "format": "rss",
            "fault": "late_by_one",
        }
    )


def _site(site: str, name: str, code: str) -> Row:
    return {
        "id": site,
        "name": name,
        "unit": UNIT,
        "code": code,
        "portal": False,
        "host": HOST,
        "family": "trs",
        "home": f"/{site}/",
        "fault": {"w3-below": "home_on_limit", "w3-met": "home_late"}.get(site, "home"),
        "disallow": [],
    }


def _columns(site: str) -> Iterator[Row]:
    """The site's planted columns, and one that is fresh, so that its home page is."""
    number = 0
    news, notices, others, blanks = LATE.get(site, (0, 0, 0, 0))
    for (column_class, fault), count in zip(KINDS, (news, notices, others), strict=True):
        for _ in range(count):
            number += 1
            yield _column(site, number, column_class, fault)
    for _ in range(blanks):
        number += 1
        yield _column(site, number, "other", "blank")
    if site == "w6a-met":
        yield _column(site, 0, "service", "blank")
    if site in GUIDES:
        yield _column(site, 0, "service", "guides") | {"guides": GUIDES[site]}
    home = {"w3-below": "on_limit_unruled", "w3-met": "late_unruled"}.get(site, "fresh")
    yield _column(site, 99, "other" if site.startswith("w3") else "notice", home)


def _column(site: str, number: int, column_class: str, fault: str) -> Row:
    return {
        "id": f"{site}-{number:02d}",
        "site": site,
        "name": f"示例栏目{number:02d}",
        "channel": CHANNEL,
        "type": CHANNEL,
        "class": column_class,
        "unit": UNIT,
        "path": f"/{site}/lm{number:02d}/",
        "fault": fault,
    }


def _mailboxes(site: str) -> Iterator[Row]:
    letters = {
        "w5a-below": "answered",
        "w5a-met": "answered",
        "w5b-below": "three_months",
        "w5b-met": "three_months_over",
    }.get(site)
    if letters is None:
        return
    yield {
        "id": site,
        "site": site,
        "name": "咨询信箱",
        "channel": CHANNEL,
        "unit": UNIT,
        "path": f"/{site}/xx/index.html",
        "style": "table",
        "letters": letters,
        "form": f"/{site}/xx/{'tingyong' if site == 'w5a-met' else 'xiexin'}.html",
    }
