"""The assessment in the browser: each unit its own, three signatures of three persons, a proof."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response

from app.home import Home
from app.web import computed as computing
from app.web.pages import assessment as page_of_all
from app.web.pages import assessment_unit as page_of_one
from app.web.rights import Role
from checks.lifecycle import EventKind, Finding
from storage.clock import now
from storage.ledger import Ledger
from tests.app.assessed import CONFIRMED, DISMISSED, at, happened, home_in, third_quarter
from tests.app.web.visiting import Visit, enter_people, rows_of, visiting

Q3, UNIT = "/assessment?period=2026Q3", "/assessment/2026Q3/jyj"
BUREAU = ["教育局", "部门", "-0.85", "0", "-0.85", "-0.85", "1项尚未经人工核实确认，未计"]
TOWN = ["曲塘镇", "区镇", "0", "0", "0", "0", ""]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for page in (page_of_all, page_of_one):
        monkeypatch.setattr(page, "now", lambda: at(11, 23))
    return home_in(tmp_path)[0]


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = home.open_ledger()
    enter_people(opened)
    yield opened
    opened.close()


@pytest.fixture
def findings(ledger: Ledger) -> dict[str, Finding]:
    return third_quarter(ledger)


def kept(visit: Visit) -> str:
    """The number of what the page asks to be signed."""
    field = visit.get(Q3).select_one('input[name="kept"]')
    assert field is not None
    return str(field["value"])


def faults(answer: Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    (box,) = re.findall(r'<div class="fault".*?</div>', answer.text, re.S)
    return re.findall(r"<p>(.*?)</p>", box)


def moved(answer: Response, to: str) -> None:
    assert (answer.status_code, answer.headers["location"]) == (303, to), answer.text


def entered(home: Home, ledger: Ledger) -> None:
    with visiting(home, ledger, "clerk") as clerk:
        moved(clerk.post("/assessment/2026Q3/enter", note="季度"), f"{Q3}&done=enter")


def frozen(home: Home, ledger: Ledger) -> None:
    entered(home, ledger)
    with visiting(home, ledger, "reviewer") as reviewer:
        reviewer.post("/assessment/2026Q3/review", decision="agree", kept=kept(reviewer))
    with visiting(home, ledger, "leader") as leader:
        form = {"kept": kept(leader), "sure": "1"}
        moved(leader.post("/assessment/2026Q3/approve", **form), f"{Q3}&done=approve")


def state(visit: Visit) -> str:
    word = visit.get(Q3).select_one("strong.state")
    assert word is not None
    return word.get_text()


def audit(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(row.login, row.action, row.object) for row in reversed(ledger.audited())]


def test_everybody_inside_sees_every_unit_and_a_unit_its_own_line_alone(
    home: Home, ledger: Ledger, findings: dict[str, Finding]
) -> None:
    for role in (Role.OPERATOR, Role.VIEWER):
        with visiting(home, ledger, role) as visit:
            page = visit.get(Q3)
            own = role is Role.VIEWER
            assert rows_of(page) == ([BUREAU] if own else [BUREAU, TOWN]), role
            assert ("曲塘镇" in page.get_text()) is not own
            assert visit.status("/assessment/2026Q3/qt") == (404 if own else 200)
            assert visit.status(UNIT) == 200
            assert "建议稿" in page.get_text()


def test_a_unit_hears_neither_what_changed_for_others_nor_what_signers_wrote(
    home: Home, ledger: Ledger, findings: dict[str, Finding]
) -> None:
    ledger.add_person("qt", "示例镇", "viewer", "qt", ledger.people()[0].password, now())
    frozen(home, ledger)
    happened(ledger, findings["urged"], [(DISMISSED, now(), None)])
    told = f"审定后有变化：教育局-0.85→-0.25，不再计问题{findings['urged'].id}。"
    hears = {"clerk": (True, True), "viewer": (True, False), "qt": (False, False)}
    for login, (changes, words) in hears.items():
        with visiting(home, ledger, login) as visit:
            text = visit.get(Q3).get_text()
            assert (told in text, "，季度" in text) == (changes, words), login
            assert "录入：示例clerk" in text


def test_three_persons_sign_and_only_the_last_after_being_asked_freezes(
    home: Home, ledger: Ledger, findings: dict[str, Finding]
) -> None:
    with visiting(home, ledger, "clerk") as clerk:
        assert state(clerk) == "未录入"
        moved(clerk.post("/assessment/2026Q3/enter", note="季度"), f"{Q3}&done=enter")
        assert state(clerk) == "已录入"
        assert "已录入，下一步：审核。" in clerk.get(f"{Q3}&done=enter").get_text()
        for step in ("review", "approve"):
            assert clerk.post(f"/assessment/2026Q3/{step}", kept="1", sure="1").status_code == 403
        assert faults(clerk.post("/assessment/2026Q3/enter")) == ["下一步应为审核，不是录入"]
    with visiting(home, ledger, "leader") as leader:
        early = leader.post("/assessment/2026Q3/approve", kept=kept(leader), sure="1")
        assert faults(early) == ["下一步应为审核，不是分管领导审定"]
    with visiting(home, ledger, "reviewer") as reviewer:
        signed = reviewer.post("/assessment/2026Q3/review", decision="agree", kept=kept(reviewer))
        moved(signed, f"{Q3}&done=review")
        assert state(reviewer) == "已审核"
    with visiting(home, ledger, "leader") as leader:
        asked = leader.post(
            "/assessment/2026Q3/approve", decision="agree", kept=kept(leader), note="同意"
        )
        assert (asked.status_code, "审定后冻结，不能再改" in asked.text) == (200, True)
        assert state(leader) == "已审核"
        done = leader.post("/assessment/2026Q3/approve", kept="1", note="同意", sure="1")
        moved(done, f"{Q3}&done=approve")
        page = leader.get(Q3)
        assert (state(leader), page.select("form.sign")) == ("已审定", [])
        told = [line.get_text() for line in page.select("p.told:not(.v-due_soon)")][2:]
        assert [re.sub(r"，\d.*", "", line) for line in told] == [
            "录入：示例clerk", "审核：示例reviewer", "分管领导审定：示例leader",
        ]  # fmt: skip
    assert audit(ledger) == [
        ("clerk", "assessment.enter", "assessment:2026Q3"),
        ("reviewer", "assessment.review", "assessment:2026Q3"),
        ("leader", "assessment.approve", "assessment:2026Q3"),
    ]


def test_who_entered_it_does_not_review_it_in_another_role(
    home: Home, ledger: Ledger, findings: dict[str, Finding]
) -> None:
    entered(home, ledger)
    ledger.change_person("clerk", now(), role="reviewer")
    with visiting(home, ledger, "clerk") as visit:
        page = visit.get(Q3)
        refused = "示例clerk已作录入，审核须由另一人办理"
        assert f"您不能办理这一步：{refused}。" in page.get_text()
        assert "审核通过" not in page.get_text()
        assert faults(visit.post("/assessment/2026Q3/review", kept=kept(visit))) == [refused]


def test_what_came_in_the_place_of_what_was_looked_at_is_not_signed(
    home: Home, ledger: Ledger, findings: dict[str, Finding]
) -> None:
    entered(home, ledger)
    with visiting(home, ledger, "reviewer") as reviewer:
        first = kept(reviewer)
        back = {"decision": "return", "kept": first}
        empty = reviewer.post("/assessment/2026Q3/review", **back)
        assert faults(empty) == ["退回原因：不能为空"]
        moved(reviewer.post("/assessment/2026Q3/review", **back, note="缺"), f"{Q3}&done=return")
        entered(home, ledger)
        for number in (first, "", "x"):
            late = reviewer.post("/assessment/2026Q3/review", kept=number, note="看过")
            assert faults(late) == ["该考核刚由他人办理，请重新查看后再签署。没有作任何改动。"]
            assert "看过" in late.text
            assert f'name="kept" value="{first}"' not in late.text


def test_what_changed_since_it_was_entered_is_told_without_commands(
    home: Home, ledger: Ledger, findings: dict[str, Finding]
) -> None:
    entered(home, ledger)
    happened(ledger, findings["unconfirmed"], [(CONFIRMED, now(), None)])
    with visiting(home, ledger, "reviewer") as reviewer:
        refused = reviewer.post("/assessment/2026Q3/review", kept=kept(reviewer))
        assert faults(refused) == ["录入后有变化（教育局），不能签署：请退回后重新录入"]
    assert audit(ledger) == [("clerk", "assessment.enter", "assessment:2026Q3")]


def test_what_is_learnt_after_freezing_is_a_correction_with_its_reason(
    home: Home, ledger: Ledger, findings: dict[str, Finding]
) -> None:
    frozen(home, ledger)
    with visiting(home, ledger, "clerk") as clerk:
        assert "已审定并冻结，此后没有变化。" in clerk.get(Q3).get_text()
        unchanged = clerk.post("/assessment/2026Q3/correct", note="复核")
        assert faults(unchanged) == ["2026Q3的考核审定后没有变化，无须更正"]
        happened(ledger, findings["urged"], [(DISMISSED, now(), None)])
    with visiting(home, ledger, "clerk") as clerk:
        assert "下一步：更正（经办人）。" in clerk.get(Q3).get_text()
        assert faults(clerk.post("/assessment/2026Q3/correct")) == ["更正原因：不能为空"]
        done = clerk.post("/assessment/2026Q3/correct", note="申诉成立")
        moved(done, f"{Q3}&done=correct")
        page = clerk.get(Q3)
        assert "下一步：更正的审核（审核人）。" in page.get_text()
        assert rows_of(page) == [BUREAU, TOWN]


def test_a_period_that_runs_is_shown_and_not_entered(home: Home, ledger: Ledger) -> None:
    with visiting(home, ledger, "clerk") as clerk:
        page = clerk.get("/assessment")
        chosen = page.select_one("option[selected]")
        assert chosen is not None
        assert chosen["value"] == "2026H2"
        assert "考核周期至2026-12-31止，结束后方可录入。" in page.get_text()
        assert page.select("form.sign") == []
        offered = [str(each["value"]) for each in page.select("#period option")]
        assert offered[:6] == ["2026Q4", "2026H2", "2026", "2026Q3", "2026Q2", "2026H1"]
        for wrong in ("2026Q9", "1999H1", "x", "2027"):
            assert clerk.status(f"/assessment?period={wrong}") == 404
            assert clerk.status(f"/assessment/{wrong}/jyj") == 404
            assert clerk.post(f"/assessment/{wrong}/enter").status_code == 404
        assert clerk.status("/assessment/2026Q3/nobody") == 404


def test_files_that_cannot_be_read_are_told_without_where_they_lie(
    home: Home, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    with visiting(home, ledger, "clerk") as clerk:
        home.path("schemes").mkdir()
        for name in ("schemes/haian-default.toml", "settings.toml"):
            home.path(name).write_text("[nonsense", encoding="utf-8")
            answer = clerk.client.get("/assessment")
            assert (answer.status_code, "文件有误" in answer.text) == (503, True)
            assert str(home.folder) not in answer.text
    told = [record.getMessage() for record in caplog.records if record.name == "xunjian.web"]
    assert ["haian-default" in told[0], "settings.toml" in told[1]] == [True, True]


def test_each_line_names_its_clause_its_findings_and_their_appeals(
    home: Home, ledger: Ledger, findings: dict[str, Finding]
) -> None:
    urged, letter = findings["urged"].id, findings["letter"].id
    frozen(home, ledger)
    happened(ledger, findings["urged"], [(EventKind.APPEALED, now(), None)])
    happened(ledger, findings["letter"], [(EventKind.APPEALED, now(), None)])
    happened(ledger, findings["letter"], [(EventKind.REJECTED, now(), None)])
    with visiting(home, ledger, "viewer") as viewer:
        page = viewer.get(UNIT)
    columns = page.select("section.line")[0]
    assert [" ".join(each.get_text().split()) for each in page.select("section.line h3")] == [
        "栏目超过时限未更新 -0.15 分",
        "来信逾期未答复或逾期答复 -0.2 分",
        "整改不力被通报督办 -0.5 分",
    ]
    assert [row[0:2] + row[3:] for row in rows_of(columns)] == [
        [str(findings["in_time"].id), "栏目 教育动态", "待复查", ""],
        [str(urged), "栏目 教育要闻", "通报督办", "申诉待答复"],
    ]
    assert [each["href"] for each in columns.select("td a, th a")] == [
        f"/findings/{findings['in_time'].id}", f"/findings/{urged}",
    ]  # fmt: skip
    assert "（haian/news_2w，版本 2020.1）" in columns.get_text()
    appeals = [each.get_text() for each in page.select("ul li") if "（" in each.get_text()]
    assert f"问题 {urged}（栏目 教育要闻）：申诉待答复" in appeals
    assert f"问题 {letter}（信箱 局长信箱 来信 L1）：申诉未采纳" in appeals
    assert f"尚未经人工核实确认：问题 {findings['unconfirmed'].id}" in page.get_text()


def test_praise_is_entered_with_evidence_in_words_and_taken_back_with_a_reason(
    home: Home, ledger: Ledger, findings: dict[str, Finding]
) -> None:
    secret = home.path("settings.toml")
    with visiting(home, ledger, "clerk") as clerk:
        given = {"item": "praise", "level": "city", "count": "1", "on": "2026-09-03"}
        done = clerk.post(f"{UNIT}/entries", **given, evidence=str(secret))
        moved(done, f"{UNIT}?done=record")
        page = clerk.get(UNIT)
        assert "得分 -0.55" in str(page.h1)
        (row,) = [row for row in rows_of(page) if row[1] == "政务公开工作受上级表扬"]
        assert row[:6] == [
            "1", "政务公开工作受上级表扬", "2026-09-03", "市级，1次", str(secret), "示例clerk",
        ]  # fmt: skip
        # A name of a file is words here: the files of the machine are out of a browser's reach.
        folder = ledger.evidence.folder
        assert [each for each in folder.rglob("*") if each.is_file()] == []
        empty = clerk.post(f"{UNIT}/withdraw", number="1", note=" ")
        assert faults(empty) == ["撤回原因：不能为空"]
        other = clerk.post("/assessment/2026Q3/qt/withdraw", number="1", note="误录")
        assert other.status_code == 404
        taken = clerk.post(f"{UNIT}/withdraw", number="1", note="误录")
        moved(taken, f"{UNIT}?done=withdraw")
        assert "得分 -0.85" in str(clerk.get(UNIT).h1)
    assert audit(ledger) == [
        ("clerk", "assessment.record", "unit:jyj"),
        ("clerk", "assessment.withdraw", "unit:jyj"),
    ]


def test_an_entry_at_fault_names_every_fault_and_keeps_what_was_typed(
    home: Home, ledger: Ledger
) -> None:
    with visiting(home, ledger, "clerk") as clerk:
        given = {"item": "", "count": "二", "on": "2026-11-03", "evidence": " "}
        assert faults(clerk.post(f"{UNIT}/entries", **given)) == [
            "评分项：未选",
            "次数：二，应为整数",
            "日期：2026-11-03，不在本考核周期（2026-07-01 至 2026-09-30）内",
            "依据：不能为空，请写明文件名称文号或事由",
        ]
        given = {"item": "praise", "count": "2", "points": "1", "on": "2026-09-03",
                 "evidence": "<b>表扬</b>"}  # fmt: skip
        answer = clerk.post(f"{UNIT}/entries", **given)
        assert faults(answer) == [
            "级别：未写，应为 province（省级）、city（市级）、county（县级） 之一",
            "分值：政务公开工作受上级表扬按评分办法计分，不能另写分值",
        ]
        assert "&lt;b&gt;表扬&lt;/b&gt;</textarea>" in answer.text
        assert 'value="2"' in answer.text
    for role in (Role.REVIEWER, Role.VIEWER):
        with visiting(home, ledger, role) as visit:
            assert visit.post(f"{UNIT}/entries", **given).status_code == 403
            assert visit.get(UNIT).select("form.plain, form.inline") == []
    assert ledger.entries("haian-default", now()) == []


def test_a_period_is_computed_once_and_again_when_the_ledger_has_changed(
    home: Home,
    ledger: Ledger,
    findings: dict[str, Finding],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class AtOnce:
        def __init__(self, target, args, daemon) -> None:  # type: ignore[no-untyped-def]
            self.start = lambda: target(*args)

    monkeypatch.setattr("app.web.computed.threading.Thread", AtOnce)
    held = computing.Computations(home, ledger)
    first = held.current("2026Q3")
    assert held.current("2026Q3") is first
    happened(ledger, findings["urged"], [(DISMISSED, now(), None)])
    assert held.current("2026Q3") is first  # nobody waits: the next one sees it
    second = held.current("2026Q3")
    scores = [str(each.assessment.shown.sheets[0].score) for each in (first, second)]
    assert scores == ["-0.85", "-0.25"]
    assert held.renewed("2026Q3") is held.current("2026Q3") is not second
