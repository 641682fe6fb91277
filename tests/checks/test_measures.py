"""How often an account posts is told of what was seen, and of nothing else.

Accounts, posts and numbers are synthetic.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from checks.account_figures import Figures, Replies, figures_of
from checks.account_year import Box, YearLine, year_lines
from checks.accounts import FIGURES
from checks.coverage import Post, Posted, PostLook, covered
from checks.facts import Method, Observed, Outcome
from checks.freshness import local_day
from checks.measures import Gap, Measure, measure
from checks.periods import Days, read_period
from checks.subjects import Subject
from tests.checks.make import account, at, day

NOVEMBER = read_period("2026-11")
END = day("11-30")


class Ledger:
    """What the ledger holds of one account, told look by look."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.looks: list[PostLook] = []

    def look(self, on: str, *rows: str, known: int = 0, **other: Any) -> Ledger:
        """A look on a day: its new rows as they stand on the page, and how many were known.

        A row is a day, with a title of its own behind a blank where the day has several.
        """
        number = len(self.looks) + 1
        days = [row.split()[0] for row in rows]
        newest = max((day(each) for each in days if each != "?"), default=None)
        look = PostLook(number, day(on), len(rows) + known, newest)
        self.looks.append(replace(look, **other))
        for row, told in zip(rows, days, strict=True):
            posted = None if told == "?" else day(told)
            url = f"https://p.example.cn/{row}"
            self.posts.append(Post(row, url, posted, day(on), number))
        return self

    def row(self, **changed: Any) -> Ledger:
        """The last row, otherwise."""
        self.posts[-1] = replace(self.posts[-1], **changed)
        return self

    @property
    def posted(self) -> Posted:
        return Posted(tuple(self.posts), tuple(self.looks))

    @property
    def covered(self) -> list[tuple[str, str]]:
        return [(f"{s.first:%m-%d}", f"{s.last:%m-%d}") for s in covered(self.posted)]

    def measured(
        self, period: Days = NOVEMBER, as_of: date = END, of: Subject | None = None
    ) -> Measure:
        return measure(of or account(), self.posted, period, as_of)


def gap(first: str, last: str) -> Gap:
    return Gap(day(first), day(last))


def whole_november() -> Ledger:
    """Seen every ten days from October on, posts on four days of November."""
    return (
        Ledger()
        .look("10-31", "10-28", "10-20")
        .look("11-10", "11-09", "11-05", known=2)
        .look("11-20", "11-19", known=4)
        .look("11-30", "11-27", known=5)
    )


class TestPosts:
    def test_posts_are_counted_by_their_own_day_not_by_when_they_were_seen(self) -> None:
        found = whole_november().measured()
        assert (found.posts, found.last_post) == (4, day("11-27"))
        assert found.complete

    def test_four_posts_in_thirty_days_are_nine_tenths_a_week(self) -> None:
        assert whole_november().measured().per_week == Decimal("0.9")

    def test_a_half_tenth_is_rounded_up_and_not_as_floats_happen_to_lie(self) -> None:
        # 7 × 1 ÷ 140 = 0.05 exactly.
        found = Ledger().look("05-20", "01-01").measured(Days(day("01-01"), day("05-20")), END)
        assert (found.days_known, found.per_week) == (140, Decimal("0.1"))

    def test_a_changed_title_is_the_same_post(self) -> None:
        ledger = whole_november().look("11-30", "11-27", known=6)
        ledger.row(title="更正后的标题")
        assert ledger.measured().posts == 4

    def test_of_one_address_the_earlier_day_counts(self) -> None:
        ledger = whole_november().look("11-30", "11-29", known=6)
        ledger.row(url="https://p.example.cn/11-05")
        assert (ledger.measured().posts, ledger.measured().last_post) == (4, day("11-27"))

    def test_without_an_address_a_title_and_a_day_are_one_post(self) -> None:
        ledger = Ledger().look("11-30", "11-20", "11-01")
        for title in ("甲", "甲", "乙"):
            ledger.look("11-30", "11-20", known=9).row(url=None, title=title)
        assert ledger.measured().posts == 4

    def test_an_export_without_addresses_does_not_count_a_post_of_the_feed_again(self) -> None:
        ledger = Ledger().look("11-30", "11-20", "11-01")
        ledger.look("11-30", "11-20", method=Method.EXPORT).row(url=None)
        assert ledger.measured().posts == 2

    def test_an_address_that_all_rows_share_tells_none_from_another(self) -> None:
        ledger = Ledger().look("11-30", "11-20", "11-19", "11-01")
        one = "https://p.example.cn/"
        ledger.posts = [replace(post, url=one) for post in ledger.posts]
        assert ledger.measured().posts == 3

    def test_the_accounts_own_address_names_no_post(self) -> None:
        home = account(url="https://weibo.example.cn/u/1")
        ledger = Ledger().look("11-20", "11-20", "11-01").look("11-30", "11-29", known=2)
        ledger.posts = [replace(post, url=home.url) for post in ledger.posts]
        assert ledger.measured(of=home).posts == 3

    def test_a_day_that_lay_ahead_when_first_seen_never_counts(self) -> None:
        ledger = whole_november().look("11-30", known=6)
        ledger.posts.append(Post("预告", "https://p.example.cn/x", day("11-25"), day("11-20"), 3))
        found = ledger.measured()
        assert (found.posts, found.undated, found.complete, found.gap) == (4, 1, False, None)

    def test_a_post_at_1740z_belongs_to_the_next_day_in_beijing(self) -> None:
        seen = local_day(datetime(2026, 11, 30, 17, 40, tzinfo=UTC))
        ledger = whole_november().look("12-01", "12-01", known=6)
        assert seen == ledger.posts[-1].first_seen == day("12-01")
        assert ledger.measured().posts == 4
        december = ledger.measured(read_period("2026-12"), day("12-01"))
        assert (december.posts, december.days_known) == (1, 1)


