"""The title and the address of a row, read from its markup with Beautiful Soup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from crawler.dates import full_dates

_URL_LIKE = re.compile(r"^(?:https?:|/|\.{0,2}/)|^\S+\.s?html?$", re.I)
_ABOUT_LINK = re.compile(
    r"^(?:点击|查看|打开|详情|链接|阅读|跳转|点此)|^.{0,8}(?:发布|更新)(?:时间|日期)[:：]"
)
_LISTED = re.compile(
    r"(?:文章)?标\s?题\s?[:：]\s?(.{2,200}?)\s?"
    r"(?:(?:作\s?者|来\s?源|发布|发表|更新|点击|时\s?间|日\s?期)[^:：]{0,6}[:：].{0,200})?$"
)
_QUOTED = re.compile(r"""['"]\s*([^'"\s]+)\s*['"]""")
_ADDRESS = re.compile(
    r"^(?:https?://|\.{0,2}/)|\.(?:s?html?|jspx?|aspx?|php|do|ptl)(?:[?#]|$)|/", re.I
)
_SCRIPT_LINK = re.compile(r"^\s*javascript:", re.I)
_TITLE_CLASS = re.compile(r"tit|bt|biaoti|subject|headline|name", re.I)
_CUT = re.compile(r"(?:\.{2,}|…+)\s*$")
_MARKERS = re.compile(
    r"^(?:[·•●◆■□▪»›>*\s]|\[?置顶\]?|【置顶】|NEW!?\s)+|(?:\s+NEW!?|\s+HOT!?)$", re.I
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_LONGEST_TITLE = 80
_SHORTEST_TITLE = 2


@dataclass(frozen=True, slots=True)
class RowText:
    title: str
    url: str | None


def read_row_texts(htmls: Sequence[str], base: str) -> list[RowText]:
    """What is each row's title and where does it lead? One answer per fragment, in order."""
    soup = BeautifulSoup("".join([f"<x-row>{html}</x-row>" for html in htmls]), "lxml")
    return [_read(row, base) for row in soup.find_all("x-row")]


def _read(row: Tag, base: str) -> RowText:
    tags = row.find_all(True)
    links = [tag for tag in tags if tag.name == "a"]
    openers = [tag for tag in tags if tag.name != "a" and tag.get("onclick")]
    titled = [(link, link_title(link)) for link in links or openers]
    titled = [(link, title) for link, title in titled if len(title) >= _SHORTEST_TITLE]
    if not titled:
        untitled = (link_address(each, base) for each in [*links, *openers])
        return RowText("", next((each for each in untitled if each), None))
    link, title = _best(titled)
    address = link_address(link, base)
    if address is None:
        others = (link_address(each, base) for each in [*links, *openers] if each is not link)
        address = next((each for each in others if each), None)
    return RowText(title, address)


def _best(titled: list[tuple[Tag, str]]) -> tuple[Tag, str]:
    """The longest title, unless it is so long that it must be the summary."""
    sensible = [each for each in titled if len(each[1]) <= _LONGEST_TITLE] or titled[:1]
    return max(sensible, key=lambda each: len(each[1]))


def link_title(link: Tag) -> str:
    """The words of a link that name what it leads to, without dates and markers."""
    inner = link.find_all(True)
    shown = _shown(link, inner)
    for holder in (link, *inner):
        told = _told(str(holder.get("title") or holder.get("alt") or ""))
        if told and _tells_more(told, shown):
            return _clean(told)
    return shown


def _told(attribute: str) -> str:
    """The words of a title attribute; of 标题：… 发布时间：… only the title."""
    words = " ".join(attribute.split())
    listed = _LISTED.match(words)
    return listed[1] if listed else words


def _tells_more(told: str, shown: str) -> bool:
    if _URL_LIKE.search(told) or _ABOUT_LINK.search(told) or len(told) > 3 * _LONGEST_TITLE:
        return False
    if len(shown) < _SHORTEST_TITLE:
        return len(told) >= _SHORTEST_TITLE
    start = _CUT.sub("", shown)
    return told.startswith(start[:6]) if _CUT.search(shown) else len(told) >= len(shown)


def _shown(link: Tag, inner: Sequence[Tag]) -> str:
    for tag in inner:
        if tag.name in _HEADINGS or _TITLE_CLASS.search(str(tag.get("class") or "")):
            heading = _clean(_joined(tag))
            if len(heading) >= _SHORTEST_TITLE:
                return heading
    words = _clean(_joined(link))
    if len(words) > _LONGEST_TITLE:
        pieces = [_clean(piece) for piece in link.stripped_strings]
        words = next((piece for piece in pieces if len(piece) >= 4), words)
    return words


def _joined(link: Tag) -> str:
    """The words of the link as inline markup shows them; dates of their own element left out."""
    pieces = [str(piece) for piece in link.strings]
    if len(pieces) > 1:
        pieces = [piece for piece in pieces if not _is_date(piece)]
    return " ".join("".join(pieces).split())


def _is_date(words: str) -> bool:
    found = full_dates(words)
    return len(found) == 1 and len(words.strip(" []()（）【】\n\t")) <= len(found[0].text) + 1


def _clean(words: str) -> str:
    return " ".join(_MARKERS.sub("", " ".join(words.split()).strip(" |·")).split())


def without_date(title: str, date_text: str) -> str:
    """The title without the row's date, which some lists write at one end of the link."""
    written = rf"[\s\[(（【]*{re.escape(date_text)}[\s\])）】]*"
    rest = re.sub(rf"^{written}|{written}$", "", title).strip()
    return rest if len(rest) >= _SHORTEST_TITLE else title


def link_address(link: Tag, base: str) -> str | None:
    """Where does a link lead: its href, else the quoted path of its click action?"""
    href = str(link.get("href") or "").strip()
    if href and not href.startswith("#") and not _SCRIPT_LINK.match(href):
        return resolve(href, base)
    for action in (href, str(link.get("onclick") or "")):
        for quoted in _QUOTED.findall(action):
            if _ADDRESS.search(quoted):
                return resolve(quoted, base)
    return None


# What a browser leaves out of an address: control characters at its ends, breaks anywhere.
_EDGES = "".join(map(chr, range(33)))
_NO_BREAKS = str.maketrans("", "", "\t\r\n")


def resolve(href: str, base: str) -> str | None:
    """The full http(s) address, or None when there is none to follow."""
    try:
        address = urljoin(base, href.strip().strip(_EDGES).translate(_NO_BREAKS))
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None
