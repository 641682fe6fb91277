"""What the cycle's mails tell of rectification: to whom it concerns, once, and no more after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.home import Home
from tests.app.life import SETTINGS, Life, begin, text

LATE = "2026-02-10"
BY = ("--by", "示例经办人")
OFFICE = "office@example.cn"
UNIT = "zfb@example.cn"
TO_UNIT = (UNIT, "zfb2@example.cn")


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[Life]:
    for life in begin(Home(tmp_path / "home"), monkeypatch, "2026-03-02"):
        on(life, "2026-03-02")
        life.done("findings", "confirm", "1", *BY)
        life.mails()
        yield life


def on(life: Life, text: str, newest: str = LATE) -> dict[str, str]:
    """A day's looks and cycle; returns what each address is told but for early warnings."""
    life.on(text)
    life.look("dt", newest)
    for other in ("jy", "kb"):
        life.look(other, text)
    life.cycle()
    return life.told()


def notified(life: Life) -> None:
    life.done("findings", "notice", *BY)
    assert set(life.told()) == {*TO_UNIT, OFFICE}


def to_unit(subject: str) -> dict[str, str]:
    return dict.fromkeys(TO_UNIT, f"【巡检】{subject}")


def to_both(subject: str) -> dict[str, str]:
    return {**to_unit(subject), OFFICE: f"【巡检】{subject}"}


def test_a_notice_and_the_day_it_begins_make_no_further_mail(life: Life) -> None:
    notified(life)
    assert on(life, "2026-03-02") == {}
    assert on(life, "2026-03-03") == {}


def test_the_unit_is_reminded_once_of_a_deadline_two_working_days_ahead(life: Life) -> None:
    notified(life)
    on(life, "2026-03-09")
    assert on(life, "2026-03-11") == {}
    life.on("2026-03-12")
    life.look("dt", LATE)
    life.cycle()
    (mail, _) = life.mails()
    assert (mail["To"], mail["Subject"]) == (UNIT, "【巡检】1项临近整改期限")
    told = text(mail)
    assert "事项：临近整改期限，还剩2个工作日（原问题：动态新闻类栏目超过两周未更新）" in told
    assert "情况：整改期限为2026-03-16（含当日），尚未收到整改反馈" in told
    assert on(life, "2026-03-12") == {}
    assert on(life, "2026-03-13") == {}


def test_a_deadline_that_lapsed_is_told_once_to_the_office_and_to_the_unit(life: Life) -> None:
    notified(life)
    on(life, "2026-03-12")
    on(life, "2026-03-16")
    assert on(life, "2026-03-17") == to_both("1项整改逾期")
    assert on(life, "2026-03-18") == {}


@pytest.mark.parametrize("step", ["appeal", "report-back"])
def test_who_appealed_or_reported_is_not_reminded_of_a_deadline(life: Life, step: str) -> None:
    notified(life)
    on(life, "2026-03-09")
    life.done("findings", step, "1", "--by", "示例单位", "--note", "已在他处更新")
    for day in ("2026-03-12", "2026-03-16", "2026-03-17", "2026-03-27"):
        assert UNIT not in on(life, day)


def test_a_report_is_told_to_the_office_alone_and_once(life: Life) -> None:
    notified(life)
    on(life, "2026-03-03")
    life.done("findings", "report-back", "1", "--by", "示例单位", "--note", "已补发三条")
    life.on("2026-03-04")
    life.look("dt", LATE)
    life.cycle()
    (mail,) = life.mails()
    assert (mail["To"], mail["Subject"]) == (OFFICE, "【巡检】1项整改反馈待复查")
    assert "情况：已补发三条" in text(mail)
    assert "后续处理：请安排复查，合格的予以销号。" in text(mail)
    assert on(life, "2026-03-05") == {}


def test_a_report_and_a_recovery_of_one_day_are_both_told(life: Life) -> None:
    notified(life)
    on(life, "2026-03-03")
    life.done("findings", "report-back", "1", "--by", "示例单位", "--note", "已补发")
    told = on(life, "2026-03-04", "2026-03-04")
    assert told == {
        OFFICE: "【巡检】1项整改反馈待复查；1项恢复",
        **to_unit("1项恢复"),
    }


def test_what_came_back_after_a_notice_is_told_as_a_failed_re_check(life: Life) -> None:
    notified(life)
    assert on(life, "2026-03-04", "2026-03-04") == to_both("1项恢复")
    life.on("2026-03-19")
    life.look("dt", "2026-03-04")
    life.cycle()
    mails = life.mails()
    assert {mail["To"] for mail in mails} == {*TO_UNIT, OFFICE}
    for mail in mails:
        assert "【再次出现，复查未通过】" in text(mail)


def test_a_failed_re_check_is_told_to_the_unit(life: Life) -> None:
    notified(life)
    on(life, "2026-03-03")
    life.done("findings", "report-back", "1", *BY, "--note", "已整改")
    life.done("findings", "recheck", "1", *BY)
    life.done("findings", "recheck", "1", "--failed", *BY, "--note", "未见更新")
    assert on(life, "2026-03-04") == to_unit("1项复查未通过")
    assert on(life, "2026-03-05") == {}


