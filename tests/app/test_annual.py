"""`xunjian report annual`: the section of 2020 has exactly the published figures.

The ledger is filled with a synthetic year, see `tests.app.annual_year`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import insert

from app.annual import AnnualReport, make_annual
from app.cli import main
from app.home import Home
from app.settings import SettingsError
from checks.facts import Item, Outcome
from checks.freshness import local_day
from checks.rules import BUNDLED
from checks.texts import BODY
from notify.annual import Copies, write_annual
from notify.annual.counts import BUCKETS
from notify.annual.form_values import FormValue, SiteForm
from notify.annual.model import AccountTally, FaultTally
from notify.annual.sentences import platform
from notify.documents.parts import Average, Rate
from notify.weekly import ReportError
from storage.clock import now
from storage.ledger import Ledger, Note, Noticed, Sighting
from storage.tables import ItemRow
from tests.app.annual_year import at, fill, register
from tests.app.run import called

PUBLISHED = (
    "加强政府信息公开平台建设。2020年，通过政府网站发布信息92643条，其中概况类信息124条，"
    "政务动态类信息2876条，信息公开目录信息89643条。发布政策解读22条。"
)
LIMITS = (
    "严格执行内容更新和答复时限：动态新闻类栏目更新不超过2周，政策解读类栏目更新不超过6个月，"
    "政府信箱来信答复不超过5个工作日。"
)
ACCOUNTS = "加强政务新媒体管理。年末，开设政务新媒体账号9个，上年末为8个，年内新开设3个、关停2个。"
INSPECTIONS = (
    "加强日常检查和跟踪整改。开展季度检查4次（第一季度、第二季度、第三季度、第四季度），"
    "发现问题3项，核实确认2项，整改销号2项，通报督办1项。各季度末设有更新时限的栏目按时更新率为"
    "第一季度66.7%、第二季度66.7%、第三季度66.7%、第四季度66.7%。"
)
LETTERS = (
    "办好政府信箱。收到来信10封，已答复8封；可判定时限的10封中，按期答复7封，按期答复率70.0%，"
    "平均办理时间2.8个工作日。以上来信数据均据公开页面。"
)
TALKS = "加强互动交流。发布征集调查5期、在线访谈12期（按相应栏目发布的信息条数统计）。"


@dataclass(frozen=True)
class Made:
    home: Home
    report: AnnualReport

    @property
    def paths(self) -> dict[str, Path]:
        return {path.name: path for path in self.report.paths}


def open_home(folder: Path) -> tuple[Home, Ledger]:
    home = Home(folder)
    return home, home.open_ledger()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[Made]:
    home, ledger = open_home(tmp_path_factory.mktemp("annual"))
    fill(ledger)
    yield Made(home, make_annual(home, home.settings(), ledger, "2020", None))
    ledger.close()


@pytest.fixture
def empty(tmp_path: Path, database: str) -> Iterator[tuple[Home, Ledger]]:
    home, ledger = open_home(tmp_path)
    yield home, ledger
    ledger.close()


# The figures


def test_the_section_of_2020_says_the_published_figures(made: Made) -> None:
    told = platform(made.report.figures)
    assert told == (PUBLISHED, LIMITS, ACCOUNTS, INSPECTIONS, LETTERS, TALKS)


def test_the_sum_is_that_of_its_parts_by_items_and_by_the_growth_of_the_bulk_list(
    made: Made,
) -> None:
    figures = made.report.figures
    assert [(x.columns, x.seen, x.growth, x.number) for x in figures.buckets] == [
        (1, 124, 0, 124),
        (2, 2876, 0, 2876),
        (4, 1643, 88000, 89643),
    ]
    (method,) = figures.methods
    assert (method.column, method.shown, method.growth) == ("信息公开目录", 4000, 88000)
    assert (method.before_on, method.after_on) == (date(2019, 12, 31), date(2020, 12, 31))
    assert (method.taken, method.differs) == ("列表总数差（净增）", True)


def test_news_shown_in_two_columns_count_in_their_own(made: Made) -> None:
    figures = made.report.figures
    counts = {line.column: (line.home, line.elsewhere) for line in figures.counts}
    assert counts["要闻"] == (2000, 0)
    assert counts["部门动态"] == (876, 30)
    assert figures.doubts.several == 30
    assert (figures.doubts.uncounted_columns, figures.doubts.uncounted_items) == (2, 17)


def test_accounts_faults_and_letters_are_those_of_the_year(made: Made) -> None:
    figures = made.report.figures
    assert figures.accounts == AccountTally(9, 8, opened=3, closed=2, enrolled=0, dropped=0)
    assert figures.faults == FaultTally(
        found=3, dismissed=1, confirmed=2, closed=2, urged=1, standing=2
    )
    letters = figures.letters
    assert (letters.received, letters.answered, letters.carried) == (10, 8, 1)
    assert (letters.in_time, letters.average) == (Rate(7, 10), Average(22, 8))
    assert (letters.by_page, letters.by_export, letters.public) == (10, 0, 9)


@pytest.mark.parametrize(("seen", "total"), [(date(2021, 1, 31), 92644), (date(2021, 2, 1), 92643)])
def test_what_was_posted_at_the_end_of_the_year_counts_when_seen_by_the_day_the_forms_are_due(
    made: Made, tmp_path: Path, seen: date, total: int
) -> None:
    shutil.copytree(made.home.folder, tmp_path / "home")
    home = Home(tmp_path / "home")
    ledger = home.open_ledger()
    late = {**_row("late", date(2020, 12, 30)), "first_seen": at(seen)}
    with ledger.engine.execution_options(write=True).begin() as connection:
        connection.execute(insert(ItemRow), [late])
    assert make_annual(home, home.settings(), ledger, "2020", None).figures.total == total
    ledger.close()


def test_the_same_ledger_gives_the_same_figures_whatever_came_later(made: Made) -> None:
    """What is seen after the forms were due changes nothing of what was known then."""
    ledger = made.home.open_ledger()
    late = _row("later", date(2020, 12, 30))
    with ledger.engine.execution_options(write=True).begin() as connection:
        connection.execute(insert(ItemRow), [{**late, "first_seen": at(date(2021, 2, 1))}])
    again = make_annual(made.home, made.home.settings(), ledger, "2020", None)
    ledger.close()
    same = replace(again.figures, made_at=made.report.figures.made_at)
    assert same == made.report.figures


def _row(name: str, day: date) -> dict[str, Any]:
    return {
        "subject": "column:yw",
        "digest": name,
        "title": name,
        "url": f"https://www.example.cn/ha/yw/{name}.html",
        "published_on": day,
        "visit_id": 1,
    }


# The documents


def test_the_documents_are_those_of_the_section_and_a_form_a_site(made: Made) -> None:
    names = ["annual-2020.docx", "annual-2020.html", "annual-2020.xlsx"]
    assert sorted(made.paths) == [*names, "annual-form-2020-portal.xlsx"]
    assert all(path.parent == made.home.path("reports") for path in made.report.paths)


def test_word_and_page_carry_the_sentences(made: Made) -> None:
    document = Document(str(made.paths["annual-2020.docx"]))
    told = [paragraph.text for paragraph in document.paragraphs]
    page = LexborHTMLParser(made.paths["annual-2020.html"].read_text("utf-8")).body
    assert page is not None
    for sentence in (PUBLISHED, LIMITS, ACCOUNTS, INSPECTIONS, LETTERS, TALKS):
        assert sentence in told
        assert sentence in page.text()


def test_the_workbook_has_the_figures_as_numbers(made: Made) -> None:
    book = openpyxl.load_workbook(made.paths["annual-2020.xlsx"])
    rows = list(book["信息发布汇总"].iter_rows(values_only=True))
    assert rows[1:] == [
        ("概况类信息", 1, 124, 0, 124),
        ("政务动态类信息", 2, 2876, 0, 2876),
        ("信息公开目录信息", 4, 1643, 88000, 89643),
        ("合计", 7, 4643, 88000, 92643),
    ]
    columns = list(book["各栏目发布情况"].iter_rows(values_only=True))
    bulk = ("市政府办公室", "信息公开目录", "公开目录", "列表总数差（净增）", 88000, "—")
    assert bulk in columns
    (_, bulk_list) = book["两种统计方法对照"].iter_rows(max_row=2, values_only=True)
    eve, end = datetime(2019, 12, 31), datetime(2020, 12, 31)  # noqa: DTZ001
    way = "列表总数差（净增）"
    assert bulk_list == ("信息公开目录", 4000, 120000, eve, 208000, end, 88000, way)
    counted = [row for row in columns[1:] if isinstance(row[4], int) and row[2] != "不计入年报"]
    assert sum(row[4] for row in counted) == 92643
    checks = list(book["数据核对"].iter_rows(values_only=True))[1:]
    assert {row[3] for row in checks} == {"相符"}
    total = "信息发布总数＝概况类信息＋政务动态类信息＋信息公开目录信息"
    assert checks[0] == (total, "92643", "92643", "相符")


# The yearly form


def form_rows(path: Path) -> dict[tuple[str, str, str], tuple[Any, str, bool]]:
    """By section, group and field: value, source, and whether the cell is filled in colour."""
    sheet = openpyxl.load_workbook(path)["年度报表"]
    rows, section, group = {}, "", ""
    merged = {str(each) for each in sheet.merged_cells.ranges}
    for number in range(4, sheet.max_row - 3):
        cells = [sheet.cell(number, place) for place in range(1, 7)]
        section = cells[0].value or section
        alone = f"B{number}:C{number}" in merged
        group = "" if alone else cells[1].value or group
        name = cells[1].value if alone else cells[2].value
        colour = cells[4].fill.fgColor.rgb == "FFFFF2CC"
        rows[section, group, name] = (cells[4].value, cells[5].value, colour)
    return rows


def test_the_form_has_what_is_known_with_its_source(made: Made) -> None:
    rows = form_rows(made.paths["annual-form-2020-portal.xlsx"])
    seen = "仅为系统所见"
    assert rows["基本信息", "", "政府网站标识码＊"] == ("3206850001", "登记册", False)
    assert rows["信息发布", "", "总数"][0] == 92643
    assert rows["信息发布", "", "概况类信息更新量"][0] == 124
    assert rows["信息发布", "", "政务动态信息更新量"][0] == 2876
    catalogue = rows["信息发布", "", "信息公开目录信息更新量"]
    told = f"各栏目列表页，逐条统计、列表总数差（净增）；{seen}"
    assert catalogue == (89643, told, False)
    assert rows["解读回应", "解读信息发布", "总数"][0] == 22
    assert rows["互动交流", "留言办理", "收到留言数量"][0] == 10
    assert rows["互动交流", "留言办理", "办结留言数量"][0] == 9
    mean = rows["互动交流", "留言办理", "平均办理时间"]
    assert mean == (3.5, f"据公开日期估算；{seen}", False)
    assert rows["互动交流", "征集调查", "征集调查期数"][0] == 5
    assert rows["互动交流", "在线访谈", "访谈期数"][0] == 12


def test_without_a_column_of_its_kind_nothing_is_known_which_is_not_zero(
    made: Made, empty: tuple[Home, Ledger]
) -> None:
    special = form_rows(made.paths["annual-form-2020-portal.xlsx"])["专栏专题", "", "维护数量＊"]
    assert special == (None, "需人工填报（登记册内没有专题专栏）", True)
    home, ledger = empty
    rows = [row for row in register()["column"] if row["class"] not in ("survey", "interpretation")]
    ledger.load_inventory({**register(), "column": rows}, at(date(2019, 12, 1)))
    report = make_annual(home, home.settings(), ledger, "2020", None)
    told = "".join(platform(report.figures))
    assert "在线访谈0期（" in told
    assert "征集调查" not in told
    assert "发布政策解读" not in told
    survey = form_rows(report.paths[-1])["互动交流", "征集调查", "征集调查期数"]
    assert survey == (None, "需人工填报（登记册内没有征集调查类栏目）", True)


def test_what_the_system_cannot_know_is_blank_and_left_to_a_person(made: Made) -> None:
    rows = form_rows(made.paths["annual-form-2020-portal.xlsx"])
    for place in (
        ("基本信息", "", "网站总访问量＊"),
        ("办事服务", "", "注册用户数＊"),
        ("安全防护", "", "安全检测评估次数＊"),
        ("创新发展", "", "搜索即服务＊"),
    ):
        assert rows[place] == (None, "需人工填报", True)
    posts = rows["移动新媒体", "微博1", "信息发布量＊"]
    assert posts == (None, "需人工填报（未能掌握账号发布情况）", True)
    blank = [value is None for value, _, _ in rows.values()]
    assert blank == [colour for _, _, colour in rows.values()]


def test_the_form_prints_on_a4_with_its_eight_sections_in_order(made: Made) -> None:
    sheet = openpyxl.load_workbook(made.paths["annual-form-2020-portal.xlsx"])["年度报表"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.orientation == "portrait"
    sections = dict.fromkeys(
        key[0] for key in form_rows(made.paths["annual-form-2020-portal.xlsx"])
    )
    assert list(sections) == [
        "基本信息",
        "信息发布",
        "专栏专题",
        "解读回应",
        "办事服务",
        "互动交流",
        "安全防护",
        "移动新媒体",
        "创新发展",
    ]
    notes = [str(row[0].value) for row in sheet.iter_rows(min_row=sheet.max_row - 2)]
    assert "未经核实" in notes[0]
    assert "需人工填报" in notes[1]


# What must not be released


def test_a_total_that_is_not_the_sum_of_its_parts_is_refused(made: Made, tmp_path: Path) -> None:
    """黄埔 2019: a total of 7,362 beside parts of 8,362."""
    parts = dict(zip(BUCKETS, (4842, 1317, 2203), strict=True))
    buckets = tuple(
        replace(line, number=parts[line.bucket], seen=parts[line.bucket], growth=0)
        for line in made.report.figures.buckets
    )
    figures = replace(made.report.figures, total=7362, buckets=buckets)
    with pytest.raises(ReportError, match="7362 ≠ 8362"):
        write_annual(figures, (), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_form_whose_total_is_not_the_sum_of_its_parts_is_refused(
    made: Made, tmp_path: Path
) -> None:
    numbers = {"items": 7362, "overview": 4842, "news": 1317, "disclosure": 2203}
    values = {name: FormValue(number, "合成") for name, number in numbers.items()}
    form = SiteForm("hp", "示例网站", values, {})
    with pytest.raises(ReportError, match=r"示例网站年度报表.*：7362 ≠ 8362"):
        write_annual(made.report.figures, (form,), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"accounts": AccountTally(9, 8, 3, 1, 0, 0)},
            "上年末账号数＋新增－减少＝年末账号数：10 ≠ 9",
        ),
        ({"account_lines": ()}, "新媒体账号表行数＝年末账号数：0 ≠ 9"),
        ({"letter_lines": ()}, "各信箱收到来信之和＝收到来信数：0 ≠ 10"),
        ({"counts": ()}, "各栏目概况类信息之和＝概况类信息数：0 ≠ 124"),
        ({"units": ()}, "各单位发布数之和＝信息发布总数：0 ≠ 92643"),
    ],
)
def test_a_list_that_does_not_match_its_count_is_refused(
    made: Made, tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    with pytest.raises(ReportError) as refused:
        write_annual(replace(made.report.figures, **change), (), tmp_path)
    assert told in str(refused.value)
    assert list(tmp_path.iterdir()) == []


# What is told beside the sum


def test_one_text_under_two_addresses_is_told_and_stays_in_the_sum(
    empty: tuple[Home, Ledger],
) -> None:
    home, ledger = empty
    ledger.load_inventory(register(), at(date(2019, 12, 1)))
    day = date(2020, 5, 6)
    for row in ("yw", "bm"):
        url = f"https://www.example.cn/ha/{row}/1.html"
        item = Item("示例", url, day, str(day))
        run = ledger.start_run(1, at(day))
        ledger.record(run, Sighting(f"column:{row}", at(day), Outcome.OK, items=(item,)))
        ledger.finish_run(run, at(day))
        told = {"column": f"column:{row}", "title": "示例", "url": url, "chars": 900}
        note = Note(BODY, row, Outcome.OK, {**told, "published_on": str(day)})
        ledger.observe(None, Noticed("text:ab12", at(day), (note,)))
    report = make_annual(home, home.settings(), ledger, "2020", None)
    assert report.figures.total == 2
    assert report.figures.doubts.copies == Copies(texts=1, places=2, read=1)
    text = report.paths[0].with_suffix(".html").read_text("utf-8")
    assert "在已读取正文的1篇中发现1篇另有1处重复登载，仅作说明，未从总数中扣除" in text


def test_a_limit_whose_clause_nobody_has_verified_says_so(made: Made) -> None:
    pack = made.home.path("packs", "haian.toml")
    pack.parent.mkdir()
    text = (BUNDLED / "haian.toml").read_text(encoding="utf-8")
    pack.write_text(text.replace("verified = true", "verified = false", 1), encoding="utf-8")
    ledger = made.home.open_ledger()
    again = make_annual(made.home, made.home.settings(), ledger, "2020", None)
    ledger.close()
    pack.unlink()
    assert "动态新闻类栏目更新不超过2周（未经核实），政策解读类栏目" in platform(again.figures)[1]


# Years that are not whole


def test_a_year_that_is_not_over_says_up_to_when(empty: tuple[Home, Ledger]) -> None:
    home, ledger = empty
    today = local_day(now())
    ledger.load_inventory(register(), now() - timedelta(days=1))
    report = make_annual(home, home.settings(), ledger, None, None)
    told = platform(report.figures)[0]
    day = f"{today.year}年{today.month}月{today.day}日"
    assert f"{today.year}年（截至{day}），通过政府网站发布信息0条" in told
    text = report.paths[0].with_suffix(".html").read_text("utf-8")
    assert f"（{today.year}年，截至{day}）" in text
    assert "统计期内没有查看记录，以上数字不反映实际发布情况。" in text


def test_without_a_bucket_in_the_register_no_number_is_told(empty: tuple[Home, Ledger]) -> None:
    home, ledger = empty
    plain = register()
    plain = {**plain, "column": [{**row, "bucket": "none"} for row in plain["column"]]}
    ledger.load_inventory(plain, at(date(2019, 12, 1)))
    report = make_annual(home, home.settings(), ledger, "2020", None)
    rows = form_rows(report.paths[-1])
    blank = (None, "需人工填报（登记册内没有此年报分类的栏目）", True)
    assert rows["信息发布", "", "总数"] == rows["信息发布", "", "概况类信息更新量"] == blank
    told = platform(report.figures)[0]
    assert told.startswith("（登记册内没有栏目登记年报分类，信息发布数未作统计")
    assert "发布信息0条" not in told


def test_a_year_not_watched_from_its_first_day_says_since_when(
    empty: tuple[Home, Ledger],
) -> None:
    home, ledger = empty
    fill(ledger, first=date(2020, 4, 28))
    report = make_annual(home, home.settings(), ledger, "2020", None)
    text = report.paths[0].with_suffix(".html").read_text("utf-8")
    assert "系统自2020年4月28日起查看各栏目" in text
    assert "以上数字为系统所见，可能少于实际发布数" in text
    told = platform(report.figures)[0]
    assert told.endswith("（以上为自2020年4月28日起查看所见，此前发布的仅计列表中仍能见到的。）")
    figures = report.figures
    (method,) = figures.methods
    assert method.note == "上年末没有列表总数快照，不能计算列表总数差"
    assert (figures.buckets[2].growth, figures.buckets[2].number) == (0, 5643)
    assert [quarter.inspected for quarter in figures.quarters] == [False, True, True, True]
    assert figures.quarters[0].on_time is None


# The command


def test_the_command_prints_the_paths_of_what_it_wrote(made: Made, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = called("report", "annual", "--period", "2020", "--out", str(out), home=made.home.folder)
    assert (ran.code, ran.err) == (0, "")
    written = [Path(line) for line in ran.out.splitlines()]
    assert sorted(written) == sorted(out.iterdir())
    assert len(written) == 4


@pytest.mark.parametrize(
    ("period", "told"),
    [
        ("2020Q4", "--period 2020Q4：应为四位年份，如 2026"),
        ("2020年", "--period 2020年：应为四位年份，如 2026"),
        ("0000", "--period 0000：应为四位年份，如 2026"),
        ("9999", "--period 9999：这一年尚未开始"),
    ],
)
def test_a_period_that_is_no_past_year_is_refused(made: Made, period: str, told: str) -> None:
    ledger = made.home.open_ledger()
    with pytest.raises(SettingsError) as refused:
        make_annual(made.home, made.home.settings(), ledger, period, None)
    ledger.close()
    assert str(refused.value) == told


def test_a_bad_period_is_an_error_of_use(made: Made) -> None:
    ran = called("report", "annual", "--period", "2020Q4", home=made.home.folder)
    told = "--period 2020Q4：应为四位年份，如 2026"
    assert (ran.code, ran.out, ran.err.strip()) == (2, "", told)


def test_figures_that_do_not_add_up_end_with_exit_code_4(
    made: Made,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("notify.annual.figures.bucket_sum", lambda _lines, _bucket: 1)
    out, home = tmp_path / "out", str(made.home.folder)
    words = ["xunjian", "--home", home, "report", "annual", "--period", "2020", "--out", str(out)]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 4
    told = "".join(capsys.readouterr().err.split())
    assert "运行失败：数据核对未通过，年度报告数据未生成：" in told
    assert "信息公开目录信息：3≠92643" in told
    assert list(out.iterdir()) == []
