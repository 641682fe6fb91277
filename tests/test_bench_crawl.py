"""The farm that crawls are timed on: its pages are read as lists, unchanged ones answered 304."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from checks.facts import Outcome
from crawler.readers.choose import newest_of, read_list
from crawler.readers.page import ListReading, Page
from tests.bench_crawl.contestants import CHANGED, NOT_MODIFIED
from tests.bench_crawl.farm import Farm, columns_of, farm
from tests.bench_crawl.ground import Run
from tests.bench_crawl.pages import KILOBYTES, Column
from tests.bench_crawl.spent import Spent
from tests.bench_crawl.table import DOWNLOAD, ONE, goals, table

TODAY = date(2026, 11, 27)
COLUMN = Column("127.1.0.1", 0)


def reading(body: bytes, url: str = "http://127.1.0.1/zwgk/c000/index.html") -> ListReading:
    return read_list(Page(url, body, TODAY, 200, "text/html; charset=utf-8"))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    with farm(tmp_path_factory.mktemp("farm"), columns_of(3, 1, seed=1), TODAY) as running:
        yield running


def answer(url: str, etag: str | None = None) -> tuple[int, str, bytes]:
    """Status, ETag and body."""
    asked = Request(url, headers={"If-None-Match": etag} if etag else {})  # noqa: S310
    try:
        with urlopen(asked, timeout=10) as got:  # noqa: S310
            return got.status, got.headers["ETag"], got.read()
    except HTTPError as error:
        return error.code, error.headers["ETag"], b""


def test_a_page_has_its_size_and_all_its_rows_are_read_dated() -> None:
    for number, kilobytes in enumerate(KILOBYTES):
        column = Column("127.1.0.1", number)
        body = column.page(0, TODAY)
        got = reading(body)
        assert 0 <= kilobytes * 1000 - len(body) < 100
        assert got.outcome is Outcome.OK
        assert len(got.items) == column.rows
        assert all(item.published_on for item in got.items)


def test_pages_are_the_same_for_a_seed_and_others_for_another() -> None:
    assert Column("127.1.0.1", 0).page(0, TODAY) == COLUMN.page(0, TODAY)
    assert Column("127.1.0.1", 0, seed=2).page(0, TODAY) != COLUMN.page(0, TODAY)


def test_an_edition_has_one_row_more_of_today_at_its_head_and_lacks_the_last() -> None:
    before, after = (reading(COLUMN.page(edition, TODAY)).items for edition in (0, 1))
    assert after[1:] == before[:-1]
    assert after[0].published_on == TODAY
    assert after[0] not in before


def test_a_list_is_young_enough_to_be_asked_for_conditionally() -> None:
    for column in columns_of(12, 1, seed=1):
        newest = newest_of(reading(column.page(0, TODAY)).items, TODAY)
        assert newest is not None
        assert newest.published_on is not None
        assert timedelta(0) < TODAY - newest.published_on <= timedelta(3)


def test_thousands_of_hosts_have_addresses_of_their_own_on_loopback() -> None:
    hosts = [column.host for column in columns_of(70_000, 1, seed=1)]
    assert len(set(hosts)) == 70_000
    assert (hosts[0], hosts[250], hosts[-1]) == ("127.1.0.1", "127.1.1.1", "127.2.23.250")


def test_what_is_unchanged_is_answered_304_until_the_page_is_written_anew(served: Farm) -> None:
    served.answers()
    for column in served.columns:
        url = served.url(column)
        status, etag, body = answer(url)
        assert (status, body) == (200, column.page(0, TODAY))
        assert answer(url, etag) == (304, etag, b"")
    assert served.answers(6) == {200: 3, 304: 3}

    url = served.url(served.columns[0])
    _, etag, body = answer(url)
    served.touch()
    status, touched, same = answer(url, etag)
    assert (status, same) == (200, body)
    served.publish()
    status, _, changed = answer(url, touched)
    assert (status, changed) == (200, served.columns[0].page(1, TODAY))
    assert served.answers(3) == {200: 3}


def run(name: str, what: str, seconds: float, cpu: float, mib: float = 100) -> Run:
    """101 pages, after a start of one second."""
    return Run(name, what, 101, Spent(1, 1, 0), Spent(1 + seconds, 1 + cpu, mib), {200: 101})


def test_goals_are_told_with_the_middle_of_the_rounds_and_those_that_are_missed_as_such() -> None:
    rounds = [
        run(*DOWNLOAD, seconds=1, cpu=0.5),
        run(ONE, CHANGED, seconds=2, cpu=2.5),
        run(ONE, NOT_MODIFIED, seconds=1, cpu=1.0, mib=301),
    ]
    told = {str(goal).removeprefix("- "): goal.reached for goal in goals(rounds * 3)}
    bare = "pages/s, one process, a new row / bare Scrapy"
    raw = f"{ONE}: CPU, unchanged / a new row, download included"
    less = f"{ONE}: CPU but bare Scrapy's, unchanged / a new row (<= 0.25)"
    assert told == {
        f"{bare} (>= 0.6): 0.50 (0.50–0.50), MISSED": False,
        "the same, pages per CPU second: 0.20 (0.20–0.20), told only": None,
        "the same with start-up in: 0.67 (0.67–0.67), told only": None,
        f"{raw}: 0.40 (0.40–0.40), told only": None,
        f"{less}: 0.25 (0.25–0.25), reached": True,
        "peak MiB of a process of ours (< 300): 200.50 (100.00–301.00), MISSED": False,
    }
    figures = "101 | 50 (50–50) | 34 | 25.0 | 1.0 |  | 100 | 101 × 200"
    assert table(rounds).splitlines()[3] == f"| {ONE} | one new row | {figures} |"
