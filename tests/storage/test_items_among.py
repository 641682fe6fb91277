"""The newest rows of several columns, on both databases: in order, passed over, at an instant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from checks.facts import Outcome
from storage.ledger import Ledger
from tests.storage.make import DAY, MORNING, item, look

TODAY = MORNING.date()
COLUMNS = [f"column:c{n}" for n in range(4)]


@pytest.fixture
def ledger(ledger: Ledger) -> Ledger:
    """Four columns, each ten days behind the one before; the first has a row without a day."""
    for n, column in enumerate(COLUMNS):
        rows = [item(f"{n}-{back}", TODAY - timedelta(days=10 * n + back)) for back in range(3)]
        rows += [item("无日期")] if n == 0 else []
        look(ledger, MORNING, Outcome.OK, *rows, subject=column)
    look(ledger, MORNING, Outcome.OK, item("别处", TODAY), subject="column:other")
    return ledger


def titles(ledger: Ledger, most: int, skip: int = 0, days: int = 0) -> list[str]:
    seen = ledger.items_among(COLUMNS, MORNING + days * DAY, most, skip)
    return [each.item.title for each in seen]


def test_the_newest_rows_come_first_whatever_column_they_are_of(ledger: Ledger) -> None:
    every = [f"{n}-{back}" for n in range(4) for back in range(3)] + ["无日期"]
    # Two, three and four are as many as columns with something new; more are read from all.
    for most in range(1, 15):
        assert titles(ledger, most) == every[:most]
        assert titles(ledger, 2, skip=most) == every[most : most + 2]
    assert titles(ledger, 0) == []


def test_what_was_seen_later_is_not_among_them(ledger: Ledger) -> None:
    look(ledger, MORNING + DAY, Outcome.OK, item("新", TODAY + DAY), subject=COLUMNS[3])
    assert titles(ledger, 2) == ["0-0", "0-1"]
    assert titles(ledger, 2, days=1) == ["新", "0-0"]
    assert ledger.items_among(COLUMNS, MORNING - DAY, 5) == []
    assert ledger.items_among([], MORNING, 5) == []
