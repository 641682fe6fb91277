"""The bounds one by one: what is packed, a robots.txt, cookies, what the ledger cannot hold."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from backports import zstd
from openpyxl import Workbook
from scrapy import Request
from scrapy.http import Response

from checks.facts import Outcome
from crawler.guards import MOST_COOKIES, BoundedCookies
from crawler.jobs import Job
from crawler.pipeline import keep
from crawler.robots import MOST_BYTES, BoundedRobots
from crawler.spiders.columns import ColumnSpider
from crawler.unpack import DownloadTooLarge, UndecodableBody, unpacked
from storage.ledger import Ledger, Sighting
from storage.workbook import opened_workbook, sheet_rows
from tests.crawler.hostile.bodies import LIST
from tests.hang import no_hang

BODY = LIST.encode()
LIMIT = 100_000
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
URL = "http://www.example.gov.cn/list.html"


@pytest.mark.parametrize("encoding", PACK)
def test_a_packed_page_is_whole_or_not_a_page(encoding: str) -> None:
    packed = PACK[encoding](BODY)
    assert unpacked(packed, [encoding], LIMIT) == BODY
    assert unpacked(packed, [encoding], len(BODY)) == BODY
    with pytest.raises(DownloadTooLarge):
        unpacked(packed, [encoding], len(BODY) - 1)
    for kept in range(1, len(packed)):
        with pytest.raises(UndecodableBody):
            unpacked(packed[:kept], [encoding], LIMIT)


def test_deflate_without_its_head_and_gzip_in_members_are_read() -> None:
    bare = zlib.compressobj(wbits=-15)
    assert unpacked(bare.compress(BODY) + bare.flush(), ["deflate"], LIMIT) == BODY
    members = gzip.compress(BODY[:100]) + gzip.compress(BODY[100:])
    assert unpacked(members, ["gzip"], LIMIT) == BODY
    assert unpacked(gzip.compress(BODY) + b"\0\0", ["gzip"], LIMIT) == BODY
    with pytest.raises(DownloadTooLarge):
        unpacked(gzip.compress(BODY) * 200, ["gzip"], LIMIT)


def test_three_layers_are_taken_off_and_no_fourth() -> None:
    packed = BODY
    for _ in range(3):
        packed = gzip.compress(packed)
    assert unpacked(packed, ["gzip"] * 3, LIMIT) == BODY
    with pytest.raises(UndecodableBody):
        unpacked(gzip.compress(packed), ["gzip"] * 4, LIMIT)


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        ("User-agent: *\nDisallow: /list", False),
        ("User-agent: **\nDisallow: /list", False),
        ("user agent xunjian\nDisallow: /list", False),
        ("USER-AGENT:Xunjian*\nDisallow: /list", False),
        ("User-agent: baidu\nUser-agent: xunjian\nDisallow: /list", False),
        ("User-agent: baidu # xunjian\nDisallow: /list", True),
        ("User-agent: baidu\nDisallow: /\nUser-agent: *\nAllow: /", True),
        ("User-agent: *\nDisallow: /\nUser-agent: xunjian\nDisallow: /secret", True),
        ("User-agent:\nDisallow: /list", True),
    ],
)
def test_the_rules_that_concern_us_stay_what_they_were(robots: str, allowed: bool) -> None:
    assert BoundedRobots(robots.encode(), None).allowed(URL, "xunjian") is allowed


def test_no_robots_txt_holds_up_a_run() -> None:
    agents = "".join(f"User-agent: robot{n}\n" for n in range(12_000))
    rules = "".join(f"Disallow: /{n}\n" for n in range(14_000))
    last = "User-agent: *\nDisallow: /list"
    with no_hang(60):
        assert not BoundedRobots(f"{agents}{rules}{last}".encode(), None).allowed(URL, "xunjian")


def test_of_a_robots_txt_so_much_is_read_in_whole_lines() -> None:
    head = b"# synthetic\n" * (MOST_BYTES // 12)
    rule = b"User-agent: *\nDisallow: /list"
    assert not BoundedRobots(head[:-480] + rule, None).allowed(URL, "xunjian")
    assert BoundedRobots(head + rule, None).allowed(URL, "xunjian")


def cookies_sent(*given: str, to: str = URL) -> str:
    """What goes back to an address after one answer that set these cookies."""
    keeper = BoundedCookies()
    first = Request(URL)
    headers = {"Set-Cookie": [each.encode() for each in given]}
    keeper.process_response(first, Response(URL, headers=headers))
    following = Request(to)
    keeper.process_request(following)
    return (following.headers.get("Cookie") or b"").decode()


def test_cookies_are_few_and_stay_with_the_organisation_that_set_them() -> None:
    assert cookies_sent("a=1") == "a=1"
    flood = cookies_sent(*(f"c{n}=1" for n in range(1000)))
    assert flood.count("=") == MOST_COOKIES
    assert cookies_sent(f"a={'x' * 5000}") == ""
    neighbour, stranger = "http://zwgk.example.gov.cn/", "http://www.other.gov.cn/"
    assert cookies_sent("a=1; Domain=.example.gov.cn", to=neighbour) == "a=1"
    assert cookies_sent("a=1; Domain=.gov.cn", to=stranger) == ""
    assert cookies_sent("a=1; Domain=.gov.cn", to=URL) == "a=1"


def test_what_the_ledger_cannot_hold_costs_its_own_visit_only(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    at = datetime.now(UTC)
    spider = ColumnSpider([Job("column:a", URL)], ledger, ledger.start_run(2, at))
    totals = (("a", 10**40), ("b", 10))
    keep(spider, [Sighting(f"column:{n}", at, Outcome.EMPTY, URL, total=t) for n, t in totals])
    histories = ledger.histories(["column:a", "column:b"], datetime.now(UTC))
    lost, kept = (histories[f"column:{name}"].last for name in "ab")
    assert lost is not None
    assert kept is not None
    assert (lost.outcome, kept.outcome) == (Outcome.UNREADABLE, Outcome.EMPTY)
    assert (lost.note or "").startswith("页面内容无法存入台账，按未能读取处理")
    ledger.close()


def test_a_narrow_sheet_is_not_kept_as_a_wide_one(tmp_path: Path) -> None:
    book = Workbook()
    for row in (("a",), (), ("b", None, "c")):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    with opened_workbook(tmp_path / "x.xlsx") as opened:
        rows = [cells for _, cells in sheet_rows(opened.worksheets[0])]
    assert rows == [("a",), (), ("b", None, "c")]
