"""Pages of megabytes that bait a parser are read to an end, and tell no day they do not show.

XUNJIAN_LONG=1 makes them 5 MB. How many seconds they take is a matter of `make bench-read`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date

import pytest

from crawler.readers.article import read_article
from crawler.readers.choose import read_list
from crawler.readers.page import ArticleReading, ListReading, Page
from tests.crawler.huge import huge_pages
from tests.hang import no_hang

TODAY = date(2026, 11, 22)
ADDRESS = "https://www.example.gov.cn/zwgk/index.html"
SIZE = 5_000_000 if os.environ.get("XUNJIAN_LONG") == "1" else 300_000
PAGES = huge_pages(SIZE)


@pytest.mark.parametrize("read", [read_list, read_article])
@pytest.mark.parametrize("shape", PAGES)
def test_a_huge_page_is_read_to_an_end_and_tells_no_day_it_does_not_show(
    shape: str, read: Callable[[Page], ListReading | ArticleReading]
) -> None:
    with no_hang(300):
        reading = read(Page(ADDRESS, PAGES[shape], TODAY))
    if isinstance(reading, ArticleReading):
        days = {reading.published_on}
    else:
        days = {item.published_on for item in reading.items}
    assert days <= {None, *(date(2024, 6, day) for day in range(1, 29))}


def test_the_pages_are_as_large_as_they_say() -> None:
    assert len(PAGES) >= 18
    assert all(SIZE * 0.9 <= len(body) <= SIZE * 1.2 for body in PAGES.values())
