"""The page of a column: its gaps by the day, its looks and items, and what was kept of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from app.home import Home
from app.web.kept import HEADERS, disarmed
from app.web.rights import Role
from checks.facts import DateSource, Item, Outcome
from checks.freshness import SHANGHAI
from storage.evidence import Capture
from storage.ledger import Sighting
from tests.app.life import Life, begin
from tests.app.web.visiting import Visit, enter_people, rows_of, visiting

HOSTILE = "<script>alert(1)</script><b>通知</b>"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
PAGE = (
    "<html><!-- synthetic --><head><title>政务动态</title>"
    "<link rel=preconnect href=//evil.example><meta http-equiv=refresh content='0;url=//evil'>"
    "</head><body><p>已发布的内容</p><script>alert('run')</script>"
    "<a href='http://evil.example/'>离开</a></body></html>"
)
HTML = {"Content-Type": "text/html; charset=utf-8"}


def see(life: Life, column: str, *items: Item, on: str = "", **more: Any) -> int:
    """The crawler looks at a column on a day; returns the look's number."""
    if on:
        life.on(on)
    outcome = more.pop("outcome", Outcome.OK)
    run = life.ledger.start_run(1, life.at)
    sighting = Sighting(f"column:{column}", life.at, outcome, items=items, reader="trs", **more)
    return life.ledger.record(run, sighting)


def item(on: str | None, title: str = "示例信息", url: str | None = None) -> Item:
    day = date.fromisoformat(on) if on else None
    address = url or f"http://portal.example/{on}.html"
    return Item(title, address, day, on, DateSource.LIST)


def capture(
    life: Life, body: bytes, url: str = "http://portal.example/dt/", **more: str
) -> Capture:
    return Capture(url, life.at, 200, more or HTML, body)


class City:
    """One home on 2026-03-20: `dt` is late, of `jy` nothing is known, `kb` was never looked at."""

    def __init__(self, life: Life) -> None:
        self.life = life
        old, first = item("2025-03-01"), item("2026-01-05")
        see(life, "dt", old, first, on="2026-01-05")
        # Nothing newer, though the limit ended on 19 January: the gap is borne out.
        see(life, "dt", old, first, on="2026-01-25")
        two = item("2026-02-01"), item("2026-02-01", "示例信息二", "http://portal.example/2.html")
        see(life, "dt", *two, first, on="2026-02-01")
        bad = item("2026-03-01", HOSTILE, "javascript:alert(1)")
        see(life, "dt", bad, *two, on="2026-03-01")
        life.on("2026-03-20")
        pages = (
            capture(life, PAGE.encode()),
            capture(life, PNG, "urn:xunjian:manual:a:2026-03-20", **{"Content-Type": "image/png"}),
            capture(life, b"\0\1\2", **{"Content-Type": "application/octet-stream"}),
        )
        note = f"列表{HOSTILE}"
        wrong = item("2026-04-01", "日期有误")
        self.late = see(life, "dt", bad, *two, wrong, captures=pages, note=note)
        life.on("2026-02-20")
        start = date(2026, 2, 20)
        many = [item(str(start - timedelta(days=n % 50)), f"第{n:02}条", f"http://e.example/{n}")
                for n in range(60)]  # fmt: skip
        for n in range(60):
            life.at = datetime(2026, 2, 20, 0, n, tzinfo=SHANGHAI)
            see(life, "jy", *(many if n == 59 else ()))
        life.on("2026-03-20")
        self.blocked = see(life, "jy", outcome=Outcome.BLOCKED, note="防火墙")
        life.cycle()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    home = Home(tmp_path_factory.mktemp("column"))
    with pytest.MonkeyPatch.context() as patch:
        for life in begin(home, patch, "2026-01-05"):
            enter_people(life.ledger)
            yield City(life)


@pytest.fixture(scope="module")
def clerk(city: City) -> Iterator[Visit]:
    with visiting(city.life.home, city.life.ledger, Role.CLERK) as visit:
        yield visit


@pytest.fixture(scope="module")
def viewer(city: City) -> Iterator[Visit]:
    """A person of 示例教育局, whose column is `jy`."""
    with visiting(city.life.home, city.life.ledger, Role.VIEWER) as visit:
        yield visit


def words(page: Tag) -> str:
    return " ".join(page.get_text(" ", strip=True).split())


def month(page: BeautifulSoup, name: str) -> list[str]:
    """The words of a month's days."""
    rows = page.select("figure .grid tbody tr")
    (row,) = [each for each in rows if each.select("th")[0].get_text() == name]
    return [cell.get_text() for cell in row.select("td:not(.none)")]


