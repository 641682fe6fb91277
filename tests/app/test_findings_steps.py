"""From a finding to its end, as clerks type it: what stands in the ledger, what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.home import Home
from app.settings import SettingsError
from checks.course import State
from checks.facts import Outcome
from checks.lifecycle import EventKind
from tests.app.life import SETTINGS, Life, begin
from tests.app.run import called
from tests.checks.make import day

K, S = EventKind, State
LATE, LATER = "2026-02-10", "2026-02-12"
BY = ("--by", "示例经办人")


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[Life]:
    yield from begin(Home(tmp_path / "home"), monkeypatch, "2026-03-02")


def found(life: Life, newest: str = LATE) -> None:
    """The column dt is late, and its finding has the number 1."""
    life.look("dt", newest)
    assert life.cycle() == [(1, K.DETECTED)]


def notified(life: Life) -> None:
    """Found and notified on 2 March 2026, due on 16 March."""
    found(life)
    life.done("findings", "confirm", "1", *BY)
    life.done("findings", "notice", *BY)
    assert (life.course().state, life.course().due) == (S.NOTIFIED, day("2026-03-16"))


def on(
    life: Life, text: str, newest: str | None = LATE, outcome: Outcome = Outcome.OK
) -> list[EventKind]:
    """A day's look and cycle; returns what was written of findings against units."""
    life.on(text)
    life.look("dt", newest, outcome)
    return [kind for _, kind in life.cycle()]


# A whole life


def test_a_finding_from_its_discovery_to_its_close(life: Life) -> None:
    found(life)
    assert life.course().state is S.FOUND
    life.done("findings", "confirm", "1", *BY, "--note", "已打开页面核对", "--evidence", "见首页")
    life.on("2026-03-02", 15)
    life.done("findings", "notice", *BY)
    assert on(life, "2026-03-03") == [K.RECTIFYING]
    assert on(life, "2026-03-04") == []
    life.done("findings", "report-back", "1", "--by", "示例单位", "--note", "已补发三条")
    assert life.course().state is S.REPORTED
    life.on("2026-03-04", 10)
    life.done("findings", "recheck", "1", *BY)
    assert life.course().state is S.RECHECK
    life.on("2026-03-04", 11)
    life.done("findings", "close", "1", *BY, "--note", "页面已有新信息")
    told = [(event.kind, event.by, event.note) for event in life.finding().events]
    assert told == [
        (
            K.DETECTED,
            "xunjian",
            "最近更新2026-02-10，时限14天，最后期限2026-02-24，已超期6天",
        ),
        (K.CONFIRMED, "示例经办人", "已打开页面核对"),
        (K.NOTIFIED, "示例经办人", "整改通知〔2026〕1号；整改期限2026-03-16（含当日）"),
        (K.RECTIFYING, "xunjian", "整改期限自通知下发次日起算，至2026-03-16止（含当日）"),
        (K.REPORTED, "示例单位", "已补发三条"),
        (K.RECHECKED, "示例经办人", "开始复查。"),
        (K.CLOSED, "示例经办人", "页面已有新信息"),
    ]
    assert life.finding().events[1].evidence == "见首页"
    assert life.course().closed_on == day("2026-03-04")


def test_what_was_not_rectified_is_urged_and_has_a_new_deadline(life: Life) -> None:
    notified(life)
    assert on(life, "2026-03-03") == [K.RECTIFYING]
    life.done("findings", "report-back", "1", *BY, "--note", "已整改")
    life.on("2026-03-05")
    life.done("findings", "recheck", "1", *BY)
    life.done("findings", "recheck", "1", "--failed", *BY, "--note", "页面仍无新信息")
    assert (life.course().state, life.course().failed_on) == (S.FAILED, day("2026-03-05"))
    life.on("2026-03-06")
    life.done("findings", "urge", "1", *BY, "--note", "反馈与实际不符")
    assert life.course().state is S.URGED
    assert (life.course().due, life.course().urged_on) == (day("2026-03-20"), (day("2026-03-06"),))
    assert life.course().reported_on is None
    (first, second) = life.ledger.notices()
    assert (first.kind, first.number, first.findings) == ("notice", "整改通知〔2026〕1号", [1])
    assert (second.kind, second.number, second.due) == (
        "urge",
        "督办通知〔2026〕1号",
        day("2026-03-20"),
    )
    assert on(life, "2026-03-20") == [K.REMINDED]
    assert on(life, "2026-03-21") == [K.LAPSED]
    life.done("findings", "urge", "1", *BY, "--note", "再次督办")
    assert life.course().urged_on == (day("2026-03-06"), day("2026-03-21"))
    assert life.ledger.notices()[-1].number == "督办通知〔2026〕2号"


