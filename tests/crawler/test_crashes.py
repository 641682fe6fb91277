"""What fails costs its own visit; what dies costs the rest of one run, and is said by name."""

from __future__ import annotations

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from checks.facts import Outcome
from crawler import children
from crawler.jobs import Job
from crawler.run import CrawlReport, crawl
from crawler.settings import CrawlSection
from storage.clock import now
from storage.ledger import Ledger
from tests.app.run import called
from tests.crawler.faulty_child import FAULTS
from tests.crawler.forked import started
from tests.crawler.hostile.bodies import LIST
from tests.crawler.processes import descendants
from tests.crawler.server import page, serving

SETTINGS = """
[crawl]
delay_seconds = 0
concurrency = 1
allow_private_networks = ["127.0.0.1/32"]
"""
UNIT = '[[unit]]\nid = "office"\nname = "示例办公室"\nkind = "department"\n'
NAMES = {"first": "政务要闻", "deadly": "通知公告", "third": "部门动态"}


def test_a_reader_that_fails_in_whatever_way_costs_its_own_visit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\nexec {sys.executable} -m tests.crawler.faulty_child\n")
    python.chmod(0o755)
    monkeypatch.setattr(children, "sys", SimpleNamespace(executable=str(python)))
    names = [*FAULTS, "good"]
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    with serving({f"/{name}.html": page(LIST) for name in names}) as server:
        jobs = [Job(f"column:{name}", f"{server.url}/{name}.html") for name in names]
        given = {"delay_seconds": 0, "allow_private_networks": ("127.0.0.1/32",)}
        report = crawl(ledger, jobs, CrawlSection.model_validate(given))
    met = ledger.histories([job.subject for job in jobs], now())
    ledger.close()
    visits = {name: met[f"column:{name}"].last for name in names}
    assert (report.planned, report.seen, report.unseen) == (5, 1, 4)
    for name, fault in FAULTS.items():
        visit = visits[name]
        assert visit is not None
        assert visit.outcome is Outcome.UNREADABLE
        assert (visit.note or "").startswith(f"读取程序出错：{type(fault).__name__}")
    assert visits["good"] is not None
    assert visits["good"].outcome is Outcome.OK


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSEGV])
def test_a_death_is_told_by_its_cause(
    end: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\nkill -{end} $$\n")
    python.chmod(0o755)
    monkeypatch.setattr(children, "sys", SimpleNamespace(executable=str(python)))
    causes = {signal.SIGKILL: "被系统强制结束，多因本机内存不足", signal.SIGSEGV: "进程崩溃"}
    told = children.run_child({}, print, 600)
    assert told == f"爬取进程异常结束，返回码 -{end}（{causes[end]}）；已看到的结果均已保存。"


def make_home(home: Path, url: str) -> None:
    assert called("init", home=home).code == 0
    (home / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    site = f'[[site]]\nid = "portal"\nname = "示例市"\nhome = "{url}/"\nunit = "office"\n'
    columns = "".join(
        f'[[column]]\nid = "{each}"\nsite = "portal"\nname = "{name}"\nclass = "news"\n'
        f'url = "{url}/{each}.html"\nunit = "office"\n'
        for each, name in NAMES.items()
    )
    (home / "inventory.toml").write_text(UNIT + site + columns, encoding="utf-8")


def test_a_page_that_ends_the_process_costs_its_own_look_and_the_rest_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {f"column:{name}": Event() for name in ("first", "third")}
    waits = list(seen.values())

    def told(*given: Any, **more: Any) -> CrawlReport:
        ledger, jobs, section, _ = given

        def on_visit(subject: str, _outcome: str) -> None:
            if subject in seen:
                seen[subject].set()

        return crawl(ledger, jobs, section, on_visit, **more)

    def deadly(handler: BaseHTTPRequestHandler) -> None:
        if not waits:
            page(LIST)(handler)
            return
        assert waits.pop(0).wait(60)
        os.kill(descendants("crawler.child")[0], signal.SIGKILL)

    monkeypatch.setattr("app.cycle.crawl", told)
    late = page(LIST.replace("2026", "2020"))
    answers = {"/": page(""), "/first.html": late, "/deadly.html": deadly, "/third.html": late}
    with serving(answers) as server, started():
        make_home(home := tmp_path / "home", server.url)
        broken = called("cycle", home=home)
        assert (broken.code, broken.out) == (4, "")
        assert "返回码 -9（被系统强制结束，多因本机内存不足）；已看到的结果均已保存。" in broken.err
        assert broken.err.endswith("待下次运行再看的对象：通知公告（column:deadly）。\n")
        assert outcomes(home) == {"first": "ok", "deadly": None, "third": "ok"}
        found = called("findings", "--format", "json", home=home).json["findings"]
        assert sorted(each["subject"] for each in found) == ["column:first", "column:third"]
        assert called("cycle", home=home).code == 0
    assert outcomes(home) == {"first": "ok", "deadly": "ok", "third": "ok"}


def test_what_was_seen_and_not_yet_written_when_the_process_died_is_looked_at_again(
    tmp_path: Path,
) -> None:
    asked: list[str] = []

    def deadly(handler: BaseHTTPRequestHandler) -> None:
        os.kill(descendants("crawler.child")[0], signal.SIGKILL)

    def told(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        page(LIST)(handler)

    answers = {"/first.html": told, "/deadly.html": deadly, "/third.html": told}
    with serving(answers) as server, started():
        make_home(home := tmp_path / "home", server.url)
        ran = called("crawl", "--only", "columns", home=home)
    assert ran.code == 4
    assert ran.err.endswith("待下次运行再看的对象：通知公告（column:deadly）。\n")
    # Before the page that kills, after it from the last on, and before it once more.
    assert asked == ["/first.html", "/third.html", "/first.html"]
    assert outcomes(home) == {"first": "ok", "deadly": None, "third": "ok"}


def test_a_process_that_dies_once_is_started_anew_for_the_rest(tmp_path: Path) -> None:
    deaths = [signal.SIGSEGV]

    def deadly(handler: BaseHTTPRequestHandler) -> None:
        if deaths:
            os.kill(descendants("crawler.child")[0], deaths.pop())
        page(LIST)(handler)

    with serving({f"/{name}.html": deadly for name in NAMES}) as server, started():
        make_home(home := tmp_path / "home", server.url)
        ran = called("crawl", "--only", "columns", home=home)
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "查看 3 项：见到 3 项，未能查看 0 项。")
    assert "（进程崩溃）；已看到的结果均已保存。" in ran.err
    assert outcomes(home) == dict.fromkeys(NAMES, "ok")


def outcomes(home: Path) -> dict[str, str | None]:
    status = called("status", "--format", "json", home=home).json["subjects"]
    return {row["id"]: row["outcome"] for row in status if row["kind"] == "column"}
