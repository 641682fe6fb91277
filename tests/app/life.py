"""A home whose clock the test holds: days pass, columns are looked at, clerks type commands.

Two units; the second has no address. All synthetic.
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default

import pytest
from typer.testing import CliRunner, Result

from app import cycle, day, handling, law, notices, today
from app.cli import app
from app.cycle import check_today, deliver_now
from app.home import Home
from checks.course import Course
from checks.facts import DateSource, Item, Outcome
from checks.freshness import SHANGHAI
from checks.lifecycle import EventKind, Finding
from checks.rules import OPERATOR_PACK
from notify.queue import Queued
from storage.evidence import Capture
from storage.inventory import read_toml
from storage.ledger import Ledger, Sighting
from tests.both import environment

OPERATOR = "operator@example.cn"
HEADS = BytesHeaderParser(policy=default)
SETTINGS = """\
[mail]
office = ["office@example.cn"]
operator = ["operator@example.cn"]
[rules]
packs = ["haian", "cn-2019"]
"""
REGISTER = """\
[[unit]]
id = "zfb"
name = "示例办公室"
kind = "department"
emails = ["zfb@example.cn", "zfb2@example.cn"]
[[unit]]
id = "jyj"
name = "示例教育局"
kind = "department"
[[site]]
id = "s"
name = "示例门户"
home = "http://portal.example/"
unit = "zfb"
[[column]]
id = "dt"
site = "s"
name = "政务动态"
url = "http://portal.example/dt/"
class = "news"
unit = "zfb"
[[column]]
id = "jy"
site = "s"
name = "教育动态"
url = "http://portal.example/jy/"
class = "news"
unit = "jyj"
[[column]]
id = "kb"
site = "s"
name = "其他栏目"
url = "http://portal.example/kb/"
class = "other"
unit = "zfb"
"""


@dataclass
class Life:
    """One home through its days. `at` is what every part of the program takes for the present."""

    home: Home
    ledger: Ledger
    at: datetime
    read: int = 0
    queued: list[Queued] = field(default_factory=list)

    def on(self, text: str, hour: int = 9) -> None:
        """It is this hour of that day in Asia/Shanghai."""
        self.at = datetime.combine(date.fromisoformat(text), time(hour), SHANGHAI)

    @property
    def day(self) -> date:
        return self.at.date()

    def look(self, column: str, newest: str | None, outcome: Outcome = Outcome.OK) -> None:
        """The crawler looks at a column now; None: there is nothing in it, or it was not seen."""
        run = self.ledger.start_run(1, self.at)
        url = f"http://portal.example/{column}/"
        seen = newest is None and outcome is Outcome.OK
        page = Capture(url, self.at, 200, {"Content-Type": "text/html"}, f"{newest}".encode())
        on = date.fromisoformat(newest) if newest else None
        item = Item("示例信息", f"{url}{newest}.html", on, newest, DateSource.LIST)
        self.ledger.record(
            run,
            Sighting(
                f"column:{column}",
                self.at,
                Outcome.EMPTY if seen else outcome,
                items=(item,) if on else (),
                captures=(page,),
            ),
        )

    def cycle(self) -> list[tuple[int, EventKind]]:
        """Judge, write and tell as the cycle does after its looks; returns what was written.

        Of findings against units: what nobody looked at is the operator's matter.
        """
        before = {each.id: len(each.events) for each in self.findings()}
        _, queued = check_today(self.home, self.home.settings(), self.ledger)
        self.queued.append(queued)
        deliver_now(self.home, self.home.settings(), self.ledger)
        return [
            (each.id, event.kind)
            for each in self.findings()
            for event in each.events[before.get(each.id, 0) :]
        ]

    def run(self, *words: str) -> Result:
        """What a clerk types; what goes wrong in words is in the exception."""
        folder = self.home.folder
        return CliRunner().invoke(app, ["--home", str(folder), *words], env=environment(folder))

    def done(self, *words: str) -> None:
        result = self.run(*words)
        assert result.exception is None, result.exception

    def refused(self, *words: str) -> list[str]:
        """The lines that `xunjian` would say with exit code 2; nothing has been written."""
        before = [each.events for each in self.ledger.findings()]
        result = self.run(*words)
        assert isinstance(result.exception, handling.HandlingError), result.output
        assert [each.events for each in self.ledger.findings()] == before
        return str(result.exception).splitlines()

    def findings(self) -> list[Finding]:
        """The findings against units."""
        return [each for each in self.ledger.findings() if each.key.pack != OPERATOR_PACK]

    def finding(self, number: int = 1) -> Finding:
        return next(each for each in self.ledger.findings() if each.id == number)

    def course(self, number: int = 1) -> Course:
        return self.finding(number).course

    def mails(self) -> list[EmailMessage]:
        """The mails queued since this was last asked, but for those to the operator."""
        made = [email.message_from_bytes(each, policy=default) for each in self._fresh()]
        return [each for each in made if each["To"] != OPERATOR and isinstance(each, EmailMessage)]

    def told(self) -> dict[str, str]:
        """The subject that each address got since this was last asked."""
        heads = [HEADS.parsebytes(each) for each in self._fresh()]
        return {str(each["To"]): str(each["Subject"]) for each in heads if each["To"] != OPERATOR}

    def _fresh(self) -> list[bytes]:
        everything = self.ledger.deliveries()
        fresh, self.read = everything[self.read :], len(everything)
        return [each.message.mime for each in fresh]


def begin(home: Home, monkeypatch: pytest.MonkeyPatch, start: str) -> Iterator[Life]:
    home.folder.mkdir(parents=True, exist_ok=True)
    home.path("settings.toml").write_text(SETTINGS, encoding="utf-8")
    life = Life(home, home.open_ledger(), datetime(2026, 1, 1, tzinfo=SHANGHAI))
    life.on(start)
    for module in (cycle, day, handling, law, notices, today):
        monkeypatch.setattr(module, "now", lambda: life.at)
    life.ledger.load_inventory(read_toml(REGISTER, "synthetic"), life.at - timedelta(days=1))
    yield life
    life.ledger.close()


def text(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())
