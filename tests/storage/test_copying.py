"""A whole ledger moves from SQLite to PostgreSQL and back, every value as it was, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import JSON, BigInteger, Boolean, Date, Integer, LargeBinary, Table, select
from sqlalchemy import insert as insert_into
from sqlmodel.sql.sqltypes import UTCDateTime

from checks.facts import Outcome
from storage import copying, database
from storage.bulk import put_rows
from storage.copying import copy_database, tables
from storage.database import DatabaseError, connect, upgrade
from storage.ledger import Ledger
from storage.tables import LeaseRow, ProbeRow, VisitRow
from tests.storage.make import MORNING, address, capture, item, look, open_ledger, register

pytestmark = pytest.mark.usefixtures("migrations")
FROM_SQLITE = pytest.mark.sqlite("goes from SQLite to PostgreSQL, or from file to file")

WORDS = "海安 '\"\\ \\N \t\r\n 😀 %s {x} <b>&"


def value(column: Any, number: int) -> Any:
    """A value of the column's kind that a careless copy would spoil; NULL in every second row."""
    kind = column.type
    if column.nullable and number == 2:
        return None
    if column.foreign_keys or (column.primary_key and isinstance(kind, Integer)):
        return number
    if isinstance(kind, BigInteger):
        return 2**62 + number
    if isinstance(kind, Boolean):
        return number == 1
    if isinstance(kind, Integer):
        return 2**31 - number
    if isinstance(kind, LargeBinary):
        return bytes(range(256)) * number
    if isinstance(kind, Date):
        return date(2026, 2, 27 + number - 1)
    if isinstance(kind, JSON):
        return {"乙": [1, None, 2.5, WORDS], "甲": {"深": True}, "n": 2**60}
    if isinstance(kind, UTCDateTime):
        return datetime(2026, 11, 20, 23, 59, 59, 999_990 + number, UTC)
    return f"{WORDS}{number}"


def fill(ledger: Ledger) -> None:
    with ledger.writing() as session:
        for table in tables():
            for number in (1, 2):
                row = {column.name: value(column, number) for column in table.columns}
                session.connection().execute(insert_into(table).values(row))


def content(ledger: Ledger) -> dict[str, list[tuple[Any, ...]]]:
    with ledger.reading() as session:
        return {
            table.name: [
                tuple(row)
                for row in session.connection().execute(
                    select(table).order_by(*table.primary_key.columns)
                )
            ]
            for table in tables()
        }


def opened(url: str, tmp_path: Path) -> Ledger:
    return Ledger.open(url, tmp_path / "evidence")


@FROM_SQLITE
def test_every_value_of_every_table_is_the_same_in_postgresql_and_back_again(
    ledger: Ledger, tmp_path: Path, pg_url: str
) -> None:
    fill(ledger)
    there = copy_database(ledger.engine, pg_url)
    assert [(each.table, each.rows) for each in there] == [(table.name, 2) for table in tables()]
    moved = opened(pg_url, tmp_path)
    assert content(moved) == content(ledger)
    again = f"sqlite:///{tmp_path / 'again.db'}"
    assert copy_database(moved.engine, again) == there
    back = opened(again, tmp_path)
    assert content(back) == content(ledger)
    back.close()
    moved.close()


@FROM_SQLITE
def test_the_work_goes_on_in_postgresql_with_numbers_and_chain_unbroken(
    ledger: Ledger, tmp_path: Path, pg_url: str
) -> None:
    ledger.load_inventory(register(), MORNING)
    first = look(ledger, MORNING, Outcome.OK, item("甲"), captures=(capture("http://a.cn/", b"1"),))
    copy_database(ledger.engine, pg_url)
    moved = opened(pg_url, tmp_path)
    assert moved.inventory() == register()
    second = look(moved, MORNING, Outcome.OK, item("乙"), captures=(capture("http://a.cn/", b"2"),))
    assert (first, second) == (1, 2)
    assert [link.id for link in moved.evidence_links()] == [1, 2]
    assert list(moved.evidence.check(iter(moved.evidence_links()))) == []
    moved.close()


