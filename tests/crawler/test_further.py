"""When a column's further pages are read, and what is believed of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from scrapy import Request

from checks.facts import Item, Outcome, Visit
from checks.freshness import local_day
from crawler.jobs import Job
from crawler.readers.page import Page
from crawler.run import crawl
from crawler.settings import CrawlSection
from crawler.spiders.base import Answer, LookFailedError
from crawler.spiders.columns import ColumnSpider
from crawler.spiders.further import ascends
from storage.clock import now
from storage.evidence import Capture
from storage.ledger import Known, Ledger
from tests.crawler import server

HOST = "http://www.example.gov.cn"
KEY = "column:a"
FIRST = date(2025, 3, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def listing(numbers: Sequence[int], pager: str = "", kind: str = "事项") -> str:
    rows = "".join(
        f"<li><a href='/{kind}/{n}.html'>关于做好第{n}号{kind}的通知</a><span>{day(n)}</span></li>"
        for n in numbers
    )
    return (
        "<html><!-- synthetic --><head><title>通知公告</title></head><body>"
        f"<h2>通知公告</h2><ul class='list'>{rows}</ul>{pager}</body></html>"
    )


def script(pages: int, at: int) -> str:
    return f"<script>createPageHTML({pages}, {at}, 'index', 'html');</script>"


def down(first: int, last: int) -> range:
    """Numbers from new to old, both included."""
    return range(first, last - 1, -1)


class Reading(ColumnSpider):
    """Looks at columns as always, but fetches from a shelf of pages; a missing one is gone."""

    def __init__(self, shelf: dict[str, str], ledger: Ledger, asked: list[str]) -> None:
        super().__init__([], ledger, 0)
        self.shelf = shelf
        self.asked = asked

    async def fetch(self, request: Request) -> Answer:
        self.asked.append(request.url)
        html = self.shelf.get(request.url)
        if html is None:
            raise LookFailedError(Outcome.GONE, "页面不存在（404）")
        at, body = now(), html.encode()
        seen = Page(request.url, body, local_day(at))
        return Answer(seen, Capture(request.url, at, 200, {}, body), 1, "v1", None)


@dataclass
class Portal:
    """A shelf of pages and a ledger; `look` looks at one column once."""

    ledger: Ledger
    shelf: dict[str, str] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def put(self, **pages: str) -> None:
        self.shelf |= {f"{HOST}/a/{name}.html": html for name, html in pages.items()}

    def look(self, scope: dict[str, str] | None = None, known: Known | None = None) -> Visit:
        self.requests.clear()
        spider = Reading(self.shelf, self.ledger, self.requests)
        job = Job(KEY, f"{HOST}/a/index.html", scope=scope, known=known)
        sighting = asyncio.run(spider.look(job))
        self.ledger.record(self.ledger.start_run(1, now()), sighting)
        visit = self.ledger.histories([KEY], now())[KEY].last
        assert visit is not None
        return visit

    @property
    def asked(self) -> list[str]:
        return [url.removeprefix(f"{HOST}/a/") for url in self.requests]

    @property
    def titles(self) -> set[str]:
        return {seen.item.title for seen in self.ledger.items(KEY)}


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    yield Portal(ledger)
    ledger.close()


def items(*days: date | None, apart: int = 0) -> list[Item]:
    return [Item(f"标题{n}", None, on, apart=n < apart) for n, on in enumerate(days)]


@pytest.mark.parametrize(
    ("rows", "rising"),
    [
        (items(day(1), day(2), day(3)), True),
        (items(day(1), day(1), day(2), day(2)), True),
        (items(day(9), day(1), day(2), day(3), day(4), day(5)), True),
        (items(day(1), None, day(2), day(3)), True),
        (items(day(3), day(2), day(1)), False),
        (items(day(1), day(1), day(1)), False),
        (items(day(1), day(2)), False),
        (items(day(1), day(9), day(8), day(7)), False),
        (items(day(5), day(9), day(8), day(7), apart=1), False),
        (items(), False),
    ],
)
def test_a_list_ascends_when_its_days_do_apart_from_rows_pinned_at_its_head(
    rows: list[Item], rising: bool
) -> None:
    assert ascends(rows) is rising


class TestOldestFirst:
    def test_the_last_page_is_read_and_the_one_before_where_it_is_short(
        self, portal: Portal
    ) -> None:
        portal.put(
            index=listing(range(10), script(3, 0)),
            index_1=listing(range(10, 20), script(3, 1)),
            index_2=listing(range(20, 22), script(3, 2)),
        )
        visit = portal.look()
        assert visit.outcome is Outcome.OK
        assert visit.newest == day(21)
        assert visit.unresolved == 0
        assert portal.asked == ["index.html", "index_2.html", "index_1.html"]
        assert visit.item_count == 22
        assert visit.note is not None
        assert "列表由旧到新排列，另读了最后2页" in visit.note
        kept = [link.url for link in portal.ledger.evidence_links()]
        assert [url.rpartition("/")[2] for url in kept] == portal.asked

    def test_an_unchanged_first_page_says_nothing_of_the_last(self, portal: Portal) -> None:
        portal.put(index=listing(range(10), script(2, 0)), index_1=listing(range(10, 13)))
        portal.look()
        assert portal.ledger.known([KEY], now()) == {}
        portal.put(index=listing(down(20, 13)))
        portal.look()
        assert portal.ledger.known([KEY], now())[KEY].etag == "v1"

    def test_a_full_last_page_is_enough(self, portal: Portal) -> None:
        portal.put(index=listing(range(10), script(3, 0)), index_2=listing(range(20, 23)))
        assert portal.look().newest == day(22)
        assert portal.asked == ["index.html", "index_2.html"]

    def test_without_its_last_page_nobody_may_be_called_late(self, portal: Portal) -> None:
        portal.put(index=listing(range(10), script(3, 0)))
        visit = portal.look()
        assert visit.outcome is Outcome.OK
        assert visit.newest == day(9)
        assert visit.unresolved == 1
        assert "未能读到最后一页" in (visit.note or "")

    def test_a_last_page_that_does_not_continue_the_list_is_not_believed(
        self, portal: Portal
    ) -> None:
        portal.put(index=listing(range(5, 10), script(3, 0)), index_2=listing(range(4)))
        visit = portal.look()
        assert (visit.newest, visit.unresolved) == (day(9), 1)
        assert visit.item_count == 5

    def test_a_list_that_stands_whole_on_one_page_leaves_no_doubt(self, portal: Portal) -> None:
        for pager in ("", script(1, 0)):
            portal.put(index=listing(range(6), pager))
            visit = portal.look()
            assert (visit.newest, visit.unresolved) == (day(5), 0)


class TestCatchingUp:
    def test_the_first_look_reads_one_page_only(self, portal: Portal) -> None:
        portal.put(
            index=listing(down(9, 5), script(2, 0)), index_1=listing(down(4, 0), script(2, 1))
        )
        assert portal.look().item_count == 5
        assert portal.asked == ["index.html"]

    def test_a_page_of_new_rows_is_read_on_from_until_one_is_known(self, portal: Portal) -> None:
        portal.put(index=listing(down(4, 0), script(1, 0)))
        portal.look()
        pages = {f"index_{n}": listing(down(24 - 5 * n, 20 - 5 * n), script(9, n)) for n in (1, 2)}
        portal.put(index=listing(down(24, 20), script(9, 0)), **pages)
        portal.put(index_3=listing(down(9, 3), script(9, 3)), index_4=listing(down(2, 0)))
        visit = portal.look()
        assert portal.asked == [f"index{n}.html" for n in ("", "_1", "_2", "_3")]
        assert visit.newest == day(24)
        assert "首页没有以前见过的信息，续读3页" in (visit.note or "")
        assert portal.titles == {f"关于做好第{n}号事项的通知" for n in range(25)}

    def test_one_known_row_is_enough_to_stop(self, portal: Portal) -> None:
        portal.put(index=listing(down(4, 0)))
        portal.look()
        portal.put(index=listing(down(8, 4), script(2, 0)), index_1=listing(down(3, 0)))
        portal.look()
        assert portal.asked == ["index.html"]

    def test_where_the_newest_row_of_the_last_look_still_stands_the_ledger_is_not_asked(
        self, portal: Portal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        portal.put(index=listing(down(4, 0)))
        portal.look()
        known = portal.ledger.known([KEY], now())[KEY]
        portal.put(index=listing(down(8, 4), script(2, 0)), index_1=listing(down(3, 0)))
        for question in ("seen_before", "known_items", "newest_seen"):
            monkeypatch.setattr(Ledger, question, None)
        assert portal.look(known=known).newest == day(8)
        assert portal.asked == ["index.html"]

    def test_no_more_than_four_further_pages_are_read(self, portal: Portal) -> None:
        portal.put(index=listing(down(2, 0)))
        portal.look()
        for n in range(9):
            name = f"index_{n}" if n else "index"
            portal.put(**{name: listing(down(99 - 5 * n, 95 - 5 * n), script(9, n))})
        portal.look()
        assert portal.asked == [f"index{n}.html" for n in ("", "_1", "_2", "_3", "_4")]

    def test_a_page_after_that_is_later_than_the_list_is_another_page(self, portal: Portal) -> None:
        portal.put(index=listing(down(2, 0)))
        portal.look()
        portal.put(index=listing(down(19, 15), script(4, 0)))
        portal.put(index_1=listing(down(90, 80), kind="首页"))
        visit = portal.look()
        assert visit.newest == day(19)
        assert "关于做好第90号首页的通知" not in portal.titles
        assert len(list(portal.ledger.evidence_links())) == 3

    def test_a_page_that_repeats_the_first_ends_the_reading(self, portal: Portal) -> None:
        portal.put(index=listing(down(2, 0)))
        portal.look()
        same = listing(down(19, 15), "<a href='index.html?page=2'>下一页</a>")
        portal.shelf |= {f"{HOST}/a/index.html{query}": same for query in ("", "?page=2")}
        portal.look()
        assert portal.asked == ["index.html", "index.html?page=2"]

    def test_rows_of_the_future_alone_do_not_end_the_first_look(self, portal: Portal) -> None:
        future = listing([19000, 18999, 18998], script(3, 0))
        portal.put(index=future, index_1=listing(down(9, 5), script(3, 1)))
        portal.put(index_2=listing(down(4, 0), script(3, 2)))
        visit = portal.look()
        assert visit.newest == day(9)
        assert portal.asked == ["index.html", "index_1.html"]

    def test_other_hosts_are_never_asked(self, portal: Portal) -> None:
        portal.put(index=listing(down(2, 0)))
        portal.look()
        portal.put(index=listing(down(19, 15), "<a href='http://other.example/2.html'>下一页</a>"))
        assert portal.look().newest == day(19)
        assert portal.asked == ["index.html"]

    def test_a_list_service_is_asked_for_its_next_group(self, portal: Portal) -> None:
        proxy = f"{HOST}/a/truecms/messageController/getMessage.do"
        portal.put(
            index="<html><!-- synthetic --><body><div id='msgList'></div><script>"
            f"$('#msgList').jpage({{proxyUrl:'{proxy}',columnId:'0a1b2c3d-0000'}});</script></body>"
        )

        def group(start: int, end: int) -> str:
            rest = "perpage=10&contentTemplate=&columnId=0a1b2c3d-0000&callback=cb"
            return f"{proxy}?startrecord={start}&endrecord={end}&{rest}"

        portal.shelf |= {group(1, 30): records(down(30, 1), 31), group(31, 31): records([0], 31)}
        portal.look()
        assert portal.requests[1:] == [group(1, 30)]
        portal.shelf |= {group(1, 30): records(down(95, 66), 96)}
        portal.shelf |= {group(31, 60): records(down(65, 36), 96)}
        portal.shelf |= {group(61, 90): records(down(35, 6), 96)}
        assert portal.look().item_count == 90
        assert portal.requests[1:] == [group(1, 30), group(31, 60), group(61, 90)]


def records(numbers: Sequence[int], total: int) -> str:
    rows = "".join(
        f"<record><![CDATA[<li><a href='/x/{n}.html'>关于第{n}号事项的通知</a><span>{day(n)}</span>"
        "</li>]]></record>"
        for n in numbers
    )
    store = (
        f"<datastore><totalrecord>{total}</totalrecord><recordset>{rows}</recordset></datastore>"
    )
    return f'cb({{"result":"{store}"}})'


class TestAnotherList:
    @pytest.mark.parametrize("shown", [down(9, 5), down(1, 0)])
    def test_a_list_of_strangers_older_than_what_was_seen_is_unreadable(
        self, portal: Portal, shown: range
    ) -> None:
        portal.put(index=listing(down(19, 10)))
        portal.look()
        portal.put(index=listing(shown, kind="专题"))
        visit = portal.look()
        assert visit.outcome is Outcome.UNREADABLE
        assert visit.item_count == 0
        assert visit.evidence is not None
        said = f"没有一条是以前见过的，最近一条为{day(shown[0])}，而以前见过{day(19)}的信息"
        assert said in (visit.note or "")
        assert portal.look().outcome is Outcome.UNREADABLE

    def test_strangers_without_dates_are_another_list_too(self, portal: Portal) -> None:
        portal.put(index=listing(down(19, 10)))
        portal.look()
        links = "".join(
            f"<li><a href='/zt/content_100{n}.html'>关于专题活动第{n}期的情况介绍</a></li>"
            for n in range(6)
        )
        portal.put(index=f"<html><!-- synthetic --><body><ul>{links}</ul></body></html>")
        visit = portal.look()
        assert visit.outcome is Outcome.UNREADABLE
        assert "各条均无日期" in (visit.note or "")

    def test_a_list_that_lost_its_newest_row_is_believed_as_before(self, portal: Portal) -> None:
        portal.put(index=listing(down(19, 10)))
        portal.look()
        portal.put(index=listing(down(18, 9)))
        visit = portal.look()
        assert (visit.outcome, visit.newest) == (Outcome.OK, day(18))

    def test_the_same_rows_under_new_addresses_are_the_same_list(self, portal: Portal) -> None:
        portal.put(index=listing(down(19, 10)))
        portal.look()
        portal.put(index=listing(down(18, 10)).replace("/事项/", "/new/"))
        assert portal.look().newest == day(18)

    def test_newer_rows_are_believed_whether_known_or_not(self, portal: Portal) -> None:
        portal.put(index=listing(down(9, 5)))
        portal.look()
        portal.put(index=listing(down(99, 95), kind="专题"))
        assert portal.look().newest == day(99)

    def test_the_registers_selectors_settle_it(self, portal: Portal) -> None:
        portal.put(index=listing(down(19, 10)))
        portal.look()
        portal.put(index=listing(down(9, 5), kind="专题"))
        visit = portal.look({"scope": "ul.list"})
        assert (visit.outcome, visit.newest) == (Outcome.OK, day(9))


def test_a_real_crawl_keeps_the_fragment_for_the_reader_and_reads_the_last_page(
    tmp_path: Path,
) -> None:
    shell = (
        "<html><!-- synthetic --><body><div id='app'></div>"
        "<script>var _CONFIG = {SID: '768001'};</script>"
        "<script src='/gkmlpt/static/app.js'></script></body></html>"
    )
    section = CrawlSection(
        delay_seconds=0, timeout_seconds=5, allow_private_networks=("127.0.0.1/32",)
    )
    answers = {
        "/gkmlpt/index": server.page(shell),
        "/a/index.html": server.page(listing(range(10), script(2, 0))),
        "/a/index_1.html": server.page(listing(range(10, 14), script(2, 1))),
    }
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    with server.serving(answers) as portal:
        addresses = {"column:g": "/gkmlpt/index#2683", KEY: "/a/index.html"}
        crawl(ledger, [Job(key, portal.url + path) for key, path in addresses.items()], section)
        paths = [path for path, _ in portal.seen]
    assert any(path.startswith("/gkmlpt/api/all/2683?") for path in paths)
    histories = ledger.histories([KEY, "column:g"], now())
    ledger.close()
    last, without_service = histories[KEY].last, histories["column:g"].last
    assert last is not None
    assert last.newest == day(13)
    assert without_service is not None  # its service is gone, the column is not
    assert without_service.outcome is Outcome.UNREADABLE
    assert "列表接口：页面不存在（404）" in (without_service.note or "")
