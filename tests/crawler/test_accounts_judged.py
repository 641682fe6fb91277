"""Accounts by way of their public pages and feeds, looked at and judged. All are synthetic.

Two servers on loopback: the one is a registered site's, the other belongs to nobody registered.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from checks.accounts import FIGURES
from checks.calendar import load_calendar
from checks.facts import History, Outcome
from checks.freshness import Moment, local_day
from checks.judge import Bench, Facts, judge
from checks.rules import pack_texts, read_law
from checks.verdicts import Verdict
from crawler.run import crawl, plan
from crawler.settings import CrawlSection
from storage.clock import now
from storage.inventory import validate
from storage.ledger import Ledger
from tests.crawler.server import Server, page, redirect, serving

LAW = read_law(pack_texts(["cn-2019"]), load_calendar())
TODAY = local_day(now())
UID = "5123456789"
WEIBO = f"/api?containerid=107603{UID}"


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def rss(newest: int, built: int) -> str:
    return (
        "<!-- synthetic --><rss version='2.0'><channel><title>示例</title>"
        f"<lastBuildDate>{ago(built)} 08:00:00</lastBuildDate>"
        f"<item><title>便民信息</title><pubDate>{ago(newest)} 08:00:00</pubDate></item>"
        "</channel></rss>"
    )


def article(days: int) -> str:
    return (
        "<!-- synthetic --><html><body class='rich_media'><h1>便民信息</h1>"
        "<div id='js_content'>正文</div><script>var msg_title = '便民信息';"
        f"var ct = '{ago(days)} 08:00';</script></body></html>"
    )


def listed(newest: int) -> str:
    rows = "".join(
        f"<li><a href='/xmt/{n}.html'>第{n}条政务新媒体便民服务信息</a>"
        f"<span>{ago(newest + n)}</span></li>"
        for n in range(5)
    )
    return f"<!-- synthetic --><html><body><div class='list'><ul>{rows}</ul></div></body></html>"


def weibo() -> str:
    user = {"id": int(UID), "screen_name": "示例", "followers_count": 1024, "statuses_count": 88}
    post = {"id": "1", "text": "便民信息", "created_at": str(ago(1)), "user": user}
    return json.dumps({"ok": 1, "data": {"cards": [{"mblog": post}]}})


PAGES = {
    "/": page("<html><!-- synthetic --><body>门户</body></html>"),
    "/rebuilt.rss": page(rss(20, 0)),
    "/stopped.rss": page(rss(20, 6)),
    "/stopped-late.rss": page(rss(20, 3)),
    "/stopped-long.rss": page(rss(20, 4)),
    "/stopped-alive.rss": page(rss(2, 2)),
    "/old-article.html": page(article(40)),
    "/new-article.html": page(article(2)),
    "/old-list.html": page(listed(40)),
    "/new-list.html": page(listed(2)),
    WEIBO: page(weibo()),
    "/432": page("", status=432),
    "/shut": redirect("/432"),
}
# A row each: the account, whose server, its source and path; its outcome and its verdict.
ROWS: list[tuple[str, str, str, str, Outcome, Verdict]] = [
    ("rebuilt", "apart", "feed", "/rebuilt.rss", Outcome.OK, Verdict.OVERDUE),
    # Built on the last good day, 14 days after the newest post: what came later is not shown.
    ("stopped", "apart", "feed", "/stopped.rss", Outcome.OK, Verdict.UNKNOWN),
    ("stopped-late", "apart", "feed", "/stopped-late.rss", Outcome.OK, Verdict.OVERDUE),
    # Stopped for longer than a look of our own holds: what came since is seen by nobody.
    ("stopped-long", "apart", "feed", "/stopped-long.rss", Outcome.OK, Verdict.UNKNOWN),
    ("stopped-alive", "apart", "feed", "/stopped-alive.rss", Outcome.OK, Verdict.OK),
    ("old-article", "apart", "page", "/old-article.html", Outcome.OK, Verdict.UNKNOWN),
    ("new-article", "apart", "page", "/new-article.html", Outcome.OK, Verdict.OK),
    ("own-list", "apart", "page", "/old-list.html", Outcome.OK, Verdict.OVERDUE),
    ("old-mirror", "site", "page", "/old-list.html", Outcome.OK, Verdict.UNKNOWN),
    ("new-mirror", "site", "page", "/new-list.html", Outcome.OK, Verdict.OK),
    ("site-feed", "site", "feed", "/rebuilt.rss", Outcome.OK, Verdict.OVERDUE),
    ("weibo", "apart", "weibo", WEIBO, Outcome.OK, Verdict.OK),
    ("shut", "apart", "weibo", "/shut", Outcome.BLOCKED, Verdict.UNKNOWN),
]


def register(site: Server, apart: Server) -> dict[str, list[dict[str, Any]]]:
    servers = {"site": site.url, "apart": apart.url}
    accounts = [
        {"id": key, "name": key, "platform": "weibo", "source": source, "unit": key}
        | {"url": f"{servers[server]}{path}"}
        for key, server, source, path, _, _ in ROWS
    ]
    units = [{"id": row["id"], "name": row["id"]} for row in accounts]
    portal = {"id": "portal", "name": "门户", "home": f"{site.url}/", "unit": "weibo"}
    return {"unit": units, "site": [portal], "account": accounts}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    folder: Path = tmp_path_factory.mktemp("judged")
    ledger = Ledger.open(f"sqlite:///{folder / 'xunjian.db'}", folder / "evidence")
    section = CrawlSection(
        delay_seconds=0, timeout_seconds=5, allow_private_networks=("127.0.0.1/32",)
    )
    with serving(PAGES) as site, serving(PAGES) as apart:
        ledger.load_inventory(validate(register(site, apart), "synthetic"), now())
        crawl(ledger, plan(ledger, ledger.inventory(), now(), only="account"), section)
    yield ledger
    ledger.close()


def histories(ledger: Ledger) -> dict[str, History]:
    found = ledger.histories([f"account:{row[0]}" for row in ROWS], now())
    return {key.removeprefix("account:"): history for key, history in found.items()}


@pytest.fixture(scope="module")
def bench(ledger: Ledger) -> Bench:
    subjects, at = ledger.subjects(), now()
    facts = Facts(subjects, ledger.histories([subject.key for subject in subjects], at))
    return judge(LAW, facts, Moment(local_day(at)))


def test_what_each_source_shows(ledger: Ledger) -> None:
    met = {key: history.last.outcome for key, history in histories(ledger).items() if history.last}
    assert met == {row[0]: row[4] for row in ROWS}


def test_only_what_may_show_everything_makes_an_account_late(bench: Bench) -> None:
    verdicts = {row.subject.id: row.verdict for row in bench.rows if row.rule == "nm_14d"}
    assert verdicts == {row[0]: row[5] for row in ROWS}


def test_the_reason_names_what_the_source_cannot_show(ledger: Ledger, bench: Bench) -> None:
    reasons = {row.subject.id: row.reason for row in bench.rows if row.rule == "nm_14d"}
    assert f"所查来源只反映到{ago(6)}" in reasons["stopped"]
    notes = {
        key: history.last.note or "" for key, history in histories(ledger).items() if history.last
    }
    assert "公开文章页只能证明该日有更新" in notes["old-article"]
    assert "门户转载列表可能滞后" in notes["old-mirror"]
    assert "门户转载列表可能滞后" not in notes["own-list"]


def test_the_accounts_own_numbers_are_noted_though_no_duty_asks(ledger: Ledger) -> None:
    seen = ledger.observed(now(), [f"account:{row[0]}" for row in ROWS])
    assert list(seen) == ["account:weibo"]
    ((look,),) = seen.values()
    assert (look.family, look.outcome) == (FIGURES, Outcome.OK)
    assert look.key.endswith(WEIBO)
    assert look.facts == {"followers": 1024, "posts": 88, "comments": None, "replies": None}
    assert (look.evidence or "").startswith("evidence/")
