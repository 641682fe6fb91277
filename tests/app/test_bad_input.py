"""Bad input and bad days: a clear message, the contract's exit code, and nothing lost."""

from __future__ import annotations

import resource
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.app.run import called
from tests.crawler.server import page, serving

UNIT = '[[unit]]\nid = "zfb"\nname = "政府办"\nkind = "department"\nemails = ["zfb@example.cn"]\n'
SETTINGS = """\
[crawl]
delay_seconds = 0
timeout_seconds = 2
allow_private_networks = ["127.0.0.0/8"]
[mail]
office = ["office@example.cn"]
operator = ["operator@example.cn"]
unit_alerts = "all"
"""


def site(url: str) -> str:
    return (
        f'[[site]]\nid = "s"\nname = "门户"\nhome = "{url}/"\nunit = "zfb"\ncode = "3206000001"\n'
        f'portal = true\n[[column]]\nid = "dt"\nsite = "s"\nname = "动态"\n'
        f'url = "{url}/dt.html"\nclass = "news"\nunit = "zfb"\n'
    )


def list_page(day: str) -> str:
    rows = "".join(
        f"<li><a href='/a/{n}.html'>关于做好第{n}号工作的通知</a><span>{day}</span></li>"
        for n in range(8)
    )
    return f"<html><!-- synthetic --><body><ul>{rows}</ul></body></html>"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    folder.joinpath("settings.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def closed_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eml(home: Path) -> list[str]:
    return sorted(path.name for path in home.joinpath("outbox").glob("*.eml"))


def test_a_broken_inventory_names_every_error_and_leaves_the_stored_one(home: Path) -> None:
    good = home / "inventory.toml"
    good.write_text(UNIT + site("http://127.0.0.1:9"), encoding="utf-8")
    assert called("inventory", "load", home=home).code == 0
    before = called("status", "--format", "json", home=home).json
    bad = home / "bad.toml"
    rows = "".join(
        f'[[column]]\nid = "c{n}"\nsite = "nowhere"\nname = "x"\nurl = "http://a.cn/"\n'
        f'class = "news"\nunit = "zfb"\n'
        for n in range(2000)
    )
    bad.write_text(UNIT + rows, encoding="utf-8")
    failed = called("inventory", "load", str(bad), home=home)
    assert failed.code == 2
    assert failed.out == ""
    lines = [line for line in failed.err.splitlines() if "字段 site" in line]
    assert len(lines) == 2000
    assert "[[column]] 第1行 id=c0 字段 site：'nowhere'" in lines[0]
    assert called("status", "--format", "json", home=home).json == before


def test_an_unknown_setting_is_named(home: Path) -> None:
    home.joinpath("settings.toml").write_text("[crawl]\ndelay = 3\n", encoding="utf-8")
    failed = called("status", home=home)
    assert failed.code == 2
    assert "crawl.delay" in failed.err


def test_a_setting_in_the_environment_wins_and_is_checked(home: Path) -> None:
    failed = called("status", home=home, XUNJIAN_CRAWL__CONCURRENCY="none")
    assert failed.code == 2
    assert "crawl.concurrency" in failed.err
    assert called("status", home=home, XUNJIAN_CRAWL__CONCURRENCY="3").code == 0


def test_a_missing_home_is_a_configuration_error(tmp_path: Path) -> None:
    failed = called("status", home=tmp_path / "nowhere")
    assert failed.code == 2
    assert "xunjian init" in failed.err


def test_an_empty_register_is_a_configuration_error(home: Path) -> None:
    assert called("cycle", home=home).code == 2


def test_a_missing_rule_pack_is_named(home: Path) -> None:
    with home.joinpath("settings.toml").open("a", encoding="utf-8") as file:
        file.write('[rules]\npacks = ["haian", "nowhere"]\n')
    failed = called("status", home=home)
    assert failed.code == 2
    assert "nowhere" in failed.err


def test_a_portal_wholly_down_accuses_nobody_and_mails_the_operator_once(home: Path) -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    home.joinpath("inventory.toml").write_text(UNIT + site(url), encoding="utf-8")
    first = called("cycle", home=home)
    assert first.code == 3, first.err
    sent = eml(home)
    assert len(sent) == 1
    assert "operator@example.cn" in sent[0]
    assert called("cycle", home=home).code == 3
    assert eml(home) == sent
    rows = called("status", "--format", "json", home=home).json["subjects"]
    assert {(row["verdict"], row["outcome"]) for row in rows} == {("unknown", "unreachable")}
    assert called("findings", "--format", "json", home=home).json == {"findings": []}


def test_a_refusing_mail_server_loses_nothing(home: Path) -> None:
    with serving(
        {"/": page(list_page("2020-01-01")), "/dt.html": page(list_page("2020-01-01"))}
    ) as s:
        home.joinpath("inventory.toml").write_text(UNIT + site(s.url), encoding="utf-8")
        refused = called(
            "cycle",
            home=home,
            XUNJIAN_MAIL__HOST="127.0.0.1",
            XUNJIAN_MAIL__PORT=str(closed_port()),
            XUNJIAN_MAIL__SECURITY="none",
        )
    assert refused.code == 0, refused.err
    assert "127.0.0.1" in refused.err
    assert "未发出 2 封" in refused.err
    waiting = called("deliver", "--dry-run", home=home)
    assert "office@example.cn" in waiting.err
    assert "zfb@example.cn" in waiting.err
    assert eml(home) == []
    assert called("deliver", home=home).code == 0
    assert len(eml(home)) == 2


def test_a_full_disk_gives_a_clear_message_and_the_next_run_is_whole(home: Path) -> None:
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
    with serving({"/": page(list_page(today)), "/dt.html": page(list_page(today))}) as server:
        home.joinpath("inventory.toml").write_text(UNIT + site(server.url), encoding="utf-8")
        assert called("inventory", "load", home=home).code == 0
        full = _with_file_limit(home, 1024)
        assert full.returncode == 4, full.stderr
        assert "运行失败" in full.stderr
        assert "Traceback" not in full.stderr
        with closing(sqlite3.connect(home / "xunjian.db")) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        again = called("cycle", home=home)
    assert again.code == 0, again.err
    rows = called("status", "--format", "json", home=home).json["subjects"]
    assert {row["verdict"] for row in rows} == {"ok"}
    assert called("evidence", "verify", home=home).code == 0


def _with_file_limit(home: Path, limit: int) -> subprocess.CompletedProcess[str]:
    """Run a cycle that may not write any file beyond `limit` bytes, as on a full disk."""
    return subprocess.run(
        [sys.executable, "-m", "app", "--home", str(home), "cycle"],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        timeout=120,
        check=False,
    )