ENDS = [
    (("close", "1"), "经复查已销号"),
    (("dismiss", "1", "--note", "页面日期有误"), "经核实为误报，予以更正"),
    (("waive", "1", "--note", "机构调整", "--until", "2026-04-01"), "已予豁免"),
]


@pytest.mark.parametrize(("step", "words"), ENDS)
def test_the_unit_that_was_told_is_told_once_how_it_ended(
    life: Life, step: tuple[str, ...], words: str
) -> None:
    notified(life)
    on(life, "2026-03-03")
    if step[0] == "close":
        life.done("findings", "recheck", "1", *BY)
    life.done("findings", *step, *BY)
    life.on("2026-03-03", 10)
    life.cycle()
    mails = life.mails()
    assert {str(mail["To"]): str(mail["Subject"]) for mail in mails} == to_unit("1项问题处理结果")
    assert f"事项：{words}（原问题：动态新闻类栏目超过两周未更新）" in text(mails[0])
    assert "待核实" not in text(mails[0])
    assert "示例经办人" not in text(mails[0])
    life.cycle()
    assert life.mails() == []


@pytest.mark.parametrize(("step", "words"), ENDS[1:])
def test_a_unit_that_was_never_told_is_told_of_no_end(
    life: Life, step: tuple[str, ...], words: str
) -> None:
    life.done("findings", *step, *BY)
    for day in ("2026-03-03", "2026-03-10", "2026-03-20"):
        assert on(life, day) == {}, words


def test_what_is_dismissed_is_not_told_as_overdue_afterwards(life: Life) -> None:
    notified(life)
    on(life, "2026-03-03")
    life.done("findings", "dismiss", "1", *BY, "--note", "页面日期有误")
    assert on(life, "2026-03-04") == to_unit("1项问题处理结果")
    for day in ("2026-03-12", "2026-03-17", "2026-03-31", "2026-06-30"):
        assert on(life, day) == {}


def test_what_is_in_order_again_after_a_false_alarm_is_nobody_s_news(life: Life) -> None:
    life.on("2026-03-03")
    life.look("kb", None)
    life.cycle()
    life.mails()
    life.done("findings", "dismiss", "2", *BY, "--note", "内容以图片发布")
    assert on(life, "2026-03-04") == {}
    assert len(life.finding(2).events) == 3


def test_a_dismissal_is_told_even_where_the_fault_went_away_before_the_next_cycle(
    life: Life,
) -> None:
    life.on("2026-03-03")
    life.look("dt", LATE)
    life.look("kb", None)
    life.cycle()
    life.done("findings", "confirm", "2", *BY)
    life.done("findings", "notice", "2", *BY)
    life.mails()
    life.done("findings", "dismiss", "2", *BY, "--note", "内容以图片发布")
    assert on(life, "2026-03-04") == to_unit("1项问题处理结果")


def test_the_end_of_a_waiver_is_told_to_the_office_and_to_the_unit(life: Life) -> None:
    notified(life)
    on(life, "2026-03-03")
    life.done("findings", "waive", "1", *BY, "--note", "机构调整", "--until", "2026-03-10")
    assert on(life, "2026-03-04") == to_unit("1项问题处理结果")
    assert on(life, "2026-03-10") == {}
    life.on("2026-03-11")
    life.look("dt", LATE)
    life.cycle()
    mails = life.mails()
    assert {mail["To"] for mail in mails} == {*TO_UNIT, OFFICE}
    assert all("【豁免期满】" in text(mail) for mail in mails)


def test_a_rejected_appeal_is_told_to_the_unit_with_its_new_deadline(life: Life) -> None:
    notified(life)
    on(life, "2026-03-05")
    life.done("findings", "appeal", "1", "--by", "示例单位", "--note", "已在他处更新")
    life.on("2026-03-06")
    life.done("findings", "appeal", "1", "--reject", *BY, "--note", "他处不是本栏目")
    life.look("dt", LATE)
    life.cycle()
    (mail, _) = life.mails()
    assert mail["To"] == UNIT
    assert "情况：他处不是本栏目（至2026-03-17止，含当日）" in text(mail)


def test_a_unit_that_is_to_hear_nothing_by_itself_still_gets_notices_and_corrections(
    life: Life,
) -> None:
    settings = SETTINGS.replace("[mail]\n", '[mail]\nunit_alerts = "none"\n')
    life.home.path("settings.toml").write_text(settings, encoding="utf-8")
    notified(life)
    on(life, "2026-03-12")
    assert on(life, "2026-03-17") == {OFFICE: "【巡检】1项整改逾期"}
    life.done("findings", "dismiss", "1", *BY, "--note", "页面日期有误")
    assert on(life, "2026-03-18") == to_unit("1项问题处理结果")
