"""Columns and accounts: late is late to the day, and what was not seen is not late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from checks.facts import Outcome, Visit
from checks.freshness import OUTCOME_WORDS
from checks.rules import pack_texts, read_law
from checks.subjects import Subject
from checks.verdicts import Verdict
from tests.checks.make import (
    CALENDAR,
    UNSEEN_OUTCOMES,
    account,
    against_units,
    column,
    day,
    judged,
    mailbox,
    row_of,
    seen,
    site,
    visit,
)

OK, EMPTY, UNDATED = Outcome.OK, Outcome.EMPTY, Outcome.UNDATED


def standing(subject: Subject, newest: str, as_of: str) -> tuple[Verdict, int | None, int | None]:
    """Verdict, days left and days over, looked at on the day judged."""
    row = row_of(subject, seen(visit(as_of, OK, newest)), as_of)
    return row.verdict, row.days_left, row.days_over


# Two weeks: 2020 年报, 动态新闻类栏目更新不超过2周; day 14 is still good


@pytest.mark.parametrize("subject", [column("news"), account()])
@pytest.mark.parametrize(
    ("newest", "verdict", "left", "over"),
    [
        ("11-22", Verdict.OK, 14, None),
        ("11-12", Verdict.OK, 4, None),
        ("11-11", Verdict.DUE_SOON, 3, None),
        ("11-10", Verdict.DUE_SOON, 2, None),
        ("11-09", Verdict.DUE_SOON, 1, None),  # day 13
        ("11-08", Verdict.DUE_SOON, 0, None),  # day 14
        ("11-07", Verdict.OVERDUE, None, 1),  # day 15
        ("2025-11-22", Verdict.OVERDUE, None, 351),
    ],
)
def test_a_news_column_and_an_account_have_fourteen_days(
    subject: Subject, newest: str, verdict: Verdict, left: int | None, over: int | None
) -> None:
    assert standing(subject, newest, "2026-11-22") == (verdict, left, over)


def test_the_row_says_its_arithmetic() -> None:
    row = row_of(column(), seen(visit("11-22", OK, "11-07", evidence="evidence/a#1")), "11-22")
    assert (row.rule, row.pack) == ("news_2w", "haian")
    assert (row.newest, row.due) == (day("11-07"), day("11-21"))
    assert row.reason == "最近更新2026-11-07，时限14天，最后期限2026-11-21，已超期1天"
    assert (row.outcome, row.evidence, row.visit) == (OK, "evidence/a#1", 1)
    assert row.last_seen == visit("11-22").observed_at


# Six months: 政策解读类栏目更新不超过6个月, by calendar months


@pytest.mark.parametrize(
    ("newest", "as_of", "verdict", "left", "over"),
    [
        ("2026-05-22", "2026-11-07", Verdict.OK, 15, None),
        ("2026-05-22", "2026-11-08", Verdict.DUE_SOON, 14, None),
        ("2026-05-22", "2026-11-22", Verdict.DUE_SOON, 0, None),
        ("2026-05-21", "2026-11-22", Verdict.OVERDUE, None, 1),
        ("2020-02-29", "2020-08-31", Verdict.DUE_SOON, 0, None),
        ("2020-02-29", "2020-09-01", Verdict.OVERDUE, None, 1),
        ("2020-02-28", "2020-08-31", Verdict.OVERDUE, None, 3),
        ("2025-11-30", "2026-05-31", Verdict.DUE_SOON, 0, None),
        ("2025-11-30", "2026-06-01", Verdict.OVERDUE, None, 1),
    ],
)
def test_an_interpretation_column_has_six_calendar_months(
    newest: str, as_of: str, verdict: Verdict, left: int | None, over: int | None
) -> None:
    assert standing(column("interpretation"), newest, as_of) == (verdict, left, over)


# Not seen is not the same as not updated


@pytest.mark.parametrize("subject", [column(), account(), column("other"), site()])
@pytest.mark.parametrize("outcome", UNSEEN_OUTCOMES)
@pytest.mark.parametrize("before", [OK, EMPTY, UNDATED, None])
def test_whatever_hides_the_page_today_is_unknown_whatever_it_showed_before(
    subject: Subject, outcome: Outcome, before: Outcome | None
) -> None:
    looks = [visit("11-22", outcome)]
    if before is not None:
        looks.insert(0, visit("11-21", before, "10-01" if before is OK else None))
    bench = judged(subject, seen(*looks), "11-22")
    (row,) = bench.rows
    assert (row.verdict, row.outcome) == (Verdict.UNKNOWN, outcome)
    assert row.reason.startswith(f"{OUTCOME_WORDS[outcome]}，不作判定")
    assert against_units(bench) == []
    assert [key for key in bench.cleared if key.pack != "operator"] == []


def test_every_outcome_has_its_words_and_only_three_can_lead_to_a_verdict() -> None:
    assert OUTCOME_WORDS.keys() == set(Outcome)
    assert {outcome for outcome in Outcome if outcome.seen} == {OK, EMPTY, UNDATED}
    assert len(UNSEEN_OUTCOMES) == 7


def test_the_newest_day_of_the_last_good_look_is_still_told() -> None:
    row = row_of(
        column(), seen(visit("11-20", OK, "10-01"), visit("11-22", Outcome.BLOCKED)), "11-22"
    )
    assert row.newest == day("10-01")
    assert row.reason == "被防火墙或验证页面拦截，不作判定；此前所见最近更新为2026-10-01"
    assert row.last_seen == visit("11-20").observed_at
    assert (row.due, row.days_left, row.days_over) == (None, None, None)


def test_a_subject_never_looked_at_is_unknown() -> None:
    row = row_of(column(), seen(), "11-22")
    assert (row.verdict, row.reason, row.outcome) == (Verdict.UNKNOWN, "尚未查看", None)


@pytest.mark.parametrize(
    ("looked", "verdict"),
    [("11-22", Verdict.OVERDUE), ("11-19", Verdict.OVERDUE), ("11-18", Verdict.UNKNOWN)],
)
def test_a_good_look_older_than_three_days_says_nothing_of_today(
    looked: str, verdict: Verdict
) -> None:
    row = row_of(column(), seen(visit(looked, OK, "11-01")), "11-22")
    assert row.verdict is verdict
    assert verdict is not Verdict.UNKNOWN or row.reason == "最近一次查看已是4天前，不作判定"


def test_good_news_older_than_three_days_is_unknown_too() -> None:
    assert row_of(column(), seen(visit("11-18", OK, "11-18")), "11-22").verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("looked", "verdict"),
    [("11-20", Verdict.UNKNOWN), ("11-21", Verdict.UNKNOWN), ("11-22", Verdict.OVERDUE)],
)
def test_a_look_up_to_the_due_day_proves_nothing_about_the_day_after(
    looked: str, verdict: Verdict
) -> None:
    bench = judged(column(), seen(visit(looked, OK, "11-07")), "11-22")
    (row,) = bench.rows
    assert row.due == day("11-21")
    assert row.verdict is verdict
    assert bool(against_units(bench)) is (verdict is Verdict.OVERDUE)
    assert verdict is Verdict.OVERDUE or row.reason.endswith("到期之后尚未查看，不作判定")


def test_the_day_of_a_look_is_the_day_in_shanghai() -> None:
    late_evening_utc = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)  # 22 November, 00:30
    evening_utc = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)  # 21 November, 23:30
    look = visit("11-22", OK, "11-07")
    for moment, verdict in ((late_evening_utc, Verdict.OVERDUE), (evening_utc, Verdict.UNKNOWN)):
        history = seen(replace(look, observed_at=moment))
        assert row_of(column(), history, "11-22").verdict is verdict


def test_a_day_ahead_assumes_that_nothing_new_appears() -> None:
    history = seen(visit("11-22", OK, "11-20"))
    ahead = row_of(column(), history, "12-05", projected=True)
    assert (ahead.verdict, ahead.days_over) == (Verdict.OVERDUE, 1)
    assert row_of(column(), history, "12-04", projected=True).verdict is Verdict.DUE_SOON
    assert row_of(column(), history, "12-05").verdict is Verdict.UNKNOWN


def test_a_day_ahead_is_unknown_where_today_is_not_seen() -> None:
    history = seen(visit("11-21", OK, "11-01"), visit("11-22", Outcome.BLOCKED))
    bench = judged(column(), history, "12-05", projected=True)
    assert [row.verdict for row in bench.rows] == [Verdict.UNKNOWN]
    assert bench.faults == {}


# Dates that are in doubt


def test_a_list_of_future_dates_alone_is_unknown() -> None:
    bench = judged(column(), seen(visit("11-22", OK, None, item_count=8)), "11-22")
    (row,) = bench.rows
    assert (row.verdict, row.reason) == (Verdict.UNKNOWN, "仅见晚于查看日的日期，不作判定")
    assert against_units(bench) == []


def test_a_look_that_read_no_rows_says_nothing_of_updates() -> None:
    bench = judged(column(), seen(visit("11-22", OK, None)), "11-22")
    (row,) = bench.rows
    assert (row.verdict, row.reason) == (Verdict.UNKNOWN, "未读取更新日期，不作判定")
    assert against_units(bench) == []


def test_rows_whose_date_could_not_be_found_out_may_be_the_update_that_is_missed() -> None:
    late = row_of(column(), seen(visit("11-22", OK, "11-01", unresolved=2)), "11-22")
    assert late.verdict is Verdict.UNKNOWN
    assert late.due == day("11-15")
    assert late.reason.endswith("另有2条置顶或日期未明的信息可能更新，不作判定")


def test_rows_without_a_date_do_not_spoil_an_update_that_was_seen() -> None:
    row = row_of(column(), seen(visit("11-22", OK, "11-20", unresolved=2)), "11-22")
    assert row.verdict is Verdict.OK


def test_an_undated_list_counts_as_not_updated() -> None:
    bench = judged(column(), seen(visit("11-22", UNDATED)), "11-22")
    (row,) = bench.rows
    assert (row.verdict, row.reason) == (Verdict.UNDATED, "有内容但未标注日期")
    assert against_units(bench) == ["haian/news_2w column:c1"]


def test_an_undated_list_whose_articles_could_not_be_opened_is_unknown() -> None:
    bench = judged(column(), seen(visit("11-22", UNDATED, unresolved=5)), "11-22")
    (row,) = bench.rows
    assert row.verdict is Verdict.UNKNOWN
    assert row.reason == "列表未标注日期，其中5条的正文未能打开，不作判定"
    assert against_units(bench) == []


@pytest.mark.parametrize("subject", [column("news"), column("interpretation"), account()])
def test_a_blank_column_and_a_blank_account_are_the_unit_s_fault(subject: Subject) -> None:
    bench = judged(subject, seen(visit("11-22", EMPTY)), "11-22")
    (row,) = bench.rows
    assert (row.verdict, row.reason) == (Verdict.BLANK, "页面无内容")
    assert len(against_units(bench)) == 1


def test_a_deadline_that_rests_on_an_unpublished_plan_is_never_overdue() -> None:
    texts = pack_texts(["haian"])
    haian = texts["haian"].replace('limit = "14 days"', 'limit = "10 working days"')
    law = read_law({**texts, "haian": haian}, CALENDAR)
    history = seen(visit("2027-01-20", OK, "2026-12-28"))
    row = row_of(column(), history, "2027-01-20", law=law)
    assert row.verdict is Verdict.UNKNOWN
    assert row.reason.endswith("（暂定），不作判定")


# A new account


@pytest.mark.parametrize(
    ("opened", "verdict", "left"),
    [("11-22", Verdict.OK, 14), ("11-08", Verdict.OK, 0), ("11-07", Verdict.BLANK, None)],
)
def test_an_account_without_a_post_is_blank_once_its_first_fourteen_days_are_over(
    opened: str, verdict: Verdict, left: int | None
) -> None:
    bench = judged(account(opened_on=day(opened)), seen(visit("11-22", EMPTY)), "11-22")
    (row,) = bench.rows
    assert (row.verdict, row.days_left, row.newest) == (verdict, left, None)
    assert bool(against_units(bench)) is (verdict is Verdict.BLANK)


# Exempt and closed


@pytest.mark.parametrize(
    ("as_of", "verdict"),
    [("11-21", Verdict.EXEMPT), ("11-22", Verdict.EXEMPT), ("11-23", Verdict.OVERDUE)],
)
def test_an_exemption_holds_up_to_and_including_its_last_day(as_of: str, verdict: Verdict) -> None:
    exempt = column(exempt_until=day("11-22"), exempt_reason="栏目改版")
    bench = judged(exempt, seen(visit(as_of, OK, "10-01")), as_of)
    (row,) = bench.rows
    assert row.verdict is verdict
    assert bool(against_units(bench)) is (verdict is Verdict.OVERDUE)
    assert verdict is Verdict.OVERDUE or row.reason == "经批准豁免至2026-11-22：栏目改版"


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_is_exempt_is_exempt_whatever_the_look_met(outcome: Outcome) -> None:
    exempt = column(exempt_until=day("12-31"), exempt_reason="栏目改版")
    assert row_of(exempt, seen(visit("11-22", outcome)), "11-22").verdict is Verdict.EXEMPT


def test_an_account_is_not_judged_from_the_day_it_is_closed() -> None:
    closed = account(closed_on=day("11-22"))
    history = seen(visit("11-21", OK, "10-01"), visit("11-22", OK, "10-01"))
    row = row_of(closed, history, "11-22")
    assert (row.verdict, row.reason) == (Verdict.EXEMPT, "账号已于2026-11-22关停")
    before = row_of(closed, seen(visit("11-21", OK, "10-01")), "11-21")
    assert before.verdict is Verdict.OVERDUE


# Subjects without a rule


@pytest.mark.parametrize(
    ("subject", "look", "verdict"),
    [
        (column("other"), visit("11-22", OK, "2019-01-01"), Verdict.OK),
        (column("other"), visit("11-22", OK, None), Verdict.OK),
        (column("other"), visit("11-22", EMPTY), Verdict.BLANK),
        (column("other"), visit("11-22", UNDATED), Verdict.UNDATED),
        (column("other"), visit("11-22", UNDATED, unresolved=1), Verdict.UNKNOWN),
        (column("other"), visit("11-22", Outcome.GONE), Verdict.UNKNOWN),
        (column("other"), visit("11-18", OK, "11-18"), Verdict.UNKNOWN),
        (site(), visit("11-22", OK), Verdict.OK),
        (site(), visit("11-22", EMPTY), Verdict.OK),
        (site(), visit("11-22", UNDATED), Verdict.OK),
        (site(), visit("11-22", Outcome.UNREACHABLE), Verdict.UNKNOWN),
    ],
)
def test_a_subject_without_a_rule_has_one_row_and_is_held_against_nobody(
    subject: Subject, look: Visit, verdict: Verdict
) -> None:
    bench = judged(subject, seen(look), "11-22")
    (row,) = bench.rows
    assert (row.rule, row.pack, row.verdict) == (None, None, verdict)
    assert (row.due, row.days_left, row.days_over) == (None, None, None)
    assert against_units(bench) == []


def test_an_empty_mailbox_without_a_rule_is_no_blank_column() -> None:
    law = read_law(pack_texts([]), CALENDAR)
    row = row_of(mailbox(), seen(visit("11-22", EMPTY)), "11-22", law=law)
    assert (row.rule, row.verdict) == (None, Verdict.OK)


# Nothing late is missed, nobody is late by a guess: every day of two months


@pytest.mark.parametrize("unresolved", [0, 1])
@pytest.mark.parametrize("subject", [column("news"), account()])
def test_late_is_exactly_what_was_looked_at_after_the_due_day_and_lately(
    subject: Subject, unresolved: int
) -> None:
    newest, due = date(2026, 9, 20), date(2026, 10, 4)
    met = set()
    for looked in (newest + timedelta(days=i) for i in range(40)):
        for wait in range(6):
            as_of = looked + timedelta(days=wait)
            look = visit(str(looked), OK, str(newest), unresolved=unresolved)
            row = row_of(subject, seen(look), str(as_of))
            late = as_of > due and looked > due and wait <= 3 and not unresolved
            good = as_of <= due and wait <= 3
            met.add(row.verdict)
            assert (row.verdict is Verdict.OVERDUE) == late, (looked, as_of)
            assert (row.verdict in (Verdict.OK, Verdict.DUE_SOON)) == good, (looked, as_of)
            assert not late or row.days_over == (as_of - due).days
    usual = {Verdict.OK, Verdict.DUE_SOON, Verdict.UNKNOWN}
    assert met == (usual if unresolved else usual | {Verdict.OVERDUE})
