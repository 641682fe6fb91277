"""What a visitor of a page would see, as one text in reading order, and where each date stands."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from html import unescape
from itertools import islice

from crawler.dates import full_dates
from crawler.readers.markup import Element, attributes, read_markup
from crawler.readers.unseen import WRITTEN

Span = tuple[int, int]

_FOOT = re.compile(r"foot|copyright|banquan|(?:^|[\s_-])bottom(?:$|[\s_-])", re.IGNORECASE)
_FOOT_WORDS = ("foot", "Foot", "FOOT", "opyright", "banquan", "bottom", "Bottom")
_HIDDEN_WORDS = ("display", "DISPLAY")
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none", re.IGNORECASE)
_DATE_NAME = re.compile(
    r"(?:^|[\s_-])(?:\w{0,8}(?:time|date)|\w{0,4}(?:fbsj|fbrq|rq|riqi|shijian)|sj)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NOISE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_ALL_NOISE = re.compile(f"[{_NOISE}]")
_NOT_WORDS = re.compile(r"[\W\d_]+")
_DATED = re.compile(r"\d[-/.年月]\d")
_META = re.compile(r"""<[mM](?i:eta)(\s(?:[^>"']+|"[^"]*"|'[^']*')*+)""")
_ROW_CHARS = 300
_ROW_LINK_WORDS = 8
_ROW_REST = 30
_LIST_ROWS = 3
_NEARBY = 4_000
_ABOVE_FOOT = 0.25
_PAGE = 300_000
_MOST_ROWS = 40
_MOST_LINKS = 20
_MOST_WRITERS = 500
_DATE_CHARS = 80


class Visible:
    """A page's words: `text` parts blocks by a newline, every other blank is one space.

    `metas` have lower-case names; `scripts` are the page's inline scripts. The questions about a
    place in the text are answered from the elements around it, when they are asked.
    """

    def __init__(self, html: str) -> None:
        self.page_title = ""
        self.scripts: list[str] = []
        self._writers = _Scripts()
        self._around: dict[int, list[tuple[Element, int]]] = {}
        self._writes = "document.write" in html
        self._page = read_markup(html, self._unseen)
        self.text = self._page.text

    @cached_property
    def headings(self) -> list[tuple[str, str]]:
        """The texts of h1 to h3 with their level, in order; those that name something."""
        return [each for each in self._page.headings() if len(each[1]) <= _ROW_CHARS]

    @cached_property
    def metas(self) -> dict[str, str]:
        found: dict[str, str] = {}
        html = self._page.html
        head_end = html.find("</head")
        for head in (head_end > 0 and _META.findall(html, 0, head_end)) or _META.findall(html):
            told = attributes(head)
            name = told.get("name") or told.get("property") or told.get("itemprop")
            content = told.get("content", "").strip()
            if name and content:
                found.setdefault(name.strip().lower(), content[:500])
        return found

    def is_written(self, offset: int) -> bool:
        """Does an inline script write these words where they stand?"""
        spot = self._page.spot_of(offset)
        return self._page.html.endswith(WRITTEN, 0, spot)

    def is_marked(self, offset: int) -> bool:
        """Do they stand in a short element whose class or id speaks of a date?"""
        return any(
            size <= _DATE_CHARS and _DATE_NAME.search(_names(element))
            for element, size in self._rows_around(offset)
        )

    def is_foot(self, offset: int) -> bool:
        """Do they stand in the foot of the page?"""
        if offset < len(self.text) * _ABOVE_FOOT:
            return False
        spot = self._page.spot_of(offset)
        return any(start < spot < end for start, end in self._feet)

    def is_hidden(self, offset: int) -> bool:
        """Do they stand in something that is not displayed?"""
        spot = self._page.spot_of(offset)
        return any(start < spot < end for start, end in self._hidden)

    @cached_property
    def _feet(self) -> list[Span]:
        above = self._page.spot_of(int(len(self.text) * _ABOVE_FOOT))
        return [
            (element.start, self._page.end_of(element, _PAGE))
            for element in self._page.mentioning(_FOOT_WORDS, above)
            if element.name == "footer" or _FOOT.search(_names(element))
        ]

    @cached_property
    def _hidden(self) -> list[Span]:
        return [
            (element.start, self._page.end_of(element, _PAGE))
            for element in self._page.mentioning(_HIDDEN_WORDS, 0)
            if _HIDDEN.search(attributes(element.head).get("style", ""))
        ]

    def is_row(self, offset: int) -> bool:
        """Do they stand in a row of a list: a small element that is mostly one long link?"""
        for element, size in self._rows_around(offset):
            linked = self._linked(element)
            if size <= _ROW_CHARS and max(_ROW_LINK_WORDS, size * 0.4) <= linked:
                return True
            if self._is_dated_link(element, size, linked) and self._has_rows_like(element):
                return True
        return False

    def _rows_around(self, offset: int) -> list[tuple[Element, int]]:
        """The elements around that are no larger than a row of a list, with their size."""
        page = self._page
        spot = page.spot_of(offset)
        if spot not in self._around:
            found: list[tuple[Element, int]] = []
            first = max(page.spot_of(max(0, offset - _ROW_CHARS - _ROW_REST)), spot - _NEARBY)
            for element in page.around(spot, first):
                start, end = page.stretch(element)
                if end - start > _ROW_CHARS + _ROW_REST:
                    break
                found.append((element, end - start))
            self._around[spot] = found
        return self._around[spot]

    def _is_dated_link(self, element: Element, size: int, linked: int) -> bool:
        """Is this little more than a link and a date?"""
        start = self._page.offset_of(element.start)
        return 2 <= linked >= size - _ROW_REST and bool(
            _DATED.search(self.text, start, start + size)
        )

    def _has_rows_like(self, row: Element) -> bool:
        """Are there three such rows hereabouts?"""
        page, rows = self._page, 0
        near = page.named(row.name, max(0, row.start - _NEARBY), row.start + _NEARBY)
        for other in islice(near, _MOST_ROWS):
            start, end = page.stretch(other)
            if end - start <= _ROW_CHARS + _ROW_REST:
                rows += self._is_dated_link(other, end - start, self._linked(other))
            if rows >= _LIST_ROWS:
                return True
        return False

    def _linked(self, element: Element) -> int:
        """How many characters have the words of the longest link in this element?"""
        page, longest = self._page, 0
        within = page.named("a", element.start, page.end_of(element))
        for link in islice(within, _MOST_LINKS):
            start, end = page.stretch(link)
            if end - start <= _ROW_CHARS:
                longest = max(longest, len(_NOT_WORDS.sub("", self.text[start:end])))
        return longest

    def _unseen(self, name: str, content: str) -> list[str]:
        """Takes in what a visitor does not see; answers what a script writes into the page."""
        if name == "title" and not self.page_title:
            self.page_title = " ".join(unescape(content).split())[:_ROW_CHARS]
        elif name == "script" and content:
            self.scripts.append(content)
            writes = self._writes and len(self.scripts) <= _MOST_WRITERS
            return self._writers.writes(content) if writes else []
        return []


def _names(element: Element) -> str:
    """The class and id of an element."""
    found = attributes(element.head)
    return f"{found.get('class', '')} {found.get('id', '')}"


@lru_cache(maxsize=2)
def read_visible(html: str) -> Visible:
    """What does this page show? The answer is shared between those who ask: never change it."""
    seen = Visible(html)
    if any(each in seen.text for each in _NOISE):
        seen = Visible(_ALL_NOISE.sub("", html))
    return seen


_ASSIGNED = re.compile(
    r"""([A-Za-z_$][\w$]{0,40})\s{0,5}=\s{0,5}["']([^"'\n]{6,40})["']""",
)
_WRITTEN = re.compile(r"document\.write(?:ln)?\s{0,5}\(([^\n;]{1,300})")
_WORDS = re.compile(r"""'([^']{0,200})'|"([^"]{0,200})"|([A-Za-z_$][\w$]{0,40})""")
_LITERAL = re.compile(r"[12][09]\d\d ?[-/.年]")
_TAGS = re.compile(r"<[^>]{0,300}>")
_LINE_COMMENT = re.compile(r"(?<![:\"'\w])//[^\n]*")
_CODE_CHARS = 60_000


class _Scripts:
    """Follows `var pubdata='2017年08月08日'; document.write(pubdata)` through a page's scripts."""

    def __init__(self) -> None:
        self._unread: list[str] = []
        self._variables: dict[str, str] = {}

    def writes(self, code: str) -> list[str]:
        """Which texts with a date does this script write into the page where it stands?"""
        code = code[:_CODE_CHARS]
        if _LITERAL.search(code):
            self._unread.append(code)
        if not (self._unread or self._variables) or "document.write" not in code:
            return []
        for earlier in self._unread:
            self._variables.update(_ASSIGNED.findall(_uncommented(earlier)))
        self._unread.clear()
        calls = _WRITTEN.findall(_uncommented(code))
        return [text for text in map(self._said, calls) if full_dates(text)]

    def _said(self, call: str) -> str:
        words = (
            single or double or self._variables.get(name, "")
            for single, double, name in _WORDS.findall(call)
        )
        return _TAGS.sub(" ", " ".join(words))


def _uncommented(code: str) -> str:
    return _LINE_COMMENT.sub("", without(code, "/*", "*/"))


def without(text: str, opening: str, closing: str) -> str:
    """What is left of a text without all that stands between these marks? In one pass."""
    kept, at = [], 0
    while (start := text.find(opening, at)) >= 0:
        end = text.find(closing, start + len(opening))
        if end < 0:
            break
        kept.append(text[at:start])
        at = end + len(closing)
    return "".join([*kept, text[at:]])
