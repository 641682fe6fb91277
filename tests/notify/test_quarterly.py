"""The quarter's figures, exact on a small synthetic county: who is named, who is only counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from checks.course import EventKind, State
from checks.lifecycle import Finding
from checks.rules import Law
from checks.subjects import SubjectKind
from notify.documents.parts import Average, Rate
from notify.quarterly import Material, Quarter, QuarterlyFigures, quarterly_figures
from notify.quarterly.lines import FailedLine, GroupLine, NearLine
from notify.quarterly.lot import Sort, is_of, runs, sort_of
from notify.quarterly.model import LetterTally, ProblemTally, RetestTally
from notify.quarterly.sections import quarterly_report
from notify.selfcheck import ReportError
from tests.notify.quarter import (
    CLOSED,
    CONFIRMED,
    DISMISSED,
    LATE,
    MADE_AT,
    ON,
    Q4,
    RECOVERED,
    REOPENED,
    finding,
    findings,
    judged,
    material,
)


@pytest.fixture
def made(both: Law) -> Material:
    return material(both)


@pytest.fixture
def quarterly(made: Material) -> QuarterlyFigures:
    return quarterly_figures(made)


def by_id(number: int) -> Finding:
    return next(each for each in findings() if each.id == number)


class TestQuarter:
    def test_a_quarter_is_read_and_written_as_the_command_line_has_it(self) -> None:
        quarter = Quarter.parse("2026Q4")
        assert (quarter.first, quarter.last) == (date(2026, 10, 1), date(2026, 12, 31))
        assert (str(quarter), quarter.chinese) == ("2026Q4", "2026年第四季度")

    @pytest.mark.parametrize(
        "text", ["2026", "2026Q5", "2026H1", "2026W47", "2026q4", "0000Q1", ""]
    )
    def test_another_form_is_refused_with_the_expected_one(self, text: str) -> None:
        with pytest.raises(ValueError, match="expected such as '2026Q4'"):
            Quarter.parse(text)

    def test_the_quarters_of_two_years_follow_each_other(self) -> None:
        first = Quarter(2027, 1)
        assert (first.before, first.before.after) == (Quarter(2026, 4), first)
        assert [Quarter(2026, n).before.number for n in (2, 3, 4)] == [1, 2, 3]

    def test_31_march_belongs_to_the_first_quarter_and_1_april_to_the_second(self) -> None:
        assert Quarter.containing(date(2026, 3, 31)) == Quarter(2026, 1)
        assert Quarter.containing(date(2026, 4, 1)) == Quarter(2026, 2)
        assert Quarter.containing(date(2026, 12, 31)) == Q4


class TestWhichFindings:
    def test_only_what_a_person_confirmed_and_nothing_excuses_is_listed(
        self, quarterly: QuarterlyFigures
    ) -> None:
        listed = [line.id for line in quarterly.problems]
        assert listed == [7, 28, 29, 1, 2, 3, 4, 5, 16, 19, 17]
        assert quarterly.tally == ProblemTally(
            total=23,
            listed=11,
            pending=7,
            appealed=2,
            waived=1,
            dismissed=1,
            unconfirmed=1,
            of_sites=9,
            of_accounts=1,
            of_mailboxes=1,
            units=3,
        )

    @pytest.mark.parametrize(
        ("number", "sort"),
        [
            (1, Sort.LISTED),
            (8, Sort.PENDING),
            (11, Sort.DISMISSED),
            (13, Sort.WAIVED),
            (14, Sort.APPEALED),
            (27, Sort.UNCONFIRMED),
            (28, Sort.LISTED),
        ],
    )
    def test_whatever_speaks_for_the_unit_comes_before_a_confirmation(
        self, number: int, sort: Sort
    ) -> None:
        assert sort_of(by_id(number)) is sort

    def test_what_was_found_in_the_quarter_and_confirmed_after_it_is_listed(self) -> None:
        assert by_id(3).course.confirmed_on == date(2027, 1, 5)
        assert is_of(by_id(3), Q4, ON)
        assert sort_of(by_id(3)) is Sort.LISTED

    def test_an_earlier_fault_is_of_the_quarter_only_while_it_stands_on_the_last_day(self) -> None:
        of = [number for number in (1, 6, 9, 12, 15, 16, 20) if is_of(by_id(number), Q4, ON)]
        # 6 was closed, 9 seen gone, 12 waived; the letter of 20 had been answered.
        assert of == [1, 15, 16]

    def test_the_fault_of_the_next_day_is_not_of_the_quarter(self) -> None:
        late = finding(90, "column:c3", "gov", "2027-01-01", (CONFIRMED, "2027-01-02"))
        last = finding(91, "column:c3", "gov", "2026-12-31", (CONFIRMED, "2027-01-02"))
        first = finding(92, "column:c3", "gov", "2026-10-01", (RECOVERED, "2026-10-02"))
        assert [is_of(each, Q4, ON) for each in (late, last, first)] == [False, True, True]

    def test_seen_gone_after_the_last_day_it_stood_on_that_day(self) -> None:
        gone = finding(90, "column:c3", "gov", "2026-09-01", (RECOVERED, "2027-01-01"))
        assert is_of(gone, Q4, ON)
        assert not is_of(gone, Q4.after, date(2027, 3, 31))

    def test_an_appeal_that_was_answered_stands_in_the_way_no_longer(self) -> None:
        appealed = by_id(14)
        assert sort_of(appealed) is Sort.APPEALED
        answer = replace(appealed.events[-1], kind=EventKind.REJECTED)
        assert sort_of(replace(appealed, events=(*appealed.events, answer))) is Sort.LISTED


class TestLastUpdate:
    def test_while_it_stands_it_is_what_the_day_judged_shows(
        self, quarterly: QuarterlyFigures
    ) -> None:
        assert {line.updated for line in quarterly.problems if line.id == 1} == {LATE}

    def test_a_fault_that_came_back_rests_on_a_day_that_is_the_last_update_no_longer(
        self, made: Material
    ) -> None:
        """Found, seen gone, come back and gone again: the first day would be a false word."""
        again = finding(
            *(90, "column:c8", "gov", "2026-10-05"),
            (CONFIRMED, "2026-10-06"),
            (RECOVERED, "2026-10-10"),
            (REOPENED, "2026-11-10"),
            (RECOVERED, "2026-11-12"),
        )
        (line,) = quarterly_figures(replace(made, findings=[again])).problems
        assert line.updated is None

    def test_of_a_letter_the_deadline_is_told_and_no_update(
        self, quarterly: QuarterlyFigures
    ) -> None:
        (letter,) = [line for line in quarterly.problems if line.kind is SubjectKind.MAILBOX]
        assert (letter.letter, letter.due, letter.updated) == ("L05", date(2026, 11, 18), None)


class TestRuns:
    def test_a_fault_that_stood_through_three_quarters_has_a_run_of_three(
        self, quarterly: QuarterlyFigures
    ) -> None:
        told = {line.id: line.run for line in quarterly.problems}
        assert told == {
            1: 3,
            2: 2,
            3: 1,
            4: 1,
            5: 1,
            7: 2,
            16: 2,
            17: 1,
            19: None,
            28: 1,
            29: 1,
        }

    def test_two_findings_of_one_column_in_two_quarters_are_one_run(self) -> None:
        column = by_id(7).key
        assert runs([by_id(6), by_id(7)], [column], Q4, ON) == {column: 2}
        assert runs([by_id(7)], [column], Q4, ON) == {column: 1}

    def test_a_quarter_without_ends_the_run(self) -> None:
        second = finding(
            90, "column:c1", "gov", "2026-05-02", (CONFIRMED, "2026-05-03"), (CLOSED, "2026-06-01")
        )
        assert runs([second, by_id(7)], [second.key], Q4, ON) == {second.key: 1}

    def test_where_this_quarter_had_none_it_is_counted_from_the_one_before(self) -> None:
        column = by_id(6).key
        assert runs([by_id(6)], [column], Q4, ON) == {column: 1}
        assert runs([by_id(6)], [column], Q4.after, Q4.after.last) == {}

    def test_nobody_has_a_run_of_what_was_never_confirmed_or_was_a_false_alarm(self) -> None:
        unconfirmed = finding(90, "column:c2", "gov", "2026-02-01")
        wrong = finding(
            91,
            "column:c3",
            "gov",
            "2026-02-01",
            (CONFIRMED, "2026-02-02"),
            (DISMISSED, "2026-11-01"),
        )
        told = [unconfirmed, wrong, by_id(20)]
        assert runs(told, [each.key for each in told], Q4, ON) == {}


class TestRetest:
    def test_every_confirmed_problem_of_the_quarter_before_has_one_result(
        self, quarterly: QuarterlyFigures
    ) -> None:
        assert quarterly.retest == RetestTally(
            total=8, closed=1, recheck=2, unrectified=2, failed=1, waived=1, appealed=1
        )
        assert [(line.id, line.result, line.run) for line in quarterly.retested] == [
            (2, "整改不到位", 2),
            (1, "未整改", 3),
            (16, "未整改", 2),
            (9, "待复查", 1),
            (20, "待复查", None),
            (6, "已整改", 2),
            (12, "豁免", None),
        ]

    @pytest.mark.parametrize(
        ("later", "result"),
        [
            ([(EventKind.NOTIFIED, "2026-09-05")], "未整改"),
            ([(EventKind.NOTIFIED, "2026-09-05"), (EventKind.REPORTED, "2026-09-10")], "待复查"),
            ([(EventKind.RECHECKED, "2026-10-10")], "待复查"),
            ([(RECOVERED, "2026-10-10"), (REOPENED, "2026-11-10")], "未整改"),
            (
                [
                    (EventKind.NOTIFIED, "2026-09-05"),
                    (RECOVERED, "2026-10-10"),
                    (REOPENED, "2026-11-10"),
                ],
                "整改不到位",
            ),
        ],
    )
    def test_the_result_follows_what_was_done(
        self, made: Material, later: list[tuple[EventKind, str]], result: str
    ) -> None:
        one = finding(90, "column:c3", "gov", "2026-09-01", (CONFIRMED, "2026-09-02"), *later)
        (line,) = quarterly_figures(replace(made, findings=[one])).retested
        assert line.result == result

    def test_a_problem_confirmed_when_its_quarter_was_over_is_retested_in_the_next(
        self, made: Material
    ) -> None:
        one = finding(90, "column:c3", "gov", "2026-09-28", (CONFIRMED, "2026-10-05"))
        (line,) = quarterly_figures(replace(made, findings=[one])).retested
        assert (line.id, line.result) == (90, "未整改")


class TestSitesAndAccounts:
    def test_a_site_fails_by_confirmed_faults_alone(self, quarterly: QuarterlyFigures) -> None:
        """Five late columns each: confirmed of s2, by nobody of s3, three of six of s1."""
        sites = quarterly.sites
        assert (sites.total, sites.checked, sites.unjudged) == (4, 3, 1)
        assert (sites.failed, sites.pending, sites.passed) == (1, 2, 0)
        veto = "栏目不更新：未及时更新的动态要闻、通知公告、政策文件类栏目累计达到5个"
        assert quarterly.failed_sites == (
            FailedLine("住建局网站", "住房和城乡建设局", "其他", "3206210002", veto),
        )
        assert quarterly.near == (NearLine("市政府门户网站", veto, count=3, limit=5, gap=2),)

    def test_one_confirmation_less_and_the_site_only_awaits_a_person(self, made: Material) -> None:
        fewer = [each for each in made.findings if each.id != 5]
        sites = quarterly_figures(replace(made, findings=fewer)).sites
        assert (sites.failed, sites.pending) == (0, 3)

    def test_a_person_s_dismissal_or_waiver_takes_a_fault_out_of_the_count(
        self, made: Material
    ) -> None:
        dismissed = finding(
            5,
            "column:b5",
            "build",
            "2026-12-01",
            (CONFIRMED, "2026-12-05"),
            (DISMISSED, "2027-01-07"),
        )
        changed = [dismissed if each.id == 5 else each for each in made.findings]
        assert quarterly_figures(replace(made, findings=changed)).sites.failed == 0

    def test_the_pass_rate_has_two_decimals_and_is_compared_with_the_quarter_before(
        self, quarterly: QuarterlyFigures
    ) -> None:
        sites, accounts = quarterly.sites, quarterly.accounts
        assert (str(sites.rate), str(sites.before), sites.change) == (
            *("66.67%", "100.00%"),
            Decimal("-33.33"),
        )
        assert (str(accounts.rate), accounts.change) == ("75.00%", Decimal("-25.00"))

    def test_where_the_quarter_before_was_not_judged_there_is_no_change(
        self, made: Material
    ) -> None:
        sites = quarterly_figures(replace(made, before=None)).sites
        assert (sites.before, sites.change) == (None, None)

    def test_accounts_are_counted_by_platform_and_owner_and_closed_ones_apart(
        self, quarterly: QuarterlyFigures
    ) -> None:
        assert quarterly.platforms == (
            GroupLine("微信公众号", 2, 1, 0, Rate(1, 1)),
            GroupLine("微博", 2, 2, 1, Rate(1, 2)),
            GroupLine("抖音", 1, 1, 0, Rate(1, 1)),
        )
        assert quarterly.owners == (
            GroupLine("部门", 3, 3, 1, Rate(2, 3)),
            GroupLine("区镇", 2, 1, 0, Rate(1, 1)),
        )
        assert quarterly.closed_accounts == 1
        accounts = quarterly.accounts
        assert (accounts.total, accounts.checked, accounts.failed) == (5, 4, 1)
        assert (accounts.pending, accounts.unjudged) == (2, 1)

    def test_without_the_national_table_a_rule_that_is_a_veto_decides_for_accounts(
        self, law: Law, both: Law
    ) -> None:
        figures = quarterly_figures(material(law))
        assert not figures.sites.asked
        assert [line.name for line in figures.failed_accounts] == ["示例住建"]
        assert (str(figures.accounts.rate), figures.accounts.pending) == ("75.00%", 2)
        assert figures.packs == ("海安市本级时限（haian 2020.1）",)
        told = quarterly_report(figures, ()).sections[1].paragraphs[0]
        assert "所采用的指标集没有网站单项否决指标，不作合格判定。" in told


class TestLetters:
    def test_the_letters_received_in_the_quarter_by_unit(self, quarterly: QuarterlyFigures) -> None:
        """L06 was received before, L07 shows no day; a company of no register is not named."""
        assert quarterly.letters == LetterTally(
            total=4,
            answered=3,
            unanswered=1,
            judged=3,
            in_time=1,
            by_page=4,
            by_export=0,
            undated=1,
            answer_rate=Rate(3, 4),
            in_time_rate=Rate(1, 3),
            average=Average(24, 3),
        )
        told = [
            (x.unit, x.letters, x.answered, x.judged, x.in_time) for x in quarterly.letter_lines
        ]
        assert told == [
            ("住房和城乡建设局", 2, 1, 1, 1),
            ("市政府办公室", 1, 1, 1, 0),
            ("登记册以外的承办单位", 1, 1, 1, 0),
        ]


class TestWords:
    def test_what_awaits_a_person_is_one_number_and_no_name(
        self, quarterly: QuarterlyFigures
    ) -> None:
        (first, *groups) = quarterly_report(quarterly, ()).sections[2].paragraphs
        assert first == (
            "认定为不合格的网站1个、政务新媒体1个，名单和原因见附件1、附件2。"
            "经人工核实，本季度存在问题11项，涉及3个单位：网站和栏目9项，政务新媒体1项，信箱1项。"
            "系统发现、待核实7项，未列入本通报。申诉尚未答复的2项，亦未列入。"
        )
        assert [words.partition("）。")[0] for words in groups] == [
            "（一）动态新闻类栏目超过两周未更新（9项",
            "（二）政府信箱来信超过五个工作日未答复或逾期答复（1项",
            "（三）政务新媒体账号超过两周未更新（1项",
        ]
        assert "住房和城乡建设局栏目“住建动态1”（最近更新2026年11月1日，连续3季度）" in groups[0]
        assert groups[1].endswith("市政府办公室信箱“市长信箱”（来信L05，答复期限2026年11月18日）。")

    def test_the_overview_tells_pass_rates_and_the_retest(
        self, quarterly: QuarterlyFigures
    ) -> None:
        sites, accounts, letters, retest = quarterly_report(quarterly, ()).sections[1].paragraphs
        assert sites == (
            "（一）政府网站。检查3个，不合格1个，合格率66.67%，比上季度（100.00%）下降33.33个百分点。"
            "另有系统发现达到单项否决、待核实的2个，未计为不合格。未能判定的1个，不计入检查数。"
            "登记栏目22个，经核实存在问题的栏目9个。"
        )
        assert (
            "在用账号5个，另有已关停账号1个。按平台分：微信公众号2个、微博2个、抖音1个" in accounts
        )
        assert "按主办单位分：部门3个、区镇2个。" in accounts
        assert "答复率75.00%，按期答复率33.33%，平均办理8.0个工作日" in letters
        assert retest == (
            "（四）上季度问题整改。上季度经核实的问题8项：已整改1项，待复查2项，未整改2项，"
            "整改不到位1项，豁免1项，申诉尚未答复1项（不列名）。其中连续两个季度以上存在的4项。"
        )

    def test_basis_comes_from_the_packs_in_force(self, quarterly: QuarterlyFigures) -> None:
        assert quarterly.sources == (
            "海安市2020年政府信息公开工作年度报告",
            "政府网站与政务新媒体检查指标（国办秘函〔2019〕19号）",
            "《政府网站发展指引》（国办发〔2017〕47号）",
            "国办函〔2018〕12号",
        )

    def test_a_quarter_that_still_runs_is_told_as_of_a_day(self, both: Law, made: Material) -> None:
        running = replace(made, day=judged(both, date(2026, 11, 29)), before=None)
        report = quarterly_report(quarterly_figures(running), ())
        assert report.subtitle == "（截至2026年11月29日）"
        assert (
            "以2026年11月29日为判定日，该日之后的情况未计入。" in report.sections[0].paragraphs[1]
        )
        assert quarterly_report(quarterly_figures(made), ()).subtitle == ""

    def test_without_confirmed_problems_nothing_is_demanded(self, made: Material) -> None:
        pending = [each for each in made.findings if each.course.confirmed_on is None]
        report = quarterly_report(quarterly_figures(replace(made, findings=pending)), ())
        problems, demands = report.sections[2].paragraphs, report.sections[3].paragraphs
        assert problems == ("本季度没有经核实的问题。系统发现、待核实7项，未列入本通报。",)
        assert len(demands) == 1
        assert "限期" not in demands[0]

    def test_a_veto_that_a_person_recorded_fails_a_site_without_any_finding(
        self, made: Material
    ) -> None:
        """No count can: W1 is what a person saw, under the indicator itself."""
        first, *rest = made.day.places
        told = tuple(
            replace(one, hit=True, said=True) if one.indicator.id == "W1" else one
            for one in first.vetoes
        )
        day = replace(made.day, places=(replace(first, vetoes=told), *rest))
        figures = quarterly_figures(replace(made, day=day, findings=[]))
        assert [line.reason for line in figures.failed_sites] == [
            "安全、泄密事故等严重问题：存在安全、泄密事故等严重问题"
        ]
        report = quarterly_report(figures, ())
        assert report.sections[2].paragraphs == (
            "认定为不合格的网站1个、政务新媒体0个，名单和原因见附件1、附件2。"
            "本季度没有其他经核实的问题。系统发现、待核实0项，未列入本通报。",
        )
        assert report.sections[3].paragraphs[0].startswith("（一）限期整改。")

    def test_a_long_list_is_cut_in_the_text_and_whole_in_the_annex(self, made: Material) -> None:
        key = by_id(1).key
        many = [
            replace(by_id(1), id=100 + n, key=replace(key, subject=f"column:x{n:02d}"))
            for n in range(21)
        ]
        figures = quarterly_figures(replace(made, findings=many))
        _, group = quarterly_report(figures, ()).sections[2].paragraphs
        assert group.count("栏目“") == 20
        assert group.endswith("等21项，详见附件。")
        assert len(figures.problems) == 21
        assert figures.problems[0].name == "x00（已不在登记册）"

    def test_a_day_outside_the_quarter_is_refused(self, made: Material) -> None:
        with pytest.raises(ReportError, match="判定日2026-12-31不在2026年第三季度之内"):
            quarterly_figures(replace(made, quarter=Q4.before))


def test_the_county_holds_what_its_tests_rest_on() -> None:
    states = {each.id: each.state for each in findings()}
    assert (states[2], states[9], states[12]) == (State.URGED, State.RECHECK, State.WAIVED)
    assert all(event.at <= MADE_AT for each in findings() for event in each.events)
