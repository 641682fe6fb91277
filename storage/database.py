"""Opening the database: SQLite beside the home directory, or PostgreSQL by address."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy.exc as db
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text

BUSY_SECONDS = 30
MIGRATIONS = Path(__file__).parent / "migrations"
NEWER = "数据库不是本版本巡检所建（{}）。请升级程序，或用本版本的备份恢复；已有数据未受影响。"
WRITERS = 0x78756E6A  # the lock that PostgreSQL writers queue for
EXAMPLE = "postgresql+psycopg://user@host/database"
REVISION = "0012"  # the newest migration; a test compares


class DatabaseError(RuntimeError):
    """The database could not be used: full, locked, unreachable. Nothing half-done remains."""


class NewerError(DatabaseError):
    """The tables are of a newer program: to try again changes nothing."""


def sqlite_url(path: Path) -> str:
    """The address of an SQLite file, whatever marks its path holds."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def connect(url: str) -> Engine:
    """Open a database. SQLite gets WAL, a busy timeout and foreign keys; writers queue up.

    A plain `postgresql://` address means the driver that comes along. Raises DatabaseError
    when the address names no database this program can use.
    """
    url = re.sub(r"\Apostgres(?:ql)?://", "postgresql+psycopg://", url)
    try:
        engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    except (db.ArgumentError, ImportError) as error:
        raise DatabaseError(f"数据库地址无法识别，应如 {EXAMPLE}：{error}") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_sqlite(raw: sqlite3.Connection, _record: Any) -> None:
    raw.isolation_level = None  # SQLAlchemy begins transactions itself, see _begin_sqlite
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
    ):
        raw.execute(f"PRAGMA {pragma}")


def _prepare_postgresql(raw: Any, _record: Any) -> None:
    # A plan for any values compares each row with a list of keys one by one: fifteen times the
    # time of one made for the values at hand.
    raw.execute("SET plan_cache_mode = force_custom_plan")
    raw.commit()


def _begin_sqlite(connection: Connection) -> None:
    # A writer that starts as a reader cannot wait for another writer: it fails at once.
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def upgrade(engine: Engine) -> None:
    """Bring the tables to this version's shape. Raises DatabaseError with the cause.

    Programs of the version before go on with them: a migration only adds.
    """
    try:
        with in_words():
            if revision(engine) != REVISION:
                _migrate(engine)
    except OSError as error:
        raise DatabaseError(explain(error)) from error


def revision(engine: Engine) -> str | None:
    """Of which version are the tables? None: there are none."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        held = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return str(held) if held is not None else None


def _migrate(engine: Engine) -> None:
    from alembic import command  # slow to import, and needed once in a version's life
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.execution_options(write=True).begin() as connection:
            queue_up(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise NewerError(NEWER.format(error)) from error


def queue_up(connection: Connection) -> None:
    """Wait for the other writers, at most BUSY_SECONDS. SQLite has done so when it began."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = {BUSY_SECONDS * 1000}"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITERS})"))


@contextmanager
def in_words() -> Iterator[None]:
    """Tell of a database that cannot be used as DatabaseError; faults of ours pass unchanged."""
    try:
        yield
    except db.DatabaseError as error:
        if isinstance(error, db.IntegrityError | db.ProgrammingError | db.DataError):
            raise
        raise DatabaseError(explain(error)) from error


def explain(error: Exception) -> str:
    """Say in Chinese what is wrong with the database and what to do."""
    told = str(getattr(error, "orig", error))
    if "full" in told or "No space" in told:
        return f"磁盘空间不足，数据库未能写入（{told}）。请清理磁盘后重试，已有数据未受影响。"
    if "locked" in told or "lock timeout" in told:
        return (
            f"数据库正被另一进程占用超过{BUSY_SECONDS}秒（{told}）。"
            "请确认没有其他巡检任务在运行，稍后重试，已有数据未受影响。"
        )
    if "readonly" in told or "unable to open" in told:
        return f"数据库文件无法打开或不可写（{told}）。请检查目录是否存在及其权限。"
    if "malformed" in told or "not a database" in told:
        return (
            f"数据库文件已损坏，或不是数据库（{told}）。"
            "请先把该文件改名保存，再用 xunjian db restore 恢复备份。"
        )
    return f"数据库不可用：{told}"
