"""Weeks gone by: judged together as each would be alone, and their rate as their report told it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.day import judge_day, judge_with_past
from app.home import Home
from app.standing import places_of
from app.weekly import make_weekly
from checks.calendar import load_calendar
from checks.facts import DateSource, Item, Letter, Outcome
from checks.freshness import SHANGHAI, local_day
from checks.rules import pack_texts
from notify.documents.parts import Rate
from notify.weekly import Period
from notify.weekly.period import WEEK
from storage.clock import now
from storage.inventory import read_toml
from storage.ledger import Ledger, Sighting, law_body
from tests.app.test_bad_input import SETTINGS, UNIT, site

THIS = Period.containing(local_day(now()))
SUNDAYS = [THIS.first - timedelta(days=1) - back * WEEK for back in (4, 3, 2, 1, 0)]
DAY = timedelta(days=1)
COLUMN = """
[[column]]
id = "{}"
site = "s"
name = "{}"
url = "http://127.0.0.1:9/{}"
class = "{}"
unit = "zfb"
"""
MAILBOX = """
[[mailbox]]
id = "m"
site = "s"
name = "信箱"
url = "http://127.0.0.1:9/m"
unit = "zfb"
"""


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def home(tmp_path: Path, database: str) -> Home:
    settings = SETTINGS + '\n[rules]\npacks = ["haian", "cn-2019"]\n'
    tmp_path.joinpath("settings.toml").write_text(settings, encoding="utf-8")
    return Home(tmp_path)


def look(ledger: Ledger, key: str, day: date, newest: date, outcome: Outcome = Outcome.OK) -> None:
    items = (Item("通知", f"http://x/{newest}", newest, str(newest), DateSource.LIST),)
    seen = items if outcome is Outcome.OK else ()
    ledger.record(1, Sighting(key, at(day), outcome, items=seen))


def letters(ledger: Ledger, day: date, *shown: Letter) -> None:
    ledger.record(1, Sighting("mailbox:m", at(day), Outcome.OK, letters=shown))


def fill(ledger: Ledger) -> None:
    """Five weeks: nothing before the second; a column that falls behind, one that is seen again,
    one that changes its class, one that came late; letters that wait, and are answered.
    """
    first, second, third, fourth, fifth = SUNDAYS
    text = UNIT + site("http://127.0.0.1:9") + MAILBOX
    text += COLUMN.format("a", "要闻", "a", "news") + COLUMN.format("b", "动态", "b", "news")
    ledger.load_inventory(read_toml(text, "then"), at(second, 6))
    ledger.keep_law(law_body(pack_texts(["haian", "cn-2019"]), load_calendar()), at(second, 6))
    ledger.start_run(1, at(second, 7))
    for sunday in SUNDAYS[1:]:
        for name in ("dt", "a"):
            look(ledger, f"column:{name}", sunday, sunday - DAY)
    for sunday in (second, third):
        look(ledger, "column:b", sunday, second - 2 * DAY)
    look(ledger, "column:b", fourth, fourth, Outcome.BLOCKED)
    look(ledger, "column:b", fifth, second - 2 * DAY)
    later = text.replace('class = "news"', 'class = "overview"', 1)
    later += COLUMN.format("c", "公告", "c", "news")
    ledger.load_inventory(read_toml(later, "later"), at(fourth, 6))
    look(ledger, "column:c", fifth, first)
    old = Letter("1", "咨询", None, first - 30 * DAY)
    asked = Letter("2", "咨询", None, third - 6 * DAY, status="办理中")
    answered = Letter("1", "咨询", None, first - 30 * DAY, None, second - 3 * DAY)
    letters(ledger, second, old, asked)
    letters(ledger, third, answered, asked)
    letters(ledger, fourth, answered, Letter("2", "咨询", None, third - 6 * DAY, None, third + DAY))
    letters(ledger, fifth, answered, Letter("3", "咨询", None, fifth - 20 * DAY, status="办理中"))


def test_days_before_are_counted_as_each_is_alone(home: Home) -> None:
    """But for letters answered longer ago than any indicator counts."""
    ledger = home.open_ledger()
    fill(ledger)
    ancient = Letter("0", "咨询", None, SUNDAYS[1] - 500 * DAY, None, SUNDAYS[1] - 450 * DAY)
    letters(ledger, SUNDAYS[1], ancient)
    day, past = judge_with_past(home, home.settings(), ledger, SUNDAYS[-1], SUNDAYS[:-1])
    alone = [judge_day(home, home.settings(), ledger, sunday) for sunday in SUNDAYS]
    assert day == alone[-1]
    assert [each.bench.rows for each in past] == [each.bench.rows for each in alone[:-1]]
    assert [places_of(each, ()) for each in past] == [places_of(each, ()) for each in alone[:-1]]
    shown = [{row.letter.ref for row in each.bench.letters} for each in (*past, day)]
    assert shown == [set(), *[{"1", "2"}] * 3, {"0", "1", "2", "3"}]
    verdicts = [[str(row.verdict) for row in each.bench.letters] for each in alone]
    assert {word for words in verdicts for word in words} >= {"waiting", "overdue", "answered_late"}
    ledger.close()


def test_the_rate_of_a_past_week_is_what_its_own_report_said(home: Home, tmp_path: Path) -> None:
    ledger = home.open_ledger()
    fill(ledger)
    settings = home.settings()
    told = {}
    for sunday in SUNDAYS:
        week = Period.containing(sunday)
        figures = make_weekly(home, settings, ledger, str(week), tmp_path / "out").figures
        told[week] = figures.columns.in_time
    rates = [Rate(0, 0), Rate(3, 3), Rate(3, 3), Rate(1, 1), Rate(1, 3)]
    assert list(told.values()) == rates
    trend = make_weekly(home, settings, ledger, None, tmp_path / "out").figures.trend
    assert len(trend) == 12
    assert [point.period for point in trend][-6:] == [*told, THIS]
    for point in trend:
        rate = told.get(point.period, point.rate)
        assert point.rate == (rate if rate and rate.whole else None), point.period
    # Before the first look there is a gap, neither 0 % nor 100 %.
    assert [point.rate for point in trend][:7] == [None] * 7
    ledger.close()
