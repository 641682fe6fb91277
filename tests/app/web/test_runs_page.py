"""The service in the browser: its heartbeat, its tasks, its crawls, and what is held."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.alone import Holder, _place, alone
from app.home import Home
from app.web.pages import runs
from app.web.rights import Role
from app.web.runs import lease_rows, next_run, span_words, took
from checks.facts import Method, Outcome
from checks.freshness import SHANGHAI
from storage.clock import now
from storage.ledger import Lease, Ledger, Sighting
from tests.app.web.visiting import enter_people, rows_of, visiting

AT = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)  # a Monday
MINUTE = timedelta(minutes=1)
NEVER = ["没有运行过", "", "服务未运行", ""]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr(runs, "now", lambda: AT)
    return Home(tmp_path)


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = home.open_ledger()
    enter_people(opened)
    yield opened
    opened.close()


def ran(
    ledger: Ledger, name: str, begun: datetime, ok: bool | None = True, note: str | None = None
) -> None:
    number = ledger.begin_task(name, begun)
    ledger.end_task(number, begun + 3 * MINUTE, ok=ok, note=note)


def test_where_it_never_served_that_is_said_and_nothing_is_invented(
    home: Home, ledger: Ledger
) -> None:
    with visiting(home, ledger, "clerk") as visit:
        page = visit.get("/runs")
    assert "服务（xunjian serve）没有运行过" in page.get_text()
    tasks = rows_of(page)[:7]
    assert [row[0] for row in tasks] == [
        "每日巡检", "网站探测", "发信", "周报", "季度检查通报草稿", "半年考核得分草稿",
        "数据清理与核对",
    ]  # fmt: skip
    assert {tuple(row[2:]) for row in tasks} == {tuple(NEVER)}


def test_the_heartbeat_says_the_last_success_and_silence(home: Home, ledger: Ledger) -> None:
    ledger.begin_task("service", AT - timedelta(days=9))
    ran(ledger, "cycle", AT - timedelta(hours=27))
    ran(ledger, "cycle", AT - timedelta(hours=2), ok=False, note="没有看到任何对象")
    with visiting(home, ledger, "clerk") as visit:
        page = visit.get("/runs")
    text = " ".join(page.get_text().split())
    assert "服务：没有在运行。每日巡检最近一次成功：2026-11-22 06:00（27小时前）。" in text
    assert "每日巡检已超过 26 小时没有成功" in text
    assert rows_of(page)[0] == [
        "每日巡检", "2026-11-23 07:00", "失败", "2026-11-22 06:00", "服务未运行",
        "没有看到任何对象",
    ]  # fmt: skip


def test_while_it_serves_each_task_says_when_it_runs_next(home: Home, ledger: Ledger) -> None:
    home.path("settings.toml").write_text('[schedule]\nprobe = ""\n', encoding="utf-8")
    ledger.begin_task("service", AT - timedelta(days=9))
    ran(ledger, "cycle", AT - timedelta(hours=25))
    ledger.begin_task("cycle", AT - MINUTE)
    with alone(ledger, "service"), visiting(home, ledger, "clerk") as visit:
        page = visit.get("/runs")
        tasks = {row[0]: row for row in rows_of(page)[:7]}
        (lease,) = [row for row in rows_of(page) if row[0] == "服务（xunjian serve）"]
    assert tasks["每日巡检"][1:5] == [
        "2026-11-23 08:59", "进行中", "2026-11-22 08:00", "2026-11-24 07:30",
    ]  # fmt: skip
    assert tasks["周报"][4] == "2026-11-30 08:30"
    assert tasks["网站探测"][4] == "不自动运行"
    assert lease[1].endswith(f"进程 {os.getpid()}")
    assert "超过" not in page.get_text()


def test_a_crawl_says_what_it_saw_and_why_it_saw_the_rest_not(home: Home, ledger: Ledger) -> None:
    met = [Outcome.OK, Outcome.EMPTY, Outcome.BLOCKED, Outcome.BLOCKED, Outcome.UNREACHABLE]
    run = ledger.start_run(7, AT - timedelta(hours=2))
    for n, outcome in enumerate(met):
        ledger.record(run, Sighting(f"column:c{n}", AT, outcome))
    ledger.finish_run(run, AT - timedelta(minutes=1))
    ledger.start_run(1, AT, Method.MANUAL)
    with visiting(home, ledger, "clerk") as visit:
        rows = rows_of(visit.get("/runs"))[-2:]
        met_rows, missed = (
            rows_of(visit.get("/runs/crawls/1"), f"[aria-label={label}] > table")
            for label in ("所遇情况", "未看到的对象")
        )
        for wrong in ("3", "x", "-1", "99999999999999999999"):
            assert visit.status(f"/runs/crawls/{wrong}") == 404
    assert rows == [
        ["2", "2026-11-23 09:00", "人工登记", "未结束", "1", "", "", ""],
        ["1", "2026-11-23 07:00", "查看", "1小时59分", "7", "2", "3", "2"],
    ]
    assert met_rows == [
        ["被防火墙或验证页面拦截", "2", "否"],
        ["无法连接", "1", "否"],
        ["页面无内容", "1", "是"],
        ["正常读取", "1", "是"],
    ]
    assert [row[:3] for row in missed] == [
        ["栏目 column:c2", "", "被防火墙或验证页面拦截"],
        ["栏目 column:c3", "", "被防火墙或验证页面拦截"],
        ["栏目 column:c4", "", "无法连接"],
    ]


def test_crawls_and_runs_of_a_task_are_paged(home: Home, ledger: Ledger) -> None:
    for n in range(45):
        ledger.start_run(1, AT + n * MINUTE)
    for n in range(60):
        ran(ledger, "deliver", AT + n * MINUTE, ok=bool(n % 4), note=None if n % 4 else "断网")
    ledger.begin_task("deliver", AT + 61 * MINUTE)
    with visiting(home, ledger, "clerk") as visit:
        seen: list[int] = []
        path = "/runs"
        while path:
            page = visit.get(path)
            seen += [int(row[0]) for row in rows_of(page) if len(row) == 8]
            older = page.find("a", string="更早的记录")
            path = str(older["href"]) if older else ""
        assert seen == list(range(45, 0, -1))
        first, second = (rows_of(visit.get(f"/runs/deliver?page={n}")) for n in (1, 2))
        assert (len(first), len(second)) == (50, 11)
        assert first[0] == ["2026-11-23 10:01", "", "中断", ""]
        assert second[-1] == ["2026-11-23 09:00", "3分0秒", "失败", "断网"]
        failed = rows_of(visit.get("/runs/deliver?failed=1"))
        assert [row[2:] for row in failed] == [["失败", "断网"]] * 15
        for number in ("0", "x", "-1", "99999999999999999999"):
            assert visit.status(f"/runs/deliver?page={number}") == 200
        assert visit.status("/runs?before=x") == 200
        assert visit.status("/runs/nothing") == 404


def test_a_unit_does_not_see_how_the_service_fares(home: Home, ledger: Ledger) -> None:
    with visiting(home, ledger, Role.VIEWER) as viewer:
        assert [viewer.status(path) for path in ("/runs", "/runs/cycle", "/runs/crawls/1")] == [
            403
        ] * 3


def test_a_lease_of_which_nothing_is_heard_is_said_to_have_lapsed() -> None:
    present = now()
    mine = str(Holder(_place(), os.getpid(), "x"))
    leases = [
        Lease("cycle", mine, present - MINUTE, present + MINUTE),
        Lease("probe", mine, present - 9 * MINUTE, present - MINUTE),
        Lease("other", "elsewhere:1/7/x", present, present + MINUTE),
        Lease("evidence", "unreadable", present, present + MINUTE),
    ]
    rows = lease_rows(leases, present)
    assert [(row["title"], row["state"]) for row in rows] == [
        ("巡检", "占用中"), ("网站探测", "已失效"), ("other", "占用中"),
        ("证据清理或备份", "占用中"),
    ]  # fmt: skip
    assert [row["holder"] for row in rows[2:]] == ["elsewhere，进程 7", ""]


def test_how_long_and_how_long_ago_in_words() -> None:
    spans = [timedelta(seconds=s) for s in (0, 59.6, 61, 3599, 3600, 90_061)]
    assert [took(AT, AT + span) for span in spans] == [
        "0秒", "1分0秒", "1分1秒", "59分59秒", "1小时0分", "25小时1分",
    ]  # fmt: skip
    assert took(AT, None) == ""
    hours = [timedelta(minutes=5), timedelta(hours=27), timedelta(hours=48)]
    assert [span_words(each) for each in hours] == ["5分钟", "27小时", "2天"]
    assert next_run("", AT) is None
    assert next_run("30 7 * * *", AT) == AT.replace(day=24, hour=7, minute=30)