class TestGaps:
    def test_the_longest_gap_is_between_neighbouring_days_of_posts(self) -> None:
        assert whole_november().measured().gap == gap("11-09", "11-19")

    def test_the_last_post_before_the_period_counts_as_a_start(self) -> None:
        ledger = Ledger().look("10-31", "10-20").look("11-10", "11-09", known=1)
        ledger.look("11-30", "11-28", "11-20", known=2)
        assert ledger.measured().gap == gap("10-20", "11-09")

    def test_a_gap_that_ended_before_the_period_is_not_of_the_period(self) -> None:
        ledger = Ledger().look("10-31", "10-31", "08-01").look("11-30", "11-30", "11-15", known=2)
        assert ledger.measured().gap == gap("10-31", "11-15")

    def test_the_open_end_runs_to_the_periods_end(self) -> None:
        ledger = Ledger().look("11-02", "11-02", "10-30").look("12-20", known=2)
        assert ledger.measured(as_of=day("12-20")).gap == gap("11-02", "11-30")

    def test_the_open_end_runs_to_the_day_judged(self) -> None:
        ledger = Ledger().look("11-02", "11-02", "10-30").look("11-20", known=2)
        found = ledger.measured(as_of=day("11-20"))
        assert (found.gap, found.complete) == (gap("11-02", "11-20"), True)

    def test_the_open_end_runs_no_further_than_the_last_look(self) -> None:
        ledger = Ledger().look("11-02", "11-02", "10-30").look("11-10", known=2)
        found = ledger.measured()
        assert (found.gap, found.complete, found.days_known) == (gap("11-02", "11-10"), False, 10)

    def test_a_post_a_day_is_a_gap_of_one_day(self) -> None:
        rows = [f"11-{number:02d}" for number in range(30, 0, -1)]
        assert Ledger().look("11-30", *rows).measured().gap == gap("11-01", "11-02")

    def test_two_posts_on_one_day_are_one_day(self) -> None:
        ledger = Ledger().look("11-30", "11-30", "11-15 a", "11-15 b", "11-01")
        assert ledger.measured().gap == gap("11-15", "11-30")

    def test_the_year_begins_with_the_old_years_last_post(self) -> None:
        ledger = Ledger().look("2025-12-30", "2025-12-21").look("01-10", "01-09", known=1)
        found = ledger.measured(read_period("2026"), day("01-10"))
        assert found.gap == gap("2025-12-21", "01-09")
        assert (found.posts, found.days_known, found.complete) == (1, 10, True)

    def test_over_29_february_a_gap_is_a_day_longer(self) -> None:
        def spring(year: int) -> Gap | None:
            first, second = f"{year}-02-28", f"{year}-03-01"
            return Ledger().look(second, second, first).measured(read_period(f"{year}")).gap

        leap, plain = spring(2024), spring(2026)
        assert leap is not None
        assert plain is not None
        assert (leap.days, plain.days) == (2, 1)


