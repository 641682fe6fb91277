"""The demo county plants what it says, on the right side of every limit."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from app.demo.columns import Column
from app.demo.faults import FAULTS, Trap
from app.demo.letters import LIMIT_WORKING_DAYS
from app.demo.plan import Plan, make_plan
from checks.calendar import Limit, load_calendar, months_before
from checks.facts import Outcome
from checks.verdicts import LetterVerdict, Verdict
from storage.fields import SOURCES

TODAY = date(2026, 11, 22)
CALENDAR = load_calendar()


# What was seen well and proves nothing: a row apart, and sources that may lag or leave out.
DOUBTFUL = {
    *("pinned_apart", "feed_not_rebuilt", "article_old", "mirror_old", "interface_old"),
    "entered_long_ago",
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(TODAY, CALENDAR, with_vetoes=False)


def column(plan: Plan, column_id: str) -> Column:
    return next(column for column in plan.columns if column.id == column_id)


def test_the_county_is_large_enough(plan: Plan) -> None:
    kinds = Counter(unit.kind for unit in plan.units)
    assert kinds["department"] >= 5
    assert kinds["town"] >= 3
    assert {site.family for site in plan.sites} == {"truecms", "jpage", "trs", "gbk"}
    assert len(plan.columns) == 57
    assert len({column.unit for column in plan.columns}) >= 8
    assert len(plan.mailboxes) == 3
    assert len(plan.accounts) == 24
    assert len({account.platform for account in plan.accounts}) == 6
    assert {account.source for account in plan.accounts} == set(SOURCES)


def test_every_fault_is_planted_and_every_verdict_occurs(plan: Plan) -> None:
    everything = make_plan(TODAY, CALENDAR)
    assert {column.fault for column in everything.columns} == FAULTS.keys()
    verdicts = Counter(planted.expected.verdict for planted in plan.subjects.values())
    assert set(verdicts) == set(Verdict)
    assert {column.expected.outcome for column in plan.columns} >= set(Outcome) - {
        Outcome.TOO_LARGE
    }


def test_what_is_not_seen_is_expected_to_be_unknown_and_so_is_what_proves_nothing(
    plan: Plan,
) -> None:
    for key, planted in plan.subjects.items():
        expected = planted.expected
        unsure = not expected.outcome.seen or planted.fault in DOUBTFUL
        assert (expected.verdict is Verdict.UNKNOWN) == unsure, key
        assert expected.outcome.seen or expected.newest is None, key


@pytest.mark.parametrize(
    ("fault", "days", "verdict"),
    [
        ("fresh_today", 0, Verdict.OK),
        ("three_days_left", 11, Verdict.DUE_SOON),
        ("near_limit", 12, Verdict.DUE_SOON),
        ("on_limit", 14, Verdict.DUE_SOON),
        ("late_by_one", 15, Verdict.OVERDUE),
    ],
)
def test_news_columns_are_planted_to_the_day(
    plan: Plan, fault: str, days: int, verdict: Verdict
) -> None:
    planted = [column for column in plan.columns if column.fault == fault]
    assert planted
    for news in planted:
        assert news.column_class == "news"
        assert news.expected.newest == TODAY - timedelta(days)
        assert max(entry.on for entry in news.rows if entry.on) == news.expected.newest
        assert news.expected.verdict is verdict


@pytest.mark.parametrize("today", [TODAY, date(2027, 8, 31), date(2028, 8, 29), date(2027, 1, 1)])
def test_interpretation_is_planted_on_both_sides_of_six_calendar_months(today: date) -> None:
    by_fault = {c.fault: c for c in make_plan(today, CALENDAR, with_vetoes=False).columns}
    limit_day = months_before(today, 6)
    assert by_fault["half_year_exact"].expected.newest == limit_day
    assert by_fault["half_year_late"].expected.newest == limit_day - timedelta(1)


def test_half_a_year_before_22_november_is_22_may(plan: Plan) -> None:
    assert column(plan, "portal-zcjd").expected.newest == date(2026, 5, 22)
    assert column(plan, "sqz-hnjd").expected.newest == date(2026, 5, 21)


def test_rows_never_beat_the_expected_day_except_future_typos(plan: Plan) -> None:
    for planted in plan.columns:
        if planted.expected.newest is None:
            continue
        days = [entry.on for entry in planted.rows if entry.on and entry.on <= TODAY]
        assert max(days) == planted.expected.newest, planted.id
        future = [entry for entry in planted.rows if entry.on and entry.on > TODAY]
        assert bool(future) == (FAULTS[planted.fault].trap is Trap.FUTURE), planted.id


def test_titles_of_one_list_differ_and_the_plan_is_the_same_every_time(plan: Plan) -> None:
    for planted in plan.columns:
        words = [entry.title for entry in planted.rows]
        assert len(set(words)) == len(words), planted.id
    assert make_plan(TODAY, CALENDAR, with_vetoes=False) == plan


def test_no_real_place_is_named(plan: Plan) -> None:
    text = plan.inventory_toml(dict.fromkeys(plan.hosts, "http://127.0.0.1"))
    assert "海安" not in text
    assert "云岚" in text


# Letters


def test_letters_around_national_day_and_spring_festival_are_timed_exactly(plan: Plan) -> None:
    known = {
        (letter.received, letter.replied): (letter.due, letter.verdict)
        for letter in plan.letters
        if letter.replied
    }
    in_time, late = LetterVerdict.ANSWERED_IN_TIME, LetterVerdict.ANSWERED_LATE
    received = date(2026, 9, 24)
    due = date(2026, 10, 9)
    assert known[received, date(2026, 10, 9)] == (due, in_time)
    assert known[received, date(2026, 10, 10)] == (due, late)
    assert known[date(2026, 9, 18), date(2026, 9, 24)] == (date(2026, 9, 24), in_time)
    assert known[date(2026, 2, 13), date(2026, 2, 27)] == (date(2026, 2, 27), in_time)


def test_open_letters_stand_on_both_sides_of_their_due_day(plan: Plan) -> None:
    still_open = {
        letter.received: letter
        for letter in plan.letters
        if letter.mailbox == "szxx" and letter.status in ("办理中", "已受理")
    }
    # 22 November 2026 is a Sunday: due on Friday the 20th, due on Monday, and just come in.
    overdue, near, new = (still_open[day] for day in sorted(still_open))
    assert (overdue.due, overdue.verdict) == (date(2026, 11, 20), LetterVerdict.OVERDUE)
    assert (near.due, near.verdict, near.near) == (
        date(2026, 11, 23),
        LetterVerdict.WAITING,
        True,
    )
    assert (new.received, new.due, new.near) == (date(2026, 11, 21), date(2026, 11, 27), False)


def test_a_mailbox_is_overdue_on_its_page_and_one_by_an_export(plan: Plan) -> None:
    verdicts = {mailbox.id: mailbox.expected.verdict for mailbox in plan.mailboxes}
    assert verdicts == {
        "szxx": Verdict.OVERDUE,
        "zxjl": Verdict.DUE_SOON,
        "rx12345": Verdict.OVERDUE,
    }
    assert [mailbox.id for mailbox in plan.mailboxes if not mailbox.path] == ["rx12345"]


def test_the_hotline_has_a_category_in_time_and_late_and_an_extension(plan: Plan) -> None:
    hotline = next(mailbox for mailbox in plan.mailboxes if mailbox.id == "rx12345")
    assert sorted(
        (each.category, str(each.verdict), each.extended_to is not None) for each in hotline.letters
    ) == [
        ("咨询", "answered_in_time", False),
        ("咨询", "answered_late", False),
        ("投诉", "overdue", False),
        ("投诉", "waiting", True),
    ]


def test_letters_due_in_a_year_without_a_plan_are_provisional() -> None:
    assert not CALENDAR.covers(date(2099, 1, 4))
    plan = make_plan(date(2099, 1, 4), CALENDAR, with_vetoes=False)
    recent = [letter for letter in plan.letters if letter.received.year >= 2098]
    waiting = [letter for letter in recent if letter.status == "已受理"]
    assert {letter.verdict for letter in waiting} == {LetterVerdict.PROVISIONAL}


def test_references_are_unique(plan: Plan) -> None:
    refs = [letter.ref for letter in plan.letters]
    assert len(set(refs)) == len(refs) >= 18


def test_a_letter_keeps_its_reference_the_next_day(plan: Plan) -> None:
    def national_day(planned: Plan) -> set[tuple[str, date | None]]:
        return {(x.ref, x.replied) for x in planned.letters if x.received == date(2026, 9, 24)}

    assert len(national_day(plan)) == 4
    next_day = make_plan(TODAY + timedelta(1), CALENDAR, with_vetoes=False)
    assert national_day(next_day) == national_day(plan)


def test_the_limit_of_the_letters_is_the_citys_five_working_days() -> None:
    assert str(Limit(LIMIT_WORKING_DAYS, "working day")) == "5 working days"
