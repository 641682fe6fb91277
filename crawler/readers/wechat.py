"""公众号 article pages of mp.weixin.qq.com: their time stamp, and the notices of dead ones.

The visible `#publish_time` is empty or relative (昨天) before scripts run, so it is not read.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

from checks.accounts import AccountName
from checks.facts import DateCandidate, DateSource, Outcome
from crawler.dates import instant_day
from crawler.readers.page import ArticleReading, Page
from crawler.readers.visible import read_visible

_HOST = "mp.weixin.qq.com"
_BODY = re.compile(r"""\bid\s?=\s?["']js_(?:content|article)["']""")
_GONE = re.compile(
    r"已被发布者删除|因违规无法查看|(?:帐|账)号已被屏蔽|已被封禁|已(?:自主|系统)?注销|链接已过期|内容已(?:被)?删除"
    r"|已被投诉|已停止访问|此内容[^。\n]{0,20}无法查看|(?:帐|账|公众)号已?被?(?:系统)?(?:回收|冻结|封停|停用)"
)
_MOVED = re.compile(r"(?:帐|账|公众)号(?:已|将)?[^。\n]{0,6}迁移")
_SENTENCE_END = "。！!\n"
_LONGEST_QUOTE = 80
_WALL = re.compile(r"环境异常|完成验证|访问过于频繁|操作频繁|请在微信客户端打开")


def _stamp(*names: str) -> re.Pattern[str]:
    """One of these variables; each begins the pattern, so that the search is a literal one."""
    starts = "|".join(rf"{name}(?<!\w{name})" for name in names)
    return re.compile(
        rf"""(?:{starts})["']?\s{{0,3}}[=:]\s{{0,3}}(?:JsDecode\()?["']([^"'\n]{{8,30}})["']"""
    )


_STAMPS = (
    ("公众号推送时间戳", _stamp("ct")),
    ("公众号创建时间", _stamp("create_time", "createTime", "create_timestamp")),
    ("公众号发布时间", _stamp("publish_time")),
    ("公众号原文时间", _stamp("ori_create_time", "oriCreateTime")),
)
_TITLE = re.compile(
    r"""(?:msg_title\s{0,3}=\s{0,3}|og:title"\s{0,3}content\s?=\s?)(["'])(.{1,300}?)\1"""
)
_OWN_NAME = re.compile(
    r"""(?<![\w.])nickname\s{0,3}=\s{0,3}(?:htmlDecode\()?["']([^"'\n]{1,60})["']"""
)
_OWN_ID = re.compile(
    r"""(?<![\w.])(?:window\.)?user_?[nN]ame["']?\s{0,3}[=:]\s{0,3}(?:\w{1,12}\()?["'](gh_\w{1,40})["']"""
)
_NICKNAME = re.compile(r"""nickname\s{0,3}=\s{0,3}(?:htmlDecode\()?["']([^"'\n]{1,60})["']""")


def is_wechat(url: str) -> bool:
    """Is this the address of a 公众号 article?"""
    try:
        return _HOST in url and urlsplit(url).hostname == _HOST
    except ValueError:
        return False


def wechat_notice(html: str) -> tuple[Outcome, str] | None:
    """Is this a notice in place of an article (deleted, banned, verification wall)?

    Only where there is no article body: a good title may contain the same words.
    """
    if _BODY.search(html):
        return None
    text = read_visible(html).text
    if _WALL.search(text) or "secitptpage/verify" in html:
        return Outcome.BLOCKED, "微信要求验证访问环境"
    if match := _MOVED.search(text):
        words = " ".join(text[_sentence_start(text, match) :].split())[:_LONGEST_QUOTE]
        return Outcome.GONE, f"微信提示账号已迁移：“{words}”{_new_name(html, words)}"
    if match := _GONE.search(text):
        return Outcome.GONE, f"微信提示：“{_sentence(text, match)}”"
    return None


def _sentence(text: str, match: re.Match[str]) -> str:
    """The notice in its own words."""
    ends = [at for end in _SENTENCE_END if (at := text.find(end, match.end())) >= 0]
    words = text[_sentence_start(text, match) : min(ends, default=len(text))].split()
    quote = " ".join(words)
    return quote if len(quote) <= _LONGEST_QUOTE else match.group()


def _sentence_start(text: str, match: re.Match[str]) -> int:
    return max(text.rfind(end, 0, match.start()) for end in _SENTENCE_END) + 1


def _new_name(html: str, told: str) -> str:
    """The account that the page's script names, where its words do not."""
    names = {" ".join(unescape(match[1]).split()) for match in _OWN_NAME.finditer(html)} - {""}
    name = names.pop() if len(names) == 1 else ""
    return f"，页面所列账号为“{name}”" if name and name not in told else ""


def read_wechat(page: Page, html: str) -> ArticleReading | None:
    """When did the account send out this article? None when it is not such a page.

    Also None without any time stamp, so that the page is read like any other.
    """
    if not (is_wechat(page.url) or ("rich_media" in html and _BODY.search(html))):
        return None
    candidates = _stamps(html)
    best = next((each for each in candidates if each.on <= page.today), None)
    if best is None:
        return None
    title, nickname = _TITLE.search(html), _NICKNAME.search(html)
    return ArticleReading(
        title=unescape(title[2]).strip() if title else None,
        published_on=best.on,
        date_text=best.text,
        date_source=best.source,
        candidates=tuple(candidates),
        source=unescape(nickname[1]) if nickname else None,
        outcome=Outcome.OK,
        why=f"日期取自{best.rule}",
    )


def account_name(page: Page, html: str) -> AccountName | None:
    """Which account sent out this article? None where the page names none, or several."""
    if not is_wechat(page.url) or not _BODY.search(html):
        return None
    names = {" ".join(unescape(match[1]).split()) for match in _OWN_NAME.finditer(html)} - {""}
    ids = {match[1] for match in _OWN_ID.finditer(html)}
    own_id = ids.pop() if len(ids) == 1 else None
    return AccountName(names.pop(), True, "公众号文章页", own_id) if len(names) == 1 else None


def _stamps(html: str) -> list[DateCandidate]:
    found = []
    for rule, pattern in _STAMPS:
        match = pattern.search(html)
        on = instant_day(match[1]) if match else None
        if match and on:
            found.append(DateCandidate(on, match[1], DateSource.LABEL, rule))
    return found
