"""Links that carry the title of something: not navigation words, pagers or templates."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.dates import dates_in, full_dates
from crawler.readers.listing.scan import Scan

_NO_TITLE = re.compile(
    r"[\[【(（<《>»›\s]*(?:查看|点击|阅读)?(?:全文|详情|详细|内容|原文|更多|MORE|首页|尾页|末页|上一?页|下一?页|"
    r"前一?页|后一?页|前页|后页|GO|跳转|确定|返回|打印|关闭|下载|附件下载|登录|注册|置顶|\d+|第\d+页|共\d+页|"
    r"上一?篇|下一?篇|设为首页|加入收藏|收藏本站|进入|查看|点击查看|了解更多|查看更多|阅读更多|点击更多|"
    r"[.…>»+\-|·]+)[\])）】>»›…+.\s]*",
    re.I,
)
_TEMPLATE = re.compile(r"\{\{|\}\}|<%|\$\{|\{\$")
_ACTION_WITH_ADDRESS = re.compile(r"""['"][^'"]*[/.][^'"]*['"]|\(\s*['"]?[\w-]{4,}['"]?\s*[,)]""")
NO_NAME = re.compile(
    r"(?:图片?|照片|配图|缩略图|封面|标题图|image|img|pic|logo|[\w-]{1,60}\.(?:jpe?g|png|gif|webp))",
    re.I,
)
_CAPTION_STEPS = 3
_CAPTION_NODES = 60
_SHORTEST_CAPTION = 4
_LONGEST_ACTION_TEXT = 300
_MOST_LINKS = 5_000
_FEW = 50


@dataclass(frozen=True, slots=True)
class TitledLink:
    """A link, or an element that opens something when clicked, with its likely title."""

    at: int
    title: str


class TitledLinks:
    """The titled links of a page in document order, each looked at when it is asked for.

    Most links of a page stand in menus, and no row is ever looked for there. Where many are
    asked for at once, all are looked at.
    """

    def __init__(self, scan: Scan, known: Iterable[TitledLink] | None = None) -> None:
        self._scan = scan
        self._seen: dict[int, TitledLink | None] = {link.at: link for link in known or ()}
        self._places = _candidates(scan) if known is None else sorted(self._seen)
        self._all_seen = known is not None

    def __iter__(self) -> Iterator[TitledLink]:
        return iter(self.between(0, len(self._scan.tags)))

    def __contains__(self, at: int) -> bool:
        return self.any_between(at, at)

    def until(self, last: int) -> TitledLinks:
        """Those up to this place."""
        return TitledLinks(self._scan, self.between(0, last))

    def between(self, first: int, last: int) -> list[TitledLink]:
        """The links that begin between two places, both included."""
        found = (self._link(at) for at in self._within(first, last))
        return [link for link in found if link is not None]

    def count(self, first: int, last: int) -> int:
        places = self._within(first, last)
        return len(places) if self._all_seen else len(self.between(first, last))

    def any_between(self, first: int, last: int) -> bool:
        low = bisect_left(self._places, first)
        for at in self._places[low : low + _FEW]:
            if at > last:
                return False
            if self._link(at):
                return True
        return self.count(first, last) > 0

    def _bounds(self, first: int, last: int) -> tuple[int, int]:
        return bisect_left(self._places, first), bisect_right(self._places, last)

    def _within(self, first: int, last: int) -> list[int]:
        low, high = self._bounds(first, last)
        if high - low > _FEW and not self._all_seen:
            self._places = [at for at in self._places if self._link(at)]
            self._all_seen = True
            low, high = self._bounds(first, last)
        return self._places[low:high]

    def _link(self, at: int) -> TitledLink | None:
        if at not in self._seen:
            title = _likely_title(self._scan, at)
            self._seen[at] = TitledLink(at, title) if title is not None else None
        return self._seen[at]


def _candidates(scan: Scan) -> list[int]:
    """Which elements may lead to something with a title, in document order? The first 5,000."""
    anchors = [at for at, tag in enumerate(scan.tags) if tag == "a"]
    others = [at for at in scan.clickable if scan.tags[at] != "a" and _opens_something(scan, at)]
    return sorted(anchors + others)[:_MOST_LINKS]


def _opens_something(scan: Scan, at: int) -> bool:
    action = scan.attribute(at, "onclick")
    if not action or not _ACTION_WITH_ADDRESS.search(action):
        return False
    inside = scan.tags[at + 1 : scan.ends[at] + 1]
    return "a" not in inside and len(scan.text(at)) <= _LONGEST_ACTION_TEXT


def _likely_title(scan: Scan, at: int) -> str | None:
    text = scan.text(at)
    if _TEMPLATE.search(text) or _TEMPLATE.search(scan.attribute(at, "href")):
        return None
    dates = dates_in(text)
    if dates and any(char.isdigit() for char in text):
        for found in reversed(dates):
            text = text[: found.start] + " " + text[found.end :]
    text = text.strip(" []()【】·•|")
    if len(text) < 2:
        text = scan.attribute(at, "title").strip() or _picture_words(scan, at)
    if len(text) < 2 or NO_NAME.fullmatch(text):
        text = _caption(scan, at) or text
    if len(text) < 2 or _NO_TITLE.fullmatch(text):
        return None
    return text


def _picture_words(scan: Scan, at: int) -> str:
    inside = range(at + 1, scan.ends[at] + 1)
    pictures = [at for at in inside if scan.tags[at] == "img"]
    said = (scan.attribute(at, name).strip() for name in ("alt", "title") for at in pictures)
    return next((words for words in said if words and not NO_NAME.fullmatch(words)), "")


def _caption(scan: Scan, at: int) -> str:
    """The words beside a linked picture: the longest in the smallest element that holds some.

    Only where no other link stands with it: else that link bears the title.
    """
    if "img" not in scan.tags[at + 1 : scan.ends[at] + 1]:
        return ""
    for holder in scan.ancestors(at, _CAPTION_STEPS):
        end = scan.ends[holder] + 1
        if end - holder > _CAPTION_NODES or scan.tags[holder:end].count("a") > 1:
            return ""
        words = max(scan.words_in(holder), key=len, default="")
        if len(words) >= _SHORTEST_CAPTION and not full_dates(words):
            return words
    return ""
