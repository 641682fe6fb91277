"""Two processes of pages behind one front: a browser is sent to either, and notices nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.web.guard import COOKIE
from checks.handling import Action as Step
from checks.lifecycle import State
from tests.app.life import Life
from tests.app.web.forms import form_of, send, steps_on
from tests.app.web.office import live, make, visited
from tests.app.web.test_inventory import applied, edited
from tests.app.web.visiting import Visit


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made") / "home")


@pytest.fixture
def both(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Visit, Visit]]:
    """One browser at two dashboards, each with a connection of its own to the database."""
    for life in live(made, tmp_path / "home", monkeypatch):
        second = Life(life.home, life.home.open_ledger(), life.at)
        with visited(life) as here, visited(second) as there:
            there.client.cookies.clear()
            there.client.cookies.set(COOKIE, here.client.cookies[COOKIE], domain="xunjian.test")
            yield here, there
        second.ledger.close()


def test_a_form_of_one_is_taken_by_the_other_and_both_show_it(both: tuple[Visit, Visit]) -> None:
    here, there = both
    assert [Step.CONFIRM in steps_on(each.get("/findings/1")) for each in both] == [True, True]
    action, held = form_of(here.get("/findings/1"), Step.CONFIRM)
    assert send(there, action, held).status_code == 303
    for each in both:
        assert Step.CONFIRM not in steps_on(each.get("/findings/1"))
        assert each.ledger.findings()[0].state is State.CONFIRMED
    # What was done at one cannot be done again at the other.
    assert send(here, action, held).status_code == 422


def test_a_draft_made_at_one_is_put_in_force_at_the_other(both: tuple[Visit, Visit]) -> None:
    here, there = both
    path = "/inventory/column/dt"
    answer = edited(here, path, name="要闻动态")
    assert answer.status_code == 303
    assert applied(there, answer.headers["location"]).status_code == 303
    for each in both:
        (row,) = [row for row in each.ledger.inventory()["column"] if row["id"] == "dt"]
        assert row["name"] == "要闻动态"
        assert "要闻动态" in each.get(path).decode()


def test_who_goes_out_at_one_is_out_at_the_other(both: tuple[Visit, Visit]) -> None:
    here, there = both
    assert here.post("/logout").status_code == 303
    assert there.status("/findings") == 303
