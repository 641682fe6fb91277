"""From the ledger to the veto watch: four Sundays of it, the alert of the day, the score sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.cycle import check_today
from app.day import judge_day
from app.explain import explain, explain_json
from app.home import Home
from app.rule_views import named_rows, pack_sheets
from app.scores import chosen_places, scores_document
from app.views import status_sheet
from app.weekly import make_weekly
from checks.calendar import load_calendar
from checks.facts import DateSource, Hand, History, Item, Outcome
from checks.freshness import SHANGHAI, local_day
from checks.indicators import in_force
from checks.owed import Answer, DutyRow
from checks.rules import pack_texts, read_pack
from checks.verdicts import DutyState
from notify.weekly import Period
from storage.clock import now
from storage.inventory import read_toml
from storage.ledger import Ledger, Sighting, law_body
from tests.app.run import called
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
def home(tmp_path: Path, database: str) -> Home:
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
    document = called("scores", "--format", "json", home=home.folder).json
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
    (early,) = scores_document(day, chosen_places(day, (), None))["scores"]
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
    sheet = scores_document(day, chosen_places(day, (), "s"))["scores"][0]["score"]
    assert {frozenset(line) for line in sheet["lines"]} == {frozenset(LINE_KEYS)}
    assert (sheet["deducted"], sheet["deduction_score"], sheet["bonus"]) == (11, 89, 0)
    assert (sheet["total"], sheet["grade"], sheet["still_open"]) == (89, "合格", [])
    shown = called("scores", "--site", "s", home=home.folder).out
    assert "扣11分，扣分指标得分89分，加分0分，总分89分。结论：合格。" in shown
    assert "C，未核实" in shown


def test_without_a_pack_that_counts_the_document_is_empty(home: Home, ledger: Ledger) -> None:
    home.path("settings.toml").write_text(SETTINGS, encoding="utf-8")
    ran = called("scores", "--format", "json", home=home.folder)
    assert (ran.code, ran.json["scores"]) == (0, [])
    assert "没有单项否决和计分指标" in ran.err
    assert called("scores", "--site", "nobody", home=home.folder).code == 2


def test_a_limit_that_is_not_verified_says_so_in_the_status(home: Home, ledger: Ledger) -> None:
    changed = column(0).replace('class = "news"', 'class = "plan"')
    ledger.load_inventory(read_toml(INVENTORY + changed, "test"), now())
    rows = status_sheet(judge_day(home, home.settings(), ledger)).rows
    (row,) = (row for row in rows if row["rule"] == "plan_1y")
    assert row["limit"] == "12个月（未核实）"


def test_rules_show_a_rule_a_duty_an_indicator_or_a_whole_pack(home: Home) -> None:
    table = called("rules", "list", home=home.folder).out
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
    pack = called("rules", "show", "cn-2019", "--format", "json", home=home.folder).json
    assert (pack["pack"], pack["scoring"]["pass_mark"]) == ("cn-2019", 60)
    assert len(pack["duties"]) == len(packs[1].duties)
    titles = [title for title, _ in pack_sheets(packs[1])]
    assert titles[1:] == ["计数指标", "计分"]
    assert called("rules", "show", "nothing", home=home.folder).code == 2


def test_the_table_of_scores_lists_what_is_at_fault_and_tells_the_rest_by_number(
    home: Home, ledger: Ledger
) -> None:
    shown = called("scores", home=home.folder).out
    vetoes = [
        text for text in shown.partition("计分：")[0].splitlines() if text.startswith("|网站：")
    ]
    cells = [[cell.strip() for cell in text.split("|")] for text in vetoes]
    assert [(row[2], *row[4:9]) for row in cells] == [
        ("W4a", "5", "5", "0", "已达到", "已达到限值")
    ]
    assert "共11项，列出1项；其余未发现问题1项，未能判定1项，须人工核查或未监测8项。" in shown
    one = called("scores", "--site", "s", home=home.folder).out.partition("计分：")[0]
    assert one.count("|网站：门户") == 11


def test_a_person_is_told_once_what_two_packs_say_alike(home: Home, ledger: Ledger) -> None:
    sheet = status_sheet(judge_day(home, home.settings(), ledger))
    ids = [row["id"] for row in sheet.rows if row["kind"] == "column"]
    assert sorted(ids) == sorted([f"c{number}" for number in range(6)] * 2)
    assert sheet.told is not None
    told = [row["name"] for row in sheet.told if row["kind"] == "column"]
    assert sorted(told) == [f"动态{number}" for number in range(6)]


def test_columns_of_one_name_are_told_apart_by_their_site(home: Home, ledger: Ledger) -> None:
    other = '[[site]]\nid = "t"\nname = "分站"\nhome = "http://127.0.0.1:9/t/"\nunit = "zfb"\n'
    twin = column(7).replace('site = "s"', 'site = "t"').replace("动态7", "动态0")
    ledger.load_inventory(read_toml(INVENTORY + other + column(0) + twin, "test"), now())
    told = status_sheet(judge_day(home, home.settings(), ledger)).told or ()
    names = {row["name"] for row in told if row["kind"] == "column"}
    assert names == {"动态0（门户）", "动态0（分站）"}


def test_rules_show_speaks_the_clerk_s_words(home: Home) -> None:
    told = called("rules", "show", "foot_icp", home=home.folder).out.splitlines()
    for words in ("编号：foot_icp", "对象：网站", "级别：扣分", "页面：首页、列表页、内容页"):
        assert words in told
    assert "时间范围：8天" in told
    assert not [text for text in told if "None" in text or "PageKind" in text]
    assert "所计判定：超期、未标日期" in called("rules", "show", "W4a", home=home.folder).out


def test_explain_tells_what_else_is_owed_the_unmet_first(home: Home, ledger: Ledger) -> None:
    day = judge_day(home, home.settings(), ledger)
    subject = day.subjects["column:c0"]
    duties = {duty.id: duty for duty in day.law.duties_in_force(TODAY)}
    answers = {
        "blank_column": Answer(DutyState.MET, "正常读取"),
        "leader": Answer(DutyState.UNKNOWN, "未配置词表", doubts=("词表：未填写", "未配置词表")),
        "guide_elements": Answer(
            DutyState.UNMET, "1份缺少要素", ("《指南》缺少4类要素",), (), "e#1"
        ),
    }
    rows = tuple(DutyRow(subject, duties[name], answer) for name, answer in answers.items())
    day = replace(day, bench=replace(day.bench, duties=rows))
    told = explain(day, subject, History(), [])
    guide = duties["guide_elements"]
    start = told.index("其他要求3项")
    assert told[start : told.index("\n问题记录")] == (
        "其他要求3项：存在问题1项，未判定1项，未发现问题1项，豁免0项。\n"
        "　　【存在问题】办事指南缺少4类以上关键要素（cn-2019/guide_elements；未核实，仅供参考）\n"
        "　　　　1份缺少要素。\n"
        "　　　　· 《指南》缺少4类要素\n"
        f"　　　　依据：{guide.clause}\n"
        f"　　　　整改建议：{guide.remedy}\n"
        "　　　　证据：e#1\n"
        f"　　【未判定】{duties['leader'].headline}（cn-2019/leader；未核实，仅供参考）\n"
        "　　　　未配置词表。\n"
        "　　　　· 词表：未填写\n"
        "　　【未发现问题】栏目没有任何内容（空白栏目）（cn-2019/blank_column）\n"
        "　　　　正常读取。\n"
    )
    document = explain_json(day, subject, History(), [])
    assert [(row["duty"], row["state"]) for row in document["duties"]] == [
        ("guide_elements", "unmet"),
        ("leader", "unknown"),
        ("blank_column", "met"),
    ]
    assert document["duties"][0] == {
        "pack": "cn-2019",
        "duty": "guide_elements",
        "headline": "办事指南缺少4类以上关键要素",
        "state": "unmet",
        "reason": "1份缺少要素",
        "faults": ["《指南》缺少4类要素"],
        "doubts": [],
        "evidence": "e#1",
        "clause": guide.clause,
        "source": guide.source,
        "verified": False,
    }
