"""The work list: what waits for somebody, the most urgent first; a unit sees its own alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from app.web.pages import work
from app.web.work import for_a_page
from checks.course import State
from checks.lifecycle import Event, EventKind, Fault, Key, Step
from storage.attachments import keep_file
from storage.inventory import read_toml
from storage.ledger import Versions
from tests.app.life import REGISTER, Life
from tests.app.web.forms import steps_on
from tests.app.web.office import BY, live, make, number, visited
from tests.app.web.visiting import Visit, rows_of

NEWS = "动态新闻类栏目超过两周未更新"
BLANK = "栏目没有任何内容（空白栏目）"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made") / "home")


@pytest.fixture
def life(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    yield from live(made, tmp_path / "home", monkeypatch)


def notify(life: Life, column: str) -> None:
    life.done("findings", "confirm", str(number(life, column)), *BY)
    life.done("findings", "notice", str(number(life, column)), *BY)


def listed(visit: Visit, path: str = "/findings") -> list[list[str]]:
    """The rows, from their number on."""
    page = visit.get(path)
    start = 1 if page.select("th:-soup-contains('选择')") else 0
    return [row[start:] for row in rows_of(page) if len(row) > 1]


def numbers(visit: Visit, path: str = "/findings") -> list[int]:
    return [int(row[0]) for row in listed(visit, path)]


def test_a_deadline_that_passed_comes_first_then_the_next_to_pass_then_what_is_new(
    life: Life,
) -> None:
    notify(life, "jy")
    life.on("2026-03-04")
    notify(life, "dt")
    life.on("2026-03-17")
    dt, jy, kb = (number(life, each) for each in ("dt", "jy", "kb"))
    with visited(life) as visit:
        rows = listed(visit)
    assert [[*row[:4], *row[5:]] for row in rows] == [
        [str(jy), "示例教育局", "教育动态", NEWS, "2026-03-02", "已下发", "2026-03-16",
         "已过1天（1个工作日）", "通报督办"],
        [str(dt), "示例办公室", "政务动态", NEWS, "2026-03-02", "已下发", "2026-03-18",
         "还剩1个工作日", "责任单位整改并反馈"],
        [str(kb), "示例办公室", "其他栏目", BLANK, "2026-03-02", "系统发现，待核实", "", "",
         "核实（确认，或认定误报）"],
    ]  # fmt: skip
    printed = life.run("findings", "show", str(kb)).stdout
    assert f"依据：{rows[2][4]}\n" in printed


def test_what_is_chosen_stands_in_the_address(life: Life) -> None:
    dt, jy, kb = (number(life, each) for each in ("dt", "jy", "kb"))
    life.done("findings", "confirm", str(dt), *BY)
    with visited(life) as visit:
        assert numbers(visit, "/findings?unit=jyj") == [jy]
        assert numbers(visit, "/findings?state=confirmed") == [dt]
        assert set(numbers(visit, "/findings?state=found")) == {jy, kb}
        assert numbers(visit, "/findings?rule=cn-2019/blank_column") == [kb]
        assert numbers(visit, "/findings?kind=letter") == []
        assert set(numbers(visit, "/findings?kind=column")) == {dt, jy, kb}


def test_what_nobody_has_is_an_empty_list_and_a_page_that_is_none_the_first_or_last(
    life: Life,
) -> None:
    odd = ("unit=nobody", "state=x", "rule=x", "kind=x", "show=x&state=closed", "unit=%00%f0")
    pages = ("0", "-1", "x", "9999999", "99999999999999999999", "９", "")
    with visited(life) as visit:
        for query in odd:
            page = visit.get(f"/findings?{query}")
            assert rows_of(page) == [["没有符合条件的问题。"]]
        for each in pages:
            assert len(rows_of(visit.get(f"/findings?page={each}"))) == 3


def test_pages_are_turned_and_keep_what_was_chosen(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "A_PAGE", 1)
    with visited(life) as visit:
        first, second = (
            numbers(visit, "/findings?unit=zfb"),
            numbers(visit, "/findings?unit=zfb&page=2"),
        )
        turning = visit.get("/findings?unit=zfb&page=2").select("nav.pages a")
    assert [first, second] == [[number(life, "kb")], [number(life, "dt")]]
    assert [each["href"] for each in turning] == ["/findings?unit=zfb&page=1"]


def test_what_is_over_is_shown_where_all_is_asked_for(life: Life) -> None:
    dt = number(life, "dt")
    life.done("findings", "dismiss", str(dt), *BY, "--note", "日期在图片中")
    with visited(life) as visit:
        assert dt not in numbers(visit)
        assert dt in numbers(visit, "/findings?show=all")
        (row,) = listed(visit, "/findings?show=all&state=dismissed")
    assert (row[0], row[6], row[9]) == (str(dt), "误报", "")


def test_a_closed_finding_with_an_open_appeal_waits_for_its_answer(life: Life) -> None:
    notify(life, "dt")
    dt = str(number(life, "dt"))
    life.done("findings", "recheck", dt, *BY)
    life.done("findings", "close", dt, *BY)
    with visited(life) as visit:
        assert int(dt) not in numbers(visit)
        life.done("findings", "appeal", dt, "--by", "示例单位", "--note", "从未超期")
        (row,) = [row for row in listed(visit) if row[0] == dt]
    assert (row[6], row[9]) == ("已销号，申诉待答复", "答复申诉")


def test_the_operators_own_findings_are_not_work(life: Life) -> None:
    life.on("2026-03-25")
    life.cycle()  # nobody has looked for three weeks
    operators = {each.id for each in life.ledger.findings()} - {each.id for each in life.findings()}
    with visited(life) as visit:
        assert set(numbers(visit)).isdisjoint(operators)
        assert set(numbers(visit, "/findings?show=all")) >= operators > set()


def test_a_unit_sees_its_own_and_is_offered_no_step(life: Life) -> None:
    jy, dt = number(life, "jy"), number(life, "dt")
    with visited(life, "viewer") as visit:
        for path in ("/findings", "/findings?unit=zfb", "/findings?unit=", "/findings?show=all"):
            assert numbers(visit, path) == [jy]
        page = visit.get("/findings")
        assert page.select("input[type=checkbox], fieldset") == []
        assert page.select("select[name=unit]") == []
        assert steps_on(visit.get(f"/findings/{jy}")) == []
        for path in (f"/findings/{dt}", f"/findings/{dt}/page", f"/findings/{dt}/evidence/0"):
            assert visit.status(path) == 404


def test_what_was_kept_about_a_letter_stays_in_the_office(life: Life, tmp_path: Path) -> None:
    fault = Fault(
        Key("haian", "letters", "mailbox:xx", "W1"), "jyj", None, "逾期未答复", "evidence/x#y"
    )
    seen = tmp_path / "来信人姓名.png"
    seen.write_bytes(b"synthetic")
    ledger = life.ledger
    with ledger.writing() as session:
        step = Step(EventKind.DETECTED, fault.note, fault=fault)
        versions = Versions({"haian/letters": "1"}, "1")
        (found,) = ledger.write_steps(session, [step], versions, life.at)
        kept = keep_file(ledger.evidence.folder, seen)
        event = Event(EventKind.CONFIRMED, life.at, "示例经办人", "属实", kept)
        ledger.write_events(session, [(found.finding, event)])
    path = f"/findings/{found.finding.id}"
    with visited(life) as visit:
        assert "来信人姓名" in visit.get(path).get_text()
        assert visit.status(f"{path}/evidence/1") == 200
    with visited(life, "viewer") as visit:
        page = visit.get(path)
        assert "逾期未答复" in page.get_text()
        assert "来信人姓名" not in page.get_text()
        assert page.select('a[href*="/evidence/"], a[href$="/page"]') == []
        assert [visit.status(f"{path}/{each}") for each in ("evidence/1", "page")] == [404, 404]


def test_an_unknown_number_is_not_there(life: Life) -> None:
    with visited(life) as visit:
        for path in (
            "/findings/999",
            "/findings/x",
            "/findings/99999999999999999999",
            "/findings/1/evidence/99",
        ):
            assert visit.status(path) == 404


def test_the_page_says_what_the_command_says(life: Life) -> None:
    notify(life, "jy")
    jy = number(life, "jy")
    life.done("findings", "report-back", str(jy), "--by", "示例单位", "--note", HOSTILE)
    printed = life.run("findings", "show", str(jy)).stdout
    with visited(life) as visit:
        page = visit.get(f"/findings/{jy}")
    facts = dict(
        zip(
            [each.get_text() for each in page.select("dl.pairs dt")],
            [each.get_text() for each in page.select("dl.pairs dd")],
            strict=True,
        )
    )
    for label in ("责任单位", "指标", "依据", "工作日历", "状态", "整改期限"):
        assert f"{label}：{facts[label]}" in printed
    assert facts["页面"] == "http://portal.example/jy/"
    rows = rows_of(page, "table.course")
    assert [row[1:6] for row in rows] == [
        ["发现", "系统", "", life.finding(jy).events[0].note, ""],
        ["确认", "办公室", "示例经办人", "经人工核实，问题属实。", ""],
        ["下发通知", "办公室", "示例经办人", "整改通知〔2026〕1号；整改期限2026-03-16（含当日）",
         "整改期限 2026-03-16（含当日）"],
        ["整改反馈", "单位", "示例单位", HOSTILE, ""],
    ]  # fmt: skip
    assert life.course(jy).state is State.REPORTED
    assert only_our_scripts(page)


def test_names_from_the_register_are_text(life: Life) -> None:
    named = REGISTER.replace("教育动态", HOSTILE).replace("示例教育局", f"{HOSTILE}局")
    life.ledger.load_inventory(read_toml(named, "synthetic"), life.at)
    with visited(life) as visit:
        for path in ("/findings", f"/findings/{number(life, 'jy')}"):
            page = visit.get(path)
            assert HOSTILE in page.get_text()
            assert only_our_scripts(page)


def only_our_scripts(page: BeautifulSoup) -> bool:
    return all(str(each.get("src", "")).startswith("/static/") for each in page.select("script"))


def test_who_was_told_is_shown_to_the_office_alone(life: Life) -> None:
    notify(life, "dt")
    path = f"/findings/{number(life, 'dt')}"
    with visited(life) as visit:
        page = visit.get(path)
        told = [row[1:] for row in rows_of(page, "table.told")]
        links = [str(each["href"]) for each in page.select("table.told a")]
        assert all(visit.status(each) == 200 for each in links)
    assert told == [
        ["示例办公室", "zfb@example.cn （已发出）、 zfb2@example.cn （已发出）"],
        ["办公室", "office@example.cn （已发出）"],
        ["办公室", "office@example.cn （已发出）"],
    ]
    notify(life, "jy")
    with visited(life, "viewer") as visit:
        page = visit.get(f"/findings/{number(life, 'jy')}")
    assert page.select("table.told") == []
    assert "@" not in page.get_text()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("说明（--note）：不能为空", "说明：不能为空"),
        ("请先用 findings recheck", "请先用 “转入复查”"),
        (
            "请先用 findings appeal --reject 或 findings dismiss 答复",
            "请先用 “答复申诉” 或 “认定误报” 答复",
        ),
    ],
)
def test_a_refusal_names_buttons_and_not_commands(said: str, shown: str) -> None:
    assert for_a_page(said) == shown
