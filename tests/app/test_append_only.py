"""Promise 3: what was seen and what happened is written once, and no later run changes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.home import Home
from app.upkeep import keep_house
from checks.course import State
from checks.facts import Letter, Outcome
from storage.ledger import Sighting
from tests.app.life import Life, begin
from tests.checks.make import day

TABLES = ("visit", "item", "letter", "event", "law")
BY = ("--by", "示例经办人")
RECEIVED = day("2026-02-10")


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[Life]:
    yield from begin(Home(tmp_path / "home"), monkeypatch, "2026-03-02")


def written(life: Life) -> dict[tuple[str, int], tuple[Any, ...]]:
    """Every row of these tables as it stands in the database, by table and number."""
    with life.ledger.reading() as session:
        return {
            (table, row.id): tuple(row)
            for table in TABLES
            for row in session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
        }


def letters(life: Life, *letters: Letter) -> None:
    run = life.ledger.start_run(1, life.at)
    life.ledger.record(run, Sighting("mailbox:x", life.at, Outcome.OK, letters=letters))


def steps(life: Life) -> Iterator[str]:
    """A finding from its discovery to its close, looks good and bad, and ten years' upkeep."""
    yield "nothing yet"
    letters(life, Letter("L1", "路灯", None, RECEIVED))
    life.look("dt", "2026-02-10")
    life.look("jy", None, Outcome.BLOCKED)
    yield "looks"
    life.cycle()
    yield "a cycle"
    life.done("findings", "confirm", "1", *BY, "--note", "已核对")
    life.done("findings", "notice", *BY)
    yield "steps of persons"
    life.on("2026-03-09")
    life.look("dt", "2026-03-09")
    letters(life, Letter("L1", "路灯", None, RECEIVED, replied_on=day("2026-03-05")))
    yield "later looks"
    life.cycle()
    yield "a later cycle"
    assert life.course().state is State.RECHECK
    life.done("findings", "close", "1", *BY, "--note", "已更新")
    yield "its end"
    life.on("2036-03-09")
    keep_house(life.home.settings(), life.ledger, life.at)
    life.ledger.give_up([1], life.at, "保留期限已满")
    assert [fault for _, fault in life.ledger.erase(life.at)] == [None]
    yield "evidence given up"


def test_no_step_changes_or_removes_a_row_written_before_it(life: Life) -> None:
    before: dict[tuple[str, int], tuple[Any, ...]] = {}
    for step in steps(life):
        after = written(life)
        assert {key: after.get(key) for key in before} == before, step
        before = after
    numbers = [sum(table == name for name, _ in before) for table in TABLES]
    assert numbers[:3] == [5, 2, 2]
    assert min(numbers) > 0
