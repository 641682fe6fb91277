"""The whole way under the national table: home pages, own cycles, entries and a public list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.app.run import Ran, called
from tests.app.test_bad_input import SETTINGS, UNIT
from tests.crawler.server import Answer, page, serving

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
RULES = '[rules]\npacks = ["haian", "cn-2019"]\n'


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def listing(newest: int, path: str = "a") -> Answer:
    rows = "".join(
        f"<li><a href='/{path}/{n}.html'>关于做好第{n}号工作的通知</a>"
        f"<span>{ago(newest + n)}</span></li>"
        for n in range(8)
    )
    return page(f"<html><!-- synthetic --><body><ul>{rows}</ul></body></html>")


def letters() -> Answer:
    head = "<tr><th>编号</th><th>标题</th><th>来信时间</th><th>答复时间</th><th>状态</th></tr>"
    rows = "".join(
        f"<tr><td>X-{n}</td><td><a href='/x/{n}.html'>关于第{n}号事项的来信</a></td>"
        f"<td>{ago(101 + n)}</td><td>{ago(100 + n)}</td><td>已办结</td></tr>"
        for n in range(4)
    )
    return page(f"<html><!-- synthetic --><body><table>{head}{rows}</table></body></html>")


def inventory(url: str) -> str:
    def row(table: str, **fields: str) -> str:
        lines = "".join(f'{name} = "{value}"\n' for name, value in fields.items())
        return f'[[{table}]]\nunit = "zfb"\n{lines}'

    def column(id_: str, name: str, site: str, **fields: str) -> str:
        return row("column", id=id_, name=name, site=site, url=f"{url}/{id_}.html", **fields)

    return "".join(
        (
            UNIT,
            row("site", id="s", name="门户", home=f"{url}/") + "portal = true\n",
            row("site", id="n", name="导航站", home=f"{url}/nav/") + "home_nav_only = true\n",
            column("dt", "动态", "s", **{"class": "news"}),
            column("jr", "今日动态", "s", **{"class": "news"}, redirect_to="dt"),
            column("zt", "专题", "n", **{"class": "special"}, cycle="30 days"),
            row("mailbox", id="xx", name="信箱", site="s", url=f"{url}/xx.html"),
        )
    )


@dataclass(frozen=True)
class Told:
    status: dict[tuple[str, str | None], dict[str, Any]]
    findings: set[tuple[str, str]]
    entry: Ran
    asked: list[str]
    report: Ran


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, database: str) -> Told:
    home = tmp_path_factory.mktemp("national")
    home.joinpath("settings.toml").write_text(SETTINGS + RULES, encoding="utf-8")
    answers = {
        "/": listing(15, "h"),
        "/nav/": page("<html><!-- synthetic --><a href='/zt.html'>专题</a>请选择栏目</html>"),
        "/dt.html": listing(15),
        "/zt.html": listing(31, "z"),
        "/xx.html": letters(),
    }
    with serving(answers) as server:
        home.joinpath("inventory.toml").write_text(inventory(server.url), encoding="utf-8")
        ran = called("cycle", home=home)
        assert ran.code == 0, ran.err
        asked = [path for path, _ in server.seen]
    status = called("status", "--format", "json", home=home).json["subjects"]
    findings = called("findings", "--format", "json", home=home).json["findings"]
    limits = {row["rule"] for row in status}  # what else these bare pages owe is no concern here
    return Told(
        {(f"{row['kind']}:{row['id']}", row["rule"]): row for row in status},
        {(row["rule"], row["subject"]) for row in findings if row["rule"] in limits},
        called("explain", "jr", home=home),
        asked,
        called("report", "weekly", home=home),
    )


def test_what_is_late_under_the_national_table_is_found_and_nothing_else(told: Told) -> None:
    assert told.findings == {
        ("news_2w", "column:dt"),
        ("w3_home_14d", "site:s"),
        ("w3_home_14d", "site:n"),
        ("column_cycle", "column:zt"),
        ("mailbox_list_2m", "mailbox:xx"),
    }


def test_a_home_page_tells_its_newest_link_and_a_navigation_page_that_of_its_columns(
    told: Told,
) -> None:
    home, nav = (told.status[(f"site:{id_}", "w3_home_14d")] for id_ in ("s", "n"))
    assert (home["verdict"], home["newest"], home["days_over"]) == ("overdue", str(ago(15)), 1)
    assert (nav["verdict"], nav["newest"], nav["days_over"]) == ("overdue", str(ago(31)), 17)
    assert nav["reason"].startswith("首页仅为导航入口，检查1个栏目；")


def test_an_entry_is_told_as_the_column_it_shows_and_never_asked_for(told: Told) -> None:
    row = told.status["column:jr", "news_2w"]
    assert (row["verdict"], row["newest"]) == ("overdue", str(ago(15)))
    assert row["reason"].startswith("沿用“动态”的判定：最近更新")
    assert "/jr.html" not in told.asked
    assert "一、查看：本栏目转到栏目 dt，不单独查看，沿用其判定。" in told.entry.out


def test_a_column_s_own_cycle_is_its_limit(told: Told) -> None:
    row = told.status["column:zt", "column_cycle"]
    assert (row["due"], row["days_over"]) == (str(ago(1)), 1)
    assert "时限30天" in row["reason"]


def test_the_weekly_report_of_such_a_day_adds_up(told: Told) -> None:
    assert told.report.code == 0, told.report.err
