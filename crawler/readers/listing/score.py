"""Which run of rows is the column's own list, and which is a sidebar, a menu or a footer?"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.readers.listing.aside import bears_page_name, heading_of, is_aside
from crawler.readers.listing.places import Run
from crawler.readers.listing.rowtext import resolve
from crawler.readers.listing.scan import Scan

_ASIDE_HEADING = re.compile(
    r"热点|热门|推荐|相关|排行|点击榜|点击量|猜你|浏览最多|阅读最多|最新更新|最新发布"
)
_LONGEST_COUNTED = 30
_MOST_COUNTED = 30
_ASIDE_FACTOR = 0.4
_UNDER_PAGE_BONUS = 0.5
_NAMED_FACTOR = 1.5


def score(scan: Scan, run: Run, url: str) -> float:
    """How much does this run look like the list the page exists for?"""
    rows = run.rows
    titles = [max(len(link.title) for link in row.links) for row in rows]
    mean = min(sum(titles) / len(titles), _LONGEST_COUNTED)
    weights = [max((mark.weight for mark in row.marks), default=0.0) for row in rows]
    value = min(len(rows), _MOST_COUNTED) * mean * sum(weights) / len(rows)
    value *= 1 + _UNDER_PAGE_BONUS * _share_under_page(scan, run, url)
    if bears_page_name(scan, run.start):
        return value * _NAMED_FACTOR
    if is_aside(scan, run.start) or _ASIDE_HEADING.search(heading_of(scan, run.start)):
        return value * _ASIDE_FACTOR
    return value


def _share_under_page(scan: Scan, run: Run, url: str) -> float:
    """The share of rows whose address lies in the page's own folder."""
    here = urlsplit(url)
    folder = here.path.rpartition("/")[0] + "/"
    if folder == "/":
        return 0.0
    rows, folder = run.rows[:10], f"{here.scheme}://{here.netloc}{folder}"
    under = sum(1 for row in rows if _lies_under(scan, row.links[0].at, url, folder))
    return under / len(rows)


def _lies_under(scan: Scan, link: int, url: str, folder: str) -> bool:
    href = scan.attribute(link, "href")
    if not href or ":" in href.split("/")[0]:
        return False
    return (resolve(href, url) or "").startswith(folder)
