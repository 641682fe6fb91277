"""What a later crawl may rely on: validators, unchanged pages, dates that articles told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from checks.facts import DateSource, Item, Outcome, Visit
from storage.ledger import Known, Ledger
from tests.storage.make import COLUMN, DAY, HOUR, MORNING, capture, history, item, last, look

TODAY = date(2026, 11, 20)


def known(ledger: Ledger, at: datetime = MORNING + DAY) -> Known | None:
    return ledger.known([COLUMN], at).get(COLUMN)


URL = "https://www.example.cn/news/"


@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.EMPTY])
def test_a_good_look_with_a_validator_may_be_asked_for_again(
    outcome: Outcome, ledger: Ledger
) -> None:
    number = look(ledger, MORNING, outcome, url=URL, etag='"1"')
    assert known(ledger) == Known(number, URL, '"1"', None)
    assert known(ledger, MORNING - HOUR) is None
    number = look(ledger, MORNING + HOUR, outcome, url=URL, last_modified="yesterday")
    assert known(ledger) == Known(number, URL, None, "yesterday")


@pytest.mark.parametrize(
    "other",
    [
        {"outcome": Outcome.UNDATED},
        {"outcome": Outcome.BLOCKED},
        {"unresolved": 1},
        {"etag": None},
        {"url": None},
    ],
)
def test_a_look_that_was_not_fully_understood_may_not(
    other: dict[str, Any], ledger: Ledger
) -> None:
    look(ledger, MORNING, **{"outcome": Outcome.OK, "url": URL, "etag": '"1"', **other})
    assert known(ledger) is None


def test_the_latest_good_look_decides_even_when_an_older_one_would_do(ledger: Ledger) -> None:
    look(ledger, MORNING, url=URL, etag='"1"')
    look(ledger, MORNING + HOUR, url=URL, etag='"2"', unresolved=3)
    assert known(ledger) is None


def test_a_bad_look_in_between_does_not_hide_the_good_one(ledger: Ledger) -> None:
    number = look(ledger, MORNING, url=URL, etag='"1"')
    look(ledger, MORNING + HOUR, Outcome.BLOCKED)
    found = known(ledger)
    assert found is not None
    assert found.visit == number


def test_a_row_is_known_again_word_for_word_where_it_was_the_newest(ledger: Ledger) -> None:
    newest, older = item("甲", TODAY), item("乙", TODAY - DAY)
    look(ledger, MORNING, Outcome.OK, newest, older, url=URL, etag='"1"')
    found = known(ledger)
    assert found is not None
    assert found.showed_one_of([item("新", TODAY + DAY), newest])
    for other in (older, replace(newest, url=f"{URL}a"), replace(newest, published_on=TODAY - DAY)):
        assert not found.showed_one_of([other])
    look(ledger, MORNING + HOUR, Outcome.EMPTY, url=URL, etag='"1"')
    bare = known(ledger)
    assert bare is not None
    assert not bare.showed_one_of([newest, replace(newest, title="", url=None)])


def unchanged(ledger: Ledger, at: datetime) -> Visit:
    relied_on = known(ledger, at)
    assert relied_on is not None
    look(ledger, at, unchanged=relied_on, url=URL, status=304, note="304")
    return last(ledger, at)


def test_an_unchanged_page_keeps_what_was_read_and_its_evidence(ledger: Ledger) -> None:
    page = (capture(URL, b"page"),)
    rows = [item("甲", TODAY), item("错", TODAY + 2 * DAY)]
    first = look(
        ledger, MORNING, Outcome.OK, *rows, url=URL, etag='"1"', reader="rows", captures=page
    )
    before = last(ledger, MORNING)
    for days in range(1, 4):
        again = unchanged(ledger, MORNING + days * DAY)
        assert again.id != first
        assert again.observed_at == MORNING + days * DAY
        assert again.note == "304"
        for name in "outcome newest newest_title newest_url date_text date_source".split():
            assert getattr(again, name) == getattr(before, name)
        for name in "item_count reader evidence url unresolved".split():
            assert getattr(again, name) == getattr(before, name)
    assert before.evidence is not None
    assert before.newest == TODAY
    assert len(ledger.items()) == 2
    assert history(ledger, MORNING).last == before


def test_an_unchanged_empty_page_stays_empty(ledger: Ledger) -> None:
    look(ledger, MORNING, Outcome.EMPTY, url=URL, etag='"1"')
    assert unchanged(ledger, MORNING + HOUR).outcome is Outcome.EMPTY


def dated(ledger: Ledger, *items: Item, at: datetime = MORNING) -> dict[str, Item]:
    look(ledger, at, Outcome.OK, *items)
    return ledger.article_dates(COLUMN, [each.url for each in items if each.url])


@pytest.mark.parametrize("source", [s for s in DateSource if s not in ("list", "feed")])
def test_a_date_from_an_article_is_remembered_by_its_address(
    source: DateSource, ledger: Ledger
) -> None:
    row = item("甲", TODAY, date_source=source)
    assert dated(ledger, row, item("乙")) == {str(row.url): row}
    assert ledger.article_dates("column:other", [str(row.url)]) == {}
    assert ledger.article_dates(COLUMN, ["https://www.example.cn/丙\ud800\0.html"]) == {}


@pytest.mark.parametrize(
    "row",
    [
        item("甲", TODAY),
        item("甲", TODAY, date_source=DateSource.FEED),
        item("甲", TODAY, date_source=None),
        item("甲"),
        item("甲", TODAY, date_source=DateSource.META, url=None),
    ],
)
def test_other_dates_are_not_taken_for_an_articles(row: Item, ledger: Ledger) -> None:
    assert dated(ledger, row) == {}


def test_of_two_dates_of_one_article_the_later_seen_is_remembered(ledger: Ledger) -> None:
    first = item("甲", TODAY, date_source=DateSource.META)
    second = item("甲", TODAY - DAY, date_source=DateSource.LABEL)
    dated(ledger, first)
    found = dated(ledger, second, at=MORNING + HOUR)
    assert found == {str(first.url): second}
