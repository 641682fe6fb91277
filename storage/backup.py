"""Copies of the SQLite database, taken and put back while others may be using it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import chain, count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from storage.database import BUSY_SECONDS, MIGRATIONS, NEWER, DatabaseError, explain, upgrade


def backup(engine: Engine, target: Path) -> None:
    """Copy the database to `target`, complete or not at all. Raises DatabaseError, OSError."""
    source = _file_of(engine)
    if target.exists() and target.samefile(source):
        raise DatabaseError(f"{target} 就是数据库本身，不能作为备份文件。")
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        with _in_words(target):
            _copy(source, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def restore(engine: Engine, source: Path) -> Path:
    """Put a backup back; returns where the database as it was is kept. Raises DatabaseError.

    What an earlier restore kept is never written over: it may be the very backup wanted.
    """
    database = _file_of(engine)
    if not source.is_file():
        raise DatabaseError(f"备份文件 {source} 不存在。")
    if source.samefile(database):
        raise DatabaseError(f"{source} 就是数据库本身，不是备份。")
    _sound(source)
    saved = _unused(database.with_name(database.name + ".before-restore"))
    backup(engine, saved)
    engine.dispose()
    with _in_words(database):
        _copy(source, database)
    upgrade(engine)
    return saved


def _unused(path: Path) -> Path:
    numbered = (path.with_name(f"{path.name}-{n}") for n in count(2))
    return next(p for p in chain([path], numbered) if not p.exists())


def _file_of(engine: Engine) -> Path:
    if engine.dialect.name != "sqlite" or not engine.url.database:
        raise DatabaseError(
            "db backup / restore 只用于内置的 SQLite；PostgreSQL 请用 pg_dump 与 pg_restore。"
        )
    return Path(engine.url.database)


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as old,
        closing(sqlite3.connect(target, timeout=BUSY_SECONDS)) as new,
    ):
        old.backup(new, progress=_not_for_ever)


def _not_for_ever(status: int, _remaining: int, _total: int) -> None:
    # backup() itself would try again without end while another process holds the database.
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise sqlite3.OperationalError("database is locked")


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DatabaseError(f"{path}：{explain(error)}") from error


def _sound(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as raw:
            told = raw.execute("PRAGMA integrity_check").fetchone()[0]
            revision = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise DatabaseError(f"{path} 不是可用的巡检数据库备份：{error}") from error
    if told != "ok":
        raise DatabaseError(f"{path} 已损坏：{told}")
    _known(path, revision)


def _known(path: Path, revision: Any) -> None:
    from alembic.script import ScriptDirectory

    revisions = {script.revision for script in ScriptDirectory(MIGRATIONS).walk_revisions()}
    if revision is None or revision[0] not in revisions:
        raise DatabaseError(f"{path}：{NEWER.format(revision)}")
