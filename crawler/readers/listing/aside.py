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
_HEADINGS_BEFORE = 6
_LONGEST_HEADING = 15
_SHORTEST_HEADING = 2
_MORE = re.compile(
    r"\W*(?:更多|more|RSS|订阅|展开|收起|序号|标\s*题|名\s*称|.{0,4}(?:时间|日期))\W*", re.I
)


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


def heading_of(scan: Scan, at: int) -> str:
    """The short text just before a place: its heading, or the last step of the path above it."""
    for words in reversed(scan.words_before(at, _HEADINGS_BEFORE)):
        piece = re.split(r"[>»›：:]", words)[-1].strip()
        if len(piece) > _LONGEST_HEADING:
            return ""
        if len(piece) >= _SHORTEST_HEADING and not _MORE.fullmatch(piece):
            return piece
    return ""


def bears_page_name(scan: Scan, at: int) -> bool:
    """Does the heading before this place stand in the page's title: is it the column's own?

    The nearest heading only: the path above a sidebar names the column, and the sidebar itself
    something else. The part of the title that names the site does not count: every page bears it.
    """
    parts = [part for part in _TITLE_PARTS.split(scan.title) if part and not _SITE.search(part)]
    heading = heading_of(scan, at)
    return bool(heading) and any(heading in part for part in parts)
