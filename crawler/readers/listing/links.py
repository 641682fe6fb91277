"""Links that carry the title of something: not navigation words, pagers or templates."""

from __future__ import annotations

import re
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


@dataclass(frozen=True, slots=True)
class TitledLink:
    """A link, or an element that opens something when clicked, with its likely title."""

    at: int
    title: str


def titled_links(scan: Scan) -> list[TitledLink]:
    """Which elements lead to something with a title, in document order? The first 5,000."""
    found: list[TitledLink] = []
    anchors = [at for at, tag in enumerate(scan.tags) if tag == "a"]
    others = [at for at in scan.clickable if scan.tags[at] != "a" and _opens_something(scan, at)]
    for at in sorted(anchors + others)[:_MOST_LINKS]:
        title = _likely_title(scan, at)
        if title is not None:
            found.append(TitledLink(at, title))
    return found


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
