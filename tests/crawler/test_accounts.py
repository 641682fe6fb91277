"""Accounts on a loopback server: their names noted, and the closed ones looked at all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from checks.calendar import load_calendar
from checks.facts import Outcome
from checks.freshness import Moment, local_day
from checks.judge import Bench, Facts, judge
from checks.rules import pack_texts, read_law
from checks.verdicts import DutyState
from crawler.run import crawl, plan
from crawler.settings import CrawlSection
from storage.clock import now
from storage.inventory import validate
from storage.ledger import Ledger
from tests.crawler.server import Server, page, serving

LAW = read_law(pack_texts(["cn-2019"]), load_calendar())
TODAY = local_day(now())
UID = "5123456789"
WEIBO = f"/api?containerid=107603{UID}"
FAMILIES = frozenset(duty.about for duty in LAW.duties_in_force(TODAY))


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def rss(title: str, days: int) -> str:
    return (
        f"<!-- synthetic --><rss version='2.0'><channel><title>{title}</title><item>"
        f"<title>便民信息</title><pubDate>{ago(days)} 08:00:00</pubDate></item></channel></rss>"
    )


def weibo(name: str, days: int) -> str:
    user = {"id": int(UID), "screen_name": name}
    post = {"id": "1", "text": "便民信息", "created_at": str(ago(days)), "user": user}
    return json.dumps({"ok": 1, "data": {"cards": [{"mblog": post}]}})


PAGES = {
    WEIBO: page(weibo("示例文旅", 1)),
    "/refused": page(json.dumps({"ok": 0})),
    "/same.rss": page(rss("公众号 - 示例发布", 1)),
    "/bridge.rss": page(rss("示例市的订阅", 1)),
    "/closed.rss": page(rss("示例旧号", 3)),
    "/quiet.rss": page(rss("示例旧号", 90)),
}
ROWS: list[dict[str, Any]] = [
    {"id": "renamed", "name": "示例发布", "source": "weibo", "url": WEIBO},
    {"id": "refused", "name": "示例发布", "source": "weibo", "url": "/refused"},
    {"id": "same", "name": "示例发布", "url": "/same.rss"},
    {"id": "bridge", "name": "示例发布", "url": "/bridge.rss"},
    {"id": "posting", "name": "示例旧号", "url": "/closed.rss", "closed_on": ago(4)},
    {"id": "quiet", "name": "示例旧号", "url": "/quiet.rss", "closed_on": ago(60)},
    {"id": "gone", "name": "示例旧号", "url": "/gone.rss", "closed_on": ago(60)},
]


def load(ledger: Ledger, server: Server) -> None:
    """Every account of a unit of its own, so that none is a second one."""
    accounts = [
        {"platform": "weibo", "source": "feed", **row, "unit": row["id"]}
        | {"url": f"{server.url}{row['url']}"}
        for row in ROWS
    ]
    units = [{"id": row["id"], "name": row["id"]} for row in ROWS]
    ledger.load_inventory(validate({"unit": units, "account": accounts}, "synthetic"), now())


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    folder: Path = tmp_path_factory.mktemp("accounts")
    ledger = Ledger.open(f"sqlite:///{folder / 'xunjian.db'}", folder / "evidence")
    section = CrawlSection(
        delay_seconds=0, timeout_seconds=5, allow_private_networks=("127.0.0.1/32",)
    )
    with serving(PAGES) as server:
        load(ledger, server)
        crawl(ledger, plan(ledger, ledger.inventory(), now(), duties=FAMILIES), section)
    yield ledger
    ledger.close()


@pytest.fixture(scope="module")
def bench(ledger: Ledger) -> Bench:
    subjects, at = ledger.subjects(), now()
    keys = [subject.key for subject in subjects]
    facts = Facts(subjects, ledger.histories(keys, at), observed=ledger.observed(at, keys))
    return judge(LAW, facts, Moment(local_day(at)))


def states(bench: Bench, duty: str) -> dict[str, DutyState]:
    return {row.subject.id: row.state for row in bench.duties if row.duty.id == duty}


def test_closed_accounts_are_looked_at_like_any_other(ledger: Ledger) -> None:
    keys = [f"account:{row['id']}" for row in ROWS]
    looks = ledger.histories(keys, now())
    met = {
        key.removeprefix("account:"): look.last.outcome
        for key, look in looks.items()
        if look.last is not None
    }
    assert met == {
        "renamed": Outcome.OK,
        "refused": Outcome.BLOCKED,
        "same": Outcome.OK,
        "bridge": Outcome.OK,
        "posting": Outcome.OK,
        "quiet": Outcome.OK,
        "gone": Outcome.GONE,
    }


def test_only_a_service_that_names_the_account_itself_shows_a_rename(bench: Bench) -> None:
    assert states(bench, "nm_renamed") == {
        "renamed": DutyState.UNMET,
        "refused": DutyState.UNKNOWN,
        "same": DutyState.MET,
        "bridge": DutyState.UNKNOWN,
        "posting": DutyState.EXEMPT,
        "quiet": DutyState.EXEMPT,
        "gone": DutyState.EXEMPT,
    }
    (row,) = [
        row for row in bench.duties if (row.subject.id, row.duty.id) == ("renamed", "nm_renamed")
    ]
    assert row.answer.reason == "微博接口显示的名称为“示例文旅”，登记的名称为“示例发布”"
    assert (row.answer.evidence or "").startswith("evidence/")


def test_of_the_closed_accounts_the_one_that_posts_is_at_fault(bench: Bench) -> None:
    assert states(bench, "nm_reopened") == {
        "renamed": DutyState.MET,
        "refused": DutyState.MET,
        "same": DutyState.MET,
        "bridge": DutyState.MET,
        "posting": DutyState.UNMET,
        "quiet": DutyState.MET,
        "gone": DutyState.UNKNOWN,
    }


def test_nothing_else_is_held_against_anybody(bench: Bench) -> None:
    found = sorted((key.rule, key.subject) for key in bench.faults)
    assert found == [("nm_renamed", "account:renamed"), ("nm_reopened", "account:posting")]


def test_without_anybody_who_asks_no_name_is_noted(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'xunjian.db'}", tmp_path / "evidence")
    section = CrawlSection(
        delay_seconds=0, timeout_seconds=5, allow_private_networks=("127.0.0.1/32",)
    )
    with serving(PAGES) as server:
        load(ledger, server)
        crawl(ledger, plan(ledger, ledger.inventory(), now()), section)
    assert ledger.observed(now(), [f"account:{row['id']}" for row in ROWS]) == {}
    ledger.close()
