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
from fastapi.testclient import TestClient

from app.home import Home
from app.service import scheduler, told
from app.service.pages import Answering
from app.service.scheduler import build
from app.service.told import Health, Numbers, told_routes
from app.settings import Settings
from app.web.api.answers import NO_DATABASE
from app.web.guard import COOKIE
from app.web.site import create
from storage.clock import now
from storage.database import DatabaseError, connect
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
    well, words = Health(settings, ledger, now() - hours * HOUR, lambda: alive).told()
    assert well == (words["faults"] == []) == (words["status"] == "ok")
    faults = words["faults"]
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


def test_pages_alone_are_well_however_the_tasks_fare(home: Home, ledger: Ledger) -> None:
    """Whoever spreads visitors over several of them must not take all away at once."""
    ledger.begin_task("service", now() - 1000 * HOUR)
    assert Health(home.settings(), ledger).told() == (
        True,
        {"status": "ok", "last_cycle": None, "faults": []},
    )


def test_a_service_without_its_database_is_not_well(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DatabaseError("数据库不可用：connection refused")

    monkeypatch.setattr(told, "last_success", refuse)
    assert health(home.settings(), ledger, 1) == ["database: 数据库不可用：connection refused"]


def test_pages_without_their_database_say_so_and_not_where_it_is(home: Home) -> None:
    away = Ledger(connect("postgresql://nobody@127.0.0.1:1/x"), home.path("evidence"))
    site = create(home, away)
    site.include_router(told_routes(Health(home.settings(), away)))
    with TestClient(site, cookies={COOKIE: "x"}) as client:
        page = client.get("/findings")
        program = client.get("/api/v1/findings", headers={"Authorization": "Bearer x"})
        health = client.get("/healthz")
    assert (page.status_code, NO_DATABASE in page.text) == (503, True)
    assert (program.status_code, program.json()) == (503, {"detail": NO_DATABASE})
    assert "127.0.0.1" not in page.text
    assert health.status_code == 503
    away.close()


def test_pages_are_served_on_the_address_of_web_and_on_no_other_path(
    home: Home, ledger: Ledger
) -> None:
    settings = home.settings()
    site = create(home, ledger)
    silent = Health(settings, ledger, now() - 27 * HOUR)
    site.include_router(told_routes(silent, Numbers(ledger, build(home, settings))))
    answers = {}
    with (
        Answering(site, settings.web),
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
    numbers = answers["/metrics"][1].splitlines()
    for line in (
        'xunjian_deliveries{state="dead"} 0.0',
        'xunjian_task_failures_total{task="cycle"} 0.0',
    ):
        assert line in numbers
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