def table_under(page: BeautifulSoup, head: str) -> list[list[str]]:
    (found,) = page.select(f"h2#{head}")
    table = found.find_next("table")
    assert table is not None
    return rows_of(BeautifulSoup(str(table), "lxml"))


def test_the_head_says_how_the_column_stands_by_which_rule(clerk: Visit) -> None:
    page = clerk.get("/columns/dt")
    assert [each.get_text() for each in page.select("h1")] == ["政务动态"]
    assert page.select_one("p.worst.v-overdue").get_text() == "超期，超5天（最后期限 2026-03-15）"  # type: ignore[union-attr]
    link = page.select_one("dl a.address")
    assert link is not None
    assert (link["href"], link["rel"]) == ("http://portal.example/dt/", ["noreferrer", "noopener"])
    facts = words(page.select_one("dl"))  # type: ignore[arg-type]
    assert facts == (
        "责任单位 示例办公室 种类 栏目（动态新闻） 编号 dt 网址 http://portal.example/dt/ "
        "所属网站 示例门户"
    )
    first = table_under(page, "verdicts")[0]
    assert first[:5] == ["超期", "超5天", "2026-03-01", "2026-03-15", "14天"]
    assert "2020年度政府信息公开工作年度报告：动态新闻类栏目更新不超过2周" in first[6]


def test_gaps_over_the_limit_are_told_with_their_days_and_whether_a_look_bears_them_out(
    clerk: Visit,
) -> None:
    page = clerk.get("/columns/dt")
    assert rows_of(page, "table.gaps") == [
        ["2026-03-01", "2026-03-15", "至今没有", "5", "是：期间看过，没有更新的内容"],
        ["2026-02-01", "2026-02-15", "2026-03-01", "13", "否：期间没有可以证实的查看，不作判定"],
        ["2026-01-05", "2026-01-19", "2026-02-01", "12", "是：期间看过，没有更新的内容"],
    ]
    assert "下一次更新应不迟于 2026-03-15 （该日已过）" in words(page)


def test_the_calendar_shows_every_day_its_count_and_what_the_limit_makes_of_it(
    clerk: Visit,
) -> None:
    page = clerk.get("/columns/dt")
    heads = [each.get_text() for each in page.select("figure .grid tbody th")]
    assert (heads[0], heads[-1], len(heads)) == ("2024-04", "2026-03", 24)
    assert month(page, "2026-01") == [*[""] * 4, "1", *[""] * 13, "期", *["超"] * 12]
    assert month(page, "2026-02") == ["2", *[""] * 13, "期", *["疑"] * 13]
    assert month(page, "2026-03") == ["1", *[""] * 13, "期", *["超"] * 5, *[""] * 11]
    # What lies before the first look is shown, and held against nobody.
    assert month(page, "2025-03") == ["1", *[""] * 30]
    assert month(page, "2025-10") == [""] * 31
    # A day after the one on which its item was first seen counts for nothing.
    assert "24个月内有日期的条目共 5 条" in words(page)


def test_the_drawing_gets_the_same_days(clerk: Visit) -> None:
    data = clerk.get("/columns/dt").select_one('figure[data-chart="calendar"] > script')
    assert data is not None
    assert data["type"] == "application/json"
    told = json.loads(str(data.string))
    assert told["ranges"] == [["2024-04-01", "2025-03-31"], ["2025-04-01", "2026-03-31"]]
    counts = {"2025-03-01": 1, "2026-01-05": 1, "2026-02-01": 2, "2026-03-01": 1}
    assert dict(told["counts"]) == counts
    assert told["due"] == ["2026-01-19", "2026-02-15", "2026-03-15"]
    assert [len(told[mark]) for mark in ("over", "doubt")] == [12 + 5, 13]


def test_a_column_that_could_not_be_seen_is_in_doubt_and_never_over(clerk: Visit) -> None:
    page = clerk.get("/columns/jy")
    assert words(page.select_one("p.worst.v-unknown")) == "未判定"  # type: ignore[arg-type]
    assert rows_of(page, "table.gaps") == [
        ["2026-02-20", "2026-03-06", "至今没有", "14", "否：见上面“判定”的说明"]
    ]
    assert month(page, "2026-03")[5:21] == ["期", *["疑"] * 14, ""]
    assert not page.select("figure td.over")
    assert table_under(page, "visits")[0] == [
        "2026-03-20 09:00", "被防火墙或验证页面拦截", "自动查看", "0", "", "trs",
        "防火墙", "未留存",
    ]  # fmt: skip


