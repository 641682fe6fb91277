"""How long a unit has: ten working days, never more than fourteen days, the clock of an appeal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from checks.calendar import Limit
from checks.rectification import (
    BUNDLED,
    FILE,
    TermsOfRectificationError,
    load_terms,
    read_terms_of,
    resumed_due,
)
from tests.checks.make import CALENDAR, day

TEXT = BUNDLED.read_text(encoding="utf-8")
TERMS = read_terms_of(TEXT, "bundled")


@pytest.mark.parametrize(
    ("issued", "due"),
    [
        ("2026-03-02", "2026-03-16"),  # an ordinary fortnight: both spans end on one day
        ("2026-03-04", "2026-03-18"),
        ("2026-03-07", "2026-03-20"),  # a Saturday: the working days begin on Monday
        ("2026-02-24", "2026-03-09"),  # Saturday 28 February is worked
        ("2026-09-10", "2026-09-23"),  # Sunday 20 September is worked
        ("2026-09-24", "2026-10-08"),  # ten working days would end on 15 October
        ("2026-12-10", "2026-12-24"),
        ("2026-12-21", "2027-01-04"),  # of 2027 there is no plan: the hard stop
    ],
)
def test_a_unit_has_ten_working_days_and_never_more_than_fourteen(issued: str, due: str) -> None:
    assert TERMS.due(day(issued), CALENDAR) == day(due)


def test_across_national_day_the_hard_stop_and_not_the_tenth_working_day_is_the_last() -> None:
    by_work = CALENDAR.nth_working_day_after(day("2026-09-24"), 10)
    assert (by_work.on, by_work.provisional) == (day("2026-10-15"), False)
    assert TERMS.due(day("2026-09-24"), CALENDAR) == day("2026-10-08")
    longer = replace(TERMS, hard_stop=Limit(30, "day"))
    assert longer.due(day("2026-09-24"), CALENDAR) == day("2026-10-15")


@pytest.mark.parametrize(
    ("days", "due"), [(7, "2026-03-09"), (14, "2026-03-16"), (20, "2026-03-16")]
)
def test_a_limit_in_days_is_counted_in_days(days: int, due: str) -> None:
    terms = replace(TERMS, limit=Limit(days, "day"))
    assert terms.due(day("2026-03-02"), CALENDAR) == day(due)


@pytest.mark.parametrize(
    ("due", "stopped", "resumed", "last"),
    [
        ("2026-03-16", "2026-03-05", "2026-03-05", "2026-03-16"),  # answered the same day
        ("2026-03-16", "2026-03-05", "2026-03-06", "2026-03-17"),
        ("2026-03-16", "2026-03-16", "2026-03-19", "2026-03-19"),  # appealed on the last day
        ("2026-03-16", "2026-03-05", "2026-03-10", "2026-03-23"),  # 21 March is a Saturday
        ("2026-09-18", "2026-09-16", "2026-09-18", "2026-09-20"),  # a Sunday that is worked
        ("2026-09-23", "2026-09-21", "2026-09-24", "2026-09-28"),  # the festival ends on 27
        ("2026-03-16", "2026-03-17", "2026-03-30", "2026-03-16"),  # too late to add anything
    ],
)
def test_the_days_that_an_appeal_took_are_added_and_a_rest_day_becomes_the_next_working_day(
    due: str, stopped: str, resumed: str, last: str
) -> None:
    assert resumed_due(day(due), day(stopped), day(resumed), CALENDAR) == day(last)


def test_a_dismissal_without_a_day_holds_for_a_quarter() -> None:
    assert TERMS.dismissed_until(day("2026-03-02")) == day("2026-06-02")


def test_the_bundled_terms_say_where_they_come_from_and_that_nobody_has_verified_them() -> None:
    assert (TERMS.limit, TERMS.hard_stop) == (Limit(10, "working day"), Limit(14, "day"))
    assert (TERMS.dismissal_holds, TERMS.warn) == (Limit(92, "day"), Limit(2, "working day"))
    assert (TERMS.confidence, TERMS.verified) == ("B", False)
    assert "监管工作年度考核指标" in TERMS.clause


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        (
            'limit = "10 working days"',
            'limit = "2 weeks and a bit"',
            ["limit：'2 weeks and a bit'，应如 '14 days'或 '10 working days'"],
        ),
        (
            'hard_stop = "14 days"',
            'hard_stop = "10 working days"',
            ["hard_stop：'10 working days'，应如 '14 days'"],
        ),
        ('hard_stop = "14 days"', "hard_stop = 14", ["hard_stop：14，应如 '14 days'"]),
        ('warn = "2 working days"\n', "", ["warn：缺少，应写明"]),
        (
            "verified = false",
            'verified = "no"\nlimits = 3',
            ["limits：未知字段", "verified：'no'，应为 true 或 false"],
        ),
        ('version = "2026.1"', "version = 2026", ["version：2026，应为文字"]),
    ],
)
def test_a_file_at_fault_is_refused_with_every_field(old: str, new: str, faults: list[str]) -> None:
    assert old in TEXT
    with pytest.raises(TermsOfRectificationError) as raised:
        read_terms_of(TEXT.replace(old, new), "own.toml")
    assert str(raised.value).splitlines() == [f"own.toml：{fault}" for fault in faults]


def test_a_home_s_own_file_takes_the_place_of_the_bundled_one(tmp_path: Path) -> None:
    assert load_terms(tmp_path) == TERMS
    own = TEXT.replace('limit = "10 working days"', 'limit = "5 working days"')
    tmp_path.joinpath(FILE).write_text(own, encoding="utf-8")
    assert load_terms(tmp_path).due(day("2026-03-02"), CALENDAR) == day("2026-03-09")


@pytest.mark.parametrize(
    ("body", "words"), [(b"limit = [", "不是合法的 TOML 文件"), (b'version = "\xff"', "UTF-8")]
)
def test_a_file_that_is_no_toml_or_no_text_is_refused_by_its_name(
    tmp_path: Path, body: bytes, words: str
) -> None:
    path = tmp_path / FILE
    path.write_bytes(body)
    with pytest.raises(TermsOfRectificationError, match=words) as raised:
        load_terms(tmp_path)
    assert str(raised.value).startswith(f"{path}：")
