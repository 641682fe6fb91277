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
            return DatabaseSize(size, _rows(connection, ESTIMATE), estimated=True)
        pages = _number(connection, "PRAGMA page_count") * _number(connection, "PRAGMA page_size")
        return DatabaseSize(pages, _rows(connection, COUNT), estimated=False)


COUNT = "SELECT count(*) FROM {}"
# A province's visits are counted in minutes, and known to the server about as well.
ESTIMATE = "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass('{}')"


def _rows(connection: Connection, question: str) -> dict[str, int]:
    return {words: _number(connection, question.format(name)) for name, words in TABLES.items()}


def _number(connection: Connection, question: str) -> int:
    return int(connection.exec_driver_sql(question).scalar() or 0)


def bytes_in(folder: Path) -> int:
    """How much do the files below a folder hold?"""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
