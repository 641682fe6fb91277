"""What a column showed before: the newest day of its good looks, and which rows are old friends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from checks.facts import Item, Outcome
from storage.ledger import Ledger
from tests.storage.make import COLUMN, DAY, MORNING, item, look

TODAY = date(2026, 11, 20)
A, B, C = item("甲", TODAY), item("乙", TODAY - DAY), item("丙", TODAY - 2 * DAY)


def test_the_newest_day_is_that_of_all_good_looks_together(ledger: Ledger) -> None:
    assert ledger.newest_seen(COLUMN) is None
    look(ledger, MORNING, Outcome.OK, B, C)
    look(ledger, MORNING + DAY, Outcome.EMPTY)
    assert ledger.newest_seen(COLUMN) == TODAY - DAY
    look(ledger, MORNING + 2 * DAY, Outcome.OK, A)
    look(ledger, MORNING + 3 * DAY, Outcome.OK, C)
    assert ledger.newest_seen(COLUMN) == TODAY


def test_other_subjects_and_looks_that_saw_nothing_do_not_count(ledger: Ledger) -> None:
    look(ledger, MORNING, Outcome.OK, A, subject="column:other")
    look(ledger, MORNING, Outcome.UNREADABLE, A)
    assert ledger.newest_seen(COLUMN) is None


def test_a_row_is_known_by_its_address_or_by_its_title_and_day(ledger: Ledger) -> None:
    look(ledger, MORNING, Outcome.OK, A, B)
    renamed = replace(A, title="甲（已修改）", published_on=TODAY + DAY)
    moved = replace(B, url="https://www.example.cn/new/1.html")
    assert ledger.known_items(COLUMN, [renamed, moved, C]) == {renamed, moved}


def test_a_title_of_another_day_and_an_address_of_many_rows_say_nothing(ledger: Ledger) -> None:
    shared = "https://www.example.cn/detail.html"
    look(ledger, MORNING, Outcome.OK, replace(A, url=shared), B)
    later = replace(B, url="https://www.example.cn/new/1.html", published_on=TODAY)
    many = [replace(C, url=shared), Item("丁", shared, TODAY - 9 * DAY)]
    assert ledger.known_items(COLUMN, [later, *many]) == frozenset()


def test_an_address_has_the_day_that_its_column_showed(ledger: Ledger) -> None:
    other = "column:other"
    ahead = replace(item("丁", TODAY + DAY), url="https://www.example.cn/ahead.html")
    undated = replace(item("戊", TODAY), published_on=None, url="https://www.example.cn/none.html")
    look(ledger, MORNING, Outcome.OK, A, B, ahead, undated)
    look(ledger, MORNING, Outcome.OK, C, subject=other)
    urls = [str(each.url) for each in (A, B, C, ahead, undated)]
    assert ledger.days_of([COLUMN], urls, TODAY - DAY) == {A.url: A, B.url: B}
    assert ledger.days_of([COLUMN], urls, TODAY) == {A.url: A}
    assert ledger.days_of([COLUMN, other], urls, TODAY - 9 * DAY).keys() == {A.url, B.url, C.url}
    assert ledger.days_of([], urls, TODAY) == ledger.days_of([COLUMN], [], TODAY) == {}


def test_what_a_home_page_shows_is_no_further_item_of_the_site(ledger: Ledger) -> None:
    look(ledger, MORNING, Outcome.OK, A, B)
    look(ledger, MORNING, Outcome.OK, A, subject="site:portal")
    assert [(seen.subject, seen.item) for seen in ledger.items()] == [(COLUMN, A), (COLUMN, B)]
    assert [seen.item for seen in ledger.items("site:portal")] == [A]


def test_rows_without_address_are_known_by_title_and_day(ledger: Ledger) -> None:
    bare = replace(A, url=None)
    look(ledger, MORNING, Outcome.OK, bare)
    assert ledger.known_items(COLUMN, [bare, replace(C, url=None)]) == {bare}
    assert ledger.known_items("column:other", [bare]) == frozenset()
    assert ledger.known_items(COLUMN, []) == frozenset()


def test_more_rows_than_one_statement_takes_are_answered(ledger: Ledger) -> None:
    many = [item(f"第{n}号", TODAY - n * DAY) for n in range(1_000)]
    look(ledger, MORNING, Outcome.OK, *many[:900])
    assert ledger.known_items(COLUMN, many) == set(many[:900])
