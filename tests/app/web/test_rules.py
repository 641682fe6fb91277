"""The pages of the rules: the packs as they were read, and what of them nobody has verified."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.home import Home
from app.rule_views import INDICATOR_HEADS, pack_sheets, rules_sheet
from app.web.pages.rules import rows_of as rows_of_pack
from app.web.rights import Role
from checks.rules import Pack
from tests.app.life import Life, begin
from tests.app.web.visiting import Visit, enter_people, rows_of, visiting


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    with pytest.MonkeyPatch.context() as patch:
        for life in begin(Home(tmp_path_factory.mktemp("rules")), patch, "2026-03-20"):
            enter_people(life.ledger)
            yield life


@pytest.fixture(scope="module")
def viewer(life: Life) -> Iterator[Visit]:
    with visiting(life.home, life.ledger, Role.VIEWER) as visit:
        yield visit


@pytest.fixture(scope="module")
def packs(life: Life) -> dict[str, Pack]:
    return {pack.name: pack for pack in life.home.law(life.home.settings()).packs}


def test_every_rule_stands_with_its_clause_source_and_doubt(
    viewer: Visit, packs: dict[str, Pack]
) -> None:
    page = viewer.get("/rules")
    tables = page.select("table.rows")
    heads = [each.get_text() for each in tables[0].select("th")]
    assert heads == [
        "指标", "对象", "时限/要求", "级别", "依据", "来源", "可信度", "是否核实",
    ]  # fmt: skip
    shown = [tuple(row) for row in rows_of(page)]
    sheets = [rules_sheet([pack]) for pack in packs.values()]
    expected = [
        tuple(" ".join(str(row[name]).split()) for name in sheet.heads)
        for sheet in sheets
        for row in sheet.rows
    ]
    assert [tuple(" ".join(cell.split()) for cell in row) for row in shown] == expected
    assert shown[0][:4] == (
        "haian/news_2w", "栏目（动态新闻）", "14天：动态新闻类栏目超过两周未更新", "扣分",
    )  # fmt: skip


def test_what_is_not_verified_is_marked_in_words(viewer: Visit, packs: dict[str, Pack]) -> None:
    page = viewer.get("/rules")
    pack = packs["cn-2019"]
    doubtful = sum(not row.verified for row in rows_of_pack(pack))
    assert doubtful
    assert f"其中 {doubtful} 项未核实，仅供参考。" in page.get_text()
    assert "各项均已核实。" in page.get_text()  # of the city's own pack
    marked = {row[0] for row in rows_of(page) if row[-1] == "否，未核实"}
    assert marked == {row["full_name"] for row in rules_sheet([pack]).rows if not row["verified"]}


def test_a_pack_shows_all_its_tables_and_every_field_of_a_row(
    viewer: Visit, packs: dict[str, Pack]
) -> None:
    page = viewer.get("/rules/cn-2019")
    sheets = pack_sheets(packs["cn-2019"])
    assert len(page.select("table.rows")) == len(sheets) == 3
    assert [each.get_text() for each in page.select("h2")] == [
        "时限和要求", "计数指标", "计分", "各项全部内容",
    ]  # fmt: skip
    heads = [each.get_text() for each in page.select("table.rows")[1].select("th")]
    assert heads == list(INDICATOR_HEADS.values())
    cycle = page.select_one("details#column_cycle")
    assert cycle is not None
    lines = [each.get_text() for each in cycle.select("li")]
    assert "限值：1个更新周期" in lines
    assert "是否核实：否" in lines


def test_a_pack_that_is_not_in_use_is_not_there(viewer: Visit) -> None:
    for name in ("nothing", "..%2fhaian", "haian.toml"):
        assert viewer.status(f"/rules/{name}") == 404
