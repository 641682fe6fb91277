"""Two sites for each veto of the demo: one just below the limit, one that has just met it."""

from __future__ import annotations

import http.client
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from urllib.parse import urlsplit

import pytest

from app.demo.columns import Column
from app.demo.pages import trs
from app.demo.plan import Plan, make_plan
from app.demo.portal import Portal
from app.demo.seeds import sow
from checks.calendar import load_calendar
from checks.facts import Outcome
from checks.freshness import SHANGHAI
from checks.verdicts import Verdict
from storage.inventory import read_toml
from storage.ledger import Ledger

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI)
CALENDAR = load_calendar()


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(TODAY, CALENDAR)


@pytest.fixture(scope="module")
def sown(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger with the demo's register and what is planted in it, and nothing else."""
    folder = tmp_path_factory.mktemp("sown")
    ledger = Ledger.open(f"sqlite:///{folder / 'xunjian.db'}", folder / "evidence")
    bases = dict.fromkeys(plan.hosts, "http://127.0.0.1")
    ledger.load_inventory(read_toml(plan.inventory_toml(bases), "demo"), NOW)
    sow(ledger, plan, bases, NOW)
    yield ledger
    ledger.close()


def of_vetoes(plan: Plan) -> list[Column]:
    return [column for column in plan.columns if column.host == "veto"]


def newest(column: Column) -> date | None:
    return max((entry.on for entry in column.rows if entry.on), default=None)


def fetch(portal: Portal, host: str, path: str) -> str:
    client = http.client.HTTPConnection(urlsplit(portal.base_urls[host]).netloc, timeout=5)
    client.request("GET", path)
    answer = client.getresponse()
    body = answer.read().decode()
    client.close()
    assert answer.status == 200, path
    return body


def test_there_are_two_sites_for_each_of_eleven_vetoes_beside_the_county(plan: Plan) -> None:
    sites = [site.id for site in plan.sites if site.host == "veto"]
    vetoes = ("w1", "w2", "w3", "w4a", "w4b", "w4c", "w5a", "w5b", "w6a", "w6b", "w6c")
    assert sites == [f"{veto}-{side}" for veto in vetoes for side in ("below", "met")]
    codes = [site.code for site in plan.sites]
    assert len(set(codes)) == len(codes) == 27
    assert Counter(key.partition(":")[0] for key in plan.subjects) == {
        "site": 27,
        "column": 122,
        "mailbox": 7,
        "account": 25,
    }
    assert len(plan.letters) == 29


def test_columns_are_late_and_blank_just_below_and_at_the_limit(plan: Plan) -> None:
    """News on the fifteenth day; notices and interpretation six calendar months and a day old."""
    late = {"news": TODAY - timedelta(15), "notice": date(2026, 5, 21)}
    late["interpretation"] = date(2026, 5, 21)
    told: Counter[tuple[str, str]] = Counter()
    for column in of_vetoes(plan):
        if newest(column) is None:
            told[column.site, "blank"] += 1
        elif newest(column) == late.get(column.column_class):
            told[column.site, column.column_class] += 1
    assert told == {
        ("w4a-below", "news"): 3,
        ("w4a-below", "notice"): 1,
        ("w4a-met", "news"): 3,
        ("w4a-met", "notice"): 2,
        ("w4b-below", "interpretation"): 9,
        ("w4b-met", "interpretation"): 10,
        ("w4c-below", "blank"): 4,
        ("w4c-met", "blank"): 5,
        ("w6a-met", "blank"): 1,
    }


def test_only_the_homes_of_w3_have_nothing_new(plan: Plan) -> None:
    """The newest thing on each site: of yesterday, but 14 days old, and 15, for W3."""
    latest: dict[str, date] = {}
    for column in of_vetoes(plan):
        latest[column.site] = max(latest.get(column.site, date.min), newest(column) or date.min)
    assert latest.pop("w3-below") == date(2026, 11, 8)
    assert latest.pop("w3-met") == date(2026, 11, 7)
    assert len(latest) == 20
    assert set(latest.values()) == {date(2026, 11, 21)}


@pytest.mark.parametrize(
    ("today", "below", "met"),
    [
        (TODAY, date(2026, 8, 22), date(2026, 8, 21)),
        (date(2026, 5, 31), date(2026, 2, 28), date(2026, 2, 27)),
        (date(2028, 5, 30), date(2028, 2, 29), date(2028, 2, 28)),
    ],
)
def test_letters_are_open_for_three_months_to_the_day_and_for_one_day_more(
    today: date, below: date, met: date
) -> None:
    letters = make_plan(today, CALENDAR).letters
    still_open = {
        letter.mailbox: letter.received
        for letter in letters
        if letter.mailbox.startswith("w5") and letter.status == "办理中"
    }
    assert still_open == {"w5b-below": below, "w5b-met": met}
    assert all(letter.replied for letter in letters if letter.mailbox.startswith("w5a"))


@pytest.mark.parametrize(
    ("today", "below", "met"),
    [
        (TODAY, Verdict.OVERDUE, Verdict.OVERDUE),
        (date(2099, 6, 30), Verdict.DUE_SOON, Verdict.OVERDUE),
    ],
)
def test_three_months_are_judged_where_five_working_days_are_provisional(
    today: date, below: Verdict, met: Verdict
) -> None:
    boxes = {box.id: box.expected.verdict for box in make_plan(today, CALENDAR).mailboxes}
    assert (boxes["w5b-below"], boxes["w5b-met"]) == (below, met)


def test_a_letter_can_be_written_below_and_not_at_the_limit(plan: Plan) -> None:
    with Portal(plan) as portal:
        pages = {}
        for box in plan.mailboxes:
            if box.site in ("w5a-below", "w5a-met"):
                assert box.form is not None
                pages[box.site] = fetch(portal, box.host, box.form)
    assert "<textarea" in pages["w5a-below"]
    assert "停用" not in pages["w5a-below"]
    assert "<form" not in pages["w5a-met"]
    assert "本信箱已停用" in pages["w5a-met"]


def test_guides_lack_four_of_eight_elements_but_for_one_below_the_limit(plan: Plan) -> None:
    """W6b: five guides that lack four; W6c: fewer than five guides, and all lack four."""
    lacks = {
        column.site: [entry.lacks for entry in column.rows]
        for column in plan.columns
        if column.fault == "guides"
    }
    assert lacks == {
        "w6a-below": [0, 0, 0, 0, 0],
        "w6b-below": [4, 4, 4, 4, 3, 0],
        "w6b-met": [4, 4, 4, 4, 4, 0],
        "w6c-below": [4, 4, 4, 3],
        "w6c-met": [4, 4, 4, 5],
    }


def test_guides_are_served_without_what_they_lack(plan: Plan) -> None:
    """Their tables name the eight elements less those, and who is in charge."""
    with Portal(plan) as portal:
        for column in (column for column in plan.columns if column.fault == "guides"):
            for entry in column.rows:
                page = fetch(portal, column.host, trs.article_path(column, entry))
                assert entry.lacks is not None
                shown = re.findall(r"<tr><th>(.*?)</th>", page)
                assert len(shown) == 8 - entry.lacks + 1, entry.title


def test_of_168_probes_eight_failed_below_five_percent_and_nine_did_at_it(sown: Ledger) -> None:
    probes = sown.probes(NOW - timedelta(30), NOW)
    assert set(probes) == {"w2-below", "w2-met"}
    failed = {
        site: sum(probe.outcome is Outcome.UNREACHABLE for probe in week)
        for site, week in probes.items()
    }
    assert [len(week) for week in probes.values()] == [168, 168]
    assert failed == {"w2-below": 8, "w2-met": 9}
    assert Fraction(8, 168) < Fraction(5, 100) <= Fraction(9, 168)


def test_probes_are_one_an_hour_on_each_of_the_seven_days_before(sown: Ledger) -> None:
    for week in sown.probes(NOW - timedelta(30), NOW).values():
        times = [probe.at.astimezone(SHANGHAI) for probe in week]
        first = datetime(2026, 11, 15, 0, 0, tzinfo=SHANGHAI)
        assert times == [first + timedelta(hours=number) for number in range(168)]


def test_persons_found_something_at_the_limit_and_nothing_below_it(sown: Ledger) -> None:
    found = {
        (hand.subject, hand.row): hand.fault for hands in sown.hands(NOW).values() for hand in hands
    }
    assert found == {
        ("site:w1-below", "W1"): False,
        ("site:w1-met", "W1"): True,
        ("account:tt-ylfg", "M1"): False,
        ("account:wx-ylms", "M1"): True,
        ("account:tt-ylfg", "M2b"): False,
        ("account:wx-ylms", "M2b"): True,
        ("account:tt-ylfg", "nm_interactive"): False,
        ("account:wx-ylms", "nm_interactive"): True,
    }


def test_the_county_alone_is_planted_without_the_sites_of_the_vetoes() -> None:
    alone = make_plan(TODAY, CALENDAR, with_vetoes=False)
    assert len(alone.subjects) == 89
    assert alone.standings == ()
    assert "veto" not in alone.hosts
