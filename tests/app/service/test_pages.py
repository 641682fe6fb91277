"""What a monitoring program is told: well, or not and why."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from app.service import pages, scheduler
from app.service.pages import Health, Pages
from app.service.scheduler import build
from app.settings import Home, Settings
from storage.clock import now
from storage.database import DatabaseError
from storage.ledger import Ledger
from tests.notify.test_smtp import free_port

HOUR = timedelta(hours=1)


@pytest.fixture
def home(tmp_path: Path, database: str) -> Home:
    settings = f"[web]\nport = {free_port()}\n[schedule]\nprobe = ''\n"
    tmp_path.joinpath("settings.toml").write_text(settings, encoding="utf-8")
    return Home(tmp_path)


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = home.open_ledger()
    yield opened
    opened.close()


def health(settings: Settings, ledger: Ledger, hours: int, alive: bool = True) -> list[str]:
    """The faults of a service that first served so many hours ago."""
    well, told = Health(settings, ledger, now() - hours * HOUR, lambda: alive).told()
    assert well == (told["faults"] == []) == (told["status"] == "ok")
    faults = told["faults"]
    assert isinstance(faults, list)
    return faults


def test_a_service_is_well_until_nothing_has_succeeded_for_too_long(
    home: Home, ledger: Ledger
) -> None:
    settings = home.settings()
    assert health(settings, ledger, 25) == []
    assert health(settings, ledger, 27) == ["no cycle has succeeded for 26 hours"]
    run = ledger.begin_task("cycle", now() - HOUR)
    ledger.end_task(run, now(), ok=True)
    assert health(settings, ledger, 27) == []
    assert health(settings, ledger, 1, alive=False) == ["the scheduler has ended"]


def test_a_service_without_its_database_is_not_well(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DatabaseError("数据库不可用：connection refused")

    monkeypatch.setattr(pages, "last_success", refuse)
    assert health(home.settings(), ledger, 1) == ["database: 数据库不可用：connection refused"]


def test_pages_are_served_on_the_address_of_web_and_on_no_other_path(
    home: Home, ledger: Ledger
) -> None:
    settings = home.settings()
    waiting = build(home, settings)
    answers = {}
    silent = now() - 27 * HOUR
    with (
        Pages(home, settings, ledger, waiting, silent, lambda: True),
        socket.create_connection((settings.web.host, settings.web.port)),
    ):
        for path in ("/healthz", "/metrics", "/login", "/etc/passwd"):
            url = f"http://127.0.0.1:{settings.web.port}{path}"
            try:
                with urllib.request.urlopen(url) as answer:
                    answers[path] = (answer.status, answer.read().decode())
            except urllib.error.HTTPError as error:
                answers[path] = (error.code, error.read().decode())
    assert {path: code for path, (code, _) in answers.items()} == {
        "/healthz": 503,
        "/metrics": 200,
        "/login": 200,
        "/etc/passwd": 404,
    }
    assert json.loads(answers["/healthz"][1])["status"] == "failing"
    told = answers["/metrics"][1].splitlines()
    for line in (
        'xunjian_deliveries{state="dead"} 0.0',
        'xunjian_task_failures_total{task="cycle"} 0.0',
    ):
        assert line in told
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((settings.web.host, settings.web.port))


def test_a_service_whose_scheduler_died_ends_so_that_it_is_started_anew(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "LOOK_SECONDS", 0)
    # No thread starts: as after a fault that ended it.
    monkeypatch.setattr(BackgroundScheduler, "resume", lambda _: None)
    faults: list[str] = []
    began = home.settings()
    scheduler._rounds(home, began, ledger, build(home, began), now(), Event(), faults)
    assert faults == ["计划线程已中止。"]


def test_a_round_that_fails_does_not_end_the_service(
    home: Home, ledger: Ledger, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise DatabaseError("数据库不可用")

    monkeypatch.setattr(scheduler, "watch", fail)
    monkeypatch.setattr(scheduler, "owed", lambda *_: [])
    jobs = build(home, Settings())
    scheduler.look_after(home, Settings(), ledger, jobs, now())
    assert [record.message for record in caplog.records] == ["the hourly round failed"]
