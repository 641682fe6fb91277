"""Copies of the SQLite database, taken and put back while others may be using it."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import chain, count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from storage.database import BUSY_SECONDS, MIGRATIONS, NEWER, DatabaseError, explain, upgrade

FEW_PAGES = 16  # fewer than any database of ours has: there is a step before the last


def backup(engine: Engine, target: Path) -> None:
    """Copy the database to `target`, complete and checked, or not at all.

    Its SHA-256 is put beside it, as `sha256sum -c` reads it. Raises DatabaseError, OSError.
    """
    source = _file_of(engine)
    if target.exists() and target.samefile(source):
        raise DatabaseError(f"{target} 就是数据库本身，不能作为备份文件。")
    _sum_beside(target).unlink(missing_ok=True)
    _replace(source, target, _sound)
    _sum_beside(target).write_text(f"{_sha256(target)}  {target.name}\n", encoding="utf-8")


def _replace(source: Path, target: Path, check: Callable[[Path], None]) -> None:
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        with _in_words(target):
            _copy(source, partial)
            check(partial)
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
    _as_written(source)
    _sound(source)
    saved = _unused(database.with_name(database.name + ".before-restore"))
    engine.dispose()
    # Kept once nobody else can write: what is kept is what is replaced, to the last row. It is
    # not checked: it may be the damaged one that is to be replaced.
    with _in_words(database):
        _copy(source, database, lambda: _replace(database, saved, lambda _: None))
    engine.dispose()
    upgrade(engine)
    return saved


def copy_evidence(
    folder: Path, target: Path, shortened: frozenset[str]
) -> tuple[int, tuple[str, ...]]:
    """Copy what is new or has changed; returns how many files, and those that were left alone.

    A file that became shorter is one of `shortened`, where something was given up, or it was
    damaged: then the copy is the better one and stays. Nothing is removed from the copy.
    """
    copied, refused = 0, []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        copy, is_ours = target / name, not path.name.startswith(".")
        held = copy.stat() if copy.exists() else None
        now = path.stat()
        if not is_ours or (
            held and (held.st_size, held.st_mtime_ns) == (now.st_size, now.st_mtime_ns)
        ):
            continue
        if held and now.st_size < held.st_size and name not in shortened:
            refused.append(name)
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        partial = copy.with_name(f".{copy.name}.partial")
        shutil.copy2(path, partial)
        partial.replace(copy)
        copied += 1
    return copied, tuple(refused)


def _sum_beside(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _as_written(path: Path) -> None:
    """Is the backup what was written, where its SHA-256 lies beside it? Raises DatabaseError."""
    beside = _sum_beside(path)
    if beside.is_file() and beside.read_text(encoding="utf-8").split()[:1] != [_sha256(path)]:
        raise DatabaseError(f"{path} 与 {beside.name} 所记的 SHA-256 不符，备份可能已损坏。")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unused(path: Path) -> Path:
    numbered = (path.with_name(f"{path.name}-{n}") for n in count(2))
    return next(p for p in chain([path], numbered) if not p.exists())


def _file_of(engine: Engine) -> Path:
    if engine.dialect.name != "sqlite" or not engine.url.database:
        raise DatabaseError(
            "db backup / restore 只用于内置的 SQLite；PostgreSQL 请用 pg_dump 与 pg_restore。"
        )
    return Path(engine.url.database)


def _copy(source: Path, target: Path, held: Callable[[], object] | None = None) -> None:
    """Copy all pages in one transaction of the target; `held` is called once it is locked.

    In one step a writer of the source cannot make the copy begin again and again.
    """
    pending = [held] if held is not None else []

    def progress(status: int, _remaining: int, _total: int) -> None:
        # backup() itself would try again without end while another process holds the database.
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise sqlite3.OperationalError("database is locked")
        if pending:
            pending.pop()()

    with (
        closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as old,
        closing(sqlite3.connect(target, timeout=BUSY_SECONDS)) as new,
    ):
        # The target is locked from the first step to the last.
        old.backup(new, pages=FEW_PAGES if pending else -1, progress=progress)


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
