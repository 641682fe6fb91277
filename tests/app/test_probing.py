"""Rounds of probes from end to end: real servers, the ledger, the outbox. All is synthetic."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

import pytest

from app.doctor import examine
from app.home import Home
from app.probing import Round, availability_rules, run_round, tell_outages
from app.service.plan import samples_a_day
from checks.calendar import load_calendar
from checks.facts import Outcome
from checks.probes import Access, Probe, grade
from checks.rules import pack_texts, read_law
from storage.clock import now
from storage.ledger import Ledger
from tests.app.run import called
from tests.checks.make import at, day
from tests.crawler.server import page, serving

HOME = page("<!-- synthetic --><html><body><h1>示例市人民政府</h1></body></html>")
BROKEN = page("Bad Gateway", status=502)
SLOW_MS = 700
BOTH = ("office@example.gov.cn", "operator@example.gov.cn")
REGISTER = """
[[unit]]
id = "u"
name = "示例单位"
kind = "department"
emails = ["unit@example.gov.cn"]
[[site]]
id = "s1"
name = "示例网站"
home = "{}"
unit = "u"
"""
SETTINGS = """
[crawl]
delay_seconds = 0
allow_private_networks = ["127.0.0.1/32"]
[rules]
packs = {packs}
[mail]
office = ["office@example.gov.cn"]
operator = ["operator@example.gov.cn"]
[probe]
check_hosts = {hosts}
"""


def slow(handler: BaseHTTPRequestHandler) -> None:
    """A home page that takes exactly as long as it must not."""
    Event().wait(SLOW_MS / 1000)
    HOME(handler)


def set_up(folder: Path, url: str, hosts: str = "[]", packs: str = '["cn-2019"]') -> Home:
    """A home whose pack differs from the bundled one in three numbers, to be fast."""
    folder.joinpath("settings.toml").write_text(SETTINGS.format(packs=packs, hosts=hosts))
    folder.joinpath("inventory.toml").write_text(REGISTER.format(url), encoding="utf-8")
    text = pack_texts(["cn-2019"])["cn-2019"]
    for old, new in (
        ("slow_ms = 15000", f"slow_ms = {SLOW_MS}"),
        ("down_after = 3", "down_after = 2"),
        ("up_after = 2", "up_after = 1"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    folder.joinpath("packs").mkdir(exist_ok=True)
    folder.joinpath("packs", "cn-2019.toml").write_text(text, encoding="utf-8")
    return Home(folder)


def mails(home: Home) -> list[tuple[str, str]]:
    """Recipient and subject of every mail delivered, sorted."""
    files = home.path("outbox").glob("*.eml")
    read = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
    return sorted((str(mail["To"]), str(mail["Subject"])) for mail in read)


def one_round(home: Home) -> Round:
    """A round of a service that was just started: nothing is remembered but by the ledger."""
    ledger = home.open_ledger()
    try:
        made = run_round(home, home.settings(), ledger)
    finally:
        ledger.close()
    assert made is not None
    return made


def graded(made: Round) -> Access:
    (probe,) = made.probes
    return grade(probe, made.rule)


def test_a_site_that_goes_down_and_comes_back_is_told_once_each(tmp_path: Path) -> None:
    """Not open, then too slow: down. Our own network down: not theirs. Open: back."""
    hops = iter((BROKEN, slow, HOME))
    with serving({"/": lambda handler: next(hops)(handler)}) as server:
        home = set_up(tmp_path, f"{server.url}/")
        assert graded(one_round(home)) is Access.FAILED
        assert mails(home) == []
        assert graded(one_round(home)) is Access.FAILED
        down = [(person, "【巡检】1个网站无法打开") for person in BOTH]
        assert mails(home) == down
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            set_up(tmp_path, f"{server.url}/", hosts=f'["127.0.0.1:{taken.getsockname()[1]}"]')
            ran = called("probe", home=tmp_path)
        assert ran.code == 3
        assert "本机网络不通，1 个网站的探测不作数" in ran.err
        ours = ("operator@example.gov.cn", "【巡检】巡检所在网络中断")
        assert mails(home) == sorted([*down, ours])
        set_up(tmp_path, f"{server.url}/", hosts=f'["{server.url}"]')
        assert graded(one_round(home)) is Access.REACHED
    back = [(person, "【巡检】1个网站恢复访问") for person in BOTH]
    assert mails(home) == sorted([*down, ours, *back])


def test_without_a_rule_that_asks_nothing_is_probed(tmp_path: Path) -> None:
    with serving({"/": HOME}) as server:
        set_up(tmp_path, f"{server.url}/", packs='["haian"]')
        ran = called("probe", home=tmp_path)
        assert (ran.code, server.seen) == (2, [])
    assert "没有网站可用性指标" in ran.err


# Telling, without a network


@pytest.fixture
def home(tmp_path: Path, database: str) -> Home:
    return set_up(tmp_path, "https://www.shili.gov.cn/")


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    from app.cycle import load_first_register

    opened = home.open_ledger()
    load_first_register(home, opened)
    yield opened
    opened.close()


LAW = read_law(pack_texts(["cn-2019"]), load_calendar())
(RULE,) = availability_rules(LAW, day("11-22"))


def keep(ledger: Ledger, word: str, start: datetime) -> datetime:
    """Half-hourly probes, `+` opened and `-` not; returns the time of the last."""
    for n, char in enumerate(word):
        moment = start + timedelta(minutes=30) * n
        outcome = Outcome.OK if char == "+" else Outcome.UNREACHABLE
        ledger.record_probe(Probe("s1", moment, 800, outcome))
    return moment


def tell(home: Home, ledger: Ledger, present: datetime) -> int:
    return tell_outages(home.settings(), ledger, LAW, RULE, present).mails


def test_a_second_telling_says_nothing_even_after_a_restart(home: Home, ledger: Ledger) -> None:
    last = keep(ledger, "++---", at("11-20"))
    assert tell(home, ledger, last) == 2
    assert tell(home, ledger, last) == 0
    again = home.open_ledger()
    assert tell(home, again, last + timedelta(minutes=1)) == 0
    again.close()
    assert tell(home, ledger, keep(ledger, "--", last + timedelta(minutes=30))) == 0
    assert ledger.delivery_counts() == {"queued": 2}


def test_a_crash_between_probe_and_mail_loses_no_mail(home: Home, ledger: Ledger) -> None:
    last = keep(ledger, "++----", at("11-20"))
    assert tell(home, ledger, last + timedelta(hours=1)) == 2


def test_an_outage_of_weeks_is_told_once(home: Home, ledger: Ledger) -> None:
    start = at("11-01")
    assert tell(home, ledger, keep(ledger, "++---", start)) == 2
    for number in range(1, 20):
        last = keep(ledger, "-" * 40, start + timedelta(days=number))
        assert tell(home, ledger, last) == 0
    assert tell(home, ledger, keep(ledger, "++", last + timedelta(minutes=30))) == 2


# The schedule and the doctor


@pytest.mark.parametrize(
    ("line", "samples"),
    [
        ("10,40 * * * *", 48),
        ("*/20 * * * *", 72),
        ("*/5 * * * *", 72),
        ("0 */2 * * *", 12),
        ("0 4-23 * * *", 20),
    ],
)
def test_probes_that_are_too_near_are_no_samples(line: str, samples: int) -> None:
    assert samples_a_day(line, RULE.min_gap, at("11-20")) == samples


def doctor(home: Home) -> dict[str, tuple[bool, str]]:
    checks = examine(home)
    assert not any(check.fatal for check in checks)
    return {check.name: (check.ok, check.note) for check in checks}


def test_the_doctor_says_when_nobody_probes(home: Home, ledger: Ledger) -> None:
    ok, note = doctor(home)["网站探测"]
    assert not ok
    assert note.startswith("最近一次：近9天内没有；间隔应不超过240分钟")
    ledger.record_probe(Probe("s1", now() - timedelta(minutes=239), 800, Outcome.OK))
    assert doctor(home)["网站探测"][0]
    assert doctor(home)["探测计划"] == (
        True,
        "按 [schedule] probe 每日有效探测48次，应不少于20次",
    )


def test_the_doctor_says_when_the_last_probe_is_too_old(home: Home, ledger: Ledger) -> None:
    ledger.record_probe(Probe("s1", now() - timedelta(minutes=241), 800, Outcome.OK))
    assert not doctor(home)["网站探测"][0]


def test_hosts_for_comparison_are_a_hint_and_no_error(home: Home, ledger: Ledger) -> None:
    ok, note = doctor(home)["对照主机"]
    assert ok
    assert "未设" in note
    set_up(home.folder, "https://www.shili.gov.cn/", hosts='["https://www.example.cn/"]')
    assert doctor(home)["对照主机"] == (True, "已设 1 个，宜设三个互不相关的主机")


def test_a_host_for_comparison_that_our_guards_refuse_is_told(home: Home, ledger: Ledger) -> None:
    set_up(home.folder, "https://www.shili.gov.cn/", hosts='["10.1.1.1:53", "127.0.0.1:53"]')
    ok, note = doctor(home)["对照主机"]
    assert not ok
    assert note.startswith("10.1.1.1:53 属于未获准访问的内部网络")


def test_the_doctor_asks_for_no_probes_without_a_rule(home: Home, ledger: Ledger) -> None:
    set_up(home.folder, "https://www.shili.gov.cn/", packs='["haian"]')
    assert {"网站探测", "探测计划", "对照主机"} & set(doctor(home)) == set()
