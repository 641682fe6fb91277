"""The files in deploy/: their commands exist, and systemd, nginx and logrotate take them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import make_url

from app.commands.running import Only
from app.service.scheduler import STOP_SECONDS
from app.settings import Settings
from app.web.guard import COOKIE
from storage.ledger import Ledger
from tests.app.test_docs import commands
from tests.crawler.certificates import make
from tests.storage.make import DAY, MORNING, register
from tests.system import needs

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
UNITS = [*SERVICES, *sorted(DEPLOY.glob("*.timer"))]
LASTING = [each for each in SERVICES if "backup" not in each.name]
DUMP = DEPLOY / "xunjian-backup-postgresql.service"
PROGRAM = "/opt/xunjian/venv/bin/xunjian"
# Places of every installation; what lies elsewhere is somebody's own machine.
PLACES = ("/opt/xunjian/", "/var/lib/xunjian", "/etc/xunjian/", "/var/backups/xunjian", "/bin/sh")


def values(path: Path, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", path.read_text("utf-8"), re.M)


def run(*command: str | Path) -> str:
    """What a program says of a file; it must take it."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    return said


def test_every_command_that_a_unit_starts_exists() -> None:
    started = [line for path in SERVICES if path != DUMP for line in values(path, "ExecStart")]
    named = [re.findall(rf"{PROGRAM} ([a-z]+(?: [a-z]+)?)", line) for line in started]
    assert sorted(named) == [["db backup"], ["serve"], ["serve"], ["serve"], ["worker"]]
    assert {"db backup", "serve", "worker"} <= commands()


def test_a_part_of_the_service_is_one_that_serve_knows() -> None:
    told = {path.name: values(path, "ExecStart")[0].partition("--only ")[2] for path in LASTING}
    assert told == {
        "xunjian.service": "",
        "xunjian-pages@.service": Only.PAGES,
        "xunjian-scheduler.service": Only.SCHEDULER,
        "xunjian-worker@.service": "",
    }


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_unit_runs_as_an_ordinary_user_that_can_write_its_data_alone(path: Path) -> None:
    assert values(path, "User") == ["xunjian"]
    assert values(path, "NoNewPrivileges") == values(path, "ProtectHome") == ["yes"]
    assert values(path, "ProtectSystem") == ["strict"]
    assert values(path, "CapabilityBoundingSet") == [""]
    homes = {each.split("=")[1] for each in values(path, "Environment") if "_HOME=" in each}
    (writable,) = values(path, "ReadWritePaths")
    assert set(writable.split()) - homes <= {"/var/backups/xunjian"}
    assert homes <= set(writable.split())


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_name_places_of_every_installation_only(path: Path) -> None:
    text = "\n".join(line for line in path.read_text("utf-8").splitlines() if line[:1] != "#")
    named = re.findall(r"(?<![\w.*])(/[a-z][\w./-]+)", text.replace("file:", "file: "))
    assert [each for each in named if not each.startswith(PLACES)] == []


@pytest.mark.parametrize("path", LASTING, ids=lambda path: path.name)
def test_a_setting_that_is_wrong_is_not_tried_again_and_again(path: Path) -> None:
    assert values(path, "Restart") == ["on-failure"]
    assert values(path, "RestartPreventExitStatus") == ["2"]
    assert values(path, "StartLimitIntervalSec") == ["0"]


@pytest.mark.parametrize("path", LASTING, ids=lambda path: path.name)
def test_a_unit_has_bounds_and_ends_within_them(path: Path) -> None:
    high, most = (values(path, key)[0] for key in ("MemoryHigh", "MemoryMax"))
    assert gib(high) < gib(most) <= 4
    assert values(path, "KillMode") == ["mixed"]
    assert int(values(path, "TimeoutStopSec")[0].removesuffix("s")) > STOP_SECONDS


def gib(told: str) -> float:
    return float(told[:-1]) / {"G": 1, "M": 1024}[told[-1]]


def test_parts_on_one_machine_answer_on_different_ports() -> None:
    port = "XUNJIAN_WEB__PORT="
    told = {
        path.name: [each for each in values(path, "Environment") if port in each]
        for path in LASTING
    }
    assert told == {
        "xunjian.service": [],
        "xunjian-pages@.service": [f"{port}%i"],
        "xunjian-scheduler.service": [f"{port}8764"],
        "xunjian-worker@.service": [],
    }
    assert Settings().web.port == 8765


def test_the_example_of_secrets_holds_none() -> None:
    text = DEPLOY.joinpath("xunjian.env.example").read_text("utf-8")
    told = dict(re.findall(r"^#?(XUNJIAN_\w+)=(.*)$", text, re.M))
    assert told["XUNJIAN_MAIL_PASSWORD"] == told["XUNJIAN_WECHAT_SECRET_WX_FABU"] == ""
    assert "PASSWORD@" in told["XUNJIAN_DATABASE_URL"]


