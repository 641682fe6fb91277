"""Which visits of a day look for the duties of pages, and how many pages that takes. Synthetic."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from crawler.jobs import Job
from crawler.sampling import COLUMNS_A_DAY, Mark, columns_of_day, marked, marks_of
from storage.inventory import Inventory, validate
from storage.ledger import Known

DAY = date(2026, 11, 23)
ROOT = "https://www.shili.gov.cn"
PAGES = frozenset({"mark", "tag"})
SITE = {"id": "s", "name": "门户", "home": f"{ROOT}/", "unit": "u"}


def column(name: str, url: str = "", **known: Any) -> dict[str, Any]:
    told = {"id": name, "site": "s", "name": name, "class": "news", "unit": "u"}
    return {**told, "url": url or f"{ROOT}/{name}/", **known}


def register(*columns: dict[str, Any], **more: list[dict[str, Any]]) -> Inventory:
    unit = {"id": "u", "name": "政府办"}
    return validate({"unit": [unit], "site": [SITE], "column": [*columns], **more}, "x")


MANY = [column(f"c{n}") for n in range(30)]


def test_four_columns_have_their_turn_on_a_day_and_always_the_same() -> None:
    turn = columns_of_day(MANY, SITE, DAY)
    assert len(turn) == len(set(turn)) == COLUMNS_A_DAY == 4
    assert columns_of_day(MANY[::-1], SITE, DAY) == turn


def test_in_eight_days_thirty_columns_have_their_turn() -> None:
    days = [DAY + timedelta(days=n) for n in range(8)]
    turns = [set(columns_of_day(MANY, SITE, day)) for day in days]
    assert set.union(*turns) == {f"c{n}" for n in range(30)}
    assert not turns[0] & turns[1]


def test_a_site_with_few_columns_shows_them_all_each_day() -> None:
    assert sorted(columns_of_day(MANY[:3], SITE, DAY)) == ["c0", "c1", "c2"]
    assert columns_of_day([], SITE, DAY) == ()


def test_a_feed_or_a_list_on_another_host_shows_no_page_of_the_site() -> None:
    rows = [
        column("own"),
        column("plain", "http://shili.gov.cn/plain/"),
        column("feed", reader="feed"),
        column("unit", "https://zjj.shili.gov.cn/news/"),
    ]
    assert sorted(columns_of_day(rows, SITE, DAY)) == ["own", "plain"]


def test_home_columns_and_mailboxes_are_marked_for_what_is_asked() -> None:
    box = {"id": "m", "site": "s", "name": "市长信箱", "url": f"{ROOT}/m/", "unit": "u"}
    boxes = [{**box, "form": f"{ROOT}/w/"}, {**box, "id": "x", "name": "网上信访"}]
    known = register(column("a"), mailbox=boxes)
    asks = {"site": "site:s", "home": f"{ROOT}/"}
    pages = {"site:s": Mark(("page",), asks), "column:a": Mark(("page",), asks, 1)}
    channel = {"mailbox:m": Mark(("channel",), {"form": f"{ROOT}/w/"}, 1)}
    assert marks_of(known, DAY, PAGES) == pages
    assert marks_of(known, DAY, frozenset({"channel"})) == channel
    assert marks_of(known, DAY, PAGES | {"channel"}) == {**pages, **channel}
    assert marks_of(known, DAY, frozenset({"tls", "guides"})) == {}


def test_a_page_to_be_read_is_not_asked_for_conditionally() -> None:
    known = Known(1, f"{ROOT}/a/", '"v1"', None)
    jobs = [Job(f"column:{name}", f"{ROOT}/{name}/", known=known) for name in "ab"]
    a, b = marked(jobs, {"column:a": Mark(("page",), {"home": ROOT}, 1)})
    assert (a.known, a.notes, a.asks, a.requests) == (None, ("page",), {"home": ROOT}, 2)
    assert b == jobs[1]