def test_a_recovery_that_the_crawler_sees_goes_to_re_check_and_never_to_closed(life: Life) -> None:
    notified(life)
    assert on(life, "2026-03-05", "2026-03-05") == [K.RECOVERED]
    assert (life.course().state, life.course().recovered_on) == (S.RECHECK, day("2026-03-05"))
    for text in ("2026-03-06", "2026-03-17", "2026-03-18"):
        assert on(life, text, "2026-03-05") == []
    life.done("findings", "close", "1", *BY)
    assert life.course().state is S.CLOSED


def test_what_comes_back_before_its_re_check_has_failed_it(life: Life) -> None:
    notified(life)
    assert on(life, "2026-03-05", "2026-03-05") == [K.RECOVERED]
    assert on(life, "2026-03-20", "2026-03-05") == [K.REOPENED]
    assert life.course().state is S.FAILED
    life.done("findings", "urge", "1", *BY, "--note", "再次发生")


def test_a_deadline_lapses_once_on_the_day_after_it(life: Life) -> None:
    notified(life)
    assert on(life, "2026-03-15") == [K.RECTIFYING]
    assert on(life, "2026-03-16") == []
    assert on(life, "2026-03-17") == [K.LAPSED]
    assert life.course().lapsed
    assert life.finding().events[-1].note == (
        "整改期限2026-03-16已过，未收到整改反馈；"
        "最近更新2026-02-10，时限14天，最后期限2026-02-24，已超期21天"
    )
    assert on(life, "2026-03-18") == []


def test_a_span_in_which_nothing_ran_has_begun_before_it_lapses(life: Life) -> None:
    notified(life)
    assert on(life, "2026-03-17") == [K.RECTIFYING, K.LAPSED]
    assert on(life, "2026-03-18") == []


def test_a_column_that_could_not_be_seen_lapses_nobody(life: Life) -> None:
    notified(life)
    assert on(life, "2026-03-15") == [K.RECTIFYING]
    assert on(life, "2026-03-17", None, Outcome.BLOCKED) == []
    assert not life.course().lapsed


def test_what_was_reported_in_time_does_not_lapse_while_the_office_waits(life: Life) -> None:
    notified(life)
    assert on(life, "2026-03-16") == [K.RECTIFYING]
    life.done("findings", "report-back", "1", *BY, "--note", "已整改")
    assert on(life, "2026-03-30") == []


# Dismissed, waived, closed


def test_a_false_alarm_stays_dismissed_and_another_day_is_another_accusation(life: Life) -> None:
    found(life)
    life.done("findings", "dismiss", "1", *BY, "--note", "页面显示的日期有误")
    assert (life.course().state, life.course().dismissed_until) == (S.DISMISSED, None)
    assert on(life, "2026-03-03") == []
    assert on(life, "2026-09-03") == []
    assert on(life, "2026-09-04", LATER) == [K.DETECTED]
    assert life.course(1).state is S.DISMISSED


def blank(life: Life, text: str, newest: str | None = None) -> list[EventKind]:
    life.on(text)
    life.look("kb", newest)
    return [kind for _, kind in life.cycle()]


def test_what_has_no_day_of_its_own_is_raised_anew_after_it_was_seen_in_order(life: Life) -> None:
    assert blank(life, "2026-03-02") == [K.DETECTED]
    life.done("findings", "dismiss", "1", *BY, "--note", "内容以图片发布")
    assert life.course().dismissed_until == day("2026-06-02")
    assert blank(life, "2026-03-03") == []
    assert blank(life, "2026-03-04", "2026-03-04") == [K.RECOVERED]
    assert blank(life, "2026-03-05", "2026-03-04") == []
    assert blank(life, "2026-03-06") == [K.DETECTED]
    assert [each.state for each in life.findings()] == [S.DISMISSED, S.FOUND]


