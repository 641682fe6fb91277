"""Commands on a small home: the contract's JSON shapes, files and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.app.run import called, xunjian
from tests.app.test_bad_input import SETTINGS, UNIT, list_page, site
from tests.crawler.server import Server, page, serving

SUBJECT_KEYS = {
    "kind", "id", "name", "unit", "rule", "verdict", "newest", "due", "days_over", "days_left",
    "outcome", "last_seen", "reason", "evidence",
}  # fmt: skip
RULE_KEYS = {
    "id", "pack", "version", "subject", "classes", "limit", "warn", "severity", "clause", "source",
    "confidence", "verified", "effective_from", "headline", "remedy",
}  # fmt: skip
ITEM_KEYS = {"title", "url", "date", "date_text", "date_source", "candidates", "why"}
EVENT_KEYS = {"kind", "at", "by", "note", "evidence", "until"}
OLD = list_page("2020-01-01")
pytestmark = pytest.mark.sqlite("of what is printed; test_db_copy compares it with PostgreSQL")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, database: str) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "home"
    folder.mkdir()
    folder.joinpath("settings.toml").write_text(SETTINGS, encoding="utf-8")
    with serving({"/": page(OLD), "/dt.html": page(OLD)}) as server:
        cycle_once(folder, server)
    return folder


def cycle_once(folder: Path, server: Server) -> None:
    folder.joinpath("inventory.toml").write_text(UNIT + site(server.url), encoding="utf-8")
    ran = called("cycle", home=folder)
    assert ran.code == 0, ran.err
    assert ran.out == ""


def test_status_has_the_contracts_shape(home: Path) -> None:
    document = xunjian("status", "--format", "json", home=home).json
    assert set(document) == {"as_of", "subjects"}
    assert [set(row) for row in document["subjects"]] == [SUBJECT_KEYS, SUBJECT_KEYS]
    column_row, site_row = document["subjects"]
    assert (site_row["kind"], site_row["rule"], site_row["verdict"]) == ("site", None, "ok")
    assert (column_row["rule"], column_row["verdict"]) == ("news_2w", "overdue")
    assert (column_row["newest"], column_row["due"]) == ("2020-01-01", "2020-01-15")


def test_findings_have_the_contracts_shape(home: Path) -> None:
    (finding,) = called("findings", "--format", "json", home=home).json["findings"]
    assert finding["subject"] == "column:dt"
    assert (finding["rule"], finding["pack"], finding["state"]) == ("news_2w", "haian", "found")
    assert [set(event) for event in finding["events"]] == [EVENT_KEYS]
    assert finding["events"][0]["kind"] == "detected"
    assert finding["evidence"].startswith("evidence/")


def test_filters_by_unit(home: Path) -> None:
    assert called("status", "--unit", "zfb", "--format", "json", home=home).json["subjects"]
    other = called("status", "--unit", "nobody", "--format", "json", home=home)
    assert other.json["subjects"] == []
    assert called("findings", "--unit", "nobody", "--format", "json", home=home).json == {
        "findings": []
    }


def test_items_keep_the_original_text_and_its_source(home: Path) -> None:
    items = called("items", "--format", "json", home=home).json["items"]
    assert len(items) == 8
    first = items[0]
    assert (first["date"], first["date_text"], first["date_source"]) == (
        "2020-01-01",
        "2020-01-01",
        "list",
    )


def test_csv_has_a_head_and_one_line_a_subject(home: Path) -> None:
    lines = called("status", "--format", "csv", home=home).out.splitlines()
    assert lines[0].startswith("kind,id,name,unit,rule,verdict,newest,due")
    assert len(lines) == 3


def test_rules_have_the_contracts_shape(home: Path) -> None:
    rules = called("rules", "list", "--format", "json", home=home).json["rules"]
    assert {frozenset(row) for row in rules} == {frozenset(RULE_KEYS)}
    limits = {row["id"]: (row["limit"], row["warn"]) for row in rules}
    assert limits == {
        "news_2w": ("14 days", "3 days"),
        "interp_6m": ("6 months", "14 days"),
        "mailbox_5wd": ("5 working days", "1 working day"),
        "nm_14d": ("14 days", "3 days"),
        "word": ("7 days", None),
        "unseen": ("3 days", None),
    }


def test_a_local_pack_takes_the_place_of_the_bundled_one(tmp_path: Path, home: Path) -> None:
    assert called("init", home=tmp_path / "h").code == 0
    pack = Path("checks/packs/haian.toml").read_text(encoding="utf-8")
    local = pack.replace('limit = "14 days"', 'limit = "10 days"')
    tmp_path.joinpath("h", "packs", "haian.toml").write_text(local, encoding="utf-8")
    rules = called("rules", "show", "news_2w", "--format", "json", home=tmp_path / "h").json
    assert rules["rules"][0]["limit"] == "10 days"


def test_init_writes_files_once_and_keeps_what_was_edited(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert called("init", home=folder).code == 0
    assert folder.joinpath("settings.toml").is_file()
    folder.joinpath("settings.toml").write_text("[crawl]\nconcurrency = 2\n", encoding="utf-8")
    assert called("init", home=folder).code == 0
    assert "concurrency = 2" in folder.joinpath("settings.toml").read_text(encoding="utf-8")
    assert called("inventory", "validate", home=folder).code == 0


def test_the_register_goes_to_excel_and_back_unchanged(home: Path, tmp_path: Path) -> None:
    book = tmp_path / "register.xlsx"
    assert called("inventory", "export-xlsx", str(book), home=home).code == 0
    assert openpyxl.load_workbook(book).sheetnames == ["单位", "网站", "栏目", "信箱", "新媒体账号"]
    again = called("inventory", "import-xlsx", str(book), home=home)
    assert again.code == 0
    assert "新增 0，变更 0，停用 0，未变 3" in again.err


def test_read_needs_no_home(tmp_path: Path) -> None:
    saved = tmp_path / "list.html"
    saved.write_text(list_page("2026-11-20"), encoding="utf-8")
    ran = xunjian(
        "read", str(saved), "--as", "list", "--url", "http://x.gov.cn/dt/", "--today", "2026-11-22"
    )
    assert ran.code == 0, ran.err
    assert (ran.json["newest"], ran.json["outcome"]) == ("2026-11-20", "ok")
    assert set(ran.json["items"][0]) == ITEM_KEYS
    assert ran.json["items"][0]["url"] == "http://x.gov.cn/a/0.html"


def test_read_tries_selectors_before_they_go_into_the_register(tmp_path: Path) -> None:
    saved = tmp_path / "list.html"
    deadlines = "</a><b>截止：2026-12-31</b>"
    saved.write_text(list_page("2026-11-20").replace("</a>", deadlines), encoding="utf-8")
    options = ("--url", "http://x.gov.cn/dt/", "--today", "2026-11-22")
    shown = called("read", str(saved), *options, "--format", "table")
    assert shown.code == 0, shown.err
    assert "2026-11-20（列表行所示日期）；2026-12-31（标为“截止”的日期）" in shown.out
    chosen = called("read", str(saved), *options, "--selectors", "row=ul > li; date=b")
    assert (chosen.json["items"][0]["date"], chosen.json["newest"]) == ("2026-12-31", None)
    wrong = called("read", str(saved), *options, "--selectors", "row=li; date=b[")
    assert (wrong.code, wrong.out) == (2, "")
    assert "date 部分“b[”不是合法的 CSS 选择器" in wrong.err


def test_a_manifest_gives_one_line_a_row_in_order(tmp_path: Path) -> None:
    tmp_path.joinpath("one.html").write_text(list_page("2026-11-20"), encoding="utf-8")
    rows = [
        {"file": "one.html", "kind": "list", "url": "http://x.gov.cn/", "today": "2026-11-22"},
        {"file": "missing.html", "kind": "list", "url": "", "today": "2026-11-22"},
        {"file": "one.html", "kind": "list", "url": "http://x.gov.cn/", "today": "2026-11-19"},
    ]
    manifest = tmp_path / "rows.jsonl"
    manifest.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    ran = called("read", "--manifest", str(manifest), "--format", "jsonl")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert answers[0]["newest"] == "2026-11-20"
    assert "missing.html" in answers[1]["error"]
    assert answers[2]["newest"] is None  # dated after the day of the visit: no update


def test_a_weekly_report_prints_its_paths(home: Path, tmp_path: Path) -> None:
    ran = called("report", "weekly", "--out", str(tmp_path / "out"), home=home)
    assert ran.code == 0, ran.err
    paths = [Path(line) for line in ran.out.splitlines()]
    assert {path.suffix for path in paths} == {".docx", ".xlsx", ".html"}
    assert all(path.is_file() for path in paths)


def test_an_impossible_period_is_a_usage_error(home: Path) -> None:
    for period in ("2026", "2026W60", "2099W01"):
        assert called("report", "weekly", "--period", period, home=home).code == 2


def test_a_backup_can_be_restored(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    before = called("status", "--format", "json", home=home).json
    assert called("db", "backup", str(copy), home=home).code == 0
    assert called("db", "restore", str(copy), home=home).code == 0
    assert called("status", "--format", "json", home=home).json == before
    copy.write_bytes(b"not a database" * 100)
    assert called("db", "restore", str(copy), home=home).code == 4
    assert called("status", "--format", "json", home=home).json == before


def test_doctor_warns_and_does_not_fail(home: Path) -> None:
    ran = called("doctor", "--format", "json", home=home)
    assert ran.code == 0
    names = {check["name"]: check["ok"] for check in ran.json["checks"]}
    assert [names[word] for word in ("数据库", "登记册", "查看")] == [True, True, True]


def test_an_office_whose_address_comes_late_is_told_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "late"
    folder.mkdir()
    nobody = SETTINGS.replace('office = ["office@example.cn"]', "office = []")
    folder.joinpath("settings.toml").write_text(nobody, encoding="utf-8")
    with serving({"/": page(OLD), "/dt.html": page(OLD)}) as server:
        cycle_once(folder, server)
        assert "办公室没有收件地址" in called("check", home=folder).err
        folder.joinpath("settings.toml").write_text(SETTINGS, encoding="utf-8")
        assert called("cycle", home=folder).code == 0
        told = [path.name for path in folder.joinpath("outbox").glob("*office*")]
        assert len(told) == 1
        assert called("cycle", home=folder).code == 0
        assert [path.name for path in folder.joinpath("outbox").glob("*office*")] == told


def test_usage_errors_exit_with_two(home: Path) -> None:
    assert called("status", "--format", "yaml", home=home).code == 2
    assert called("status", "--as-of", "yesterday", home=home).code == 2
    before = called("status", "--as-of", "2000-01-01", home=home)
    assert (before.code, before.out) == (2, "")
    assert "2000-01-01 没有生效的指标，无从判定。" in before.err
    assert called("crawl", "--only", "pages", home=home).code == 2
    assert called("nonsense", home=home).code == 2
