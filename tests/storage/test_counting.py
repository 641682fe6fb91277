"""What the ledger gives for the count of a year."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from checks.counting import count_year
from checks.counting_total import Snapshot, Totals
from checks.facts import Method, Outcome
from checks.freshness import SHANGHAI
from checks.periods import Days
from checks.texts import BODY
from storage.ledger import Ledger, Note, Noticed
from tests.storage.make import COLUMN, item, look, raw_register, register

YEAR = Days(date(2026, 1, 1), date(2026, 12, 31))


def at(*day: int, hour: int = 10) -> datetime:
    return datetime(day[0], day[1], day[2], hour, tzinfo=SHANGHAI)


END = at(2026, 12, 31, hour=23)


@pytest.fixture
def loaded(ledger: Ledger) -> Ledger:
    ledger.load_inventory(register(), at(2025, 12, 1))
    return ledger


def number(ledger: Ledger, year: int = 2026, end: datetime = END) -> int:
    """How many items of `news` count in a year?"""
    days = Days(date(year, 1, 1), date(year, 12, 31))
    columns = ledger.counted_columns(days, end)
    rows = ledger.shown_rows([column.key for column in columns], days, end)
    counts = {line.column.key: line.home for line in count_year(rows, columns, days).columns}
    return counts[COLUMN]


def test_the_days_of_the_year_are_shanghai_days_from_1_january_to_31_december(
    loaded: Ledger,
) -> None:
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31))
    look(loaded, END, Outcome.OK, *(item(f"通知{day}", day) for day in days))
    assert number(loaded) == 2


def test_an_article_dated_anew_long_after_counts_in_the_year_of_its_last_date(
    loaded: Ledger,
) -> None:
    look(loaded, at(2026, 3, 2), Outcome.OK, item("通知", date(2026, 3, 1)))
    look(loaded, at(2027, 5, 2), Outcome.OK, item("通知", date(2027, 5, 1)))
    later = at(2027, 12, 31, hour=23)
    assert number(loaded) == 1
    assert number(loaded, end=later) == 0
    assert number(loaded, 2027, later) == 1


def test_an_article_dated_back_into_an_earlier_year_leaves_this_one(loaded: Ledger) -> None:
    look(loaded, at(2026, 3, 2), Outcome.OK, item("通知", date(2026, 3, 1)))
    look(loaded, at(2026, 4, 2), Outcome.OK, item("通知", date(2020, 3, 1)))
    assert number(loaded) == 0


def test_what_was_seen_after_the_instant_does_not_count(loaded: Ledger) -> None:
    look(loaded, at(2026, 3, 2), Outcome.OK, item("通知", date(2026, 3, 1)))
    look(loaded, at(2027, 1, 5), Outcome.OK, item("补登", date(2026, 12, 30)))
    assert number(loaded) == 1
    assert number(loaded, end=at(2027, 1, 6)) == 2


def test_an_undated_item_is_given_in_the_year_in_which_it_was_first_seen(loaded: Ledger) -> None:
    look(loaded, at(2026, 3, 2), Outcome.UNDATED, item("无日期"))
    for year, rows in ((2026, 1), (2027, 0)):
        days = Days(date(year, 1, 1), date(year, 12, 31))
        assert len(loaded.shown_rows([COLUMN], days, at(2027, 12, 31))) == rows


def test_a_column_that_left_the_register_in_the_year_still_counts(loaded: Ledger) -> None:
    look(loaded, at(2026, 3, 2), Outcome.OK, item("通知", date(2026, 3, 1)))
    raw = raw_register()
    raw["column"] = [row for row in raw["column"] if row["id"] != "news"]
    loaded.load_inventory(register(**raw), at(2026, 6, 1))
    ended = {column.name: column.ended for column in loaded.counted_columns(YEAR, END)}
    assert ended == {"政务动态": True, "规划": False}
    assert number(loaded) == 1
    later = Days(date(2027, 1, 1), date(2027, 12, 31))
    assert [column.name for column in loaded.counted_columns(later, at(2027, 6, 1))] == ["规划"]


def test_the_bucket_is_the_one_the_register_has_last_in_the_year(loaded: Ledger) -> None:
    raw = raw_register()
    raw["column"][0]["bucket"] = "news"
    loaded.load_inventory(register(**raw), at(2026, 6, 1))
    buckets = {column.name: column.bucket for column in loaded.counted_columns(YEAR, END)}
    assert buckets == {"政务动态": "news", "规划": "disclosure"}
    spring = at(2026, 4, 1)
    assert loaded.counted_columns(YEAR, spring)[0].bucket == "none"


def test_entries_are_no_columns_to_be_counted(loaded: Ledger) -> None:
    raw = raw_register()
    raw["column"][1]["redirect_to"] = "news"
    loaded.load_inventory(register(**raw), at(2025, 12, 2))
    assert [column.name for column in loaded.counted_columns(YEAR, END)] == ["政务动态"]


def test_totals_are_the_last_of_the_year_before_and_the_last_of_the_year(loaded: Ledger) -> None:
    totals: tuple[tuple[datetime, int | None], ...] = (
        (at(2025, 12, 30), 90),
        (at(2025, 12, 31, hour=23), 100),
        (at(2026, 1, 1, hour=0), 101),
        (at(2026, 12, 30), 150),
        (at(2026, 12, 31), None),
        (at(2027, 1, 1, hour=0), 160),
    )
    for moment, total in totals:
        look(loaded, moment, Outcome.OK, item("通知", date(2025, 12, 1)), total=total)
    look(loaded, at(2026, 12, 31, hour=11), Outcome.BLOCKED, total=7)
    found = loaded.list_totals([COLUMN, "column:plan"], YEAR, at(2027, 2, 1))
    before, after = Snapshot(date(2025, 12, 31), 100), Snapshot(date(2026, 12, 30), 150)
    assert found == {COLUMN: Totals(before, after)}


def test_a_list_first_seen_in_the_year_has_no_earlier_total(loaded: Ledger) -> None:
    look(loaded, at(2026, 2, 1), Outcome.OK, item("通知", date(2026, 1, 5)), total=50)
    found = loaded.list_totals([COLUMN], YEAR, END)
    assert found == {COLUMN: Totals(None, Snapshot(date(2026, 2, 1), 50))}


def test_days_with_looks_are_those_of_crawls_that_saw_something(loaded: Ledger) -> None:
    crawls: tuple[tuple[datetime, Outcome, Method], ...] = (
        (at(2025, 12, 31), Outcome.OK, Method.CRAWL),
        (at(2026, 1, 1, hour=0), Outcome.OK, Method.CRAWL),
        (at(2026, 2, 1), Outcome.BLOCKED, Method.CRAWL),
        (at(2026, 3, 1), Outcome.OK, Method.EXPORT),
        (at(2026, 4, 1), Outcome.OK, Method.CRAWL),
        (at(2026, 4, 1, hour=12), Outcome.OK, Method.CRAWL),
    )
    for moment, outcome, method in crawls:
        run = loaded.start_run(1, moment, method)
        look(loaded, moment, outcome, run=run, method=method)
        loaded.finish_run(run, moment)
    assert loaded.days_looked(YEAR, END) == (date(2026, 1, 1), date(2026, 4, 1))
    assert loaded.days_looked(YEAR, at(2026, 3, 1)) == (date(2026, 1, 1),)
    first = loaded.first_looks([COLUMN, "column:plan"], END)
    assert first == {COLUMN: date(2025, 12, 31)}


def place(column: str, url: str, on: date) -> dict[str, Any]:
    return {"column": column, "title": "通知", "url": url, "published_on": str(on), "chars": 900}


def test_texts_that_stand_in_several_places_are_given_with_their_places(loaded: Ledger) -> None:
    spring, winter = date(2026, 3, 1), date(2025, 12, 1)
    places = {
        "text:aa": (place(COLUMN, "u1", spring), place("column:plan", "u2", spring)),
        "text:bb": (place(COLUMN, "u3", spring), place(COLUMN, "u3", spring)),
        "text:cc": (place(COLUMN, "u4", winter), place("column:plan", "u5", spring)),
        "text:dd": (place(COLUMN, "u6", spring),),
    }
    for subject, held in places.items():
        for hours, facts in enumerate(held):
            note = Note(BODY, str(hours), Outcome.OK, facts)
            moment = at(2026, 3, 2) + timedelta(hours=hours)
            loaded.observe(None, Noticed(subject, moment, (note,)))
    assert loaded.same_bodies(YEAR, END) == [[(COLUMN, "u1"), ("column:plan", "u2")]]
    assert loaded.bodies_read(YEAR, END) == 4
    assert loaded.same_bodies(YEAR, at(2026, 3, 1)) == []
