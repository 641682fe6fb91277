"""The whole product once, as `make demo` runs it: real processes, real spiders, real files."""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import docx
import openpyxl
import pytest

from app.home import Home
from checks.calendar import load_calendar, months_before
from tests.app.planted import (
    ALSO_HIT,
    ANY,
    FIXED_LETTERS,
    NOT_VERIFIED,
    OTHER_FINDINGS,
    PROVISIONAL,
    STANDINGS,
    SUBJECTS,
    VETO_LINES,
)
from tests.app.run import Ran, called, xunjian

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORST_FIRST = ("overdue", "blank", "undated", "due_soon", "unknown", "exempt", "ok")
Rows = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "home"


@pytest.fixture(scope="module")
def demo(home: Path) -> Ran:
    return xunjian("demo", "--home", str(home))


@pytest.fixture(scope="module")
def rows(demo: Ran, home: Path) -> list[dict[str, Any]]:
    """A row for each subject and each rule that applies to it, of both packs."""
    assert demo.code == 0, demo.out + demo.err
    told: list[dict[str, Any]] = called("status", "--format", "json", home=home).json["subjects"]
    return told


@pytest.fixture(scope="module")
def status(rows: list[dict[str, Any]]) -> Rows:
    return worst(rows)


@pytest.fixture(scope="module")
def findings(demo: Ran, home: Path) -> list[dict[str, Any]]:
    assert demo.code == 0, demo.out + demo.err
    told: list[dict[str, Any]] = called("findings", "--format", "json", home=home).json["findings"]
    return told


