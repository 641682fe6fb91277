"""A site under the whole table: unmet duties, a person's word, and the sheet of a portal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from checks.facts import Hand
from checks.freshness import Moment
from checks.hands import bonuses, by_hand, checks_by_hand
from checks.indicators import in_force
from checks.judge import Facts, judge
from checks.owed import Answer, DutyRow
from checks.points import Bonus, Check, check_of
from checks.rules import pack_texts, read_law
from checks.sites import Standing, standings, vetoed, watched
from checks.standing_words import in_words
from checks.subjects import Subject
from checks.verdicts import DutyState
from checks.watch import Place, counting, places
from tests.checks.make import CALENDAR, account, at, column, day, site

LAW = read_law(pack_texts(["haian", "cn-2019", "province-template"]), CALENDAR)
PACK = next(pack for pack in LAW.packs if pack.name == "cn-2019")
INDICATORS = in_force(PACK.indicators, day("11-22"))
DUTIES = {duty.id: duty for duty in PACK.duties}
PORTAL = site(site="s1", portal=True)
MET, UNMET, UNKNOWN, EXEMPT = DutyState


def owed(duty: str, state: DutyState, *faults: str, of: Subject = PORTAL) -> DutyRow:
    return DutyRow(of, DUTIES[duty], Answer(state, "", faults))


def hand(row: str, fault: bool | None, points: str | None = None, **more: str) -> Hand:
    given = None if points is None else Decimal(points)
    until = day(more["until"]) if "until" in more else None
    of, pack = more.get("of", PORTAL.key), more.get("pack", "cn-2019")
    return Hand(of, pack, row, fault, given, "截图1", "张三", at("11-20"), until)


def stood(
    duties: Iterable[DutyRow] = (),
    hands: Sequence[Hand] = (),
    subjects: Sequence[Subject] = (PORTAL,),
) -> Place:
    """The first of these subjects on 22 November 2026."""
    bench = replace(judge(LAW, Facts(subjects, {}), Moment(day("11-22"))), duties=tuple(duties))
    return places(PACK, bench, hands={subjects[0].key: hands})[0]


def row_of(place: Place, indicator: str) -> Standing:
    rows = (*place.vetoes, *place.deductions)
    return next(row for row in rows if row.indicator.id == indicator)


# Duties


def test_each_unmet_duty_is_one_fault_on_however_many_pages_it_shows() -> None:
    places_ = ("首页缺少：/", "列表页缺少：/a", "内容页缺少：/b", "内容页缺少：/c")
    rows = [
        owed("foot_icp", UNMET, *places_),
        owed("foot_police", UNMET),
        owed("foot_host", MET),
        owed("tag_pubdate", UNMET),
    ]
    row = row_of(stood(rows), "d_marks")
    assert (row.hit, row.count, row.watched) == (True, 2, 3)
    assert in_words(row) == "2项不符合要求；指标未经核实"
    missing = "页脚缺少ICP备案号：首页缺少：/；列表页缺少：/a；内容页缺少：/b等4处"
    assert check_of(row) == Check("d_marks", 2, f"{missing}；页脚缺少公安机关备案号")


@pytest.mark.parametrize(
    ("states", "hit", "count"),
    [
        ([MET, MET], False, 0),
        ([MET, EXEMPT], False, 0),
        ([MET, UNKNOWN], None, 0),
        ([UNMET, UNKNOWN], True, 1),
        ([], None, 0),
    ],
)
def test_a_duty_not_known_is_never_counted_and_keeps_the_row_open(
    states: list[DutyState], hit: bool | None, count: int
) -> None:
    duties = ["tag_pubdate", "tag_sitename"]
    rows = [owed(duty, state) for duty, state in zip(duties, states, strict=False)]
    row = row_of(stood(rows), "d_tags")
    assert (row.hit, row.count) == (hit, count)
    partial = check_of(row)
    assert (partial is not None and partial.partial) is (hit is True)


def test_where_the_machine_sees_only_a_part_its_silence_clears_nothing() -> None:
    names = ("domain_gov_cn", "domain_no_ip", "domain_single")
    row = row_of(stood([owed(name, MET) for name in names]), "d_domain")
    assert (row.hit, check_of(row)) == (None, None)
    assert "其余须人工核查" in in_words(row)
    found = check_of(row_of(stood([owed("domain_no_ip", UNMET)]), "d_domain"))
    assert found == Check("d_domain", 1, "网站直接以IP地址提供服务", partial=True)


def test_the_duty_of_another_pack_is_not_counted() -> None:
    row = owed("foot_icp", UNMET)
    local = replace(row, duty=replace(row.duty, pack="haian"))
    assert row_of(stood([local]), "d_marks").watched == 0


def test_every_duty_an_indicator_counts_is_one_of_its_pack() -> None:
    counted = [row for row in PACK.indicators if row.counts == "duties"]
    assert {row.id for row in counted} >= {"d_domain", "d_marks", "d_report_fault", "d_tags"}
    assert {id_ for row in counted for id_ in row.rules} <= DUTIES.keys()


# A person's word


def test_what_a_person_found_takes_the_place_of_what_was_counted() -> None:
    rows = [owed("foot_error_entry", UNMET)]
    row = row_of(stood(rows, [hand("d_report_fault", False)]), "d_report_fault")
    assert (row.hit, row.count, in_words(row)) == (
        False,
        1,
        "经人工核查未发现问题；指标未经核实",
    )
    line = _line(stood(rows, [hand("d_report_fault", True, "2")]), "d_report_fault")
    assert line == (1, Decimal(2), "截图1", False)


def test_a_person_may_find_a_veto_even_where_the_wording_is_not_verified() -> None:
    assert row_of(stood(), "W6b").hit is None
    place = stood(hands=[hand("W6b", True)])
    assert place.vetoed is True
    assert place.score is not None
    assert (place.score.vetoes, place.score.grade) == (("W6b",), "不合格")


def test_the_word_of_a_person_ends_after_its_last_day() -> None:
    for until, said in (("11-21", {}), ("11-22", {"W1": False})):
        assert by_hand([hand("W1", False, until=until)], PACK, day("11-22")) == said


def test_entries_are_sorted_to_the_part_of_their_row() -> None:
    hands = [
        hand("W1", True),
        hand("d_login", True, "1"),
        hand("d_links", False),
        hand("d_survey", None, "3"),
        hand("b_design", None, "2"),
        hand("foot_icp", False),
        hand("W1", True, pack="haian"),
    ]
    as_of = day("11-22")
    found = {"W1": True, "d_login": True, "d_links": False, "d_survey": True}
    assert by_hand(hands, PACK, as_of) == found
    assert checks_by_hand(hands, PACK, as_of) == [
        Check("d_login", 1, "截图1", Decimal(1)),
        Check("d_survey", 1, "截图1", Decimal(3)),
        Check("d_links", 0, "截图1"),
    ]
    assert bonuses(hands, PACK, as_of) == [Bonus("b_design", Decimal(2), "截图1")]


# The sheet of a portal


def every_row_in_order(*found: Hand) -> list[Hand]:
    """A person went through the whole table and found this, and nothing else."""
    named = {each.row for each in found}
    rows = [row.id for row in INDICATORS if row.part != "bonus" and row.subject != "account"]
    return [*found, *(hand(row, False) for row in rows if row not in named)]


def test_the_worked_example_entered_by_hand_leaves_89_points() -> None:
    found = [hand("d_policydoc", True), hand("d_service_stats", True), hand("d_messages", True)]
    place = stood(hands=every_row_in_order(*found, hand("d_login", True, "1")))
    assert place.score is not None
    assert (place.score.deducted, place.score.total) == (Decimal(11), Decimal(89))
    assert (place.score.grade, place.score.still_open) == ("合格", ())


def test_a_bonus_given_by_hand_counts_above_eighty() -> None:
    place = stood(hands=[*every_row_in_order(), hand("b_design", None, "5")])
    assert place.score is not None
    assert place.score.total == Decimal(105)


def test_a_body_without_services_is_not_asked_for_them() -> None:
    body = replace(PORTAL, services=False)
    place = stood(hands=every_row_in_order(hand("d_login", True, "15")), subjects=[body])
    assert not [row for row in place.vetoes if row.indicator.group == "W6"]
    assert place.score is not None
    assert (place.score.deduction_score, place.score.still_open) == (Decimal(80), ())


def test_only_a_portal_has_a_sheet_and_an_account_only_vetoes() -> None:
    plain = replace(PORTAL, portal=False)
    assert (stood(subjects=[plain]).score, stood(subjects=[plain]).deductions) == (None, ())
    place = stood(subjects=[account()])
    assert [row.indicator.id for row in place.vetoes] == ["M1", "M2a", "M2b", "M3"]
    assert place.score is None


# Which packs count


def test_only_a_pack_with_indicators_in_force_counts() -> None:
    assert [pack.name for pack in counting(LAW, day("11-22"))] == ["cn-2019"]
    assert counting(LAW, day("2019-03-31")) == ()
    assert counting(read_law(pack_texts(["haian"]), CALENDAR), day("11-22")) == ()


def test_the_empty_province_template_beside_the_others_changes_nothing() -> None:
    two = read_law(pack_texts(["haian", "cn-2019"]), CALENDAR)
    for subject in (column(), account(), PORTAL):
        named = [rule.name for rule in LAW.applying_to(subject, day("11-22"))]
        assert named == [rule.name for rule in two.applying_to(subject, day("11-22"))]
    assert LAW.duties_in_force(day("11-22")) == two.duties_in_force(day("11-22"))


def test_one_pass_gives_each_site_its_own_and_no_other_s() -> None:
    other = replace(site(site="s2"), id="s2")
    columns = [
        replace(column(site="s2"), id="c2"),
        column(site="s1"),
        replace(column(), id="c3", site=None),
    ]
    bench = judge(LAW, Facts([PORTAL, other, *columns, account()], {}), Moment(day("11-22")))
    known = watched(bench)
    ids = {place: {row.subject.id for row in one.rows} for place, one in known.items()}
    assert ids["site:s1"] == {"s1", "c1"}
    assert ids["site:s2"] == {"s2", "c2"}
    assert ids["account:a1"] == {"a1"}
    assert [place.subject.key for place in places(PACK, bench)] == [
        "site:s1",
        "site:s2",
        "account:a1",
    ]
    assert vetoed(standings(known["site:s1"], INDICATORS)) is None


def _line(place: Place, indicator: str) -> tuple[int | None, Decimal | None, str, bool]:
    assert place.score is not None
    line = next(line for line in place.score.lines if line.indicator.id == indicator)
    return line.faults, line.points, line.evidence, line.still_open
