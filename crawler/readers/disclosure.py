"""信息公开目录: catalogues with 索引号, 名称, 文号, the day of writing and that of publication.

The day of publication decides. A catalogue that only tells when documents were written
(成文日期) says nothing of when they were published: its rows stay undated.
"""

from __future__ import annotations

import re
from dataclasses import replace

from checks.facts import Outcome
from crawler.decode import decode
from crawler.readers.page import ListReading, Page
from crawler.readers.rows import read_rows

NAME = "disclosure"
_INDEX = re.compile(r">\s{0,20}索\s{0,9}引\s{0,9}号\s{0,20}<")
_TITLE = re.compile(r">\s{0,20}(?:信息|文件)?(?:名\s{0,9}称|标\s{0,9}题)\s{0,20}<")
_DAY = re.compile(
    r">\s{0,20}(发布|公开|发文|成文|生成|公布)\s{0,9}(?:日\s{0,9}期|时\s{0,9}间)\s{0,20}<"
)
_WRITTEN = frozenset({"成文", "生成"})


def recognise(html: str) -> str | None:
    """Does this page list documents under the heads of a disclosure catalogue?"""
    if "索" not in html or "引" not in html:
        return None
    if _INDEX.search(html) and _TITLE.search(html) and _DAY.search(html):
        return "表头含索引号、名称、日期，为信息公开目录"
    return None


def read(page: Page) -> ListReading:
    """Which documents does this catalogue list, each with its day of publication?"""
    reading = replace(read_rows(page), reader=NAME)
    heads = {match[1] for match in _DAY.finditer(decode(page.body, page.content_type))}
    if reading.outcome is Outcome.UNDATED and heads <= _WRITTEN:
        return replace(reading, why=f"{reading.why}，目录只有成文日期，不作发布日期")
    return reading
