"""The mailbox list of Hanweb jact: rows from a list service, in a jpage datastore."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.readers.listing.scan import Scan, scan_page
from crawler.readers.mail.table import NamedRow
from crawler.readers.mail.words import best_fields, day_of, field_of
from crawler.readers.page import Page

# The list's columns in their documented order; used only when the cells bear it out.
_COLUMNS = ("编号", "标题", "处理情况", "提交时间", "部门")
_FEWEST_NAMED = 3


def datastore_rows(page: Page, html: str, fragments: Sequence[str]) -> tuple[Scan, list[NamedRow]]:
    """The rows of a datastore, named by the page's own head row or in the documented order."""
    scan = scan_page("<table>" + "".join(fragments) + "</table>")
    rows = [at for at, tag in enumerate(scan.tags) if tag == "tr"]
    cells = [[scan.text(cell) for cell in scan.children(row)] for row in rows]
    names = _head_names(scan_page(html)) or _documented(cells, page)
    named = [
        NamedRow(row, best_fields(zip(names, words, strict=False)))
        for row, words in zip(rows, cells, strict=True)
    ]
    return scan, named


def _head_names(scan: Scan) -> Sequence[str]:
    for at, tag in enumerate(scan.tags):
        if tag == "tr":
            names = [scan.text(cell) for cell in scan.children(at)]
            if sum(1 for name in names if field_of(name)) >= _FEWEST_NAMED:
                return names
    return ()


def _documented(cells: Sequence[Sequence[str]], page: Page) -> Sequence[str]:
    place = _COLUMNS.index("提交时间")
    fitting = [row for row in cells if len(row) > place and day_of(row[place], page.today)]
    return _COLUMNS if len(fitting) * 2 > len(cells) else ()
