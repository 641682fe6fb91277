"""Which parts of a page are not its content: menus, sidebars, hot lists, footers."""

from __future__ import annotations

import re

from crawler.readers.listing.scan import Scan

_ASIDE = re.compile(
    r"(?:.*[-_])?(?:nav|menu|foot|footer|side|aside|hot|hotnews|rank|ranking|crumbs?|pager|header|"
    r"banner)(?:[-_]?(?:bar|box|list|wrap|news))?[-_]?\d*|bottom\d*|"
    r".*(?:sidebar|footer|copyright|breadcrumb|pagination|recommend|related|rmtj|tjyd|xgwz|xgxw|"
    r"xgyd|yqlj|djph).*",
    re.I,
)
_TITLE_PARTS = re.compile(r"[-_|—–>»\s]+")
_SITE = re.compile(
    r"(?:网|网站|门户|平台|政府|局|厅|委|委员会|大学|学院|学校|中学|小学|中心|协会|首页)$"
)
_ASIDE_TAGS = frozenset({"nav", "footer", "aside", "header"})
_HOLDERS = 8
_HEADINGS_BEFORE = 3
_LONGEST_HEADING = 15


def is_aside(scan: Scan, at: int) -> bool:
    """Does a class or id round this place say menu, sidebar, hot list, footer?"""
    for holder in scan.ancestors(at, _HOLDERS):
        if scan.tags[holder] in _ASIDE_TAGS:
            return True
        attributes = scan.nodes[holder].attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if any(_ASIDE.fullmatch(name) for name in names.split()):
            return True
    return False


def headings_of(scan: Scan, at: int) -> list[str]:
    """Short texts just before a place: its heading, or the last step of the path above it."""
    nearest = scan.words_before(at, _HEADINGS_BEFORE)
    pieces = [re.split(r"[>»›：:]", words)[-1].strip() for words in nearest]
    return [piece for piece in pieces if 2 <= len(piece) <= _LONGEST_HEADING]


def bears_page_name(scan: Scan, at: int) -> bool:
    """Does the heading before this place stand in the page's title: is it the column's own?

    The part of the title that names the site does not count: every page bears it.
    """
    parts = [part for part in _TITLE_PARTS.split(scan.title) if part and not _SITE.search(part)]
    return any(heading in part for heading in headings_of(scan, at) for part in parts)