def test_the_front_asks_the_address_at_which_the_service_answers() -> None:
    web = Settings().web
    told = DEPLOY.joinpath("nginx.conf").read_text("utf-8")
    here = f"{web.host}:{web.port}"
    servers = re.findall(r"^    (?:# )?server (\S+) max_fails=0;", told, re.M)
    assert servers == [here, f"{web.host}:{web.port + 1}"]
    assert set(re.findall(r"proxy_pass http://([^;/]+);", told)) == {here, "xunjian_pages"}
    assert f"$cookie_{COOKIE} " in told


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = needs("systemd-analyze")
    for path in UNITS:
        text = path.read_text("utf-8").replace(PROGRAM, "/bin/true")
        tmp_path.joinpath(path.name).write_text(text, encoding="utf-8")
    said = run(analyze, "verify", "--man=no", *sorted(tmp_path.iterdir()))
    ours = [line for line in said.splitlines() if "xunjian" in line]
    assert ours == []


def test_nginx_takes_the_front(tmp_path: Path) -> None:
    nginx = needs("nginx")
    held = make("xunjian.example.gov.cn", names=("xunjian.example.gov.cn",))
    key = held.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    tmp_path.joinpath("all.pem").write_bytes(held.pem + key)
    text = DEPLOY.joinpath("nginx.conf").read_text("utf-8")
    text = re.sub(r"/etc/nginx/tls/xunjian\.(?:crt|key)", str(tmp_path / "all.pem"), text)
    places = "".join(
        f"{name}_temp_path {tmp_path / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    head = f"pid {tmp_path}/pid; error_log stderr; events {{}}\n"
    whole = f"{head}http {{ access_log off; {places}{text}}}"
    config = tmp_path / "nginx.conf"
    config.write_text(whole, encoding="utf-8")
    said = run(nginx, "-t", "-p", tmp_path, "-c", config)
    assert "test is successful" in said
    assert "[warn]" not in said.replace('[warn] the "user" directive', "")


def server_program(name: str) -> Path:
    return Path(needs("initdb")).resolve().parent / name


def test_postgresql_takes_its_settings(tmp_path: Path) -> None:
    text = DEPLOY.joinpath("postgresql.conf").read_text("utf-8")
    config = tmp_path / "postgresql.conf"
    tmp_path.joinpath("postgresql.auto.conf").touch()
    ask = (server_program("postgres"), "-C", "shared_buffers", "-D", tmp_path)
    config.write_text(text, encoding="utf-8")
    assert run(*ask).strip() == str(6 * 2**30 // 8192)
    config.write_text(text.replace("jit = off", "jot = off"), encoding="utf-8")
    with pytest.raises(AssertionError, match="jot"):
        run(*ask)


def test_a_dump_gives_the_database_back_and_one_that_breaks_off_replaces_none(
    tmp_path: Path, pg_url: str
) -> None:
    ledger = Ledger.open(pg_url, tmp_path / "evidence")
    ledger.load_inventory(register(), MORNING)
    url = make_url(pg_url)
    given = {"PGHOST": url.host, "PGPORT": str(url.port), "PGUSER": "u", "PGDATABASE": url.database}
    environment = {**os.environ, **{name: value or "" for name, value in given.items()}}
    (line,) = values(DUMP, "ExecStart")
    line = line.replace("/var/backups/xunjian", str(tmp_path)).replace("$$", "$")
    command = shlex.split(line.replace("%%", "%"))

    def dumped(**more: str) -> int:
        return subprocess.run(command, env=environment | more, check=False).returncode

    assert dumped() == 0
    (made,) = tmp_path.glob("*.dump")
    kept = made.read_bytes()
    assert dumped(PGDATABASE="nosuch") != 0
    assert made.read_bytes() == kept
    ledger.load_inventory(register(account=[]), MORNING + DAY)
    ledger.close()
    again = ("--clean", "--if-exists", "--single-transaction")
    run(server_program("pg_restore"), *again, "--dbname", pg_url, made)
    restored = Ledger.open(pg_url, tmp_path / "evidence")
    assert restored.inventory() == register()
    restored.close()


def test_logrotate_takes_its_file(tmp_path: Path) -> None:
    logrotate = needs("logrotate")
    config = tmp_path / "xunjian"
    config.write_text(DEPLOY.joinpath("logrotate").read_text("utf-8"), encoding="utf-8")
    config.chmod(0o644)
    said = run(logrotate, "-d", "-s", tmp_path / "state", config)
    assert "/var/log/xunjian/*.log" in said
    assert "error:" not in said
