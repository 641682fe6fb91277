"""From a portal's home page to a draft register, in a process of its own."""

from __future__ import annotations

from collections.abc import Callable

from crawler.children import CrawlError, Line, run_child
from crawler.readers.discovery.draft import Draft
from crawler.settings import CrawlSection

MAX_PAGES = 300
_GRACE_SECONDS = 120
OnPage = Callable[[str, str, str], None] | None


def discover(
    home: str,
    section: CrawlSection,
    max_pages: int = MAX_PAGES,
    on_page: OnPage = None,
    seconds: float | None = None,
) -> Draft:
    """Which columns, mailboxes and accounts does this portal show? Bounded by pages and time.

    `seconds` is by default what politeness needs, twice over, and a minute. `on_page` is told
    address, kind and name of each page looked at. Raises CrawlError when the crawling process
    did not end well.
    """
    if seconds is None:
        seconds = 60 + 2 * max_pages * (section.delay_seconds + 1)
    order = {
        "section": section.model_dump(mode="json"),
        "portal": {"home": home, "max_pages": max_pages, "seconds": seconds},
    }
    drafts: list[Draft] = []

    def on_line(line: Line) -> None:
        if "draft" in line:
            drafts.append(Draft.from_json(line["draft"]))
        elif on_page is not None:
            on_page(line["looked"], line["kind"], line["name"])

    bound = seconds + _GRACE_SECONDS + 3 * section.timeout_seconds
    fault = run_child(order, on_line, bound)
    if fault is not None or not drafts:
        raise CrawlError(fault or "爬取进程没有给出结果。")
    return drafts[0]
