"""Four late columns are no veto and five are: the counters of the national table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from checks.facts import History, Letter, LetterState, Outcome, Visit
from checks.freshness import Moment
from checks.indicators import in_force
from checks.judge import Bench, Facts, judge
from checks.rules import Law, pack_texts, read_law
from checks.sites import (
    OF_SITE,
    Found,
    Measure,
    Standing,
    Watched,
    standings,
    vetoed,
    watched,
)
from checks.standing_words import in_words
from checks.subjects import Subject
from checks.verdicts import Verdict
from tests.checks.make import CALENDAR, account, at, column, day, mailbox, seen, site, visit

LAW_2019 = read_law(pack_texts(["cn-2019"]), CALENDAR)
BOTH = read_law(pack_texts(["haian", "cn-2019"]), CALENDAR)
Case = tuple[Subject, str]
INDICATORS = in_force(LAW_2019.packs[0].indicators, day("11-22"))
NOTHING = Found()
LATE, BLANK, FRESH, BLOCKED, UNDATED = "late", "blank", "fresh", "blocked", "undated"
LOOKS = {
    LATE: visit("11-22", Outcome.OK, "2024-01-02"),
    BLANK: visit("11-22", Outcome.EMPTY),
    FRESH: visit("11-22", Outcome.OK, "11-21"),
    BLOCKED: visit("11-22", Outcome.BLOCKED),
    UNDATED: visit("11-22", Outcome.UNDATED),
}


def columns(number: int, state: str, column_class: str = "news", **known: Any) -> list[Case]:
    """So many columns of site s1 in one state."""
    return [
        (replace(column(column_class, site="s1", **known), id=f"{column_class}-{state}-{n}"), state)
        for n in range(number)
    ]


def bench_of(cases: Iterable[Case], law: Law = LAW_2019) -> Bench:
    cases = list(cases)
    histories = {subject.key: seen(LOOKS[state]) for subject, state in cases}
    assert len(histories) == len(cases)
    facts = Facts([subject for subject, _ in cases], histories)
    return judge(law, facts, Moment(day("11-22")))


def site_of(bench: Bench, found: Found = NOTHING) -> Watched:
    """Site s1, registered or not."""
    none = Watched(bench.moment.as_of, OF_SITE, found=found)
    return watched(bench, {"site:s1": found}).get("site:s1", none)


def told(cases: Iterable[Case], part: str = "veto", law: Law = LAW_2019) -> dict[str, Standing]:
    """How each indicator of site s1 stands on 22 November 2026, by its id."""
    rows = standings(site_of(bench_of(cases, law)), INDICATORS, part)
    return {row.indicator.id: row for row in rows}


# W4 (1): two-week and six-month misses are added


@pytest.mark.parametrize(
    ("news", "notices", "documents", "hit"),
    [
        (4, 0, 0, False),
        (5, 0, 0, True),
        (2, 1, 1, False),
        (2, 2, 1, True),
        (0, 0, 5, True),
        (0, 4, 0, False),
    ],
)
def test_two_week_and_six_month_misses_are_added_and_five_are_a_veto(
    news: int, notices: int, documents: int, hit: bool
) -> None:
    late = [
        *columns(news, LATE),
        *columns(notices, LATE, "notice"),
        *columns(documents, LATE, "policy_doc"),
    ]
    row = told(late)["W4a"]
    assert (row.hit, row.count) == (hit, news + notices + documents)
    assert row.distance == max(0, 5 - row.count)


def test_the_counted_columns_are_named_and_the_good_ones_are_not() -> None:
    row = told([*columns(3, LATE), *columns(9, FRESH)])["W4a"]
    assert [subject.id for subject in row.counted] == ["news-late-0", "news-late-1", "news-late-2"]
    assert (row.watched, row.distance, row.hit) == (12, 2, False)
    assert in_words(row) == "计入3个栏目；达到5个为单项否决，还差2个"


def test_a_hit_says_so() -> None:
    assert in_words(told(columns(6, LATE))["W4a"]) == "计入6个栏目；已达到单项否决的5个"


def test_a_second_level_notice_column_is_not_counted() -> None:
    late = [*columns(4, LATE), *columns(3, LATE, "notice", level=2)]
    assert (told(late)["W4a"].count, told(late)["W4a"].hit) == (4, False)


@pytest.mark.parametrize(
    ("column_class", "newest", "late"),
    [
        ("news", "11-08", False),
        ("news", "11-07", True),
        ("notice", "05-22", False),
        ("notice", "05-21", True),
    ],
)
def test_a_column_counts_from_the_day_after_its_last_good_day(
    column_class: str, newest: str, late: bool
) -> None:
    subject = column(column_class, site="s1")
    facts = Facts([subject], {subject.key: seen(visit("11-22", Outcome.OK, newest))})
    bench = judge(LAW_2019, facts, Moment(day("11-22")))
    (row,) = (one for one in standings(site_of(bench), INDICATORS) if one.indicator.id == "W4a")
    assert (row.count, row.hit) == (int(late), False)


def test_a_list_without_any_day_counts_as_not_updated() -> None:
    row = told([*columns(4, LATE), *columns(1, UNDATED)])["W4a"]
    assert (row.count, row.hit) == (5, True)


# W4 (2): what should be updated


@pytest.mark.parametrize(("number", "hit"), [(9, False), (10, True)])
def test_nine_columns_that_should_update_are_no_veto_and_ten_are(number: int, hit: bool) -> None:
    late = [*columns(4, LATE, "plan"), *columns(number - 4, LATE, "interpretation")]
    row = told(late)["W4b"]
    assert (row.count, row.hit, row.distance) == (number, hit, 10 - number)


def test_a_hit_that_rests_on_rules_not_verified_is_for_a_person_to_confirm() -> None:
    row = told(columns(10, LATE, "plan"))["W4b"]
    assert (row.hit, row.indicator.verified) == (True, False)
    assert vetoed([row]) is None


# W4 (3): blank columns


@pytest.mark.parametrize(("number", "hit"), [(4, False), (5, True)])
def test_four_blank_columns_are_no_veto_and_five_are(number: int, hit: bool) -> None:
    row = told(columns(number, BLANK, "special"))["W4c"]
    assert (row.count, row.hit, row.distance) == (number, hit, 5 - number)


def test_a_blank_column_of_any_class_counts_with_a_rule_or_without() -> None:
    blank = [*columns(2, BLANK), *columns(2, BLANK, "plan"), *columns(1, BLANK, "other")]
    assert told(blank)["W4c"].hit is True


# Once and no more


def test_a_blank_news_column_counts_as_blank_and_not_as_late_too() -> None:
    rows = told([*columns(3, BLANK), *columns(4, LATE)])
    assert (rows["W4c"].count, rows["W4a"].count) == (3, 4)
    assert (rows["W4c"].hit, rows["W4a"].hit) == (False, False)


def test_a_column_counts_once_when_two_packs_judge_it() -> None:
    rows = told([*columns(4, LATE), *columns(4, BLANK, "interpretation")], law=BOTH)
    assert (rows["W4a"].count, rows["W4c"].count) == (4, 4)


def test_a_column_deducted_under_its_own_row_is_not_deducted_among_the_others() -> None:
    rows = told([*columns(2, BLANK), *columns(1, BLANK, "special")], part="deduct")
    assert (rows["d_news"].count, rows["d_other_blank"].count) == (2, 1)


def test_a_stricter_local_rule_of_the_same_id_does_not_count_for_the_nation() -> None:
    text = pack_texts(["cn-2019"])["cn-2019"].replace('pack = "cn-2019"', 'pack = "strict"')
    text = text.replace('limit = "14 days"', 'limit = "10 days"')
    text = text.replace('limit = "3 months"', 'limit = "1 month"')
    law = read_law({**pack_texts(["cn-2019"]), "strict": text}, CALENDAR)
    news, box = column(site="s1"), mailbox(site="s1")
    looks = {
        news.key: seen(visit("11-22", Outcome.OK, "11-10")),
        box.key: seen(visit("11-22")),
    }
    facts = Facts([news, box], looks, {box.key: [open_letter("10-01")]})
    bench = judge(law, facts, Moment(day("11-22")))
    strict = {row.rule: row.verdict for row in bench.rows if row.pack == "strict"}
    assert [strict["news_2w"], strict["mailbox_3m"]] == [Verdict.OVERDUE] * 2
    rows = {s.indicator.id: s for s in standings(site_of(bench), INDICATORS)}
    assert [(rows[name].hit, rows[name].count) for name in ("W4a", "W5b")] == [(False, 0)] * 2


# Who never counts


@pytest.mark.parametrize("state", [LATE, BLANK, BLOCKED])
def test_an_exempt_column_never_counts_nor_could(state: str) -> None:
    exempt = columns(5, state, exempt_until=day("12-31"), exempt_reason="改版")
    rows = told(exempt)
    for name in ("W4a", "W4c"):
        assert (rows[name].hit, rows[name].count, rows[name].not_known) == (False, 0, ())


def test_columns_of_another_site_are_not_counted() -> None:
    other = [(replace(subject, site="s2"), state) for subject, state in columns(5, LATE)]
    row = told([*other, *columns(1, FRESH)])["W4a"]
    assert (row.count, row.watched, row.hit) == (0, 1, False)


def test_an_account_is_no_column_of_a_site() -> None:
    rows = told([(replace(account(), site="s1"), BLANK), *columns(1, FRESH)])
    assert (rows["W4c"].count, rows["W4c"].watched) == (0, 1)
    assert not {"M1", "M2a", "M2b", "M3"} & rows.keys()


# Not seen is never counted, yet it could become


def test_a_column_not_seen_is_never_counted_whatever_it_showed_before() -> None:
    subject = column(site="s1")
    before = visit("11-21", Outcome.OK, "2024-01-02")
    history = History(visit("11-22", Outcome.BLOCKED), before)
    bench = judge(LAW_2019, Facts([subject], {subject.key: history}), Moment(day("11-22")))
    for row in standings(site_of(bench), INDICATORS):
        assert row.counted == ()


@pytest.mark.parametrize(("late", "blocked", "hit"), [(3, 1, False), (4, 1, None), (5, 9, True)])
def test_what_was_not_seen_could_hit_but_never_does(
    late: int, blocked: int, hit: bool | None
) -> None:
    row = told([*columns(late, LATE), *columns(blocked, BLOCKED)])["W4a"]
    assert (row.hit, row.count, len(row.not_known)) == (hit, late, blocked)
    assert "未能判定，未计入，查清后可能计入" in in_words(row)


def test_with_no_column_watched_nothing_is_called_good() -> None:
    rows = told([(replace(site(), site="s1"), FRESH)])
    assert [rows[name].hit for name in ("W4a", "W4b", "W4c", "W5b")] == [None] * 4
    assert in_words(rows["W4a"]) == "未登记可供本项检查的栏目，不作判定"


def test_without_the_pack_s_rules_on_the_bench_late_columns_are_not_known() -> None:
    facts = Facts([column("plan", site="s1")], {})
    haian = read_law(pack_texts(["haian"]), CALENDAR)
    bench = judge(haian, facts, Moment(day("11-22")))
    rows = {s.indicator.id: s for s in standings(site_of(bench), INDICATORS)}
    assert (rows["W4a"].hit, rows["W4b"].hit) == (None, None)


# W3: the home page


@pytest.mark.parametrize(("newest", "hit"), [("11-08", False), ("11-07", True), (None, None)])
def test_a_home_page_without_news_for_more_than_two_weeks_is_a_veto(
    newest: str | None, hit: bool | None
) -> None:
    subject = site(site="s1")
    facts = Facts([subject], {subject.key: seen(visit("11-22", Outcome.OK, newest))})
    bench = judge(LAW_2019, facts, Moment(day("11-22")))
    rows = {s.indicator.id: s for s in standings(site_of(bench), INDICATORS)}
    assert rows["W3"].hit is hit


# W2: a share of the week's visits


@pytest.mark.parametrize(
    ("part", "whole", "unclear", "hit"),
    [
        (6, 140, 0, False),
        (7, 140, 0, True),
        (139, 139, 0, None),
        (7, 141, 0, False),
        (0, 140, 0, False),
        (0, 140, 6, False),
        (6, 140, 1, None),
        (0, 140, 140, None),
        (7, 140, 90, True),
    ],
)
def test_five_in_a_hundred_of_a_full_week_of_visits_are_a_veto(
    part: int, whole: int, unclear: int, hit: bool | None
) -> None:
    found = Found({"W2": Measure(part, whole, unclear)})
    rows = {s.indicator.id: s for s in standings(site_of(bench_of([]), found), INDICATORS)}
    assert (rows["W2"].hit, rows["W2"].distance) == (hit, None)


def test_a_share_says_its_arithmetic() -> None:
    def words(measure: Measure | None) -> str:
        found = Found({"W2": measure} if measure else {})
        rows = standings(site_of(bench_of([]), found), INDICATORS)
        return next(in_words(row) for row in rows if row.indicator.id == "W2")

    assert words(None) == "尚无监测数据，不作判定"
    assert words(Measure(1, 20)) == (
        "监测20次，其中1次未能在时限内打开；监测次数不足140次，不作判定"
    )
    assert words(Measure(6, 140, unclear=3)) == (
        "监测140次，其中6次未能在时限内打开；另有3次情况不明，不作判定"
    )
    assert words(Measure(7, 140)) == (
        "监测140次，其中7次未能在时限内打开，占5%；已达到单项否决的5%"
    )


# W5: a letter of the past year, open for more than three months


def box_standing(*letters: LetterState, last: Outcome = Outcome.OK, **known: Any) -> Standing:
    box = mailbox(site="s1", **known)
    history = seen(visit("11-22"), visit("11-22", last))
    facts = Facts([box], {box.key: history}, {box.key: letters})
    bench = judge(LAW_2019, facts, Moment(day("11-22")))
    rows = standings(site_of(bench), INDICATORS)
    return next(row for row in rows if row.indicator.id == "W5b")


def open_letter(received: str, ref: str = "L1", answered: bool | None = False) -> LetterState:
    read = Letter(ref, "", None, received_on=day(received), answered=answered)
    return LetterState("mailbox:m1", read, at("11-22"), at("11-22"))


@pytest.mark.parametrize(
    ("received", "hit"),
    [
        ("2026-08-22", False),
        ("2026-08-21", True),
        ("2025-11-22", True),
        ("2025-11-21", False),
    ],
)
def test_a_letter_of_the_past_year_open_for_more_than_three_months_is_a_veto(
    received: str, hit: bool
) -> None:
    row = box_standing(open_letter(received))
    assert (row.hit, row.count) == (hit, int(hit))


def test_a_mailbox_counts_once_however_many_letters_wait() -> None:
    row = box_standing(open_letter("03-01", "L1"), open_letter("04-01", "L2"))
    assert (row.hit, [subject.id for subject in row.counted]) == (True, ["m1"])


def test_a_letter_answered_in_the_end_is_no_letter_without_an_answer() -> None:
    read = Letter("L1", "", None, received_on=day("03-01"), replied_on=day("07-01"), answered=True)
    row = box_standing(LetterState("mailbox:m1", read, at("11-22"), at("11-22")))
    assert row.hit is False


def test_a_letter_whose_answer_the_page_does_not_show_is_not_known() -> None:
    row = box_standing(open_letter("03-01", answered=None))
    assert (row.hit, row.count, len(row.not_known)) == (None, 0, 1)


def test_a_mailbox_not_seen_today_is_not_known() -> None:
    row = box_standing(open_letter("03-01"), last=Outcome.BLOCKED)
    assert (row.hit, row.count) == (None, 0)


def test_a_mailbox_not_seen_is_not_known_without_a_single_letter_either() -> None:
    assert box_standing(last=Outcome.BLOCKED).hit is None
    assert box_standing().hit is False


def test_an_exempt_mailbox_does_not_count() -> None:
    row = box_standing(open_letter("03-01"), exempt_until=day("12-31"))
    assert (row.hit, row.count) == (False, 0)


def test_a_mailbox_s_own_limit_does_not_move_the_national_veto() -> None:
    assert box_standing(open_letter("10-01"), limit="5 working days").hit is False


# M2: one account is the whole count


@pytest.mark.parametrize(
    ("look", "hit"),
    [
        (visit("11-22", Outcome.OK, "11-08"), False),
        (visit("11-22", Outcome.OK, "11-07"), True),
        (visit("11-22", Outcome.UNDATED), None),
        (visit("11-22", Outcome.UNREACHABLE), None),
    ],
)
def test_an_account_without_a_post_for_more_than_two_weeks_is_a_veto(
    look: Visit, hit: bool | None
) -> None:
    subject = account()
    history = History(look, look if look.outcome.seen else None)
    bench = judge(LAW_2019, Facts([subject], {subject.key: history}), Moment(day("11-22")))
    rows = {s.indicator.id: s for s in standings(watched(bench)["account:a1"], INDICATORS)}
    assert list(rows) == ["M1", "M2a", "M2b", "M3"]
    assert rows["M2a"].hit is hit


# What a person says, and all together


@pytest.mark.parametrize(
    ("said", "hit", "words"),
    [
        ({}, None, "须人工核查"),
        ({"W1": False}, False, "经人工核查未发现问题"),
        ({"W1": True}, True, "经人工核查存在问题"),
    ],
)
def test_what_no_machine_can_judge_is_not_known_until_a_person_says(
    said: Mapping[str, bool], hit: bool | None, words: str
) -> None:
    rows = standings(site_of(bench_of([]), Found(by_hand=said)), INDICATORS)
    assert (rows[0].indicator.id, rows[0].hit, in_words(rows[0])) == ("W1", hit, words)


def test_a_veto_is_known_only_when_every_row_is() -> None:
    good, bad = Standing(INDICATORS[0], False), Standing(INDICATORS[0], True)
    open_ = Standing(INDICATORS[0], None)
    assert vetoed([good, good]) is False
    assert vetoed([good, open_]) is None
    assert vetoed([good, open_, bad]) is True
    assert vetoed([]) is None


def test_the_states_of_these_tests_are_what_they_say() -> None:
    verdicts = {
        state: bench_of(columns(1, state)).rows[0].verdict
        for state in (LATE, BLANK, FRESH, BLOCKED, UNDATED)
    }
    assert list(verdicts.values()) == [
        Verdict.OVERDUE, Verdict.BLANK, Verdict.OK, Verdict.UNKNOWN, Verdict.UNDATED,
    ]  # fmt: skip
