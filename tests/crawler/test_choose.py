"""Every saved list, feed and mailbox page reads as its reviewed expectation says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checks.facts import Item, Outcome
from crawler.readers.choose import READERS, newest_of, read_list, read_page
from crawler.readers.page import Page

PAGES = Path(__file__).parents[1] / "pages"
KINDS = ("list", "home", "feed", "letters")
SAVED = sorted(
    path
    for path in PAGES.glob("*/*")
    if path.suffix != ".json" and path.name.partition("_")[0] in KINDS
)
TODAY = date(2026, 11, 22)
ADDRESS = "https://www.example.gov.cn/lanmu/index.html"


def page(html: str, url: str = ADDRESS, status: int = 200) -> Page:
    return Page(url, f"<!-- synthetic -->{html}".encode(), TODAY, status)


def rows(*days: str) -> str:
    each = (
        f"<li><a href='/a/{n}.html'>关于第{n}号事项的通知</a><span>{day}</span></li>"
        for n, day in enumerate(days)
    )
    return f"<html><body><h2>通知公告</h2><ul>{''.join(each)}</ul></body></html>"


def bare(found: dict[str, Any]) -> dict[str, Any]:
    """What a reading says of the page, without how it was weighed."""
    kept = {key: value for key, value in found.items() if key not in ("why", "conflicts")}
    for item in kept.get("items", []):
        item.pop("why"), item.pop("candidates")
    return kept


@pytest.mark.parametrize("path", SAVED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_saved_page_reads_as_its_reviewed_expectation_says(path: Path) -> None:
    expectation = path.with_suffix(".json")
    known = json.loads(expectation.read_text()) if expectation.exists() else {}
    kind = known.get("kind", path.name.partition("_")[0])
    url = known.get("url", ADDRESS)
    today = date.fromisoformat(known.get("today", TODAY.isoformat()))
    found = bare(read_page(kind, Page(url, path.read_bytes(), today)))
    assert known.get("reviewed", True), (
        f"{expectation.name} is a draft: compare it with the page, then take out reviewed"
    )
    if not known:
        draft = {"kind": kind, "url": url, "today": today.isoformat(), **found}
        expectation.write_text(json.dumps(draft, ensure_ascii=False, indent=2) + "\n")
        pytest.fail(f"wrote {expectation.name}: review it, then run again")
    assert found == {key: known[key] for key in found}
    assert found["outcome"] == path.parent.name


@pytest.mark.parametrize("path", SAVED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_page_made_by_hand_says_so(path: Path) -> None:
    assert b"synthetic" in path.read_bytes()


def test_saved_pages_are_there_for_each_outcome_a_list_can_have() -> None:
    folders = [path.parent.name for path in SAVED]
    assert folders.count("ok") >= 40
    assert all(folders.count(name) >= 3 for name in ("empty", "undated", "unreadable"))


@pytest.mark.parametrize(
    ("file", "reader"),
    [
        ("ok/list_truecms.html", "truecms"),
        ("ok/list_truecms_inside.html", "truecms"),
        ("ok/list_jpage.html", "jpage"),
        ("ok/list_trs.html", "trs"),
        ("ok/feed_rss.xml", "feed"),
        ("ok/feed_json.json_feed", "feed"),
        ("ok/feed_weibo.json_answer", "weibo"),
        ("unreadable/list_script_only.html", "rows"),
    ],
)
def test_the_reader_is_chosen_by_what_the_page_contains(file: str, reader: str) -> None:
    assert read_list(Page(ADDRESS, (PAGES / file).read_bytes(), TODAY)).reader == reader


def test_a_reader_can_be_named_by_the_register() -> None:
    names = {reader.name for reader in READERS}
    assert {"rows", "home", "truecms", "jpage", "jpaas", "feed"} <= names
    assert read_list(page(rows("2026-11-20", "2026-11-18")), "truecms").outcome is (
        Outcome.UNREADABLE
    )


def test_the_reason_for_the_reader_is_told_in_chinese() -> None:
    path = PAGES / "ok" / "list_truecms.html"
    reading = read_list(Page(ADDRESS, path.read_bytes(), TODAY))
    assert reading.why == ("页面含 #initData，为 TrueCMS 栏目页；TrueCMS 栏目列表：8条，8条有日期")


def test_an_unknown_reader_is_a_mistake_in_the_register_and_named() -> None:
    with pytest.raises(ValueError, match="dynamo"):
        read_list(page(rows("2026-11-20")), "dynamo")


def test_an_unknown_kind_of_page_is_refused() -> None:
    with pytest.raises(ValueError, match="video"):
        read_page("video", page(""))


def test_what_the_page_turns_out_to_be_comes_before_any_reader() -> None:
    refused = page(rows("2026-11-20", "2026-11-18"), status=403)
    for reader in ("auto", "rows", "truecms", "feed"):
        assert read_list(refused, reader).outcome is Outcome.BLOCKED
    assert read_list(refused).items == ()


def test_fewer_rows_than_the_least_expected_are_unreadable_and_keep_their_items() -> None:
    short = page(rows("2026-11-20", "2026-11-18"))
    assert read_list(short, min_items=2).outcome is Outcome.OK
    reading = read_list(short, min_items=3)
    assert reading.outcome is Outcome.UNREADABLE
    assert len(reading.items) == 2
    assert "少于应有的3条" in reading.why


def test_a_scope_limits_the_search_to_its_part_of_the_page() -> None:
    two = "<div id='a'>{}</div><div id='b'>{}</div>".format(
        rows("2026-11-20", "2026-11-19", "2026-11-18", "2026-11-17"),
        rows("2026-01-05", "2026-01-04"),
    )
    assert len(read_list(page(two), scope="#b").items) == 2
    newest = newest_of(read_list(page(two), scope="#b").items, TODAY)
    assert newest is not None
    assert newest.published_on == date(2026, 1, 5)


@pytest.mark.parametrize("scope", ["#gone", "li["])
def test_a_scope_that_names_nothing_is_unreadable_and_said(scope: str) -> None:
    reading = read_list(page(rows("2026-11-20", "2026-11-19")), scope=scope)
    assert reading.outcome is Outcome.UNREADABLE
    assert scope in reading.why


def test_the_newest_item_is_never_one_of_the_future() -> None:
    days = [date(2026, 12, 1), date(2026, 11, 23), date(2026, 11, 22), date(2026, 1, 1), None]
    items = [Item(str(day), None, day) for day in days]
    newest = newest_of(items, TODAY)
    assert newest is not None
    assert newest.published_on == date(2026, 11, 22)
    assert newest_of(items[:2], TODAY) is None
    assert newest_of([], TODAY) is None


def test_a_list_of_nothing_but_future_days_is_undated() -> None:
    reading = read_list(page(rows("2026-12-01", "2026-12-24")))
    assert reading.outcome is Outcome.UNDATED
    assert [item.published_on for item in reading.items] == [date(2026, 12, 1), date(2026, 12, 24)]


def test_data_that_no_reader_knows_is_unreadable() -> None:
    answer = Page(ADDRESS, b'{"synthetic": 1, "rows": [{"t": "2026-11-20"}]}', TODAY)
    assert read_list(answer).outcome is Outcome.UNREADABLE


def test_an_article_is_told_with_all_dates_that_were_weighed() -> None:
    path = PAGES / "ok" / "article_stale_meta.html"
    found = read_page("article", Page(ADDRESS, path.read_bytes(), TODAY))
    candidates = found["candidates"]
    assert isinstance(candidates, list)
    assert len(candidates) >= 2
    assert set(candidates[0]) == {"date", "date_text", "date_source", "rule"}
    assert {"title", "date", "date_text", "date_source", "source", "outcome"} <= found.keys()
