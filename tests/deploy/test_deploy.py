"""The files in deploy/: their commands exist, and systemd, nginx and logrotate take them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.settings import Settings
from tests.app.test_docs import commands
from tests.crawler.certificates import make
from tests.system import needs

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer"))
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


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.service")), ids=lambda path: path.name)
def test_every_command_that_a_unit_starts_exists(path: Path) -> None:
    (line,) = values(path, "ExecStart")
    (named,) = re.findall(rf"{PROGRAM} ([a-z]+(?: [a-z]+)?)", line)
    assert named in commands()


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.service")), ids=lambda path: path.name)
def test_a_unit_runs_as_an_ordinary_user_that_can_write_its_data_alone(path: Path) -> None:
    assert values(path, "User") == ["xunjian"]
    assert values(path, "NoNewPrivileges") == values(path, "ProtectHome") == ["yes"]
    assert values(path, "ProtectSystem") == ["strict"]
    assert values(path, "CapabilityBoundingSet") == [""]
    (home,) = (each.split("=")[1] for each in values(path, "Environment") if "_HOME=" in each)
    assert values(path, "ReadWritePaths")[0].split()[0] == home


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_name_places_of_every_installation_only(path: Path) -> None:
    text = "\n".join(line for line in path.read_text("utf-8").splitlines() if line[:1] != "#")
    named = re.findall(r"(?<![\w.*])(/[a-z][\w./-]+)", text.replace("file:", "file: "))
    assert [each for each in named if not each.startswith(PLACES)] == []


def test_a_setting_that_is_wrong_is_not_tried_again_and_again() -> None:
    service = DEPLOY / "xunjian.service"
    assert values(service, "Restart") == ["on-failure"]
    assert values(service, "RestartPreventExitStatus") == ["2"]


def test_the_example_of_secrets_holds_none() -> None:
    text = DEPLOY.joinpath("xunjian.env.example").read_text("utf-8")
    told = dict(re.findall(r"^#?(XUNJIAN_\w+)=(.*)$", text, re.M))
    assert told["XUNJIAN_MAIL_PASSWORD"] == told["XUNJIAN_WECHAT_SECRET_WX_FABU"] == ""
    assert "PASSWORD@" in told["XUNJIAN_DATABASE_URL"]


def test_the_front_asks_the_address_at_which_the_service_answers() -> None:
    web = Settings().web
    asked = re.findall(r"proxy_pass http://([^;/]+);", DEPLOY.joinpath("nginx.conf").read_text())
    assert set(asked) == {f"{web.host}:{web.port}"}


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


def test_logrotate_takes_its_file(tmp_path: Path) -> None:
    logrotate = needs("logrotate")
    config = tmp_path / "xunjian"
    config.write_text(DEPLOY.joinpath("logrotate").read_text("utf-8"), encoding="utf-8")
    config.chmod(0o644)
    said = run(logrotate, "-d", "-s", tmp_path / "state", config)
    assert "/var/log/xunjian/*.log" in said
    assert "error:" not in said
