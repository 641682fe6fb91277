"""Weibo: whose posts count, on which day, and what the account's numbers are. All synthetic."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from checks.facts import Outcome
from crawler.readers.account_name import account_figures
from crawler.readers.feed import read_feed
from crawler.readers.page import ListReading, Page

TODAY = date(2026, 11, 22)
SERVICE = "https://m.weibo.cn/api/container/getIndex"
OWNER, OTHER = 5123456789, 5999999999
ADDRESS = f"{SERVICE}?containerid=107603{OWNER}"
OLD, NEW = "Sat Dec 23 17:12:54 +0800 2023", "Tue Nov 17 23:59:00 +0800 2026"


def post(created: str, author: int | None = OWNER, **fields: Any) -> dict[str, Any]:
    user = {"user": {"id": author, "screen_name": "示例"}} if author else {}
    return {"id": "1", "text": f"信息{created}", "created_at": created, **user, **fields}


def answer(*posts: dict[str, Any], **data: Any) -> str:
    cards = [{"card_type": 9, "mblog": each} for each in posts]
    return json.dumps({"ok": 1, "data": {"cards": cards, **data}})


def read(text: str, url: str = ADDRESS, today: date = TODAY) -> ListReading:
    return read_feed(Page(url, text.encode(), today))


def days(reading: ListReading) -> list[str]:
    return [str(item.published_on) for item in reading.items]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (OLD, "2023-12-23"),
        ("刚刚", "2026-11-22"),
        ("5分钟前", "2026-11-22"),
        ("2小时前", "2026-11-22"),
        ("今天 08:30", "2026-11-22"),
        ("昨天 23:59", "2026-11-21"),
        ("11-20", "2026-11-20"),
        ("1-2 08:30", "2026-01-02"),
        ("12-31", "2025-12-31"),
        ("2025-12-31", "2025-12-31"),
        ("02-30", "None"),
        ("某日", "None"),
    ],
)
def test_every_spelling_of_a_day(written: str, day: str) -> None:
    reading = read(answer(post(written)))
    assert days(reading) == [day]
    assert reading.items[0].date_text == written


def test_the_last_day_of_february_has_no_year_but_a_leap_year() -> None:
    assert days(read(answer(post("02-29")), today=date(2028, 3, 1))) == ["2028-02-29"]
    assert days(read(answer(post("02-29")), today=date(2027, 3, 1))) == ["None"]


PINNED = [{"mblogtype": 2}, {"title": {"text": "置顶"}}, {"isTop": 1}]


@pytest.mark.parametrize("mark", PINNED)
def test_a_pinned_post_on_top_hides_nothing_and_alone_it_may(mark: dict[str, Any]) -> None:
    both = read(answer(post(OLD, **mark), post(NEW)))
    assert (days(both), both.unresolved) == (["2023-12-23", "2026-11-17"], 0)
    alone = read(answer(post(OLD, **mark)))
    assert (alone.outcome, days(alone), alone.unresolved) == (Outcome.OK, ["2023-12-23"], 1)
    assert "只有置顶博文" in alone.why


def test_posts_in_groups_of_cards_are_posts() -> None:
    cards = [{"card_type": 11, "card_group": [{"card_type": 9, "mblog": post(NEW)}]}]
    assert days(read(json.dumps({"ok": 1, "data": {"cards": cards}}))) == ["2026-11-17"]


def test_what_the_account_only_liked_is_no_post_of_its_own() -> None:
    liked = post(NEW, OTHER, title={"text": "他赞过的微博"})
    assert days(read(answer(liked, post(OLD)))) == ["2023-12-23"]
    alone = read(answer(liked))
    assert (alone.outcome, alone.items) == (Outcome.UNREADABLE, ())


def test_what_it_passed_on_with_a_word_of_its_own_is_its_post() -> None:
    forwarded = post(NEW, retweeted_status=post(OLD, OTHER))
    assert days(read(answer(forwarded))) == ["2026-11-17"]


def test_of_what_it_passed_on_as_it_was_nobody_knows_when() -> None:
    suffix = [{"content": "被"}, {"content": "示例"}, {"content": "快转了"}]
    reading = read(answer(post(OLD, OTHER, screen_name_suffix_new=suffix), post(OLD)))
    assert days(reading) == ["None", "2023-12-23"]


def test_the_owner_is_asked_for_named_or_the_only_author() -> None:
    mixed = (post(OLD), post(NEW, OTHER))
    assert days(read(answer(*mixed, userInfo={"id": OWNER}), SERVICE)) == ["2023-12-23"]
    assert days(read(answer(post(OLD), post(NEW)), SERVICE)) == ["2023-12-23", "2026-11-17"]
    assert days(read(answer(post(OLD, None), post(NEW, None)))) == ["2023-12-23", "2026-11-17"]
    nobody = read(answer(*mixed), SERVICE)
    assert (nobody.outcome, nobody.items) == (Outcome.UNREADABLE, ())


@pytest.mark.parametrize(
    "text",
    [
        '{"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}}',
        '{"ok": -100, "url": "https://passport.weibo.com/sso/signin"}',
        '{"ok": false}',
        '{"ok": null, "data": null}',
    ],
)
def test_a_refusal_is_blocked(text: str) -> None:
    assert read(text).outcome is Outcome.BLOCKED


def figures(text: str, url: str = ADDRESS) -> dict[str, int | None] | None:
    return account_figures(Page(url, text.encode(), TODAY))


def test_the_account_s_own_numbers_where_they_are_exact() -> None:
    owner = {"id": OWNER, "followers_count": 120345, "statuses_count": "8021"}
    wanted = {"followers": 120345, "posts": 8021, "comments": None, "replies": None}
    assert figures(answer(userInfo=owner)) == wanted
    assert figures(answer(post(NEW, None, user=owner))) == wanted
    rounded = {**owner, "followers_count": "12.3万"}
    assert figures(answer(userInfo=rounded)) == {**wanted, "followers": None}


@pytest.mark.parametrize(
    "user",
    [
        {"id": OTHER, "followers_count": 7},
        {"id": OWNER, "followers_count": "12.3万"},
        {"id": OWNER, "followers_count": True, "statuses_count": -1},
        {"id": OWNER},
        "x",
    ],
)
def test_the_numbers_of_another_rounded_ones_and_none_are_no_numbers(user: object) -> None:
    assert figures(answer(userInfo=user)) is None


def test_no_feed_and_no_page_tells_numbers() -> None:
    for text in ("<rss></rss>", "{", "[]", '{"items": []}', '{"ok": 0}'):
        assert figures(text) is None
