"""What an account owes beside its posts: one a platform, its name, its closure, its answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from checks.accounts import AccountName
from checks.answers import answer_duties
from checks.duty_table import Duty
from checks.facts import Hand, History, Method, Observed, Outcome
from checks.freshness import Moment
from checks.judge import Bench, Facts, judge
from checks.owed import Answer, Case, DutyRow, nothing_seen
from checks.rules import pack_texts, read_law
from checks.subjects import Subject, SubjectKind
from checks.verdicts import DutyState, Verdict
from tests.checks.make import CALENDAR, account, at, day, seen, site, visit

LAW = read_law(pack_texts(["cn-2019"]), CALENDAR)
MET, UNMET, UNKNOWN, EXEMPT = (
    DutyState.MET,
    DutyState.UNMET,
    DutyState.UNKNOWN,
    DutyState.EXEMPT,
)
TODAY = "11-22"
ADDRESS = "https://weibo.com/a1"
MARKUP, BIDI = "[red]<b>发布</b>", "发布\u202e布发"


def duty(duty_id: str) -> Duty:
    return next(row for row in LAW.duties_in_force(day(TODAY)) if row.id == duty_id)


def answered(duty_id: str, subject: Subject, **known: Any) -> Answer:
    case = Case(subject, day(TODAY), **known)
    (row,) = answer_duties(case, [duty(duty_id)])
    return row.answer


def named(account_id: str, **known: Any) -> Subject:
    return replace(account(**known), id=account_id, name=f"示例{account_id}")


def test_the_rows_of_the_national_pack() -> None:
    rows = {
        row.id: (row.about, row.severity, row.within.n, row.confidence, row.verified)
        for row in LAW.duties_in_force(day(TODAY))
        if row.subject == SubjectKind.ACCOUNT
    }
    assert rows == {
        "nm_duplicate": ("duplicate", "flag", 8, "A", True),
        "nm_renamed": ("renamed", "flag", 8, "B", True),
        "nm_reopened": ("reopened", "flag", 8, "B", True),
        "nm_interactive": ("interactive", "veto", 92, "A", True),
    }
    assert duty("nm_interactive").name == "M3"


# Two weeks and three months: a row each


@pytest.mark.parametrize(
    ("newest", "two_weeks", "three_months"),
    [
        ("2026-11-09", (Verdict.DUE_SOON, 1, None), (Verdict.OK, 79, None)),
        ("2026-11-08", (Verdict.DUE_SOON, 0, None), (Verdict.OK, 78, None)),
        ("2026-11-07", (Verdict.OVERDUE, None, 1), (Verdict.OK, 77, None)),
        ("2026-08-23", (Verdict.OVERDUE, None, 77), (Verdict.DUE_SOON, 1, None)),
        ("2026-08-22", (Verdict.OVERDUE, None, 78), (Verdict.DUE_SOON, 0, None)),
        ("2026-08-21", (Verdict.OVERDUE, None, 79), (Verdict.OVERDUE, None, 1)),
    ],
)
def test_two_weeks_and_three_calendar_months_are_two_rows_of_one_account(
    newest: str, two_weeks: tuple[Any, ...], three_months: tuple[Any, ...]
) -> None:
    bench = bench_of(account(), newest=newest)
    rows = {row.rule: (row.verdict, row.days_left, row.days_over) for row in bench.rows}
    assert rows == {"nm_14d": two_weeks, "nm_3m": three_months}


@pytest.mark.parametrize(
    ("newest", "as_of", "over"),
    [("2026-11-30", "2027-02-28", None), ("2026-11-30", "2027-03-01", 1)],
)
def test_three_months_after_the_thirtieth_of_november_end_with_february(
    newest: str, as_of: str, over: int | None
) -> None:
    bench = bench_of(account(), newest=newest, as_of=as_of)
    (row,) = [row for row in bench.rows if row.rule == "nm_3m"]
    assert (row.due, row.days_over) == (day("2027-02-28"), over)


def bench_of(subject: Subject, newest: str, as_of: str = TODAY, **facts: Any) -> Bench:
    history = seen(visit(as_of, Outcome.OK, newest))
    known = Facts([subject], {subject.key: history}, **facts)
    return judge(LAW, known, Moment(day(as_of)))


# One account a platform


def test_the_account_opened_first_stands_and_each_later_one_is_one_fault() -> None:
    first = named("z", opened_on=day("2019-01-01"), url="https://weibo.com/z")
    second = named("a", opened_on=day("2020-01-01"), url="https://weibo.com/a")
    third = named("b", url="https://weibo.com/b")
    kin = (third, second, first)
    answers = {each.id: answered("nm_duplicate", each, kin=kin) for each in kin}
    assert {key: answer.state for key, answer in answers.items()} == {
        "z": MET,
        "a": UNMET,
        "b": UNMET,
    }
    told = "本单位在该平台已有账号“示例z”（account:z，2019-01-01开设）"
    assert answers["a"].reason == told
    assert answers["a"].faults == (f"{told}（https://weibo.com/a）",)
    assert answers["b"].faults == (f"{told}（https://weibo.com/b）",)


def test_two_accounts_of_unknown_age_are_still_one_fault() -> None:
    kin = (named("b"), named("a"))
    states = {each.id: answered("nm_duplicate", each, kin=kin).state for each in kin}
    assert states == {"a": MET, "b": UNMET}


@pytest.mark.parametrize(
    "other",
    [
        named("b", closed_on=day("11-22")),
        named("b", opened_on=day("11-23")),
        replace(named("b"), platform="douyin"),
        replace(site(), platform="weibo"),
    ],
)
def test_a_closed_account_one_not_yet_opened_and_another_platform_are_no_duplicate(
    other: Subject,
) -> None:
    mine = named("c")
    assert answered("nm_duplicate", mine, kin=(mine, other)).state is MET


@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_an_account_that_the_filing_ledger_calls_ended_does_not_count(status: str) -> None:
    kin = (named("a", status=status), named("b"))
    assert [answered("nm_duplicate", each, kin=kin).state for each in kin] == [MET, MET]


@pytest.mark.parametrize("status", ["open", "changing", None])
def test_any_other_account_counts_whatever_the_filing_ledger_calls_it(status: str | None) -> None:
    kin = (named("a", status=status), named("b"))
    assert [answered("nm_duplicate", each, kin=kin).state for each in kin] == [MET, UNMET]


def test_an_account_closed_only_tomorrow_is_still_a_second_one() -> None:
    kin = (named("a", closed_on=day("11-23")), named("b"))
    assert answered("nm_duplicate", kin[1], kin=kin).state is UNMET


def test_a_closed_account_owes_nothing_for_the_one_that_took_its_place() -> None:
    kin = (named("a"), named("b", closed_on=day("11-22")))
    assert answered("nm_duplicate", kin[1], kin=kin).state is EXEMPT


@pytest.mark.parametrize("platform", ["app", "miniprogram"])
def test_apps_and_mini_programs_are_no_accounts_on_a_platform(platform: str) -> None:
    kin = tuple(replace(named(each), platform=platform) for each in "ab")
    assert [answered("nm_duplicate", each, kin=kin).state for each in kin] == [MET, MET]


def test_of_two_accounts_on_other_platforms_nobody_knows_whether_it_is_one_platform() -> None:
    kin = tuple(replace(named(each), platform="other") for each in "ab")
    answers = [answered("nm_duplicate", each, kin=kin) for each in kin]
    assert [answer.state for answer in answers] == [UNKNOWN, UNKNOWN]
    assert answers[0].doubts == (
        "另有登记为“其他”平台的账号“示例b”（account:b），是否同一平台不明",
    )


# Renamed


def shown(
    name: str | None,
    *,
    sure: bool = True,
    on: str = TODAY,
    outcome: Outcome = Outcome.OK,
    number: str | None = "100",
) -> dict[str, Any]:
    facts = AccountName(name, sure, "微博接口", number).as_facts() if name else {}
    look = Observed("account:a1", "account", ADDRESS, at(on), outcome, facts, "evidence/x#1")
    return {"observed": (look,)}


def test_another_name_beyond_doubt_is_a_rename_with_its_evidence() -> None:
    subject = account(url=ADDRESS)
    answer = answered("nm_renamed", subject, **shown("示例文旅"))
    told = "微博接口显示的名称为“示例文旅”，登记的名称为“示例发布”"
    assert answer == Answer(UNMET, told, (f"{told}（{ADDRESS}）",), evidence="evidence/x#1")


@pytest.mark.parametrize(
    "name",
    [
        "示例发布",
        " 示例 发布",
        "示例\u200b发布",
        "“示例发布”",
        "示例发布微博",
        "示例发布（官方微博）",
    ],
)
def test_dress_is_no_other_name(name: str) -> None:
    answer = answered("nm_renamed", account(url=ADDRESS), **shown(name))
    assert answer.state is MET
    assert answer.reason == f"微博接口显示的名称为“{name}”，与登记一致"


def test_width_and_case_are_dress_on_either_side() -> None:
    subject = replace(account(url=ADDRESS), name="ＡＢ发布（微信公众号）")
    assert answered("nm_renamed", subject, **shown("ab发布")).state is MET


@pytest.mark.parametrize("name", ["示例发布2", "示例", "示例發布", MARKUP, BIDI])
def test_anything_else_is_another_name_whatever_it_is_made_of(name: str) -> None:
    answer = answered("nm_renamed", account(url=ADDRESS), **shown(name))
    assert answer.state is UNMET
    assert f"“{name}”" in answer.reason


def test_a_name_of_nothing_but_the_platform_s_word_is_a_name() -> None:
    subject = replace(account(url=ADDRESS), name="微信")
    assert answered("nm_renamed", subject, **shown("抖音")).state is UNMET


def test_the_title_of_a_feed_can_confirm_a_name_and_never_accuse() -> None:
    assert (
        answered("nm_renamed", account(url=ADDRESS), **shown("示例发布", sure=False)).state is MET
    )
    answer = answered("nm_renamed", account(url=ADDRESS), **shown("示例文旅", sure=False))
    assert (answer.state, answer.faults) == (UNKNOWN, ())
    assert answer.doubts == (
        "微博接口显示的名称为“示例文旅”，登记的名称为“示例发布”；"
        "该名称可能由订阅源另拟，请人工核对",
    )


@pytest.mark.parametrize(("on", "state"), [("11-14", UNMET), ("11-13", UNKNOWN)])
def test_a_name_seen_eight_days_ago_still_counts(on: str, state: DutyState) -> None:
    assert answered("nm_renamed", account(url=ADDRESS), **shown("示例文旅", on=on)).state is state


@pytest.mark.parametrize(
    "known",
    [{}, shown(None), *(shown(None, outcome=each) for each in Outcome if not each.seen)],
)
def test_a_name_nobody_saw_is_unknown(known: dict[str, Any]) -> None:
    assert answered("nm_renamed", account(url=ADDRESS), **known).state is UNKNOWN


def test_what_is_called_otherwise_at_a_former_address_is_no_rename() -> None:
    moved = account(url="https://weibo.com/a2")
    assert answered("nm_renamed", moved, **shown("示例文旅")) == nothing_seen("账号名称")


# Renumbered: another account under the same address


def filed(number: str | None, status: str | None = None) -> Subject:
    return replace(account(url=ADDRESS), platform_id=number, status=status)


def test_another_id_under_the_same_address_is_a_fault_though_the_name_agrees() -> None:
    answer = answered("nm_renamed", filed("200"), **shown("示例发布"))
    told = "账号ID与登记不符：微博接口显示为100，登记为200"
    assert answer == Answer(UNMET, told, (f"{told}（{ADDRESS}）",), evidence="evidence/x#1")


def test_another_name_and_another_id_are_two_lines_of_one_fault() -> None:
    answer = answered("nm_renamed", filed("gh_2"), **shown("示例文旅", number="gh_1"))
    assert (answer.state, len(answer.faults)) == (UNMET, 2)
    assert answer.reason == (
        "微博接口显示的名称为“示例文旅”，登记的名称为“示例发布”；"
        "账号ID与登记不符：微博接口显示为gh_1，登记为gh_2"
    )


@pytest.mark.parametrize(
    ("registered", "number"),
    [
        ("100", "100"),
        (None, "100"),
        ("100", None),
        ("shili-fabu", "gh_1"),
        ("shilifabu", "100"),
        ("gh_1", "100"),
    ],
)
def test_the_same_id_none_and_one_of_another_kind_are_no_difference(
    registered: str | None, number: str | None
) -> None:
    answer = answered("nm_renamed", filed(registered), **shown("示例发布", number=number))
    assert answer.state is MET


@pytest.mark.parametrize(("on", "state"), [("11-14", UNMET), ("11-13", UNKNOWN)])
def test_names_and_ids_are_compared_each_week(on: str, state: DutyState) -> None:
    answer = answered("nm_renamed", filed("200"), **shown("示例发布", on=on))
    assert answer.state is state


def test_while_the_register_says_that_it_is_being_changed_a_difference_is_no_fault() -> None:
    known = shown("示例文旅")
    answer = answered("nm_renamed", filed("200", "changing"), **known)
    assert (answer.state, answer.faults) == (UNKNOWN, ())
    assert answer.doubts == (
        "微博接口显示的名称为“示例文旅”，登记的名称为“示例发布”；"
        "账号ID与登记不符：微博接口显示为100，登记为200；账号登记为变更中",
    )
    assert answered("nm_renamed", filed("100", "changing"), **shown("示例发布")).state is MET
    assert answered("nm_renamed", filed("100", "open"), **known).state is UNMET


# Closed, and posting


@pytest.mark.parametrize(
    ("newest", "state"), [("10-31", MET), ("11-01", MET), ("11-02", UNMET), ("11-20", UNMET)]
)
def test_a_post_dated_after_the_day_of_closing_is_a_fault(newest: str, state: DutyState) -> None:
    look = visit(
        TODAY, Outcome.OK, newest, newest_title=MARKUP, newest_url="https://a.cn/1", evidence="e#1"
    )
    answer = answered("nm_reopened", account(closed_on=day("11-01")), history=seen(look))
    assert (answer.state, answer.evidence) == (state, "e#1")
    if state is UNMET:
        told = f"账号已于2026-11-01关停，最近一条内容的日期为2026-{newest}：“{MARKUP}”"
        assert answer.faults == (f"{told}（https://a.cn/1）",)
        assert answer.basis == day("11-01")


def entered(on: str, newest: str | None, shown_to: str | None = None, **known: Any) -> History:
    """What was entered by hand on that day, of an account that no look shows."""
    told = {"method": Method.MANUAL, "shown_to": day(shown_to or on), "evidence": "e#2", **known}
    return History(word=visit(on, Outcome.OK if newest else Outcome.EMPTY, newest, **told))


def reopened(subject: Subject, history: History) -> DutyRow:
    bench = judge(LAW, Facts([subject], {subject.key: history}), Moment(day(TODAY)))
    (row,) = [row for row in bench.duties if row.duty.id == "nm_reopened"]
    return row


@pytest.mark.parametrize(
    ("history", "state"),
    [
        (entered(TODAY, "11-20"), UNMET),
        (entered(TODAY, "10-31"), MET),
        (entered(TODAY, None), MET),
        # Made before the closing, or on its day: it shows nothing of what came after.
        (entered(TODAY, "10-30", shown_to="11-07"), UNKNOWN),
        (entered(TODAY, None, shown_to="11-07"), UNKNOWN),
        # Brought today, and nine days old all the same.
        (entered(TODAY, "11-13", shown_to="11-13"), UNKNOWN),
    ],
)
def test_a_word_on_a_closed_account_tells_up_to_its_own_day(
    history: History, state: DutyState
) -> None:
    row = reopened(account(closed_on=day("11-07")), history)
    assert row.state is state


def test_a_feed_that_was_not_rebuilt_since_the_closing_shows_nothing_of_it() -> None:
    stale = seen(visit(TODAY, Outcome.OK, "10-30", shown_to=day("10-30")))
    assert answered("nm_reopened", account(closed_on=day("11-01")), history=stale).state is UNKNOWN


def test_a_post_seen_long_ago_and_deleted_since_is_not_held_against_a_closed_account() -> None:
    before = seen(visit("11-03", Outcome.OK, "11-03", evidence="e#1"))
    history = replace(before, word=entered(TODAY, "10-31").word)
    subject = account(closed_on=day("11-01"))
    row = reopened(subject, history)
    assert (row.state, row.answer.evidence) == (MET, "e#2")


@pytest.mark.parametrize("closed", [None, "11-23"])
def test_an_account_in_use_may_post(closed: str | None) -> None:
    subject = account(closed_on=day(closed) if closed else None)
    answer = answered("nm_reopened", subject, history=seen(visit(TODAY, Outcome.OK, "11-22")))
    assert (answer.state, answer.reason) == (MET, "账号登记为在用")


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.OK])
def test_what_was_not_seen_of_a_closed_account_is_unknown_and_no_post_is_none(
    outcome: Outcome,
) -> None:
    before = visit("11-21", Outcome.OK, "11-20")
    history = seen(before, visit(TODAY, outcome))
    answer = answered("nm_reopened", account(closed_on=day("11-01")), history=history)
    assert answer.state is (MET if outcome is Outcome.EMPTY else UNKNOWN)


@pytest.mark.parametrize(("on", "state"), [("11-14", UNMET), ("11-13", UNKNOWN)])
def test_a_look_eight_days_old_still_counts(on: str, state: DutyState) -> None:
    history = seen(visit(on, Outcome.OK, "11-10"))
    closed = account(closed_on=day("11-01"))
    assert answered("nm_reopened", closed, history=history).state is state


def test_posts_without_a_clear_day_leave_a_closed_account_unknown() -> None:
    closed = account(closed_on=day("11-01"))
    undated = seen(visit(TODAY, Outcome.OK))
    unclear = seen(visit(TODAY, Outcome.OK, "10-01", unresolved=2))
    assert answered("nm_reopened", closed, history=undated).state is UNKNOWN
    answer = answered("nm_reopened", closed, history=unclear)
    assert answer.doubts == (
        "账号已于2026-11-01关停，最近一条内容的日期为2026-10-01；另有2条置顶或日期未明的内容",
    )


def test_a_closed_account_that_was_never_looked_at_is_unknown() -> None:
    assert answered("nm_reopened", account(closed_on=day("11-01"))).state is UNKNOWN


def test_an_approved_exemption_covers_a_closed_account_too() -> None:
    excused = account(closed_on=day("11-01"), exempt_until=day("11-22"), exempt_reason="核查中")
    history = seen(visit(TODAY, Outcome.OK, "11-20"))
    assert answered("nm_reopened", excused, history=history).state is EXEMPT


def test_a_closed_account_that_posts_is_one_fault_and_is_late_under_no_rule() -> None:
    bench = bench_of(account(closed_on=day("2026-06-01")), newest="2026-07-01")
    assert {row.verdict for row in bench.rows} == {Verdict.EXEMPT}
    assert [key.rule for key in bench.faults] == ["nm_reopened"]
    states = {row.duty.id: row.state for row in bench.duties}
    assert states == {
        "nm_duplicate": EXEMPT,
        "nm_renamed": EXEMPT,
        "nm_reopened": UNMET,
        "nm_interactive": EXEMPT,
    }


def test_a_closed_account_that_cannot_be_seen_troubles_nobody() -> None:
    subject = account(closed_on=day("2026-06-01"), watched_since=day("2026-01-01"))
    history = seen(visit("07-01", Outcome.OK, "05-30"), visit(TODAY, Outcome.GONE))
    facts = Facts([subject], {subject.key: history})
    assert judge(LAW, facts, Moment(day(TODAY))).faults == {}


# Interaction: a person alone


def tick(*, fault: bool | None, on: str = "11-20", until: date | None = None) -> Hand:
    points = None if fault is not None else Decimal(1)
    return Hand(
        "account:a1", "cn-2019", "nm_interactive", fault, points, MARKUP, "核查员", at(on), until
    )


def test_without_a_person_s_word_interaction_is_unknown() -> None:
    assert answered("nm_interactive", account()).state is UNKNOWN
    assert answered("nm_interactive", account(), hands=(tick(fault=None),)).state is UNKNOWN


def test_a_person_s_word_is_the_answer_with_its_evidence() -> None:
    good = answered("nm_interactive", account(), hands=(tick(fault=False),))
    assert (good.state, good.evidence) == (MET, MARKUP)
    bad = answered("nm_interactive", account(url="https://weibo.com/a1"), hands=(tick(fault=True),))
    told = f"核查员于2026-11-20核查，发现问题：{MARKUP}"
    assert bad == Answer(
        UNMET, told, (f"{told}（https://weibo.com/a1）",), evidence=MARKUP, basis=day("11-20")
    )


@pytest.mark.parametrize(("until", "state"), [("11-22", UNMET), ("11-21", UNKNOWN)])
def test_a_person_s_word_holds_up_to_and_including_its_last_day(
    until: str, state: DutyState
) -> None:
    hands = (tick(fault=True, until=day(until)),)
    assert answered("nm_interactive", account(), hands=hands).state is state


def test_a_word_under_another_row_or_pack_is_no_answer() -> None:
    others = (
        replace(tick(fault=True), row="M1"),
        replace(tick(fault=True), pack="province-template"),
    )
    assert answered("nm_interactive", account(), hands=others).state is UNKNOWN
