"""PowerEasy: known by its links, and by its name only together with them."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.readers.choose import read_list
from crawler.readers.page import ListReading, Page

TODAY = date(2026, 11, 22)
MADE_BY = "<meta name='generator' content='PowerEasy SiteFactory CMS 6.0'>"


def read(head: str, href: str, count: int) -> ListReading:
    rows = "".join(
        f"<li><a href='{href.format(n)}'>关于第{n}号事项的通知</a><span>2026-11-0{n}</span></li>"
        for n in range(1, count + 1)
    )
    html = f"<!-- synthetic --><html><head>{head}</head><body><ul>{rows}</ul></body></html>"
    return read_list(
        Page("https://www.example.gov.cn/Category_12/Index.aspx", html.encode(), TODAY)
    )


@pytest.mark.parametrize(
    ("head", "href", "count", "reader"),
    [
        (MADE_BY, "/Item/{0}.aspx", 2, "powereasy"),
        ("<!-- 动易 SiteFactory -->", "/Item/{0}.aspx", 2, "powereasy"),
        ("<script src='/js/jquery.peex.js'></script>", "/Item/{0}.aspx", 2, "powereasy"),
        ("", "/Item/{0}.aspx", 3, "powereasy"),
        ("", "/Item/{0}.aspx", 2, "rows"),
        (MADE_BY, "/content/{0}.html", 4, "rows"),
        ("", "/News/{0}.aspx", 4, "rows"),
    ],
)
def test_its_links_decide(head: str, href: str, count: int, reader: str) -> None:
    reading = read(head, href, count)
    assert reading.reader == reader
    assert [str(item.published_on) for item in reading.items] == [
        f"2026-11-0{n}" for n in range(1, count + 1)
    ]
