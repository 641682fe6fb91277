"""The register over time: versions end, the past is never rewritten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import StatementError
from sqlmodel import col, func, select

from storage.inventory import Inventory, InventoryError, read_toml, validate
from storage.ledger import Ledger, LoadCounts
from storage.ledger.versions import MODELS
from storage.tables import WatchedColumn
from tests.storage.make import DAY, HOUR, MORNING, by_id, raw_register, register


def rows_kept(ledger: Ledger) -> int:
    with ledger.reading() as session:
        return sum(session.exec(select(func.count()).select_from(m)).one() for m in MODELS.values())


def test_what_is_loaded_is_what_the_ledger_gives_back(ledger: Ledger) -> None:
    assert not ledger.is_loaded()
    assert ledger.first_loaded_at() is None
    assert ledger.load_inventory(register(), MORNING) == LoadCounts(added=7)
    assert ledger.inventory() == register()
    assert ledger.is_loaded()
    assert ledger.first_loaded_at() == MORNING


def test_loading_the_same_register_again_changes_nothing(ledger: Ledger) -> None:
    ledger.load_inventory(register(), MORNING)
    assert ledger.load_inventory(register(), MORNING + HOUR) == LoadCounts(same=7)
    assert rows_kept(ledger) == 7
    assert ledger.inventory(MORNING) == register()


def changed() -> Inventory:
    raw = raw_register()
    raw["column"][0]["name"] = "要闻"
    raw["unit"][0]["emails"] = ["b@example.cn"]
    return validate(raw, "test")


def test_a_changed_row_gets_a_new_version_and_the_past_keeps_the_old(ledger: Ledger) -> None:
    ledger.load_inventory(register(), MORNING)
    later = MORNING + DAY
    assert ledger.load_inventory(changed(), later) == LoadCounts(changed=2, same=5)
    assert by_id(ledger.inventory()) == by_id(changed())
    assert by_id(ledger.inventory(later)) == by_id(changed())
    assert ledger.inventory(later - HOUR / 3600) == register()
    assert ledger.inventory(MORNING) == register()
    assert rows_kept(ledger) == 9
    with ledger.reading() as session:
        versions = session.exec(
            select(WatchedColumn.name, WatchedColumn.since, WatchedColumn.until)
            .where(WatchedColumn.id == "news")
            .order_by(col(WatchedColumn.pk))
        ).all()
    assert list(versions) == [("政务动态", MORNING, later), ("要闻", later, None)]


def test_a_removed_row_ends_and_its_history_stays(ledger: Ledger) -> None:
    ledger.load_inventory(register(), MORNING)
    less = register(account=[], mailbox=[])
    assert ledger.load_inventory(less, MORNING + DAY) == LoadCounts(ended=2, same=5)
    assert ledger.inventory() == less
    assert ledger.inventory(MORNING + HOUR) == register()
    assert rows_kept(ledger) == 7
    keys = {subject.key for subject in ledger.subjects()}
    assert keys == {"site:portal", "column:news", "column:plan"}
    assert {s.key for s in ledger.subjects(MORNING)} == keys | {"mailbox:mayor", "account:wx"}


def test_a_row_that_comes_back_is_watched_since_its_first_day(ledger: Ledger) -> None:
    ledger.load_inventory(register(), MORNING)
    ledger.load_inventory(register(account=[]), MORNING + DAY)
    ledger.load_inventory(register(), MORNING + 2 * DAY)
    assert [ledger.inventory(MORNING + n * DAY)["account"] != [] for n in range(3)] == [
        True,
        False,
        True,
    ]
    account = next(s for s in ledger.subjects() if s.key == "account:wx")
    assert account.watched_since == date(2026, 11, 20)


def test_nothing_is_known_of_the_register_before_it_was_loaded(ledger: Ledger) -> None:
    ledger.load_inventory(register(), MORNING)
    assert not any(ledger.inventory(MORNING - HOUR).values())
    assert ledger.subjects(MORNING - HOUR) == ()


class Broken(list[Any]):
    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("the load is cut short")


def test_a_load_cut_short_leaves_the_register_untouched(ledger: Ledger) -> None:
    ledger.load_inventory(register(), MORNING)
    torn = {**changed(), "account": Broken([1])}
    with pytest.raises(RuntimeError, match="cut short"):
        ledger.load_inventory(torn, MORNING + DAY)
    assert ledger.inventory() == register()
    assert rows_kept(ledger) == 7


def test_an_empty_register_does_not_end_the_watch_over_everything(ledger: Ledger) -> None:
    empty = read_toml("", "inventory.toml")
    assert ledger.load_inventory(empty, MORNING) == LoadCounts()
    ledger.load_inventory(register(), MORNING)
    with pytest.raises(InventoryError, match="没有任何单位"):
        ledger.load_inventory(empty, MORNING + DAY)
    assert ledger.inventory() == register()


@pytest.mark.parametrize("back", [HOUR, 2 * DAY])
def test_a_clock_set_back_never_lets_two_versions_of_a_row_overlap(
    ledger: Ledger, back: timedelta
) -> None:
    ledger.load_inventory(register(), MORNING)
    ledger.load_inventory(register(account=[]), MORNING + DAY)
    ledger.load_inventory(changed(), MORNING + DAY - back)
    for hours in range(-60, 60):
        at = MORNING + hours * HOUR
        for rows in ledger.inventory(at).values():
            ids = [row["id"] for row in rows]
            assert len(ids) == len(set(ids))
    assert ledger.inventory(MORNING + HOUR) == register()
    assert by_id(ledger.inventory()) == by_id(changed())


def test_a_subject_carries_what_the_rules_need(ledger: Ledger) -> None:
    ledger.load_inventory(register(), MORNING + 14 * HOUR)  # midnight in Shanghai
    subjects = {subject.key: subject for subject in ledger.subjects()}
    plan = subjects["column:plan"]
    assert (plan.unit, plan.site, plan.column_class, plan.level, plan.limit) == (
        "jyj",
        "portal",
        "plan",
        2,
        "6 months",
    )
    assert (plan.exempt_until, plan.exempt_reason) == (date(2026, 12, 31), "改版")
    assert plan.watched_since == date(2026, 11, 21)
    mayor = subjects["mailbox:mayor"]
    assert (mayor.clock, mayor.limit, mayor.site) == ("accepted", "5 working days", "portal")
    account = subjects["account:wx"]
    assert (account.platform, account.opened_on, account.limit) == (
        "wechat",
        date(2020, 1, 2),
        None,
    )
    assert subjects["site:portal"].url == "https://www.example.cn/"


def test_a_naive_instant_is_refused_rather_than_guessed(ledger: Ledger) -> None:
    load: Callable[[Any, Any], Any] = ledger.load_inventory
    with pytest.raises(StatementError, match="timezone information"):
        load(register(), datetime(2026, 11, 20, 8, 0))  # noqa: DTZ001
    assert not ledger.is_loaded()


def test_a_column_of_a_site_without_public_service_function_is_told_so(ledger: Ledger) -> None:
    raw = raw_register()
    raw["site"][0]["services"] = False
    ledger.load_inventory(validate(raw, "test"), MORNING)
    told = {subject.key: subject.services for subject in ledger.subjects()}
    assert (told["site:portal"], told["column:news"]) == (False, False)
