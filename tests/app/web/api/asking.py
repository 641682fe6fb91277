"""A home with something of every kind, and programs that ask for it with their keys (synthetic)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi.testclient import TestClient
from httpx2 import Response

from app.assessment_steps import enter
from app.hands import Said, record
from app.home import Home
from app.web.api.answers import VERSION
from app.web.entry import digest
from app.web.rights import Role
from app.web.site import create
from checks.facts import Letter, Outcome
from checks.lifecycle import Fault, Key
from storage.clock import now
from storage.inventory import read_toml
from storage.ledger import Ledger, Sighting
from storage.tables import NoticeRow
from tests.app.assessed import REGISTER, at, found, home_in, on, third_quarter
from tests.app.test_bad_input import SETTINGS
from tests.app.web.visiting import ORIGIN, enter_people
from tests.storage.make import MORNING, capture, item, look

ACCOUNT = """
[[account]]
id = "wx"
platform = "wechat"
name = "示例\u202e发布"
unit = "qt"
source = "manual"
"""
PACKS = '[rules]\npacks = ["haian", "cn-2019"]\n'
PAGE = b"<html><body><ul><li><a href='/1.html'>x</a> 2026-11-19</li></ul></body></html>"
BY_HAND = Said("account:wx", "M3", True, None, "没有留言功能\u001b[2J", "核查员", None, "cn-2019")


def make_home(folder: Path) -> Home:
    """A quarter with findings, a notice, a kept assessment, items, an account, a person's word."""
    home, ledger = home_in(folder)
    folder.joinpath("settings.toml").write_text(SETTINGS + PACKS, encoding="utf-8")
    ledger.load_inventory(read_toml(REGISTER + ACCOUNT, "synthetic"), at(1, 5))
    quarter = third_quarter(ledger)
    # In the bureau's mailbox a letter that the town answers for.
    theirs = Letter("L3", "来信", None, received_on=on(8, 31), unit="曲塘镇", answered=False)
    run = ledger.start_run(1, at(9, 11))
    ledger.record(run, Sighting("mailbox:xx", at(9, 11), Outcome.OK, letters=(theirs,)))
    key = Key("haian", "mailbox_5wd", "mailbox:xx", "L3")
    found(ledger, Fault(key, "qt", on(9, 7), "逾期", None), at(9, 11))
    notice = NoticeRow(
        kind="notice",
        number="整改通知〔2026〕1号",
        unit="jyj",
        at=at(7, 17, 10),
        by="办公室",
        due=on(7, 31),
        findings=[quarter["in_time"].id],
        document="notices/1.docx",
    )
    with ledger.writing() as session:
        ledger.record_notice(session, notice)
    for column in ("dt", "zj"):
        page = (capture(f"http://127.0.0.1:9/{column}.html", PAGE),)
        rows = [item(f"{column} {n} \u202e\u2028", on(11, 17 + n)) for n in range(3)]
        look(ledger, MORNING, Outcome.OK, *rows, subject=f"column:{column}", captures=page)
    record(home, home.settings(), ledger, BY_HAND)
    enter(home, home.settings(), ledger, "2026Q3", "张三", "")
    enter_people(ledger)
    for role in Role:
        person = ledger.person(role)
        assert person is not None
        ledger.add_token(digest(secret_of(role)), person, "示例程序", now())
    ledger.close()
    return home


def secret_of(login: str) -> str:
    return f"secret of {login}"


class Program:
    """A program with a key."""

    def __init__(self, client: TestClient, home: Home, ledger: Ledger) -> None:
        self.client, self.home, self.ledger = client, home, ledger

    def ask(self, path: str, login: str = Role.CLERK) -> Response:
        return self.with_key(path, secret_of(login))

    def with_key(self, path: str, secret: str) -> Response:
        return self.client.get(VERSION + path, headers={"authorization": f"Bearer {secret}"})


@contextmanager
def asking(home: Home, address: str = "10.0.0.8") -> Iterator[Program]:
    """Programs that ask one home from one address."""
    ledger = home.open_ledger()
    site = create(home, ledger)
    with TestClient(
        site, base_url=ORIGIN, follow_redirects=False, client=(address, 50000)
    ) as client:
        yield Program(client, home, ledger)
    ledger.close()
