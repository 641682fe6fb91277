"""A page's words as one text, and the elements around any place in it.

Pages are broken in every way, and a reader asks about one or two dates of a page only. So there is
no tree here: the words are taken in one pass, and the elements around a place are found by going
back from it, tag by tag, when they are asked for. Nothing can fail, the cost grows with the length
of the page alone, and it is several times less than that of building a tree.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from crawler.readers.unseen import OnUnseen, seen_part

_INLINE_NAMES = (
    "abbr|a|big|bdi|bdo|b|cite|code|em|font|i|label|mark|q|small|span|strike|strong|sub|sup|s"
    "|time|tt|u|var"
)
_INLINE = frozenset(_INLINE_NAMES.split("|"))
_VOID = frozenset(
    "area base basefont br col embed frame hr img input keygen link meta param script source track"
    " wbr".split()
)
# An end tag does not reach through an element that ranks above its own.
_BLOCK_RANK = 150
_RANKS = dict.fromkeys(_INLINE, 10) | {
    "p": 100,
    "td": 160,
    "th": 160,
    "tr": 170,
    "thead": 180,
    "tbody": 180,
    "tfoot": 180,
    "table": 190,
    "body": 200,
    "html": 220,
}
# A start tag ends open elements of these names that stand before it at its own level.
_CELLS = frozenset({"td", "th"})
_TERMS = frozenset({"dt", "dd"})
_PARAGRAPH = frozenset({"p"})
_ENDED_BY: dict[str, frozenset[str]] = {
    "li": frozenset({"li"}),
    "dt": _TERMS,
    "dd": _TERMS,
    "td": _CELLS,
    "th": _CELLS,
    "tr": _CELLS | {"tr"},
    "a": frozenset({"a"}),
}
# Where an element may be left open, these end it as well as its own end tag.
_ENDS = {
    "li": r"</?li|</[ou]l",
    "td": r"</?t[dhr]|</table",
    "th": r"</?t[dhr]|</table",
    "tr": r"</?tr|</(?:table|tbody)",
    "dt": r"</?d[tdl]",
    "dd": r"</?d[tdl]",
    "p": r"</?(?:p|div|ul|table|td|li|h\d)",
}

_WORDS = re.compile(r">\s*+([^<\s][^<]*+)")
# Both cases are spelt out: ignoring case is several times slower.
_BLOCK = re.compile(rf"</?(?!(?:{_INLINE_NAMES}|{_INLINE_NAMES.upper()})[\s/>])[a-zA-Z]")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^>]*)")
_IN_QUOTE = re.compile(r"""=\s{0,5}(?:"[^"]*|'[^']*)\Z""")
# Only where a name begins: each place within 27 kB of what is none would be tried to its end.
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'>/=])([^\s"'>/=]++)\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
)
_ANY_TAG = re.compile(r"<[^>]{0,2000}>")
_HEADING = re.compile(r"<([hH][1-3])[\s>]")

_MOST_CHARS = 400_000
_MOST_TAGS = 32
_MOST_MENTIONS = 100
_HEAD_CHARS = 2_000
_ELEMENT_CHARS = 8_000
_MOST_HEADINGS = 40


class Element(NamedTuple):
    """An element that was opened: its name, and where in the markup its start tag stands."""

    name: str
    start: int
    head: str


class Markup:
    """`text` parts blocks by a newline and collapses every other blank to one space.

    `html` is the page without comments, scripts and the like. Places in it are called spots,
    places in `text` offsets.
    """

    def __init__(self, html: str, text: str, offsets: list[int], spots: list[int]) -> None:
        self.html = html
        self.text = text
        self._offsets = offsets
        self._spots = spots
        self._ends: dict[tuple[int, int], int] = {}

    def spot_of(self, offset: int) -> int:
        """Where in the markup begins the stretch of words that holds this offset?"""
        at = bisect_right(self._offsets, offset) - 1
        return self._spots[at] if at >= 0 else 0

    def offset_of(self, spot: int) -> int:
        """Where in the text would words at this spot stand?"""
        at = bisect_left(self._spots, spot)
        return self._offsets[at] if at < len(self._offsets) else len(self.text)

    def around(self, spot: int, first: int) -> Iterator[Element]:
        """Which elements that begin after the spot `first` hold this spot, innermost first?

        Looks at the 32 tags before it: what is of the size of a list's row has fewer.
        """
        closed: list[str] = []
        ended: set[str] = set()
        for match in reversed([*_TAG.finditer(self.html, first, spot)][-_MOST_TAGS:]):
            name = match[2].lower()
            if name in _VOID or (match[3].endswith("/") and name != "a"):
                continue
            if name not in _INLINE and name != "p":
                ended.add("p")
            if match[1]:
                closed.append(name)
                continue
            rank = _RANKS.get(name, _BLOCK_RANK)
            while closed and closed[-1] != name and _RANKS.get(closed[-1], _BLOCK_RANK) < rank:
                closed.pop()
            if closed and closed[-1] != name:
                continue  # left open inside something that is closed by now
            if closed:
                closed.pop()
            elif name not in ended:
                yield Element(name, match.start(), match[3])
                ended -= _let_in(name)
            if not closed:
                ended |= _ENDED_BY.get(name, _PARAGRAPH if name == "p" else frozenset())

    def end_of(self, element: Element, most: int = _ELEMENT_CHARS) -> int:
        """Where does this element end? Looks at the next `most` characters."""
        known = self._ends.get((element.start, most))
        if known is None:
            known = self._ends[element.start, most] = self._found_end(element, most)
        return known

    def _found_end(self, element: Element, most: int) -> int:
        depth = 0
        last = min(len(self.html), element.start + most)
        for match in _ends(element.name).finditer(self.html, element.start + 1, last):
            if element.name in _ENDS:
                return match.start()
            if match[0][1] != "/":
                depth += 1
            elif depth == 0:
                return match.start()
            else:
                depth -= 1
        return last

    def stretch(self, element: Element) -> tuple[int, int]:
        """Which stretch of the text do the words of this element make up?"""
        return self.offset_of(element.start), self.offset_of(self.end_of(element))

    def mentioning(self, words: Sequence[str], first: int) -> list[Element]:
        """Which elements after the spot `first` have one of these words in their start tag?"""
        found: dict[int, Element] = {}
        for word in words:
            at = self.html.find(word, first)
            for _ in range(_MOST_MENTIONS):
                if at < 0:
                    break
                start = self.html.rfind("<", max(0, at - _HEAD_CHARS), at)
                match = _TAG.match(self.html, start) if start >= 0 else None
                if match and match.end() > at and not match[1]:
                    found[start] = Element(match[2].lower(), start, match[3])
                at = self.html.find(word, at + 1)
        return list(found.values())

    def named(self, name: str, first: int, last: int) -> Iterator[Element]:
        """Which elements of this name begin between two spots, in order?"""
        for match in _starts(name).finditer(self.html, first, last):
            yield Element(name, match.start(), match[1])

    def headings(self) -> list[tuple[str, str]]:
        """The texts of h1 to h3 with their level, in order, blanks only where the page has them."""
        found = []
        for match in _HEADING.finditer(self.html):
            end = self.html.find(f"</{match[1]}", match.end(), match.end() + _ELEMENT_CHARS)
            inner = self.html[match.end() - 1 : max(end, 0)].partition(">")[2]
            words = " ".join(unescape(_ANY_TAG.sub("", inner)).split())
            if words:
                found.append((match[1].lower(), words))
            if len(found) >= _MOST_HEADINGS:
                break
        return found


def _let_in(name: str) -> frozenset[str]:
    """Which elements may hold this one although one of their kind was seen inside it?"""
    if name in ("tr", "table"):
        return frozenset({"li", "dt", "dd", "td", "th", "a", *(("tr",) if name == "table" else ())})
    if name in _INLINE or name in ("li", "p"):
        return frozenset()
    return frozenset({"li", "dt", "dd", "a"})


@lru_cache(maxsize=128)
def _ends(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?i:{_ENDS.get(name, '</?' + re.escape(name))})(?=[\s/>])")


def attributes(head: str) -> dict[str, str]:
    """The attributes of a start tag; the first of two with the same name counts."""
    if "=" not in head:
        return {}
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(head):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


def read_markup(html: str, on_unseen: OnUnseen) -> Markup:
    """Which words does this page show, and where?

    `on_unseen` is told name and content of each script, style, title and the like, and answers
    with the words to show in its place. Reads the first 400,000 characters of visible words.
    """
    html = ">" + seen_part(html, on_unseen)
    parts: list[str] = []
    offsets: list[int] = []
    spots: list[int] = []
    length = before = 0
    for match in _WORDS.finditer(html):
        words, spot = match[1], match.start(1)
        if len(words) > _MOST_CHARS:
            words = words[:_MOST_CHARS]
        if ">" in words:
            words = _beyond_quote(html, spot, words)
        if "&" in words:
            words = unescape(words)
        piece = " ".join(words.split())
        if not piece:
            continue
        if length:
            piece = ("\n" if _BLOCK.search(html, before, spot) else " ") + piece
        offsets.append(length)
        spots.append(spot)
        parts.append(piece)
        before = match.end()
        length += len(piece)
        if length > _MOST_CHARS:
            break
    return Markup(html, "".join(parts), offsets, spots)


def _beyond_quote(html: str, spot: int, words: str) -> str:
    """The words after a start tag that seemed to end at a > inside a quoted attribute."""
    head = html[html.rfind("<", 0, spot) : spot].rstrip()[:-1]
    return words.partition(">")[2] if words[0] in "\"'" or _IN_QUOTE.search(head) else words


@lru_cache(maxsize=128)
def _starts(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(?i:{re.escape(name)})(?=[\s/>])([^>]*)")
