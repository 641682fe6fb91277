"""Which rows the ledger offers to the flags of fake freshness. All of them synthetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from checks.facts import Item, Outcome
from checks.fakes import Sighting as Row
from checks.texts import (
    BODY,
    EVERYTHING,
    LIST,
    TEXT,
    ListLook,
    MarkedText,
    TextLook,
    body_facts,
    body_subject,
    shown_down_to,
)
from storage.ledger import Ledger, Note, Sighting
from tests.checks.make import at, day

C1, C2 = "column:c1", "column:c2"
HOST = "https://www.example.gov.cn"
SAME = "a" * 64


def item(printed: str | None, name: str = "信息", url: str | None = "") -> Item:
    address = f"{HOST}/{name}/{printed}" if url == "" else url
    return Item(f"示例{name}{printed}", address, day(printed) if printed else None)


TEN = [item(f"11-{n:02}") for n in range(19, 9, -1)]  # 19 down to 10 November


def look(
    ledger: Ledger,
    on: str,
    items: Sequence[Item],
    column: str = C1,
    reader: str = "rows",
    *,
    noted: bool = True,
    whole: bool = False,
) -> None:
    """One visit, with the note of its list."""
    down_to, ordered = shown_down_to(items, whole=whole)
    facts = ListLook(len(items), down_to, ordered, reader).facts()
    notes = (Note(LIST, "", Outcome.OK, facts),) if noted else ()
    outcome = Outcome.OK if items else Outcome.EMPTY
    seen = Sighting(column, at(on), outcome, items=tuple(items), reader=reader, notes=notes)
    ledger.record(ledger.start_run(1, at(on)), seen)


def read(ledger: Ledger, on: str, item: Item, column: str = C1, text: str = SAME) -> None:
    """One article that was read."""
    assert item.url is not None
    marked = MarkedText(item.title, item.url, day(on), ())
    held = TextLook(marked, item.published_on, text, 300)
    notes = (
        Note(TEXT, item.url, Outcome.OK, held.facts()),
        Note(BODY, item.url, Outcome.OK, body_facts(column, held), of=body_subject(text)),
    )
    seen = Sighting(column, at(on, 10), Outcome.OK, items=(item,), notes=notes)
    ledger.record(ledger.start_run(1, at(on)), seen)


def rows(ledger: Ledger, on: str = "11-21", since: str = "10-21") -> dict[str, tuple[Row, ...]]:
    observed = ledger.observed(at(on, 23), [C1, C2])
    return ledger.sightings(at(on, 23), at(since), observed, 3)


def flagged(ledger: Ledger, on: str = "11-21") -> list[str]:
    return [row.title for row in rows(ledger, on)[C1]]


OLD = item("11-12", "旧文")


def test_an_old_row_comes_with_the_look_that_did_not_show_it(ledger: Ledger) -> None:
    look(ledger, "11-20", TEN)
    look(ledger, "11-21", [*TEN[:7], OLD, *TEN[7:]])
    (row,) = rows(ledger)[C1]
    assert (row.title, row.url, row.published_on) == (OLD.title, OLD.url, day("11-12"))
    assert row.first_seen_at == at("11-21")
    assert row.before is not None
    assert (row.before.at, row.before.down_to) == (at("11-20"), day("11-10"))


@pytest.mark.parametrize(("printed", "offered"), [("11-16", 1), ("11-17", 0), ("11-18", 0)])
def test_only_rows_older_than_the_tolerance_are_offered(
    ledger: Ledger, printed: str, offered: int
) -> None:
    look(ledger, "11-20", TEN)
    new = item(printed, "新文")
    look(ledger, "11-21", sorted([*TEN, new], key=lambda i: i.published_on or date.min)[::-1])
    assert len(rows(ledger)[C1]) == offered


def test_the_first_look_at_a_column_offers_nothing(ledger: Ledger) -> None:
    look(ledger, "11-21", TEN)
    assert rows(ledger) == {C1: ()}


def test_a_column_that_was_never_looked_at_is_not_there(ledger: Ledger) -> None:
    assert rows(ledger) == {}
    look(ledger, "11-21", TEN, noted=False)
    assert rows(ledger) == {}


def test_a_column_looked_at_before_the_days_asked_for_is_not_there(ledger: Ledger) -> None:
    look(ledger, "10-21", TEN)
    assert rows(ledger, since="10-21") == {}
    assert rows(ledger, since="10-20") == {C1: ()}


def test_of_a_column_read_further_down_nothing_is_said(ledger: Ledger) -> None:
    look(ledger, "11-20", TEN)
    below = [item("11-10", "同日"), *(item(f"10-{n:02}") for n in range(31, 21, -1))]
    look(ledger, "11-21", [*TEN, *below])
    assert rows(ledger) == {C1: ()}


@pytest.mark.parametrize(
    "changed",
    [
        replace(TEN[7], title="示例更正后的标题"),
        replace(TEN[7], published_on=day("11-11")),
        replace(TEN[7], url=f"{HOST}/moved/1.html"),
    ],
)
def test_a_row_whose_title_day_or_address_was_changed_is_no_new_row(
    ledger: Ledger, changed: Item
) -> None:
    look(ledger, "11-20", TEN)
    look(ledger, "11-21", [*TEN[:7], changed, *TEN[8:]])
    assert rows(ledger)[C1] == ()


def test_a_row_without_an_address_is_known_by_its_title(ledger: Ledger) -> None:
    look(ledger, "11-20", [*TEN[:9], item("11-10", url=None)])
    other_day = replace(item("11-10", url=None), published_on=day("11-11"))
    look(ledger, "11-21", [*TEN[:8], other_day])
    assert rows(ledger)[C1] == ()


def test_a_list_of_which_no_row_was_known_is_another_list(ledger: Ledger) -> None:
    look(ledger, "11-20", TEN)
    look(ledger, "11-21", [item(f"11-{n:02}", "改版") for n in range(19, 9, -1)])
    assert flagged(ledger) == []


def test_what_another_reader_read_says_nothing(ledger: Ledger) -> None:
    look(ledger, "11-20", TEN)
    look(ledger, "11-21", [*TEN[:7], OLD, *TEN[7:]], reader="jpage")
    assert flagged(ledger) == []


def test_a_list_in_no_order_and_mostly_of_new_rows_says_nothing(ledger: Ledger) -> None:
    look(ledger, "11-20", TEN)
    second = [item(f"11-{n:02}", "另栏") for n in range(19, 8, -1)]
    look(ledger, "11-21", [*TEN, *second])
    assert flagged(ledger) == []


def test_an_old_row_on_top_of_a_list_in_order_of_upload_is_offered(ledger: Ledger) -> None:
    look(ledger, "11-20", TEN)
    tops = [item(f"11-{n}", "旧文") for n in (11, 13, 12, 14)]
    look(ledger, "11-21", [*tops, *TEN])
    assert sorted(flagged(ledger)) == [f"示例旧文11-{n}" for n in (11, 12, 13, 14)]


def test_after_a_look_at_a_list_in_no_order_nothing_is_said(ledger: Ledger) -> None:
    look(ledger, "11-20", [*TEN[5:], *TEN[:5]])
    look(ledger, "11-21", [*TEN[:7], OLD, *TEN[7:]])
    assert flagged(ledger) == []


def test_an_empty_column_that_is_filled_showed_none_of_its_rows(ledger: Ledger) -> None:
    look(ledger, "11-20", [], reader="", whole=True)
    look(ledger, "11-21", TEN)
    assert len(flagged(ledger)) == 7
    assert {row.before.down_to for row in rows(ledger)[C1] if row.before} == {EVERYTHING}


def test_a_past_day_is_offered_what_was_seen_by_then(ledger: Ledger) -> None:
    look(ledger, "11-20", TEN)
    look(ledger, "11-21", [*TEN[:7], OLD, *TEN[7:]])
    then = rows(ledger)
    look(ledger, "11-22", [*TEN[:7], OLD, item("11-11", "再旧"), *TEN[7:]])
    assert rows(ledger) == then
    assert len(rows(ledger, "11-22")[C1]) == 2


def test_among_many_items_the_first_of_the_days_asked_for_is_found(ledger: Ledger) -> None:
    for back in range(60, 1, -1):
        on = str(day("11-21") - timedelta(days=back))
        look(ledger, on, [item(on, "从前")], C2)
    look(ledger, "11-20", TEN)
    look(ledger, "11-21", [*TEN[:7], OLD, *TEN[7:]])
    assert flagged(ledger) == [OLD.title]


# The same text elsewhere

FIRST, AGAIN = item("09-01", "原文"), item("11-20", "重发")


def test_a_text_read_under_two_days_is_offered_with_both_rows(ledger: Ledger) -> None:
    for column in (C1, C2):
        look(ledger, "08-30", TEN[:1], column)
    look(ledger, "09-01", [FIRST], C2)
    read(ledger, "09-01", FIRST, C2)
    look(ledger, "11-20", [AGAIN])
    read(ledger, "11-21", AGAIN)
    earlier, later = rows(ledger)[C1]
    assert [(r.column, r.title) for r in (earlier, later)] == [(C2, FIRST.title), (C1, AGAIN.title)]
    assert (earlier.first_seen_at, later.first_seen_at) == (at("09-01"), at("11-20"))
    assert later.before is not None
    assert (later.body_hash, later.published_on) == (SAME, day("11-20"))


def test_a_text_that_the_first_look_showed_has_no_look_before(ledger: Ledger) -> None:
    look(ledger, "11-20", [AGAIN])
    read(ledger, "11-20", FIRST, C2)
    read(ledger, "11-21", AGAIN)
    assert [row.before for row in rows(ledger)[C1]] == [None, None]


def test_a_text_under_one_day_only_is_not_offered(ledger: Ledger) -> None:
    look(ledger, "11-20", [AGAIN])
    read(ledger, "11-20", AGAIN, C2)
    read(ledger, "11-21", AGAIN)
    read(ledger, "11-21", FIRST, text="b" * 64)
    assert rows(ledger)[C1] == ()


def test_a_text_older_than_two_years_is_forgotten(ledger: Ledger) -> None:
    look(ledger, "11-20", [AGAIN])
    read(ledger, "2024-11-20", item("2024-11-20", "往年"), C2)
    read(ledger, "11-21", AGAIN)
    assert rows(ledger)[C1] == ()
    read(ledger, "2024-11-22", item("2024-11-22", "往年"), C2)
    assert len(rows(ledger)[C1]) == 2


def test_columns_looked_at_in_vain_change_nothing_of_what_is_offered(ledger: Ledger) -> None:
    """Days judged together share what is late on any of them."""
    look(ledger, "11-20", TEN)
    look(ledger, "11-20", [item("11-20")], C2)
    look(ledger, "11-21", [*TEN[:7], OLD, *TEN[7:]])
    look(ledger, "11-21", [item("11-21"), item("11-20")], C2)
    observed = ledger.observed(at("11-21", 23), [C1, C2])
    asked = at("11-21", 23), at("10-21"), observed, 3
    assert ledger.late_columns(at("11-21", 23), at("10-21"), 3) == {C1}
    assert ledger.sightings(*asked, frozenset({C1, C2})) == ledger.sightings(*asked)
