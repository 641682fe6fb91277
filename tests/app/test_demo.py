"""The whole product once, as `make demo` runs it: real processes, real spiders, real files."""

from __future__ import annotations

import email
import email.policy
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import docx
import openpyxl
import pytest

from tests.app.planted import ANY, FIXED_LETTERS, SUBJECTS
from tests.app.run import Ran, xunjian

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "home"


@pytest.fixture(scope="module")
def demo(home: Path) -> Ran:
    return xunjian("demo", "--home", str(home))


@pytest.fixture(scope="module")
def status(demo: Ran, home: Path) -> dict[str, dict[str, object]]:
    assert demo.code == 0, demo.out + demo.err
    rows = xunjian("status", "--format", "json", home=home).json["subjects"]
    return {f"{row['kind']}:{row['id']}": row for row in rows}


def mails(home: Path) -> dict[str, EmailMessage]:
    parsed = {}
    for path in sorted(home.joinpath("outbox").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        parsed[path.name] = message
    return parsed


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_demo_ends_well_and_says_so(demo: Ran) -> None:
    assert demo.code == 0, demo.out + demo.err
    assert "89 of 89 as planted" in demo.out


def test_every_subject_is_judged_as_written_down_here(
    status: dict[str, dict[str, object]],
) -> None:
    assert set(status) == set(SUBJECTS)
    today = datetime.now(SHANGHAI).date()
    for key, (verdict, outcome, days) in SUBJECTS.items():
        row = status[key]
        assert (key, row["verdict"], row["outcome"]) == (key, verdict, outcome)
        if days is not None and days != ANY:
            assert (key, row["newest"]) == (key, str(today - timedelta(days)))


def test_days_over_and_left_count_from_the_last_good_day(
    status: dict[str, dict[str, object]],
) -> None:
    late, limit = status["column:portal-bmdt"], status["column:portal-zjdt"]
    assert (late["days_over"], late["days_left"]) == (1, None)
    assert (limit["days_over"], limit["days_left"]) == (None, 0)
    newest = date.fromisoformat(str(late["newest"]))
    assert late["due"] == str(newest + timedelta(14))


def test_letters_around_national_day_count_make_up_saturdays(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    letters = xunjian("letters", "--format", "json", home=home).json["letters"]
    by_ref = {letter["ref"]: letter for letter in letters}
    for prefix in ("SZ", "ZX"):
        for number, expected in FIXED_LETTERS.items():
            row = by_ref[prefix + number]
            got = (row["received"], row["replied"], row["due"], row["verdict"])
            assert (prefix + number, *got) == (prefix + number, *expected)


def test_nobody_is_accused_over_a_page_that_was_not_seen(
    status: dict[str, dict[str, object]], home: Path
) -> None:
    findings = xunjian("findings", "--format", "json", home=home).json["findings"]
    accused = {finding["subject"] for finding in findings}
    unseen = {key for key, row in status.items() if row["verdict"] == "unknown"}
    assert len(unseen) == 14
    assert accused & unseen == set()
    late = {k for k, r in status.items() if r["verdict"] == "overdue"}
    assert late <= accused
    assert {finding["state"] for finding in findings} == {"found"}


def test_mails_are_one_per_recipient_and_tell_the_worst_first(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    sent = mails(home)
    recipients = [str(message["To"]) for message in sent.values()]
    assert len(recipients) == len(set(recipients)) == 11
    office = next(m for m in sent.values() if m["To"] == "office@yunlan.example")
    assert "超期" in str(office["Subject"]).split("；")[0]
    text, html = body(office, "plain"), body(office, "html")
    for words in ("职业教育", "动态新闻类栏目更新不超过2周", "719天"):
        assert words in text
        assert words in html
    assert "防火墙" not in text
    operator = next(m for m in sent.values() if m["To"] == "operator@yunlan.example")
    assert "防火墙" in body(operator, "plain")


def test_a_unit_reads_of_its_own_subjects_only(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    unit = next(m for m in mails(home).values() if m["To"] == "wz@lwz.yunlan.example")
    text = body(unit, "plain")
    assert "柳湾镇动态" in text
    assert "柳湾民生" not in text  # blocked: not the unit's fault
    assert "职业教育" not in text


def test_the_weekly_report_can_be_opened(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    paths = {path.suffix: path for path in home.joinpath("reports").iterdir()}
    assert set(paths) == {".docx", ".xlsx", ".html"}
    words = "\n".join(p.text for p in docx.Document(str(paths[".docx"])).paragraphs)
    assert "网站与新媒体合规周报" in words
    book = openpyxl.load_workbook(paths[".xlsx"])
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"职业教育", "云岚教育"} <= cells
    assert "数据核对" in paths[".html"].read_text(encoding="utf-8")


def test_explain_tells_visit_row_source_rule_arithmetic_and_evidence(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    told = xunjian("explain", "column:jyj-zyjy", home=home)
    assert told.code == 0
    for words in (
        "职业教育",
        "正常读取",
        "文章页面标注的发布时间",
        "haian/news_2w",
        "动态新闻类栏目更新不超过2周",
        "已超期719天",
        "evidence/",
        "整改建议",
    ):
        assert words in told.out


def test_an_unknown_subject_is_a_usage_error(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    told = xunjian("explain", "nothing", home=home)
    assert told.code == 2
    assert "nothing" in told.err
    assert told.out == ""


def test_evidence_verifies_and_a_changed_byte_is_found(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    assert xunjian("evidence", "verify", home=home).code == 0
    warc = next(home.joinpath("evidence").rglob("*.warc.gz"))
    kept = warc.read_bytes()
    warc.write_bytes(kept[:2000] + bytes([kept[2000] ^ 1]) + kept[2001:])
    try:
        assert xunjian("evidence", "verify", home=home).code == 4
    finally:
        warc.write_bytes(kept)


def test_a_second_cycle_sends_nothing_new(
    demo: Ran, home: Path, status: dict[str, dict[str, object]]
) -> None:
    assert demo.code == 0
    before, findings = mails(home).keys(), xunjian("findings", "--format", "json", home=home).json
    again = xunjian("cycle", home=home)
    assert again.code == 0, again.err
    assert mails(home).keys() == before
    assert xunjian("findings", "--format", "json", home=home).json == findings
    rows = xunjian("status", "--format", "json", home=home).json["subjects"]
    assert [row["verdict"] for row in rows] == [row["verdict"] for row in status.values()]


def test_a_day_ahead_is_a_projection_and_is_not_written_down(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    ahead = (datetime.now(SHANGHAI).date() + timedelta(30)).isoformat()
    told = xunjian("check", "--as-of", ahead, "--format", "json", home=home)
    rows = {f"{row['kind']}:{row['id']}": row for row in told.json["subjects"]}
    assert rows["column:portal-zwyw"]["verdict"] == "overdue"
    assert rows["column:portal-zwyw"]["days_over"] == 16
    assert rows["column:portal-wsdt"]["verdict"] == "unknown"
    findings = xunjian("findings", "--format", "json", home=home).json["findings"]
    assert "column:portal-zwyw" not in {finding["subject"] for finding in findings}


def test_a_past_day_before_any_visit_is_unknown(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    past = (datetime.now(SHANGHAI).date() - timedelta(30)).isoformat()
    rows = xunjian("status", "--as-of", past, "--format", "json", home=home).json["subjects"]
    assert {row["verdict"] for row in rows} == {"unknown", "exempt"}
