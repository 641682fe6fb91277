"""Empty databases that get their tables from one that the migrations have made.

The migrations take a fifth of a second, and the tests open hundreds of databases that are gone a
moment later.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from threading import Lock

import pytest
from sqlalchemy import Engine

from storage import database

MIGRATE = database._migrate


class Copied:
    """Migrates the first SQLite file without tables, and copies that into every other one."""

    def __init__(self) -> None:
        self._made = sqlite3.connect(":memory:", check_same_thread=False)
        self._lock = Lock()

    def __call__(self, engine: Engine) -> None:
        if engine.dialect.name != "sqlite":
            MIGRATE(engine)
            return
        with self._lock, closing(engine.raw_connection()) as held:
            file: sqlite3.Connection = held.driver_connection  # type: ignore[assignment]
            # What cannot be copied, as into a file that is locked, is said by the migrations.
            empty = False
            with suppress(sqlite3.Error):
                empty = _tables(file) == 0
                if empty and _tables(self._made):
                    self._made.backup(file)
                    return
        MIGRATE(engine)
        if empty:
            with self._lock, closing(engine.raw_connection()) as held:
                held.driver_connection.backup(self._made)  # type: ignore[union-attr]


def _tables(file: sqlite3.Connection) -> int:
    return int(file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


@pytest.fixture(scope="session", autouse=True)
def tables_are_copied() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_migrate", Copied())
        yield


@pytest.fixture
def migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of the databases themselves: the migrations make every one of them."""
    monkeypatch.setattr(database, "_migrate", MIGRATE)
