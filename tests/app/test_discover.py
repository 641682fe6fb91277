"""`xunjian discover` on the demo county: which of its columns are found, and as what."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.columns import Column
from app.demo.plan import make_plan
from app.demo.portal import Portal
from checks.calendar import load_calendar
from checks.freshness import local_day
from crawler.readers.discovery.addresses import is_article_address
from storage.clock import now
from storage.inventory import Inventory, read_toml
from tests.app.run import Ran, called, xunjian
from tests.hang import no_hang

LOCAL = {
    "XUNJIAN_CRAWL__ALLOW_PRIVATE_NETWORKS": '["127.0.0.0/8"]',
    "XUNJIAN_CRAWL__DELAY_SECONDS": "0",
    "XUNJIAN_CRAWL__TIMEOUT_SECONDS": "2",
}
# Not seen, with a name that speaks for no class and neighbours of many classes.
UNDECIDED = {"qxz-qxwl", "lwz-lwms"}


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with Portal(make_plan(local_day(now()), load_calendar(), with_vetoes=False)) as running:
        yield running


@pytest.fixture(scope="module")
def found(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    home = tmp_path_factory.mktemp("discover")
    with no_hang():
        return called(
            "discover",
            portal.base_urls["portal"] + "/",
            "--out",
            str(home / "draft.toml"),
            "--format",
            "json",
            home=home,
            **LOCAL,
        )


@pytest.fixture(scope="module")
def draft(found: Ran) -> Inventory:
    """The file that was written, read as `inventory validate` reads it."""
    assert found.code == 0, found.err
    path = next(line for line in found.err.splitlines() if "草稿已写入" in line)
    text = Path(path.removeprefix("草稿已写入 ").removesuffix("。")).read_text(encoding="utf-8")
    assert text.count("\n# 把握：") == text.count("\n[[column]]") + text.count("\n[[mailbox]]")
    return read_toml(text, "draft.toml")


@pytest.fixture(scope="module")
def planted(portal: Portal) -> dict[str, Column]:
    """The true columns by address."""
    return {portal.base_urls[c.host] + c.path: c for c in portal.plan.columns}


def test_every_column_is_found_and_nothing_else_is_called_one(
    draft: Inventory, planted: dict[str, Column]
) -> None:
    addresses = [row["url"] for row in draft["column"]]
    assert len(addresses) == len(set(addresses)) == 57
    assert set(addresses) == set(planted)
    assert not any(is_article_address(url) for url in addresses)


def test_55_of_57_classes_are_right_and_the_other_two_are_left_open(
    draft: Inventory, planted: dict[str, Column]
) -> None:
    wrong = {
        planted[row["url"]].id: row["class"]
        for row in draft["column"]
        if row["class"] != planted[row["url"]].column_class
    }
    assert wrong == dict.fromkeys(UNDECIDED, "other")


def test_columns_bear_the_names_and_the_order_of_the_navigation(
    draft: Inventory, planted: dict[str, Column]
) -> None:
    rows = draft["column"]
    assert [row["name"] for row in rows] == [planted[row["url"]].name for row in rows]
    hosts = list(dict.fromkeys(planted[row["url"]].host for row in rows))
    assert hosts == ["portal", "fgw", "jyj", "town"]
    first = [row["name"] for row in rows[:7]]
    assert first == [
        "政务要闻",
        "部门动态",
        "镇街动态",
        "民生资讯",
        "卫生健康动态",
        "民政工作动态",
        "教育动态",
    ]


def test_figures_tell_what_was_seen_and_low_is_what_was_not(
    found: Ran, planted: dict[str, Column]
) -> None:
    rows = {planted[row["url"]].id: row for row in found.json["columns"]}
    for column_id, row in rows.items():
        expected = planted[row["url"]].expected
        if row["newest"] is not None and planted[row["url"]].fault != "pinned_apart":
            assert (column_id, row["newest"]) == (column_id, str(expected.newest))
        assert (column_id, row["confidence"] == "低") == (column_id, not expected.outcome.seen)
    assert sum(row["confidence"] == "低" for row in rows.values()) == 11
    assert rows["portal-zwyw"]["confidence"] == "高"
    assert rows["jyj-zxdt"]["outcome"] == "unreadable"


def test_sites_mailboxes_and_accounts_are_found(draft: Inventory, portal: Portal) -> None:
    plan = portal.plan
    codes = {site.code for site in plan.sites if site.id != "lyw"}
    assert {row["code"] for row in draft["site"]} == codes
    assert [row["portal"] for row in draft["site"]] == [True, False, False, False]
    boxes = {row["name"]: row["url"] for row in draft["mailbox"]}
    # What has no page, as a hotline known by its exports, no navigation shows.
    shown = [box for box in plan.mailboxes if box.path]
    assert boxes == {box.name: portal.base_urls[box.host] + box.path for box in shown}
    accounts = {(row["platform"], row["name"]) for row in draft["account"]}
    assert accounts == {(account.platform, account.name) for account in plan.accounts}


def test_every_row_waits_for_its_unit(draft: Inventory) -> None:
    assert [row["id"] for row in draft["unit"]] == ["todo"]
    for kind in ("site", "column", "mailbox", "account"):
        assert {row["unit"] for row in draft[kind]} == {"todo"}


def test_what_was_not_listed_is_told(found: Ran) -> None:
    assert [row["name"] for row in found.json["unlisted"]] == ["云岚文化旅游网"]
    assert "栏目 57 个，信箱 2 个，新媒体账号 24 个" in found.err


def test_the_walk_is_polite_and_bounded(found: Ran, portal: Portal) -> None:
    assert found.code == 0
    asked = [seen for seen in portal.requests if seen.path != "/robots.txt"]
    assert found.json["pages"] == 90
    assert not any(seen.path.startswith("/zwgk/nbxx/") for seen in asked)
    assert not any("/content/" in seen.path or "/art/" in seen.path for seen in asked)
    assert {seen.user_agent.partition("/")[0] for seen in asked} == {"xunjian"}


def test_few_pages_give_a_small_draft_that_says_it_was_cut(portal: Portal, tmp_path: Path) -> None:
    url = portal.base_urls["portal"] + "/"
    ran = called("discover", url, "--max-pages", "6", home=tmp_path, **LOCAL)
    assert ran.code == 0, ran.err
    assert "# 达到页数上限" in ran.out
    assert len(tomllib.loads(ran.out)["unit"]) == 1
    assert list(tmp_path.iterdir()) == []


def test_nothing_seen_is_exit_code_3(portal: Portal, tmp_path: Path) -> None:
    refused = {**LOCAL, "XUNJIAN_CRAWL__ALLOW_PRIVATE_NETWORKS": "[]"}
    ran = called("discover", portal.base_urls["portal"] + "/", home=tmp_path, **refused)
    assert (ran.code, ran.out) == (3, "")
    assert "内部网络" in ran.err


@pytest.mark.parametrize("url", ["www.example.gov.cn", "ftp://www.example.gov.cn/", "x y"])
def test_an_address_that_is_none_is_a_usage_error(url: str, tmp_path: Path) -> None:
    ran = called("discover", url, home=tmp_path)
    assert ran.code == 2
    assert ran.out == ""


def test_an_existing_file_is_never_overwritten_unasked(tmp_path: Path) -> None:
    kept = tmp_path / "inventory.toml"
    kept.write_text("# mine", encoding="utf-8")
    ran = called("discover", "http://127.0.0.1:9/", "--out", str(kept), home=tmp_path)
    assert ran.code == 2
    assert kept.read_text(encoding="utf-8") == "# mine"
    ran = xunjian("discover", "http://127.0.0.1:9/", "--out", str(tmp_path / "no" / "x"))
    assert ran.code == 2


def test_the_table_shows_the_columns(portal: Portal, tmp_path: Path) -> None:
    options = ("--max-pages", "12", "--format", "table")
    ran = called("discover", portal.base_urls["town"] + "/", *options, home=tmp_path, **LOCAL)
    assert ran.code == 0, ran.err
    assert "青溪镇动态" in ran.out
    assert "把握" in ran.out