class TestCoverage:
    def test_a_first_look_knows_back_to_the_last_row_of_its_page(self) -> None:
        found = Ledger().look("11-20", "11-19", "11-12").measured()
        assert found.known == (Days(day("11-12"), day("11-20")),)
        assert (found.posts, found.complete) == (2, False)

    def test_a_pinned_post_does_not_make_the_days_behind_it_known(self) -> None:
        ledger = Ledger().look("11-20", "01-05", "11-19", "11-12")
        assert ledger.covered == [("11-12", "11-20")]
        assert ledger.measured(read_period("2026-01")).posts is None

    def test_a_pinned_post_counts_by_its_day_like_any_other(self) -> None:
        ledger = Ledger().look("11-20", "11-03", "11-19", "11-12")
        assert ledger.measured().posts == 3
        # Outside of the known days it is none of the pace.
        assert ledger.measured().per_week == (Decimal(14) / 9).quantize(Decimal("0.1"))

    def test_less_than_a_week_shows_no_pace(self) -> None:
        six = Ledger().look("11-20", "11-19", "11-15").measured()
        seven = Ledger().look("11-20", "11-19", "11-14").measured()
        assert (six.days_known, six.posts, six.per_week) == (6, 2, None)
        assert (seven.days_known, seven.posts, seven.per_week) == (7, 2, Decimal("2.0"))

    def test_a_first_look_that_shows_none_knows_that_day(self) -> None:
        ledger = Ledger().look("11-10").look("11-30", "11-25")
        assert ledger.covered == [("11-10", "11-30")]

    def test_without_any_look_nothing_is_told_and_not_zero(self) -> None:
        found = Ledger().measured()
        assert (found.posts, found.per_week, found.gap, found.complete) == (None, None, None, False)

    def test_looks_after_the_period_that_do_not_reach_back_tell_nothing_of_it(self) -> None:
        found = Ledger().look("12-20", "12-19", "12-05").measured(as_of=day("12-20"))
        assert (found.posts, found.known, found.last_post) == (None, (), None)

    def test_a_whole_period_without_a_post_is_zero(self) -> None:
        found = Ledger().look("10-31", "10-20").look("11-30", known=1).measured()
        assert (found.posts, found.per_week, found.complete) == (0, Decimal("0.0"), True)
        assert found.gap == gap("10-20", "11-30")

    def test_posts_may_be_missing_between_looks_that_have_nothing_in_common(self) -> None:
        ledger = Ledger().look("11-02", "11-02", "10-30", "10-29", "10-28")
        ledger.look("11-28", "11-28", "11-27", "11-26", "11-25")
        assert ledger.covered == [("10-28", "11-02"), ("11-25", "11-28")]
        found = ledger.measured()
        assert (found.posts, found.complete, found.days_known) == (5, False, 6)
        assert found.gap == gap("10-30", "11-02")  # and not the 23 days up to 25 November

    @pytest.mark.parametrize(("known", "joins"), [(3, False), (4, True)])
    def test_three_known_rows_may_be_pinned_and_join_nothing(self, known: int, joins: bool) -> None:
        ledger = Ledger().look("11-02", *(f"10-{n}" for n in range(30, 20, -1)))
        ledger.look("11-28", "11-28", "11-25", known=known)
        assert (len(ledger.covered) == 1) is joins

    def test_a_short_page_that_still_shows_all_rows_of_the_last_look_joins_it(self) -> None:
        ledger = Ledger().look("11-02", "10-30").look("11-28", "11-25", known=1)
        assert ledger.covered == [("10-30", "11-28")]

    def test_new_rows_back_to_the_day_after_the_last_look_join_it(self) -> None:
        ledger = Ledger().look("11-02", "11-02", "11-01")
        assert ledger.look("11-04", "11-04", "11-03").covered == [("11-01", "11-04")]

    def test_a_row_without_a_day_may_have_ended_a_gap(self) -> None:
        found = whole_november().look("11-30", "?", known=6).measured()
        assert (found.posts, found.undated) == (4, 1)
        assert (found.gap, found.complete) == (None, False)

    def test_a_row_without_a_day_that_came_after_the_period_is_none_of_it(self) -> None:
        ledger = whole_november().look("12-05", known=6).look("12-10", "?", known=6)
        assert ledger.measured(as_of=day("12-10")).complete

    def test_a_row_whose_address_has_a_day_elsewhere_is_dated(self) -> None:
        ledger = whole_november().look("11-30", "?", known=6)
        ledger.row(url="https://p.example.cn/11-19")
        assert ledger.measured().complete


