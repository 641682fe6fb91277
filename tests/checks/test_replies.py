"""Letters: five working days, receipt not counted, nothing provisional or unseen held against.

22 November 2026 is a Sunday; in that month every Monday to Friday is a working day.
"""

from __future__ import annotations

import pytest

from checks.facts import History, LetterState, Outcome, Visit
from checks.letter_words import ANSWERED_WORDS, DECLINED_WORDS, OPEN_WORDS, is_answered
from checks.rules import Law, pack_texts, read_law
from checks.verdicts import LetterVerdict, Verdict
from tests.checks.make import (
    CALENDAR,
    LAW,
    UNSEEN_OUTCOMES,
    against_units,
    at,
    day,
    judge_all,
    judged,
    letter,
    letter_of,
    mailbox,
    seen,
    visit,
)

IN_TIME, LATE = LetterVerdict.ANSWERED_IN_TIME, LetterVerdict.ANSWERED_LATE
WAITING, OVERDUE = LetterVerdict.WAITING, LetterVerdict.OVERDUE
PROVISIONAL = LetterVerdict.PROVISIONAL
FAULT = "haian/mailbox_5wd mailbox:m1 L1"


def looked(on: str = "11-22", outcome: Outcome = Outcome.OK, unresolved: int = 0) -> History:
    """A mailbox looked at once, when its letters were last seen."""
    return seen(visit(on, outcome, unresolved=unresolved))


def haian_with(before: str, after: str) -> Law:
    texts = pack_texts(["haian"])
    assert texts["haian"].count(before) == 1
    return read_law({**texts, "haian": texts["haian"].replace(before, after)}, CALENDAR)


# The five verdicts


@pytest.mark.parametrize(
    ("received", "replied", "verdict", "due", "working_days"),
    [
        ("11-13", "11-13", IN_TIME, "11-20", 0),
        ("11-13", "11-20", IN_TIME, "11-20", 5),
        ("11-12", "11-20", LATE, "11-19", 6),
        ("11-13", None, OVERDUE, "11-20", 5),
        ("11-16", None, WAITING, "11-23", 4),
        ("11-21", None, WAITING, "11-27", 0),
        ("09-24", "10-09", IN_TIME, "10-09", 5),  # National Day lies between
        ("09-24", "10-10", LATE, "10-09", 6),  # a make-up Saturday
        ("09-18", "09-24", IN_TIME, "09-24", 5),  # Sunday the 20th works
        ("09-18", "09-25", LATE, "09-24", 5),
        ("02-14", "02-28", IN_TIME, "02-28", 5),
        ("02-14", "03-02", LATE, "02-28", 6),
    ],
)
def test_a_letter_has_five_working_days_after_the_day_of_receipt(
    received: str, replied: str | None, verdict: LetterVerdict, due: str, working_days: int
) -> None:
    row = letter_of(letter(received, replied))
    assert (row.verdict, row.due, row.working_days) == (verdict, day(due), working_days)
    assert (row.rule, row.pack, row.provisional) == ("mailbox_5wd", "haian", False)


@pytest.mark.parametrize(
    ("as_of", "verdict"), [("10-09", WAITING), ("10-10", OVERDUE), ("10-12", OVERDUE)]
)
def test_a_letter_from_before_national_day_is_overdue_from_10_october(
    as_of: str, verdict: LetterVerdict
) -> None:
    assert letter_of(letter("09-24", seen_on=as_of), as_of).verdict is verdict


def test_the_row_says_its_arithmetic_in_working_days() -> None:
    late = letter_of(letter("11-12", "11-20"))
    assert late.reason == (
        "来信2026-11-12，答复期限2026-11-19，答复2026-11-20，用时6个工作日，超期1个工作日"
    )
    still_open = letter_of(letter("11-11", seen_on="11-20"), "11-20")
    assert still_open.reason == (
        "来信2026-11-11，答复期限2026-11-18，至2026-11-20未见答复，已超期2个工作日"
    )


