"""博达 VSB (Visual SiteBuilder): a static list; later pages are numbered downwards."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from crawler.decode import decode
from crawler.readers.page import ListReading, Page
from crawler.readers.rows import read_rows

NAME = "vsb"
_SIGNS = ("Visual SiteBuilder", "_simple_list_gotopage_fun", "vsb_content", "_showDynClick")
_ARTICLE = re.compile(r"""href\s{0,5}=\s{0,5}["']?[^"'\s<>]{0,200}\binfo/\d{1,8}/\d{1,8}\.html?""")
_FEWEST_ARTICLES = 3
_TOTAL = re.compile(r"共(?:<[^<>]{1,80}>|\s|&nbsp;){0,9}(\d{1,7})(?:</\w{1,9}>|\s|&nbsp;){0,9}条")


def recognise(html: str) -> str | None:
    """Is this a column of VSB, and by what sign?"""
    if any(sign in html for sign in _SIGNS):
        return "页面含 Visual SiteBuilder 的标记，为博达栏目页"
    if "info/" not in html:
        return None
    articles = list(islice(_ARTICLE.finditer(html), _FEWEST_ARTICLES))
    many = len(articles) == _FEWEST_ARTICLES
    return "信息地址为 info/栏目/编号 形式，为博达栏目页" if many else None


def read(page: Page) -> ListReading:
    """Which items does this column page show, and how many does its pager count in all?"""
    total = _TOTAL.search(decode(page.body, page.content_type))
    return replace(read_rows(page), reader=NAME, total=int(total[1]) if total else None)
