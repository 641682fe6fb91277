"""The score table and the units' sheets from a real ledger: draft, frozen, corrected."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest

from app.assessment_steps import correct, enter
from app.home import Home
from app.scheme_entries import record
from app.score_report import make_scores
from app.settings import SettingsError
from checks.lifecycle import Finding
from checks.signing import SigningStep
from notify.selfcheck import ReportError
from storage.clock import now
from storage.ledger import Ledger
from tests.app.assessed import CONFIRMED, DISMISSED, happened, home_in, third_quarter
from tests.app.run import called
from tests.app.test_assessments import PRAISE, Q3, frozen, signed
from tests.notify.reopened import table_of, words_of


@pytest.fixture
def home(tmp_path: Path, database: str) -> Home:
    return home_in(tmp_path)[0]


@pytest.fixture
def ledger(home: Home) -> Ledger:
    return home.open_ledger()


@pytest.fixture
def findings(ledger: Ledger) -> dict[str, Finding]:
    return third_quarter(ledger)


def written(home: Home, ledger: Ledger, unit: str | None = None) -> dict[str, bytes]:
    paths = make_scores(home, home.settings(), ledger, Q3, unit, None).paths
    return {path.name: path.read_bytes() for path in paths}


def rows_of(body: bytes, *heads: str) -> list[list[str]]:
    return table_of(docx.Document(BytesIO(body)), *heads)[1:]


def text_of(body: bytes) -> str:
    return words_of(docx.Document(BytesIO(body)))


class TestTable:
    def test_a_draft_says_what_the_ledger_says(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        """-0.05 put right in time, -0.1 not, -0.5 urged, -0.2 six working days late."""
        files = written(home, ledger)
        assert sorted(files) == [f"scores-2026Q3-draft.{kind}" for kind in ("docx", "html", "xlsx")]
        body = files["scores-2026Q3-draft.docx"]
        in_time, urged, letter = (findings[name].id for name in ("in_time", "urged", "letter"))
        assert [row[:2] + row[4:] for row in rows_of(body, "单位", "类别")] == [
            ["曲塘镇", "区镇", "0.00", "0.00", "0.00", "0.00", "0.00", "1", "—"],
            [
                *("教育局", "部门", "-0.85", "0.00", "-0.85", "-0.85", "-0.85", "1"),
                "1项尚未经人工核实确认，未计",
            ],
            ["合计", "—", "-0.85", "0.00", "-0.85", "—", "—", "—", "—"],
        ]
        details = rows_of(body, "单位", "问题编号")
        assert [(row[1], row[4], row[5], row[7], row[8]) for row in details[:-1]] == [
            (f"{in_time}", "—", "2026-07-16", "(-0.1)×0.5（按期整改）", "-0.05"),
            (f"{urged}", "—", "2026-08-20", "-0.1", "-0.10"),
            (f"{letter}", "L1", "2026-08-18", "超期6—10日：-0.2", "-0.20"),
            (f"{urged}", "—", "2026-08-20", "-0.5", "-0.50"),
        ]
        assert [row[9:] for row in details[:-1]] == [
            *[["2020.1", "cn-2026-test"]] * 4,
        ]
        assert rows_of(body, "单位", "原因")[0] == ["教育局", "尚未经人工核实确认", "1", "0"]
        assert "L2" not in text_of(body)

    def test_praise_is_added_with_its_evidence(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        record(home, home.settings(), ledger, PRAISE)
        files = written(home, ledger)
        (gain,) = rows_of(files["scores-2026Q3-draft.docx"], "单位", "录入编号")[:-1]
        assert gain[2:] == [
            *("政务公开工作受上级表扬", "市级", "1", "市级：0.3", "+0.30", "2026-09-03"),
            *("市级通报表扬", "张三"),
        ]
        book = openpyxl.load_workbook(BytesIO(files["scores-2026Q3-draft.xlsx"]))
        bureau = next(row for row in book["得分汇总表"].values if row[0] == "教育局")
        assert bureau[4:10] == (-0.85, 0.3, -0.55, -0.55, -0.55, 1)

    def test_what_is_entered_waits_for_its_signatures(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        enter(home, home.settings(), ledger, Q3, "张三", "已核对")
        body = written(home, ledger)["scores-2026Q3-review.docx"]
        rows = rows_of(body, "环节")
        assert rows[0][:2] + rows[0][3:] == ["录入员", "张三", "已核对"]
        assert rows[1] == ["审核负责人", "____________", "____年__月__日", "____________"]

    def test_a_frozen_one_gives_the_same_bytes_whatever_came_after(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        frozen(home, ledger)
        first = written(home, ledger), written(home, ledger, "jyj")
        assert sorted(first[0]) == [f"scores-2026Q3.{kind}" for kind in ("docx", "html", "xlsx")]
        happened(ledger, findings["urged"], [(DISMISSED, now(), None)])
        happened(ledger, findings["unconfirmed"], [(CONFIRMED, now(), None)])
        record(home, home.settings(), ledger, PRAISE)
        assert (written(home, ledger), written(home, ledger, "jyj")) == first

    def test_a_correction_has_a_file_of_its_own_and_the_original_keeps_its_bytes(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        settings = home.settings()
        frozen(home, ledger)
        first = written(home, ledger)
        happened(ledger, findings["urged"], [(DISMISSED, now(), None)])
        correct(home, settings, ledger, Q3, "张三", "申诉成立")
        assert "scores-2026Q3-correction-1-review.docx" in written(home, ledger)
        signed(home, ledger, SigningStep.REVIEWED, "李四")
        signed(home, ledger, SigningStep.APPROVED, "王五")
        files = written(home, ledger)
        assert {name: files[name] for name in first} == first
        assert sorted(files.keys() - first.keys()) == [
            f"scores-2026Q3-correction-1.{kind}" for kind in ("docx", "html", "xlsx")
        ]
        body = files["scores-2026Q3-correction-1.docx"]
        gone = f"{findings['urged'].id}"
        assert rows_of(body, "单位", "更正前") == [
            ["教育局", "-0.85", "-0.25", "+0.60", "—", gone, "—", "—"]
        ]
        assert "更正原因：申诉成立。" in text_of(body)

    def test_bytes_that_were_tampered_with_stop_the_table(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        frozen(home, ledger)
        with ledger.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE assessment SET body = replace(body, '-0.85', '0')")
        with pytest.raises(ReportError, match="存档内容＝按存档时已知数据重新计算"):
            written(home, ledger)
        assert list(home.path("reports").glob("*")) == []


class TestUnitSheet:
    def test_it_holds_the_units_own_data_and_no_other(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        files = written(home, ledger, "jyj")
        assert sorted(files) == [f"score-2026Q3-jyj-draft.{kind}" for kind in ("docx", "html")]
        body = files["score-2026Q3-jyj-draft.docx"]
        text = text_of(body)
        assert "教育局：" in text
        assert "曲塘镇" not in text + files["score-2026Q3-jyj-draft.html"].decode()
        rows = {row[0]: row for row in rows_of(body, "编号", "对象")}
        urged = rows[f"{findings['urged'].id}"]
        assert urged[1] == "栏目“教育要闻”（门户）"
        assert urged[4:8] == ["2026-08-20", "2026-08-21", "2026-08-21", "2026-09-24"]
        assert urged[8] == "2026-09-08复查未通过；2026-09-10通报督办"
        unconfirmed = findings["unconfirmed"].id
        assert f"尚未经人工核实确认：1项（问题{unconfirmed}）。" in text

    def test_a_unit_without_a_point_is_told_so(
        self, home: Home, ledger: Ledger, findings: dict[str, Finding]
    ) -> None:
        text = text_of(written(home, ledger, "qt")["score-2026Q3-qt-draft.docx"])
        assert "得分0.00分。" in text
        assert "没有加分和扣分。" in text
        assert "教育" not in text

    def test_an_unknown_unit_is_refused(self, home: Home, ledger: Ledger) -> None:
        with pytest.raises(SettingsError, match="--unit nn：登记册中没有编号为 nn 的单位"):
            written(home, ledger, "nn")


def test_the_command_writes_where_it_is_told_and_refuses_what_it_cannot_read(
    home: Home, ledger: Ledger, findings: dict[str, Finding], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    told = ("--out", str(out))
    ran = called("report", "halfyear", "--period", "2026H2", *told, home=home.folder)
    assert ran.code == 0, ran.err
    assert ran.out.split() == [
        f"{out}/scores-2026H2-draft.{kind}" for kind in ("docx", "xlsx", "html")
    ]
    assert "状态：草稿，按现有数据计算，未录入。" in ran.err
    document = docx.Document(str(out / "scores-2026H2-draft.docx"))
    title = [paragraph.text for paragraph in document.paragraphs[:2]]
    assert title == ["关于报送2026年下半年政务公开考核得分情况的函", "（草稿）"]
    for period, words in (("2026-07", "按季度、半年、年度考核"), ("soon", "应如 2026Q4")):
        ran = called("report", "halfyear", "--period", period, *told, home=home.folder)
        assert (ran.code, words in ran.err, ran.out) == (2, True, "")
    ran = called("report", "halfyear", "--period", Q3, "--unit", "nn", *told, home=home.folder)
    assert (ran.code, "没有编号为 nn 的单位" in ran.err) == (2, True)