def test_a_reply_on_a_rest_day_after_the_due_day_is_late_by_no_working_day() -> None:
    row = letter_of(letter("11-13", "11-21"))
    assert (row.verdict, row.due, row.working_days) == (LATE, day("11-20"), 5)
    assert row.reason.endswith("超期0个工作日")


@pytest.mark.parametrize(
    ("as_of", "verdict"), [("11-20", WAITING), ("11-21", OVERDUE), ("11-22", OVERDUE)]
)
def test_an_open_letter_is_good_through_its_due_day(as_of: str, verdict: LetterVerdict) -> None:
    bench = judged(mailbox(), looked(as_of), as_of, letter("11-13", seen_on=as_of))
    assert [row.verdict for row in bench.letters] == [verdict]
    assert against_units(bench) == ([FAULT] if verdict is OVERDUE else [])


@pytest.mark.parametrize(
    ("as_of", "near"),
    [("11-18", False), ("11-19", True), ("11-20", True), ("11-21", False)],
)
def test_a_letter_is_near_one_working_day_before_its_due_day_and_on_it(
    as_of: str, near: bool
) -> None:
    assert letter_of(letter("11-13", seen_on=as_of), as_of).near is near


def test_a_weekend_does_not_bring_the_due_day_nearer() -> None:
    friday, sunday = letter("11-16", seen_on="11-20"), letter("11-16", seen_on="11-22")
    assert letter_of(friday, "11-20").near
    assert letter_of(sunday, "11-22").near
    assert not letter_of(letter("11-16", seen_on="11-19"), "11-19").near


def test_a_warning_span_in_days_is_counted_in_days() -> None:
    law = haian_with('warn = "1 working day"', 'warn = "2 days"')
    assert not letter_of(letter("11-16", seen_on="11-20"), "11-20", law=law).near
    assert letter_of(letter("11-16", seen_on="11-21"), "11-21", law=law).near


# From which day, and for how long


def test_the_clock_starts_at_submission_where_the_page_shows_it_else_at_acceptance() -> None:
    both = letter("11-12", accepted_on=day("11-13"))
    assert letter_of(both).due == day("11-19")
    assert letter_of(letter(None, accepted_on=day("11-13"))).due == day("11-20")


def test_a_mailbox_timed_from_acceptance_never_falls_back_to_submission() -> None:
    box = mailbox(clock="accepted")
    assert letter_of(letter("11-02", accepted_on=day("11-16")), box=box).due == day("11-23")
    row = letter_of(letter("11-02"), box=box)
    assert (row.verdict, row.due, row.working_days) == (WAITING, None, None)


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (letter(None), WAITING),
        (letter(None, status="办理中"), WAITING),
        (letter(None, "11-20"), IN_TIME),
        (letter(None, status="已办结"), IN_TIME),
    ],
)
def test_a_letter_without_a_day_of_receipt_is_never_late(
    state: LetterState, verdict: LetterVerdict
) -> None:
    bench = judged(mailbox(), looked(), "11-22", state)
    (row,) = bench.letters
    assert (row.verdict, row.due) == (verdict, None)
    assert row.reason == "页面未标明来信日期，不作判定"
    assert against_units(bench) == []


@pytest.mark.parametrize(
    ("limit", "due", "verdict"),
    [
        (None, "11-12", OVERDUE),
        ("3 working days", "11-10", OVERDUE),
        ("10 working days", "11-19", OVERDUE),
        ("15 working days", "11-26", WAITING),
        ("1 month", "12-05", WAITING),
    ],
)
def test_the_register_may_give_a_mailbox_its_own_limit(
    limit: str | None, due: str, verdict: LetterVerdict
) -> None:
    row = letter_of(letter("11-05"), box=mailbox(limit=limit))
    assert (row.due, row.verdict) == (day(due), verdict)


