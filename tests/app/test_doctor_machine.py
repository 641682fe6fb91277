"""What doctor says of the machine and of the database's shape."""

from __future__ import annotations

import os
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.doctor import Check, examine, machine
from app.home import Home
from checks.facts import Outcome
from storage.clock import now
from storage.database import REVISION
from storage.inventory import validate
from storage.ledger import Sighting


def checks(folder: Path) -> dict[str, Check]:
    return {check.name: check for check in examine(Home(folder))}


def test_shape_and_size_of_the_database_are_told(tmp_path: Path, database: str) -> None:
    ledger = Home(tmp_path).open_ledger()
    unit = {"id": "u", "name": "政府办"}
    site = {"id": "s", "name": "门户", "home": "https://www.example.gov.cn/", "unit": "u"}
    ledger.load_inventory(validate({"unit": [unit], "site": [site]}, "x"), now())
    ledger.record(ledger.start_run(1, now()), Sighting("site:s", now(), Outcome.GONE))
    ledger.close()
    check = checks(tmp_path)["数据库结构"]
    assert check.ok
    assert check.note.startswith(f"结构版本 {REVISION}，与程序一致；")
    about = {"sqlite": "", "postgresql": "约计"}[database]
    assert check.note.endswith(f" MB；{about}行数：访问 1，信息条目 0，来信 0，问题 0")


def test_a_database_of_an_older_version_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    Home(tmp_path).open_ledger().close()
    with sqlite3.connect(tmp_path / "xunjian.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0001'")
    told = checks(tmp_path)
    assert not told["数据库结构"].ok
    assert told["数据库结构"].note.startswith(f"结构版本 0001，本版本程序为 {REVISION}：")
    assert "登记册" not in told
    with sqlite3.connect(tmp_path / "xunjian.db") as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


def test_files_that_anybody_may_change_are_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    tmp_path.joinpath("settings.toml").write_text("")
    assert checks(tmp_path)["权限"].ok
    tmp_path.joinpath("settings.toml").chmod(0o666)
    assert checks(tmp_path)["权限"].note == f"{tmp_path}/settings.toml 任何用户可写"


@pytest.mark.parametrize(("mode", "ok"), [(0o600, True), (0o640, False), (0o644, False)])
def test_the_file_of_secrets_is_for_its_owner_alone(
    tmp_path: Path, mode: int, ok: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = tmp_path / "xunjian.env"
    secrets.touch()
    secrets.chmod(mode)
    monkeypatch.setattr(machine, "ENVIRONMENT_FILE", secrets)
    assert checks(tmp_path)["权限"].ok is ok


def test_a_password_in_a_settings_file_is_told_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUNJIAN_MAIL_PASSWORD", "synthetic-word")
    tmp_path.joinpath("settings.toml").write_text("# synthetic-word\n")
    check = checks(tmp_path)["密码"]
    assert not check.ok
    assert check.note.startswith("settings.toml 中写有密码")
    assert "synthetic-word" not in check.note


def evidence(folder: Path, *, days_ago: int, size: int) -> None:
    path = folder / "evidence" / f"{days_ago}.warc.gz"
    path.parent.mkdir(exist_ok=True)
    path.touch()
    os.truncate(path, size)  # a hole: large for its owner, nothing on the disk
    # half an hour more, so that whole days have passed when it is looked at
    at = (datetime.now(UTC) - timedelta(days=days_ago, minutes=30)).timestamp()
    os.utime(path, (at, at))


@pytest.mark.parametrize(("gib", "ok", "days"), [(1, True, 400), (20, False, 20)])
def test_how_long_the_disk_will_do_is_told(
    tmp_path: Path, gib: int, ok: bool, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence(tmp_path, days_ago=10, size=gib * 2**30)
    evidence(tmp_path, days_ago=5, size=9 * gib * 2**30)
    evidence(tmp_path, days_ago=40, size=2**30)
    free = (0, 0, 400 * 2**30)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type(usage)(*free))
    check = checks(tmp_path)["磁盘"]
    assert check.ok is ok
    assert check.note.startswith(f"剩余 400.0 GB；证据 {10 * gib + 1:.2f} GB，近30天平均每天增加")
    assert f"约可用 {days} 天" in check.note


def test_the_zone_is_beijing_s_whatever_the_machine_s(tmp_path: Path) -> None:
    check = checks(tmp_path)["时区"]
    assert check.ok
    assert check.note.startswith("北京时间 ")