@pytest.mark.parametrize(("text", "written"), [("2026-06-02", []), ("2026-06-03", [K.DETECTED])])
def test_or_after_the_quarter_for_which_the_dismissal_holds(
    life: Life, text: str, written: list[EventKind]
) -> None:
    assert blank(life, "2026-03-02") == [K.DETECTED]
    life.done("findings", "dismiss", "1", *BY, "--note", "内容以图片发布")
    assert blank(life, text) == written


def test_a_look_from_before_the_close_raises_nothing_and_a_later_one_does(life: Life) -> None:
    notified(life)
    on(life, "2026-03-04")
    life.on("2026-03-04", 12)
    life.done("findings", "recheck", "1", *BY)
    assert life.cycle() == []
    life.on("2026-03-04", 13)
    life.done("findings", "close", "1", *BY)
    life.on("2026-03-04", 14)
    assert life.cycle() == []
    life.on("2026-03-05")
    assert life.cycle() == []
    assert on(life, "2026-03-05") == [K.DETECTED]
    assert [each.state for each in life.findings()] == [S.CLOSED, S.FOUND]


def test_a_waiver_holds_to_its_last_day_and_what_stands_then_goes_on(life: Life) -> None:
    found(life)
    life.done("findings", "confirm", "1", *BY)
    life.done("findings", "waive", "1", *BY, "--note", "机构调整", "--until", "2026-03-10")
    assert on(life, "2026-03-10") == []
    assert life.course().state is S.WAIVED
    assert on(life, "2026-03-11") == [K.RESUMED]
    assert (life.course().state, life.course().waived_until) == (S.CONFIRMED, None)


@pytest.mark.parametrize(
    ("until", "faults"),
    [
        ("2026-03-01", ["豁免期限（--until）：2026-03-01，应在2026-03-02至2027-03-02之间"]),
        ("2027-03-03", ["豁免期限（--until）：2027-03-03，应在2026-03-02至2027-03-02之间"]),
        ("2026-03-02", []),
        ("2027-03-02", []),
    ],
)
def test_a_waiver_is_neither_past_nor_longer_than_a_year(
    life: Life, until: str, faults: list[str]
) -> None:
    found(life)
    words = ("findings", "waive", "1", *BY, "--note", "机构调整", "--until", until)
    if faults:
        assert life.refused(*words) == faults
    else:
        life.done(*words)
        assert life.course().waived_until == day(until)


# Appeals


def test_an_appeal_stops_the_clock_and_its_rejection_adds_the_days_it_took(life: Life) -> None:
    notified(life)
    assert on(life, "2026-03-05") == [K.RECTIFYING]
    life.done("findings", "appeal", "1", "--by", "示例单位", "--note", "已在他处更新")
    assert (life.course().appealed, life.course().appealed_on) == (True, day("2026-03-05"))
    assert on(life, "2026-03-30") == []
    life.done("findings", "appeal", "1", "--reject", *BY, "--note", "他处不是本栏目")
    # Due on 16 March, 25 days later: 10 April, a Friday.
    assert (life.course().appealed, life.course().due) == (False, day("2026-04-10"))
    assert on(life, "2026-04-10") == [K.REMINDED]
    assert on(life, "2026-04-11") == [K.LAPSED]


def test_a_rejection_before_any_notice_sets_no_deadline(life: Life) -> None:
    found(life)
    life.done("findings", "appeal", "1", "--by", "示例单位", "--note", "已更新")
    life.done("findings", "appeal", "1", "--reject", *BY, "--note", "未见更新")
    assert (life.course().state, life.course().due) == (S.FOUND, None)


def test_an_appeal_that_is_upheld_is_a_dismissal(life: Life) -> None:
    notified(life)
    on(life, "2026-03-05")
    life.done("findings", "appeal", "1", "--by", "示例单位", "--note", "已在他处更新")
    words = "申诉尚未答复，请先用 findings appeal --reject 或 findings dismiss 答复"
    assert life.refused("findings", "close", "1", *BY) == [f"问题 1：{words}"]
    life.done("findings", "dismiss", "1", *BY, "--note", "情况属实")
    assert (life.course().state, life.course().appealed) == (S.DISMISSED, False)
    assert on(life, "2026-03-20") == []


