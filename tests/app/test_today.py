"""Judged in portions or at once, today's events, mails and standings are the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.cycle import check_today, record_today
from app.day import Day, judge_day
from app.home import Home
from app.standing import places_of
from app.today import Today, judge_today
from checks.facts import DateSource, Item, Letter, Outcome
from checks.freshness import local_day
from checks.lifecycle import EventKind
from checks.texts import LIST, shown_down_to
from checks.texts import ListLook as ListFacts
from checks.verdicts import DutyState, Verdict
from notify.alerts import lines
from notify.nearing import PREFIX
from notify.news import OFFICE, Contact, Line, News, Topic
from storage.clock import now
from storage.inventory import read_toml
from storage.ledger import Ledger, Note, Sighting
from tests.app.test_bad_input import SETTINGS

TODAY = local_day(now())
ONE, ALL = 1, 10_000
PACKS = '[rules]\npacks = ["haian", "cn-2019"]\n'
UNITS = "".join(
    f'[[unit]]\nid = "u{n}"\nname = "单位{n}"\nkind = "department"\nemails = ["u{n}@example.cn"]\n'
    for n in (1, 2)
)


def site(name: str, more: str = "") -> str:
    home = f"http://{name}.example/"
    return f'[[site]]\nid = "{name}"\nname = "{name}"\nhome = "{home}"\nunit = "u1"\n{more}'


def column(name: str, on: str, more: str = "", word: str = "news") -> str:
    url = f"http://{on}.example/{name}/"
    head = f'[[column]]\nid = "{name}"\nname = "{name}"\nsite = "{on}"\nurl = "{url}"\n'
    return f'{head}class = "{word}"\nunit = "u1"\n{more}'


def mailbox(name: str, on: str) -> str:
    url = f"http://{on}.example/{name}/"
    return f'[[mailbox]]\nid = "{name}"\nname = "信箱"\nsite = "{on}"\nurl = "{url}"\nunit = "u2"\n'


def account(name: str, unit: str) -> str:
    head = f'[[account]]\nid = "{name}"\nname = "{name}"\nplatform = "weibo"\nunit = "{unit}"\n'
    return f'{head}source = "feed"\nurl = "http://{name}.example/"\n'


SITES = site("a", "portal = true\n") + site("b") + site("nav", "home_nav_only = true\n")
LATE = [f"late{n}" for n in range(5)]
REGISTER = (
    UNITS
    + SITES
    + site("dark")
    + "".join(column(name, "a") for name in LATE)
    + column("near", "a")
    + column("same", "a", 'redirect_to = "shown"\n')
    + column("shown", "b")
    + column("empty", "b", word="other")
    + column("walled", "b")
    + column("behind", "nav")
    + column("hidden", "dark")
    + mailbox("box", "a")
    + mailbox("quiet", "b")
    + "".join(account(name, unit) for name, unit in (("w1", "u1"), ("w2", "u1"), ("w3", "u2")))
)
# By how many days each is behind; a column of a notice is due in 14 days.
BEHIND = {
    **{f"column:{name}": 20 for name in LATE},
    "column:near": 13,
    "column:shown": 30,
    "column:behind": 16,
    "account:w1": 1,
    "account:w2": 40,
    "account:w3": 100,
    "site:a": 2,
    "site:b": 15,
    "site:nav": 0,
}
OTHERWISE = {
    "column:empty": Outcome.EMPTY,
    "column:walled": Outcome.BLOCKED,
    "column:hidden": Outcome.UNREACHABLE,
    "site:dark": Outcome.UNREACHABLE,
    "mailbox:quiet": Outcome.EMPTY,
}


@pytest.fixture
def home(tmp_path: Path, database: str) -> Home:
    tmp_path.joinpath("settings.toml").write_text(f"{SETTINGS}{PACKS}", encoding="utf-8")
    return Home(tmp_path)


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = home.open_ledger()
    long_ago = now() - timedelta(days=9)
    ended = column("ended", "b") + column("healed", "b")
    opened.load_inventory(read_toml(REGISTER + ended, "test"), long_ago)
    look_at_all(opened, {**BEHIND, "column:ended": 60, "column:healed": 60, "column:near": 20})
    yield opened
    opened.close()


def look_at_all(ledger: Ledger, behind: dict[str, int]) -> None:
    run = ledger.start_run(1, now())
    for key, days in behind.items():
        on = TODAY - timedelta(days=days)
        item = Item(f"{key}的信息", f"http://x/{key}/{on}", on, str(on), DateSource.LIST)
        down_to, ordered = shown_down_to([item], whole=False)
        facts = ListFacts(1, down_to, ordered, "rows", ("mobile",)).facts()
        notes = (Note(LIST, "", Outcome.OK, facts),) if key.startswith("column:") else ()
        ledger.record(run, Sighting(key, now(), Outcome.OK, items=(item,), notes=notes))
    for key, outcome in OTHERWISE.items():
        ledger.record(run, Sighting(key, now(), outcome))
    letters = tuple(letter(n, days) for n, days in enumerate((200, 60, 30, *range(12))))
    ledger.record(run, Sighting("mailbox:box", now(), Outcome.OK, letters=letters))


def letter(number: int, days: int) -> Letter:
    """One a letter that was answered at once, the others open."""
    received = TODAY - timedelta(days=days)
    replied = received if number == 1 else None
    return Letter(f"L{number}", "来信", None, received, replied_on=replied, answered=number == 1)


def second_day(ledger: Ledger) -> None:
    """One column is out of the register, one was updated, one is near its limit again."""
    register = REGISTER + column("healed", "b")
    ledger.load_inventory(read_toml(register, "test"), now())
    look_at_all(ledger, {**BEHIND, "column:healed": 0})


def events(ledger: Ledger) -> Counter[tuple[str, ...]]:
    return Counter(
        (*map(str, (found.key, found.unit, found.basis, found.over)), event.kind, event.note)
        for found in ledger.findings()
        for event in found.events
    )


def at_once(home: Home, ledger: Ledger) -> tuple[Day, Today]:
    """Today as one bench that keeps every row, with the places and subjects in full."""
    day = judge_day(home, home.settings(), ledger)
    with ledger.reading() as session:
        found = ledger.latest_findings(session)
    gone = [key for key in found if key.subject not in day.subjects]
    return day, Today(day.law, day.bench, day.subjects, places_of(day, ()), {}, gone)


def said(home: Home, ledger: Ledger, today: Today) -> list[Line]:
    """Every line that may be told of what was found so far, under this judgement."""
    with ledger.reading() as session:
        happenings = ledger.standing_news(session, now() - timedelta(days=14))
        told = ledger.told(session, OFFICE, PREFIX)
    units = {row["id"]: Contact(row["name"], tuple(row["emails"])) for row in ledger.units()}
    news = News(today.bench, happenings, units, today.subjects, today.law, today.places, told)
    return lines(news, home.settings().mail.unit_alerts)


@pytest.mark.parametrize("size", [ONE, 7, ALL])
def test_portions_of_any_size_say_what_one_bench_says(
    home: Home, ledger: Ledger, size: int
) -> None:
    check_today(home, home.settings(), ledger)
    second_day(ledger)
    day, whole = at_once(home, ledger)
    today = judge_today(home, home.settings(), ledger, size)
    with ledger.reading() as session:
        found = ledger.latest_findings(session)
    assert today.bench.faults == day.bench.faults
    assert today.bench.cleared == {k: v for k, v in day.bench.cleared.items() if k in found}
    assert "column:healed" in {key.subject for key in today.bench.cleared}
    assert {key.subject for key in today.gone} == {"column:ended"}
    assert sorted(map(str, today.gone)) == sorted(map(str, whole.gone))
    assert today.verdicts == Counter(row.verdict for row in day.bench.rows)
    owed = [row for row in day.bench.duties if row.state is DutyState.UNMET]
    assert owed
    assert sorted(map(repr, today.bench.duties)) == sorted(map(repr, owed))
    told = said(home, ledger, today)
    assert told == said(home, ledger, whole)
    warned = {line.thing.partition("#")[0] for line in told if line.topic is Topic.DUE_SOON}
    assert warned == {"column:near", "mailbox:box"}
    assert {"dark", "column:walled"} <= {line.thing for line in told}
    assert any(line.key.startswith(PREFIX) for line in told)


@pytest.mark.parametrize("size", [ONE, ALL])
def test_what_is_written_and_sent_is_the_same(
    home: Home, ledger: Ledger, size: int, tmp_path: Path
) -> None:
    twin_home = Home(tmp_path / "twin")
    twin_home.folder.mkdir()
    twin_home.path("settings.toml").write_text(f"{SETTINGS}{PACKS}", encoding="utf-8")
    check_today(home, home.settings(), ledger)
    second_day(ledger)
    ledger.close()
    for file in home.folder.glob("xunjian.db*"):
        twin_home.path(file.name).write_bytes(file.read_bytes())
    whole, parts = home.open_ledger(), twin_home.open_ledger()
    _, everything = at_once(home, whole)
    once = record_today(home.settings(), whole, everything)
    portioned = judge_today(twin_home, twin_home.settings(), parts, size)
    twice = record_today(twin_home.settings(), parts, portioned)
    assert twice == once
    assert events(parts) == events(whole)
    assert {kind for *_, kind, _ in events(parts)} >= {EventKind.DETECTED, EventKind.RECOVERED}
    mails = [(m.message.recipient, m.message.subject) for m in whole.deliveries()]
    assert [(m.message.recipient, m.message.subject) for m in parts.deliveries()] == mails
    assert len(mails) > 1
    whole.close()
    parts.close()


def test_what_nothing_follows_from_is_not_kept(home: Home, ledger: Ledger) -> None:
    """Of a column in order nothing remains but its count, and one row a site."""
    fine = "".join(column(f"fine{n}", "b") for n in range(20))
    ledger.load_inventory(read_toml(REGISTER + fine, "test"), now())
    look_at_all(ledger, {**BEHIND, **{f"column:fine{n}": 0 for n in range(20)}})
    today = judge_today(home, home.settings(), ledger)
    kept = {row.subject.key for row in today.bench.rows}
    assert not {f"column:fine{n}" for n in range(1, 20)} & (kept | today.subjects.keys())
    assert today.verdicts[Verdict.OK] >= 20
