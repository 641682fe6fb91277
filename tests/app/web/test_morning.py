"""The first page: what is worst comes first, what was not seen accuses nobody, and each sees
their own. All synthetic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.home import Home
from app.web.rights import Role
from checks.facts import Outcome
from tests.app.life import Life, begin
from tests.app.web.visiting import Visit, enter_people, rows_of, visiting

DETAILS = "[aria-label=明细] > table"
HOSTILE = "<script>alert(1)</script>教育动态"


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    """News 20 days old, news 12 days old, and a page that was not had."""
    for life in begin(Home(tmp_path / "home"), monkeypatch, "2026-03-24"):
        monkeypatch.setattr("app.web.snapshot.now", lambda life=life: life.at)
        enter_people(life.ledger)
        life.look("dt", "2026-03-04")
        life.look("jy", "2026-03-12")
        life.look("kb", None, Outcome.BLOCKED)
        yield life


@pytest.fixture
def clerk(life: Life) -> Iterator[Visit]:
    with visiting(life.home, life.ledger, Role.CLERK) as visit:
        yield visit


def test_units_down_classes_across_the_worst_first_with_colour_word_and_days(clerk: Visit) -> None:
    page = clerk.get("/")
    assert [head.text for head in page.select("table.board thead th")] == [
        "单位",
        "动态新闻",
        "其他",
        "网站",
    ]
    board = rows_of(page, "table.board")
    assert [row[:2] for row in board] == [
        ["示例办公室", "超6天 1/1"],
        ["示例教育局", "临期 剩2天 1"],
    ]
    late = page.select_one("table.board td.v-overdue a")
    assert late is not None
    assert late["href"] == "/?unit=zfb&group=news&verdict=&text="
    assert page.select(".totals b")[0].text == "1"


def test_what_was_not_seen_is_told_with_why_and_counts_against_nobody(clerk: Visit) -> None:
    page = clerk.get("/")
    told = {dt.text: dd.text for dt, dd in zip(*map(page.select, ("dt", "dd")), strict=True)}
    assert "其他栏目" in told["被防火墙或验证页面拦截：1 个"]
    assert "未能查看的不等于未更新" in page.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("unit=jyj", {"教育动态"}),
        ("verdict=overdue", {"政务动态"}),
        ("group=other", {"其他栏目"}),
        ("text=%E6%95%99%E8%82%B2", {"教育动态"}),
        ("unit=zfb&verdict=due_soon", set()),
        ("unit=nobody", set()),
        ("verdict=%3Cb%3E", set()),
    ],
)
def test_filters_live_in_the_address(clerk: Visit, query: str, names: set[str]) -> None:
    rows = rows_of(clerk.get(f"/?{query}"), DETAILS)
    if names:
        assert {row[1] for row in rows} == names
    else:
        assert rows == [["没有符合条件的对象。"]]


def test_a_viewer_sees_their_own_unit_and_cannot_ask_for_another(life: Life) -> None:
    with visiting(life.home, life.ledger, Role.VIEWER) as viewer:
        for query in ("", "?unit=zfb", "?unit="):
            page = viewer.get(f"/{query}")
            assert [row[0] for row in rows_of(page, "table.board")] == ["示例教育局"]
            assert "政务动态" not in page.text
            assert "示例办公室" not in page.text


def test_names_from_pages_are_text(life: Life) -> None:
    register = life.ledger.inventory()
    rows = {kind: [dict(row) for row in some] for kind, some in register.items()}
    rows["column"][1]["name"] = HOSTILE
    life.ledger.load_inventory(rows, life.at)
    with visiting(life.home, life.ledger, Role.CLERK) as visit:
        page = visit.get("/")
    assert page.find("script", string=True) is None
    assert HOSTILE in page.get_text()


def test_a_home_without_anything_is_told_so(tmp_path: Path) -> None:
    home = Home(tmp_path)
    ledger = home.open_ledger()
    enter_people(ledger)
    with visiting(home, ledger, Role.CLERK) as visit:
        page = visit.get("/")
    ledger.close()
    assert rows_of(page, "table.board") == [["没有符合条件的对象。"]]
    assert "尚未见到任何内容" in page.text