# All or nothing


def test_every_number_at_fault_is_named_and_nothing_is_written(life: Life) -> None:
    found(life)
    life.look("jy", LATE)
    life.look("kb", None)
    assert [number for number, _ in life.cycle()] == [2, 3]
    life.done("findings", "confirm", "2", *BY)
    assert life.refused("findings", "confirm", "1", "2", "9", "3", "2", *BY) == [
        "问题 2：现为“已确认”，已于2026-03-02确认",
        "问题 9：没有这个编号的问题",
    ]
    life.done("findings", "confirm", "1", "3", "1", *BY)
    assert [len(each.events) for each in life.ledger.findings()] == [2, 2, 2]


@pytest.mark.parametrize(
    ("words", "faults"),
    [
        (("confirm", "1", "--by", " "), ["经办人（--by）：不能为空"]),
        (
            ("dismiss", "1", "--by", "", "--note", " "),
            ["经办人（--by）：不能为空", "说明（--note）：不能为空"],
        ),
        (("recheck", "1", "--failed", *BY), ["说明（--note）：不能为空"]),
        (
            ("confirm", "1", *BY, "--evidence", "没有.png"),
            ["证据（--evidence）：文件不存在：没有.png"],
        ),
        (
            ("confirm", "1", *BY, "--evidence", " "),
            ["证据（--evidence）：不能为空，请写明所见，或给出截图等文件"],
        ),
    ],
)
def test_who_and_why_are_asked_and_evidence_must_exist(
    life: Life, words: tuple[str, ...], faults: list[str]
) -> None:
    found(life)
    assert life.refused("findings", *words) == faults


def test_a_file_given_as_evidence_is_kept_and_checked(life: Life, tmp_path: Path) -> None:
    found(life)
    shot = tmp_path / "截图.png"
    shot.write_bytes(b"\x89PNG synthetic")
    life.done("findings", "confirm", "1", *BY, "--evidence", str(shot))
    kept = life.finding().events[-1].evidence or ""
    assert kept.startswith("evidence/hand/")
    assert "（原文件名：截图.png，SHA-256：" in kept
    assert life.run("evidence", "verify").exit_code == 0
    copy = life.home.path(kept.partition("（")[0])
    copy.write_bytes(b"altered")
    assert life.run("evidence", "verify").exit_code == 4


def test_a_refused_step_keeps_no_file(life: Life, tmp_path: Path) -> None:
    found(life)
    shot = tmp_path / "截图.png"
    shot.write_bytes(b"synthetic")
    life.refused("findings", "close", "1", *BY, "--evidence", str(shot))
    assert not life.home.path("evidence", "hand").exists()


# Shown


def test_a_past_day_shows_the_state_of_that_day(life: Life) -> None:
    notified(life)
    on(life, "2026-03-05", "2026-03-05")
    life.on("2026-03-06")
    life.done("findings", "close", "1", *BY)
    life.on("2026-03-07")
    for text, state in (
        ("2026-03-02", "notified"),
        ("2026-03-04", "notified"),
        ("2026-03-05", "recheck"),
        ("2026-03-06", "closed"),
        ("2026-03-07", "closed"),
    ):
        shown = life.run("findings", "--as-of", text, "--format", "json")
        rows = json.loads(shown.stdout)["findings"]
        assert [row["state"] for row in rows if row["pack"] != "operator"] == [state]
    written = life.ledger.findings()
    then = life.run("check", "--as-of", "2026-03-04", "--format", "json")
    told = [each for each in json.loads(then.stdout)["subjects"] if each["rule"] == "news_2w"]
    assert [(row["id"], row["verdict"], row["newest"]) for row in told][:1] == [
        ("dt", "overdue", LATE)
    ]
    assert life.ledger.findings() == written
    before = life.run("findings", "--as-of", "2026-03-01", "--format", "json")
    assert json.loads(before.stdout) == {"findings": []}


