"""Does the page itself say that its list is empty?"""

from __future__ import annotations

import re

from crawler.readers.listing.aside import is_aside
from crawler.readers.listing.scan import Scan
from crawler.readers.shell import script_sign

_THINGS = r"(?:内容|信息|数据|记录|文章|新闻|公告|结果|文件|资料|来信|信件|留言)"
_EMPTY = re.compile(
    rf"暂无(?:相关)?{_THINGS}|(?:暂时|目前)?没有(?:找到)?(?:相关|任何|符合条件的?)?{_THINGS}"
    rf"|未找到(?:相关|符合条件的?)?{_THINGS}|无相关{_THINGS}|该栏目(?:下)?(?:暂)?无|^暂无[。！!]?$"
)
_NOT_FOR_VISITORS = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CONDITIONS = ("v-if", "v-show", "v-else", "ng-if", "ng-show", "ms-if", "hidden", "x-show", "wx:if")
_LONGEST = 40
_PROSE = 150
_FILLED_BY_SCRIPT = re.compile(
    r"\{\{|v-for|ng-repeat|ms-repeat|<%=|\$\.(?:ajax|get|post|getJSON)\s*\(|axios|XMLHttpRequest"
    r"|\bfetch\s*\("
)


def empty_words(scan: Scan, html: str) -> str | None:
    """Which words on the page say that there is nothing to list; None when none do.

    A page filled by a script says so in its template before it knows: such words, and words
    that are hidden, stand in a sidebar or beside running text, prove nothing.
    """
    if _FILLED_BY_SCRIPT.search(html) or script_sign(html):
        return None
    if any(len(words) > _PROSE for words in scan.words.values()):
        return None
    for at in scan.texts:
        words = scan.words[at]
        if len(words) <= _LONGEST and _EMPTY.search(words) and _shown(scan, at):
            return words
    return None


def _shown(scan: Scan, at: int) -> bool:
    label = "".join(scan.words_before(at))
    if is_aside(scan, at) or label.endswith((":", "：")):
        return False
    for holder in scan.ancestors(at):
        attributes = scan.nodes[holder].attributes
        if any(name in attributes for name in _CONDITIONS):
            return False
        if _NOT_FOR_VISITORS.search(attributes.get("style") or ""):
            return False
    return True
