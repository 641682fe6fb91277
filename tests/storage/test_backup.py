"""A copy taken while others write is whole; what is put back replaces all or nothing."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from checks.facts import Outcome
from storage import backup as copies
from storage.backup import backup, copy_evidence, restore
from storage.database import DatabaseError
from storage.inventory import Inventory
from storage.ledger import Ledger
from tests.storage.make import (
    DAY,
    HOUR,
    MORNING,
    capture,
    item,
    look,
    open_ledger,
    register,
)

pytestmark = pytest.mark.sqlite("PostgreSQL has backups of its own")
LESS = register(account=[])


def names(inventory: Inventory) -> list[str]:
    return [row["name"] for rows in inventory.values() for row in rows]


def opened(path: Path) -> Ledger:
    return Ledger.open(f"sqlite:///{path}", path.parent / "evidence")


def names_in(path: Path) -> list[str]:
    copy = opened(path)
    try:
        return names(copy.inventory())
    finally:
        copy.close()


def test_a_backup_holds_everything(ledger: Ledger, tmp_path: Path) -> None:
    ledger.load_inventory(register(), MORNING)
    look(ledger, MORNING, Outcome.OK, item("甲"), captures=(capture("http://a.cn/", b"x"),))
    backup(ledger.engine, tmp_path / "copy.db")
    copy = opened(tmp_path / "copy.db")
    assert copy.inventory() == ledger.inventory()
    assert copy.items() == ledger.items()
    assert list(copy.evidence.check(iter(copy.evidence_links()))) == []
    copy.close()
    left = sorted(path.name for path in tmp_path.iterdir() if "copy" in path.name)
    assert left == ["copy.db", "copy.db.sha256"]


def test_a_backup_taken_while_others_write_is_whole_and_costs_no_write(
    ledger: Ledger, tmp_path: Path
) -> None:
    run = ledger.start_run(1, MORNING)
    enough, stop = threading.Event(), threading.Event()
    written = 0

    def work() -> None:
        nonlocal written
        while not stop.is_set():
            look(
                ledger,
                MORNING + written * HOUR,
                Outcome.OK,
                *(item(f"{written} {n}") for n in range(20)),
                run=run,
                captures=(capture("http://a.cn/", b"%d" % written),),
            )
            written += 1
            if written >= 10:
                enough.set()

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for number in range(4):
            assert enough.wait(30)
            enough.clear()
            backup(ledger.engine, tmp_path / f"copy{number}.db")
    finally:
        stop.set()
        writer.join()

    seen = []
    for number in range(4):
        copy = opened(tmp_path / f"copy{number}.db")
        links = list(copy.evidence_links())
        assert list(copy.evidence.check(iter(links))) == []
        # Whole visits only: each with its twenty items and its evidence.
        assert copy.finish_run(run, MORNING) == (len(links), 0)
        assert len(copy.items()) == 20 * len(links)
        seen.append(len(links))
        copy.close()
    assert seen == sorted(seen)
    assert 10 <= seen[0] <= written
    assert ledger.finish_run(run, MORNING) == (written, 0)


def test_a_backup_replaces_an_older_one_only_when_complete(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.load_inventory(LESS, MORNING)
    backup(ledger.engine, tmp_path / "copy.db")
    ledger.load_inventory(register(), MORNING + DAY)

    def torn(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:5000])
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(copies, "_copy", torn)
        with pytest.raises(DatabaseError, match="磁盘空间不足"):
            backup(ledger.engine, tmp_path / "copy.db")
    assert names_in(tmp_path / "copy.db") == names(LESS)
    assert not list(tmp_path.glob("*.partial"))
    backup(ledger.engine, tmp_path / "copy.db")
    assert names_in(tmp_path / "copy.db") == names(register())


def test_what_an_interrupted_backup_left_is_no_hindrance(ledger: Ledger, tmp_path: Path) -> None:
    ledger.load_inventory(register(), MORNING)
    (tmp_path / "copy.db.partial").write_bytes(b"half a page " * 999)
    backup(ledger.engine, tmp_path / "copy.db")
    assert names_in(tmp_path / "copy.db") == names(register())


def test_a_backup_into_nowhere_is_said_in_words(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="无法打开或不可写"):
        backup(ledger.engine, tmp_path / "nowhere" / "copy.db")


def test_a_database_is_not_its_own_backup(ledger: Ledger, tmp_path: Path) -> None:
    ledger.load_inventory(register(), MORNING)
    for use in (backup, restore):
        with pytest.raises(DatabaseError, match="就是数据库本身"):
            use(ledger.engine, tmp_path / "xunjian.db")
    assert ledger.inventory() == register()


def test_a_restored_database_is_the_backup_and_the_old_one_is_kept(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.load_inventory(LESS, MORNING)
    backup(ledger.engine, tmp_path / "copy.db")
    ledger.load_inventory(register(), MORNING + DAY)
    look(ledger, MORNING + DAY)
    saved = restore(ledger.engine, tmp_path / "copy.db")
    assert saved == tmp_path / "xunjian.db.before-restore"
    assert ledger.inventory() == LESS
    assert ledger.histories(["column:news"], MORNING + 2 * DAY) == {}
    assert names_in(saved) == names(register())
    assert names_in(tmp_path / "copy.db") == names(LESS)
    look(ledger, MORNING + 2 * DAY, captures=(capture("http://a.cn/", b"x"),))
    assert list(ledger.evidence.check(iter(ledger.evidence_links()))) == []


def test_a_restore_can_be_undone_and_undone_again(ledger: Ledger, tmp_path: Path) -> None:
    ledger.load_inventory(LESS, MORNING)
    backup(ledger.engine, tmp_path / "copy.db")
    ledger.load_inventory(register(), MORNING + DAY)
    first = restore(ledger.engine, tmp_path / "copy.db")
    second = restore(ledger.engine, first)
    assert ledger.inventory() == register()
    third = restore(ledger.engine, second)
    assert ledger.inventory() == LESS
    assert len({first, second, third}) == 3
    assert [names_in(path) for path in (first, second, third)] == [
        names(register()),
        names(LESS),
        names(register()),
    ]


WRITER = """
import sys
from datetime import timedelta
from pathlib import Path
from tests.storage.make import MORNING, item, look, open_ledger
from checks.facts import Outcome

