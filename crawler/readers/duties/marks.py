"""The seven marks in the foot of a page: each found with its words and link, absent, or unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape

from checks.duties import Mark, MarkSeen, Presence
from crawler.readers.duties.ground import Ground, has_scripts
from crawler.readers.markup import attributes

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_CODE = re.compile(r"标识码\s{0,3}[:：]?\s{0,3}([A-Za-z]{0,2}\d{3,14})(?!\d)")
_ICP = re.compile(
    rf"([{_PROVINCES}]?)\s{{0,2}}ICP\s{{0,2}}备\s{{0,2}}[:：]?\s{{0,2}}第?\s{{0,2}}(\d{{5,12}})"
    r"\s{0,2}(号?)\s{0,2}(-\s{0,2}\d{1,3})?",
    re.IGNORECASE,
)
_POLICE = re.compile(
    rf"([{_PROVINCES}]?)\s{{0,2}}公网安备\s{{0,2}}[:：]?\s{{0,2}}第?\s{{0,2}}(\d{{6,20}})\s{{0,2}}(号?)"
)
_POLICE_LINK = re.compile(r"beian\.(?:mps\.)?gov\.cn/[^\"'\s<>]{0,100}code=(\d{14})(?!\d)")
_HOST = re.compile(r"主 ?办(?: ?单 ?位)? ?: ?([^\s:|]{2,40})|主办单位 ([^\s:|]{4,40})")
_HOST_BEFORE = re.compile(r"([^\s:|]{4,40}) ?主办(?![单方 :])")
_CONTACT = re.compile(
    r"(?:联系(?:我们|电话|方式|人)|电\s{0,3}话|热\s{0,3}线|邮\s{0,3}箱|e-?mail|传\s{0,3}真|地\s{0,3}址)[^\n]{0,40}"
    r"|(?<!\d)0\d{2,3}\s?-\s?\d{7,8}(?!\d)|[\w.-]{1,40}@[\w-]{1,40}\.[\w.-]{1,40}",
    re.IGNORECASE,
)
# Words that speak of a mark although it could not be read: in the foot, or anywhere in the page,
# its scripts and its pictures' names included.
_TRACES_IN_FOOT = {
    Mark.ICP: re.compile(r"ICP|备案", re.IGNORECASE),
    Mark.POLICE: re.compile(r"公安|网警|网安"),
    Mark.HOST: re.compile(r"主办|版权所有|承办|主管|维护|Copyright|©", re.IGNORECASE),
}
_TRACES = {
    Mark.SITE_CODE: re.compile(r"标识码"),
    Mark.ICP: re.compile(r"ICP ?[备证]|备案(?:序|编)?号|beian\.miit|miitbeian"),
    Mark.POLICE: re.compile(r"网安备|公安[^\n]{0,4}备|网警|beian\.(?:mps\.)?gov"),
    Mark.HOST: re.compile(r"主办"),
    Mark.CONTACT: re.compile(r"联系(?:我们|电话|方式)|热线|电话[:：]"),
}
_SIGN_CLUES = ("conac", "Conac", "CONAC")
_SIGN_CLUES_IN_FOOT = ("党政机关", "事业单位标识", "dzjg")
_ENTRY_CLUES = ("jiucuo", "Jiucuo", "JiuCuo", "网站找错", "网站纠错")
_HEAD = re.compile(r"<([a-zA-Z]{1,10})(?=\s)([^<>]{1,2000})")
_ENTRY_CODE = re.compile(r"site_?code['\"]?\s{0,3}[=:]\s{0,3}['\"]?([A-Za-z]{0,2}\d{6,12})(?!\d)")
_IMAGE = re.compile(r"<img(?=[\s/>])([^<>]{0,2000})", re.IGNORECASE)
_WORDS_CHARS = 60
_HEAD_CHARS = 2_000
_MOST_CLUES = 40


def read_marks(ground: Ground, *, rendered: bool) -> tuple[MarkSeen, ...]:
    """Which of the seven marks does this page show? In the order of `Mark`.

    Sign and entry are usually written by a script, so they are only called absent where no script
    could have written them or a browser ran them.
    """
    script_doubt = "" if rendered or not has_scripts(ground.raw) else _BY_SCRIPT
    image_doubt = _BY_IMAGE if _has_mute_image(ground.foot_html) else ""
    doubt = ground.doubt or script_doubt or image_doubt
    return (
        _sign(ground, doubt),
        _pictured(ground.raw, Mark.ERROR_ENTRY, _ENTRY_CLUES, doubt),
        _written(ground, Mark.SITE_CODE, _site_code(ground)),
        _written(ground, Mark.ICP, _number(ground.foot, _ICP, "ICP备")),
        _written(ground, Mark.POLICE, _police(ground)),
        _written(ground, Mark.HOST, _host(ground.foot)),
        _written(ground, Mark.CONTACT, _contact(ground.foot)),
    )


_BY_SCRIPT = "此项常由脚本写出，页面未经浏览器打开，请在浏览器中人工核对"
_BY_IMAGE = "页脚有未注明文字的图片，可能就是此项"


def entry_code(raw: str) -> str | None:
    """Which site code does the entry 我为政府网站找错 hand on?"""
    for at in _places(raw, _ENTRY_CLUES):
        if found := _ENTRY_CODE.search(raw, max(0, at - 100), at + 200):
            return found[1]
    return None


def _sign(ground: Ground, doubt: str) -> MarkSeen:
    """Its address tells it anywhere; words that headlines use too only count in the foot."""
    by_address = _pictured(ground.raw, Mark.SIGN, _SIGN_CLUES, doubt)
    by_words = _pictured(ground.foot_html, Mark.SIGN, _SIGN_CLUES_IN_FOOT, doubt)
    if by_address.presence is not Presence.FOUND:
        return by_words
    return replace(by_address, text=by_address.text or by_words.text)


def _pictured(html: str, mark: Mark, clues: tuple[str, ...], doubt: str) -> MarkSeen:
    """A mark that is a picture, a link or a script: known by its address or its words."""
    places = _places(html, clues)
    if not places:
        return MarkSeen(mark, Presence.UNKNOWN if doubt else Presence.ABSENT, why=doubt)
    text = link = None
    for at in places:
        start = html.rfind("<", max(0, at - _HEAD_CHARS), at)
        match = _HEAD.match(html, start) if start >= 0 else None
        if match and match.end() > at:
            told = attributes(match[2])
            link = link or told.get("href") or None
            text = text or told.get("title") or told.get("alt") or None
    return MarkSeen(mark, Presence.FOUND, text, link)


def _places(html: str, clues: tuple[str, ...]) -> list[int]:
    found: list[int] = []
    for clue in clues:
        at = html.find(clue)
        while at >= 0 and len(found) < _MOST_CLUES:
            found.append(at)
            at = html.find(clue, at + 1)
    return sorted(found)


def _written(ground: Ground, mark: Mark, found: tuple[str, str | None] | None) -> MarkSeen:
    """A mark that is written in words."""
    if found:
        return MarkSeen(mark, Presence.FOUND, found[0][:_WORDS_CHARS], found[1])
    if ground.doubt:
        return MarkSeen(mark, Presence.UNKNOWN, why=ground.doubt)
    trace = _trace(_TRACES_IN_FOOT, mark, ground.foot) or _trace(_TRACES, mark, ground.raw)
    if trace:
        return MarkSeen(mark, Presence.UNKNOWN, why=f"页面写有“{trace}”，未能读出，请人工核对")
    return MarkSeen(mark, Presence.ABSENT)


def _trace(traces: Mapping[Mark, re.Pattern[str]], mark: Mark, text: str) -> str:
    found = traces[mark].search(text) if mark in traces else None
    return found[0] if found else ""


def _site_code(ground: Ground) -> tuple[str, None] | None:
    found = _CODE.search(ground.foot) or _CODE.search(ground.page.text)
    return (found[1], None) if found else None


def _number(text: str, pattern: re.Pattern[str], middle: str) -> tuple[str, None] | None:
    """A filing number without its blanks: province, kind, digits, 号."""
    found = pattern.search(text)
    if found is None:
        return None
    province, digits, *rest = (part or "" for part in found.groups())
    return f"{province}{middle}{digits}{''.join(''.join(rest).split())}", None


def _police(ground: Ground) -> tuple[str, str | None] | None:
    linked = _POLICE_LINK.search(ground.raw)
    written = _number(ground.foot, _POLICE, "公网安备")
    if written:
        return written[0], unescape(linked[0]) if linked else None
    # The picture may carry the province; the number in the link is the filing itself.
    return (linked[1], unescape(linked[0])) if linked else None


def _host(foot: str) -> tuple[str, None] | None:
    found = _HOST.search(foot) or _HOST_BEFORE.search(foot)
    return (next(part for part in found.groups() if part), None) if found else None


def _contact(foot: str) -> tuple[str, None] | None:
    found = _CONTACT.search(foot)
    return (" ".join(found[0].split()), None) if found else None


def _has_mute_image(foot_html: str) -> bool:
    """Does the foot hold a picture that does not say what it shows?"""
    heads = (attributes(head) for head in _IMAGE.findall(foot_html))
    return any(not (told.get("alt", "") or told.get("title", "")).strip() for told in heads)
