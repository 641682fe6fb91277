"""The Guangdong catalogue: which column is asked for, and which of its many days is the one."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checks.facts import Outcome
from crawler.readers.choose import read_list
from crawler.readers.page import ListReading, Page

TODAY = date(2026, 11, 22)
DIRECTORY = "https://www.example.gov.cn/sss/gkmlpt/index"
CONFIG = "<script>window._CONFIG = {SID: '758019', TREE: [{'id': 1}]};</script>"
SHELL = f"<html><div id='app'></div>{CONFIG}<script src='/sss/gkmlpt/app.js'></script></html>"
SERVICE = "https://www.example.gov.cn/sss/gkmlpt/api/all/21023?page=1&sid=758019"
MARCH = 1773100800  # 2026-03-10 08:00 in Shanghai
NOVEMBER = 1795190400


def read(body: str, url: str = f"{DIRECTORY}#21023", reader: str = "auto") -> ListReading:
    return read_list(Page(url, f"<!-- synthetic -->{body}".encode(), TODAY), reader)


def article(**fields: object) -> dict[str, object]:
    return {"id": 1, "title": "通知", "url": "/sss/gkmlpt/content/0/1/post_1.html", **fields}


def answer(*articles: dict[str, object], **fields: object) -> ListReading:
    classify = {"id": 21023, "name": "通知公告", "post_count": 726, "jump_url": None}
    body = {"classify": classify, "total": 221, "articles": list(articles), **fields}
    page = Page(f"{DIRECTORY}#21023", json.dumps(body).encode(), TODAY)
    return read_list(page, "gkmlpt")


def days(reading: ListReading) -> list[str]:
    return [str(item.published_on) for item in reading.items]


@pytest.mark.parametrize("fragment", ["#21023", "#/21023"])
def test_the_column_behind_the_address_is_asked_for(fragment: str) -> None:
    reading = read(SHELL, f"{DIRECTORY}{fragment}")
    assert (reading.reader, reading.outcome) == ("gkmlpt", Outcome.UNREADABLE)
    follow = reading.follow
    assert follow is not None
    assert (follow.url, follow.method) == (SERVICE, "GET")
    assert follow.headers == {"Referer": DIRECTORY}


def test_an_address_without_the_column_takes_it_from_the_script() -> None:
    follow = read(SHELL + "<script>var columnId = 21023;</script>", DIRECTORY).follow
    assert follow is not None
    assert follow.url == SERVICE


@pytest.mark.parametrize("more", ["", "<script>a({columnId: 1}); b({columnId: 2});</script>"])
def test_a_column_that_nothing_names_is_not_guessed(more: str) -> None:
    reading = read(SHELL + more, DIRECTORY)
    assert (reading.outcome, reading.follow) == (Outcome.UNREADABLE, None)
    assert "栏目编号" in reading.why


def test_rows_in_the_shell_are_those_of_no_column() -> None:
    side = "".join(f"<li><a href='/{n}.html'>新闻第{n}条</a>2026-01-0{n}</li>" for n in range(1, 5))
    assert read(f"<ul>{side}</ul>{SHELL}").items == ()


def test_an_ordinary_column_that_links_to_the_catalogue_is_not_the_catalogue() -> None:
    rows = "".join(
        f"<li><a href='/zwgk/content/post_{n}.html'>关于第{n}号事项的通知</a>2026-11-0{n}</li>"
        for n in range(1, 5)
    )
    nav = "<a href='/gkmlpt/index'>信息公开目录</a><script>var NFCMS_SITE_ID=1</script>"
    reading = read(f"{nav}<ul>{rows}</ul>", "https://www.example.gov.cn/zwgk/tzgg/index.html")
    assert reading.reader != "gkmlpt"
    assert len(reading.items) == 4


def test_days_of_drafting_and_storing_are_never_taken() -> None:
    late = {"date": NOVEMBER, "created_at": "2026-11-21 23:11:05", "updated_at": "2026-11-21"}
    reading = answer(article(create_time=MARCH, **late), article(create_time=None, **late))
    assert days(reading) == ["2026-03-10", "None"]


@pytest.mark.parametrize("name", ["display_publish_time", "first_publish_time"])
def test_without_the_day_shown_the_day_beside_it_counts(name: str) -> None:
    assert days(answer(article(create_time=0, **{name: MARCH}))) == ["2026-03-10"]


def test_a_day_that_another_contradicts_is_left_open_with_both_as_written() -> None:
    reading = answer(article(create_time=NOVEMBER, display_publish_time=MARCH))
    assert reading.outcome is Outcome.UNDATED
    assert reading.items[0].date_text == f"{NOVEMBER} / {MARCH}"
    near = answer(article(create_time=MARCH + 86_400, display_publish_time=MARCH))
    assert days(near) == ["2026-03-11"]


def test_imported_articles_keep_the_day_they_show() -> None:
    reading = answer(article(create_time=MARCH, first_publish_time=NOVEMBER))
    assert days(reading) == ["2026-03-10"]


def test_a_link_to_another_host_is_still_an_item() -> None:
    item = article(type="url", url="https://www.example.com/a.html", post_url="", create_time=MARCH)
    assert answer(item).items[0].url == "https://www.example.com/a.html"


def test_a_total_below_the_count_of_the_column_is_normal() -> None:
    reading = answer(article(create_time=MARCH), total=1)
    assert (reading.outcome, reading.total) == (Outcome.OK, 1)


@pytest.mark.parametrize(
    ("total", "post_count", "outcome"),
    [(0, 0, Outcome.EMPTY), (0, 726, Outcome.UNREADABLE), (221, 726, Outcome.UNREADABLE)],
)
def test_an_empty_answer_is_an_empty_column_only_where_all_counts_say_so(
    total: int, post_count: int, outcome: Outcome
) -> None:
    classify = {"id": 21023, "post_count": post_count, "jump_url": ""}
    assert answer(classify=classify, total=total).outcome is outcome


def test_a_column_that_moved_is_unreadable_and_says_where() -> None:
    moved = {"id": 21023, "post_count": 3, "jump_url": "http://www.example.gov.cn/tzgg/"}
    reading = answer(article(create_time=MARCH), classify=moved)
    assert (reading.outcome, reading.items) == (Outcome.UNREADABLE, ())
    assert "http://www.example.gov.cn/tzgg/" in reading.why


def test_the_answer_for_another_column_is_not_this_column() -> None:
    other = {"id": 21024, "post_count": 3}
    reading = answer(article(create_time=MARCH), classify=other)
    assert (reading.outcome, reading.items) == (Outcome.UNREADABLE, ())


@pytest.mark.parametrize("body", ['{"articles": null}', '{"message": "x", "code": 404}', "[]"])
def test_an_answer_without_articles_is_unreadable(body: str) -> None:
    reading = read_list(Page(f"{DIRECTORY}#21023", body.encode(), TODAY), "gkmlpt")
    assert reading.outcome is Outcome.UNREADABLE
