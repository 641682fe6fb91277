"""The newest public letter is no older than two months; an old letter opens no veto."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from checks.facts import History, Letter, LetterState, Method, Outcome
from checks.freshness import Moment
from checks.indicators import in_force
from checks.judge import Bench, Facts, judge
from checks.lifecycle import Event, EventKind, Finding, Key, advance
from checks.rules import pack_texts, read_law
from checks.sites import standings, watched
from checks.verdicts import Judgement, LetterVerdict, Verdict
from tests.checks.make import CALENDAR, against_units, at, day, letter, mailbox, seen, visit

LAW_2019 = read_law(pack_texts(["cn-2019"]), CALENDAR)
BOTH = read_law(pack_texts(["haian", "cn-2019"]), CALENDAR)
INDICATORS = in_force(LAW_2019.packs[0].indicators, day("11-22"))
BOX = mailbox(site="s1", portal=True)
LIST = "cn-2019/mailbox_list_2m mailbox:m1"


def bench_of(
    *letters: LetterState, history: History | None = None, as_of: str = "11-22", **known: Any
) -> Bench:
    box = mailbox(site="s1", portal=True, **known)
    looks = {box.key: history or seen(visit(as_of))}
    return judge(LAW_2019, Facts([box], looks, {box.key: letters}), Moment(day(as_of)))


def list_row(bench: Bench) -> Judgement:
    (row,) = [row for row in bench.rows if row.rule == "mailbox_list_2m"]
    return row


def deducted(bench: Bench) -> bool | None:
    rows = standings(watched(bench)["site:s1"], INDICATORS, "deduct")
    return next(row.hit for row in rows if row.indicator.id == "d_messages")


def answered(received: str, replied: str, ref: str = "L1") -> LetterState:
    return letter(received, replied, ref=ref)


# 留言公开: the newest public letter


@pytest.mark.parametrize(("replied", "late"), [("09-23", False), ("09-22", False), ("09-21", True)])
def test_a_list_is_late_once_its_newest_letter_is_older_than_two_calendar_months(
    replied: str, late: bool
) -> None:
    bench = bench_of(answered("09-10", replied), answered("03-01", "03-04", "L0"))
    row = list_row(bench)
    assert (row.verdict is Verdict.OVERDUE, row.newest, deducted(bench)) == (
        late,
        day(replied),
        late,
    )
    assert against_units(bench) == ([LIST] if late else [])


@pytest.mark.parametrize(("as_of", "late"), [("2027-02-28", False), ("2027-03-01", True)])
def test_two_months_from_a_month_s_last_day_end_on_a_month_s_last_day(
    as_of: str, late: bool
) -> None:
    bench = bench_of(answered("12-30", "12-31"), history=seen(visit(as_of)), as_of=as_of)
    # The letter was last seen before it was answered: its receipt is all that is known.
    assert list_row(bench).newest is None
    state = letter("12-30", "12-31", seen_on="2027-01-02")
    assert (list_row(bench_of(state, history=seen(visit(as_of)), as_of=as_of)).verdict) is (
        Verdict.OVERDUE if late else Verdict.DUE_SOON
    )


def test_a_letter_still_waiting_is_public_too() -> None:
    bench = bench_of(answered("03-01", "03-04", "L0"), letter("11-20", ref="L1"))
    assert (list_row(bench).verdict, list_row(bench).newest) == (Verdict.OK, day("11-20"))


def test_a_day_after_the_look_that_showed_it_is_no_day_of_publication() -> None:
    wrong = letter("09-01", "12-01")
    assert list_row(bench_of(wrong)).newest == day("09-01")


def test_the_mailbox_s_own_limit_of_answering_is_none_of_its_list() -> None:
    row = list_row(bench_of(answered("09-10", "09-15"), limit="60 working days"))
    assert (row.verdict, row.due) == (Verdict.OVERDUE, day("11-15"))
    assert row.reason == "最近更新2026-09-15，时限2个月，最后期限2026-11-15，已超期7天"


def test_an_empty_list_is_for_a_person() -> None:
    bench = bench_of(history=seen(visit("11-22", Outcome.EMPTY)))
    row = list_row(bench)
    assert (row.verdict, row.reason) == (
        Verdict.UNKNOWN,
        "公开列表为空，请人工核查，不作判定",
    )
    assert (against_units(bench), deducted(bench)) == ([], None)


def test_a_list_emptied_since_is_for_a_person_whatever_it_showed_before() -> None:
    history = seen(visit("11-20"), visit("11-22", Outcome.EMPTY))
    assert list_row(bench_of(answered("03-01", "03-04"), history=history)).verdict is (
        Verdict.UNKNOWN
    )


@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.UNDATED])
def test_letters_without_a_day_accuse_nobody(outcome: Outcome) -> None:
    history = seen(visit("11-22", outcome))
    row = list_row(bench_of(letter(None), history=history))
    assert (row.verdict, row.reason) == (
        Verdict.UNKNOWN,
        "公开列表未标明日期，请人工核查，不作判定",
    )


@pytest.mark.parametrize(
    ("first_seen", "verdict"), [("09-15", Verdict.OVERDUE), ("11-20", Verdict.UNKNOWN)]
)
def test_a_letter_without_a_day_may_be_younger_unless_it_was_seen_before(
    first_seen: str, verdict: Verdict
) -> None:
    bare = LetterState("mailbox:m1", Letter("L9", "", None), at(first_seen), at("11-22"))
    assert list_row(bench_of(answered("09-10", "09-15"), bare)).verdict is verdict


@pytest.mark.parametrize(
    "history",
    [
        seen(visit("11-22", Outcome.BLOCKED)),
        seen(visit("11-20"), visit("11-22", Outcome.UNREACHABLE)),
        seen(visit("11-18")),
        seen(visit("11-22", unresolved=1)),
        History(),
    ],
)
def test_a_list_not_seen_whole_today_is_not_known(history: History) -> None:
    bench = bench_of(answered("03-01", "03-04"), history=history)
    assert list_row(bench).verdict is Verdict.UNKNOWN
    assert (LIST in against_units(bench), deducted(bench)) == (False, None)


def exported(state: LetterState) -> LetterState:
    return replace(state, method=Method.EXPORT, shown_to=day("11-22"))


EXPORT = visit("11-22", method=Method.EXPORT, shown_to=day("11-22"))


def test_letters_that_only_the_back_end_holds_are_not_published() -> None:
    looked = replace(seen(visit("11-22")), word=EXPORT)
    private = exported(answered("11-16", "11-20", "L2"))
    row = list_row(bench_of(answered("09-10", "09-21"), private, history=looked))
    assert (row.verdict, row.newest) == (Verdict.OVERDUE, day("09-21"))


@pytest.mark.parametrize("looks", [(), (visit("11-22", Outcome.BLOCKED),)])
def test_an_export_says_nothing_of_a_list_that_was_not_seen(looks: Sequence[Any]) -> None:
    unlooked = replace(seen(*looks), word=EXPORT)
    bench = bench_of(exported(answered("09-10", "09-12")), history=unlooked)
    assert list_row(bench).verdict is Verdict.UNKNOWN
    assert against_units(bench) == []


def test_an_exempt_mailbox_is_not_judged_by_its_list() -> None:
    bench = bench_of(answered("03-01", "03-04"), exempt_until=day("11-22"))
    assert (list_row(bench).verdict, deducted(bench)) == (Verdict.EXEMPT, False)


def test_the_local_days_the_veto_and_the_list_stand_beside_each_other() -> None:
    states = [letter("08-21", ref="L1"), answered("08-03", "08-05", "L0")]
    facts = Facts([BOX], {BOX.key: seen(visit("11-22"))}, {BOX.key: states})
    bench = judge(BOTH, facts, Moment(day("11-22")))
    assert [(row.rule, row.verdict) for row in bench.rows] == [
        ("mailbox_5wd", Verdict.OVERDUE),
        ("mailbox_3m", Verdict.OVERDUE),
        ("mailbox_list_2m", Verdict.OVERDUE),
    ]
    assert against_units(bench) == [
        "haian/mailbox_5wd mailbox:m1 L1",
        "cn-2019/mailbox_3m mailbox:m1 L1",
        LIST,
    ]


# 互动回应差: letters of the past year only


def veto_key(ref: str) -> Key:
    return Key("cn-2019", "mailbox_3m", BOX.key, ref)


def opened(bench: Bench, held: Sequence[Finding] = ()) -> list[str]:
    findings = {each.key: each for each in held}
    steps = advance(findings, bench.faults, bench.cleared, at("11-22"))
    return [s.fault.key.letter for s in steps if s.fault and s.fault.key.rule == "mailbox_3m"]


@pytest.mark.parametrize(
    ("received", "found"),
    [("08-22", []), ("08-21", ["L1"]), ("2025-11-22", ["L1"]), ("2025-11-21", [])],
)
def test_a_letter_opens_a_finding_from_three_months_to_twelve_after_its_receipt(
    received: str, found: list[str]
) -> None:
    assert opened(bench_of(letter(received))) == found


def test_a_mailbox_is_not_overdue_for_letters_of_the_year_before() -> None:
    old, young = letter("2025-11-21", ref="old"), letter("11-20", ref="young")
    bench = bench_of(old, young)
    row = next(row for row in bench.rows if row.rule == "mailbox_3m")
    assert (row.verdict, row.due) == (Verdict.OK, day("2027-02-20"))
    assert [each.verdict for each in bench.letters] == [
        LetterVerdict.OVERDUE,
        LetterVerdict.WAITING,
    ]


def test_a_finding_opened_in_time_stays_open_when_its_letter_grows_older_than_a_year() -> None:
    bench = bench_of(letter("2025-11-21"))
    fault = bench.faults[veto_key("L1")]
    assert (fault.opens, veto_key("L1") in bench.cleared) == (False, False)


@pytest.mark.parametrize(("received", "again"), [("08-21", ["L1"]), ("2025-11-21", [])])
def test_a_finding_that_a_person_closed_is_not_opened_again_for_an_old_letter(
    received: str, again: list[str]
) -> None:
    events = tuple(
        Event(kind, at("10-01"), "office", "") for kind in (EventKind.DETECTED, EventKind.CLOSED)
    )
    closed = Finding(1, veto_key("L1"), "u1", day("09-01"), None, None, events)
    assert opened(bench_of(letter(received)), [closed]) == again


def test_an_old_letter_answered_at_last_opens_nothing_either() -> None:
    bench = bench_of(answered("2025-11-21", "11-20"))
    assert opened(bench) == []
    assert bench.faults[veto_key("L1")].over
