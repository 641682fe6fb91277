"""The reports: what lies in the folder is listed and taken home, nothing else; one is made now."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from app.home import Home
from app.web import making
from app.web.pages import reports as page_of_reports
from app.web.reports import File, body_of, files_of, named, reports_of, size_words
from app.web.rights import Role
from notify.selfcheck import ReportError
from storage.ledger import Ledger
from tests.app.web.visiting import Visit, enter_people, rows_of, visiting
from tests.storage.make import register

LOADED = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
NOTICE = "整改通知〔2026〕3号-教育局.docx"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    folder = tmp_path / "home"
    (folder / "reports").mkdir(parents=True)
    return Home(folder)


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = home.open_ledger()
    opened.load_inventory(register(), LOADED)
    enter_people(opened)
    yield opened
    opened.close()


@pytest.fixture
def clerk(home: Home, ledger: Ledger) -> Iterator[Visit]:
    with visiting(home, ledger, Role.CLERK) as visit:
        yield visit


def put(home: Home, name: str, body: bytes, at: datetime) -> None:
    path = home.path("reports", name)
    path.write_bytes(body)
    os.utime(path, (at.timestamp(), at.timestamp()))


def faults(text: str) -> list[str]:
    return [each.text for each in BeautifulSoup(text, "lxml").select("div.fault p")]


@pytest.mark.parametrize(
    ("stem", "told"),
    [
        ("weekly-2026W48", ("weekly", "2026年第48周", "周报")),
        ("quarterly-2026Q3", ("quarterly", "2026年第三季度", "检查通报")),
        ("scores-2026H1", ("scores", "2026年上半年", "考核得分")),
        ("scores-2026H1-draft", ("scores", "2026年上半年", "考核得分（草稿）")),
        ("scores-2026-correction-1-review", ("scores", "2026年全年", "考核得分（更正1，办理中）")),
        ("score-2026Q4-jyj-draft", ("score", "2026年第四季度", "单位得分说明（jyj，草稿）")),
        ("annual-2026", ("annual", "2026年", "年度报告")),
        ("annual-form-2026-portal", ("annual-form", "2026年", "网站工作年度报表")),
        (NOTICE[:-5], ("notice", "", NOTICE[:-5])),
        ("weekly-2026W60", ("other", "", "weekly-2026W60")),
        ("weekly-0000W01", ("other", "", "weekly-0000W01")),
        ("笔记", ("other", "", "笔记")),
    ],
)
def test_a_files_name_says_of_which_kind_and_period_it_is(
    stem: str, told: tuple[str, str, str]
) -> None:
    assert named(stem) == told


def test_a_reports_forms_stand_in_one_row_the_last_made_first() -> None:
    def file(name: str, hour: int) -> File:
        return File(name, 2048, datetime(2026, 11, 23, hour, tzinfo=UTC))

    made = reports_of(
        [
            file("annual-form-2026-b.xlsx", 1),
            file("weekly-2026W47.docx", 2),
            file("weekly-2026W47.html", 3),
            file("annual-form-2026-a.xlsx", 1),
        ]
    )
    assert [(each.title, [file.word for file in each.files]) for each in made] == [
        ("周报", ["docx", "html"]),
        ("网站工作年度报表", ["a.xlsx", "b.xlsx"]),
    ]
    assert [size_words(size) for size in (0, 2048, 3 * 2**19)] == ["1 KB", "2 KB", "1.5 MB"]


def test_the_history_is_shown_and_each_file_is_taken_home_as_it_is(
    clerk: Visit, home: Home
) -> None:
    put(home, "weekly-2026W47.docx", b"w" * 3000, datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    put(home, "weekly-2026W47.html", b"<script>1</script>", datetime(2026, 11, 23, tzinfo=UTC))
    put(home, NOTICE, b"n", datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
    page = clerk.get("/reports")
    assert rows_of(page) == [
        [NOTICE[:-5], "", "2026-11-24 09:00", "docx （1 KB）"],
        ["周报", "2026年第47周", "2026-11-23 09:00", "docx （3 KB） html （1 KB）"],
    ]
    assert [each.text for each in page.select(".tabs a")] == ["全部", "周报", "整改、督办通知"]
    assert len(rows_of(clerk.get("/reports?kind=weekly"))) == 1
    assert rows_of(clerk.get("/reports?kind=nothing")) == [["没有报告。"]]

    links = [str(each["href"]) for each in page.select("table a")]
    answers = [clerk.client.get(link) for link in links]
    assert [each.content for each in answers] == [b"n", b"w" * 3000, b"<script>1</script>"]
    told = [each.headers["content-disposition"] for each in answers]
    names = (quote(NOTICE), "weekly-2026W47.docx", "weekly-2026W47.html")
    assert told == [f"attachment; filename*=UTF-8''{name}" for name in names]


def test_nothing_but_a_file_of_the_folder_is_given_away(
    clerk: Visit, home: Home, tmp_path: Path
) -> None:
    home.path("settings.toml").write_text("", encoding="utf-8")
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    reports = home.path("reports")
    (reports / "link.docx").symlink_to(secret)
    (reports / "folder").mkdir()
    (reports / ".weekly.docx.abc").write_text("half", encoding="utf-8")
    os.mkfifo(reports / "pipe")
    assert rows_of(clerk.get("/reports")) == [["没有报告。"]]
    for name in (
        *("..%2Fsettings.toml", "%2e%2e%2fsettings.toml", "..%5csettings.toml"),
        *("link.docx", "folder", "pipe", ".weekly.docx.abc", "none.docx", "a%00b"),
        quote(str(secret), safe=""),
    ):
        assert clerk.status(f"/reports/{name}") == 404, name
    for name in ("../settings.toml", "..", "", str(secret)):
        assert body_of(reports, name) is None
    assert files_of(home.path("nowhere")) == []


def test_a_link_that_takes_a_files_place_is_not_followed(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, "weekly-2026W47.docx", b"w", LOADED)
    listed = files_of(home.path("reports"))
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    home.path("reports", "weekly-2026W47.docx").unlink()
    home.path("reports", "weekly-2026W47.docx").symlink_to(tmp_path / "secret")
    monkeypatch.setattr("app.web.reports.files_of", lambda _: listed)
    assert body_of(home.path("reports"), "weekly-2026W47.docx") is None


def test_a_report_is_made_as_the_command_makes_it_and_the_audit_says_so(
    clerk: Visit, ledger: Ledger, home: Home
) -> None:
    answer = clerk.post("/reports", make="scores", period="2026h1", unit="jyj")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/reports?kind=score&done=made"
    page = clerk.get(answer.headers["location"])
    assert page.select("div.good")[0].text == "报告已经生成，列在下方首位。"
    (row,) = rows_of(page)
    assert row[:2] == ["单位得分说明（jyj，草稿）", "2026年上半年"]
    files = sorted(path.name for path in home.path("reports").iterdir())
    assert files == ["score-2026H1-jyj-draft.docx", "score-2026H1-jyj-draft.html"]
    (kept,) = ledger.audited()
    assert (kept.login, kept.action, kept.object) == ("clerk", "report.make", "report:scores")
    assert kept.note == "、".join(files)


def test_what_cannot_be_made_is_told_and_what_was_typed_stays(
    clerk: Visit, ledger: Ledger, home: Home
) -> None:
    for form, told in (
        ({"make": "weekly", "period": "2026-47"}, "period 2026-47：应为 ISO 周，如 2026W47"),
        ({"make": "quarterly", "period": "2026Q5"}, "period 2026Q5：应为季度，如 2026Q4"),
        ({"make": "quarterly", "on": "30.9."}, "判定日 30.9.：应为日期，如 2026-12-31"),
        ({"make": "annual", "period": "26"}, "period 26：应为四位年份，如 2026"),
        ({"make": "scores", "unit": "none"}, "unit none：登记册中没有编号为 none 的单位"),
    ):
        answer = clerk.post("/reports", **form)
        assert answer.status_code == 422
        assert faults(answer.text) == [told]
        typed = BeautifulSoup(answer.text, "lxml").select_one(f"#{form['make']}-period")
        assert typed is not None
        assert typed["value"] == form.get("period", "")
    assert (ledger.audited(), list(home.path("reports").iterdir())) == ([], [])


def test_sums_that_do_not_agree_and_a_fault_of_ours_are_told(
    clerk: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def withheld(*_: object) -> None:
        raise ReportError("合计不符：3 与 4")

    def broken(*_: object) -> None:
        raise KeyError("unit")

    monkeypatch.setitem(page_of_reports.MAKERS, "weekly", withheld)
    assert faults(clerk.post("/reports", make="weekly").text) == ["合计不符：3 与 4"]
    monkeypatch.setitem(page_of_reports.MAKERS, "weekly", broken)
    assert faults(clerk.post("/reports", make="weekly").text) == [page_of_reports.OURS]
    assert clerk.post("/reports", make="nothing").status_code == 404


def test_a_report_that_takes_long_is_heard_of_afterwards_and_another_waits_for_it(
    clerk: Visit, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()

    def slow(*_: object) -> list[Path]:
        assert may_end.wait(60)
        return [Path("weekly-2026W47.docx")]

    monkeypatch.setattr(making, "PATIENCE", 0)
    monkeypatch.setitem(page_of_reports.MAKERS, "weekly", slow)
    begun = clerk.post("/reports", make="weekly")
    assert (begun.status_code, begun.headers["location"]) == (303, "/reports?done=begun")
    told = clerk.get("/reports?done=begun").select("div.good")[0].text
    assert told == "正在生成周报，完成后列在下方首位，请稍后刷新本页。"
    other = clerk.post("/reports", make="annual")
    assert (other.status_code, faults(other.text)) == (422, ["正在生成另一份报告，请稍后再试。"])
    assert ledger.audited() == []

    may_end.set()
    job = clerk.client.app.state.workshop.last  # type: ignore[attr-defined]
    assert job.work.result(60) == ["weekly-2026W47.docx"]
    told = clerk.get("/reports?done=begun").select("div.good")[0].text
    assert told == "报告已经生成，列在下方首位。"
    assert [each.note for each in ledger.audited()] == ["weekly-2026W47.docx"]


def test_who_may_not_report_sees_none_of_it(home: Home, ledger: Ledger) -> None:
    put(home, "weekly-2026W47.docx", b"w", LOADED)
    for role in (Role.VIEWER, Role.OPERATOR):
        with visiting(home, ledger, role) as visit:
            assert visit.status("/reports") == 403
            assert visit.status("/reports/weekly-2026W47.docx") == 403
            assert visit.post("/reports", make="weekly").status_code == 403
