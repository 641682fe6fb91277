"""Pages and the interface say the same of the same home on SQLite and on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from app.web.rights import Role
from app.web.site import routers
from checks.handling import Action as Step
from storage.ledger import Ledger
from tests.app.life import Life
from tests.app.run import called
from tests.app.web.forms import form_of, send
from tests.app.web.office import live, make, visited
from tests.app.web.visiting import Visit

OF_ONE = (
    "/columns/dt",
    "/sites/s",
    "/findings/1",
    "/findings?show=all",
    "/findings/handle?step=notice&id=1",
    "/deliveries/1",
    "/inventory?table=unit",
    "/api/v1/findings/1",
    "/api/v1/explain/column:dt",
)
PATHS = [
    route.path
    for router in routers()
    for route in router.routes
    if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and "{" not in route.path
]
OWN = re.compile(r'csrf" value="[^"]*"|\d\d:\d\d(:\d\d[.\d]*)?')  # keys, and when it was shown


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made") / "home")


@pytest.fixture
def life(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    yield from live(made, tmp_path / "home", monkeypatch)


@pytest.fixture
def other(life: Life, pg_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    """The same home with its rows on PostgreSQL."""
    copied = called("db", "copy", pg_url, home=life.home.folder)
    assert copied.code == 0, copied.err
    with monkeypatch.context() as patch:
        patch.setenv("XUNJIAN_DATABASE_URL", pg_url)
        ledger = life.home.open_ledger()
    yield Life(life.home, ledger, life.at)
    ledger.close()


def told(visit: Visit, path: str) -> tuple[int, str | int]:
    answer = visit.client.get(path)
    kind = answer.headers.get("content-type", "")
    words = OWN.sub("", answer.text) if kind.startswith(("text", "application/json")) else ""
    return answer.status_code, words or len(answer.content)


@pytest.mark.parametrize("role", [Role.CLERK, Role.OPERATOR, Role.VIEWER])
def test_every_page_is_the_same(life: Life, other: Life, role: Role) -> None:
    with visited(life, role) as here, visited(other, role) as there:
        for path in (*PATHS, *OF_ONE):
            assert told(there, path) == told(here, path), path


def test_a_step_writes_the_same(life: Life, other: Life) -> None:
    def confirmed(place: Life) -> tuple[object, ...]:
        with visited(place) as visit:
            action, held = form_of(visit.get("/findings/1"), Step.CONFIRM)
            assert send(visit, action, held).status_code == 303
        ledger: Ledger = place.ledger
        event = place.finding(1).events[-1]
        (audit,) = ledger.audited()
        return event, audit.login, audit.action, audit.object

    assert confirmed(other) == confirmed(life)


def test_a_sign_that_no_text_of_a_database_may_hold_is_no_fault_of_ours(other: Life) -> None:
    """PostgreSQL takes no NUL, not even to look for it."""
    asked = ("/deliveries?words=%00", "/inventory?text=a%00b", "/audit?login=%00", "/?text=%00")
    with visited(other, Role.LEADER) as leader:
        assert [leader.status(path) for path in (*asked, "/people/%00", "/columns/a%00")] == [
            *[200] * len(asked),
            404,
            404,
        ]
        assert leader.status("/api/v1/items?unit=%00") == 200
        wrong = {"login": "\0", "password": "\0"}
        assert leader.client.post("/login", data=wrong).status_code == 403
    with visited(other) as clerk:
        action, held = form_of(clerk.get("/findings/1"), Step.CONFIRM)
        assert send(clerk, action, held, note="a\0b").status_code == 422
    assert other.ledger.audited() == []
