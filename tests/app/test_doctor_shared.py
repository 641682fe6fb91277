"""What doctor says of the database's server, and of the folder that machines share."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.doctor import examine, shared
from app.doctor.shared import told_of
from app.home import Home
from checks.facts import Outcome
from storage.clock import now
from storage.ledger import Ledger, Sighting
from storage.server import Server, server_of
from tests.storage.make import capture

AT = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)
FIT = Server(version=150_004, encoding="UTF8", connections=97, used=12, at=AT)
ABOUT = "PostgreSQL 15.4，编码 UTF8，连接 12/97；磁盘剩余空间在本机查不到，请在数据库服务器上查看"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, ""),
        ({"at": AT - timedelta(seconds=120)}, ""),
        ({"used": 82}, ""),
        (
            {"used": 83},
            "空余连接不足 15 个（一个进程最多用到的个数），请调高 max_connections；",
        ),
        ({"version": 140_011}, "须为 PostgreSQL 15 或更新的版本；"),
        ({"encoding": "SQL_ASCII"}, "数据库须以 UTF8 编码建立；"),
        (
            {"at": AT + timedelta(seconds=121)},
            "服务器时钟与本机相差 121 秒，请在两台机器上启用时间同步；",
        ),
    ],
)
def test_a_server_that_is_not_fit_is_told(changes: dict[str, object], fault: str) -> None:
    check = told_of(replace(FIT, **changes), AT)  # type: ignore[arg-type]
    assert (check.name, check.ok) == ("数据库服务器", not fault)
    assert check.note.startswith(fault or "PostgreSQL 15.4")
    assert (check.note == ABOUT) is (changes in ({}, {"at": AT - timedelta(seconds=120)}))


def test_the_server_is_asked_and_a_file_has_none(tmp_path: Path, pg_url: str) -> None:
    ledger = Ledger.open(pg_url, tmp_path)
    server = server_of(ledger.engine)
    assert server is not None
    assert (server.version >= 150_000, server.encoding, server.connections) == (True, "UTF8", 97)
    assert 1 <= server.used < 97
    assert told_of(server, now()).ok
    ledger.close()
    on_file = Home(tmp_path).open_ledger()
    assert server_of(on_file.engine) is None
    on_file.close()


def told(folder: Path) -> tuple[bool, str]:
    (check,) = [each for each in examine(Home(folder)) if each.name == "证据目录"]
    return check.ok, check.note


def test_a_folder_that_is_not_the_one_in_which_others_write_is_told(tmp_path: Path) -> None:
    ledger = Home(tmp_path).open_ledger()
    assert told(tmp_path) == (True, f"{tmp_path}/evidence 可以写入")
    assert not tmp_path.joinpath("evidence").exists()
    sighting = Sighting("site:s", now(), Outcome.OK, captures=(capture("http://a.cn/", b"x"),))
    ledger.record(ledger.start_run(1, now()), sighting)
    newest = ledger.newest_evidence()
    ledger.close()
    assert newest is not None
    assert told(tmp_path) == (True, f"{tmp_path}/evidence 可以写入")
    tmp_path.joinpath("evidence").rename(tmp_path / "not-mounted")
    ok, note = told(tmp_path)
    assert not ok
    assert note.startswith(f"{tmp_path}/evidence 中没有最近一次保存的证据 {newest.warc}：")


def test_a_folder_that_may_not_be_written_to_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Home(tmp_path).open_ledger()
    ledger.close()

    def refuse(**_: object) -> None:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(shared, "TemporaryFile", refuse)
    assert told(tmp_path) == (False, f"{tmp_path}/evidence 不能写入：Permission denied")