@FROM_SQLITE
def test_who_holds_a_lease_is_not_copied(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.writing() as session:
        session.add(LeaseRow(name="cycle", owner="x", taken_at=MORNING, until=MORNING))
    copy_database(ledger.engine, f"sqlite:///{tmp_path / 'to.db'}")
    to = opened(f"sqlite:///{tmp_path / 'to.db'}", tmp_path)
    with to.reading() as session:
        assert session.connection().execute(select(LeaseRow.__table__)).all() == []  # type: ignore[attr-defined]
    to.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'to.db'}"
    return str(request.getfixturevalue("pg_url"))


@FROM_SQLITE
def test_a_database_with_anything_in_it_is_refused_and_left_as_it_was(
    target: str, ledger: Ledger, tmp_path: Path
) -> None:
    ledger.load_inventory(register(), MORNING)
    other = opened(target, tmp_path)
    other.start_run(1, MORNING)
    before = content(other)
    with pytest.raises(DatabaseError, match=r"目标数据库不是空的（run 中已有数据），未复制"):
        copy_database(ledger.engine, target)
    assert content(other) == before
    other.close()


def broken_write(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopping(new: Any, table: Table, names: Sequence[str], rows: Any) -> None:
        if table.name == "event":
            raise OSError("the machine lost its power")
        put_rows(new, table, names, rows)

    monkeypatch.setattr(copying, "put_rows", stopping)


def changed_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(new: Any, table: Table, names: Sequence[str], rows: Any) -> None:
        put_rows(new, table, names, rows)
        if table.name == "finding":
            new.execute(table.update().values(over=False))

    monkeypatch.setattr(copying, "put_rows", careless)


@pytest.mark.parametrize(
    ("spoil", "error"), [(broken_write, OSError), (changed_row, DatabaseError)]
)
def test_what_goes_wrong_in_between_leaves_the_target_empty_and_can_be_done_again(
    spoil: Callable[[pytest.MonkeyPatch], None],
    error: type[Exception],
    target: str,
    ledger: Ledger,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(ledger)
    with monkeypatch.context() as patched:
        spoil(patched)
        with pytest.raises(error, match=r"lost its power|表 finding 复制后与原库不符"):
            copy_database(ledger.engine, target)
    to = opened(target, tmp_path)
    assert set(map(len, content(to).values())) == {0}
    copy_database(ledger.engine, target)
    assert content(to) == content(ledger)
    to.close()


def test_what_is_written_meanwhile_is_not_half_copied(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(ledger, MORNING, Outcome.OK, item("甲"))
    written = threading.Event()

    def meanwhile(new: Any, table: Table, names: Sequence[str], rows: Any) -> None:
        if not written.is_set():
            other = open_ledger(tmp_path)
            look(other, MORNING, Outcome.OK, item("乙"))
            other.close()
            written.set()
        put_rows(new, table, names, rows)

    monkeypatch.setattr(copying, "put_rows", meanwhile)
    done = copy_database(ledger.engine, f"sqlite:///{tmp_path / 'to.db'}")
    assert {each.table: each.rows for each in done if each.rows} == {
        "run": 1,
        "visit": 1,
        "item": 1,
    }
    with ledger.reading() as session:
        assert len(session.connection().execute(select(VisitRow.__table__)).all()) == 2  # type: ignore[attr-defined]


def test_a_database_is_not_copied_onto_itself(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="目标就是本数据库"):
        copy_database(ledger.engine, address(tmp_path))


@FROM_SQLITE
def test_retention_tables_go_up_and_down_in_postgresql_with_rows_in_place(
    ledger: Ledger, tmp_path: Path, pg_url: str
) -> None:
    with ledger.writing() as session:
        session.add(ProbeRow(site="s", at=MORNING, outcome="ok", elapsed_ms=7))
    ledger.pack_probes(date(2027, 1, 1))
    copy_database(ledger.engine, pg_url)
    engine = connect(pg_url)
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    held = opened(pg_url, tmp_path).probes(MORNING.replace(day=1), MORNING)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
        (row,) = connection.execute(select(ProbeRow.__table__))  # type: ignore[attr-defined]
        assert (row.site, row.at, row.elapsed_ms) == ("s", MORNING, 7)
    upgrade(engine)
    moved = opened(pg_url, tmp_path)
    assert moved.probes(MORNING.replace(day=1), MORNING) == held
    moved.close()
    engine.dispose()
