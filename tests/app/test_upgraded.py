"""An upgrade that is under way: programs of the version before, on the tables of the next one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from app.service.scheduler import run_named
from checks.handling import Action as Step
from storage.database import NewerError
from tests.app.life import Life
from tests.app.run import called
from tests.app.web.forms import form_of, send
from tests.app.web.office import live, make, visited

PAGES = ("/", "/findings", "/findings/1", "/columns/dt", "/runs", "/inventory?table=column")
PREPARED = 6  # times after which PostgreSQL's driver keeps a statement as it was planned


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    yield from live(make(tmp_path / "made"), tmp_path / "home", monkeypatch)


def grow(engine: Engine) -> None:
    """What a migration of the next version may do: add columns, a table, an index."""
    with engine.begin() as connection:
        for table in SQLModel.metadata.tables:
            connection.execute(text(f'ALTER TABLE "{table}" ADD COLUMN of_the_next TEXT'))
        connection.execute(text("CREATE TABLE of_the_next (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE INDEX ix_of_the_next ON visit (of_the_next)"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def test_what_runs_goes_on_and_what_is_started_anew_says_that_it_is_too_old(
    life: Life, pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert called("db", "copy", pg_url, home=life.home.folder).code == 0
    monkeypatch.setenv("XUNJIAN_DATABASE_URL", pg_url)
    ledger = life.home.open_ledger()
    with visited(Life(life.home, ledger, life.at)) as visit:
        for path in PAGES * PREPARED:
            assert visit.status(path) == 200, path
        grow(ledger.engine)
        for path in PAGES:
            assert visit.status(path) == 200, path
        action, held = form_of(visit.get("/findings/1"), Step.CONFIRM)
        assert send(visit, action, held).status_code == 303
    run_named(str(life.home.folder), "deliver")
    (run,) = ledger.last_tasks("deliver", 9)
    assert (run.ok, run.note) == (True, None)
    with pytest.raises(NewerError, match="请升级程序"):
        life.home.open_ledger()
    ran = called("status", home=life.home.folder)
    assert (ran.code, ran.err.startswith("数据库不是本版本巡检所建")) == (2, True)
    ledger.close()
