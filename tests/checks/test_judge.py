"""One door to all rules: what is held against whom, what clears it, what stays open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.calendar import Limit, load_calendar
from checks.facts import History, Letter, LetterState, Outcome, Visit
from checks.freshness import SHANGHAI, Moment, local_day
from checks.judge import Bench, Facts, allowance, judge
from checks.lifecycle import Fault, Key
from checks.rules import pack_texts, read_law
from checks.subjects import Subject
from checks.verdicts import Verdict
from tests.checks.make import (
    LAW,
    UNSEEN_OUTCOMES,
    account,
    against_units,
    at,
    column,
    day,
    judge_all,
    judged,
    letter,
    mailbox,
    seen,
    site,
    visit,
)

NEWS = Key("haian", "news_2w", "column:c1")
UNSEEN = Key("operator", "unseen", "column:c1")


def operator_faults(bench: Bench) -> list[Fault]:
    return [fault for key, fault in bench.faults.items() if key.pack == "operator"]


# What a judgement leads to


def test_a_late_column_is_a_fault_of_its_unit_with_its_reason_evidence_and_basis() -> None:
    history = seen(visit("11-22", Outcome.OK, "11-01", evidence="evidence/a#1"))
    bench = judged(column(), history, "11-22")
    why = "最近更新2026-11-01，时限14天，最后期限2026-11-15，已超期7天"
    seen_at = at("11-22", 9)
    fault = Fault(NEWS, "u1", day("11-01"), why, "evidence/a#1", Limit(7, "day"), looked=seen_at)
    assert bench.faults == {NEWS: fault}
    assert bench.cleared.keys() == {UNSEEN}


def test_an_overdue_letter_is_a_fault_of_the_mailbox_s_unit_that_rests_on_its_due_day() -> None:
    history = seen(visit("11-22", evidence="evidence/b#1"))
    bench = judged(mailbox(), history, "11-22", letter("11-12", ref="L7"))
    key = Key("haian", "mailbox_5wd", "mailbox:m1", "L7")
    fault = bench.faults[key]
    assert (fault.unit, fault.basis, fault.evidence) == ("u1", day("11-19"), "evidence/b#1")
    assert (fault.over, fault.opens, fault.remind) == (False, True, Limit(3, "day"))
    assert list(bench.faults) == [key]


@pytest.mark.parametrize(
    ("subject", "look", "verdict"),
    [
        (column(), visit("11-22", Outcome.OK, "11-20"), Verdict.OK),
        (column(), visit("11-22", Outcome.OK, "11-09"), Verdict.DUE_SOON),
        (column(exempt_until=day("12-31")), visit("11-22", Outcome.EMPTY), Verdict.EXEMPT),
    ],
)
def test_good_near_and_exempt_clear_what_was_held(
    subject: Subject, look: Visit, verdict: Verdict
) -> None:
    bench = judged(subject, seen(look), "11-22")
    assert [row.verdict for row in bench.rows] == [verdict]
    assert bench.cleared[NEWS] == bench.rows[0].reason
    assert bench.faults == {}


@pytest.mark.parametrize(
    "look",
    [
        visit("11-22", Outcome.BLOCKED),
        visit("11-22", Outcome.OK),
        visit("11-22", Outcome.OK, "11-01", unresolved=1),
        visit("11-22", Outcome.UNDATED, unresolved=1),
        visit("11-15", Outcome.OK, "11-01"),
    ],
)
def test_unknown_neither_holds_nor_clears_anything(look: Visit) -> None:
    bench = judged(column(), seen(look), "11-22")
    assert [row.verdict for row in bench.rows] == [Verdict.UNKNOWN]
    assert NEWS not in bench.faults
    assert NEWS not in bench.cleared


def test_every_subject_has_its_rows_in_the_order_of_the_register() -> None:
    subjects = [site(), column(), column("other"), mailbox(), account()]
    subjects[2] = replace(subjects[2], id="c2")
    bench = judge_all(subjects, {}, "11-22")
    assert [(row.subject.key, row.rule, row.verdict) for row in bench.rows] == [
        ("site:s1", None, Verdict.UNKNOWN),
        ("column:c1", "news_2w", Verdict.UNKNOWN),
        ("column:c2", None, Verdict.UNKNOWN),
        ("mailbox:m1", "mailbox_5wd", Verdict.UNKNOWN),
        ("account:a1", "nm_14d", Verdict.UNKNOWN),
    ]
    assert {row.reason for row in bench.rows} == {"尚未查看"}
    assert bench.letters == ()
    assert (bench.faults, bench.cleared) == ({}, {})


def test_the_same_facts_give_the_same_bench() -> None:
    history = seen(visit("11-22", Outcome.OK, "11-01"))
    assert judged(column(), history, "11-22") == judged(column(), history, "11-22")


# What the operator owes: a subject not seen is a finding too


@pytest.mark.parametrize(("last_good", "found"), [("11-19", False), ("11-18", True)])
def test_a_subject_not_seen_for_more_than_three_days_is_the_operator_s(
    last_good: str, found: bool
) -> None:
    history = seen(visit(last_good, Outcome.OK, "11-10"), visit("11-22", Outcome.BLOCKED))
    bench = judged(column(), history, "11-22")
    if found:
        why = "已4天未能查看：被防火墙或验证页面拦截，不作判定；此前所见最近更新为2026-11-10"
        fault = Fault(UNSEEN, None, day("11-18"), why, None, Limit(7, "day"))
        assert bench.faults == {UNSEEN: fault}
        assert bench.cleared == {}
    else:
        assert bench.faults == {}
        assert bench.cleared == {UNSEEN: "2026-11-19已能正常查看"}


@pytest.mark.parametrize(("since", "found"), [("11-19", False), ("11-18", True)])
@pytest.mark.parametrize("looks", [[], [visit("11-22", Outcome.UNREACHABLE)]])
def test_a_subject_never_seen_is_the_operator_s_once_it_is_watched_for_more_than_three_days(
    looks: list[Visit], since: str, found: bool
) -> None:
    bench = judged(column(watched_since=day(since)), seen(*looks), "11-22")
    assert [fault.unit for fault in operator_faults(bench)] == ([None] if found else [])
    assert bench.cleared == {}


def test_looks_that_stopped_altogether_are_the_operator_s_too() -> None:
    bench = judged(column(), seen(visit("11-10", Outcome.OK, "11-10")), "11-22")
    assert [fault.note for fault in operator_faults(bench)] == [
        "已12天未能查看：最近一次查看已是12天前，不作判定"
    ]


@pytest.mark.parametrize(
    "subject",
    [
        column(exempt_until=day("11-22"), watched_since=day("10-01")),
        account(closed_on=day("11-01"), watched_since=day("10-01")),
    ],
)
def test_nobody_has_to_look_at_what_is_exempt_or_closed(subject: Subject) -> None:
    bench = judged(subject, seen(visit("11-22", Outcome.GONE)), "11-22")
    assert bench.faults == {}
    assert Key("operator", "unseen", subject.key) in bench.cleared


def test_a_day_ahead_finds_nothing_for_the_operator() -> None:
    history = seen(visit("11-22", Outcome.OK, "11-22"))
    assert judged(column(), history, "11-30", projected=True).faults == {}


def test_how_old_a_look_may_be_is_the_operator_s_threshold() -> None:
    assert allowance(LAW, day("11-22")) == Limit(3, "day")
    with pytest.raises(LookupError, match="operator/unseen in force on 2019-06-01"):
        allowance(LAW, day("2019-06-01"))


# No false accusation, whatever happened before: random histories

FIRST = date(2026, 8, 1)
DAYS = st.integers(0, 150).map(lambda n: FIRST + timedelta(days=n))
HOURS = st.integers(0, 23)


@st.composite
def looks(draw: st.DrawFn, last: Sequence[Outcome]) -> tuple[Visit, ...]:
    """Up to six looks, oldest first, of which the latest met one of `last`."""
    times = sorted(
        datetime(on.year, on.month, on.day, draw(HOURS), tzinfo=SHANGHAI)
        for on in draw(st.lists(DAYS, min_size=1, max_size=6))
    )
    made: list[Visit] = []
    for number, moment in enumerate(times):
        outcome = draw(st.sampled_from(last if moment is times[-1] else list(Outcome)))
        back = draw(st.none() | st.integers(0, 400))
        newest = local_day(moment) - timedelta(days=back) if back is not None else None
        dated = outcome is Outcome.OK
        unresolved = draw(st.sampled_from([0, 0, 2]))
        made.append(
            Visit(number, "", moment, outcome, newest if dated else None, unresolved=unresolved)
        )
    return tuple(made)


@st.composite
def letters(draw: st.DrawFn, visits: Sequence[Visit]) -> tuple[LetterState, ...]:
    """Letters that one of the good looks showed, answered or not."""
    good = [look for look in visits if look.outcome.seen]
    states: list[LetterState] = []
    for number in range(draw(st.integers(0, 4)) if good else 0):
        shown = draw(st.sampled_from(good)).observed_at
        received = draw(st.none() | DAYS)
        wait = draw(st.none() | st.integers(-2, 40))
        replied = received + timedelta(days=wait) if received and wait is not None else None
        status = draw(st.sampled_from([None, "办理中", "已办结", "不予受理"]))
        read = Letter(f"L{number}", "", None, received, None, replied, None, status)
        states.append(LetterState("mailbox:m1", read, shown, shown))
    return tuple(states)


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    name = draw(st.sampled_from(["news", "interpretation", "other", "account", "mailbox", "site"]))
    kinds = {"account": account, "mailbox": mailbox, "site": site}
    plain = kinds[name]() if name in kinds else column(name)
    exempt_until = draw(st.none() | DAYS)
    return replace(plain, exempt_until=exempt_until, watched_since=FIRST)


@st.composite
def cases(draw: st.DrawFn, last: Sequence[Outcome]) -> tuple[Subject, Facts, Moment]:
    visits = draw(looks(last))
    subject = draw(subjects())
    good = [look for look in visits if look.outcome.seen]
    history = History(visits[-1], good[-1] if good else None)
    as_of = local_day(visits[-1].observed_at) + timedelta(days=draw(st.integers(0, 20)))
    projected = draw(st.booleans())
    facts = Facts([subject], {subject.key: history}, {"mailbox:m1": draw(letters(visits))})
    return subject, facts, Moment(as_of, projected)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(cases(UNSEEN_OUTCOMES))
def test_a_subject_whose_last_look_did_not_show_it_is_never_held_against_its_unit(
    case: tuple[Subject, Facts, Moment],
) -> None:
    _, facts, moment = case
    bench = judge(LAW, facts, moment)
    assert {row.verdict for row in bench.rows} <= {Verdict.UNKNOWN, Verdict.EXEMPT}
    assert against_units(bench) == []


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(cases(list(Outcome)))
def test_whatever_is_held_against_a_unit_was_seen_to_be_so(
    case: tuple[Subject, Facts, Moment],
) -> None:
    subject, facts, moment = case
    bench = judge(LAW, facts, moment)
    (row,) = bench.rows
    history = facts.histories[subject.key]
    assert not set(bench.faults) & set(bench.cleared)
    accused = {key for key, fault in bench.faults.items() if fault.unit is not None}
    if row.verdict.against_unit or accused:
        assert history.last is not None
        assert history.last.outcome.seen
        assert history.last is history.good
        shown = history.last.observed_at
        looked = local_day(shown)
        assert moment.projected or (moment.as_of - looked).days <= 3
    if row.verdict is Verdict.OVERDUE:
        assert row.due is not None
        assert row.days_over == (moment.as_of - row.due).days > 0
        assert moment.projected or looked > row.due
    for key in accused:
        if key.letter:
            (state,) = [s for s in facts.letters["mailbox:m1"] if s.letter.ref == key.letter]
            assert state.letter.received_on is not None
            assert state.letter.replied_on is not None or state.seen_at == shown


# Two packs with one rule


BOTH = read_law(pack_texts(["haian", "cn-2019"]), load_calendar())


def judged_by_both(subject: Subject, history: History, on: str) -> Bench:
    return judged(subject, history, on, law=BOTH)


def test_a_fault_that_two_packs_name_is_found_once_under_the_pack_named_first() -> None:
    bench = judged_by_both(column(), seen(visit("11-22", Outcome.OK, "11-01")), "11-22")
    assert [(row.pack, row.rule, row.verdict) for row in bench.rows] == [
        ("haian", "news_2w", Verdict.OVERDUE),
        ("cn-2019", "news_2w", Verdict.OVERDUE),
    ]
    assert bench.faults.keys() == {NEWS}
    again = Key("cn-2019", "news_2w", "column:c1")
    assert bench.cleared[again] == "同一问题已按 haian/news_2w 列出，不重复计列"


def test_an_account_late_by_two_weeks_and_by_three_months_has_two_findings() -> None:
    bench = judged_by_both(account(), seen(visit("11-22", Outcome.OK, "08-01")), "11-22")
    rules = [(key.pack, key.rule) for key in bench.faults]
    assert rules == [("haian", "nm_14d"), ("cn-2019", "nm_3m")]


def test_an_account_without_any_post_has_one_finding() -> None:
    bench = judged_by_both(account(), seen(visit("11-22", Outcome.EMPTY)), "11-22")
    assert [(key.pack, key.rule) for key in bench.faults] == [("haian", "nm_14d")]