def test_the_register_cannot_change_the_limit_of_a_national_veto() -> None:
    texts = pack_texts(["haian"])
    veto = texts["haian"].replace('limit = "5 working days"', 'limit = "3 months"')
    veto = veto.replace('pack = "haian"', 'pack = "national"').replace("deduct", "veto")
    law = read_law({**texts, "national": veto}, CALENDAR)
    box = mailbox(limit="3 working days")
    bench = judged(box, looked(), "11-22", letter("11-12"), law=law)
    assert {row.pack: (row.due, row.verdict) for row in bench.letters} == {
        "haian": (day("11-17"), OVERDUE),
        "national": (day("2027-02-12"), WAITING),
    }
    assert against_units(bench) == [FAULT]


# What the page says of the answer


@pytest.mark.parametrize("word", ANSWERED_WORDS)
def test_an_answer_without_a_date_is_not_held_against_the_unit(word: str) -> None:
    bench = judged(mailbox(), looked(), "11-22", letter("10-08", status=word))
    (row,) = bench.letters
    assert row.verdict is IN_TIME
    assert row.reason == f"状态为“{word}”，页面未标明答复日期，不作超期认定"
    assert against_units(bench) == []


@pytest.mark.parametrize("word", [*OPEN_WORDS, "已受理，未办结", "办理中", "已受理", "", None])
def test_a_letter_that_is_not_answered_yet_is_open_whatever_words_its_status_holds(
    word: str | None,
) -> None:
    state = letter("11-13", status=word)
    assert not is_answered(state.letter)
    assert letter_of(state).verdict is OVERDUE


@pytest.mark.parametrize("word", DECLINED_WORDS)
def test_a_letter_declined_or_withdrawn_has_no_limit(word: str) -> None:
    bench = judged(mailbox(), looked(), "11-22", letter("10-08", status=f"来信{word}"))
    (row,) = bench.letters
    assert (row.verdict, row.reason) == (IN_TIME, f"状态为“来信{word}”，不计时限")
    assert against_units(bench) == []


def test_a_declined_letter_that_was_answered_all_the_same_is_judged_by_its_dates() -> None:
    assert letter_of(letter("11-12", "11-20", status="不予受理")).verdict is LATE


def test_a_reply_dated_before_its_letter_is_for_a_person_to_look_at() -> None:
    bench = judged(mailbox(), looked(), "11-22", letter("11-13", "11-12"))
    (row,) = bench.letters
    assert (row.verdict, row.working_days) == (IN_TIME, 0)
    assert row.reason == ("页面所示答复日期2026-11-12早于来信日期2026-11-13，请核对，不作超期认定")
    assert against_units(bench) == []


@pytest.mark.parametrize("replied", ["11-23", "2027-11-13", "2062-11-13"])
def test_a_reply_dated_after_the_day_it_was_seen_is_for_a_person_to_look_at(replied: str) -> None:
    bench = judged(mailbox(), looked(), "11-22", letter("11-12", replied))
    (row,) = bench.letters
    assert (row.verdict, row.working_days) == (IN_TIME, None)
    assert f"答复日期{day(replied)}晚于查看日期2026-11-22，请核对" in row.reason
    assert against_units(bench) == []


# A year without a plan


@pytest.mark.parametrize(
    ("received", "replied", "as_of", "verdict"),
    [
        ("2026-12-24", None, "2026-12-31", WAITING),
        ("2026-12-24", None, "2027-01-08", OVERDUE),
        ("2026-12-24", "2027-01-04", "2027-01-08", LATE),
        ("2026-12-25", None, "2026-12-28", PROVISIONAL),
        ("2026-12-25", None, "2027-03-01", PROVISIONAL),
        ("2026-12-25", "2027-02-26", "2027-03-01", PROVISIONAL),
        ("2026-12-28", "2026-12-29", "2027-03-01", PROVISIONAL),
        ("2026-12-28", None, "2027-03-01", PROVISIONAL),
    ],
)
def test_a_deadline_in_a_year_without_a_plan_is_provisional_and_never_held_against_a_unit(
    received: str, replied: str | None, as_of: str, verdict: LetterVerdict
) -> None:
    state = letter(received, replied, seen_on=as_of)
    bench = judged(mailbox(), looked(as_of), as_of, state)
    (row,) = bench.letters
    assert (row.verdict, row.provisional) == (verdict, verdict is PROVISIONAL)
    assert bool(against_units(bench)) is (verdict in (OVERDUE, LATE))
    if verdict is PROVISIONAL:
        assert row.reason.endswith("期限所在年份的放假安排尚未公布，期限为暂定")
        assert [key for key in bench.cleared if key.letter] == []


