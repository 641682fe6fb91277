"""How much a unit published in a month: counted where it was watched, else not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.assessing import the_scheme
from app.unit_measures import unit_measures
from checks.assessment_case import Measure
from checks.facts import DateSource, Item, Outcome
from checks.periods import read_period
from checks.scheme_table import Item as SchemeItem
from checks.scheme_table import Scheme
from storage.ledger import Ledger, Sighting
from tests.app.assessed import at, home_in, on

pytestmark = pytest.mark.usefixtures("database")

Q3 = read_period("2026Q3")


def asking(scheme: Scheme, *names: str) -> Scheme:
    items = [
        SchemeItem(id=name, name=name, section="deducted", per="month", measure=name)
        for name in names
    ]
    return replace(scheme, items=(*scheme.items, *items))


def item(day: date) -> Item:
    return Item(f"{day}的动态", f"http://127.0.0.1:9/a/{day}.html", day, str(day), DateSource.LIST)


def watched(ledger: Ledger, column: str, first: date, last: date, posts: list[date]) -> None:
    """Looked at every day: the list shows what had been posted by then, ten rows at most."""
    day = first
    while day <= last:
        moment = at(day.month, day.day)
        shown = tuple(item(post) for post in reversed(posts) if post <= day)[:10]
        run = ledger.start_run(1, moment)
        ledger.record(run, Sighting(f"column:{column}", moment, Outcome.OK, items=shown))
        day += timedelta(days=1)


def test_a_month_is_counted_where_every_column_of_the_unit_was_watched_on_all_its_days(
    tmp_path: Path,
) -> None:
    home, ledger = home_in(tmp_path)
    scheme, _ = the_scheme(home, home.settings())
    posts = [on(6, 20), on(7, 3), on(7, 3) + timedelta(days=1), on(7, 31), on(8, 15), on(9, 1)]
    # The town has one column, watched from 10 June to 20 September.
    watched(ledger, "zj", on(6, 10), on(9, 20), posts)
    # Of the bureau's two columns one was never looked at.
    watched(ledger, "dt", on(6, 10), on(9, 30), posts)
    measures = unit_measures(ledger, asking(scheme, "items"), Q3, at(10, 8))
    assert measures["qt"] == (
        Measure("items", "2026-07", 3),
        Measure("items", "2026-08", 1),
        Measure("items", "2026-09", None),
    )
    assert [each.value for each in measures["jyj"]] == [None, None, None]


def test_a_scheme_that_asks_for_no_numbers_costs_no_counting(tmp_path: Path) -> None:
    home, ledger = home_in(tmp_path)
    scheme, _ = the_scheme(home, home.settings())
    assert unit_measures(ledger, scheme, Q3, at(10, 8)) == {}
