"""An explanation shows every date of the newest item, and never fails for want of evidence."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.reread import Reread, weigh_again
from checks.facts import DateSource, Item, Outcome, Visit
from storage.evidence import Capture
from storage.ledger import Known, Ledger
from tests.app.run import called
from tests.app.test_bad_input import SETTINGS, UNIT, site
from tests.crawler.server import page, serving
from tests.storage.make import MORNING, capture, last, look, open_ledger

URL = "https://www.example.cn/tzgg/index.html"
ARTICLE = "https://www.example.cn/tzgg/90001.html"
NEWEST = date(2026, 11, 16)
ROW = {"reader": "auto", "selectors": None}
ITEM = Item("关于做好第1项工作的通知", ARTICLE, NEWEST, "2026-11-16", DateSource.LIST)


def list_page(first_date: str = "<span>2026-11-16</span><i>截止时间：2026-12-16</i>") -> bytes:
    rows = (
        f"<li><a href='/tzgg/9000{n}.html'>关于做好第{n}项工作的通知</a>{day}</li>"
        for n, day in enumerate([first_date, *[first_date and "<span>2026-11-01</span>"] * 4], 1)
    )
    html = f"<html><!-- synthetic --><body><ul>{''.join(rows)}</ul></body></html>"
    return html.encode()


ARTICLE_PAGE = (
    "<html><!-- synthetic --><head><meta name='PubDate' content='2026-01-05'>"
    "<title>关于做好第1项工作的通知</title></head><body><h1>关于做好第1项工作的通知</h1>"
    "<p>发布时间：2026-11-16 来源：办公室</p><p>各单位：现就有关事项通知如下。</p></body></html>"
).encode()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path)
    yield opened
    opened.close()


def seen(ledger: Ledger, item: Item, *captures: Capture) -> Visit:
    look(ledger, MORNING, Outcome.OK, item, captures=captures, url=URL, reader="rows")
    return last(ledger, MORNING)


def again(ledger: Ledger, visit: Visit, row: dict[str, str | None] | None = None) -> Reread:
    found = weigh_again(ledger, row or ROW, visit)
    assert found is not None
    return found


def days(found: Reread) -> list[str]:
    return [str(each.on) for each in found.candidates]


def test_the_list_page_is_read_again_with_every_date_of_the_row(ledger: Ledger) -> None:
    found = again(ledger, seen(ledger, ITEM, capture(URL, list_page())))
    assert [(str(each.on), each.rule) for each in found.candidates] == [
        ("2026-11-16", "列表行所示日期"),
        ("2026-12-16", "标为“截止时间”的日期"),
    ]
    assert found.why == "取 2026-11-16（列表行所示日期）；另见 2026-12-16（标为“截止时间”的日期）"
    assert found.origin == f"按现行读取方式重读 {MORNING:%Y-%m-%d} 留存的页面"


def test_a_home_page_is_read_again_as_a_home_page(ledger: Ledger) -> None:
    home = capture("https://www.example.cn/", list_page())
    look(ledger, MORNING, Outcome.OK, ITEM, subject="site:s", captures=[home], url=home.url)
    visit = ledger.histories(["site:s"], MORNING)["site:s"].last
    found = weigh_again(ledger, {"home": home.url}, visit) if visit else None
    assert found is not None
    assert days(found)[0] == "2026-11-16"
    assert found.origin == f"按现行读取方式重读 {MORNING:%Y-%m-%d} 留存的页面"


def weigh_account(ledger: Ledger, source: str, item: Item, body: str) -> Reread:
    kept = capture(str(item.url), body.encode())
    look(ledger, MORNING, Outcome.OK, item, subject="account:a", captures=[kept], url=kept.url)
    visit = ledger.histories(["account:a"], MORNING)["account:a"].last
    found = weigh_again(ledger, {"source": source}, visit) if visit else None
    assert found is not None
    return found


def test_an_article_that_is_an_account_s_source_is_read_again_as_one(ledger: Ledger) -> None:
    address = "https://mp.weixin.qq.com/s/synthetic"
    item = Item("便民信息", address, date(2026, 11, 11), "1794376800", DateSource.LABEL)
    body = (
        "<html><!-- synthetic --><body class='rich_media'><div id='js_content'>正文</div><script>"
        "var msg_title = '便民信息'; var ct = '1794376800'; var create_time = '1794300000';"
        "</script></body></html>"
    )
    found = weigh_account(ledger, "page", item, body)
    assert days(found) == ["2026-11-11", "2026-11-10"]
    assert found.origin == f"按现行读取方式重读 {MORNING:%Y-%m-%d} 留存的页面"


def test_a_feed_that_is_an_account_s_source_is_read_again_as_one(ledger: Ledger) -> None:
    written = "Tue, 10 Nov 2026 17:40:00 GMT"
    item = Item(
        "便民信息", "https://rss.example.cn/1", date(2026, 11, 11), written, DateSource.FEED
    )
    body = (
        "<!-- synthetic --><rss version='2.0'><channel><title>示例</title><item>"
        f"<title>便民信息</title><link>{item.url}</link><pubDate>{written}</pubDate>"
        "</item></channel></rss>"
    )
    for source in ("feed", "page"):
        assert days(weigh_account(ledger, source, item, body)) == ["2026-11-11"]


def test_selectors_of_the_register_are_followed(ledger: Ledger) -> None:
    visit = seen(ledger, ITEM, capture(URL, list_page()))
    found = again(ledger, visit, {"reader": "auto", "selectors": "row=li; date=i"})
    assert days(found) == ["2026-12-16", "2026-11-16"]
    assert "与当时认定的 2026-11-16 不同" in found.origin


def test_an_item_dated_by_its_article_shows_the_articles_dates(ledger: Ledger) -> None:
    item = replace(ITEM, date_text="2026-11-16", date_source=DateSource.LABEL)
    captures = [capture(URL, list_page("")), capture(ARTICLE, ARTICLE_PAGE)]
    found = again(ledger, seen(ledger, item, *captures))
    assert days(found) == ["2026-11-16", "2026-01-05"]
    assert found.candidates[0].source is DateSource.LABEL
    assert found.why == "日期取自标题旁的发布日期"
    assert "列表中该条没有日期；重读" in found.origin


def test_an_article_looked_at_on_an_earlier_visit_is_found_again(ledger: Ledger) -> None:
    item = replace(ITEM, date_source=DateSource.LABEL)
    seen(ledger, item, capture(URL, list_page("")), capture(ARTICLE, ARTICLE_PAGE))
    later = MORNING + timedelta(days=1)
    look(ledger, later, Outcome.OK, item, captures=(capture(URL, list_page(""), later),))
    assert days(again(ledger, last(ledger, later))) == ["2026-11-16", "2026-01-05"]


def test_a_304_is_explained_by_the_page_it_confirmed_and_says_so(ledger: Ledger) -> None:
    first = seen(ledger, ITEM, capture(URL, list_page()))
    later = MORNING + timedelta(days=1)
    look(ledger, later, Outcome.OK, unchanged=Known(first.id, URL, '"a"', None))
    found = again(ledger, last(ledger, later))
    assert days(found) == ["2026-11-16", "2026-12-16"]
    assert found.origin.startswith("该次查看时页面未变化；按现行读取方式重读")


def test_the_next_visits_evidence_is_not_taken_for_this_ones(ledger: Ledger) -> None:
    visit = seen(ledger, ITEM, capture(URL, list_page()))
    look(ledger, MORNING + timedelta(days=1), Outcome.OK, ITEM, captures=(capture(URL, b"x"),))
    assert [link.id for link in ledger.evidence_of(visit.id)] == [1]


def test_evidence_that_is_gone_or_damaged_is_said_and_the_ledger_answers(
    ledger: Ledger, tmp_path: Path
) -> None:
    visit = seen(ledger, ITEM, capture(URL, list_page()))
    (warc,) = tmp_path.rglob("*.warc.gz")
    warc.write_bytes(warc.read_bytes()[:-20])
    damaged = again(ledger, visit)
    shutil.rmtree(tmp_path / "evidence")
    gone = again(ledger, visit)
    for found in (damaged, gone):
        assert days(found) == ["2026-11-16"]
        assert found.origin.startswith("证据无法读取：")
        assert found.origin.endswith("以下为台账所记，未能重读")


@pytest.mark.parametrize(
    ("captures", "told"),
    [
        ((), "该次查看没有留存证据"),
        ((capture(URL, b"<html><!-- synthetic -->403</html>"),), "没有找到该条"),
        ((capture(URL, list_page("")),), "其文章页没有留存证据"),
    ],
)
def test_what_the_evidence_cannot_tell_is_said(
    captures: tuple[Capture, ...], told: str, ledger: Ledger
) -> None:
    found = again(ledger, seen(ledger, ITEM, *captures))
    assert told in found.origin
    assert days(found) == ["2026-11-16"]


def test_a_fault_of_the_reader_is_told_and_does_not_end_the_explanation(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    visit = seen(ledger, ITEM, capture(URL, list_page()))
    monkeypatch.setattr("app.reread.read_list", fail)
    assert "重读证据时出错：RuntimeError: boom" in again(ledger, visit).origin


def test_a_visit_without_a_newest_item_has_nothing_to_weigh(ledger: Ledger) -> None:
    look(ledger, MORNING, Outcome.EMPTY, captures=(capture(URL, b"<html></html>"),))
    assert weigh_again(ledger, ROW, last(ledger, MORNING)) is None


def test_the_command_tells_all_dates_in_words_and_as_json(tmp_path: Path) -> None:
    tmp_path.joinpath("settings.toml").write_text(SETTINGS, encoding="utf-8")
    with serving({"/": page("<html>首页 synthetic</html>"), "/dt.html": page(text())}) as server:
        tmp_path.joinpath("inventory.toml").write_text(UNIT + site(server.url), encoding="utf-8")
        assert called("cycle", home=tmp_path).code == 0
    told = called("explain", "dt", home=tmp_path)
    assert told.code == 0, told.err
    assert "1. 2026-11-16，原文“2026-11-16”，列表行所示日期（列表页该行所示日期）" in told.out
    assert "2. 2026-12-16，原文“2026-12-16”，标为“截止时间”的日期" in told.out
    assert "认定理由：取 2026-11-16" in told.out
    document = called("explain", "column:dt", "--format", "json", home=tmp_path).json
    assert [each["date"] for each in document["candidates"]] == ["2026-11-16", "2026-12-16"]
    assert document["item"]["date"] == "2026-11-16"
    assert document["subjects"][0]["id"] == "dt"
    assert called("explain", "dt", "--format", "csv", home=tmp_path).code == 2
    shutil.rmtree(tmp_path / "evidence")
    without = called("explain", "dt", home=tmp_path)
    assert without.code == 0, without.err
    assert "证据无法读取" in without.out


def text() -> str:
    return list_page().decode()