@pytest.fixture(scope="module")
def vetoes(demo: Ran, home: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """How each veto of each site and account stands, and whether it is a veto of it at all."""
    assert demo.code == 0, demo.out + demo.err
    places = called("scores", "--format", "json", home=home).json["scores"]
    return {
        (f"{place['kind']}:{place['id']}", veto["indicator"]): veto | {"vetoed": place["vetoed"]}
        for place in places
        for veto in place["vetoes"]
    }


def unplanned(today: date) -> set[str]:
    """Mailboxes whose open letter has its five working days in a year without a plan."""
    calendar, three_months = load_calendar(), months_before(today, 3)
    due = {
        "zxjl": calendar.nth_working_day_after(today, 1),
        "w5b-below": calendar.nth_working_day_after(three_months, 5),
        "w5b-met": calendar.nth_working_day_after(three_months - timedelta(1), 5),
    }
    return {f"mailbox:{box}" for box, deadline in due.items() if deadline.provisional}


def worst(rows: list[dict[str, Any]]) -> Rows:
    """One row a subject: the one that is worst for it, the first of several."""
    by_key: Rows = {}
    for row in sorted(rows, key=lambda row: WORST_FIRST.index(row["verdict"])):
        by_key.setdefault(f"{row['kind']}:{row['id']}", row)
    return by_key


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
    return str(part.get_content()).replace("\r\n", "\n")


def mail_to(home: Path, address: str) -> EmailMessage:
    return next(message for message in mails(home).values() if message["To"] == address)


def veto_lines(text: str) -> set[tuple[str, str]]:
    """Subject and fact of each entry of a mail that speaks of a veto (单项否决)."""
    entries = re.findall(r"^\d+\. \w+“([^”]+)”.*\n(?:   .*\n)*?   事项：(.*)$", text, re.M)
    return {(name, fact) for name, fact in entries if "单项否决" in fact}


def test_the_demo_ends_well_and_says_so(demo: Ran) -> None:
    assert demo.code == 0, demo.out + demo.err
    assert "240 of 240 as planted" in demo.out


def test_every_subject_is_judged_as_written_down_here(status: Rows) -> None:
    assert len(SUBJECTS) == 181
    assert set(status) == set(SUBJECTS)
    today = datetime.now(SHANGHAI).date()
    for key, (planned, outcome, days) in SUBJECTS.items():
        row = status[key]
        verdict = PROVISIONAL[key] if key in unplanned(today) else planned
        assert (key, row["verdict"], row["outcome"]) == (key, verdict, outcome)
        if days is None:
            # A list beside which a newer row is pinned has a date, but no verdict.
            assert key == "column:qxz-mlxc" or (key, row["newest"]) == (key, None)
        elif days != ANY:
            assert (key, row["newest"]) == (key, str(today - timedelta(days)))


def test_a_subject_has_a_row_for_each_rule_of_both_packs(rows: list[dict[str, Any]]) -> None:
    by_key: dict[str, list[str | None]] = {}
    for row in rows:
        by_key.setdefault(f"{row['kind']}:{row['id']}", []).append(row["rule"])
    assert len(rows) == 308
    assert by_key["column:w4a-met-01"] == ["news_2w", "news_2w"]
    assert by_key["column:w4b-met-01"] == ["interp_6m", "interp_6m"]
    assert by_key["column:w4a-met-05"] == ["notice_6m"]
    assert by_key["column:w4c-met-01"] == [None]
    assert by_key["mailbox:w5b-met"] == ["mailbox_5wd", "mailbox_3m"]
    assert by_key["account:wx-ylms"] == ["nm_14d", "nm_14d", "nm_3m"]
    assert by_key["site:w3-met"] == ["w3_home_14d"]


def test_a_letter_is_good_for_three_months_to_the_day(rows: list[dict[str, Any]]) -> None:
    said = {row["id"]: row["verdict"] for row in rows if row["rule"] == "mailbox_3m"}
    assert (said["w5b-below"], said["w5b-met"]) == ("due_soon", "overdue")


def test_every_veto_stands_as_written_down_here(
    vetoes: dict[tuple[str, str], dict[str, Any]],
) -> None:
    stands = {key: (vetoes[key]["hit"], vetoes[key]["count"]) for key in STANDINGS}
    assert stands == STANDINGS
    hit = {key for key, veto in vetoes.items() if veto["hit"]}
    assert hit == {key for key, (is_hit, _) in STANDINGS.items() if is_hit} | ALSO_HIT
    assert (vetoes["site:w2-below", "W2"]["share"], vetoes["site:w2-met", "W2"]["share"]) == (
        0.0476,
        0.0536,
    )


def test_a_hit_that_is_not_verified_vetoes_nothing_unless_a_person_says_so(
    vetoes: dict[tuple[str, str], dict[str, Any]],
) -> None:
    hit = {key for key, veto in vetoes.items() if veto["hit"]}
    firm = {subject for subject, indicator in hit if indicator not in NOT_VERIFIED}
    assert {subject for (subject, _), veto in vetoes.items() if veto["vetoed"]} == firm
    ruled_out = {subject for (subject, _), veto in vetoes.items() if veto["vetoed"] is False}
    assert ruled_out == {"account:tt-ylfg"}  # whose every row a person or the machine has cleared
    told = {key for key in hit if not vetoes[key]["verified"] and not vetoes[key]["by_hand"]}
    assert {indicator for _, indicator in told} == NOT_VERIFIED


def test_what_a_person_found_is_told_as_such(
    vetoes: dict[tuple[str, str], dict[str, Any]],
) -> None:
    by_hand = {key for key, veto in vetoes.items() if veto["by_hand"]}
    assert by_hand == {key for key in STANDINGS if key[1] in ("W1", "M1", "M2b", "M3")}


def test_days_over_and_left_count_from_the_last_good_day(status: Rows) -> None:
    late, limit = status["column:portal-bmdt"], status["column:portal-zjdt"]
    assert (late["days_over"], late["days_left"]) == (1, None)
    assert (limit["days_over"], limit["days_left"]) == (None, 0)
    newest = date.fromisoformat(str(late["newest"]))
    assert late["due"] == str(newest + timedelta(14))


def test_letters_around_national_day_count_make_up_saturdays(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    letters = called("letters", "--format", "json", home=home).json["letters"]
    by_ref = {letter["ref"]: letter for letter in letters}
    for prefix in ("SZ", "ZX"):
        for number, expected in FIXED_LETTERS.items():
            row = by_ref[prefix + number]
            got = (row["received"], row["replied"], row["due"], row["verdict"])
            assert (prefix + number, *got) == (prefix + number, *expected)


def test_nobody_is_accused_over_a_page_that_was_not_seen(
    status: Rows, findings: list[dict[str, Any]]
) -> None:
    accused = {finding["subject"] for finding in findings if finding["pack"] != "operator"}
    unseen = {key for key, row in status.items() if row["verdict"] == "unknown"}
    assert len(unseen) == 24
    assert accused & unseen == set()
    late = {k for k, r in status.items() if r["verdict"] == "overdue"}
    assert late <= accused
    assert {finding["state"] for finding in findings} == {"found"}


def test_a_fault_that_both_packs_know_is_one_finding(
    rows: list[dict[str, Any]], findings: list[dict[str, Any]]
) -> None:
    told = Counter((f["rule"], f["subject"], f["letter"]) for f in findings)
    assert set(told.values()) == {1}
    both = Counter(f"{row['kind']}:{row['id']}" for row in rows if row["verdict"] == "overdue")
    assert both["column:w4a-met-01"] == both["account:wx-ylms"] == 2
    packs = {f["rule"]: f["pack"] for f in findings}
    assert [packs[rule] for rule in ("news_2w", "interp_6m", "nm_14d")] == ["haian"] * 3


def test_a_blank_column_is_found_whatever_its_class(findings: list[dict[str, Any]]) -> None:
    blank = sorted(f["subject"] for f in findings if f["rule"] == "blank_column")
    below = [f"column:w4c-below-{number:02d}" for number in range(1, 5)]
    met = [f"column:w4c-met-{number:02d}" for number in range(1, 6)] + ["column:w6a-met-00"]
    assert blank == below + met


def test_duties_and_homes_are_found_where_they_were_planted(
    findings: list[dict[str, Any]],
) -> None:
    for rule, subjects in OTHER_FINDINGS.items():
        found = sorted(f["subject"] for f in findings if f["rule"] == rule)
        assert (rule, found) == (rule, subjects)


def test_mails_are_one_per_recipient_and_tell_the_worst_first(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    sent = mails(home)
    recipients = [str(message["To"]) for message in sent.values()]
    assert len(recipients) == len(set(recipients)) == 12
    office = mail_to(home, "office@yunlan.example")
    first, second, third = str(office["Subject"]).split("；")[:3]
    assert "首页未更新" in first
    assert "栏目超期" in second
    assert "单项否决" in third
    text, html = body(office, "plain"), body(office, "html")
    for words in ("职业教育", "动态新闻类栏目更新不超过2周", "719天"):
        assert words in text
        assert words in html
    assert "防火墙" not in text
    assert "防火墙" in body(mail_to(home, "operator@yunlan.example"), "plain")


def test_the_office_reads_of_every_veto_reached_and_of_every_one_that_is_near(
    demo: Ran, home: Path
) -> None:
    assert demo.code == 0
    office = mail_to(home, "office@yunlan.example")
    # An account that is not updated and an app that does not open are one veto's two lines.
    assert f"{len(VETO_LINES) + 1}项单项否决提示" in str(office["Subject"])
    text = body(office, "plain")
    assert veto_lines(text) == VETO_LINES
    assert "计入4个栏目；达到5个为单项否决，还差1个" in text
    assert "监测168次，其中9次未能在时限内打开，占5.35%" in text


def test_vetoes_are_told_to_the_office_only(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    for message in mails(home).values():
        if message["To"] != "office@yunlan.example":
            assert (message["To"], veto_lines(body(message, "plain"))) == (message["To"], set())
            assert "单项否决提示" not in str(message["Subject"])


def test_a_unit_reads_of_its_own_subjects_only(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    text = body(mail_to(home, "wz@lwz.yunlan.example"), "plain")
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
    assert {"职业教育", "云岚教育", "栏目更新示例网站（已达）"} <= cells
    assert "数据核对" in paths[".html"].read_text(encoding="utf-8")


def test_explain_tells_visit_row_source_rule_arithmetic_and_evidence(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    told = called("explain", "column:jyj-zyjy", home=home)
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
    told = called("explain", "nothing", home=home)
    assert told.code == 2
    assert "nothing" in told.err
    assert told.out == ""


def test_evidence_verifies_and_a_changed_byte_is_found(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    assert called("evidence", "verify", home=home).code == 0
    warc = max(home.joinpath("evidence").rglob("*.warc.gz"), key=lambda file: file.stat().st_size)
    kept = warc.read_bytes()
    warc.write_bytes(kept[:2000] + bytes([kept[2000] ^ 1]) + kept[2001:])
    try:
        assert called("evidence", "verify", home=home).code == 4
    finally:
        warc.write_bytes(kept)


def test_what_is_held_against_a_unit_rests_on_bytes_that_were_kept(
    home: Path, findings: list[dict[str, Any]]
) -> None:
    """Three rest on something else: the register, the probes of a week, a person's word."""
    ledger = Home(home).open_ledger()
    bare, kept = [], 0
    for finding in findings:
        link = ledger.evidence_named(finding["evidence"] or "")
        if link is None:
            bare += [finding["rule"]] if finding["pack"] != "operator" else []
        else:
            assert ledger.evidence.capture(link).body
            kept += 1
    ledger.close()
    assert sorted(bare) == ["nm_duplicate", "nm_interactive", "w2_unreachable"]
    assert kept >= 80


def test_a_second_cycle_sends_nothing_new(
    home: Path, rows: list[dict[str, Any]], findings: list[dict[str, Any]]
) -> None:
    before = mails(home).keys()
    again = called("cycle", home=home)
    assert again.code == 0, again.err
    assert mails(home).keys() == before
    assert called("findings", "--format", "json", home=home).json["findings"] == findings
    told = called("status", "--format", "json", home=home).json["subjects"]
    said = ("kind", "id", "rule", "verdict")
    assert [[row[k] for k in said] for row in told] == [[row[k] for k in said] for row in rows]


def test_a_day_ahead_is_a_projection_and_is_not_written_down(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    ahead = (datetime.now(SHANGHAI).date() + timedelta(30)).isoformat()
    told = called("check", "--as-of", ahead, "--format", "json", home=home)
    rows = worst(told.json["subjects"])
    assert rows["column:portal-zwyw"]["verdict"] == "overdue"
    assert rows["column:portal-zwyw"]["days_over"] == 16
    assert rows["column:portal-wsdt"]["verdict"] == "unknown"
    findings = called("findings", "--format", "json", home=home).json["findings"]
    assert "column:portal-zwyw" not in {finding["subject"] for finding in findings}


def test_a_past_day_before_any_visit_is_unknown(demo: Ran, home: Path) -> None:
    assert demo.code == 0
    past = (datetime.now(SHANGHAI).date() - timedelta(30)).isoformat()
    rows = called("status", "--as-of", past, "--format", "json", home=home).json["subjects"]
    assert {row["verdict"] for row in rows} == {"unknown", "exempt"}