# Not seen is not the same as not answered


@pytest.mark.parametrize("outcome", UNSEEN_OUTCOMES)
def test_an_open_letter_whose_mailbox_cannot_be_looked_at_today_waits(outcome: Outcome) -> None:
    history = seen(visit("11-21"), visit("11-22", outcome))
    bench = judged(mailbox(), history, "11-22", letter("11-12", seen_on="11-21"))
    (row,) = bench.letters
    assert (row.verdict, row.due) == (WAITING, day("11-19"))
    assert row.reason.endswith("，不作判定")
    assert [r.verdict for r in bench.rows] == [Verdict.UNKNOWN]
    assert against_units(bench) == []
    assert [key for key in bench.cleared if key.letter] == []


@pytest.mark.parametrize(
    ("last_look", "verdict"), [("11-19", WAITING), ("11-20", WAITING), ("11-21", OVERDUE)]
)
def test_an_open_letter_last_seen_up_to_its_due_day_may_have_been_answered_since(
    last_look: str, verdict: LetterVerdict
) -> None:
    bench = judged(mailbox(), looked(last_look), "11-22", letter("11-13", seen_on=last_look))
    (row,) = bench.letters
    assert row.verdict is verdict
    assert bool(against_units(bench)) is (verdict is OVERDUE)
    (box,) = bench.rows
    assert box.verdict is (Verdict.OVERDUE if verdict is OVERDUE else Verdict.UNKNOWN)


def test_a_letter_that_the_last_look_did_not_show_may_have_been_answered_unseen() -> None:
    """It left the list, or its own page could not be opened, while others were seen."""
    gone, listed = letter("11-11", seen_on="11-20", ref="L1"), letter("11-11", ref="L2")
    bench = judged(mailbox(), seen(visit("11-20"), visit("11-22")), "11-22", gone, listed)
    assert {row.letter.ref: row.verdict for row in bench.letters} == {"L1": WAITING, "L2": OVERDUE}
    assert bench.letters[0].reason.endswith("最近一次查看信箱时未能看到此信，不作判定")
    assert against_units(bench) == ["haian/mailbox_5wd mailbox:m1 L2"]


def test_an_answer_once_seen_needs_no_second_look() -> None:
    history = seen(visit("11-20"), visit("11-22"))
    bench = judged(mailbox(), history, "11-22", letter("11-05", "11-13", seen_on="11-13"))
    assert [row.verdict for row in bench.letters] == [LATE]
    assert against_units(bench) == [FAULT]


def test_a_late_answer_opens_no_finding_on_a_day_the_mailbox_is_not_seen() -> None:
    history = seen(visit("11-20"), visit("11-22", Outcome.BLOCKED, evidence="evidence/shell#1"))
    state = letter("11-05", "11-13", seen_on="11-20")
    bench = judged(mailbox(), history, "11-22", state)
    assert [row.verdict for row in bench.letters] == [LATE]
    assert against_units(bench) == []


def test_a_day_ahead_assumes_that_no_answer_comes() -> None:
    state = letter("11-19", seen_on="11-22")
    ahead = judged(mailbox(), looked(), "11-27", state, projected=True)
    assert [row.verdict for row in ahead.letters] == [OVERDUE]
    assert [row.verdict for row in ahead.rows] == [Verdict.OVERDUE]
    blocked = seen(visit("11-21"), visit("11-22", Outcome.BLOCKED))
    unknown = judged(mailbox(), blocked, "11-27", state, projected=True)
    assert [row.verdict for row in unknown.letters] == [WAITING]
    assert unknown.faults == {}


# The mailbox itself


