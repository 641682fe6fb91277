"""New-media accounts (政务新媒体) that a page shows: links to profiles, and pictures to scan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.readers.listing.rowtext import resolve
from crawler.readers.listing.scan import Scan

MOST_ACCOUNTS = 100
_LONGEST_NAME = 24
_PAGE = re.compile(r"新媒体|两微一端|微博微信|微信微博|微矩阵|政务矩阵")
_PROFILES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (platform, re.compile(pattern, re.IGNORECASE))
    for platform, pattern in (
        (
            "weibo",
            r"https?://(?:www\.|m\.|e\.)?weibo\.(?:com|cn)/(?!share|ttarticle|login)[^?#]{2,80}",
        ),
        ("wechat", r"https?://mp\.weixin\.qq\.com/mp/(?:profile_ext|getmasssendmsg|homepage)\?"),
        ("douyin", r"https?://(?:www\.|v\.)?(?:ies)?douyin\.com/(?!video)[^?#]{2,120}"),
        ("kuaishou", r"https?://(?:www\.|v\.|live\.)?kuaishou\.com/(?!short-video)[^?#]{2,120}"),
        ("toutiao", r"https?://(?:www\.|m\.)?toutiao\.com/(?:c/user|@|m\d)[^?#]{0,120}"),
        ("app", r"https?://(?:apps|itunes)\.apple\.com/|https?://appgallery\.|\.apk(?:\Z|\?)"),
    )
)
_ELSEWHERE = re.compile(
    r"weibo|weixin|douyin|kuaishou|toutiao|apple|appgallery|\.apk", re.IGNORECASE
)
_PLATFORM_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (platform, re.compile(pattern, re.IGNORECASE))
    for platform, pattern in (
        ("shipinhao", r"视频号"),
        ("miniprogram", r"小程序"),
        ("wechat", r"微信|公众号|服务号|订阅号|wechat|weixin"),
        ("weibo", r"微博|weibo"),
        ("douyin", r"抖音|douyin"),
        ("kuaishou", r"快手|kuaishou"),
        ("toutiao", r"头条"),
        ("app", r"客户端|移动端|手机端|\bAPP\b|安卓|苹果"),
    )
)
_FURNITURE = re.compile(
    r"(?:政务|官方)?(?:微信|微博|抖音|快手|今日头条|视频号|小程序)(?:公众)?(?:账?号)?|公众号|二维码|扫一扫|关注我们"
    r"|请?(?:扫码)?关注|官方|客户端|下载|[：:·|（）()【】\[\]“”\"]|APP",
    re.IGNORECASE,
)
_THIS_PAGE = re.compile(
    r"当前页|本页|手机(?:打开|浏览|查看|访问)|分享|打开网页|党政机关|事业单位|纠错|无障碍"
)
_CODE = re.compile(r"qr|ewm|erweima|weixin|wechat|/wx|code|gzh|weibo|douyin", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SeenAccount:
    """One account as a page shows it. `platform` is a word of the register, `url` its profile."""

    platform: str
    name: str
    url: str | None


def is_account_page(*names: str) -> bool:
    """Is this what pages are called that show a government's new-media accounts?"""
    return any(_PAGE.search(name) for name in names)


def page_accounts(scan: Scan, base: str) -> list[SeenAccount]:
    """Which accounts does this page show? Each once, in its order, the first 100."""
    found: dict[tuple[str, str], SeenAccount] = {}
    for account in _all(scan, base):
        found.setdefault((account.platform, account.url or account.name), account)
        if len(found) >= MOST_ACCOUNTS:
            break
    return list(found.values())


def _all(scan: Scan, base: str) -> Iterator[SeenAccount]:
    for at, tag in enumerate(scan.tags):
        if tag == "a":
            yield from _linked(scan, at, base)
        elif tag == "img":
            yield from _pictured(scan, at)


def _linked(scan: Scan, at: int, base: str) -> Iterator[SeenAccount]:
    href = scan.attribute(at, "href")
    url = resolve(href, base) if _ELSEWHERE.search(href) else None
    if url is None or len(url) > 500:
        return
    for platform, profile in _PROFILES:
        if profile.search(url):
            name = _name(scan.text(at), scan.attribute(at, "title"), *_pictures(scan, at))
            if name:
                yield SeenAccount(platform, name, url)
            return


def _pictures(scan: Scan, at: int) -> list[str]:
    inside = range(at + 1, scan.ends[at] + 1)
    return [scan.attribute(each, "alt") for each in inside if scan.tags[each] == "img"]


def _pictured(scan: Scan, at: int) -> Iterator[SeenAccount]:
    """The account of a picture to scan: its own words, else the caption in the same small box."""
    own = f"{scan.attribute(at, 'alt')} {scan.attribute(at, 'title')}".strip()
    near = _caption(scan, at)
    said = f"{own} {near}"
    if _THIS_PAGE.search(said) or not (_CODE.search(scan.attribute(at, "src")) or "二维码" in said):
        return
    if any(
        scan.tags[holder] == "a" and _is_profile(scan, holder) for holder in scan.ancestors(at, 4)
    ):
        return
    platform = next((name for name, words in _PLATFORM_WORDS if words.search(said)), None)
    name = _name(own, near)
    if platform and name:
        yield SeenAccount(platform, name, None)


def _is_profile(scan: Scan, at: int) -> bool:
    href = scan.attribute(at, "href")
    return any(profile.search(href) for _, profile in _PROFILES)


def _caption(scan: Scan, at: int) -> str:
    for holder in scan.ancestors(at, 3):
        words = scan.text(holder)
        if words:
            return words if len(words) <= _LONGEST_NAME else ""
    return ""


def _name(*said: str) -> str:
    """The account's name without the words of furniture; those words when there is no other."""
    shown = [" ".join(words.split()) for words in said]
    shown = [words for words in shown if 2 <= len(words) <= _LONGEST_NAME]
    bare = (_FURNITURE.sub("", words).strip() for words in shown)
    return next((words for words in bare if len(words) >= 2), shown[0] if shown else "")
