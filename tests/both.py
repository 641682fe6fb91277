"""The same test on SQLite and on PostgreSQL.

A test that asks for `database`, by its module's `pytestmark` or by a fixture, runs once on each.
What opens a ledger asks `address` where the rows are: on SQLite in that file; on PostgreSQL in a
database that stands for it, named in a small file beside, so that a home that is copied has a copy
of its own. A fixture that makes a home for a module must ask for `database` too.

`@pytest.mark.sqlite("why")`: the test speaks of SQLite itself and runs there alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Lock

import psycopg
import pytest

from storage import database
from storage.ledger import Ledger
from tests import both
from tests.tables import MIGRATE

KINDS = ("sqlite", "postgresql")
NUMBERS = count(1)
KEPT = 4  # emptied databases that wait for the next test; each is 8 MB on the disk
ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = %s AND pid <> pg_backend_pid()
"""
# Without rows, and numbers begin at 1 again. TRUNCATE of all tables takes fifty times as long.
EMPTIED = """
DO $$ DECLARE t record; BEGIN
SET LOCAL session_replication_role = replica;
FOR t IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
    AND relkind = 'r' AND relname <> 'alembic_version'
LOOP EXECUTE format('DELETE FROM %I', t.relname); END LOOP;
PERFORM setval(oid::regclass, 1, false) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S';
END $$
"""


@dataclass
class Place:
    """What stands for a file: a database, and whether its name has been written beside it."""

    name: str
    written: bool = False


class Server:
    """The databases of one server: empty ones with tables, and those that tests now use."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._server = psycopg.connect(f"{url}/postgres", autocommit=True)
        self._hands: dict[str, psycopg.Connection] = {}
        self._free: list[str] = []
        self._taken: list[str] = []
        self._places: dict[Path, Place] = {}
        self._lock = Lock()

    def address(self, path: Path) -> str:
        """Where are the rows that SQLite would have in this file?"""
        assert not path.exists(), f"{path} is SQLite: what made it must ask for `database`"
        beside = _beside(path)
        with self._lock:
            place, held = self._places.get(path), beside.exists()
            if place is None or (place.written and not held):
                name = self._copied(beside.read_text()) if held else self._empty()
                self._taken.append(name)
                self._places[path] = place = Place(name)
            if not place.written and path.parent.exists():
                beside.write_text(place.name)
                place.written = True
            return f"{self._url}/{place.name}"

    @contextmanager
    def lent(self) -> Iterator[None]:
        """What is taken in between is given back at the end."""
        before = len(self._taken)
        yield
        while len(self._taken) > before:
            self._give_back(self._taken.pop())

    def close(self) -> None:
        for each in (self._server, *self._hands.values()):
            each.close()

    def _empty(self) -> str:
        if database._migrate is MIGRATE:
            return self._create("bare", "template1")
        if not self._made():
            self._server.execute("CREATE DATABASE made")
            engine = database.connect(f"{self._url}/made")
            MIGRATE(engine)
            engine.dispose()
        return self._free.pop() if self._free else self._create("empty", "made")

    def _made(self) -> bool:
        found = self._server.execute("SELECT FROM pg_database WHERE datname = 'made'")
        return found.fetchone() is not None

    def _copied(self, name: str) -> str:
        self._let_go(name)
        self._server.execute(ALONE, [name])
        return self._create("copy", name)

    def _create(self, kind: str, like: str) -> str:
        name = f"{kind}{next(NUMBERS)}"
        self._server.execute(f"CREATE DATABASE {name} TEMPLATE {like}".encode())
        return name

    def _give_back(self, name: str) -> None:
        for path in [path for path, place in self._places.items() if place.name == name]:
            del self._places[path]
            _beside(path).unlink(missing_ok=True)
        if name.startswith("empty") and len(self._free) < KEPT:
            hand = self._hands.get(name)
            if hand is None:
                hand = psycopg.connect(f"{self._url}/{name}", autocommit=True)
                self._hands[name] = hand
            hand.execute(ALONE, [name])
            hand.execute(EMPTIED)
            self._free.append(name)
            return
        self._let_go(name)
        self._server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def _let_go(self, name: str) -> None:
        if name in self._hands:
            self._hands.pop(name).close()


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.postgresql")


_now: Server | None = None


def address(path: Path) -> str:
    """The address of the database that stands for this SQLite file in the running test."""
    return _now.address(path) if _now is not None else database.sqlite_url(path)


def environment(home: Path) -> dict[str, str]:
    """What a command must find in its environment to use this home's database."""
    if _now is None:
        return {}
    return {"XUNJIAN_DATABASE_URL": _now.address(home / "xunjian.db")}


@pytest.fixture(scope="session")
def databases(postgres: str) -> Iterator[Server]:
    held = Server(postgres)
    yield held
    held.close()


@pytest.fixture(scope="module", name="database")
def database_of_test(request: pytest.FixtureRequest) -> Iterator[str]:
    """The database of this test, `sqlite` or `postgresql`."""
    global _now
    if request.param == "sqlite":
        yield request.param
        return
    _now = request.getfixturevalue("databases")
    try:
        with _now.lent(), pytest.MonkeyPatch.context() as patch:
            patch.setattr("app.home.sqlite_url", address)
            yield request.param
    finally:
        _now = None


@pytest.fixture(autouse=True)
def databases_are_given_back(request: pytest.FixtureRequest) -> Iterator[None]:
    """By each test; those of a module's fixtures at the module's end."""
    if _now is None:
        yield
    elif "database" in request.fixturenames:
        with _now.lent():
            yield
    else:  # between tests that ask for one
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(both, "_now", None)
            yield


@pytest.fixture
def ledger(tmp_path: Path, database: str) -> Iterator[Ledger]:
    """A fresh one."""
    opened = Ledger.open(address(tmp_path / "xunjian.db"), tmp_path / "evidence")
    yield opened
    opened.close()


def on_both(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `database` on each of them."""
    if "database" in metafunc.fixturenames:
        alone = metafunc.definition.get_closest_marker("sqlite")
        kinds = KINDS[:1] if alone else KINDS
        metafunc.parametrize("database", kinds, indirect=True, scope="module")
