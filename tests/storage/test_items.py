"""Each item is kept once, and no date is believed that lay ahead when it was first seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from checks.facts import DateSource, Item, Outcome
from storage.ledger import Ledger
from tests.storage.make import DAY, HOUR, MORNING, capture, history, item, last, look

TODAY = date(2026, 11, 20)
MIDNIGHT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)  # 00:00 on 21 November in Asia/Shanghai


def newest(ledger: Ledger, at: datetime, *items: Item) -> date | None:
    look(ledger, at, Outcome.OK, *items)
    return last(ledger, at).newest


def test_the_day_begins_at_midnight_in_shanghai(ledger: Ledger) -> None:
    new = item("甲", date(2026, 11, 21))
    assert newest(ledger, MIDNIGHT, new) == date(2026, 11, 21)


def test_a_microsecond_before_midnight_tomorrow_is_still_ahead(ledger: Ledger) -> None:
    new = item("甲", date(2026, 11, 21))
    assert newest(ledger, MIDNIGHT - timedelta(microseconds=1), new) is None


def test_a_date_that_lay_ahead_never_counts_not_even_when_its_day_has_come(
    ledger: Ledger,
) -> None:
    wrong = item("甲", TODAY + 5 * DAY)
    right = item("乙", TODAY - 30 * DAY)
    for days in (0, 4, 5, 6, 400):
        assert newest(ledger, MORNING + days * DAY, wrong, right) == right.published_on


def test_a_wrong_date_written_another_way_is_still_the_same_wrong_date(ledger: Ledger) -> None:
    on = TODAY + 5 * DAY
    assert newest(ledger, MORNING, item("甲", on, date_text="2026年11月25日")) is None
    assert newest(ledger, MORNING + 6 * DAY, item("甲", on, date_text="2026-11-25")) is None


def test_an_item_first_seen_on_its_day_counts_beside_one_first_seen_too_early(
    ledger: Ledger,
) -> None:
    on = TODAY + DAY
    early, punctual = item("甲", on), item("乙", on)
    assert newest(ledger, MORNING, early) is None
    assert newest(ledger, MORNING + DAY, early, punctual) == on
    assert last(ledger, MORNING + DAY).newest_title == "乙"


def test_a_date_that_lay_ahead_on_one_column_may_count_on_another(ledger: Ledger) -> None:
    new = item("甲", TODAY + DAY)
    newest(ledger, MORNING, new)
    look(ledger, MORNING + DAY, Outcome.OK, new, subject="column:other")
    other = history(ledger, MORNING + DAY, "column:other").last
    assert other is not None
    assert other.newest == TODAY + DAY


def test_where_rows_stand_does_not_matter(ledger: Ledger) -> None:
    rows = [item("置顶", TODAY - 300 * DAY), item("新", TODAY), item("旧", TODAY - DAY), item("无")]
    for n, order in enumerate(permutations(rows)):
        assert newest(ledger, MORNING + n * HOUR, *order) == TODAY
        assert last(ledger, MORNING + n * HOUR).newest_title == "新"


def test_a_row_set_apart_is_kept_but_is_no_update(ledger: Ledger) -> None:
    above = item("公告", TODAY, apart=True)
    assert newest(ledger, MORNING, above, item("旧", TODAY - DAY)) == TODAY - DAY
    assert newest(ledger, MORNING + HOUR, above) is None
    assert titles(ledger) == ["公告", "旧"]
    # Once it stands in the list like any other row, it counts like any other.
    assert newest(ledger, MORNING + 2 * HOUR, replace(above, apart=False)) == TODAY


def test_without_a_date_nothing_is_the_newest(ledger: Ledger) -> None:
    assert newest(ledger, MORNING, item("甲"), item("乙")) is None
    assert newest(ledger, MORNING) is None


def titles(ledger: Ledger, at: datetime | None = None, subject: str | None = None) -> list[str]:
    return [seen.item.title for seen in ledger.items(subject, at)]


def test_an_item_is_appended_the_first_time_it_is_seen_and_never_again(ledger: Ledger) -> None:
    first = [item("甲", TODAY), item("乙")]
    look(ledger, MORNING, Outcome.OK, *first, *first)
    look(ledger, MORNING + DAY, Outcome.OK, item("丙", TODAY + DAY), *first)
    seen = ledger.items()
    assert [(s.item.title, s.first_seen) for s in seen] == [
        ("丙", MORNING + DAY),
        ("甲", MORNING),
        ("乙", MORNING),
    ]
    assert [s.item for s in seen][1:] == first


def test_a_date_in_words_of_the_day_makes_no_new_item(ledger: Ledger) -> None:
    for n, words in enumerate(("今天", "昨天", "前天", "3天前")):
        look(ledger, MORNING + n * DAY, Outcome.OK, item("甲", TODAY, date_text=words))
    assert [(s.item.date_text, s.first_seen) for s in ledger.items()] == [("今天", MORNING)]


@pytest.mark.parametrize(
    "other",
    [
        {"title": "甲（更新）"},
        {"url": "https://www.example.cn/else"},
        {"published_on": TODAY - DAY},
        {"published_on": None, "date_text": "11月20"},
    ],
)
def test_another_address_title_or_date_is_another_item(
    other: dict[str, Any], ledger: Ledger
) -> None:
    look(ledger, MORNING, Outcome.OK, item("甲", TODAY))
    look(ledger, MORNING + HOUR, Outcome.OK, replace(item("甲", TODAY), **other))
    assert len(ledger.items()) == 2


def test_items_are_known_at_an_instant_and_by_subject(ledger: Ledger) -> None:
    look(ledger, MORNING, Outcome.OK, item("甲", TODAY))
    look(ledger, MORNING + DAY, Outcome.OK, item("乙", TODAY), subject="column:other")
    assert titles(ledger, MORNING - HOUR) == []
    assert titles(ledger, MORNING) == ["甲"]
    assert titles(ledger) == ["乙", "甲"]
    assert titles(ledger, subject="column:other") == ["乙"]
    assert len(ledger.items(most=1)) == 1


def test_a_thousand_items_on_one_page_are_all_kept_once(ledger: Ledger) -> None:
    rows = [item(f"第{n}条", TODAY - n % 300 * DAY) for n in range(1000)]
    for hours in range(2):
        look(ledger, MORNING + hours * HOUR, Outcome.OK, *rows)
    assert len(ledger.items()) == 1000
    assert last(ledger, MORNING + DAY).item_count == 1000


@pytest.mark.parametrize(
    "hostile", ["\ud800半个字", "零\x00字节", "=cmd()", "<script>", "𠮷" * 9000]
)
def test_a_hostile_title_does_not_cost_the_visit(hostile: str, ledger: Ledger) -> None:
    row = Item(hostile, f"https://www.example.cn/{hostile}", TODAY, hostile, DateSource.LIST)
    pages = (capture(f"https://www.example.cn/{hostile[:9]}", b"x"),)
    look(ledger, MORNING, Outcome.OK, row, note=hostile, etag=hostile, captures=pages)
    kept = ledger.items()[0].item.title
    assert kept == hostile.replace("\ud800", "?").replace("\x00", "\ufffd")
    assert last(ledger, MORNING).newest == TODAY
    assert last(ledger, MORNING).newest_title == kept
    look(ledger, MORNING + HOUR, Outcome.OK, row)
    assert len(ledger.items()) == 1
