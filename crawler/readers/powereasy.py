"""PowerEasy SiteFactory (动易): pages made on the server, rows read by structure."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.readers.page import ListReading, Page
from crawler.readers.rows import read_rows

NAME = "powereasy"
_MADE_BY = re.compile(
    r"jquery\.peex\.js|powered\s{1,3}by\s{1,3}powereasy"
    r"|<meta\s[^<>]{0,200}content\s{0,3}=\s{0,3}[\"'][^\"'<>]{0,80}(?:PowerEasy|SiteFactory|动易)"
    r"|<!--[^<>]{0,80}(?:PowerEasy|SiteFactory|动易)",
    re.I,
)
_ITEM = re.compile(r"""href\s{0,3}=\s{0,3}["']?[^"'\s<>]{0,200}/Item/(\d{1,9})\.aspx""", re.I)
_ITEM_FOLDER = re.compile(r"/Item/", re.I)
_CATEGORY = re.compile(r"/Category_\d{1,9}/Index(?:_\d{1,5})?\.aspx", re.I)
_FEW_ITEMS = 3


def recognise(html: str) -> str | None:
    """Was this column page made by PowerEasy, and by what sign?

    Its name alone is not enough: the page must also link the way its columns do.
    """
    if ".aspx" not in html or not _ITEM_FOLDER.search(html):
        return None
    items = len(set(_ITEM.findall(html)))
    if items and (_MADE_BY.search(html) or _CATEGORY.search(html)):
        return "页面含动易系统的标记和链接"
    return "页面的信息链接为动易系统写法" if items >= _FEW_ITEMS else None


def read(page: Page) -> ListReading:
    """Which items does this column page show?"""
    return replace(read_rows(page), reader=NAME)
