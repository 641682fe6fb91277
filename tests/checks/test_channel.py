"""Is there a channel to write through (W5 (1)), as the indicator words it? All facts synthetic."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from checks.answers import answer_duties
from checks.channel import ChannelFacts, Way, channel_data, channel_facts, channels_standing
from checks.facts import Observed, Outcome
from checks.freshness import SHANGHAI
from checks.owed import Answer, Case, DutyRow
from checks.rules import pack_texts, read_pack
from checks.subjects import Subject, SubjectKind
from checks.verdicts import DutyState

(DUTY,) = [
    duty
    for duty in read_pack(pack_texts(["cn-2019"])["cn-2019"], "cn-2019.toml").duties
    if duty.about == "channel"
]
AS_OF = date(2026, 11, 23)
LIST = "https://www.shili.gov.cn/szxx/"
FORM = "https://www.shili.gov.cn/szxx/write.html"
OPEN = ChannelFacts(FORM, Way.FORM, ("标题", "姓名"), why="写信页面有填写处（标题、姓名、内容）")
MET, UNMET, UNKNOWN = DutyState.MET, DutyState.UNMET, DutyState.UNKNOWN


def box(name: str = "市长信箱", form: str | None = FORM, **known: Any) -> Subject:
    return Subject(SubjectKind.MAILBOX, "m1", name, "gov", "s1", LIST, form=form, **known)


def look(
    facts: ChannelFacts = OPEN,
    outcome: Outcome = Outcome.OK,
    on: date = AS_OF,
    key: str = FORM,
    **more: str,
) -> Observed:
    at = datetime.combine(on, time(9), SHANGHAI)
    data = {**channel_data(facts), **more}
    return Observed("mailbox:m1", "channel", key, at, outcome, data, "evidence/x#1")


def row(subject: Subject, *looks: Observed) -> DutyRow:
    (found,) = answer_duties(Case(subject, AS_OF, looks), [DUTY])
    return found


def answer(subject: Subject, *looks: Observed) -> Answer:
    return row(subject, *looks).answer


def gone(since: str, on: date = AS_OF, key: str = FORM) -> Observed:
    return look(ChannelFacts(key, Way.UNKNOWN), Outcome.GONE, on, key, gone_since=since)


def test_facts_come_back_from_plain_data_as_they_were() -> None:
    assert channel_facts(channel_data(OPEN)) == OPEN


def test_a_form_or_a_login_is_a_channel() -> None:
    assert answer(box(), look()) == Answer(
        MET, "写信页面有填写处（标题、姓名、内容）", evidence="evidence/x#1"
    )
    login = ChannelFacts(FORM, Way.LOGIN, captcha=True, why="须登录后写信")
    assert (answer(box(), look(login)).state, answer(box(), look(login)).reason) == (
        MET,
        "须登录后写信，有验证码",
    )


def test_a_page_that_says_it_is_closed_is_a_fault_of_the_mailbox() -> None:
    closed = ChannelFacts(FORM, Way.CLOSED, words="本信箱已停用", why="页面写明渠道已关闭")
    found = answer(box(), look(closed))
    assert found.state is UNMET
    assert found.reason == "写信页面写明“本信箱已停用”"
    assert found.faults == (f"{FORM}：写信页面写明“本信箱已停用”",)


def test_an_address_nobody_registered_makes_no_fault() -> None:
    closed = ChannelFacts(LIST, Way.CLOSED, words="本信箱已停用", why="页面写明渠道已关闭")
    assert answer(box(form=None), look(closed, key=LIST)).state is UNKNOWN
    assert answer(box(form=None), gone("2026-11-01", key=LIST)).state is UNKNOWN


@pytest.mark.parametrize(
    ("form", "advice"),
    [(FORM, "请核对登记册中的写信页面"), (None, "可在登记册中填写“写信页面”")],
)
def test_a_page_on_which_nothing_was_read_is_unknown_with_advice(
    form: str | None, advice: str
) -> None:
    key = form or LIST
    silent = ChannelFacts(key, Way.UNKNOWN, why="页面上没有读到填写处")
    reason = f"页面上没有读到填写处；{advice}"
    assert answer(box(form=form), look(silent, key=key)) == Answer(
        UNKNOWN, reason, (), (f"{key}：{reason}",)
    )


@pytest.mark.parametrize(
    ("since", "state"),
    [("2026-11-23", UNKNOWN), ("2026-11-22", UNMET), ("2026-11-21", UNMET)],
)
def test_a_registered_page_must_be_gone_on_two_days(since: str, state: DutyState) -> None:
    assert answer(box(), gone(since)).state is state


def test_a_page_that_is_gone_is_told_with_both_days() -> None:
    reason = "登记的写信页面不存在：2026-11-22和2026-11-23两次查看均如此"
    assert answer(box(), gone("2026-11-22")) == Answer(
        UNMET, reason, (f"{FORM}：{reason}",), (), "evidence/x#1"
    )
    assert answer(box(), gone("2026-11-23")).reason == (
        "登记的写信页面2026-11-23打开时已不存在，待再次查看"
    )


@pytest.mark.parametrize(
    "outcome", [each for each in Outcome if not each.seen and each is not Outcome.GONE]
)
def test_a_page_that_was_not_seen_is_unknown(outcome: Outcome) -> None:
    unseen = Observed("mailbox:m1", "channel", FORM, look().at, outcome, {"why": "超时"})
    assert answer(box(), unseen) == Answer(UNKNOWN, "没有看到写信页面：超时")


def test_no_look_or_one_at_another_address_is_unknown() -> None:
    assert answer(box()).reason == "近期未查看写信页面，不作判定"
    assert answer(box(), look(key=LIST)).reason == "近期未查看写信页面，不作判定"


@pytest.mark.parametrize(("days", "state"), [(8, MET), (9, UNKNOWN)])
def test_a_look_counts_for_eight_days(days: int, state: DutyState) -> None:
    assert answer(box(), look(on=date(2026, 11, 23 - days))).state is state


@pytest.mark.parametrize("name", ["网上信访", "纪检举报", "12388举报平台", "监察信箱"])
def test_petitions_and_reports_are_no_consultation_channel(name: str) -> None:
    found = answer(box(name), look())
    assert (found.state, found.reason) == (
        UNKNOWN,
        "网上信访、纪检举报等专门渠道，不计入咨询建言渠道",
    )


def test_a_single_mailbox_is_a_deduction_and_no_veto() -> None:
    assert (DUTY.id, DUTY.severity, DUTY.confidence) == ("w5_channel", "deduct", "A")
    assert "本系统按扣分问题提示" in DUTY.clause


GONE_BOX = row(box(), gone("2026-11-22"))
OPEN_BOX = row(box(), look())
UNSEEN_BOX = row(box())
PETITION = row(box("网上信访"), look())


@pytest.mark.parametrize(
    ("rows", "vetoed"),
    [
        ((), None),
        ((PETITION,), None),
        ((UNSEEN_BOX,), None),
        ((GONE_BOX,), True),
        ((GONE_BOX, GONE_BOX, PETITION), True),
        ((GONE_BOX, UNSEEN_BOX), None),
        ((GONE_BOX, OPEN_BOX), False),
        ((UNSEEN_BOX, OPEN_BOX), False),
    ],
)
def test_the_veto_needs_every_channel_that_counts_to_be_of_no_use(
    rows: tuple[DutyRow, ...], vetoed: bool | None
) -> None:
    assert channels_standing(rows) is vetoed


def test_an_exempt_mailbox_leaves_the_veto_unknown() -> None:
    exempt = row(box(exempt_until=AS_OF, exempt_reason="改版"), gone("2026-11-22"))
    assert exempt.state is DutyState.EXEMPT
    assert channels_standing((GONE_BOX, exempt)) is None
