"""Accounts: how each stands, by what it is known and until which day, how often it posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from app.home import Home
from app.measure_views import measures_sheet
from app.measuring import measure_accounts
from app.web import snapshot
from checks.facts import DateSource, Item, Method, Outcome
from storage.inventory import read_toml
from storage.ledger import Sighting
from tests.app.life import REGISTER, Life, begin
from tests.app.web.visiting import Visit, enter_people, rows_of, visiting
from tests.checks.make import at

HOSTILE = "<script>alert(1)</script>"
ACCOUNTS = "".join(
    f'[[account]]\nid = "{id_}"\nplatform = "{platform}"\nname = "{name}"\nunit = "{unit}"\n'
    f'source = "{source}"\nurl = "https://posts.example/{id_}"\n'
    for id_, platform, name, unit, source in (
        ("wx", "wechat", "示例发布", "zfb", "csv"),
        ("wb", "weibo", "示例微博", "zfb", "feed"),
        ("dy", "douyin", "示例抖音", "zfb", "manual"),
        ("jy", "wechat", "示例教育", "jyj", "feed"),
        ("ks", "kuaishou", "示例快手", "zfb", "feed"),
    )
)
FIRST = date(2026, 11, 1)


def bring(life: Life, of: str, on: str, *days: str, **how: Any) -> None:
    """What was seen, or brought, of an account at nine in the morning of `on`."""
    items = tuple(
        Item(
            f"{each}要闻{HOSTILE}",
            f"https://p.example/{of}/{each}",
            _day(each),
            each,
            DateSource.API,
        )
        for each in days
    )
    seen = Sighting(f"account:{of}", at(on), how.pop("outcome", Outcome.OK), items=items, **how)
    life.ledger.bring(seen)


def _day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    with pytest.MonkeyPatch.context() as patch:
        life = next(begin(Home(tmp_path_factory.mktemp("accounts")), patch, "2026-11-22"))
        patch.setattr(snapshot, "now", lambda: life.at)
        register = read_toml(REGISTER + ACCOUNTS, "synthetic")
        life.ledger.load_inventory(register, life.at - timedelta(hours=20))
        enter_people(life.ledger)
        export = {"method": Method.EXPORT, "by": "王科员", "shown_to": _day("11-20")}
        bring(life, "wx", "11-21", "11-18", "11-11", "11-02", **export, note="导出.xlsx")
        bring(life, "wb", "10-15", "10-14")
        bring(life, "wb", "11-22", "11-04", "10-20", "10-14")
        entry = {"method": Method.MANUAL, "by": f"李科员{HOSTILE}", "shown_to": _day("11-21")}
        bring(life, "dy", "11-21", "11-21", **entry, note="截图")
        bring(life, "jy", "11-22", "11-20")
        bring(life, "ks", "11-22", outcome=Outcome.BLOCKED, note="需要验证码")
        yield life
        life.ledger.close()


@pytest.fixture(scope="module")
def clerk(life: Life) -> Iterator[Visit]:
    with visiting(life.home, life.ledger, "clerk") as visit:
        yield visit


def test_every_account_stands_with_its_verdict_and_how_it_is_known(clerk: Visit) -> None:
    rows = rows_of(clerk.get("/accounts"), "table.accounts")
    assert [row[:8] for row in rows] == [
        [
            "示例微博",
            "微博",
            "示例办公室",
            "超期",
            "超4天",
            "2026-11-04",
            "订阅源",
            "自动查看 2026-11-22 09:00，正常读取",
        ],
        [
            "示例快手",
            "快手",
            "示例办公室",
            "未判定",
            "",
            "",
            "订阅源",
            "自动查看 2026-11-22 09:00，被防火墙或验证页面拦截（需要验证码）",
        ],
        [
            "示例发布",
            "微信公众号",
            "示例办公室",
            "正常",
            "剩10天",
            "2026-11-18",
            "后台导出",
            "后台导出，王科员，反映到 2026-11-20",
        ],
        [
            "示例教育",
            "微信公众号",
            "示例教育局",
            "正常",
            "剩12天",
            "2026-11-20",
            "订阅源",
            "自动查看 2026-11-22 09:00，正常读取",
        ],
        [
            "示例抖音",
            "抖音",
            "示例办公室",
            "正常",
            "剩13天",
            "2026-11-21",
            "人工登记",
            f"人工登记，李科员{HOSTILE}，反映到 2026-11-21",
        ],
    ]


def test_the_measures_are_those_of_the_command(life: Life, clerk: Visit) -> None:
    for asked, period in (("", None), ("?period=2026-11", "2026-11")):
        told = measures_sheet(measure_accounts(life.ledger, period, date(2026, 11, 22))).told
        assert told is not None
        known = {
            row["name"]: [str(row[field]) for field in ("posts", "per_week", "longest_gap")]
            for row in told
        }
        rows = rows_of(clerk.get(f"/accounts{asked}"), "table.accounts")
        assert {row[0]: row[8:] for row in rows} == known
    assert known["示例微博"] == ["1", "0.3", "18"]  # all of November is known: one post
    assert known["示例快手"] == ["—", "—", "—"]  # not seen is not the same as not posted


def test_accounts_are_chosen_by_unit_platform_and_verdict(clerk: Visit) -> None:
    def names(query: str) -> list[str]:
        return [row[0] for row in rows_of(clerk.get(f"/accounts?{query}"), "table.accounts")]

    assert names("unit=jyj") == ["示例教育"]
    assert names("platform=wechat") == ["示例发布", "示例教育"]
    assert names("verdict=overdue") == ["示例微博"]
    assert names("verdict=%3Cb%3E") == ["没有符合条件的账号。"]


def test_a_wrong_period_is_the_usual_with_a_word(clerk: Visit) -> None:
    for path in ("/accounts", "/accounts/wb"):
        for wrong in ("2027", "2026Q9", "x"):
            page = clerk.get(f"{path}?period={wrong}")
            assert [each.get_text()[:12] for each in page.select("p.fault")] == [
                "地址中的期间无法识别或尚"[:12]
            ]
            assert "2026-10-24 至 2026-11-22" in page.get_text()


def test_one_account_tells_verdicts_source_measures_posts_and_looks(clerk: Visit) -> None:
    page = clerk.get("/accounts/wx?period=2026-11")
    assert page.select("h1")[0].get_text() == "示例发布"
    assert [way.get_text() for way in page.select("ul.ways li")] == [
        "后台导出，王科员，反映到 2026-11-20"
    ]
    heads = [head.get_text() for head in page.select("table.measures th")]
    assert heads[:5] == ["最近发布", "发布数", "周均", "最长间隔（天）", "间隔起止"]
    (measured,) = rows_of(page, "table.measures")
    assert measured[:2] == ["2026-11-18", "3"]
    assert measured[-1].startswith("仅掌握")
    assert f"11-18要闻{HOSTILE}" in page.get_text()
    assert "王科员" in page.get_text()
    assert "alert(1)" not in "".join(script.get_text() for script in page.select("script"))


def test_a_viewer_sees_the_accounts_of_their_own_unit_alone(life: Life) -> None:
    with visiting(life.home, life.ledger, "viewer") as visit:
        page = visit.get("/accounts?unit=zfb")
        assert [row[0] for row in rows_of(page, "table.accounts")] == ["示例教育"]
        assert "示例办公室" not in page.get_text()
        assert [visit.status(f"/accounts/{name}") for name in ("jy", "wx", "no")] == [200, 404, 404]