def test_a_column_never_looked_at_says_so(clerk: Visit) -> None:
    page = clerk.get("/columns/kb")
    assert rows_of(page)[-2:] == [
        ["没有见到信息条目。"],
        ["尚未查看过。未查看不等于未更新，不作判定。"],
    ]
    assert "没有适用的时限，或者已经豁免，不画期限线" in words(page)
    assert not page.select("figure td.over, figure td.doubt, figure td.due")


def test_words_of_strangers_are_shown_as_text(clerk: Visit) -> None:
    page = clerk.get("/columns/dt")
    first = table_under(page, "items")[1]
    assert first[:2] == ["2026-03-01", f"{HOSTILE} （判定所依据的一条）"]
    assert first[3:] == ["列表页该行所示日期", "2026-03-01 09:00", ""]
    assert table_under(page, "visits")[0][6] == f"列表{HOSTILE}"
    sources = [str(each.get("src")) for each in page.select("script") if each.get("src")]
    assert all(each.startswith("/static/") for each in sources)
    assert len(page.select("script")) == len(sources) + 1  # and the data of the drawing
    assert not page.select("[style], [onclick], main b")
    assert not [each for each in page.select("a") if str(each["href"]).startswith("javascript:")]


def test_looks_and_items_come_fifty_at_a_time(clerk: Visit) -> None:
    page = clerk.get("/columns/jy")
    assert [len(table_under(page, name)) for name in ("visits", "items")] == [50, 50]
    assert words(page).count("第 1 页，共 2 页") == 2
    older = page.select_one("#visits ~ nav a[rel=next]")
    assert older is not None
    assert older["href"] == "?visits=2#visits"
    page = clerk.get("/columns/jy?visits=2&items=2")
    assert [len(table_under(page, name)) for name in ("visits", "items")] == [11, 10]
    assert table_under(page, "visits")[-1][0] == "2026-02-20 00:00"
    assert table_under(page, "items")[-1][0] == "2026-01-02"
    newer = [each["href"] for each in page.select("nav a[rel=prev]")]
    assert newer == ["?visits=2&items=1#items", "?visits=1&items=2#visits"]
    for query in ("visits=9&items=9999999999999", "visits=-1", "visits=x", "items=0", "items=²"):
        assert clerk.status(f"/columns/jy?{query}") == 200, query
    assert len(table_under(clerk.get("/columns/jy?visits=9"), "visits")) == 11


def test_findings_stand_with_what_happened_to_them(clerk: Visit) -> None:
    page = clerk.get("/columns/dt")
    (finding,) = page.select("section.finding")
    assert [each["href"] for each in finding.select("h3 a")] == ["/findings/1"]
    told = words(finding)
    assert told.startswith("问题 1 ：动态新闻类栏目超过两周未更新 2026-03-20 发现，现为“")
    assert "2026-03-20 09:00 发现（xunjian）：最近更新2026-03-01" in told


def test_the_explanation_is_that_of_the_command(clerk: Visit, city: City) -> None:
    said = city.life.run("explain", "dt").stdout
    pre = clerk.get("/columns/dt").select_one("details.explain pre")
    assert pre is not None
    assert pre.get_text().splitlines() == said.splitlines()


def test_a_viewer_sees_their_own_columns_and_what_was_kept_of_them(
    viewer: Visit, city: City
) -> None:
    assert viewer.status("/columns/jy") == 200
    assert viewer.status(f"/columns/jy/visits/{city.blocked}") == 200
    others = ["/columns/dt", "/columns/kb", f"/columns/dt/visits/{city.late}"]
    others += [f"/columns/dt/visits/{city.late}/pages/1", "/columns/nowhere"]
    # Nor by a look at another's column under the name of their own.
    others += [f"/columns/jy/visits/{city.late}", f"/columns/jy/visits/{city.late}/pages/1"]
    assert {path: viewer.status(path) for path in others} == dict.fromkeys(others, 404)


def test_what_is_the_operators_matter_is_not_shown_to_the_unit(clerk: Visit, viewer: Visit) -> None:
    seen = [len(each.get("/columns/jy").select("section.finding")) for each in (clerk, viewer)]
    assert seen == [1, 0]
    assert "问题记录：无。" in viewer.get("/columns/jy").get_text()


