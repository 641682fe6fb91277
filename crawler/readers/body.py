"""The text of an article: what stands between its title and the foot of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.decode import decode
from crawler.readers.headline import anchors, title_guesses
from crawler.readers.page import Page
from crawler.readers.visible import Visible, read_visible

MOST_CHARS = 100_000
_META_CHARS = 120
_FOOT_LINES = 60
_CUT_TITLE = re.compile(r"(?:\.{2,}|…+)\s*\Z")
_META = re.compile(
    r"(?:发布|更新|发文|成文|制发)?(?:时间|日期)\s?[:：]|来\s?源\s?[:：]|(?:浏览|点击|阅读|访问)(?:次数|量|数)?\s?[:：]"
    r"|字\s?[号体]\s?[:：]?|责任?编辑?\s?[:：]|作\s?者\s?[:：]|分享到|【.{0,3}[大中小].{0,9}】"
)
_DATE_LINE = re.compile(
    r"[\W_]*(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?(?:\s?\d{1,2}:\d\d(?::\d\d)?)?[\W_]*"
)
_END = re.compile(
    r"\n\W{0,3}(?:上一[篇条页]|下一[篇条页]|前一篇|后一篇|相关(?:链接|文章|阅读|信息|文档|新闻|稿件|推荐)"
    r"|扫一扫|打印(?:本页|此页|页面)?\W|关闭(?:窗口|本页|页面)|版权所有|[^\n]{0,60}网站标识码|网站地图"
    r"|.{0,4}ICP备|.{0,6}公网安备|【\s?打印)"
)


@dataclass(frozen=True, slots=True)
class Body:
    """An article's text without its title, dates and bylines. `whole`: where it begins is known."""

    title: str
    text: str
    whole: bool


def read_body(page: Page, title: str) -> Body:
    """What does this article say? `title` is the one that its list shows, perhaps cut short.

    Where no title stands on the page, the text begins with the page, and may hold its menus.
    """
    seen = read_visible(decode(page.body, page.content_type))
    shown = _CUT_TITLE.sub("", title).strip()
    guesses = title_guesses(seen)
    full = _full(shown, guesses)
    spans = anchors(seen.text, [full]) or anchors(seen.text, guesses)
    start = spans[0][1] if spans else 0
    end = _END.search(seen.text, start)
    stop = end.start() if end else _above_foot(seen, start)
    text = seen.text[start:stop][:MOST_CHARS]
    lines = [line for line in text.split("\n") if not _is_about(line)]
    return Body(full, "\n".join(lines).strip(), bool(spans))


def _above_foot(seen: Visible, start: int) -> int:
    """Where do the last lines begin that stand in the foot of the page?"""
    stop = len(seen.text)
    for _ in range(_FOOT_LINES):
        line = seen.text.rfind("\n", start, stop)
        if line < 0 or not seen.is_foot(line + 1):
            break
        stop = line
    return stop


def _is_about(line: str) -> bool:
    """Does this line speak of the article's publication?"""
    short = len(line) <= _META_CHARS
    return short and (bool(_META.search(line)) or _DATE_LINE.fullmatch(line) is not None)


def _full(shown: str, guesses: list[str]) -> str:
    """The title in full, where the page shows more of the one that the list cut short."""
    begun = (guess for guess in guesses if shown and guess.startswith(shown))
    return next(begun, shown or next(iter(guesses), ""))
