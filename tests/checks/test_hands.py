"""What persons found by hand, as vetoes, deductions and the bonus take it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from checks.facts import Hand
from checks.hands import Place, bonuses, by_hand, checks_by_hand, holding, place
from checks.points import Bonus, Check
from checks.rules import RuleError, pack_texts, read_pack
from tests.checks.make import at, day

TEXT = pack_texts(["cn-2019"])["cn-2019"]
PACK = read_pack(TEXT, "cn-2019.toml")
TODAY = day("11-22")
ROWS = {row.id: row for row in PACK.indicators}


def hand(
    row: str,
    fault: bool | None = None,
    points: str | None = None,
    *,
    until: date | None = None,
    on: str = "11-20",
) -> Hand:
    worth = None if points is None else Decimal(points)
    return Hand("site:s1", "cn-2019", row, fault, worth, f"见截图：{row}", "核查员", at(on), until)


def test_which_rows_a_person_may_speak_of_and_what_may_be_said() -> None:
    told = {name: place(PACK, name, TODAY) for name in (*ROWS, "nm_interactive")}
    kinds = {
        name: (where.row, where.subject, where.ticks, where.most, where.days)
        for name, where in told.items()
        if where is not None and not name.startswith("d_")
    }
    thirty = Decimal(30)
    assert kinds == {
        "W1": ("W1", "site", True, None, None),
        "W5a": ("W5a", "site", True, None, None),
        "W6a": ("W6a", "site", True, None, None),
        "W6b": ("W6b", "site", True, None, None),
        "W6c": ("W6c", "site", True, None, None),
        "M1": ("M1", "account", True, None, None),
        "M2b": ("M2b", "account", True, None, None),
        "M3": ("nm_interactive", "account", True, None, 92),
        "b_release": ("b_release", "site", False, thirty, None),
        "b_interpret": ("b_interpret", "site", False, thirty, None),
        "b_services": ("b_services", "site", False, thirty, None),
        "b_interact": ("b_interact", "site", False, thirty, None),
        "b_design": ("b_design", "site", False, thirty, None),
        "nm_interactive": ("nm_interactive", "account", True, None, 92),
    }


def test_a_deduction_is_of_a_site_up_to_its_cap_or_else_the_full_points() -> None:
    most = {
        name: where.most
        for name in ROWS
        if name.startswith("d_")
        if (where := place(PACK, name, TODAY)) is not None and where.subject == "site"
    }
    assert set(most) == {name for name in ROWS if name.startswith("d_")}
    capped = {name: most for name, most in most.items() if most != 100}
    assert capped == {"d_policydoc": 5, "d_service_stats": 2, "d_messages": 3}


@pytest.mark.parametrize("name", ["", "W2", "W4a", "M2a", "nm_14d", "nm_duplicate", "nothing"])
def test_what_a_machine_decides_and_what_does_not_exist_takes_no_record(name: str) -> None:
    assert place(PACK, name, TODAY) is None


def test_nothing_can_be_recorded_under_rows_that_are_not_yet_in_force() -> None:
    assert place(PACK, "nm_interactive", day("2019-03-31")) is None
    assert place(PACK, "W1", day("2019-03-31")) is None
    assert place(PACK, "W1", day("2019-04-01")) is not None


def test_a_tick_of_a_duty_holds_a_quarter_and_other_records_until_another_comes() -> None:
    where = place(PACK, "M3", TODAY)
    assert isinstance(where, Place)
    assert where.until(day("11-22")) == day("2027-02-22")
    assert replace(where, days=None).until(TODAY) is None


def test_a_record_holds_up_to_and_including_its_last_day_and_under_its_own_pack() -> None:
    hands = (hand("W1", True, until=day("11-21")), hand("W5a", True, until=day("11-22")))
    other = replace(hand("W1", True), pack="province-template")
    assert [each.row for each in holding((*hands, other), PACK, TODAY)] == ["W5a"]


def test_the_vetoes_take_ticks_and_m3_takes_that_of_its_duty() -> None:
    hands = (
        hand("W1", True),
        hand("W5a", False),
        hand("W6a", True, until=day("11-21")),
        hand("nm_interactive", True),
        hand("b_release", None, "3"),
        hand("W4a", True),
    )
    found = {"W1": True, "W5a": False, "M3": True, "W4a": True}
    assert by_hand(hands, PACK, TODAY) == found


def test_of_two_records_about_one_indicator_the_later_counts() -> None:
    hands = (hand("nm_interactive", False, on="11-21"), hand("M3", True, on="11-20"))
    assert by_hand(hands, PACK, TODAY) == {"M3": False}


def test_points_deducted_are_a_fault_and_none_deducted_are_none() -> None:
    hands = (
        hand("d_marks", None, "2.5"),
        hand("d_overview", None, "0"),
        hand("d_domain", True),
        hand("d_news", False),
        hand("d_tags", True, until=day("11-21")),
    )
    assert checks_by_hand(hands, PACK, TODAY) == [
        Check("d_overview", 0, "见截图：d_overview", Decimal(0)),
        Check("d_news", 0, "见截图：d_news"),
        Check("d_domain", 1, "见截图：d_domain"),
        Check("d_marks", 1, "见截图：d_marks", Decimal("2.5")),
    ]
    assert by_hand(hands, PACK, TODAY) == {
        "d_marks": True,
        "d_overview": False,
        "d_domain": True,
        "d_news": False,
    }


def test_a_bonus_is_points_with_evidence_in_the_pack_s_order() -> None:
    hands = (hand("b_design", None, "1.25"), hand("b_release", None, "4"), hand("W1", True))
    assert bonuses(hands, PACK, TODAY) == [
        Bonus("b_release", Decimal(4), "见截图：b_release"),
        Bonus("b_design", Decimal("1.25"), "见截图：b_design"),
    ]
    assert checks_by_hand(hands, PACK, TODAY) == []


def test_a_duty_answered_by_hand_names_an_indicator_that_exists() -> None:
    with pytest.raises(RuleError) as raised:
        read_pack(TEXT.replace('name = "M3"\nheadline', 'name = "M9"\nheadline'), "x.toml")
    assert str(raised.value) == (
        "x.toml: nm_interactive: name: 'M9'; expected an indicator of this pack"
    )
