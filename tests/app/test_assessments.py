"""The assessment from findings to frozen bytes: 录入 → 审核 → 分管领导, then corrections."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.assessing import Draft, basis_of, draft
from app.assessment_steps import (
    AssessmentError,
    assessment_of,
    correct,
    enter,
    recomputed,
    sign,
    verify,
)
from app.home import Home
from app.scheme_entries import Said, record, withdraw
from app.settings import SettingsError
from checks.lifecycle import Finding
from checks.signing import Signature, SigningStep
from storage.clock import now
from storage.ledger import Ledger
from tests.app.assessed import CONFIRMED, DISMISSED, happened, home_in, third_quarter
from tests.app.run import called, xunjian

Q3 = "2026Q3"
PRAISE = Said("jyj", "praise", date(2026, 9, 3), 1, "city", None, False, "市级通报表扬", "张三")


@pytest.fixture
def home(tmp_path: Path, database: str) -> Home:
    return home_in(tmp_path)[0]


@pytest.fixture
def ledger(home: Home) -> Ledger:
    return home.open_ledger()


@pytest.fixture
def findings(ledger: Ledger) -> dict[str, Finding]:
    return third_quarter(ledger)


def scores(made: Draft) -> dict[str, Decimal]:
    return {sheet.unit: sheet.score for sheet in made.sheets}


def computed(home: Home, ledger: Ledger, period: str = Q3) -> Draft:
    settings = home.settings()
    return draft(home, settings, ledger, basis_of(home, settings, period, now()))


def signed(home: Home, ledger: Ledger, step: SigningStep, by: str) -> None:
    sign(home, home.settings(), ledger, Q3, Signature(step, now(), by, ""))


def frozen(home: Home, ledger: Ledger) -> None:
    enter(home, home.settings(), ledger, Q3, "张三", "")
    signed(home, ledger, SigningStep.REVIEWED, "李四")
    signed(home, ledger, SigningStep.APPROVED, "王五")


class TestScores:
    def test_a_quarter_costs_what_the_proposal_says(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        """-0.05 put right in time, -0.1 not, -0.5 urged, -0.2 six working days late."""
        record(home, home.settings(), ledger, PRAISE)
        made = computed(home, ledger)
        assert scores(made) == {"jyj": Decimal("-0.55"), "qt": Decimal(0)}
        bureau = made.sheets[0]
        assert {line.item: line.points for line in bureau.lines} == {
            "col_overdue": Decimal("-0.15"),
            "letter_overdue": Decimal("-0.2"),
            "notice_escalated": Decimal("-0.5"),
            "praise": Decimal("0.3"),
        }

    def test_every_line_names_its_findings_and_the_versions_behind_them(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        lines = {line.item: line for line in computed(home, ledger).sheets[0].lines}
        columns, letters = lines["col_overdue"], lines["letter_overdue"]
        assert columns.findings == (findings["in_time"].id, findings["urged"].id)
        assert (columns.rules, columns.calendars) == (("haian/news_2w 2020.1",), ("cn-2026-test",))
        assert letters.findings == (findings["letter"].id,)
        assert letters.calendars == ("cn-2026-test",)

    def test_what_nobody_confirmed_is_named_and_costs_nothing(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        left = {each.reason: each.findings for each in computed(home, ledger).sheets[0].left_out}
        assert left == {"unconfirmed": (findings["unconfirmed"].id,)}

    def test_the_half_year_holds_both_of_its_quarters_and_the_first_half_none(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        assert scores(computed(home, ledger, "2026H1"))["jyj"] == Decimal(0)
        assert scores(computed(home, ledger, "2026H2"))["jyj"] == Decimal("-0.85")
        assert scores(computed(home, ledger, "2026"))["jyj"] == Decimal("-0.85")

    def test_an_entry_taken_back_counts_no_longer(self, home: Home, ledger: Ledger) -> None:
        record(home, home.settings(), ledger, PRAISE)
        (held,) = ledger.entries("haian-default", now())
        withdraw(home, home.settings(), ledger, held.id, "李四", "重复")
        assert scores(computed(home, ledger))["jyj"] == Decimal(0)

    def test_an_entry_at_fault_is_refused_with_every_reason(
        self, home: Home, ledger: Ledger
    ) -> None:
        wrong = Said("nn", "praise", date(2099, 1, 1), 0, "galaxy", "1", False, " ", "")
        with pytest.raises(AssessmentError) as refused:
            record(home, home.settings(), ledger, wrong)
        assert str(refused.value).splitlines() == [
            "单位：登记册中没有编号为 nn 的单位",
            "录入人（--by）：不能为空",
            "依据（--evidence）：不能为空，请写明文件或事由，或给出文件",
            "日期（--on）：2099-01-01 尚未到来",
            "级别（--level）：galaxy，应为 province（省级）、city（市级）、county（县级） 之一",
            "次数（--count）：0，应为不小于 1 的整数",
            "分值（--points）：政务公开工作受上级表扬按评分办法计分，不能另写分值",
        ]
        assert ledger.entries("haian-default", now()) == []

    @pytest.mark.parametrize(
        ("period", "words"),
        [
            ("2026-07", "按季度、半年、年度考核"),
            ("soon", "应如 2026Q4、2026H1 或 2026"),
            ("2099H1", "考核周期尚未开始"),
        ],
    )
    def test_a_period_that_is_none_is_refused(
        self, home: Home, ledger: Ledger, period: str, words: str
    ) -> None:
        with pytest.raises(SettingsError, match=words):
            computed(home, ledger, period)


class TestFrozen:
    def test_three_persons_freeze_it_and_it_computes_to_the_same_bytes_for_ever(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        frozen(home, ledger)
        settings = home.settings()
        before = assessment_of(home, settings, ledger, Q3)
        (kept,) = before.frozen
        # Afterwards nothing is as it was: a false alarm, a late confirmation, praise, a register.
        happened(ledger, findings["urged"], [(DISMISSED, now(), None)])
        happened(ledger, findings["unconfirmed"], [(CONFIRMED, now(), None)])
        record(home, settings, ledger, PRAISE)
        home.path("schemes").mkdir()
        stricter = kept.scheme_text.replace("points = -0.1\n", "points = -1.9\n")
        home.path("schemes", "haian-default.toml").write_text(stricter, encoding="utf-8")
        assert recomputed(home, settings, ledger, kept).body == kept.body
        assert [fault for _, fault in verify(home, settings, ledger)] == [""]
        after = assessment_of(home, settings, ledger, Q3)
        assert scores(after.shown) == scores(before.shown)
        (change,) = after.changes
        assert (change.before, change.after) == (Decimal("-0.85"), Decimal("-0.05"))
        assert change.findings_gone == (findings["urged"].id,)
        assert change.findings_added == (findings["unconfirmed"].id,)

    def test_what_came_later_is_a_correction_by_three_steps_of_its_own(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        frozen(home, ledger)
        settings = home.settings()
        with pytest.raises(AssessmentError, match="没有变化，无须更正"):
            correct(home, settings, ledger, Q3, "张三", "复核")
        happened(ledger, findings["urged"], [(DISMISSED, now(), None)])
        correct(home, settings, ledger, Q3, "张三", "申诉成立")
        assert scores(assessment_of(home, settings, ledger, Q3).shown)["jyj"] == Decimal("-0.85")
        signed(home, ledger, SigningStep.REVIEWED, "李四")
        signed(home, ledger, SigningStep.APPROVED, "王五")
        corrected = assessment_of(home, settings, ledger, Q3)
        assert scores(corrected.shown)["jyj"] == Decimal("-0.25")
        first, second = corrected.frozen
        assert (second.corrects, first.corrects) == (first.id, None)
        assert [fault for _, fault in verify(home, settings, ledger)] == ["", ""]

    def test_a_frozen_one_is_neither_entered_nor_sent_back_again(
        self, home: Home, ledger: Ledger
    ) -> None:
        frozen(home, ledger)
        with pytest.raises(AssessmentError, match="已经审定并冻结，不能再改"):
            enter(home, home.settings(), ledger, Q3, "张三", "")
        with pytest.raises(AssessmentError, match="没有待办的步骤"):
            signed(home, ledger, SigningStep.RETURNED, "王五")

    def test_what_changed_since_it_was_entered_cannot_be_signed(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        enter(home, home.settings(), ledger, Q3, "张三", "")
        happened(ledger, findings["unconfirmed"], [(CONFIRMED, now(), None)])
        with pytest.raises(AssessmentError, match="录入后有变化（教育局），不能签署"):
            signed(home, ledger, SigningStep.REVIEWED, "李四")
        signed(home, ledger, SigningStep.RETURNED, "李四")
        enter(home, home.settings(), ledger, Q3, "张三", "")
        signed(home, ledger, SigningStep.REVIEWED, "李四")

    def test_a_period_that_still_runs_is_shown_and_not_entered(
        self, home: Home, ledger: Ledger
    ) -> None:
        year = f"{now().year}"
        assert assessment_of(home, home.settings(), ledger, year).kept is None
        with pytest.raises(AssessmentError, match="结束后方可录入"):
            enter(home, home.settings(), ledger, year, "张三", "")

    def test_bytes_that_were_tampered_with_are_told(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        frozen(home, ledger)
        with ledger.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE assessment SET body = replace(body, '-0.85', '0')")
        assert [fault for _, fault in verify(home, home.settings(), ledger)] == [
            "所存内容与其 SHA-256 不符"
        ]


def test_the_commands_from_draft_to_frozen(
    home: Home, ledger: Ledger, findings: dict[str, Finding]
) -> None:
    folder = home.folder
    ran = xunjian("assess", "--period", Q3, "--format", "json", home=folder)
    assert (ran.code, ran.json["state"], ran.json["assessment"]) == (0, "draft", None)
    assert {unit["unit"]: unit["score"] for unit in ran.json["units"]} == {
        "jyj": "-0.85",
        "qt": "0",
    }
    for step, by in (("enter", "张三"), ("review", "李四"), ("approve", "王五")):
        assert called("assessment", step, "--period", Q3, "--by", by, home=folder).code == 0
    ran = called("assess", "--period", Q3, "--unit", "jyj", "--format", "json", home=folder)
    assert ran.json["state"] == "frozen"
    assert [each["by"] for each in ran.json["signatures"]] == ["张三", "李四", "王五"]
    assert [unit["unit"] for unit in ran.json["units"]] == ["jyj"]
    again = called("assessment", "enter", "--period", Q3, "--by", "张三", home=folder)
    assert (again.code, "assessment correct" in again.err) == (2, True)
    assert called("assessment", "verify", home=folder).code == 0
    assert called("assess", "--period", "2026-07", home=folder).code == 2
    listed = called("assessment", "list", "--format", "json", home=folder).json["assessments"]
    assert [(each["period"], each["frozen"]) for each in listed] == [(Q3, True)]