def test_a_mailbox_is_overdue_while_any_open_letter_is() -> None:
    states = [
        letter("11-11", ref="L1"),
        letter("11-13", ref="L2"),
        letter("11-16", ref="L3"),
        letter("11-05", "11-20", ref="L4"),
    ]
    bench = judged(mailbox(), looked(), "11-22", *states)
    (row,) = bench.rows
    assert (row.verdict, row.due, row.days_over) == (Verdict.OVERDUE, day("11-18"), 4)
    assert (row.days_left, row.newest) == (None, day("11-16"))
    assert row.reason.startswith("2封来信逾期未答复；最久者：来信2026-11-11")
    assert against_units(bench) == [f"haian/mailbox_5wd mailbox:m1 L{n}" for n in (1, 2, 4)]


def test_a_mailbox_whose_worst_letter_is_near_is_due_soon() -> None:
    states = [letter("11-16", ref="L1"), letter("11-19", ref="L2")]
    (row,) = judged(mailbox(), looked(), "11-22", *states).rows
    assert (row.verdict, row.due, row.days_left) == (Verdict.DUE_SOON, day("11-23"), 1)
    assert row.reason.startswith("待答复2封，其中临期1封；最近者：来信2026-11-16")


def test_a_mailbox_with_time_left_is_ok() -> None:
    (row,) = judged(mailbox(), looked(), "11-22", letter("11-19")).rows
    assert (row.verdict, row.due, row.days_left) == (Verdict.OK, day("11-26"), 4)


def test_a_late_answer_is_a_fault_of_the_letter_and_not_of_the_mailbox_today() -> None:
    bench = judged(mailbox(), looked(), "11-22", letter("11-05", "11-20"))
    (row,) = bench.rows
    assert (row.verdict, row.reason) == (Verdict.OK, "没有临期或逾期的来信；待答复0封")
    assert against_units(bench) == [FAULT]


def test_an_empty_mailbox_is_no_fault() -> None:
    bench = judged(mailbox(), looked(outcome=Outcome.EMPTY), "11-22")
    (row,) = bench.rows
    assert (row.verdict, row.reason) == (Verdict.OK, "信箱内没有来信")
    assert bench.faults == {}


def test_an_empty_list_does_not_hide_an_open_letter_that_was_looked_up_by_its_address() -> None:
    bench = judged(mailbox(), looked(outcome=Outcome.EMPTY), "11-22", letter("11-12"))
    assert [row.verdict for row in bench.rows] == [Verdict.OVERDUE]
    assert against_units(bench) == [FAULT]


def test_letters_without_any_date_make_the_mailbox_unknown() -> None:
    history = looked(outcome=Outcome.UNDATED)
    (row,) = judged(mailbox(), history, "11-22", letter(None)).rows
    assert (row.verdict, row.reason) == (Verdict.UNKNOWN, "来信均未标明日期，不作判定")
    assert row.newest is None


def test_a_list_of_titles_is_judged_by_the_dates_of_the_letters_own_pages() -> None:
    history = looked(outcome=Outcome.UNDATED)
    (row,) = judged(mailbox(), history, "11-22", letter("11-12")).rows
    assert (row.verdict, row.newest) == (Verdict.OVERDUE, day("11-12"))


def test_letters_that_could_not_be_opened_make_a_quiet_mailbox_unknown() -> None:
    (row,) = judged(mailbox(), looked(unresolved=3), "11-22", letter("11-19")).rows
    assert (row.verdict, row.reason) == (Verdict.UNKNOWN, "另有3封来信未能查看，不作判定")
    (late,) = judged(mailbox(), looked(unresolved=3), "11-22", letter("11-12")).rows
    assert late.verdict is Verdict.OVERDUE
    (near,) = judged(mailbox(), looked(unresolved=3), "11-22", letter("11-16")).rows
    assert near.verdict is Verdict.DUE_SOON


def test_a_receipt_in_the_future_is_not_the_newest_letter() -> None:
    states = [letter("11-19", ref="L1"), letter("2027-11-20", ref="L2")]
    (row,) = judged(mailbox(), looked(), "11-22", *states).rows
    assert row.newest == day("11-19")


