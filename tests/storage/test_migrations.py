"""A migration only adds: programs of the version before go on while the next ones are started."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from storage import database
from storage.database import connect, queue_up, sqlite_url

FIRST = "0008"  # from here on programs of two versions run side by side
Shape = dict[str, dict[str, Any]]


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    on_file = request.param == "sqlite"
    url = sqlite_url(tmp_path / "x.db") if on_file else request.getfixturevalue("pg_url")
    opened = connect(url)
    yield opened
    opened.dispose()


def shape(connection: Connection) -> Shape:
    """Every table: its columns by name, and what it refuses."""
    look = inspect(connection)
    return {
        table: {
            "columns": {each["name"]: each for each in look.get_columns(table)},
            "unique": _sets(look.get_unique_constraints(table), look.get_indexes(table)),
            "checks": {each["sqltext"] for each in look.get_check_constraints(table)},
            "foreign": _sets(look.get_foreign_keys(table), key="constrained_columns"),
        }
        for table in look.get_table_names()
    }


def _sets(*found: Any, key: str = "column_names") -> set[tuple[str, ...]]:
    return {
        tuple(sorted(filter(None, each[key])))
        for rows in found
        for each in rows
        if each.get("unique", True)
    }


def broken(before: Shape, after: Shape) -> list[str]:
    """What would a program that knows the shape before stumble over?"""
    found = [f"{table} is gone" for table in before if table not in after]
    for table in before.keys() & after.keys():
        old, new = before[table]["columns"], after[table]["columns"]
        for name in old.keys() - new.keys():
            found.append(f"{table}.{name} is gone")
        for name in old.keys() & new.keys():
            kinds = str(old[name]["type"]), str(new[name]["type"])
            if kinds[0] != kinds[1] and kinds != ("INTEGER", "BIGINT"):
                found.append(f"{table}.{name} is of another type")
            if old[name]["nullable"] and not new[name]["nullable"]:
                found.append(f"{table}.{name} has to be given")
        for name in new.keys() - old.keys():
            if not new[name]["nullable"] and new[name]["default"] is None:
                found.append(f"{table}.{name} has to be given")
        for kind in ("unique", "foreign"):
            for columns in after[table][kind] - before[table][kind]:
                if old.keys() >= set(columns):
                    found.append(f"{table}: {kind} {', '.join(columns)}")
        for check in after[table]["checks"] - before[table]["checks"]:
            found.append(f"{table}: check {check}")
    return sorted(found)


def test_every_migration_leaves_programs_of_the_version_before_at_work(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    steps = [
        each.revision for each in ScriptDirectory.from_config(config).walk_revisions(FIRST, "head")
    ]
    assert steps[-1] == FIRST
    assert len(steps) > 1
    before: Shape | None = None
    for revision in reversed(steps):
        with engine.execution_options(write=True).begin() as connection:
            queue_up(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
        with engine.connect() as connection:
            after = shape(connection)
        if before is not None:
            assert broken(before, after) == [], revision
        before = after


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ALTER TABLE t ADD COLUMN c TEXT", []),
        ("ALTER TABLE t ADD COLUMN c TEXT NOT NULL DEFAULT ''", []),
        ("CREATE TABLE u (id INTEGER NOT NULL)", []),
        ("CREATE INDEX i ON t (a)", []),
        ("DROP TABLE t; CREATE TABLE t (a TEXT, b TEXT, c TEXT NOT NULL)", ["t.c has to be given"]),
        ("DROP TABLE t; CREATE TABLE t (a TEXT NOT NULL, b TEXT)", ["t.a has to be given"]),
        ("DROP TABLE t; CREATE TABLE t (a INTEGER, b TEXT)", ["t.a is of another type"]),
        ("DROP TABLE t; CREATE TABLE t (a TEXT, b TEXT CHECK (b > ''))", ["t: check b > ''"]),
        ("ALTER TABLE t RENAME COLUMN a TO c", ["t.a is gone"]),
        ("CREATE UNIQUE INDEX i ON t (b, a)", ["t: unique a, b"]),
        ("ALTER TABLE t RENAME TO u", ["t is gone"]),
    ],
)
def test_what_would_stop_them_is_named(change: str, told: list[str]) -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (a TEXT, b TEXT)"))
        before = shape(connection)
        for step in change.split(";"):
            connection.execute(text(step))
        assert broken(before, shape(connection)) == told
    engine.dispose()
