"""Does an update only look fresh: what is flagged for a person, and what never is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fakes import (
    FLAG_WORDS,
    FakeRule,
    FlagKind,
    Look,
    Sighting,
    back_dated,
    bursts,
    content_hash,
    flags,
    reposts,
)
from tests.checks.make import at, day

RULE = FakeRule(tolerance_days=3, burst_items=5, burst_spread_days=30, repost_days=30)
LOOK = Look(at("11-20"), day("06-01"))


def row(printed: str | None, **known: Any) -> Sighting:
    """A row first seen on 21 November; the look of the day before reached down to 1 June."""
    plain = Sighting(
        column="c1",
        title="示例信息",
        url=None,
        published_on=day(printed) if printed else None,
        first_seen_at=at("11-21"),
        before=LOOK,
    )
    return replace(plain, **known)


def batch(*printed: str, **known: Any) -> list[Sighting]:
    return [row(text, title=f"示例信息{n}", **known) for n, text in enumerate(printed)]


# Back-dated


@pytest.mark.parametrize(("printed", "flagged"), [("11-16", 1), ("11-17", 0), ("11-18", 0)])
def test_a_row_is_back_dated_from_the_fourth_day_before_the_look_that_did_not_show_it(
    printed: str, flagged: int
) -> None:
    assert len(back_dated([row(printed)], RULE)) == flagged


def test_a_flag_says_what_was_seen_when_and_asks_a_person() -> None:
    (flag,) = back_dated([row("11-10")], RULE)
    assert (flag.kind, flag.rows) == (FlagKind.BACK_DATED, (row("11-10"),))
    assert flag.reason == (
        "标注日期为2026-11-10，2026-11-20查看时列表中尚无此条，2026-11-21首次出现，请人工核实发布日期"
    )


def test_a_row_that_appeared_while_nobody_looked_is_not_back_dated() -> None:
    weeks_ago = Look(at("10-20"), day("06-01"))
    assert back_dated([row("10-25", before=weeks_ago)], RULE) == ()


@pytest.mark.parametrize(("printed", "flagged"), [("06-01", 0), ("06-02", 1), ("05-31", 0)])
def test_a_row_below_what_the_look_before_showed_proves_nothing(printed: str, flagged: int) -> None:
    assert len(back_dated([row(printed)], RULE)) == flagged


def test_an_empty_list_shows_that_the_row_was_not_there() -> None:
    assert len(back_dated([row("2019-01-02", before=Look(at("11-20"), date.min))], RULE)) == 1


@pytest.mark.parametrize(
    "unsure", [{"before": None}, {"before": Look(at("11-20"), None)}, {"published_on": None}]
)
def test_without_an_earlier_look_its_depth_or_a_printed_day_nothing_is_flagged(
    unsure: dict[str, Any],
) -> None:
    rows = [
        replace(entry, **unsure) for entry in batch("07-01", "08-01", "09-01", "10-01", "11-01")
    ]
    assert back_dated(rows, RULE) == bursts(rows, RULE) == ()


def test_a_look_that_came_after_the_row_is_no_look_before_it() -> None:
    assert back_dated([row("11-10", first_seen_at=LOOK.at)], RULE) == ()


def test_a_future_date_is_not_back_dated() -> None:
    assert back_dated([row("12-24")], RULE) == ()


# Burst


@pytest.mark.parametrize(("number", "flagged"), [(4, 0), (5, 1), (6, 1)])
def test_five_old_rows_on_one_day_are_a_burst_and_four_are_not(number: int, flagged: int) -> None:
    printed = ["07-01", "10-31", "08-01", "09-01", "10-01", "10-15"][:number]
    assert len(bursts(batch(*printed), RULE)) == flagged


@pytest.mark.parametrize(("newest", "flagged"), [("10-30", 0), ("10-31", 0), ("11-01", 1)])
def test_a_burst_spreads_over_more_than_thirty_days(newest: str, flagged: int) -> None:
    rows = batch("10-01", "10-02", "10-03", "10-04", newest)
    assert len(bursts(rows, RULE)) == flagged


def test_a_burst_names_its_rows_in_the_order_of_their_days() -> None:
    rows = batch("10-31", "07-01", "08-01", "09-01", "10-01")
    (flag,) = bursts(rows, RULE)
    assert [entry.published_on for entry in flag.rows] == [
        day(text) for text in ("07-01", "08-01", "09-01", "10-01", "10-31")
    ]
    assert flag.reason == (
        "2026-11-21首次出现5条旧日期信息，标注日期自2026-07-01至2026-10-31，相距122天，"
        "请人工核实是否集中补录"
    )


def test_rows_that_the_look_before_could_not_have_shown_make_no_burst() -> None:
    """After forty days without a good look, forty days of rows are new at once."""
    long_ago = Look(at("10-10"), day("06-01"))
    rows = batch("10-10", "10-20", "10-30", "11-10", "11-20", before=long_ago)
    assert bursts(rows, RULE) == ()
    one_old = [*rows, row("08-01", before=long_ago)]
    assert bursts(one_old, RULE) == ()


def test_rows_of_two_columns_or_of_two_days_are_no_burst_together() -> None:
    rows = batch("07-01", "08-01", "09-01", "10-01", "10-31")
    assert bursts([*rows[:4], replace(rows[4], column="c2")], RULE) == ()
    assert bursts([*rows[:4], replace(rows[4], first_seen_at=at("11-22"))], RULE) == ()
    assert len(bursts([*rows[:4], replace(rows[4], first_seen_at=at("11-21", 23))], RULE)) == 1


# Repost

TEXT = "a" * 64
ORIGINAL = row("09-01", first_seen_at=at("09-01"), before=None, body_hash=TEXT)


@pytest.mark.parametrize(("printed", "flagged"), [("09-30", 0), ("10-01", 0), ("10-02", 1)])
def test_the_same_text_more_than_thirty_days_later_is_a_repost(printed: str, flagged: int) -> None:
    assert len(reposts([row(printed, body_hash=TEXT), ORIGINAL], RULE)) == flagged


def test_a_repost_names_the_oldest_row_with_the_text_and_the_new_one() -> None:
    second = row("10-20", first_seen_at=at("10-20"), body_hash=TEXT)
    third = row("11-21", body_hash=TEXT)
    found = reposts([third, second, ORIGINAL], RULE)
    assert [flag.rows for flag in found] == [(ORIGINAL, second), (ORIGINAL, third)]
    assert found[1].reason == (
        "内容与2026-09-01的信息相同，现标注日期为2026-11-21，请人工核实是否旧稿重发"
    )


def test_rows_of_one_look_or_of_a_first_look_are_no_repost() -> None:
    later = row("11-21", body_hash=TEXT)
    assert reposts([replace(ORIGINAL, first_seen_at=later.first_seen_at), later], RULE) == ()
    assert reposts([ORIGINAL, replace(later, before=None)], RULE) == ()


def test_an_old_row_that_is_put_up_again_under_its_old_day_is_no_repost() -> None:
    assert reposts([ORIGINAL, row("09-01", body_hash=TEXT)], RULE) == ()


def test_rows_without_a_text_or_a_day_are_no_repost() -> None:
    later = row("11-21", body_hash=TEXT)
    assert reposts([replace(ORIGINAL, body_hash=None), replace(later, body_hash=None)], RULE) == ()
    assert reposts([ORIGINAL, replace(later, published_on=None)], RULE) == ()
    assert reposts([replace(ORIGINAL, published_on=None), later], RULE) == ()
    assert reposts([ORIGINAL, replace(later, body_hash="b" * 64)], RULE) == ()


# The text's hash


def test_a_text_is_the_same_whatever_its_spacing_width_and_punctuation() -> None:
    one = content_hash("关于ABC的通知", "各有关单位：现将 2026 年有关事项通知如下。", 10)
    other = content_hash("关于ＡＢＣ的通知 ", "各有关单位\n现将２０２６年有关事项通知如下", 10)
    assert one is not None
    assert one == other


def test_a_word_changed_makes_another_text() -> None:
    body = "各有关单位现将有关事项通知如下"
    assert content_hash("通知", body, 10) != content_hash("通知", body.replace("现", "特"), 10)
    assert content_hash("通知", body, 10) != content_hash("通报", body, 10)


@pytest.mark.parametrize(("letters", "told"), [(9, False), (10, True), (11, True)])
def test_a_body_of_fewer_letters_than_asked_for_has_no_hash(letters: int, told: bool) -> None:
    assert (content_hash("通知", "文 " * letters + "。！", 10) is not None) is told


def test_a_broken_character_is_no_letter() -> None:
    assert content_hash("通知", "文字\udce4内容", 4) == content_hash("通知", "文字内容", 4)


# Numbers that cannot be


@pytest.mark.parametrize(
    "wrong",
    [{"tolerance_days": -1}, {"burst_spread_days": -1}, {"repost_days": -1}, {"burst_items": 1}],
)
def test_numbers_that_would_flag_any_row_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="expected"):
        replace(RULE, **wrong)


def test_every_kind_of_flag_has_its_words() -> None:
    assert set(FLAG_WORDS) == set(FlagKind)


# Properties

NEAR = st.integers(0, 200).map(lambda n: day("06-01") + timedelta(days=n))
ROWS = st.lists(
    st.builds(
        Sighting,
        column=st.sampled_from(["c1", "c2"]),
        title=st.sampled_from(["甲", "乙", "丙"]),
        url=st.none() | st.sampled_from(["/1", "/2"]),
        published_on=st.none() | NEAR,
        first_seen_at=st.integers(0, 72).map(lambda n: at("11-20") + timedelta(hours=n)),
        before=st.none()
        | st.builds(
            Look,
            st.integers(0, 90).map(lambda n: at("11-19") - timedelta(days=n)),
            st.none() | NEAR,
        ),
        body_hash=st.none() | st.sampled_from(["a", "b"]),
    ),
    max_size=20,
)
EAGER = FakeRule(tolerance_days=0, burst_items=2, burst_spread_days=0, repost_days=0)


@given(ROWS)
def test_a_first_look_never_flags(rows: list[Sighting]) -> None:
    assert flags([replace(entry, before=None) for entry in rows], EAGER) == ()


@given(ROWS)
def test_no_row_is_flagged_that_the_look_before_may_not_have_shown(rows: list[Sighting]) -> None:
    for flag in back_dated(rows, EAGER) + bursts(rows, EAGER):
        for entry in flag.rows:
            assert entry.before is not None
            assert entry.before.down_to is not None
            assert entry.published_on is not None
            assert entry.before.down_to < entry.published_on < entry.before.at.date()


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_given_does_not_matter(
    rows: list[Sighting], rng: Random
) -> None:
    shuffled = list(rows)
    rng.shuffle(shuffled)
    assert sorted(map(repr, flags(shuffled, EAGER))) == sorted(map(repr, flags(rows, EAGER)))


@given(ROWS)
def test_a_repost_is_always_younger_by_its_day_and_by_its_first_look(rows: list[Sighting]) -> None:
    for flag in reposts(rows, EAGER):
        earlier, later = flag.rows
        assert earlier.body_hash == later.body_hash is not None
        assert earlier.published_on is not None
        assert later.published_on is not None
        assert earlier.published_on < later.published_on
        assert earlier.first_seen_at < later.first_seen_at
