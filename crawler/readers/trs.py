"""TRS WCM (拓尔思; ministries and many provinces): a static list, relative addresses, a script
pager."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from crawler.decode import decode
from crawler.readers.page import ListReading, Page
from crawler.readers.rows import read_rows
from crawler.readers.scripted import as_folder

NAME = "trs"
_ARTICLE = re.compile(
    r"""href\s{0,5}=\s{0,5}["']?(?:[^"'\s<>]{0,200}/)?t(?:20\d{6}_\d{3,10}|\d{7,9})\.s?html?"""
)
_LEAF = re.compile(r"t(?:20\d{6}_\d{3,10}|\d{7,9})\.s?html?")
_LONGEST_BEFORE = 220  # of an article's address and its href, before the leaf
_FEWEST_ARTICLES = 3
_PAGER = re.compile(r"createPage(?:HTML)?\s{0,9}\(\s{0,9}\d{1,6}\s{0,9},\s{0,9}\d{1,6}\s{0,9},")
_SIGNS = ("list2.trsapi", "m_nRecordCount", "TRS_Editor", "TRS_UEDITOR", "TRS_PreAppend")
_TOTAL = re.compile(r"""\bm_nRecordCount\s{0,9}=\s{0,9}["']?(\d{1,9})""")


def recognise(html: str) -> str | None:
    """Is this a column of TRS WCM, and by what sign?"""
    if _PAGER.search(html):
        return "页面用 createPageHTML 分页，为 TRS 栏目页"
    leaf = _LEAF.search(html)
    if leaf and _has_articles(html, max(leaf.start() - _LONGEST_BEFORE, 0)):
        return "信息地址为 t日期_编号 形式，为 TRS 栏目页"
    return "页面含 TRS 的标记" if any(sign in html for sign in _SIGNS) else None


def _has_articles(html: str, start: int) -> bool:
    found = islice(_ARTICLE.finditer(html, start), _FEWEST_ARTICLES)
    return len(list(found)) == _FEWEST_ARTICLES


def read(page: Page) -> ListReading:
    """Which items does this column page show?

    Its addresses are relative to the column's folder, also where the address was registered
    without the slash at its end.
    """
    html = decode(page.body, page.content_type)
    # Asked first: the pattern alone looks at the begin of every word.
    total = _TOTAL.search(html) if "m_nRecordCount" in html else None
    reading = read_rows(replace(page, url=as_folder(page.url)))
    return replace(reading, reader=NAME, total=int(total[1]) or None if total else None)
