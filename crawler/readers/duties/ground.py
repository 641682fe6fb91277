"""The parts of a page where duties are looked for: its foot, and what may stand there unseen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import normalize

from crawler.readers.markup import Element, Markup, attributes, read_markup
from crawler.readers.visible import without

_NOISE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_FOOT_WORDS = ("foot", "Foot", "FOOT", "opyright", "banquan", "bottom", "Bottom")
_FOOT_NAME = re.compile(r"foot|copyright|banquan|bottom", re.IGNORECASE)
_ANCHOR_WORDS = r"版权所有|标识码|ICP ?[备证]|网安备|Copyright|©"
_ANCHOR = re.compile(_ANCHOR_WORDS, re.IGNORECASE)
# Articles end with these too, so they only tell a foot inside an element of that name.
_NAMED_ANCHOR = re.compile(rf"{_ANCHOR_WORDS}|主办单位|主办 ?[:：]|备案(?:编|序)?号", re.IGNORECASE)
_LINE_ABOVE = re.compile(r"主办 ?[:：单]|承办 ?[:：单]|联系我们|地址 ?[:：]|电话 ?[:：]")
_LINES_ABOVE_CHARS = 200
_ABOVE_FOOT = 0.25
_TAIL_CHARS = 1_500
_FOOT_CHARS = 6_000
_ELEMENT_CHARS = 100_000
_MOST_FEET = 20
_MOST_CHARS = 390_000
_END_CHARS = 5_000
_RAW_FOOT_CHARS = 60_000
_LAST_WORDS = 24
_OPENING_CHARS = 100

_ENDED = re.compile(r"</(?:body|html)\s{0,20}>", re.IGNORECASE)
_FRAME = re.compile(r"<(frameset|i?frame)(?=[\s/>])([^<>]{0,1000})", re.IGNORECASE)
_SCRIPT = re.compile(r"<script(?=[\s/>])([^<>]{0,1000})>", re.IGNORECASE)
_WRITES = re.compile(
    r"document\.write|innerHTML|outerHTML|appendChild|insertAdjacent|insertBefore"
    r"|\.(?:html|append|prepend|load|after|before|text)\s{0,3}\(",
)
_TEMPLATE = re.compile(r"\{\{[^{}\n]{1,200}\}\}|<%=|\sv-(?:for|html|text|if)=")
_EMPTY = re.compile(
    r"<(div|span|p|li|ul|td|a|em|i|b|strong|font|footer)(?=\s)([^<>]{1,300})>\s{0,50}</\1>",
    re.IGNORECASE,
)
# What is known not to write any mark, and what is itself a mark.
_HARMLESS = re.compile(
    r"conac|jiucuo|hm\.baidu|cnzz|umeng|zhanzhang|51\.la|bdimg|bdshare|/ga\.js|google-analytics",
    re.IGNORECASE,
)
_NO_PLACE_FOR_WORDS = re.compile(r"conac|jiucuo|top|back|clear|qr", re.IGNORECASE)
_PLACE_FOR_WORDS = re.compile(
    r"beian|icp|code|copyright|police|(?:^|[\s_-])(?:foot(?:er)?|bottom)(?:$|\s)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Ground:
    """`raw` is the page without comments; `foot` the foot's words, `foot_html` its markup.

    `doubt` says in Chinese why words of the foot that are not seen may still be shown.
    """

    raw: str
    page: Markup
    foot: str
    foot_html: str
    doubt: str


def survey(html: str, *, rendered: bool) -> Ground:
    """Where is the foot of this page, and may something stand there that was not seen?"""
    if _NOISE.search(html):
        html = _NOISE.sub("", html)
    raw = without(html, "<!--", "-->")
    page = read_markup(raw, lambda _name, _content: ())
    spot = _foot_spot(page)
    if spot is None:
        return Ground(raw, page, "", "", "没有看到页脚的文字")
    foot = normalize("NFKC", page.text[page.offset_of(spot) :][-_FOOT_CHARS:])
    foot_html = page.html[spot:]
    return Ground(raw, page, foot, foot_html, _doubt(raw, page, spot, rendered=rendered))


def frame_doubt(raw: str) -> str:
    """Does another page stand inside this one?"""
    for name, head in _FRAME.findall(raw):
        source = attributes(head).get("src", "")
        if name.lower() == "frameset" or (source and not source.startswith("about:")):
            return "页面内嵌了框架页，框架内的内容没有看到"
    return ""


def end_doubt(raw: str, page: Markup) -> str:
    """May the page go on behind what was read?"""
    cut = len(page.text) > _MOST_CHARS or not _ENDED.search(raw, max(0, len(raw) - _END_CHARS))
    return "页面没有收全" if cut else ""


def has_scripts(raw: str) -> bool:
    """Does a script that is not known to be harmless belong to this page?"""
    return any(not _HARMLESS.search(head + code) for _, head, code in _placed_scripts(raw))


def _foot_spot(page: Markup) -> int | None:
    """Where in the markup does the foot begin: an element named so, or the first of its words?"""
    above = page.spot_of(int(len(page.text) * _ABOVE_FOOT))
    feet = [each for each in page.mentioning(_FOOT_WORDS, above) if _is_foot(each)]
    feet = sorted(feet, key=lambda each: each.start)[-_MOST_FEET:]
    starts = [each.start for each in feet if _has_anchor(page, each)]
    if first := _ANCHOR.search(page.text, max(0, len(page.text) - _TAIL_CHARS)):
        near = max(0, first.start() - _LINES_ABOVE_CHARS)
        above_it = _LINE_ABOVE.search(page.text, near, first.start()) or first
        starts.append(page.spot_of(page.text.rfind("\n", 0, above_it.start()) + 1))
    return min(starts, default=None)


def _is_foot(element: Element) -> bool:
    told = attributes(element.head)
    named = f"{told.get('class', '')} {told.get('id', '')}"
    return element.name == "footer" or bool(_FOOT_NAME.search(named))


def _has_anchor(page: Markup, element: Element) -> bool:
    start = page.offset_of(element.start)
    end = page.offset_of(page.end_of(element, _ELEMENT_CHARS))
    return bool(_NAMED_ANCHOR.search(page.text, start, end))


def _doubt(raw: str, page: Markup, spot: int, *, rendered: bool) -> str:
    doubt = end_doubt(raw, page) or frame_doubt(raw)
    if doubt or rendered:
        return doubt
    foot_html = page.html[spot:]
    if _TEMPLATE.search(foot_html):
        return "页脚由脚本填写，请在浏览器中人工核对"
    if any(_awaits_words(head) for _, head in _EMPTY.findall(foot_html)):
        return "页脚有留待脚本填写的空位，请在浏览器中人工核对"
    if _is_written(raw, *_raw_foot(raw, page, spot)):
        return "页脚可能由脚本写出，请在浏览器中人工核对"
    return ""


def _awaits_words(head: str) -> bool:
    told = attributes(head)
    own, kind = told.get("id", ""), told.get("class", "")
    if _NO_PLACE_FOR_WORDS.search(f"{own} {kind}"):
        return False
    return bool(own or _PLACE_FOR_WORDS.search(kind))


def _raw_foot(raw: str, page: Markup, spot: int) -> tuple[int, int]:
    """Between which places of the raw page do the foot's first and last words stand?"""
    last = page.spot_of(len(page.text))
    words = page.html[last : last + _LAST_WORDS].partition("<")[0].strip()
    end = raw.rfind(words) if words else len(raw)
    opening = page.html[spot : spot + _OPENING_CHARS].partition(">")[0]
    start = raw.find(opening, max(0, end - _RAW_FOOT_CHARS), end)
    return (start if start >= 0 else max(0, end - _FOOT_CHARS)), end


def _is_written(raw: str, start: int, end: int) -> bool:
    """Does a script write into the foot: by its name, by its words, or where it stands?"""
    for at, head, code in _placed_scripts(raw):
        if _HARMLESS.search(head + code):
            continue
        source = attributes(head).get("src", "")
        if source and (_FOOT_NAME.search(source) or start < at < end):
            return True
        if code and _WRITES.search(code) and (at > start or _FOOT_NAME.search(code)):
            return True
    return False


def _placed_scripts(raw: str) -> list[tuple[int, str, str]]:
    """Each script's place, start tag and code."""
    found, at = [], 0
    while match := _SCRIPT.search(raw, at):
        end = raw.find("</", match.end())
        while end >= 0 and raw[end + 2 : end + 8].lower() != "script":
            end = raw.find("</", end + 2)
        at = end if end >= 0 else len(raw)
        found.append((match.start(), match[1], raw[match.end() : at].strip()))
    return found
