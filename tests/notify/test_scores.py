"""The score table of a synthetic county: its rows, ranks and sums."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from checks.assessment import assess
from checks.lifecycle import EventKind
from checks.periods import read_period
from checks.scheme import read_scheme
from checks.signing import SigningStep
from notify.documents.parts import Points
from notify.scores import ScoreFigures, score_figures, table_files
from notify.scores.figures import ranks
from notify.scores.selfcheck import check, check_unit
from notify.scores.words import period_words
from tests.notify.scored import (
    HALF,
    KINDS,
    case_of,
    confirmed,
    county,
    late_column,
    material,
    praise,
    signatures,
    step,
)

COUNTY = county()
FIGURES = score_figures(COUNTY)
TEN = Path(__file__).parents[1] / "checks" / "ten_schemes"
SCHEMES = sorted(TEN.glob("*.toml"))


def numbers(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def line(figures: ScoreFigures, unit: str) -> Any:
    return next(each for each in figures.units if each.unit == unit)


class TestPoints:
    @pytest.mark.parametrize(
        ("value", "words"),
        [
            ("0.3", "+0.30"),
            ("-0.55", "-0.55"),
            ("0", "0.00"),
            ("-0.00001", "0.00"),
            ("-0.125", "-0.125"),
            ("-0.00005", "-0.0001"),
            ("100", "+100.00"),
        ],
    )
    def test_two_decimals_and_more_only_where_there_are_more(self, value: str, words: str) -> None:
        assert str(Points(Decimal(value), signed=True)) == words

    def test_a_score_of_a_hundred_has_no_sign(self) -> None:
        assert str(Points(Decimal("89"))) == "89.00"


class TestRanks:
    def test_equal_scores_share_a_rank_and_the_next_one_is_left_out(self) -> None:
        assert ranks(numbers("0.3", "-0.1", "0.30", "-0.2")) == (1, 3, 1, 4)

    def test_units_stand_by_kind_and_rank_and_of_one_rank_as_in_the_register(self) -> None:
        kinds = [each.kind for each in FIGURES.units]
        assert kinds == ["town"] * 9 + ["department"] * 27 + ["other"] * 9
        departments = [each for each in FIGURES.units if each.kind == "department"]
        scores = [each.score for each in departments]
        assert scores == sorted(scores, reverse=True)
        tied = [each.unit for each in departments if each.score == 0]
        assert tied == ["u02", "u07", "u17", "u22", "u27", "u32", "u37"]
        assert {each.rank for each in departments if each.score == 0} == {4}
        assert departments[10].rank == 11

    def test_ranks_of_one_kind_know_nothing_of_the_others(self) -> None:
        assert [each.rank for each in FIGURES.units if each.rank == 1 and each.kind == "town"] == [
            1
        ]
        assert sum(each.units for each in FIGURES.kinds) == 45


class TestUnits:
    def test_every_deduction_of_a_unit_is_there_by_hand(self) -> None:
        """Two late columns and one urged -0.3, one put right in time -0.05, a letter six working
        days late -0.2, urged -0.5."""
        unit = line(FIGURES, "u28")
        assert [unit.minus, unit.plus, unit.score] == numbers("-1.05", "0", "-1.05")
        assert unit.minus_words == (
            "栏目超过时限未更新-0.35（问题2801、2802、2820、2840，haian/news_2w）；"
            "来信逾期未答复或逾期答复-0.20（问题2830，haian/mailbox_5wd）；"
            "整改不力被通报督办-0.50（问题2840，haian/news_2w）"
        )
        rows = [(each.finding, each.points) for each in FIGURES.losses if each.unit == "u28"]
        assert rows == [
            (2801, Decimal("-0.1")),
            (2802, Decimal("-0.1")),
            (2820, Decimal("-0.05")),
            (2840, Decimal("-0.1")),
            (2830, Decimal("-0.2")),
            (2840, Decimal("-0.5")),
        ]

    def test_praise_stands_apart_with_its_evidence(self) -> None:
        unit = line(FIGURES, "u12")
        assert (unit.plus, unit.minus) == (Decimal("0.3"), 0)
        assert unit.plus_words == "政务公开工作受上级表扬+0.30（市级示例办发〔2026〕12号通报表扬）"

    def test_what_a_cap_took_back_is_a_row_of_its_own(self) -> None:
        found = tuple(
            late_column(n, "a", n, date(2026, 3, n), confirmed(date(2026, 4, 1)))
            for n in range(1, 11)
        )
        figures = score_figures(material((case_of("a", found),), found))
        assert line(figures, "a").minus == Decimal("-0.8")
        assert [each.points for each in figures.losses] == [*[Decimal("-0.1")] * 10, Decimal("0.2")]
        assert figures.losses[-1].sum == "本项以-0.8为限"
        table_files(figures)

    def test_two_findings_of_one_column_cost_once_and_both_are_named(self) -> None:
        closed = (confirmed(date(2026, 2, 3)), step(EventKind.CLOSED, date(2026, 2, 20)))
        found = (
            late_column(1, "a", 1, date(2026, 2, 2), *closed),
            late_column(2, "a", 1, date(2026, 4, 2), confirmed(date(2026, 4, 3))),
        )
        figures = score_figures(material((case_of("a", found),), found))
        told = [(each.finding, each.points, each.sum) for each in figures.losses]
        assert told == [(1, Decimal("-0.1"), "-0.1"), (2, 0, "与问题1同计一次")]

    def test_more_findings_than_a_cell_holds_are_counted_and_not_cut_off(self) -> None:
        found = tuple(
            late_column(10_000 + n, "a", n % 29 + 1, date(2026, 3, 1), confirmed(date(2026, 4, 1)))
            for n in range(60)
        )
        figures = score_figures(material((case_of("a", found),), found))
        assert line(figures, "a").minus_words == (
            "栏目超过时限未更新-0.80（问题60项，haian/news_2w，见附件2）"
        )

    def test_a_veto_costs_nothing_as_a_line_and_the_remark_says_what_it_does(self) -> None:
        found = (late_column(1, "a", 1, date(2026, 3, 2), confirmed(date(2026, 3, 3))),)
        case = case_of("a", found)
        case = replace(case, findings=(replace(case.findings[0], severity="veto"),))
        figures = score_figures(material((case,), found))
        unit = line(figures, "a")
        assert (unit.minus, unit.score) == (Decimal("-0.1"), Decimal("-2"))
        assert unit.remark == "单项否决问题，得分按-2计"
        assert "单项否决问题，得分按-2计（问题1，haian/news_2w）" in unit.minus_words
        table_files(figures)


def test_the_periods_are_called_as_in_a_title() -> None:
    told = {
        name: period_words(read_period(name)) for name in ("2026H1", "2026H2", "2026Q3", "2026")
    }
    assert told == {
        "2026H1": "2026年上半年",
        "2026H2": "2026年下半年",
        "2026Q3": "2026年第三季度",
        "2026": "2026年全年",
    }


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_every_published_scheme_gives_a_table_that_adds_up(path: Path) -> None:
    scheme = read_scheme(path.read_text(encoding="utf-8"), path.name)
    days = {"half_year": HALF, "quarter": read_period("2026Q2"), "year": read_period("2026")}
    period = days[scheme.cycles[0]]
    cases = tuple(replace(case, period=period, entries=()) for case in COUNTY.cases)
    sheets = tuple(assess(scheme, case) for case in cases)
    figures = score_figures(replace(COUNTY, days=period, scheme=scheme, cases=cases, sheets=sheets))
    assert [each for each in check(figures) if not each.holds] == []
    for line_ in figures.units:
        assert [each for each in check_unit(figures, line_.unit) if not each.holds] == []
    table_files(figures)


def test_an_entry_of_another_period_is_not_among_what_was_left_out() -> None:
    other = replace(praise(1, "city"), on=date(2025, 12, 30))
    figures = score_figures(material((case_of("a", (), (other,)),), ()))
    assert (line(figures, "a").plus, figures.left) == (0, ())


def test_what_a_person_has_yet_to_enter_is_told_by_its_name() -> None:
    scheme = read_scheme((TEN / "xuancheng_2019.toml").read_text(encoding="utf-8"), "xuancheng")
    case = replace(case_of("a"), period=read_period("2026"))
    figures = score_figures(replace(material((case,), (), scheme=scheme), days=read_period("2026")))
    (open_,) = (s.name for s in figures.sheet("a").sections if s.missing)
    assert line(figures, "a").remark == f"{open_}未录入"


def test_the_county_is_what_the_tests_take_it_for() -> None:
    assert len(COUNTY.cases) == 45
    assert set(KINDS.values()) == {each.kind for each in FIGURES.units}
    assert [each.step for each in signatures(3)] == list(SigningStep)[:3]
