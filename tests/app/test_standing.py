"""From the ledger to the veto watch: four Sundays of it, the alert of the day, the score sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.cycle import check_today
from app.day import judge_day
from app.rule_views import named_rows, pack_sheets
from app.scores import chosen_places, scores_document
from app.settings import Home
from app.views import status_sheet
from app.weekly import make_weekly
from checks.calendar import load_calendar
from checks.facts import DateSource, Hand, Item, Outcome
from checks.freshness import SHANGHAI, local_day
from checks.indicators import in_force
from checks.rules import pack_texts, read_pack
from notify.weekly import Period
from storage.clock import now
from storage.inventory import read_toml
from storage.ledger import Ledger, Sighting, law_body
from tests.app.run import xunjian
from tests.app.test_bad_input import SETTINGS, UNIT

TODAY = local_day(now())
WEEK = Period.last_full(TODAY)
SUNDAYS = [WEEK.last - timedelta(weeks=back) for back in (3, 2, 1, 0)]
PACKS = ["haian", "cn-2019", "province-template"]
BOTH = f"{SETTINGS}[rules]\npacks = {PACKS}\n"
# Days by which each column is behind on the four Sundays: late from the 15th day on.
NEWEST = [SUNDAYS[0] - timedelta(20)] * 3 + [SUNDAYS[1] - timedelta(15), SUNDAYS[3] - timedelta(15)]
INVENTORY = UNIT + (
    '[[site]]\nid = "s"\nname = "门户"\nhome = "http://127.0.0.1:9/"\nunit = "zfb"\n'
    'code = "3206000001"\nportal = true\n'
)
VETO_KEYS = {
    "indicator", "group", "name", "headline", "hit", "by_hand", "count", "limit", "distance",
    "share", "share_limit", "watched", "subjects", "not_known", "words", "clause", "source",
    "confidence", "verified",
}  # fmt: skip
LINE_KEYS = {
    "indicator", "section", "name", "faults", "points", "cap", "evidence", "still_open",
    "confidence", "verified",
}  # fmt: skip


def at(day: date) -> datetime:
    return min(datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI), now())


def column(number: int) -> str:
    return (
        f'[[column]]\nid = "c{number}"\nsite = "s"\nname = "动态{number}"\n'
        f'url = "http://127.0.0.1:9/{number}/"\nclass = "news"\nunit = "zfb"\n'
    )


def look(ledger: Ledger, number: int, day: date, newest: date) -> None:
    run = ledger.start_run(1, at(day))
    item = Item("通知", f"http://x/{newest}", newest, str(newest), DateSource.LIST)
    ledger.record(run, Sighting(f"column:c{number}", at(day), Outcome.OK, items=(item,)))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    tmp_path.joinpath("settings.toml").write_text(BOTH, encoding="utf-8")
    return Home(tmp_path)


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    """Three, four, four and five of six columns are late on the four Sundays, and five today."""
    opened = home.open_ledger()
    before = at(SUNDAYS[0] - timedelta(days=1))
    columns = "".join(column(number) for number in range(6))
    opened.load_inventory(read_toml(INVENTORY + columns, "test"), before)
    opened.keep_law(law_body(pack_texts(PACKS), load_calendar()), before)
    for day in dict.fromkeys((*SUNDAYS, TODAY)):
        for number, newest in enumerate((*NEWEST, day)):
            look(opened, number, day, min(newest, day))
    yield opened
    opened.close()


def test_the_weekly_report_shows_the_four_sundays(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    report = make_weekly(home, home.settings(), ledger, str(WEEK), tmp_path / "out")
    lines = {line.indicator: line for line in report.figures.veto.lines}
    line = lines["栏目不更新：未及时更新的动态要闻、通知公告、政策文件类栏目累计达到5个"]
    assert (line.place, line.count, line.limit, line.gap) == ("门户", 5, 5, 0)
    assert line.trend == "3→4→4→5"


def test_the_office_is_told_on_the_day_and_not_again(home: Home, ledger: Ledger) -> None:
    check_today(home, home.settings(), ledger)
    told = "1项单项否决提示"
    subjects = [(d.message.recipient, d.message.subject) for d in ledger.deliveries()]
    assert [whom for whom, subject in subjects if told in subject] == ["office@example.cn"]
    check_today(home, home.settings(), ledger)
    assert len(ledger.deliveries()) == len(subjects)


def test_scores_say_how_near_a_veto_is_and_what_the_portal_is_worth(
    home: Home, ledger: Ledger
) -> None:
    document = xunjian("scores", "--format", "json", home=home.folder).json
    assert set(document) == {"as_of", "scores"}
    (place,) = document["scores"]
    assert (place["kind"], place["id"], place["pack"], place["vetoed"]) == (
        "site", "s", "cn-2019", True,
    )  # fmt: skip
    assert {frozenset(row) for row in place["vetoes"]} == {frozenset(VETO_KEYS)}
    row = next(row for row in place["vetoes"] if row["indicator"] == "W4a")
    assert (row["hit"], row["count"], row["limit"], row["distance"]) == (True, 5, 5, 0)
    assert row["subjects"] == [f"column:c{number}" for number in range(5)]
    assert (place["score"]["vetoes"], place["score"]["grade"]) == (["W4a"], "不合格")
    assert place["score"]["total"] is None
    day = judge_day(home, home.settings(), ledger, SUNDAYS[0])
    (early,) = scores_document(day, chosen_places(day, None))["scores"]
    row = next(row for row in early["vetoes"] if row["indicator"] == "W4a")
    assert (row["hit"], row["count"], row["distance"]) == (False, 3, 2)


def test_the_sheet_of_a_portal_adds_up_what_persons_entered(home: Home, ledger: Ledger) -> None:
    given = {
        "d_policydoc": None,
        "d_service_stats": None,
        "d_messages": None,
        "d_login": Decimal(1),
    }
    pack = read_pack(pack_texts(["cn-2019"])["cn-2019"], "cn-2019.toml")
    for row in in_force(pack.indicators, TODAY):
        if row.part != "bonus" and row.subject != "account":
            fault, points = row.id in given, given.get(row.id)
            hand = Hand("site:s", "cn-2019", row.id, fault, points, "截图", "张三", at(TODAY))
            ledger.record_hand(hand)
    day = judge_day(home, home.settings(), ledger)
    sheet = scores_document(day, chosen_places(day, "s"))["scores"][0]["score"]
    assert {frozenset(line) for line in sheet["lines"]} == {frozenset(LINE_KEYS)}
    assert (sheet["deducted"], sheet["deduction_score"], sheet["bonus"]) == (11, 89, 0)
    assert (sheet["total"], sheet["grade"], sheet["still_open"]) == (89, "合格", [])
    shown = xunjian("scores", "--site", "s", home=home.folder).out
    assert "扣11分，扣分指标得分89分，加分0分，总分89分。结论：合格。" in shown
    assert "C，未核实" in shown


def test_without_a_pack_that_counts_the_document_is_empty(home: Home, ledger: Ledger) -> None:
    home.path("settings.toml").write_text(SETTINGS, encoding="utf-8")
    ran = xunjian("scores", "--format", "json", home=home.folder)
    assert (ran.code, ran.json["scores"]) == (0, [])
    assert "没有单项否决和计分指标" in ran.err
    assert xunjian("scores", "--site", "nobody", home=home.folder).code == 2


def test_a_limit_that_is_not_verified_says_so_in_the_status(home: Home, ledger: Ledger) -> None:
    changed = column(0).replace('class = "news"', 'class = "plan"')
    ledger.load_inventory(read_toml(INVENTORY + changed, "test"), now())
    rows = status_sheet(judge_day(home, home.settings(), ledger)).rows
    (row,) = (row for row in rows if row["rule"] == "plan_1y")
    assert row["limit"] == "12个月（未核实）"


def test_rules_show_a_rule_a_duty_an_indicator_or_a_whole_pack(home: Home) -> None:
    table = xunjian("rules", "list", home=home.folder).out
    for word in ("指标", "对象", "时限/要求", "级别", "依据", "来源", "可信度", "是否核实"):
        assert word in table.splitlines()[1]
    assert "否，未核实" in table
    assert "cn-2019/foot_icp" in table
    packs = home.law(home.settings()).packs
    for name, kind in (("nm_3m", "rules"), ("foot_icp", "duties"), ("cn-2019/W4a", "indicators")):
        found = named_rows(packs, name)
        assert {each: len(rows) for each, rows in found.items()} == {
            each: int(each == kind) for each in ("rules", "duties", "indicators")
        }
    pack = xunjian("rules", "show", "cn-2019", "--format", "json", home=home.folder).json
    assert (pack["pack"], pack["scoring"]["pass_mark"]) == ("cn-2019", 60)
    assert len(pack["duties"]) == len(packs[1].duties)
    titles = [title for title, _ in pack_sheets(packs[1])]
    assert titles[1:] == ["计数指标", "计分"]
    assert xunjian("rules", "show", "nothing", home=home.folder).code == 2
