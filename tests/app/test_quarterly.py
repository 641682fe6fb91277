"""`xunjian report quarterly`: from a ledger of three quarters to the notice, as a user runs it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import docx
import openpyxl
import pytest

from app.home import Home
from app.quarterly import make_quarterly, reference_day
from app.settings import SettingsError
from checks.calendar import load_calendar
from checks.course import Event, EventKind
from checks.facts import DateSource, Item, Outcome
from checks.freshness import SHANGHAI, local_day
from checks.lifecycle import Fault, Key, Step
from checks.rectification import load_terms
from checks.rules import pack_texts
from notify.quarterly import Quarter
from storage.clock import now
from storage.evidence import Capture
from storage.inventory import read_toml
from storage.ledger import Ledger, Sighting, Versions, law_body
from tests.app.run import called, xunjian

TODAY = local_day(now())
THIS = Quarter.containing(TODAY)
LAST = THIS.before
EARLIER = LAST.before
SETTINGS = """\
[rules]
packs = ["haian", "cn-2019"]
[office]
name = "示例市人民政府办公室"
red_head = true
contact = "政务公开科"
"""
UNITS = {"zfb": "政府办", "jyj": "教育局", "daj": "档案馆"}
INVENTORY = "".join(
    f'[[unit]]\nid = "{unit}"\nname = "{name}"\nkind = "department"\n'
    f'[[site]]\nid = "{unit}"\nname = "{name}网站"\nhome = "https://{unit}.example.gov.cn/"\n'
    f'unit = "{unit}"\ncode = "3206000001"\n'
    f'[[column]]\nid = "{unit}-dt"\nsite = "{unit}"\nname = "{name}动态"\n'
    f'url = "https://{unit}.example.gov.cn/dt/"\nclass = "news"\nunit = "{unit}"\n'
    for unit, name in UNITS.items()
)
VERSIONS = Versions({"haian/news_2w": "2020.1"}, "synthetic")
CONFIRMED, RECOVERED, CLOSED = EventKind.CONFIRMED, EventKind.RECOVERED, EventKind.CLOSED


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), SHANGHAI)


def look(ledger: Ledger, unit: str, day: date, newest: date) -> str:
    """One good look at the column of a unit; returns where its evidence lies."""
    key, url = f"column:{unit}-dt", f"https://{unit}.example.gov.cn/dt/"
    run = ledger.start_run(1, at(day))
    item = Item("通知", f"{url}{newest}.html", newest, str(newest), DateSource.LIST)
    page = Capture(url, at(day), 200, {"Content-Type": "text/html"}, b"<html>synthetic</html>")
    ledger.record(run, Sighting(key, at(day), Outcome.OK, items=(item,), captures=(page,)))
    link = list(ledger.evidence_links())[-1]
    return f"evidence/{link.warc}#{link.record_id}"


def found(
    ledger: Ledger,
    unit: str,
    day: date,
    *later: tuple[EventKind, date],
    evidence: str | None = None,
) -> None:
    """A late column, found on a day, and what was done about it."""
    key = Key("haian", "news_2w", f"column:{unit}-dt")
    fault = Fault(key, unit, day - timedelta(20), "超过14天未更新", evidence)
    with ledger.writing() as session:
        step = Step(EventKind.DETECTED, "超过14天未更新", fault=fault)
        (told,) = ledger.write_steps(session, [step], VERSIONS, at(day))
        events = [(told.finding, Event(kind, at(on), "王一", "核实")) for kind, on in later]
        ledger.write_events(session, events)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, database: str) -> Home:
    """Two quarters: 政府办 late in both, 教育局 put in order, 档案馆 late as nobody confirmed."""
    folder = tmp_path_factory.mktemp("quarterly") / "home"
    folder.mkdir()
    folder.joinpath("settings.toml").write_text(SETTINGS, encoding="utf-8")
    place = Home(folder)
    ledger = place.open_ledger()
    ledger.load_inventory(read_toml(INVENTORY, "synthetic"), at(EARLIER.first))
    packs = pack_texts(["haian", "cn-2019"])
    ledger.keep_law(law_body(packs, load_calendar()), at(EARLIER.first))
    late = EARLIER.last - timedelta(40)
    kept = [look(ledger, "zfb", quarter.last, late) for quarter in (EARLIER, LAST)]
    look(ledger, "jyj", EARLIER.last, late)
    look(ledger, "jyj", LAST.last, LAST.last - timedelta(1))
    look(ledger, "daj", LAST.last, late)
    early = EARLIER.last - timedelta(20)
    found(ledger, "zfb", early, (CONFIRMED, early + timedelta(1)), evidence=kept[0])
    found(
        *(ledger, "jyj", early, (CONFIRMED, early + timedelta(1))),
        (RECOVERED, LAST.first + timedelta(5)),
        (CLOSED, LAST.first + timedelta(6)),
    )
    found(ledger, "daj", LAST.last - timedelta(9))
    ledger.close()
    return place


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = home.open_ledger()
    yield opened
    opened.close()


def paragraphs(path: Path) -> list[str]:
    return [each.text for each in docx.Document(str(path)).paragraphs]


def test_the_command_writes_the_notice_and_prints_where(home: Home, tmp_path: Path) -> None:
    done = xunjian(
        *("report", "quarterly", "--period", str(LAST), "--out", str(tmp_path)), home=home.folder
    )
    assert (done.code, done.err) == (0, "")
    paths = [Path(line) for line in done.out.splitlines()]
    assert [path.name for path in paths] == [
        f"quarterly-{LAST}.{suffix}" for suffix in ("docx", "xlsx", "html")
    ]
    words = paragraphs(paths[0])
    assert words[:3] == [
        "示例市人民政府办公室",
        f"关于{LAST.chinese}政府网站与政务新媒体检查情况的通报",
        "各区镇、各部门：",
    ]
    assert any("经人工核实，本季度存在问题1项，涉及1个单位" in line for line in words)
    assert any("系统发现、待核实1项，未列入本通报。" in line for line in words)
    for path in (paths[0], paths[2]):
        text = "".join(paragraphs(path)) if path.suffix == ".docx" else path.read_text("utf-8")
        assert "档案馆" not in text


def test_the_tables_are_those_of_the_ledger(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    report = make_quarterly(home, home.settings(), ledger, str(LAST), None, tmp_path)
    book = openpyxl.load_workbook(report.paths[1])
    rows = {
        name: list(book[name].iter_rows(min_row=2, values_only=True)) for name in book.sheetnames
    }
    (problem,) = rows["网站和栏目问题"]
    assert problem[1:4] == ("政府办", "政府办动态", "动态新闻类栏目超过两周未更新（连续2季度）")
    assert problem[4] == datetime.combine(EARLIER.last - timedelta(40), time())
    assert [row[1:7] for row in rows["上季度问题整改情况"][:2]] == [
        ("政府办", "政府办动态", "动态新闻类栏目超过两周未更新", "—", "未整改", 2),
        ("教育局", "教育局动态", "动态新闻类栏目超过两周未更新", "—", "已整改", 1),
    ]
    assert [row[:6] for row in rows["检查覆盖情况"][:4]] == [
        ("网站", 3, 0, 3, 0, 0),
        ("栏目", 3, 3, 0, 0, 1),
        ("信箱", 0, 0, 0, 0, "—"),
        ("新媒体账号", 0, 0, 0, 0, "—"),
    ]
    sha256 = next(
        link.sha256 for link in ledger.evidence_links() if link.subject == "column:zfb-dt"
    )
    (sheet,) = rows["检查表"][:1]
    assert sheet[4].startswith("网页存档run-")
    assert sheet[4].endswith(f"SHA-256：{sha256[:16]}…")


def test_units_have_the_time_that_the_terms_give_from_today(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    report = make_quarterly(home, home.settings(), ledger, str(LAST), None, tmp_path)
    calendar = home.law(home.settings()).calendar
    assert report.figures.due == load_terms(home.folder).due(TODAY, calendar)
    assert TODAY < report.figures.due <= TODAY + timedelta(14)


def test_the_quarter_is_judged_as_of_its_last_day_or_of_the_day_given(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    settings = home.settings()
    whole = make_quarterly(home, settings, ledger, str(LAST), None, tmp_path).figures
    assert (whole.on, whole.is_over) == (LAST.last, True)
    assert (whole.tally.listed, whole.tally.pending) == (1, 1)
    before = LAST.last - timedelta(20)
    earlier = make_quarterly(home, settings, ledger, str(LAST), before, tmp_path).figures
    assert (earlier.on, earlier.is_over) == (before, False)
    # 档案馆 was found late nine days before the end.
    assert (earlier.tally.listed, earlier.tally.pending) == (1, 0)
    assert earlier.coverage[1].seen == 0
    assert earlier.sites.before is not None


def test_the_quarter_that_runs_is_judged_as_of_today(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    figures = make_quarterly(home, home.settings(), ledger, str(THIS), None, tmp_path).figures
    assert figures.on == TODAY
    assert figures.is_over == (THIS.last == TODAY)
    # What was late at the end of the quarter before still stands; nobody has looked since.
    assert figures.tally.listed == 1
    assert figures.problems[0].run == 3
    assert [line.seen for line in figures.coverage] == [0, 0, 0, 0]


def test_of_the_first_quarter_there_is_no_change(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    figures = make_quarterly(home, home.settings(), ledger, str(EARLIER), None, tmp_path).figures
    assert (figures.sites.checked, figures.sites.before) == (2, None)
    assert figures.retest.total == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--period", "2026W47"), "--period 2026W47：应为季度，如 2026Q4"),
        (("--period", str(THIS.after)), f"{THIS.after.chinese}尚未开始"),
        (("--period", str(LAST), "--on", str(THIS.first)), f"不在{LAST.chinese}之内"),
        (("--period", str(LAST), "--on", str(EARLIER.last)), f"不在{LAST.chinese}之内"),
    ],
)
def test_what_is_no_quarter_or_no_day_of_it_is_refused(
    home: Home, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    out = tmp_path / "out"
    done = called("report", "quarterly", *arguments, "--out", str(out), home=home.folder)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert not out.exists()


def test_a_day_ahead_is_refused_and_today_is_not() -> None:
    quarter, today = Quarter(2026, 4), date(2026, 11, 29)
    assert reference_day(quarter, today, today) == today
    assert reference_day(quarter, None, today) == today
    assert reference_day(quarter, None, date(2027, 1, 8)) == date(2026, 12, 31)
    with pytest.raises(SettingsError, match="判定日不得晚于今天（2026-11-29）"):
        reference_day(quarter, date(2026, 11, 30), today)


def test_spans_of_rectification_that_cannot_be_read_are_told(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    broken = home.path("rectification.toml")
    broken.write_text('limit = "soon"\n', encoding="utf-8")
    try:
        with pytest.raises(SettingsError, match="limit：'soon'，应如 '14 days'"):
            make_quarterly(home, home.settings(), ledger, str(LAST), None, tmp_path)
    finally:
        broken.unlink()
