"""Full, locked, unopenable, of another version: said in words, and nothing is lost."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import bindparam, event, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, func, select

import storage.tables  # noqa: F401
from checks.facts import Method, Outcome
from storage import database
from storage.database import DatabaseError, connect, explain, queue_up, upgrade
from storage.ledger import Ledger
from storage.ledger.visits import BROUGHT, _newest_of
from storage.tables import Run, VisitRow
from tests.storage.make import (
    COLUMN,
    DAY,
    HOUR,
    MORNING,
    address,
    capture,
    look,
    message,
    open_ledger,
    queue,
    register,
)

pytestmark = pytest.mark.usefixtures("migrations")


def pragma(ledger: Ledger, name: str) -> Any:
    with ledger.reading() as session:
        return session.execute(text(f"PRAGMA {name}")).scalar_one()


@pytest.mark.sqlite("its own switches")
def test_sqlite_waits_checks_its_references_and_lets_readers_read(ledger: Ledger) -> None:
    assert pragma(ledger, "journal_mode") == "wal"
    assert pragma(ledger, "foreign_keys") == 1
    assert pragma(ledger, "busy_timeout") == 30_000


def test_postgresql_plans_for_the_values_it_is_asked_with(pg_url: str) -> None:
    engine = connect(pg_url)
    for _ in range(2):  # a connection that was given back and is taken again
        with engine.connect() as connection:
            assert connection.execute(text("SHOW plan_cache_mode")).scalar() == "force_custom_plan"
    engine.dispose()


def test_an_empty_file_becomes_a_database_and_opening_it_again_changes_nothing(
    tmp_path: Path, database: str
) -> None:
    if database == "sqlite":
        (tmp_path / "xunjian.db").touch()
    first = open_ledger(tmp_path)
    first.load_inventory(register(), MORNING)
    first.close()
    for _ in range(2):
        again = open_ledger(tmp_path)
        upgrade(again.engine)
        assert again.inventory() == register()
        again.close()


def ours(name: str | None, *_: object) -> bool:
    """The queue of the workers brings tables of its own to PostgreSQL."""
    return not str(name).startswith("procrastinate_")


def test_the_tables_are_what_the_migrations_make(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": ours}
        )
        assert compare_metadata(context, SQLModel.metadata) == []
        tables = [each for each in inspect(connection).get_table_names() if ours(each)]
        assert len(tables) == len(SQLModel.metadata.tables) + 1


def test_the_revision_the_program_expects_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [database.REVISION]


@pytest.mark.usefixtures("database")
def test_a_database_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    engine = connect(address(tmp_path))
    with engine.execution_options(write=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                'INSERT INTO "column" (id, name, since, site, url, class, unit, level, bucket,'
                " reader) VALUES ('news', '政务动态', '2026-11-20 02:00:00', 's',"
                " 'https://www.example.cn/', 'news', 'u', 1, 'none', 'auto')"
            )
        )
    engine.dispose()
    ledger = open_ledger(tmp_path)
    (column,) = ledger.inventory()["column"]
    assert (column["id"], column["render"]) == ("news", False)
    ledger.close()


@pytest.mark.usefixtures("database")
def test_looks_and_letters_of_the_version_before_are_kept_on_the_way_up_and_down(
    tmp_path: Path,
) -> None:
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    engine = connect(address(tmp_path))

    def move(to: str, step: Any, *rows: str) -> list[Any]:
        with engine.execution_options(write=True).begin() as connection:
            config.attributes["connection"] = connection
            step(config, to)
            for row in rows:
                connection.execute(text(row))
            found = "SELECT letter.ref, letter.visit_id, visit.run_id FROM letter JOIN visit"
            return list(connection.execute(text(f"{found} ON visit.id = letter.visit_id")))

    held = move(
        "0003",
        command.upgrade,
        "INSERT INTO run (id, started_at, planned, seen, unseen)"
        " VALUES (7, '2026-11-20 02:00:00', 1, 1, 0)",
        "INSERT INTO visit (id, run_id, subject, observed_at, outcome, item_count, dated_count,"
        " unresolved) VALUES (8, 7, 'mailbox:m', '2026-11-20 02:00:00', 'ok', 1, 1, 0)",
        "INSERT INTO letter (mailbox, ref, seen_at, visit_id, title_sha256)"
        " VALUES ('mailbox:m', 'L1', '2026-11-20 02:00:00', 8, 'x')",
    )
    assert held == [("L1", 8, 7)]
    assert move("head", command.upgrade) == held
    assert move("0003", command.downgrade) == held
    engine.dispose()
    ledger = open_ledger(tmp_path)
    (state,) = ledger.letters(MORNING + DAY)["mailbox:m"]
    assert (state.letter.ref, state.method) == ("L1", Method.CRAWL)
    ledger.close()


@pytest.mark.sqlite("asks SQLite for its plan; test_indexes asks PostgreSQL")
def test_what_persons_brought_is_found_without_reading_years_of_looks(ledger: Ledger) -> None:
    given = {"k0": "account:a", "at": MORNING, "outcomes": ["ok"]}
    with ledger.reading() as session:
        for methods in (BROUGHT, (Method.EXPORT,)):
            statement = _newest_of(1, methods)
            plan = session.connection().execute(
                text(f"EXPLAIN QUERY PLAN {statement.text}").bindparams(
                    bindparam("outcomes", expanding=True)
                ),
                given,
            )
            assert "USING INDEX ix_visit_brought" in str(plan.all())


def test_opening_a_database_that_is_up_to_date_waits_for_no_writer(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.load_inventory(register(), MORNING)
    with held(address(tmp_path)):
        other = open_ledger(tmp_path)
        assert other.inventory() == register()
        other.close()


@pytest.mark.usefixtures("database")
def test_many_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    start = threading.Barrier(6)
    outcomes: list[object] = []

    def open_it() -> None:
        start.wait()
        try:
            opened = open_ledger(tmp_path)
            outcomes.append(opened.is_loaded())
            opened.close()
        except Exception as error:
            outcomes.append(error)
            raise

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [False] * 6


def test_a_database_of_a_newer_version_is_left_alone(ledger: Ledger, tmp_path: Path) -> None:
    ledger.load_inventory(register(), MORNING)
    with ledger.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match=r"不是本版本巡检所建.*9999.*请升级程序"):
        open_ledger(tmp_path)
    assert ledger.inventory() == register()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite:////nowhere/at/all/xunjian.db", "无法打开或不可写"),
        ("xunjian.db", "数据库地址无法识别"),
        ("nosuch+driver://host/x", "数据库地址无法识别"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/x", "数据库不可用"),
    ],
)
def test_a_database_that_cannot_be_opened_is_said_in_words(
    url: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseError, match=told):
        Ledger.open(url, tmp_path)


@pytest.mark.sqlite("a file")
def test_a_folder_or_a_file_of_something_else_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "xunjian.db").write_bytes(b"not a database, but long enough " * 64)
    with pytest.raises(DatabaseError, match="不是数据库"):
        open_ledger(tmp_path)
    (tmp_path / "other").mkdir()
    with pytest.raises(DatabaseError, match="无法打开"):
        Ledger.open(f"sqlite:///{tmp_path / 'other'}", tmp_path)


@pytest.mark.sqlite("a file")
def test_a_database_damaged_in_the_middle_is_said_in_words(tmp_path: Path) -> None:
    first = open_ledger(tmp_path)
    first.load_inventory(register(), MORNING)
    first.close()
    path = tmp_path / "xunjian.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(DatabaseError, match="已损坏"):
        open_ledger(tmp_path).inventory()


@contextmanager
def held(url: str) -> Iterator[None]:
    """Another process in the middle of writing."""
    engine = connect(url)
    with engine.execution_options(write=True).begin() as other:
        queue_up(other)
        yield
    engine.dispose()


@pytest.fixture
def impatient(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    # For PostgreSQL 0 is to wait for ever.
    monkeypatch.setattr(
        "storage.database.BUSY_SECONDS", {"sqlite": 0, "postgresql": 0.001}[database]
    )
    opened = open_ledger(tmp_path)
    yield opened
    opened.close()


def test_a_writer_kept_waiting_too_long_says_so_and_nothing_is_lost(
    impatient: Ledger, tmp_path: Path
) -> None:
    impatient.load_inventory(register(), MORNING)
    run = impatient.start_run(1, MORNING)
    look(impatient, MORNING, run=run, captures=(capture("http://a.cn/", b"first"),))
    with held(address(tmp_path)):
        with pytest.raises(DatabaseError, match=r"^数据库正被另一进程占用超过0(\.001)?秒"):
            look(impatient, MORNING + HOUR, run=run, captures=(capture("http://a.cn/", b"2nd"),))
        with pytest.raises(DatabaseError, match="已有数据未受影响"):
            impatient.load_inventory(register(account=[]), MORNING + DAY)
        assert impatient.inventory() == register()
        history = impatient.histories([COLUMN], MORNING + DAY)[COLUMN]
        assert history.last is not None
        assert history.last.observed_at == MORNING
    look(impatient, MORNING + 2 * HOUR, run=run, captures=(capture("http://a.cn/", b"third"),))
    assert list(impatient.evidence.check(iter(impatient.evidence_links()))) == []
    assert impatient.finish_run(run, MORNING + DAY) == (2, 0)


@pytest.mark.usefixtures("database")
def test_writers_that_meet_wait_for_each_other(tmp_path: Path) -> None:
    ledgers = [open_ledger(tmp_path) for _ in range(3)]
    start = threading.Barrier(6)

    def work(ledger: Ledger, number: int) -> None:
        start.wait()
        for turn in range(15):
            body = f"{number} {turn}".encode()
            look(ledger, MORNING, Outcome.EMPTY, captures=(capture("http://a.cn/", body),))

    threads = [threading.Thread(target=work, args=(ledgers[n % 3], n)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(ledgers[0], VisitRow) == 90
    links = list(ledgers[0].evidence_links())
    assert len(links) == 90
    assert list(ledgers[0].evidence.check(iter(links))) == []
    for ledger in ledgers:
        ledger.close()


def count(ledger: Ledger, table: type[SQLModel]) -> int:
    with ledger.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


@pytest.mark.sqlite("a disk of its own for PostgreSQL is none of a test's")
def test_a_full_disk_says_so_and_what_was_written_stays(ledger: Ledger, tmp_path: Path) -> None:
    ledger.load_inventory(register(), MORNING)
    look(ledger, MORNING, captures=(capture("http://a.cn/", b"before"),))
    queue(ledger, message("one"))
    pages = pragma(ledger, "page_count")

    def small_disk(raw: sqlite3.Connection, _record: object) -> None:
        raw.execute(f"PRAGMA max_page_count = {pages}")

    ledger.engine.dispose()
    event.listen(ledger.engine, "connect", small_disk)
    told = r"^磁盘空间不足，数据库未能写入（database or disk is full）.*已有数据未受影响"
    run = ledger.start_run(1, MORNING)
    with pytest.raises(DatabaseError, match=told):
        look(
            ledger,
            MORNING + HOUR,
            run=run,
            note="长" * 50_000,
            captures=(capture("http://a.cn/", b"during"),),
        )
    with pytest.raises(DatabaseError, match=told), ledger.writing() as session:
        session.add_all(Run(started_at=MORNING, planned=n) for n in range(5000))
    event.remove(ledger.engine, "connect", small_disk)
    ledger.close()

    again = open_ledger(tmp_path)
    assert pragma(again, "integrity_check") == "ok"
    assert again.inventory() == register()
    assert (count(again, VisitRow), count(again, Run)) == (1, 2)
    assert [delivery.message for delivery in again.deliveries()] == [message("one")]
    look(again, MORNING + DAY, captures=(capture("http://a.cn/", b"after"),))
    assert list(again.evidence.check(iter(again.evidence_links()))) == []
    again.close()


def test_a_fault_of_ours_is_not_called_a_fault_of_the_database(ledger: Ledger) -> None:
    orphan = VisitRow(run_id=99, subject=COLUMN, observed_at=MORNING, outcome="ok")
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), ledger.writing() as session:
        session.add_all([Run(id=1, started_at=MORNING, planned=1), orphan])
    assert count(ledger, Run) == 0


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("could not extend file: No space left on device", "磁盘空间不足"),
        ("canceling statement due to lock timeout", "正被另一进程占用"),
        ("attempt to write a readonly database", "无法打开或不可写"),
        ("disk I/O error", "数据库不可用：disk I/O error"),
    ],
)
def test_what_a_driver_says_is_explained(raw: str, told: str) -> None:
    assert told in explain(OSError(raw))
