"""The week's figures, exact on a small synthetic city, unit by unit and letter by letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from checks.calendar import load_calendar
from checks.facts import History, Letter, LetterState, Outcome, Visit
from checks.freshness import SHANGHAI, Moment
from checks.judge import Facts, judge
from checks.lifecycle import Event, EventKind, Key, State
from checks.rules import Law, pack_texts, read_law
from checks.subjects import Subject, SubjectKind
from checks.verdicts import LetterVerdict, Verdict
from notify.documents.parts import Average, Rate, Table, shown
from notify.weekly import Material, Period, ReportError, WeeklyFigures, check, weekly_figures
from notify.weekly.lines import AtLeast
from notify.weekly.model import (
    Coverage,
    FindingTally,
    Headline,
    LetterTally,
    Look,
    PostTally,
    Tally,
    VetoWatch,
)
from notify.weekly.sections import summary, weekly_report
from notify.weekly.tables.subjects import overdue
from tests.notify.conftest import AS_OF, SEEN_AT, column, national_material

OK = Outcome.OK
PORTAL = Subject(
    SubjectKind.SITE, "s1", "市政府门户网站", "gov", "s1", "https://www.example.gov.cn"
)


def judged(material: Material, law: Law, facts: Facts, as_of: date) -> WeeklyFigures:
    return weekly_figures(replace(material, bench=judge(law, facts, Moment(as_of)), findings=()))


def tables(figures: WeeklyFigures) -> list[Table]:
    report = weekly_report(figures, ())
    return [table for section in report.sections for table in section.tables]


class TestPeriod:
    def test_a_week_is_read_and_written_as_the_command_line_has_it(self) -> None:
        period = Period.parse("2026W47")
        assert (period.first, period.last) == (date(2026, 11, 16), date(2026, 11, 22))
        assert (str(period), period.chinese) == ("2026W47", "2026年第47周")

    @pytest.mark.parametrize(
        "text", ["2026-W47", "2026W7", "2026Q4", "２０２６W47", " 2026W47", ""]
    )
    def test_another_form_is_refused_with_the_expected_one(self, text: str) -> None:
        with pytest.raises(ValueError, match="expected such as '2026W47'"):
            Period.parse(text)

    def test_2026_has_a_week_53_and_2027_has_none(self) -> None:
        assert Period.parse("2026W53").last == date(2027, 1, 3)
        with pytest.raises(ValueError, match="the year 2027 has no week 53"):
            Period.parse("2027W53")
        with pytest.raises(ValueError, match="has no week 0"):
            Period.parse("2026W00")

    def test_new_years_day_belongs_to_the_old_years_last_week(self) -> None:
        assert Period.containing(date(2027, 1, 1)) == Period(2026, 53)

    def test_on_a_sunday_the_last_full_week_is_still_the_one_before(self) -> None:
        assert Period.last_full(date(2026, 11, 22)) == Period(2026, 46)
        assert Period.last_full(date(2026, 11, 23)) == Period(2026, 47)

    def test_monday_and_sunday_belong_to_the_week_and_their_neighbours_do_not(self) -> None:
        period = Period(2026, 47)
        inside = [
            period.first - timedelta(1),
            period.first,
            period.last,
            period.last + timedelta(1),
        ]
        assert [day in period for day in inside] == [False, True, True, False]


class TestCoverage:
    def test_every_subject_is_seen_unseen_or_excused(self, figures: WeeklyFigures) -> None:
        assert figures.coverage == Coverage(
            looks=(
                Look("正常读取", True, site=1, column=6, mailbox=2, account=4),
                Look("页面无内容", True, site=0, column=1, mailbox=0, account=0),
                Look("有内容但未标注日期", True, site=0, column=1, mailbox=0, account=0),
                Look("被防火墙或验证页面拦截", False, site=0, column=1, mailbox=0, account=1),
                Look("无法连接", False, site=1, column=1, mailbox=0, account=0),
                Look("豁免或已关停，未要求查看", None, site=0, column=0, mailbox=0, account=1),
            ),
            registered=20,
            seen=15,
            unseen=4,
            excused=1,
        )

    def test_a_crawler_that_stood_still_for_four_days_has_seen_nothing(
        self, material: Material
    ) -> None:
        later = material.bench.moment.as_of + timedelta(days=4)
        rows = material.bench.rows
        facts = Facts([row.subject for row in rows], _histories(material))
        figures = judged(material, material.law, facts, later)
        assert figures.coverage.seen == 0
        assert figures.columns.overdue == figures.accounts.overdue == 0
        assert figures.coverage.unseen == figures.headline.unseen == 18
        words = [(look.words, look.total) for look in figures.coverage.looks]
        assert words[-2:] == [("超过3天未再查看", 14), ("豁免或已关停，未要求查看", 2)]

    def test_an_entry_that_shows_another_column_is_neither_looked_for_nor_counted_again(
        self, material: Material, law: Law
    ) -> None:
        late = Subject(SubjectKind.COLUMN, "n1", "政务动态", "gov", "s1", column_class="news")
        entry = replace(late, id="n2", name="今日动态", redirect_to="n1")
        seen_at = material.made_at - timedelta(days=1)
        look = Visit(1, late.key, seen_at, Outcome.OK, date(2026, 11, 1))
        facts = Facts([late, entry], {late.key: History(look, look)})
        figures = judged(material, law, facts, date(2026, 11, 22))
        assert figures.coverage == Coverage(
            looks=(
                Look("正常读取", True, site=0, column=1, mailbox=0, account=0),
                Look("豁免或已关停，未要求查看", None, site=0, column=1, mailbox=0, account=0),
            ),
            registered=2,
            seen=1,
            unseen=0,
            excused=1,
        )
        assert [line.column for line in figures.overdue] == ["政务动态"]
        assert (figures.columns.overdue, figures.columns.exempt) == (1, 1)
        assert [(line.name, line.reason[:14]) for line in figures.exempt] == [
            ("今日动态", "沿用“政务动态”的判定：最近")
        ]
        assert all(each.holds for each in check(figures))

    def test_a_subject_never_visited_is_named_as_such(self, material: Material, law: Law) -> None:
        column = Subject(SubjectKind.COLUMN, "n1", "新栏目", "gov", "s1", column_class="news")
        figures = judged(material, law, Facts([column], {}), date(2026, 11, 22))
        assert figures.coverage.looks == (Look("尚未查看", False, 0, 1, 0, 0),)
        assert figures.unknown[0].reason == "尚未查看"


class TestColumns:
    def test_the_tally_has_every_verdict(self, figures: WeeklyFigures) -> None:
        assert figures.columns == Tally(
            "设有更新时限的栏目",
            total=9,
            ok=1,
            due_soon=1,
            overdue=2,
            blank=1,
            undated=1,
            exempt=1,
            unknown=2,
        )
        assert figures.columns.in_time == Rate(2, 6)

    def test_a_column_without_a_limit_is_tallied_apart(self, figures: WeeklyFigures) -> None:
        assert figures.free_columns == Tally("未设更新时限的栏目", 1, 1, 0, 0, 0, 0, 0, 0)

    def test_overdue_columns_stand_with_the_longest_first(self, figures: WeeklyFigures) -> None:
        lines = [
            (x.unit, x.column, x.class_words, x.limit, x.newest, x.days_over, x.weeks_over)
            for x in figures.overdue
        ]
        assert lines == [
            ("住房和城乡建设局", "政策解读", "政策解读", "6个月", date(2026, 5, 1), 21, 3),
            ("市政府办公室", "区镇动态", "动态新闻", "14天", date(2026, 10, 30), 9, 2),
        ]
        assert all(line.handled is None for line in figures.overdue)

    @pytest.mark.parametrize(("over", "weeks"), [(1, 1), (7, 1), (8, 2), (14, 2), (15, 3)])
    def test_a_begun_week_over_the_limit_counts_as_one(
        self, material: Material, law: Law, over: int, weeks: int
    ) -> None:
        day = date(2026, 11, 22) - timedelta(days=14 + over)
        column = material.bench.rows[2].subject
        visit = _visit(material, column, day)
        facts = Facts([column], {column.key: History(visit, visit)})
        (line,) = judged(material, law, facts, date(2026, 11, 22)).overdue
        assert (line.days_over, line.weeks_over) == (over, weeks)

    def test_the_last_good_day_is_near_the_limit_with_no_day_left(
        self, figures: WeeklyFigures
    ) -> None:
        (line,) = figures.near
        assert (line.column, line.due, line.days_left) == ("部门动态", date(2026, 11, 22), 0)

    def test_blank_and_undated_columns_are_listed_with_their_verdict(
        self, figures: WeeklyFigures
    ) -> None:
        listed = [(line.column, line.verdict) for line in figures.bare]
        assert listed == [("工作进展", Verdict.BLANK), ("质量安全", Verdict.UNDATED)]

    def test_unknown_and_exempt_subjects_are_noted_with_their_reason(
        self, figures: WeeklyFigures
    ) -> None:
        assert [(line.name, line.reason) for line in figures.unknown] == [
            ("住建局网站", "无法连接，不作判定"),
            ("住房保障", "被防火墙或验证页面拦截，不作判定；此前所见最近更新为2026-11-01"),
            ("镇村动态", "无法连接，不作判定"),
            ("南河视窗", "被防火墙或验证页面拦截，不作判定；此前所见最近更新为2026-10-01"),
        ]
        assert [(line.name, line.reason) for line in figures.exempt] == [
            ("工程动态", "经批准豁免至2026-12-31：机构调整"),
            ("南河发布", "账号已于2026-06-01关停"),
        ]

    def test_under_two_rules_a_column_counts_once_with_the_worse_verdict(
        self, material: Material
    ) -> None:
        ok = material.bench.rows[2]
        late = replace(
            ok, rule="interp_6m", verdict=Verdict.OVERDUE, days_over=3, due=date(2026, 11, 19)
        )
        bench = replace(material.bench, rows=(ok, late, ok), letters=())
        figures = weekly_figures(replace(material, bench=bench, findings=()))
        assert (figures.columns.total, figures.columns.overdue, figures.columns.ok) == (1, 1, 0)
        assert figures.overdue[0].limit == "6个月"

    def test_namesakes_of_one_unit_are_told_apart_by_their_site(
        self, material: Material, law: Law
    ) -> None:
        columns = [
            Subject(SubjectKind.COLUMN, f"x{n}", "动态", "gov", f"s{n}", column_class="news")
            for n in (1, 2)
        ]
        figures = judged(material, law, Facts(columns, {}), date(2026, 11, 22))
        names = [line.name for line in figures.unknown]
        assert names == ["动态（市政府门户网站）", "动态（住建局网站）"]


class TestAccounts:
    def test_each_account_has_its_grade(self, national: WeeklyFigures) -> None:
        lines = [(x.account, x.platform, x.days, x.grade, x.source) for x in national.account_lines]
        assert lines == [
            ("示例发布", "微信公众号", 1, "正常", "订阅源"),
            ("示例住建", "微博", 12, "预警", "微博公开页"),
            ("城东之声", "抖音", 21, "不合格", "公开网页"),
            ("城东微博", "微博", 144, "僵尸", "后台导出"),
            ("南河视窗", "微信公众号", None, "未知", "人工登记"),
            ("南河发布", "微博", None, "豁免", "微博公开页"),
        ]

    def test_an_account_not_seen_shows_no_date_that_could_be_held_against_it(
        self, figures: WeeklyFigures
    ) -> None:
        assert figures.account_lines[4].newest is None

    def test_posts_and_gaps_are_told_of_what_was_seen_alone(self, national: WeeklyFigures) -> None:
        lines = [(x.posts, x.gap) for x in national.account_lines]
        assert lines == [
            (AtLeast(5, whole=True), AtLeast(3, whole=True)),
            (AtLeast(2, whole=False), AtLeast(1, whole=False)),
            (None, None),  # none on the one day known is not none
            (AtLeast(0, whole=True), AtLeast(144, whole=True)),
            (None, None),
            (None, None),
        ]
        assert national.postings == PostTally(posts=7, accounts=3, part=1)

    def test_the_table_marks_what_is_at_least_so_much_and_what_is_not_known(
        self, national: WeeklyFigures
    ) -> None:
        (table,) = [t for t in tables(national) if t.name == "政务新媒体"]
        heads = [head.text for head in table.heads]
        places = [heads.index("本周发布数"), heads.index("近30天最长间隔（天）")]
        cells = [[shown(row[place]) for place in places] for row in table.rows]
        assert cells == [
            ["5", "3"],
            ["≥2", "≥1"],
            ["—", "—"],
            ["0", "144"],
            ["—", "—"],
            ["—", "—"],
        ]
        assert "均不等于没有发布" in table.notes[1]

    def test_the_summary_counts_the_posts_of_the_week(self, national: WeeklyFigures) -> None:
        told = next(line for line in summary(national) if line.startswith("新媒体账号"))
        assert told.endswith("。本周见到发布7条（计3个账号，其中1个仅见部分日期）。")

    def test_without_measures_the_summary_tells_no_number(self, figures: WeeklyFigures) -> None:
        assert not any("本周见到发布" in line for line in summary(figures))

    @pytest.mark.parametrize(
        ("newest", "grade"), [(date(2026, 8, 22), "不合格"), (date(2026, 8, 21), "僵尸")]
    )
    def test_an_account_is_dead_after_three_months_not_on_the_day(
        self, material: Material, both: Law, newest: date, grade: str
    ) -> None:
        assert self._grade(material, both, newest) == grade

    def test_without_the_national_table_no_account_is_called_dead(
        self, material: Material, law: Law
    ) -> None:
        assert self._grade(material, law, date(2026, 7, 1)) == "不合格"

    def _grade(self, material: Material, law: Law, newest: date) -> str:
        account = Subject(SubjectKind.ACCOUNT, "z", "示例", "gov", platform="weibo")
        visit = _visit(material, account, newest)
        facts = Facts([account], {account.key: History(visit, visit)})
        (line,) = judged(replace(material, law=law), law, facts, date(2026, 11, 22)).account_lines
        return line.grade


class TestLetters:
    def test_all_five_verdicts_are_tallied(self, figures: WeeklyFigures) -> None:
        assert figures.letters == LetterTally(
            "本期在办来信",
            total=6,
            waiting=2,
            overdue=1,
            provisional=1,
            answered_in_time=1,
            answered_late=1,
            near=1,
        )
        assert figures.all_letters == LetterTally("台账全部来信", 8, 2, 1, 1, 2, 2, 1)

    def test_the_list_has_open_letters_and_this_weeks_answers_only(
        self, figures: WeeklyFigures
    ) -> None:
        lines = [(x.ref, x.unit, x.due, x.over, x.words) for x in figures.letter_lines]
        assert lines == [
            ("L01", "住房和城乡建设局", date(2026, 11, 13), 5, "逾期未答复"),
            ("L05", "自来水公司", date(2026, 11, 9), 7, "逾期答复"),
            ("P01", "市政府办公室", date(2027, 2, 10), None, "期限暂定（未答复）"),
            ("L02", "市政府办公室", date(2026, 11, 23), None, "待答复（临期）"),
            ("L03", "市政府办公室", date(2026, 11, 25), None, "待答复"),
            ("L04", "住房和城乡建设局", date(2026, 11, 19), None, "按期答复"),
        ]

    def test_each_unit_has_its_own_rates_and_nothing_judged_is_no_rate(
        self, figures: WeeklyFigures
    ) -> None:
        answers = [
            (x.unit, x.letters, x.answered, x.answer_rate, x.in_time, x.average)
            for x in figures.answers
        ]
        assert answers == [
            ("市政府办公室", 3, 0, Rate(0, 3), Rate(0, 0), Average(0, 0)),
            ("住房和城乡建设局", 2, 1, Rate(1, 2), Rate(1, 2), Average(3, 1)),
            ("自来水公司", 1, 1, Rate(1, 1), Rate(0, 1), Average(12, 1)),
        ]

    @pytest.mark.parametrize("unseen", [Outcome.BLOCKED, Outcome.UNREACHABLE])
    def test_a_mailbox_not_seen_makes_no_letter_overdue(
        self, material: Material, law: Law, unseen: Outcome
    ) -> None:
        (line,) = _one_letter(material, law, None, "办理中", unseen).letter_lines
        assert (line.verdict, line.over, line.judged) == (LetterVerdict.WAITING, None, False)
        assert line.words == "到期后未能查看，不作判定"

    def test_a_reply_dated_before_the_letter_counts_in_no_rate(
        self, material: Material, law: Law
    ) -> None:
        figures = _one_letter(material, law, date(2026, 11, 17), "已办结", received=(2026, 11, 18))
        (line,) = figures.letter_lines
        assert (line.words, line.judged) == ("已答复，不作期限认定", False)
        assert figures.answers[0].in_time == Rate(0, 0)

    def test_letters_of_an_exempt_mailbox_are_not_counted(
        self, material: Material, law: Law
    ) -> None:
        figures = _one_letter(material, law, None, "办理中", exempt=True)
        assert (figures.letters.total, figures.all_letters.total) == (0, 0)
        assert figures.mailboxes.exempt == 1


class TestFindings:
    def test_the_operators_own_findings_are_held_against_no_unit(
        self, figures: WeeklyFigures
    ) -> None:
        assert figures.findings == FindingTally(
            opened=2,
            recovered=1,
            closed=0,
            dismissed=0,
            standing=4,
            unrectified=2,
            recheck=1,
            ended=1,
            ended_earlier=0,
            lapsed=0,
        )
        assert [(line.name, line.reason) for line in figures.operator] == [
            ("镇村动态", "已4天未能查看")
        ]

    def test_each_finding_says_what_and_where_and_how_it_stands(
        self, figures: WeeklyFigures
    ) -> None:
        assert [(x.id, x.problem, x.state) for x in figures.finding_lines] == [
            (1, "政策解读类栏目超过六个月未更新：政策解读", State.FOUND),
            (2, "动态新闻类栏目超过两周未更新：政务要闻", State.RECHECK),
            (3, "动态新闻类栏目超过两周未更新：区镇动态", State.FOUND),
            (4, "政府信箱来信超过五个工作日未答复或逾期答复：市长信箱，来信L05", State.FOUND),
        ]

    def test_a_fault_that_came_back_within_the_week_is_not_counted_as_recovered(
        self, material: Material
    ) -> None:
        recovered = material.findings[1]
        again = Event(EventKind.REOPENED, material.made_at, "xunjian", "")
        back = replace(recovered, events=(*recovered.events, again))
        figures = weekly_figures(replace(material, findings=[back]))
        assert (figures.findings.recovered, figures.findings.unrectified) == (0, 1)

    def test_a_finding_long_closed_is_neither_counted_nor_listed(self, material: Material) -> None:
        first = material.findings[0]
        at = first.events[0].at + timedelta(days=1)
        closed = replace(first, events=(*first.events, Event(EventKind.CLOSED, at, "clerk", "")))
        figures = weekly_figures(replace(material, findings=[closed]))
        assert figures.finding_lines == ()
        assert figures.findings == FindingTally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

    def test_a_late_answer_of_an_earlier_week_is_counted_and_not_listed_again(
        self, material: Material
    ) -> None:
        old = replace(material.findings[3], opened_on=date(2026, 11, 15))
        figures = weekly_figures(replace(material, findings=[old]))
        assert figures.finding_lines == ()
        assert figures.findings == FindingTally(0, 0, 0, 0, 1, 0, 0, 1, 1, 0)
        assert all(one.holds for one in check(figures))

    def test_a_finding_shows_its_notice_its_deadline_and_what_came_of_it(
        self, material: Material
    ) -> None:
        first = material.findings[0]
        monday = datetime(2026, 11, 16, 9, tzinfo=SHANGHAI)
        kinds = (EventKind.CONFIRMED, EventKind.NOTIFIED, EventKind.LAPSED, EventKind.APPEALED)
        steps = [
            Event(kind, monday + timedelta(days=n), "办公室", "", until=date(2026, 11, 18))
            for n, kind in enumerate(kinds)
        ]
        told = weekly_figures(replace(material, findings=[replace(first, events=tuple(steps))]))
        (line,) = told.finding_lines
        assert (line.notified_on, line.due) == (date(2026, 11, 17), date(2026, 11, 18))
        assert (line.state, line.lapsed, line.appealed) == (State.NOTIFIED, True, True)
        assert (told.findings.unrectified, told.findings.lapsed) == (1, 1)
        assert all(one.holds for one in check(told))

    def test_what_was_reported_back_awaits_its_re_check(self, material: Material) -> None:
        first = material.findings[0]
        at = material.made_at - timedelta(days=1)
        steps = [
            Event(kind, at, "办公室", "")
            for kind in (EventKind.CONFIRMED, EventKind.NOTIFIED, EventKind.REPORTED)
        ]
        told = weekly_figures(replace(material, findings=[replace(first, events=tuple(steps))]))
        assert (told.findings.unrectified, told.findings.recheck) == (0, 1)
        assert told.finding_lines[0].recheck == "2026-11-22反馈"

    def test_a_false_alarm_is_said_to_be_one_beside_the_column_it_was_about(
        self, material: Material
    ) -> None:
        at = material.made_at - timedelta(days=1)
        dismissed = Event(EventKind.DISMISSED, at, "办公室", "页面另有更新")
        third = material.findings[2]
        settled = replace(third, events=(*third.events, dismissed))
        told = weekly_figures(replace(material, findings=[settled]))
        assert (told.findings.standing, told.findings.dismissed) == (0, 1)
        assert State.DISMISSED in {line.handled for line in told.overdue}
        late, _ = overdue(told)
        assert [row[1] for row in late.rows if "误报" in str(row[1])] == ["区镇动态（已认定误报）"]
        assert [x.state for x in told.finding_lines] == [State.DISMISSED]

    def test_a_finding_under_another_pack_s_rule_is_known_by_the_same_last_day(
        self, material: Material
    ) -> None:
        at = material.made_at - timedelta(days=1)
        confirmed = Event(EventKind.CONFIRMED, at, "办公室", "")
        third = material.findings[2]
        key = replace(third.key, pack="cn-2019")
        row = next(r for r in material.bench.rows if r.subject.key == key.subject)
        named = replace(third, key=key, basis=row.newest, events=(*third.events, confirmed))
        told = weekly_figures(replace(material, findings=[named]))
        assert [x.handled for x in told.overdue if x.column == "区镇动态"] == [State.CONFIRMED]

    def test_a_finding_of_a_rule_and_column_that_are_gone_is_still_shown(
        self, material: Material
    ) -> None:
        key = Key("haian", "old_rule", "column:gone")
        lost = replace(material.findings[0], key=key, unit="old")
        (line,) = weekly_figures(replace(material, findings=[lost])).finding_lines
        assert (line.unit, line.problem) == ("old", "指标haian/old_rule：column:gone")


class TestUnits:
    def test_each_unit_adds_up_and_one_with_nothing_judged_has_no_rate(
        self, figures: WeeklyFigures
    ) -> None:
        rows = [
            (u.unit, u.columns, u.on_time, u.overdue, u.bare, u.exempt, u.unknown, u.free)
            for u in figures.units
        ]
        assert rows == [
            ("市政府办公室", 3, 2, 1, 0, 0, 0, 0),
            ("住房和城乡建设局", 5, 0, 1, 2, 1, 1, 0),
            ("城东镇", 2, 0, 0, 0, 0, 1, 1),
            ("河南镇", 0, 0, 0, 0, 0, 0, 0),
            ("登记册以外的承办单位", 0, 0, 0, 0, 0, 0, 0),
        ]
        rates = [(str(u.in_time), str(u.letters), u.unrectified) for u in figures.units]
        assert rates == [
            ("66.7%", "—", 1),
            ("0.0%", "50.0%", 1),
            ("—", "—", 0),
            ("—", "—", 0),
            ("—", "0.0%", 0),
        ]


class TestHead:
    def test_the_headline_counts_columns_accounts_and_letters(self, figures: WeeklyFigures) -> None:
        assert figures.headline == Headline(overdue=5, due_soon=3, unseen=4)

    def test_pack_and_calendar_versions_are_told(self, figures: WeeklyFigures) -> None:
        assert figures.packs == ("海安市本级时限（haian 2020.1）", "巡检运行（operator 2）")
        assert figures.calendar == load_calendar().version

    def test_an_unverified_rule_is_listed_as_such(self, material: Material) -> None:
        texts = pack_texts(["haian"])
        texts["haian"] = texts["haian"].replace("verified = true", "verified = false", 1)
        law = read_law(texts, material.law.calendar)
        rules = weekly_figures(replace(material, law=law)).rules
        assert [rule.id for rule in rules if not rule.verified] == ["haian/news_2w"]
        assert "operator/unseen" not in [rule.id for rule in rules]

    def test_a_day_before_the_week_makes_no_report(self, material: Material) -> None:
        with pytest.raises(ReportError, match="早于报告期2026年第48周"):
            weekly_figures(replace(material, period=Period(2026, 48)))

    def test_a_judgement_under_another_law_makes_no_report(self, material: Material) -> None:
        row = replace(material.bench.rows[4], rule="unheard_of")
        bench = replace(material.bench, rows=(row,), letters=())
        with pytest.raises(ReportError, match="haian/unheard_of"):
            weekly_figures(replace(material, bench=bench))


class TestVeto:
    def test_what_is_at_fault_has_its_counts_limits_and_distances(
        self, national: WeeklyFigures
    ) -> None:
        lines = [
            (v.place, v.indicator.partition("：")[2], v.count, v.limit, v.gap)
            for v in national.veto.lines
        ]
        late = "未及时更新的动态要闻、通知公告、政策文件类栏目累计达到5个"
        post = "政务新媒体账号超过两周未更新"
        assert lines == [
            ("城东之声", post, 1, 1, 0),
            ("城东微博", post, 1, 1, 0),
            ("市政府门户网站", late, 3, 5, 2),
            ("市政府门户网站", "空白栏目达到5个", 1, 5, 4),
            ("市政府门户网站", "应更新但长期未更新的栏目达到10个", 1, 10, 9),
        ]

    def test_what_was_not_seen_is_told_and_what_is_not_verified_is_said_to_be_so(
        self, national: WeeklyFigures
    ) -> None:
        remarks = [v.remark for v in national.veto.lines]
        assert remarks == [
            "已达到限值",
            "已达到限值",
            "待查清；另有2个未能判定，未计入",
            "未达到限值；另有2个未能判定，未计入",
            "未达到限值；指标未经核实",
        ]

    def test_what_has_no_line_is_told_by_number_no_fault_apart_from_not_known(
        self, national: WeeklyFigures
    ) -> None:
        watch = national.veto
        told = {
            group.indicator.partition("：")[2]: (
                *(group.kind, group.total, group.listed),
                *(group.clear, group.unjudged, group.unwatched),
            )
            for group in watch.groups
            if group.kind == "网站" or group.clear
        }
        assert told["存在安全、泄密事故等严重问题"] == ("网站", 2, 0, 0, 0, 2)
        assert told["网站无法访问的比例达到5%"] == ("网站", 2, 0, 0, 0, 2)
        assert told["网站首页超过两周无信息更新"] == ("网站", 2, 0, 0, 2, 0)
        assert told["空白栏目达到5个"] == ("网站", 2, 1, 0, 0, 1)
        assert told["政务咨询类栏目有留言超过三个月未答复"] == ("网站", 2, 0, 1, 0, 1)
        assert told["政务新媒体账号超过两周未更新"] == ("新媒体账号", 6, 2, 3, 1, 0)
        # Two sites with 11 rows each, six accounts with 4.
        assert (watch.total, len(watch.lines)) == (46, 5)
        assert sum(group.total for group in watch.groups) == 46

    @pytest.mark.parametrize(
        ("late", "trend"),
        [
            ((3, 4, 4), "3→4→4→5"),
            ((None, 0, 5), "未知→0→5→5"),
            ((None, None, None), "未知→未知→未知→5"),
        ],
    )
    def test_the_trend_is_that_of_the_sundays_before(
        self, both: Law, late: tuple[int | None, ...], trend: str
    ) -> None:
        columns = [column(f"n{number}", f"动态{number}", "gov") for number in range(5)]

        def known(count: int | None, weeks_ago: int) -> Facts:
            """So many of the five were late on that Sunday; None: nobody had looked."""
            day = AS_OF - timedelta(weeks=weeks_ago)
            seen = {}
            for number, subject in enumerate(columns):
                newest = day - timedelta(days=20 if number < (count or 0) else 1)
                visit = Visit(1, subject.key, SEEN_AT - timedelta(weeks=weeks_ago), OK, newest)
                seen[subject.key] = History(visit, visit)
            return Facts([PORTAL, *columns], {} if count is None else seen)

        earlier = [known(count, back) for count, back in zip(late, (3, 2, 1), strict=True)]
        figures = weekly_figures(national_material(both, known(5, 0), *earlier))
        (line,) = (v for v in figures.veto.lines if v.indicator.endswith("累计达到5个"))
        assert (line.trend, line.gap, line.hit) == (trend, 0, True)

    def test_without_a_pack_that_counts_there_is_no_watch_and_the_report_says_so(
        self, figures: WeeklyFigures
    ) -> None:
        assert figures.veto == VetoWatch((), 0, (), ())
        report = weekly_report(figures, check(figures))
        assert report.sections[2].paragraphs == ("未采用国家检查指标，不作单项否决监测。",)

    def test_a_stricter_local_limit_does_not_count_towards_the_national_one(
        self, both: Law
    ) -> None:
        text = pack_texts(["haian", "cn-2019"])
        text["haian"] = text["haian"].replace('limit = "14 days"', 'limit = "7 days"', 1)
        law = read_law(text, both.calendar)
        subject = column("c1", "政务要闻", "gov")
        visit = Visit(1, subject.key, SEEN_AT, OK, date(2026, 11, 12))
        facts = Facts([PORTAL, subject], {subject.key: History(visit, visit)})
        figures = weekly_figures(national_material(law, facts, *[facts] * 3))
        (group,) = (g for g in figures.veto.groups if g.indicator.endswith("累计达到5个"))
        assert (figures.columns.overdue, group.listed, group.clear) == (1, 0, 1)

    def test_a_letter_under_both_tables_is_one_letter(
        self, figures: WeeklyFigures, national: WeeklyFigures
    ) -> None:
        assert national.letters.total == figures.letters.total


class TestRates:
    @pytest.mark.parametrize(
        ("part", "whole", "words"),
        [
            (0, 0, "—"),
            (0, 3, "0.0%"),
            (1, 8, "12.5%"),
            (1, 16, "6.3%"),
            (1, 3, "33.3%"),
            (2, 3, "66.7%"),
        ],
    )
    def test_a_rate_rounds_half_up_and_of_nothing_there_is_none(
        self, part: int, whole: int, words: str
    ) -> None:
        assert str(Rate(part, whole)) == words


def _visit(material: Material, subject: Subject, newest: date | None) -> Visit:
    return Visit(1, subject.key, material.made_at - timedelta(days=1), Outcome.OK, newest)


def _histories(material: Material) -> dict[str, History]:
    made: dict[str, History] = {}
    for row in material.bench.rows:
        if row.outcome is not None:
            at = row.last_seen or material.made_at
            visit = Visit(1, row.subject.key, at, row.outcome, row.newest)
            made[row.subject.key] = History(visit, visit if row.outcome.seen else None)
    return made


def _one_letter(
    material: Material,
    law: Law,
    replied: date | None,
    status: str,
    outcome: Outcome = Outcome.OK,
    received: tuple[int, int, int] = (2026, 11, 6),
    exempt: bool = False,
) -> WeeklyFigures:
    until = date(2026, 12, 31) if exempt else None
    box = Subject(SubjectKind.MAILBOX, "m9", "信箱", "gov", "s1", exempt_until=until)
    visit = replace(_visit(material, box, None), outcome=outcome)
    letter = Letter("X1", "", None, date(*received), None, replied, None, status)
    state = LetterState(box.key, letter, visit.observed_at, visit.observed_at)
    facts = Facts([box], {box.key: History(visit, visit)}, {box.key: [state]})
    return judged(material, law, facts, date(2026, 11, 22))
