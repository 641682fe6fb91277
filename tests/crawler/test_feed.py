"""Feeds: whose date counts, in which zone, and what a hostile feed may cost."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checks.facts import DateSource, Outcome
from crawler.readers.choose import newest_of
from crawler.readers.feed import read_feed
from crawler.readers.page import ListReading, Page
from tests.hang import no_hang

TODAY = date(2026, 11, 22)
ADDRESS = "https://rss.example.gov.cn/feeds/all.rss"
CHANNEL = "<lastBuildDate>Sun, 22 Nov 2026 01:00:00 GMT</lastBuildDate>"


def read(text: str, status: int = 200) -> ListReading:
    return read_feed(Page(ADDRESS, text.encode(), TODAY, status))


def rss(*items: str, channel: str = CHANNEL) -> str:
    return (
        f"<!-- synthetic --><rss version='2.0'><channel>{channel}{''.join(items)}</channel></rss>"
    )


def item(published: str, title: str = "便民服务信息", tag: str = "pubDate") -> str:
    link = "<link>https://mp.weixin.qq.com/s/x</link>"
    return f"<item><title>{title}</title>{link}<{tag}>{published}</{tag}></item>"


def weibo(*created: str, **fields: object) -> str:
    cards = [
        {"mblog": {"id": str(n), "text": "信息", "created_at": c}} for n, c in enumerate(created)
    ]
    return json.dumps({"ok": 1, "data": {"cards": cards}, **fields})


def days(reading: ListReading) -> list[str]:
    return [str(each.published_on) for each in reading.items]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Thu, 19 Nov 2026 15:59:59 GMT", "2026-11-19"),
        ("Thu, 19 Nov 2026 16:00:00 GMT", "2026-11-20"),
        ("Thu, 19 Nov 2026 23:30:00 +0800", "2026-11-19"),
        ("2026-11-19T17:40:00Z", "2026-11-20"),
        ("2026-11-19 23:40:00", "2026-11-19"),
        ("2026年11月19日", "2026-11-19"),
        ("sometime", "None"),
    ],
)
def test_an_instant_becomes_its_day_in_shanghai(written: str, day: str) -> None:
    reading = read(rss(item(written)))
    assert days(reading) == [day]
    assert reading.items[0].date_text == written
    assert reading.items[0].date_source is (DateSource.FEED if day != "None" else None)


def test_the_date_of_the_channel_is_never_the_date_of_a_post() -> None:
    reading = read(rss("<item><title>没有日期的条目</title></item>"))
    assert reading.outcome is Outcome.UNDATED
    assert days(reading) == ["None"]


def test_a_date_of_the_dublin_core_counts_as_the_post_s_own() -> None:
    namespace = "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
    text = rss(item("2026-11-18T09:00:00+08:00", tag="dc:date"))
    assert days(read(text.replace("<rss version='2.0'>", namespace))) == ["2026-11-18"]


def test_a_json_feed_may_know_only_when_a_post_was_modified() -> None:
    entries = [
        {"title": "甲", "url": "https://a.example/1", "date_modified": "2026-11-08T18:20:00Z"},
        {"title": "乙", "url": "javascript:1", "date_published": "2026-11-01T00:00:00+08:00"},
    ]
    reading = read(json.dumps({"version": "https://jsonfeed.org/version/1", "items": entries}))
    assert days(reading) == ["2026-11-09", "2026-11-01"]
    assert [each.url for each in reading.items] == ["https://a.example/1", None]


def test_both_spellings_of_weibo_are_read_and_the_pinned_post_is_not_the_newest() -> None:
    reading = read(
        weibo("Sat Dec 23 17:12:54 +0800 2023", "Tue Nov 17 23:59:00 +0800 2026", "2小时前")
    )
    assert days(reading) == ["2023-12-23", "2026-11-17", "2026-11-22"]
    assert {each.date_source for each in reading.items} == {DateSource.API}
    newest = newest_of(reading.items, TODAY)
    assert newest is not None
    assert newest.url == "https://m.weibo.cn/detail/2"


@pytest.mark.parametrize("ok", [0, False, None, -100])
def test_weibo_refusing_is_blocked_and_says_nothing_of_the_account(ok: object) -> None:
    reading = read(json.dumps({"ok": ok, "msg": "请求过于频繁"}) if ok != -100 else '{"ok": 0}')
    assert (reading.outcome, reading.items) == (Outcome.BLOCKED, ())


@pytest.mark.parametrize(
    "text",
    [
        rss(),
        weibo(),
        '{"version": "https://jsonfeed.org/version/1", "items": []}',
        '{"error": "not found"}',
        "{",
        "不存在该feed！",
        "<!doctype html><html><body>" + "<p>欢迎使用订阅服务</p>" * 90,
    ],
)
def test_what_holds_no_posts_proves_nothing_about_the_account(text: str) -> None:
    reading = read(text)
    assert (reading.outcome, reading.items) == (Outcome.UNREADABLE, ())


def test_a_firewall_page_in_place_of_a_feed_is_named() -> None:
    assert read("<html><title>访问受限</title><body>Forbidden", 403).outcome is Outcome.BLOCKED


def test_markup_in_a_title_stays_words() -> None:
    reading = read(
        rss(item("2026-11-18", "<![CDATA[<b>停水</b>公告<script>x()</script> &amp; 说明]]>"))
    )
    assert "<" not in reading.items[0].title
    assert reading.items[0].title.startswith("停水")


def test_a_feed_cut_off_in_the_middle_keeps_its_whole_entries() -> None:
    text = rss(item("2026-11-18"), item("2026-11-11"), item("2026-11-04"))
    assert days(read(text[: text.rindex("<pubDate>")]))[:2] == ["2026-11-18", "2026-11-11"]


# What a feed can show: up to the day it was built, and only when it was received whole


def atom(entry: str, built: str) -> str:
    return (
        "<feed xmlns='http://www.w3.org/2005/Atom'><!-- synthetic --><title>示例发布</title>"
        f"<updated>{built}</updated><entry><title>信息</title><id>1</id>"
        f"<updated>{entry}</updated></entry></feed>"
    )


@pytest.mark.parametrize(
    ("built", "shown_to"),
    [
        ("Sun, 22 Nov 2026 01:00:00 GMT", None),
        ("Sat, 21 Nov 2026 17:40:00 GMT", None),
        ("Sat, 21 Nov 2026 15:40:00 GMT", "2026-11-21"),
        ("Mon, 02 Nov 2026 08:00:00", "2026-11-02"),
        ("Mon, 02 Mar 2026 08:00:00 GMT", "2026-10-18"),
        ("Mon, 23 Nov 2026 08:00:00 GMT", None),
        ("someday", None),
        ("", None),
    ],
)
def test_a_feed_shows_nothing_later_than_the_day_it_was_built(
    built: str, shown_to: str | None
) -> None:
    wanted = date.fromisoformat(shown_to) if shown_to else None
    for tag in ("lastBuildDate", "pubDate"):
        reading = read(rss(item("2026-10-18"), channel=f"<{tag}>{built}</{tag}>"))
        assert (reading.shown_to, days(reading)) == (wanted, ["2026-10-18"])


def test_the_later_of_a_channel_s_two_days_counts() -> None:
    both = (
        "<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate>"
        "<lastBuildDate>Mon, 09 Nov 2026 08:00:00 GMT</lastBuildDate>"
    )
    assert read(rss(item("2026-10-18"), channel=both)).shown_to == date(2026, 11, 9)


def test_an_atom_feed_s_own_day_is_the_day_it_was_built_and_an_entry_s_its_date() -> None:
    old = read(atom("2026-10-18T17:40:00.000Z", "2026-11-10T17:40:00.000Z"))
    assert (days(old), old.shown_to) == (["2026-10-19"], date(2026, 11, 11))
    assert "订阅源生成于2026-11-11" in old.why
    assert read(atom("2026-10-18T17:40:00.000Z", "2026-11-21T17:40:00.000Z")).shown_to is None


def test_an_entry_later_than_the_channel_s_day_shows_that_it_was_built_since() -> None:
    stale = "<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate>"
    assert read(rss(item("2026-11-22"), channel=stale)).shown_to is None
    assert read(rss(item("2026-12-24"), channel=stale)).shown_to == date(2026, 3, 2)


def test_json_feeds_do_not_say_when_they_were_built() -> None:
    for version in ("1", "1.1"):
        entries = [{"title": "甲", "date_published": "2026-10-18T09:00:00+08:00"}]
        kind = f"https://jsonfeed.org/version/{version}"
        reading = read(json.dumps({"version": kind, "items": entries}))
        assert (days(reading), reading.shown_to, reading.unresolved) == (["2026-10-18"], None, 0)


def test_of_a_feed_that_was_cut_off_the_newest_may_be_missing() -> None:
    whole = rss(item("2026-11-18"), item("2026-11-11"), item("2026-11-04"))
    assert read(whole).unresolved == 0
    # Half a date is another date: 2026-11-04 becomes 2026-11-0, 2026-11-18 the first of November.
    cut = read(whole[: whole.rindex("4</pubDate>")])
    assert (days(cut), cut.unresolved) == (["2026-11-18", "2026-11-11"], 1)
    assert "订阅源不完整" in cut.why
    first = read(whole[: whole.index("8</pubDate>")])
    assert (first.outcome, first.items) == (Outcome.UNREADABLE, ())


def test_behind_the_300th_entry_may_be_a_newer_one_unless_they_run_from_new_to_old() -> None:
    falling = [item("2026-11-18")] * 200 + [item("2026-11-11")] * 200
    assert read(rss(*falling)).unresolved == 0
    assert read(rss(*reversed(falling))).unresolved == 1
    entries = [{"title": "甲", "date_published": "2026-11-11"}] * 301
    late = [*entries, {"title": "乙", "date_published": "2026-11-18"}]
    assert read(json.dumps({"items": late[1:] + late[:1]})).unresolved == 0
    rising = [{"title": "丙", "date_published": "2026-11-01"}, *late]
    assert read(json.dumps({"items": rising})).unresolved == 1


@pytest.mark.parametrize("status", [200, 400])
def test_a_bridge_that_knows_no_such_feed_is_no_firewall(status: int) -> None:
    reading = read("不存在该feed！", status)
    assert (reading.outcome, reading.items) == (Outcome.UNREADABLE, ())
    assert reading.why == "订阅服务提示“不存在该feed”，请核对登记的网址"


@pytest.mark.parametrize(
    ("text", "status", "outcome"),
    [
        ('{"error": {"message": "Error: this route is empty"}}', 200, Outcome.UNREADABLE),
        ('{"error": {"message": "Error: this route is empty"}}', 503, Outcome.UNREACHABLE),
        ("<html><title>Welcome to RSSHub!</title>" + "<p>Looks wrong</p>" * 90, 200, None),
        ("<html><title>Welcome to RSSHub!</title>" + "<p>Looks wrong</p>" * 90, 404, Outcome.GONE),
        ('{"items": [{"title": "甲", "date_published": "2026-11-18"}]}', 503, Outcome.UNREACHABLE),
    ],
)
def test_a_bridge_s_error_is_no_feed_whatever_it_is_written_in(
    text: str, status: int, outcome: Outcome | None
) -> None:
    reading = read(text, status)
    assert (reading.outcome, reading.items) == (outcome or Outcome.UNREADABLE, ())


BOMB = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10 if n else 'ha'}'>" for n in range(12))


@pytest.mark.parametrize(
    "text",
    [
        f"<!DOCTYPE rss [{BOMB}]><rss><channel><item><title>&e11;</title></item></channel></rss>",
        rss(*[item("2026-11-18")] * 30_000),
        rss("<a>" * 700_000),
        rss(item("2026-11-18", "<![CDATA[" + "<p>长文</p>" * 200_000 + "]]>")),
        "{" * 1_000_000,
        '{"items":' + "[" * 1_000_000,
    ],
    ids=["entities", "entries", "nesting", "body", "braces", "brackets"],
)
def test_a_hostile_feed_is_read_to_an_end(text: str) -> None:
    with no_hang():
        reading = read(text)
    assert len(reading.items) <= 300


def test_entities_are_refused_unread() -> None:
    reading = read(f"<!DOCTYPE rss [{BOMB}]>" + rss(item("2026-11-18")))
    assert reading.outcome is Outcome.UNREADABLE
    assert "实体" in reading.why


@pytest.mark.parametrize("text", ["示例\ud83d", "<b>示例\ud83d</b>"])
def test_a_title_cut_in_the_middle_of_a_picture_sign_hides_no_feed(text: str) -> None:
    entry = {"title": text, "url": "https://a.cn/1", "date_published": "2026-11-20"}
    reading = read(json.dumps({"items": [entry]}))
    assert (days(reading), reading.items[0].title) == (["2026-11-20"], "示例?")
    post = {"id": "1", "text": text, "created_at": "11-20"}
    answer = read(json.dumps({"ok": 1, "data": {"cards": [{"mblog": post}]}}))
    assert (days(answer), answer.items[0].title) == (["2026-11-20"], "示例?")