def test_a_kept_page_is_shown_as_text(clerk: Visit, city: City) -> None:
    here = f"/columns/dt/visits/{city.late}"
    page = clerk.get(here)
    assert page.select_one("pre").get_text() == "已发布的内容\n离开"  # type: ignore[union-attr]
    assert "（内容与登记相符）" in words(page)
    assert len(page.select("details li a")) == 3
    source = clerk.get(f"{here}?view=source").select_one("pre")
    assert source is not None
    assert source.get_text() == PAGE


def test_a_kept_page_is_caged_where_it_is_shown_as_it_was(clerk: Visit, city: City) -> None:
    here = f"/columns/dt/visits/{city.late}"
    frame = clerk.get(f"{here}?view=page").select_one("iframe")
    assert frame is not None
    assert 'sandbox=""' in str(frame)
    assert frame["src"] == f"{here}/pages/1"
    answer = clerk.client.get(str(frame["src"]))
    assert answer.status_code == 200
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith(
        "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.text == disarmed(PAGE)
    alone = clerk.client.get(str(frame["src"]), headers={"sec-fetch-dest": "document"})
    assert (alone.status_code, alone.headers["location"]) == (303, here)


def test_a_screenshot_is_shown_and_any_other_file_is_only_handed_over(
    clerk: Visit, city: City
) -> None:
    here = f"/columns/dt/visits/{city.late}"
    picture = clerk.get(f"{here}?page=2").select_one("main img")
    assert picture is not None
    answer = clerk.client.get(str(picture["src"]))
    assert (answer.content, answer.headers["Content-Type"]) == (PNG, "image/png")
    assert clerk.get(f"{here}?page=3").select_one("main a[download]")["href"] == f"{here}/pages/3"  # type: ignore[index]
    answer = clerk.client.get(f"{here}/pages/3")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_evidence_is_opened_by_the_looks_of_its_subject_alone(clerk: Visit, city: City) -> None:
    late, blocked = city.late, city.blocked
    refused = [
        f"/columns/jy/visits/{late}", f"/columns/dt/visits/{blocked}", f"/sites/s/visits/{late}",
        f"/columns/dt/visits/{late}/pages/0", f"/columns/dt/visits/{late}/pages/4",
        f"/columns/dt/visits/{late}/pages/..%2f1", "/columns/dt/visits/99999",
        "/columns/dt/visits/99999999999999999999", "/columns/dt/visits/-1", "/columns/dt/visits/x",
        "/columns/dt/visits/evidence%2f2026", "/columns/..%2f/visits/1",
        f"/nothing/dt/visits/{late}",
    ]  # fmt: skip
    assert {path: clerk.status(path) for path in refused} == dict.fromkeys(refused, 404)
    page = clerk.get(f"/columns/jy/visits/{blocked}")
    assert "该次查看没有留存页面。" in words(page)


def test_evidence_that_no_longer_holds_is_told_and_not_shown(clerk: Visit, city: City) -> None:
    life = city.life
    look = see(life, "kb", captures=(capture(life, PAGE.encode()),))
    (link,) = life.ledger.evidence_of(look)
    file = life.ledger.evidence.folder / link.warc
    whole = file.read_bytes()
    here = f"/columns/kb/visits/{look}"
    try:
        file.unlink()
        page = clerk.get(here)
        assert "留存的页面不能显示：文件无法读取" in words(page)
        assert str(life.home.folder) not in page.get_text()
        assert clerk.status(f"{here}/pages/1") == 404
    finally:
        file.write_bytes(whole)
    assert "已发布的内容" in words(clerk.get(here))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<LINK rel=preconnect href=//x>", "<basefont rel=preconnect href=//x>"),
        ("<meta\nhttp-equiv=refresh>", "<basefont\nhttp-equiv=refresh>"),
        ("<base/href=//x>", "<basefont/href=//x>"),
        ("<iframe\tsrc=//x></iframe>", "<basefont\tsrc=//x></iframe>"),
        ("<a/href=//x>", "<a href=# target=_blank /href=//x>"),
        # No word is taken away, so none can be made by taking away what parts it.
        ("<li<link>nk rel=preconnect>", "<li<basefont>nk rel=preconnect>"),
        ('<p title="<a href=x>">', '<p title="<a href=# target=_blank  href=x>">'),
        ("<article><abbr>", "<article><abbr>"),
    ],
)
def test_what_looks_up_names_or_leads_away_is_disarmed(given: str, kept: str) -> None:
    assert disarmed(given) == kept