def test_one_finding_is_shown_with_both_sides_words_and_the_days_left(life: Life) -> None:
    notified(life)
    on(life, "2026-03-06")
    life.done(
        "findings", "report-back", "1", "--by", "示例单位", "--note", "已补发", "--evidence", "网址"
    )
    life.on("2026-03-09")
    life.done("findings", "recheck", "1", *BY)
    life.done("findings", "recheck", "1", "--failed", *BY, "--note", "未见更新")
    life.on("2026-03-10")
    (notice,) = life.ledger.notices()
    (evidence,) = {life.finding().evidence}
    assert life.run("findings", "show", "1").stdout.splitlines() == [
        "问题 1：栏目“政务动态”（column:dt），动态新闻类栏目超过两周未更新",
        "责任单位：示例办公室",
        "页面：http://portal.example/dt/",
        f"指标：haian/news_2w（版本 {life.finding().rule_version}）",
        "依据：2020年度政府信息公开工作年度报告：动态新闻类栏目更新不超过2周",
        f"工作日历：{life.finding().calendar_version}",
        f"证据：{evidence}",
        "状态：复查未通过",
        "整改期限：2026-03-16（含当日），已于2026-03-06反馈",
        f"文书：整改通知〔2026〕1号，{notice.document}",
        "经过：",
        "　　2026-03-02 09:00 发现（系统）："
        "最近更新2026-02-10，时限14天，最后期限2026-02-24，已超期6天",
        "　　2026-03-02 09:00 确认（办公室，示例经办人）：经人工核实，问题属实。",
        "　　2026-03-02 09:00 下发通知（办公室，示例经办人）："
        "整改通知〔2026〕1号；整改期限2026-03-16（含当日）",
        "　　　　整改期限：2026-03-16（含当日）",
        f"　　　　证据：{notice.document}",
        "　　2026-03-06 09:00 整改期限起算（系统）："
        "整改期限自通知下发次日起算，至2026-03-16止（含当日）",
        "　　2026-03-06 09:00 整改反馈（单位，示例单位）：已补发",
        "　　　　证据：网址",
        "　　2026-03-09 09:00 开始复查（办公室，示例经办人）：开始复查。",
        "　　2026-03-09 09:00 复查未通过（办公室，示例经办人）：未见更新",
    ]
    told = json.loads(life.run("findings", "show", "1", "--format", "json").stdout)
    assert (told["finding"]["state"], told["course"]["due"]) == ("failed", "2026-03-16")
    assert (told["working_days_left"], told["notices"][0]["number"]) == (4, "整改通知〔2026〕1号")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("2026-03-13", "还剩1个工作日"),
        ("2026-03-16", "还剩0个工作日"),
        ("2026-03-18", "已过2天（2个工作日）"),
    ],
)
def test_the_days_left_are_working_days(life: Life, text: str, left: str) -> None:
    notified(life)
    life.on(text)
    shown = life.run("findings", "show", "1").stdout
    assert f"整改期限：2026-03-16（含当日），{left}\n" in shown


def test_the_terms_of_a_home_must_be_right_before_a_step_is_taken(life: Life) -> None:
    found(life)
    life.home.path("rectification.toml").write_text('limit = "two weeks"\n', encoding="utf-8")
    result = life.run("findings", "confirm", "1", *BY)
    assert isinstance(result.exception, SettingsError)
    assert "limit：'two weeks'，应如 '14 days'或 '10 working days'" in str(result.exception)
    assert life.course().state is S.FOUND


def test_a_red_head_needs_the_name_of_an_office(life: Life) -> None:
    path = life.home.path("settings.toml")
    path.write_text(f"{SETTINGS}[office]\nred_head = true\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="red_head = true 时须填写 name"):
        life.home.settings()


def test_options_before_a_step_would_be_lost_and_are_refused(life: Life) -> None:
    found(life)
    result = life.run("findings", "--unit", "jyj", "confirm", "1", *BY)
    assert result.exit_code == 2
    assert life.course().state is S.FOUND


def test_from_outside_a_refusal_is_one_line_a_finding_and_exit_code_two(life: Life) -> None:
    found(life)
    ran = called("findings", "close", "1", "5", *BY, home=life.home.folder)
    assert ran.code == 2
    assert ran.err.splitlines() == [
        "问题 1：现为“系统发现，待核实”，须经复查方可销号，请先用 findings recheck",
        "问题 5：没有这个编号的问题",
    ]
    ran = called("findings", "confirm", "1", *BY, home=life.home.folder)
    assert (ran.code, ran.out, ran.err) == (0, "", "确认：问题 1。\n")
