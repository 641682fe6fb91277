"""What doctor says of sites and mail servers that it asks: on loopback, all synthetic."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from app.doctor.network import outgoing_address
from crawler.spiders.reach import seconds_ahead
from storage.evidence import Capture
from tests.app.run import Ran, called
from tests.crawler.server import page, serving

HOME = "<!-- synthetic --><html><body><h1>示例市人民政府</h1><p>首页</p></body></html>"
ROBOTS = page("User-agent: xunjian\nDisallow: /\n", Content_Type="text/plain")
WALL = page("<!-- synthetic --><p>网站云防护系统：拒绝执行</p>", status=403)
SLOW_CLOCK = timedelta(minutes=10)


def late(handler: BaseHTTPRequestHandler) -> None:
    """The answer of a server whose clock is ten minutes behind."""
    at = format_datetime(datetime.now(UTC) - SLOW_CLOCK, usegmt=True)
    handler.date_time_string = lambda timestamp=None: at  # type: ignore[method-assign]  # noqa: ARG005
    page(HOME)(handler)


def set_up(folder: Path, homes: dict[str, str], mail: str = "") -> None:
    """A home directory of these sites."""
    folder.joinpath("settings.toml").write_text(
        '[crawl]\ndelay_seconds = 0\ncontact = "mailto:office@example.gov.cn"\n'
        'allow_private_networks = ["127.0.0.1/32"]\n[log]\nformat = "json"\n' + mail,
        encoding="utf-8",
    )
    rows = ['[[unit]]\nid = "u"\nname = "政府办"\n']
    for name, home in homes.items():
        rows.append(f'[[site]]\nid = "{name}"\nname = "网站{name}"\nhome = "{home}"\nunit = "u"\n')
    folder.joinpath("inventory.toml").write_text("".join(rows), encoding="utf-8")
    assert called("inventory", "load", home=folder).code == 0


def told(ran: Ran) -> dict[str, tuple[bool, str]]:
    return {check["name"]: (check["ok"], check["note"]) for check in ran.json["checks"]}


def test_every_site_is_asked_once_and_who_is_to_be_written_to_is_told(tmp_path: Path) -> None:
    kept = {"/": page(HOME), "/robots.txt": ROBOTS}
    with serving({"/": page(HOME)}) as up, serving({"/": WALL}) as wall, serving(kept) as shut:
        set_up(tmp_path, {"up": f"{up.url}/", "wall": f"{wall.url}/", "shut": f"{shut.url}/"})
        checks = told(called("doctor", "--format", "json", home=tmp_path))
        asked = [server.asked for server in (up, wall, shut)]
    both = ["GET /robots.txt", "GET /"]
    assert asked == [both, both, ["GET /robots.txt"]]
    ok, note = checks["网站"]
    assert not ok
    assert note.startswith("1 个可以打开，2 个不能：")
    ok, note = checks["放行"]
    assert not ok
    assert note.startswith("网站wall 的防护系统拦截了访问")
    assert "User-Agent 为“xunjian/" in note
    assert "(+mailto:office@example.gov.cn)”" in note
    assert checks["robots.txt"][1].startswith("网站shut 的 robots.txt 不允许访问")
    assert checks["时钟"][0]


def test_a_clock_that_is_ten_minutes_off_is_told(tmp_path: Path) -> None:
    with serving({"/": late, "/robots.txt": late}) as server:
        set_up(tmp_path, {"s": f"{server.url}/"})
        ok, note = told(called("doctor", "--format", "json", home=tmp_path))["时钟"]
    assert not ok
    assert note.startswith("本机时钟比 1 个网站所报时间快 ")


def test_offline_nobody_is_asked(tmp_path: Path) -> None:
    with serving({"/": page(HOME)}) as server:
        mail = '[mail]\nhost = "mail.example.gov.cn"\noffice = ["o@example.gov.cn"]\n'
        set_up(tmp_path, {"s": f"{server.url}/"}, mail)
        checks = told(called("doctor", "--offline", "--format", "json", home=tmp_path))
        assert server.asked == []
    assert checks.keys() & {"网站", "放行", "时钟"} == set()
    assert checks["邮件"] == (True, "mail.example.gov.cn（starttls），未试登录")


def test_a_mail_server_that_does_not_answer_is_told(tmp_path: Path) -> None:
    with serving({}) as server:
        port = server.server_port
    mail = f'[mail]\nhost = "127.0.0.1"\nport = {port}\noffice = ["o@example.gov.cn"]\n'
    set_up(tmp_path, {}, mail)
    ok, note = told(called("doctor", "--format", "json", home=tmp_path))["邮件"]
    assert not ok
    assert note.startswith("127.0.0.1（starttls）：")


def test_what_the_crawling_process_logs_is_in_the_same_form(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving({"/?access_token=synthetic": page("x" * 2_000_000)}) as server:
        set_up(tmp_path, {"s": f"{server.url}/?access_token=synthetic"})
        settings = tmp_path / "settings.toml"
        text = settings.read_text("utf-8").replace("[crawl]", "[crawl]\nmax_bytes = 1024")
        settings.write_text(text, encoding="utf-8")
        capfd.readouterr()
        called("crawl", home=tmp_path)
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert {line["level"] for line in lines} <= {"WARNING", "ERROR"}
    assert any("access_token=***" in line["message"] for line in lines)
    assert "synthetic" not in str(lines)


@pytest.mark.parametrize(
    ("headers", "ahead"),
    [
        ({"date": "Sun, 29 Nov 2026 04:00:00 GMT"}, 60),
        ({"date": "Sun, 29 Nov 2026 12:01:00 +0800"}, 0),
        ({"date": "Sun, 29 Nov 2026 04:00:00 GMT", "age": "30"}, None),
        ({"date": "Sun, 29 Nov 2026 04:00:00"}, None),
        ({"date": "yesterday"}, None),
        ({}, None),
    ],
)
def test_only_a_server_s_own_time_is_compared(headers: dict[str, str], ahead: int | None) -> None:
    at = datetime(2026, 11, 29, 4, 1, tzinfo=UTC)
    assert seconds_ahead(Capture("https://www.example.gov.cn/", at, 200, headers, b"")) == ahead


def test_the_address_that_sites_see_is_not_guessed() -> None:
    assert outgoing_address().startswith("出口地址")
