"""After a move to PostgreSQL every command says the same, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.home import Home
from checks.facts import Outcome
from tests.app.assessed import home_in, third_quarter
from tests.app.run import called
from tests.storage.make import MORNING, capture, item, look

COMMANDS = (
    ("status", "--format", "json"),
    ("status", "--format", "json", "--as-of", "2026-09-15"),
    ("findings", "--format", "json"),
    ("assess", "--period", "2026Q3", "--format", "json"),
    ("assess", "--period", "2026Q3"),
    ("evidence", "verify"),
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home, ledger = home_in(tmp_path)
    third_quarter(ledger)
    page = (capture("http://127.0.0.1:9/dt.html", b"<p>page</p>"),)
    look(ledger, MORNING, Outcome.OK, item("甲"), subject="column:dt", captures=page)
    ledger.close()
    return home


def told(home: Home) -> list[tuple[int, str, str]]:
    return [
        (ran.code, ran.out, ran.err)
        for ran in (called(*words, home=home.folder) for words in COMMANDS)
    ]


def test_status_findings_assessment_and_evidence_are_the_same_bytes_in_postgresql(
    home: Home, pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told(home)
    assert [code for code, _, _ in before] == [0] * len(COMMANDS)
    ran = called("db", "copy", pg_url, home=home.folder)
    assert ran.code == 0
    assert "visit：" in ran.err
    home.path("xunjian.db").unlink()
    monkeypatch.setenv("XUNJIAN_DATABASE_URL", pg_url)
    assert told(home) == before
    assert not home.path("xunjian.db").exists()
    again = called("db", "copy", pg_url, home=home.folder)
    assert (again.code, again.err) == (4, "运行失败：目标就是本数据库，未复制。\n")
