"""The service as an operator runs it: a process that is asked, stopped, killed and started anew."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event
from typing import IO

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.home import Home
from tests.app.run import called, xunjian
from tests.app.test_bad_input import SETTINGS, UNIT, list_page, site
from tests.crawler.processes import await_end, descendants
from tests.crawler.server import Answer, page, serving
from tests.notify.test_smtp import free_port

OLD = list_page("2020-01-01")
PATIENT = SETTINGS.replace("timeout_seconds = 2", "timeout_seconds = 120")
# Nothing but what is owed runs: no test waits for an hour to strike.
SCHEDULE = """\
[schedule]
cycle = "30 7 * * *"
weekly = ""
probe = ""
deliver = ""
quarterly = ""
halfyear = ""
upkeep = ""
[web]
port = PORT
[log]
format = "json"
"""


def held(asked: Event, let_go: Event) -> Answer:
    """A page that keeps its visitor waiting until it is let go."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        let_go.wait()
        page(OLD)(handler)

    return answer


@contextmanager
def service(home: Home, *words: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("XUNJIAN_")} | more
    command = [sys.executable, "-m", "app", "serve", *words, "--home", str(home.folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=clean) as process:
        try:
            yield process
        finally:
            process.kill()


def said(stream: IO[str] | None, word: str) -> str:
    """Read what the service says up to the line that holds `word`."""
    assert stream is not None
    heard = []
    for line in stream:
        heard.append(line)
        if word in line:
            return line
    raise AssertionError(f"{word} was never said: {''.join(heard)}")


def asked(home: Home, path: str) -> tuple[int, str]:
    web = home.settings().web
    try:
        with urllib.request.urlopen(f"http://{web.host}:{web.port}{path}") as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def home(tmp_path: Path, database: str) -> Home:
    schedule = SCHEDULE.replace("PORT", str(free_port()))
    tmp_path.joinpath("settings.toml").write_text(PATIENT + schedule, encoding="utf-8")
    return Home(tmp_path)


@pytest.mark.sqlite("of processes; tests/app/killing kills them on both")
def test_a_service_that_is_stopped_and_killed_in_its_first_cycle_ends_it_when_started_anew(
    home: Home,
) -> None:
    came, let_go = Event(), Event()
    with serving({"/": page(OLD), "/dt.html": held(came, let_go)}) as server:
        home.path("inventory.toml").write_text(UNIT + site(server.url), encoding="utf-8")
        with service(home) as process:
            assert came.wait(60)
            assert json.loads(asked(home, "/healthz")[1])["last_cycle"] is None
            for ran, words in (
                (called("cycle", home=home.folder), "正在进行巡检"),
                (xunjian("serve", home=home.folder), "正在进行服务"),
            ):
                assert (ran.code, words in ran.err) == (4, True), ran.err
            (child,) = descendants("crawler.child")
            process.send_signal(signal.SIGTERM)
            said(process.stderr, "服务已停止")
            assert process.wait() == 0
            await_end(child)
        came.clear()
        with service(home) as process:
            assert came.wait(60)
            process.kill()
            process.wait()
        let_go.set()
        with service(home) as process:
            assert "2 seen, 0 not seen" in said(process.stderr, '"cycle: ')
            code, words = asked(home, "/healthz")
            numbers = metrics(asked(home, "/metrics")[1])
            process.send_signal(signal.SIGTERM)
            assert process.wait() == 0
    ledger = home.open_ledger()
    good, killed, stopped = ledger.last_tasks("cycle", 3)
    (finding,) = ledger.findings()
    left = [ledger.lease(name) for name in ("service", "cycle", "deliver")]
    ledger.close()
    assert (good.ok, killed.ok, killed.finished_at, stopped.ok) == (True, None, None, None)
    assert stopped.note == "服务正在停止，爬取已中止；已看到的结果均已保存。"
    assert (finding.key.subject, finding.key.rule) == ("column:dt", "news_2w")
    assert left == [None, None, None]
    assert (code, json.loads(words)["status"]) == (200, "ok")
    started = good.started_at.timestamp()
    assert numbers["xunjian_task_last_success_timestamp_seconds", "cycle"] == started
    assert numbers["xunjian_last_crawl_subjects", "seen"] == 2
    with sqlite3.connect(home.path("schedule.db")) as kept:
        assert kept.execute("SELECT id FROM apscheduler_jobs").fetchall() == [("cycle",)]


def metrics(text: str) -> dict[tuple[str, str], float]:
    """Each sample by its name and its only label, as a monitoring server reads it."""
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
