"""Several ways of knowing one account or letter: which decides? (巡检约定；2020 年报 5个工作日)

Today is Sunday 2026-11-22. An account may be silent for 14 days, a word of a person holds 7 days.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checks.facts import History, LetterState, Method, Outcome, Visit
from checks.lifecycle import Key
from checks.verdicts import LetterVerdict, Verdict
from tests.checks.make import (
    UNSEEN_OUTCOMES,
    account,
    at,
    day,
    judged,
    letter,
    mailbox,
    row_of,
    seen,
    visit,
)

TODAY = "11-22"


def word(on: str, newest: str | None, **known: Any) -> Visit:
    """What Zhang San entered by hand on that day: the last post that the account shows."""
    named = {"method": Method.MANUAL, "by": "张三", "shown_to": day(on), **known}
    return visit(on, newest=newest, **named)


def known_by(*looks: Visit, entered: Visit | None) -> History:
    return replace(seen(*looks), word=entered)


def verdict(history: History, as_of: str = TODAY) -> tuple[Verdict, Any]:
    row = row_of(account(), history, as_of)
    return row.verdict, row.newest


# An account that nothing but the office's word tells of


@pytest.mark.parametrize(
    ("entered", "expected"),
    [("11-22", Verdict.OK), ("11-15", Verdict.OK), ("11-14", Verdict.UNKNOWN)],
)
def test_a_word_holds_for_seven_days_and_is_then_unknown(entered: str, expected: Verdict) -> None:
    row = row_of(account(), known_by(entered=word(entered, "11-14")), TODAY)
    assert row.verdict is expected
    assert (row.method, row.by) == (Method.MANUAL, "张三")
    if expected is Verdict.UNKNOWN:
        assert row.reason == "人工登记反映到2026-11-14，已是8天前，不作判定"


def test_an_export_is_as_old_as_the_day_on_which_it_was_made() -> None:
    brought_today = replace(word("11-22", "11-13", method=Method.EXPORT), shown_to=day("11-14"))
    row = row_of(account(), known_by(entered=brought_today), TODAY)
    assert row.verdict is Verdict.UNKNOWN
    assert row.reason == "后台导出反映到2026-11-14，已是8天前，不作判定"


def test_a_word_can_show_that_an_account_is_late() -> None:
    row = row_of(account(), known_by(entered=word("11-22", "11-07")), TODAY)
    assert (row.verdict, row.days_over, row.due) == (Verdict.OVERDUE, 1, day("11-21"))


def test_a_word_from_before_the_limit_ran_out_does_not_accuse() -> None:
    row = row_of(account(), known_by(entered=word("11-21", "11-07")), TODAY)
    assert row.verdict is Verdict.UNKNOWN
    assert row.reason.endswith("人工登记只反映到2026-11-21，不作判定")


def test_the_office_may_say_that_an_account_shows_nothing() -> None:
    empty = replace(word("11-20", None), outcome=Outcome.EMPTY)
    assert verdict(known_by(entered=empty)) == (Verdict.BLANK, None)


def test_a_word_that_has_run_out_is_the_operators_matter_and_not_the_units() -> None:
    bench = judged(account(), known_by(entered=word("11-14", "11-01")), TODAY)
    assert [key.pack for key in bench.faults] == ["operator"]
    standing = judged(account(), known_by(entered=word("11-15", "11-10")), TODAY)
    assert standing.faults == {}


# An account that is looked at as well


@pytest.mark.parametrize("outcome", UNSEEN_OUTCOMES)
def test_a_look_that_failed_does_not_hide_what_the_office_knows(outcome: Outcome) -> None:
    failed = visit(TODAY, outcome)
    assert verdict(known_by(failed, entered=word("11-20", "11-19"))) == (
        Verdict.OK,
        day("11-19"),
    )


def test_without_a_word_that_holds_a_failed_look_stays_unknown() -> None:
    failed = visit(TODAY, Outcome.BLOCKED)
    assert verdict(known_by(failed, entered=word("11-14", "11-13")))[0] is Verdict.UNKNOWN


def test_the_later_of_two_posts_stands_whichever_way_shows_it() -> None:
    look = visit(TODAY, newest="11-01")
    assert verdict(known_by(look, entered=word("11-20", "11-19"))) == (Verdict.OK, day("11-19"))
    fresh = visit(TODAY, newest="11-21")
    assert verdict(known_by(fresh, entered=word("11-20", "11-01"))) == (Verdict.OK, day("11-21"))


def test_a_post_seen_before_the_feed_failed_is_still_known() -> None:
    history = known_by(
        visit("11-18", newest="11-18"),
        visit(TODAY, Outcome.UNREACHABLE),
        entered=word("11-17", "11-02"),
    )
    assert verdict(history) == (Verdict.OK, day("11-18"))


@pytest.mark.parametrize("outcome", [Outcome.UNDATED, Outcome.EMPTY])
def test_a_post_seen_before_the_feed_lost_its_days_is_still_known(outcome: Outcome) -> None:
    before, bare = visit("11-18", newest="11-18"), visit(TODAY, outcome, unresolved=1)
    history = replace(known_by(before, bare, entered=word("11-17", "11-02")), dated=before)
    assert verdict(history) == (Verdict.OK, day("11-18"))


def test_beside_a_word_that_has_run_out_a_look_without_days_decides_alone() -> None:
    before, bare = visit("11-18", newest="11-18"), visit(TODAY, Outcome.UNDATED, unresolved=1)
    history = replace(known_by(before, bare, entered=word("11-14", "11-02")), dated=before)
    assert verdict(history) == (Verdict.UNKNOWN, None)


def test_a_post_of_an_old_word_is_known_and_a_look_that_lacks_it_does_not_accuse() -> None:
    entered = word("11-14", "11-12")
    assert verdict(known_by(visit(TODAY, newest="11-05"), entered=entered)) == (
        Verdict.OK,
        day("11-12"),
    )
    older = word("11-14", "11-07")
    row = row_of(account(), known_by(visit(TODAY, newest="11-05"), entered=older), TODAY)
    assert (row.verdict, row.newest) == (Verdict.UNKNOWN, day("11-07"))
    shown = known_by(visit(TODAY, newest="11-07"), entered=older)
    assert verdict(shown) == (Verdict.OVERDUE, day("11-07"))


def test_two_ways_that_agree_accuse_by_the_later_look() -> None:
    history = known_by(visit(TODAY, newest="11-05"), entered=word("11-18", "11-05"))
    row = row_of(account(), history, TODAY)
    assert (row.verdict, row.method) == (Verdict.OVERDUE, Method.CRAWL)


def test_a_word_that_agrees_with_a_look_in_doubt_settles_it() -> None:
    doubtful = visit(TODAY, newest="11-05", unresolved=1)
    assert verdict(known_by(doubtful, entered=None))[0] is Verdict.UNKNOWN
    row = row_of(account(), known_by(doubtful, entered=word("11-21", "11-05")), TODAY)
    assert (row.verdict, row.method) == (Verdict.OVERDUE, Method.MANUAL)
    stopped = visit(TODAY, newest="11-05", shown_to=day("11-18"))
    assert verdict(known_by(stopped, entered=None))[0] is Verdict.UNKNOWN
    assert verdict(known_by(stopped, entered=word("11-20", "11-05")))[0] is Verdict.OVERDUE
    early = known_by(doubtful, entered=word("11-19", "11-05"))
    assert verdict(early)[0] is Verdict.UNKNOWN


def test_what_only_a_word_before_the_limit_knows_does_not_accuse() -> None:
    history = known_by(visit(TODAY, newest="11-01"), entered=word("11-16", "11-07"))
    assert verdict(history) == (Verdict.UNKNOWN, day("11-07"))


def test_a_feed_that_was_built_before_the_limit_ran_out_does_not_accuse() -> None:
    built = visit(TODAY, newest="11-07", shown_to=day("11-21"))
    row = row_of(account(), seen(built), TODAY)
    assert row.verdict is Verdict.UNKNOWN
    assert row.reason.endswith("所查来源只反映到2026-11-21，不作判定")
    rebuilt = visit(TODAY, newest="11-07", shown_to=day("11-22"))
    assert row_of(account(), seen(rebuilt), TODAY).verdict is Verdict.OVERDUE


@pytest.mark.parametrize(
    ("built", "expected"), [("11-19", Verdict.OVERDUE), ("11-18", Verdict.UNKNOWN)]
)
def test_a_feed_that_stopped_longer_ago_than_a_look_holds_does_not_accuse(
    built: str, expected: Verdict
) -> None:
    row = row_of(account(), seen(visit(TODAY, newest="10-01", shown_to=day(built))), TODAY)
    assert row.verdict is expected
    if expected is Verdict.UNKNOWN:
        assert row.reason.endswith("所查来源只反映到2026-11-18，已是4天前，不作判定")


def test_a_feed_that_was_not_rebuilt_is_still_in_time() -> None:
    built = visit(TODAY, newest="11-12", shown_to=day("11-12"))
    assert row_of(account(), seen(built), TODAY).verdict is Verdict.OK


def test_a_closed_account_is_judged_by_nobody_whatever_was_brought() -> None:
    closed = account(closed_on=day("11-01"))
    assert row_of(closed, known_by(entered=word(TODAY, "10-01")), TODAY).verdict is Verdict.EXEMPT


# Letters: the public page and the export of the back end


def exported(received: str | None, replied: str | None = None, **known: Any) -> LetterState:
    """The letter as it stands in an export of Sunday 11-22."""
    on = known.pop("on", TODAY)
    state = letter(received, replied, seen_on=on, **known)
    return replace(state, method=Method.EXPORT, shown_to=day(on))


def export(on: str = TODAY) -> Visit:
    return word(on, None, method=Method.EXPORT)


PAGE = Visit(1, "mailbox:m1", at(TODAY), Outcome.OK)
BLOCKED = Visit(1, "mailbox:m1", at(TODAY), Outcome.BLOCKED)
BOTH = History(PAGE, PAGE, export())


def stands(*states: LetterState, history: History = BOTH, box: Any = None) -> Any:
    (row,) = judged(box or mailbox(), history, TODAY, *states).letters
    return row


def test_a_letter_that_only_the_back_end_knows_is_timed_like_any_other() -> None:
    row = stands(exported("11-12"))
    assert (row.verdict, row.due, row.method) == (
        LetterVerdict.OVERDUE,
        day("11-19"),
        Method.EXPORT,
    )


def test_an_export_made_before_the_deadline_shows_nothing_of_what_came_after() -> None:
    row = stands(exported("11-12", on="11-19"), history=History(PAGE, PAGE, export("11-19")))
    assert row.verdict is LetterVerdict.WAITING
    assert row.reason.endswith("导出表只反映到2026-11-19，不作判定")


def test_an_export_older_than_seven_days_leaves_its_open_letters_unknown() -> None:
    row = stands(exported("11-02", on="11-14"), history=History(PAGE, PAGE, export("11-14")))
    assert row.verdict is LetterVerdict.WAITING
    assert "后台导出反映到2026-11-14，已是8天前" in row.reason


def test_an_open_letter_that_the_last_export_lacks_is_not_known() -> None:
    row = stands(exported("11-02", on="11-20"), history=History(PAGE, PAGE, export("11-21")))
    assert row.verdict is LetterVerdict.WAITING
    assert "2026-11-21的导出中没有此信" in row.reason


def test_one_letter_shown_by_both_ways_is_one_letter() -> None:
    row = stands(letter("11-12", answered=False), exported("11-12"))
    assert row.verdict is LetterVerdict.OVERDUE


@pytest.mark.parametrize("order", [1, -1])
def test_what_answers_a_letter_in_one_way_answers_it(order: int) -> None:
    page, back = letter("11-12", answered=False), exported("11-12", "11-18")
    assert stands(*(page, back)[::order]).verdict is LetterVerdict.ANSWERED_IN_TIME
    page, back = letter("11-12", "11-18"), exported("11-12")
    assert stands(*(page, back)[::order]).verdict is LetterVerdict.ANSWERED_IN_TIME


def test_where_both_say_a_day_of_reply_the_back_end_is_believed() -> None:
    row = stands(letter("11-12", "11-20"), exported("11-12", "11-19"))
    assert (row.verdict, row.letter.replied_on) == (
        LetterVerdict.ANSWERED_IN_TIME,
        day("11-19"),
    )


def test_a_day_of_closing_in_the_back_end_makes_no_answer_late_that_the_page_shows_in_time() -> (
    None
):
    row = stands(letter("11-09", "11-12"), exported("11-09", "11-20"))
    assert (row.verdict, row.letter.replied_on, row.method) == (
        LetterVerdict.ANSWERED_IN_TIME,
        day("11-12"),
        Method.CRAWL,
    )


def test_an_export_without_days_of_reply_does_not_hide_a_late_one_of_the_page() -> None:
    closed = exported("11-02", status="已办结", answered=None)
    assert stands(letter("11-02", "11-18"), closed).verdict is LetterVerdict.ANSWERED_LATE


def test_a_letter_that_the_back_end_declined_is_owed_no_answer_whatever_the_page_shows() -> None:
    declined = exported("11-02", status="不予受理", answered=None)
    assert stands(letter("11-02", "11-18"), declined).verdict is LetterVerdict.ANSWERED_IN_TIME


def test_of_two_days_of_receipt_the_later_one_counts_while_the_letter_is_open() -> None:
    row = stands(letter("11-16", answered=False), exported("11-12"))
    assert (row.verdict, row.due) == (LetterVerdict.WAITING, day("11-23"))
    accepted = letter(None, answered=False, accepted_on=day("11-16"))
    assert stands(accepted, exported("11-12")).due == day("11-19")


def test_a_page_that_is_looked_at_later_than_the_export_was_made_shows_the_letter_open() -> None:
    old = History(PAGE, PAGE, export("11-18"))
    row = stands(letter("11-12", answered=False), exported("11-12", on="11-18"), history=old)
    assert (row.verdict, row.method) == (LetterVerdict.OVERDUE, Method.CRAWL)


def test_a_blocked_page_does_not_hide_what_the_export_shows() -> None:
    blocked = History(BLOCKED, None, export())
    assert stands(exported("11-12"), history=blocked).verdict is LetterVerdict.OVERDUE
    bench = judged(mailbox(), blocked, TODAY, exported("11-12"))
    assert Key("haian", "mailbox_5wd", "mailbox:m1", "L1") in bench.faults
    (row,) = bench.rows
    assert (row.verdict, row.method) == (Verdict.OVERDUE, Method.EXPORT)


def test_of_a_blocked_page_the_letters_that_no_export_holds_are_not_known() -> None:
    row = stands(letter("11-12", answered=False), history=History(BLOCKED, None, export()))
    assert row.verdict is LetterVerdict.WAITING


# Categories with limits of their own, and approved extensions


BOX = mailbox(categories=(("咨询", "3 working days"), ("疑难", "10 working days")))


@pytest.mark.parametrize(
    ("category", "due"), [("咨询", "11-17"), ("疑难", "11-26"), ("建议", "11-19"), (None, "11-19")]
)
def test_a_category_has_its_own_limit(category: str | None, due: str) -> None:
    assert stands(exported("11-12", category=category), box=BOX).due == day(due)


def test_the_category_is_named_where_it_sets_the_deadline() -> None:
    row = stands(exported("11-12", category="咨询"), box=BOX)
    assert row.reason == (
        "据后台导出，来信2026-11-12，答复期限2026-11-17（咨询类），至2026-11-22未见答复，"
        "已超期3个工作日"
    )


APPROVED: dict[str, Any] = {"extended_to": day("11-27"), "extension": "李四批准：案情复杂"}


def test_an_approved_extension_moves_the_deadline_and_is_told() -> None:
    row = stands(exported("11-12", **APPROVED))
    assert (row.verdict, row.due) == (LetterVerdict.WAITING, day("11-27"))
    assert "（经批准延期，李四批准：案情复杂）" in row.reason


def test_an_extension_entered_by_hand_counts_for_a_letter_of_the_page() -> None:
    entered = replace(letter("11-12", **APPROVED), method=Method.MANUAL)
    row = stands(letter("11-12", answered=False), entered, history=History(PAGE, PAGE))
    assert (row.verdict, row.due) == (LetterVerdict.WAITING, day("11-27"))


def test_an_extension_that_was_taken_back_counts_no_more() -> None:
    entered = replace(
        letter("11-12", seen_on="11-21", extension="李四撤回：误批"), method=Method.MANUAL
    )
    history = History(PAGE, PAGE)
    row = stands(letter("11-12", answered=False), entered, history=history)
    assert (row.verdict, row.due) == (LetterVerdict.OVERDUE, day("11-19"))


def test_what_is_taken_back_by_hand_leaves_the_extension_that_the_export_holds() -> None:
    entered = replace(letter("11-12", extension="已撤回：误填"), method=Method.MANUAL)
    row = stands(exported("11-12", **APPROVED), entered)
    assert (row.verdict, row.due) == (LetterVerdict.WAITING, day("11-27"))


def test_an_export_brought_later_takes_back_no_longer_extension_entered_by_hand() -> None:
    entered = replace(letter("11-12", seen_on="11-18", **APPROVED), method=Method.MANUAL)
    shorter = exported("11-12", extended_to=day("11-20"), extension="李四批准：案情复杂")
    assert stands(shorter, entered).due == day("11-27")


@pytest.mark.parametrize("order", [1, -1])
def test_an_extension_is_taken_back_however_the_number_is_written(order: int) -> None:
    entered = letter("11-12", seen_on="11-18", ref="Ｌ1", **APPROVED)
    taken_back = letter("11-12", seen_on="11-21", extension="已撤回：误填")
    by_hand = [replace(state, method=Method.MANUAL) for state in (entered, taken_back)]
    row = stands(letter("11-12", answered=False), *by_hand[::order])
    assert (row.verdict, row.due) == (LetterVerdict.OVERDUE, day("11-19"))


def test_an_extension_to_an_earlier_day_takes_nothing_away() -> None:
    early: dict[str, Any] = {"extended_to": day("11-13"), "extension": "李四批准：误填"}
    assert stands(exported("11-12", **early)).due == day("11-19")


# Whose matter it is that nothing is known


def operators(history: History, **known: Any) -> tuple[list[Key], list[str]]:
    bench = judged(account(watched_since=day("11-01"), **known), history, TODAY)
    return list(bench.faults), sorted(key.rule for key in bench.cleared if key.pack == "operator")


def test_a_word_that_has_run_out_is_told_as_such() -> None:
    faults, cleared = operators(known_by(entered=word("11-14", "11-13")), source="manual")
    assert faults == [Key("operator", "word", "account:a1")]
    assert cleared == ["unseen"]


def test_an_account_that_was_never_entered_is_told_after_seven_days() -> None:
    assert operators(History(), source="manual")[0] == [Key("operator", "word", "account:a1")]
    young = judged(account(watched_since=day("11-15"), source="csv"), History(), TODAY)
    assert young.faults == {}
    (row,) = young.rows
    assert (row.verdict, row.reason) == (Verdict.UNKNOWN, "尚未导入或登记")


def test_an_account_that_is_looked_at_is_told_after_three_days() -> None:
    failed = known_by(visit("11-18", newest="11-18"), visit(TODAY, Outcome.BLOCKED), entered=None)
    assert operators(failed, source="feed")[0] == [Key("operator", "unseen", "account:a1")]


def test_a_word_that_holds_ends_what_was_told_of_the_failed_looks() -> None:
    failed = known_by(visit(TODAY, Outcome.BLOCKED), entered=word("11-20", "11-19"))
    assert operators(failed, source="feed") == ([], ["unseen", "word"])


def test_what_an_account_met_is_told_in_the_words_of_its_source() -> None:
    refused = Visit(
        1, "account:a1", at(TODAY), Outcome.BLOCKED, note="公众号接口拒绝：本机地址不在IP白名单"
    )
    row = row_of(account(), seen(refused), TODAY)
    assert row.reason == (
        "被防火墙或验证页面拦截（公众号接口拒绝：本机地址不在IP白名单），不作判定"
    )


def test_a_number_written_wide_or_spaced_is_the_same_letter_under_the_pages_number() -> None:
    page = letter("11-12", answered=False, ref="Ｌ 1")
    row = stands(page, exported("11-12", "11-18", ref="L1"))
    assert (row.letter.ref, row.verdict) == ("Ｌ 1", LetterVerdict.ANSWERED_IN_TIME)


def test_a_letter_that_the_export_knew_first_keeps_its_number_and_so_its_finding() -> None:
    page = letter("11-12", answered=False, ref="Ｌ 1")
    back = replace(exported("11-12", ref="L1"), first_seen_at=at("11-20"))
    assert stands(page, back).letter.ref == "L1"


def test_a_verdict_by_a_word_says_whose_word_it_rests_on() -> None:
    row = row_of(account(), known_by(entered=word("11-22", "11-07")), TODAY)
    assert row.reason == (
        "据人工登记（张三），最近更新2026-11-07，时限14天，最后期限2026-11-21，已超期1天"
    )