class TestPartialLooks:
    """A mirror, an article or a feed cut off shows posts, and not that there are no others."""

    def test_a_partial_look_shows_posts_and_covers_no_day(self) -> None:
        found = Ledger().look("11-20", "11-19", "11-12", partial=True).measured()
        assert (found.posts, found.seen, found.known) == (None, 2, ())
        assert found.last_post == day("11-19")

    def test_rows_that_a_partial_look_brought_join_nothing(self) -> None:
        ledger = Ledger().look("11-02", "11-02", "11-01", "10-31", "10-30", "10-29")
        rows = [f"11-{number}" for number in range(24, 19, -1)]
        ledger.look("11-24", *rows, partial=True).look("11-25", known=5)
        assert ledger.covered == [("10-29", "11-02"), ("11-25", "11-25")]

    def test_a_partial_look_between_does_not_part_looks_that_join(self) -> None:
        ledger = Ledger().look("11-02", "11-02", "11-01").look("11-10", "11-09", partial=True)
        assert ledger.look("11-20", "11-15", known=3).covered == [("11-01", "11-20")]


class TestWays:
    def test_an_export_completes_what_a_feed_showed(self) -> None:
        ledger = Ledger().look("11-30", "11-28", "11-20")
        assert not ledger.measured().complete
        rows = ("11-01", "11-10", "11-18", "11-19")
        ledger.look("11-20", *rows, known=1, method=Method.EXPORT)
        found = ledger.measured()
        assert (found.posts, found.complete) == (6, True)
        assert found.ways == (Method.CRAWL, Method.EXPORT)

    def test_an_export_that_ends_before_the_feed_begins_leaves_the_days_between_open(self) -> None:
        ledger = Ledger().look("11-30", "11-28", "11-20")
        ledger.look("11-15", "11-01", "11-14", method=Method.EXPORT)
        assert ledger.covered == [("11-01", "11-15"), ("11-20", "11-30")]

    def test_what_an_export_brought_does_not_join_looks_that_it_does_not_reach(self) -> None:
        ledger = Ledger().look("11-02", "11-01", "10-30")
        ledger.look("11-28", "11-20", "11-27", method=Method.EXPORT).look("11-29", known=2)
        assert ledger.covered == [("10-30", "11-02"), ("11-20", "11-29")]

    def test_an_entry_by_hand_says_that_nothing_was_posted_since(self) -> None:
        ledger = Ledger().look("11-20", "11-12", method=Method.MANUAL)
        found = ledger.measured()
        assert found.known == (Days(day("11-12"), day("11-20")),)
        assert (found.posts, found.gap) == (1, gap("11-12", "11-20"))

    def test_an_entry_by_hand_does_not_count_a_post_of_the_feed_again(self) -> None:
        ledger = Ledger().look("11-20", "11-12", "11-02")
        ledger.look("11-20", "11-12 x", method=Method.MANUAL).row(url=None, title="最近一条")
        assert ledger.measured().posts == 2


class TestOpenAndClosed:
    def test_a_closed_account_is_asked_about_up_to_its_closing_day(self) -> None:
        found = whole_november().measured(of=account(closed_on=day("11-20")))
        assert found.asked == Days(day("11-01"), day("11-20"))
        assert (found.posts, found.gap, found.complete) == (3, gap("11-09", "11-19"), True)

    def test_an_account_closed_before_the_period_has_no_measure(self) -> None:
        found = whole_november().measured(of=account(closed_on=day("10-31")))
        assert (found.asked, found.posts, found.complete) == (None, None, False)

    def test_a_new_account_is_asked_about_from_its_opening_day(self) -> None:
        ledger = Ledger().look("11-16", "11-16").look("11-30", "11-29", known=1)
        found = ledger.measured(of=account(opened_on=day("11-16")))
        assert (found.complete, found.posts, found.days_known) == (True, 2, 15)


def figures(on: str, **told: Any) -> Observed:
    facts = {"followers": None, "posts": None, "comments": None, "replies": None, **told}
    return Observed("account:a1", FIGURES, "", at(on), Outcome.OK, facts)


def replies(*notes: Observed) -> Replies | None:
    return measure(account(), Posted(), NOVEMBER, END, figures_of(notes)).replies