ledger = open_ledger(Path(sys.argv[1]))
run = int(sys.argv[2])  # of the backup too: a run that a restore took away is no run to write to
for number in range(100_000):
    at = MORNING + timedelta(seconds=number)
    look(ledger, at, Outcome.OK, item(f"{number}"), subject="column:busy", run=run)
    print(number, len(ledger.inventory()["account"]), flush=True)
"""


def test_a_process_that_writes_all_the_while_loses_nothing_unkept_and_sees_what_was_restored(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.load_inventory(LESS, MORNING)
    run = ledger.start_run(1, MORNING)
    backup(ledger.engine, tmp_path / "copy.db")
    ledger.load_inventory(register(), MORNING + DAY)
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", WRITER, str(tmp_path), str(run)]
    env = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen(command, cwd=root, env=env, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        seen = [other.stdout.readline().split() for _ in range(5)]
        saved = restore(ledger.engine, tmp_path / "copy.db")
        while seen[-1][1] != "0":
            seen.append(other.stdout.readline().split())
        more = [other.stdout.readline().split() for _ in range(5)]
        other.terminate()
        rest = [line.split() for line in other.stdout.read().splitlines()]
    # First the register as it was, then for ever that of the backup; no write failed in between.
    assert [account for _, account in seen[:5]] == ["1"] * 5
    assert {account for _, account in (*more, *rest) if account} == {"0"}
    before, after = opened(saved), open_ledger(tmp_path)
    kept, now = (sorted(int(each.item.title) for each in held.items()) for held in (before, after))
    # Each write is either in what was kept or in what goes on; the break is sharp.
    assert kept == list(range(len(kept)))
    assert now == list(range(len(kept), len(kept) + len(now)))
    assert names(before.inventory()) == names(register())
    before.close()
    after.close()


def test_a_backup_whose_bytes_changed_since_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    ledger.load_inventory(register(), MORNING)
    backup(ledger.engine, tmp_path / "copy.db")
    told = (tmp_path / "copy.db.sha256").read_text(encoding="utf-8")
    digest = hashlib.sha256((tmp_path / "copy.db").read_bytes()).hexdigest()
    assert told == f"{digest}  copy.db\n"
    with closing(sqlite3.connect(tmp_path / "copy.db")) as raw:
        raw.execute("UPDATE unit SET name = 'other'")
        raw.commit()
    with pytest.raises(DatabaseError, match="所记的 SHA-256 不符"):
        restore(ledger.engine, tmp_path / "copy.db")
    assert ledger.inventory() == register()


def test_a_copy_of_the_evidence_only_grows_and_never_takes_a_damaged_file(
    ledger: Ledger, tmp_path: Path
) -> None:
    folder, target = tmp_path / "evidence", tmp_path / "kept"
    for n in range(2):
        look(ledger, MORNING + n * DAY, captures=(capture("http://a.cn/", b"%d" % n),))
    assert copy_evidence(folder, target, frozenset()) == (2, ())
    assert copy_evidence(folder, target, frozenset()) == (0, ())
    first, second = sorted(path.relative_to(folder) for path in folder.rglob("*.warc.gz"))
    whole = (folder / first).read_bytes()
    (folder / first).write_bytes(whole[:-9])
    (folder / second).unlink()
    assert copy_evidence(folder, target, frozenset()) == (0, (str(first),))
    assert (target / first).read_bytes() == whole
    assert (target / second).exists()
    # What retention made shorter is taken over.
    assert copy_evidence(folder, target, frozenset({str(first)})) == (1, ())
    assert (target / first).read_bytes() == whole[:-9]


def garbage(path: Path) -> None:
    path.write_bytes(b"this is no database " * 500)


def empty(path: Path) -> None:
    path.touch()


def strange(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE recipe (name TEXT)")


def of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE alembic_version (version_num TEXT)")
        raw.execute("INSERT INTO alembic_version VALUES ('abc123')")
        raw.commit()


def unversioned(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE alembic_version (version_num TEXT)")


def halved(path: Path) -> None:
    backup(create_engine(f"sqlite:///{path.parent / 'xunjian.db'}"), path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def damaged(path: Path) -> None:
    backup(create_engine(f"sqlite:///{path.parent / 'xunjian.db'}"), path)
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * 8192 + whole[16384:])


def missing(path: Path) -> None:
    assert not path.exists()


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    "make",
    [garbage, empty, strange, of_another_program, unversioned, halved, damaged, missing, folder],
)
def test_what_is_no_backup_is_refused_and_the_database_stays_as_it_was(
    make: Callable[[Path], None], ledger: Ledger, tmp_path: Path
) -> None:
    ledger.load_inventory(register(), MORNING)
    make(tmp_path / "copy.db")
    with pytest.raises(DatabaseError):
        restore(ledger.engine, tmp_path / "copy.db")
    assert ledger.inventory() == register()
    ledger.close()
    assert names_in(tmp_path / "xunjian.db") == names(register())
    assert not list(tmp_path.glob("*.before-restore*"))


def test_a_restore_kept_out_by_a_writer_leaves_the_database_as_it_was(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.load_inventory(LESS, MORNING)
    backup(ledger.engine, tmp_path / "copy.db")
    ledger.load_inventory(register(), MORNING + DAY)
    ledger.engine.dispose()
    monkeypatch.setattr(copies, "BUSY_SECONDS", 0)
    with closing(sqlite3.connect(tmp_path / "xunjian.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="正被另一进程占用"):
            restore(ledger.engine, tmp_path / "copy.db")
        other.execute("ROLLBACK")
    assert ledger.inventory() == register()


def test_a_reader_in_the_middle_of_its_reading_is_not_disturbed(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.load_inventory(LESS, MORNING)
    backup(ledger.engine, tmp_path / "copy.db")
    ledger.load_inventory(register(), MORNING + DAY)
    other = open_ledger(tmp_path)
    with closing(sqlite3.connect(tmp_path / "xunjian.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        before = reader.execute("SELECT count(*) FROM account WHERE until IS NULL").fetchone()
        restore(ledger.engine, tmp_path / "copy.db")
        again = reader.execute("SELECT count(*) FROM account WHERE until IS NULL").fetchone()
        assert before == again == (1,)
        reader.execute("COMMIT")
    assert other.inventory() == ledger.inventory() == LESS
    other.close()


def test_a_damaged_database_is_moved_away_and_the_backup_put_in_its_place(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.load_inventory(register(), MORNING)
    backup(ledger.engine, tmp_path / "copy.db")
    ledger.close()
    for path in tmp_path.glob("xunjian.db*"):
        path.unlink()
    fresh = open_ledger(tmp_path)
    restore(fresh.engine, tmp_path / "copy.db")
    assert fresh.inventory() == register()
    fresh.close()


def test_a_backup_of_another_page_size_is_refused_whole(ledger: Ledger, tmp_path: Path) -> None:
    ledger.load_inventory(register(), MORNING)
    backup(ledger.engine, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db", isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
        raw.execute("PRAGMA page_size = 8192")
        raw.execute("VACUUM")
    ledger.load_inventory(LESS, MORNING + DAY)
    with pytest.raises(DatabaseError):
        restore(ledger.engine, tmp_path / "copy.db")
    assert ledger.inventory() == LESS


@pytest.mark.parametrize("use", [backup, restore])
def test_only_sqlite_is_backed_up_by_us(use: Callable[..., object], tmp_path: Path) -> None:
    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/x")
    with pytest.raises(DatabaseError, match="pg_dump"):
        use(engine, tmp_path / "copy.db")
