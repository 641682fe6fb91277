"""The title and the address of a row, read from the markup of its links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from crawler.dates import full_dates
from crawler.readers.folders import plain_parts
from crawler.readers.listing.elements import Element, elements_round

_URL_LIKE = re.compile(r"(?:https?:|/|\.{0,2}/)|\S+\.s?html?$", re.I)
_ABOUT_LINK = re.compile(
    r"(?:点击|查看|打开|详情|链接|阅读|跳转|点此)|.{0,8}(?:发布|更新)(?:时间|日期)[:：]"
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
_MARKERS = re.compile(r"(?:[·•●◆■□▪»›>*\s]|\[?置顶\]?|【置顶】|NEW!?\s)+", re.I)
_LAST_MARKER = re.compile(r"(?:\s+NEW!?|\s+HOT!?)$", re.I)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_LONGEST_TITLE = 80
_SHORTEST_TITLE = 2


@dataclass(frozen=True, slots=True)
class RowText:
    title: str
    url: str | None


def read_row_texts(rows: Sequence[Element | str], base: str) -> list[RowText]:
    """What is each row's title and where does it lead? One answer a row, in order.

    A row is an element that holds its links, or their markup.
    """
    read = iter(elements_round([row for row in rows if isinstance(row, str)]))
    return [_read(next(read) if isinstance(row, str) else row, base) for row in rows]


def _read(row: Element, base: str) -> RowText:
    links = [each for each in row.inner if each.name == "a"]
    openers = [each for each in row.inner if each.name != "a" and each.get("onclick")]
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


def _best(titled: list[tuple[Element, str]]) -> tuple[Element, str]:
    """The longest title, unless it is so long that it must be the summary."""
    sensible = [each for each in titled if len(each[1]) <= _LONGEST_TITLE] or titled[:1]
    return max(sensible, key=lambda each: len(each[1]))


def link_title(link: Element) -> str:
    """The words of a link that name what it leads to, without dates and markers."""
    shown = _shown(link)
    for holder in (link, *link.inner):
        attribute = holder.get("title") or holder.get("alt")
        if attribute and [attribute] != link.texts and _tells_more(told := _told(attribute), shown):
            return _clean(told)
    return shown


def _told(attribute: str) -> str:
    """The words of a title attribute; of 标题：… 发布时间：… only the title."""
    words = " ".join(attribute.split())
    listed = _LISTED.match(words)
    return listed[1] if listed else words


def _tells_more(told: str, shown: str) -> bool:
    if not told or len(told) > 3 * _LONGEST_TITLE:
        return False
    if _URL_LIKE.match(told) or _ABOUT_LINK.match(told):
        return False
    if len(shown) < _SHORTEST_TITLE:
        return len(told) >= _SHORTEST_TITLE
    cut = _CUT.search(shown)
    return told.startswith(shown[: cut.start()][:6]) if cut else len(told) >= len(shown)


def _shown(link: Element) -> str:
    for each in link.inner:
        if each.name in _HEADINGS or _TITLE_CLASS.search(each.get("class")):
            heading = _clean(_joined(each))
            if len(heading) >= _SHORTEST_TITLE:
                return heading
    words = _clean(_joined(link))
    if len(words) > _LONGEST_TITLE:
        pieces = [_clean(piece) for piece in link.texts if piece.strip()]
        words = next((piece for piece in pieces if len(piece) >= 4), words)
    return words


def _joined(link: Element) -> str:
    """The words of the link as inline markup shows them; dates of their own element left out."""
    pieces = link.texts
    if len(pieces) > 1:
        pieces = [piece for piece in pieces if not _is_date(piece)]
    return " ".join("".join(pieces).split())


def _is_date(words: str) -> bool:
    found = full_dates(words)
    return len(found) == 1 and len(words.strip(" []()（）【】\n\t")) <= len(found[0].text) + 1


def _clean(words: str) -> str:
    words = " ".join(words.split()).strip(" |·")
    marker = _MARKERS.match(words)
    rest = words[marker.end() :] if marker else words
    return " ".join(_LAST_MARKER.sub("", rest).split())


def without_date(title: str, date_text: str) -> str:
    """The title without the row's date, which some lists write at one end of the link."""
    written = rf"[\s\[(（【]*{re.escape(date_text)}[\s\])）】]*"
    rest = re.sub(rf"^{written}|{written}$", "", title).strip()
    return rest if len(rest) >= _SHORTEST_TITLE else title


def link_address(link: Element, base: str) -> str | None:
    """Where does a link lead: its href, else the quoted path of its click action?"""
    href = link.get("href").strip()
    if href and not href.startswith("#") and not _SCRIPT_LINK.match(href):
        return resolve(href, base)
    for action in (href, link.get("onclick")):
        for quoted in _QUOTED.findall(action):
            if _ADDRESS.search(quoted):
                return resolve(quoted, base)
    return None


# What a browser leaves out of an address: control characters at its ends, breaks anywhere.
_EDGES = "".join(map(chr, range(33)))
_NO_BREAKS = str.maketrans("", "", "\t\r\n")


def resolve(href: str, base: str) -> str | None:
    """The full http(s) address, or None when there is none to follow."""
    href = href.strip()
    if not href.isprintable():
        href = href.strip(_EDGES).translate(_NO_BREAKS)
    parts = plain_parts(href)
    if parts is None:
        return _absolute(base, href)
    folder = _folder(base, parts[0])
    return folder and folder + parts[1]


def _absolute(base: str, href: str) -> str | None:
    try:
        address = urljoin(base, href)
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None


_folder = lru_cache(maxsize=256)(_absolute)