class TestReplies:
    def test_where_no_source_counts_comments_nothing_is_told(self) -> None:
        assert replies(figures("11-20", followers=100)) is None
        assert replies(figures("11-20", comments=5)) is None

    def test_the_entries_whose_days_lie_within_the_period_are_added(self) -> None:
        first = figures("11-16", comments=10, replies=8, since="2026-11-01", until="2026-11-15")
        second = figures("12-01", comments=6, replies=6, since="2026-11-16", until="2026-11-30")
        total = figures("12-02", comments=900, replies=100)
        found = replies(first, second, total)
        spans = (Days(day("11-01"), day("11-15")), Days(day("11-16"), day("11-30")))
        assert found == Replies(16, 14, spans, within=True)

    def test_a_later_entry_of_the_same_days_replaces_the_earlier(self) -> None:
        span = {"since": "2026-11-01", "until": "2026-11-15"}
        found = replies(
            figures("11-16", comments=10, replies=2, **span),
            figures("11-18", comments=10, replies=9, **span),
        )
        assert found == Replies(10, 9, (Days(day("11-01"), day("11-15")),), within=True)

    def test_without_an_entry_within_the_period_the_latest_is_told_as_such(self) -> None:
        october = figures("11-02", comments=4, replies=1, since="2026-10-01", until="2026-10-31")
        found = replies(figures("10-01", comments=90, replies=80), october)
        assert found == Replies(4, 1, (Days(day("10-01"), day("10-31")),), within=False)

    def test_what_could_not_be_seen_counts_nothing(self) -> None:
        blocked = Observed("account:a1", FIGURES, "", at("11-20"), Outcome.BLOCKED, {})
        assert figures_of([blocked]) == ()


def yearly(
    *accounts: Subject,
    posted: Posted | None = None,
    told: tuple[Figures, ...] = (),
    as_of: str = "2026-12-31",
) -> tuple[YearLine, ...]:
    held = {each.key: posted or Posted() for each in accounts}
    return year_lines(accounts, held, {"account:a1": told}, 2026, day(as_of))


class TestYear:
    def test_the_boxes_are_weibo_then_wechat_then_all_others(self) -> None:
        platforms = ("douyin", "wechat", "shipinhao", "weibo")
        lines = yearly(*(replace(account(), id=each, platform=each) for each in platforms))
        assert [(line.box, line.account.id) for line in lines] == [
            (Box.WEIBO, "weibo"),
            (Box.WECHAT, "wechat"),
            (Box.OTHER, "douyin"),
            (Box.OTHER, "shipinhao"),
        ]

    @pytest.mark.parametrize(
        ("open_days", "stands"),
        [
            ({"closed_on": day("2025-12-31")}, False),
            ({"closed_on": day("2026-01-01")}, True),
            ({"opened_on": day("2026-12-31")}, True),
            ({"opened_on": day("2027-01-01")}, False),
            ({}, True),
        ],
    )
    def test_only_accounts_open_in_the_year_stand_there(
        self, open_days: dict[str, date], stands: bool
    ) -> None:
        assert bool(yearly(account(**open_days))) is stands

    def test_the_last_followers_of_the_year_count_and_no_later_ones(self) -> None:
        told = tuple(
            Figures(day(on), followers=number)
            for on, number in (("2025-12-30", 1), ("2026-12-30", 2), ("2027-01-03", 3))
        )
        (line,) = yearly(account(), told=told, as_of="2027-01-10")
        assert line.followers == told[1]

    def test_a_total_of_the_source_stands_beside_what_was_seen(self) -> None:
        ledger = Ledger().look("01-01", "01-01").look("12-31", "12-30", known=1)
        (line,) = yearly(account(), posted=ledger.posted, told=(Figures(END, posts=4000),))
        assert (line.measure.posts, line.measure.complete) == (2, True)
        assert line.told == Figures(END, posts=4000)

    def test_what_the_system_cannot_know_is_left_open(self) -> None:
        (line,) = yearly(account())
        assert (line.measure.posts, line.followers, line.told) == (None, None, None)

    def test_a_year_that_is_not_over_is_told_up_to_the_day_judged(self) -> None:
        ledger = Ledger().look("01-01", "01-01").look("03-01", "02-27", known=1)
        (line,) = yearly(account(), posted=ledger.posted, as_of="2026-03-01")
        assert line.measure.asked == Days(day("01-01"), day("03-01"))
        assert line.measure.complete

    def test_all_days_of_a_leap_year_are_asked_about(self) -> None:
        ledger = Ledger().look("2024-01-01", "2024-01-01").look("2024-12-31", known=1)
        (line,) = year_lines([account()], {"account:a1": ledger.posted}, {}, 2024, END)
        assert (line.measure.days_known, line.measure.complete) == (366, True)
        assert line.measure.gap == Gap(day("2024-01-01"), day("2024-12-31"))
        assert line.measure.gap.days == 365
