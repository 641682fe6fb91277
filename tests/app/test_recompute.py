"""A past day judged today gives what it gave then: visits, register and law of that day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.day import judge_day
from app.home import Home
from checks.calendar import load_calendar
from checks.facts import DateSource, Item, Outcome
from checks.freshness import SHANGHAI, local_day
from checks.rules import BUNDLED, pack_texts
from checks.verdicts import Verdict
from storage.clock import now
from storage.inventory import read_toml
from storage.ledger import Ledger, Sighting, law_body
from tests.app.test_bad_input import SETTINGS, UNIT, site

TODAY = local_day(now())
THEN = TODAY - timedelta(10)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def home(tmp_path: Path, database: str) -> Home:
    tmp_path.joinpath("settings.toml").write_text(SETTINGS, encoding="utf-8")
    return Home(tmp_path)


def look(ledger: Ledger, day: date, newest: date) -> None:
    moment = min(at(day), now())
    run = ledger.start_run(1, moment)
    item = Item("通知", f"http://x/{newest}", newest, str(newest), DateSource.LIST)
    ledger.record(run, Sighting("column:dt", moment, Outcome.OK, items=(item,)))


def verdict(home: Home, ledger: Ledger, day: date) -> tuple[Verdict, date | None, str | None]:
    rows = judge_day(home, home.settings(), ledger, day).bench.rows
    row = next(row for row in rows if row.subject.key == "column:dt")
    return row.verdict, row.due, row.rule


def test_later_visits_rules_and_register_do_not_change_what_was_judged(home: Home) -> None:
    ledger = home.open_ledger()
    inventory = UNIT + site("http://127.0.0.1:9")
    ledger.load_inventory(read_toml(inventory, "then"), at(THEN, 7))
    ledger.keep_law(law_body(pack_texts(["haian"]), load_calendar()), at(THEN, 8))
    look(ledger, THEN, THEN - timedelta(12))
    then = verdict(home, ledger, THEN)
    assert then == (Verdict.DUE_SOON, THEN + timedelta(2), "news_2w")

    # The unit updates, the office tightens the limit, the column changes its class.
    look(ledger, TODAY, TODAY)
    home.path("packs").mkdir()
    stricter = BUNDLED.joinpath("haian.toml").read_text(encoding="utf-8")
    stricter = stricter.replace('limit = "14 days"', 'limit = "5 days"')
    home.path("packs", "haian.toml").write_text(stricter, encoding="utf-8")
    ledger.keep_law(law_body(home.pack_texts(home.settings()), load_calendar()), now())
    changed = inventory.replace('class = "news"', 'class = "overview"')
    ledger.load_inventory(read_toml(changed, "now"), now())

    assert verdict(home, ledger, THEN) == then
    assert verdict(home, ledger, TODAY) == (Verdict.OK, None, None)
    ledger.close()


def test_a_day_between_two_looks_is_unknown_once_the_last_one_is_too_old(home: Home) -> None:
    ledger = home.open_ledger()
    ledger.load_inventory(read_toml(UNIT + site("http://127.0.0.1:9"), "then"), at(THEN, 7))
    look(ledger, THEN, THEN - timedelta(1))
    look(ledger, TODAY, THEN - timedelta(1))
    assert verdict(home, ledger, THEN + timedelta(3))[0] is Verdict.OK
    assert verdict(home, ledger, THEN + timedelta(4))[0] is Verdict.UNKNOWN
    ledger.close()
