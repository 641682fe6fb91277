"""A made home on both databases: exactly as many rows as asked for, and judged like any other."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from app.day import end_of, judge_in_portions
from app.home import Home
from app.simulate.load import NotEmptyError, fill
from app.simulate.looks import AT_ONCE
from app.simulate.questions import asked, questions
from app.simulate.size import COUNTY, DAY, LIKE, LIVELY, SELDOM, Size
from app.starter import create
from checks.verdicts import Verdict
from storage.ledger import Ledger
from storage.tables import FindingRow, ItemRow, VisitRow
from tests.app.run import called

LAST = date(2026, 11, 22)
SMALL = Size(units=2, sites=2, columns=6, accounts=2, days=10, paces=(1, 20, 200))
ROWS = {
    "unit": 2,
    "site": 2,
    "column": 6,
    "mailbox": 2,
    "account": 2,
    "run": 10,
    "evidence": 48,
    "visit": 120,
    "item": 234,
    "observation": 85,
    "letter": 12,
    "probe": 960,
    "finding": 1,
    "event": 2,
}

QUESTIONS = [
    "一个栏目的页面（查看记录、条目、发布日历）",
    "一个网站各栏目的最近查看",
    "一个网站各栏目的条件请求依据",
    "一个网站各栏目的最新条目",
    "2 个网站的登记册",
    "2 个网站的查看计划",
    "整册登记册",
    "全部问题及其经过",
    "一段证据链（1000 条）",
    "判定一批（约 2000 个对象）",
    "判定全部（逐批）",
    "周报（含文档）",
]


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    create(tmp_path / "home")
    if request.param == "postgresql":
        monkeypatch.setenv("XUNJIAN_DATABASE_URL", request.getfixturevalue("pg_url"))
    return Home(tmp_path / "home")


def verdicts(home: Home, ledger: Ledger, day: date) -> dict[Verdict, int]:
    law = home.law(home.settings())
    portions = judge_in_portions(ledger, law, day, end_of(day))
    return dict(Counter(row.verdict for portion in portions for row in portion.bench.rows))


def test_a_made_home_holds_what_was_asked_for_and_is_judged(home: Home) -> None:
    ledger = home.open_ledger()
    assert dict(fill(ledger, SMALL, LAST).rows) == ROWS
    # Of each two columns one publishes daily, one each 20 and one each 200 days.
    assert verdicts(home, ledger, LAST) == {Verdict.OK: 11, Verdict.OVERDUE: 1}
    with pytest.raises(NotEmptyError, match="数据库中已有登记册或查看记录"):
        fill(ledger, SMALL, LAST)
    # What is written afterwards goes on behind it.
    assert ledger.start_run(1, end_of(LAST)) == 11
    told = [each.words for each in asked(questions(home, home.settings(), ledger))]
    assert told == QUESTIONS
    ledger.close()


def test_rows_lean_on_each_other_as_those_of_a_crawl(tmp_path: Path) -> None:
    create(tmp_path)
    ledger = Home(tmp_path).open_ledger()
    fill(ledger, SMALL, LAST)
    links = list(ledger.evidence_links())
    assert len(links) == ROWS["evidence"]
    assert list(ledger.evidence.check(links, bodies=False)) == []
    with ledger.reading() as session:
        unchanged = select(func.count()).where(col(VisitRow.unchanged_since).is_not(None))
        failed = select(func.count()).where(col(VisitRow.outcome).in_(("blocked", "unreachable")))
        counts = [session.exec(each).one() for each in (unchanged, failed)]
        newest = session.exec(select(func.max(ItemRow.published_on))).one()
        opened = session.exec(select(col(FindingRow.opened_on))).one()
    assert counts == [68, 4]
    assert (newest, opened) == (LAST, LAST - 9 * DAY)
    ledger.close()


def test_another_seed_gives_other_days_and_about_as_many_rows(tmp_path: Path) -> None:
    counts, days = [], []
    for seed in (1, 2):
        create(tmp_path / str(seed))
        ledger = Home(tmp_path / str(seed)).open_ledger()
        counts.append(fill(ledger, replace(SMALL, seed=seed), LAST).rows)
        days.append(ledger.items_of("column:c3", 1)[0].item.published_on)
        ledger.close()
    assert [each["item"] for each in counts] == [ROWS["item"], 236]
    assert [each["visit"] for each in counts] == [120, 120]
    assert days == [date(2026, 11, 5), date(2026, 11, 22)]


def test_a_county_and_a_province_are_as_large_as_their_names_say() -> None:
    made = {name: (s.units, s.sites, s.columns, s.accounts, s.days) for name, s in LIKE.items()}
    assert made == {
        "county": (45, 5, 300, 10, 3652),
        "province": (2000, 1000, 60_000, 2000, 365),
    }
    # A county publishes 93,000 items a year; of a province's columns one in five is new a day.
    a_day = [sum(1 / pace for pace in paces) / len(paces) for paces in (LIVELY, SELDOM)]
    assert round(a_day[0] * AT_ONCE * (COUNTY.columns + COUNTY.accounts) * 365, -3) == 98_000
    assert round(a_day[1], 2) == 0.19


def test_the_command_tells_rows_and_times_and_refuses_a_home_in_use(tmp_path: Path) -> None:
    create(tmp_path)
    asked = "simulate --sites 1 --columns 2 --units 1 --accounts 0 --days 2".split()
    ran = called(*asked, home=tmp_path)
    assert ran.code == 0, ran.err
    assert "visit                   8 行" in ran.out
    assert "判定全部（逐批）：" in ran.out
    assert "以上均为模拟数据" in ran.err
    again = called(*asked, home=tmp_path)
    assert again.code == 2
    assert "模拟数据只能写入空库" in again.err
    assert called("simulate", "--like", "galaxy", home=tmp_path).code == 2
