"""How large are the database and the evidence?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from storage.database import in_words

TABLES = {"visit": "访问", "item": "信息条目", "letter": "来信", "finding": "问题"}


@dataclass(frozen=True, slots=True)
class DatabaseSize:
    """Bytes in all, rows by what they are. `estimated`: counted by the server's statistics."""

    bytes: int
    rows: Mapping[str, int]
    estimated: bool


def database_size(engine: Engine) -> DatabaseSize:
    """Ask the database itself. Raises DatabaseError."""
    with in_words(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            size = _number(connection, "SELECT pg_database_size(current_database())")
            rows = {words: _estimate(connection, name) for name, words in TABLES.items()}
            return DatabaseSize(size, rows, estimated=True)
        pages = _number(connection, "PRAGMA page_count") * _number(connection, "PRAGMA page_size")
        rows = {words: _count(connection, name) for name, words in TABLES.items()}
        return DatabaseSize(pages, rows, estimated=False)


def _count(connection: Connection, table: str) -> int:
    return _number(connection, f"SELECT count(*) FROM {table}")  # noqa: S608


def _estimate(connection: Connection, table: str) -> int:
    """A province's visits are counted in minutes, and known to the server about as well; -1: not
    yet, as of a table that is new or small."""
    known = f"SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass('{table}')"  # noqa: S608
    rows = _number(connection, known)
    return rows if rows >= 0 else _count(connection, table)


def _number(connection: Connection, question: str) -> int:
    return int(connection.exec_driver_sql(question).scalar() or 0)


def bytes_in(folder: Path) -> int:
    """How much do the files below a folder hold?"""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