def test_an_exempt_mailbox_is_held_against_nobody() -> None:
    box = mailbox(exempt_until=day("12-31"), exempt_reason="系统迁移")
    states = [letter("11-12", ref="L1"), letter("11-05", "11-20", ref="L2")]
    bench = judged(box, looked(), "11-22", *states)
    assert [row.verdict for row in bench.rows] == [Verdict.EXEMPT]
    assert against_units(bench) == []
    assert {key.letter for key in bench.cleared if key.pack == "haian"} == {"L1", "L2"}


def test_letters_of_another_mailbox_do_not_count() -> None:
    other = mailbox()
    quiet = Visit(2, "mailbox:m2", at("11-22"), Outcome.OK)
    second = type(other)(other.kind, "m2", "另一信箱", "u2")
    histories = {other.key: looked(), second.key: History(quiet, quiet)}
    bench = judge_all([other, second], histories, "11-22", [letter("11-12")])
    assert [row.verdict for row in bench.rows] == [Verdict.OVERDUE, Verdict.OK]
    assert [fault.unit for fault in bench.faults.values()] == ["u1"]


# How far back a late answer still counts


@pytest.mark.parametrize(("as_of", "opens"), [("11-24", True), ("11-25", False)])
def test_a_late_answer_opens_a_finding_up_to_three_months_after_its_due_day(
    as_of: str, opens: bool
) -> None:
    state = letter("08-17", "08-25", seen_on=as_of)
    bench = judged(mailbox(), looked(as_of), as_of, state)
    assert [(row.verdict, row.due) for row in bench.letters] == [(LATE, day("08-24"))]
    assert [(fault.over, fault.opens) for fault in bench.faults.values()] == [(True, opens)]


@pytest.mark.parametrize(("as_of", "opens"), [("09-23", True), ("09-24", False)])
def test_a_lookback_in_days_is_counted_in_days(as_of: str, opens: bool) -> None:
    law = haian_with('lookback = "3 months"', 'lookback = "30 days"')
    state = letter("08-17", "08-25", seen_on=as_of)
    bench = judged(mailbox(), looked(as_of), as_of, state, law=law)
    assert [fault.opens for fault in bench.faults.values()] == [opens]


def test_without_a_lookback_every_late_answer_counts() -> None:
    law = haian_with('lookback = "3 months"\n', "")
    bench = judged(mailbox(), looked(), "11-22", letter("2020-01-22", "2020-02-07"), law=law)
    assert [fault.opens for fault in bench.faults.values()] == [True]


def test_the_rule_of_the_pack_is_the_one_these_tests_speak_of() -> None:
    rule = LAW.rule("haian", "mailbox_5wd", day("11-22"))
    assert rule is not None
    assert (str(rule.limit), str(rule.lookback)) == ("5 working days", "3 months")


def test_a_letter_of_which_the_page_shows_neither_answer_nor_status_is_not_called_open() -> None:
    silent = letter_of(letter("10-12", answered=None))
    assert silent.verdict is LetterVerdict.WAITING
    assert silent.reason.endswith("页面未显示答复情况，不作判定")
    assert letter_of(letter("10-12", answered=False)).verdict is LetterVerdict.OVERDUE
    assert letter_of(letter("10-12", answered=None, status="办理中")).verdict is (
        LetterVerdict.OVERDUE
    )


def test_an_answer_shown_without_a_date_is_no_fault() -> None:
    shown = letter_of(letter("10-12", answered=True))
    assert shown.verdict is LetterVerdict.ANSWERED_IN_TIME
    assert "未标明答复日期，不作超期认定" in shown.reason


def test_a_limit_in_months_is_told_in_days_and_one_in_working_days_in_those() -> None:
    law = read_law(pack_texts(["haian", "cn-2019"]), CALENDAR)
    look = visit("11-22")
    bench = judged(mailbox(), seen(look), "11-22", letter("08-21"), law=law)
    told = {row.rule: row.reason for row in bench.letters}
    assert told["mailbox_5wd"].endswith("已超期56个工作日")
    assert (
        told["mailbox_3m"] == "来信2026-08-21，答复期限2026-11-21，至2026-11-22未见答复，已超期1天"
    )
