"""One home for the pages of findings: made once, copied for each test, visited without a password.

On 2 March 2026 three columns are at fault: dt and kb of the unit zfb, jy of the unit jyj, which
has no address. There is a person of every role; the viewer is of jyj.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.home import Home
from app.web.entry import begin as come_in
from app.web.guard import COOKIE
from app.web.site import create
from checks.lifecycle import Event, EventKind
from notify.news import unit_audience
from storage.clock import now
from storage.ledger import Ledger
from tests.app.life import Life, begin
from tests.app.web.visiting import ORIGIN, Visit, enter_people

LATE = "2026-02-10"
BY = ("--by", "示例经办人")


def make(folder: Path) -> Path:
    """The home as it is before anybody does anything."""
    with pytest.MonkeyPatch.context() as patch:
        for life in begin(Home(folder), patch, "2026-03-02"):
            for column in ("dt", "jy"):
                life.look(column, LATE)
            life.look("kb", None)
            life.cycle()
            enter_people(life.ledger)
    return folder


def live(made: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    """A copy of that home, an hour later: whatever is done now has another instant."""
    shutil.copytree(made, folder)
    for life in begin(Home(folder), monkeypatch, "2026-03-02"):
        life.on("2026-03-02", 10)
        yield life


class Inside(Visit):
    """A browser whose session is open already: to prove a password is meant to be slow."""

    def __init__(self, client: TestClient, ledger: Ledger, login: str) -> None:
        self.client, self.ledger = client, ledger
        person = ledger.person(login)
        assert person is not None
        client.cookies.set(COOKIE, come_in(ledger, person, now()).secret, domain="xunjian.test")


@contextmanager
def visited(life: Life, login: str = "clerk") -> Iterator[Visit]:
    site = create(life.home, life.ledger)
    with TestClient(site, base_url=ORIGIN, follow_redirects=False) as client:
        yield Inside(client, life.ledger, login)


def notified(life: Life, column: str = "dt") -> int:
    """The finding about this column, confirmed and notified today, without paper and mails."""
    of = number(life, column)
    due = life.day + timedelta(days=14)
    steps = [
        Event(EventKind.CONFIRMED, life.at, "示例经办人", "经人工核实，问题属实。"),
        Event(EventKind.NOTIFIED, life.at, "示例经办人", "整改通知", None, due),
    ]
    with life.ledger.writing() as session:
        finding = life.ledger.all_findings(session)[of]
        written = life.ledger.write_events(session, [(finding, each) for each in steps])
        audience = unit_audience(finding.unit or "")
        life.ledger.tell(session, audience, [each.key for each in written], life.at)
    return of


def number(life: Life, column: str) -> int:
    """The number of the finding about this column."""
    return next(each.id for each in life.findings() if each.key.subject == f"column:{column}")
