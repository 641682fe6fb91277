"""What a visitor of a page would see, as one text in reading order, with the spans that matter.

lxml and not an HTML5 tree builder: it stops at 256 levels, so a page of endless nesting or of
endlessly reopened formatting costs no more than a good one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from lxml import etree

from crawler.dates import full_dates

Span = tuple[int, int]

_UNSEEN = frozenset(
    {"script", "style", "select", "option", "template", "noscript", "textarea", "title"}
)
_INLINE = frozenset(
    "a abbr b big bdi bdo cite code em font i label mark q s small span strike strong sub sup"
    " time tt u var".split()
)
_FOOT = re.compile(r"foot|copyright|banquan|(?:^|[\s_-])bottom(?:$|[\s_-])", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none", re.IGNORECASE)
_DATE_NAME = re.compile(
    r"(?:^|[\s_-])(?:\w{0,8}(?:time|date)|\w{0,4}(?:fbsj|fbrq|rq|riqi|shijian)|sj)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NOISE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_NOT_WORDS = re.compile(r"[\W\d_]+")
_DATED = re.compile(r"\d[-/.年月]\d")
_HEADINGS = frozenset({"h1", "h2", "h3"})
_MOST_HEADINGS = 40
_MAX_CHARS = 400_000
_ROW_CHARS = 300
_ROW_LINK_WORDS = 8
_ROW_REST = 30
_LIST_ROWS = 3
_DATE_CHARS = 80


class Spans:
    """Stretches of the text, nested ones allowed; asked only after the last one was added."""

    _NESTING = 8

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._ends: list[int] = []

    def add(self, start: int, end: int) -> None:
        self._spans.append((start, end))

    def hold(self, offset: int) -> bool:
        """Does one of them cover this offset?"""
        if len(self._ends) != len(self._spans):
            self._spans.sort(key=lambda span: span[1])
            self._ends = [end for _, end in self._spans]
        first = bisect_right(self._ends, offset)
        return any(start <= offset for start, _ in self._spans[first : first + self._NESTING])


@dataclass(slots=True)
class Visible:
    """`text` separates blocks by a newline and collapses every other blank to one space.

    `foot` is the page's foot, `rows` small elements that are mostly one link with a long text
    (rows of a list), `hidden` what is not displayed, `marked` short elements whose class or id
    speaks of a date, `written` what inline scripts write where they stand. `headings` are the
    texts of h1 to h3 with their level; `metas` have lower-case names.
    """

    text: str = ""
    page_title: str = ""
    foot: Spans = field(default_factory=Spans)
    rows: Spans = field(default_factory=Spans)
    hidden: Spans = field(default_factory=Spans)
    marked: Spans = field(default_factory=Spans)
    written: Spans = field(default_factory=Spans)
    headings: list[tuple[str, str]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    metas: dict[str, str] = field(default_factory=dict)


def read_visible(html: str) -> Visible:
    """What does this page show? An empty result when there is no markup to read."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    data = _NOISE.sub("", html).encode("utf-8", errors="replace")
    try:
        root = etree.fromstring(data, parser) if data.strip() else None
    except etree.XMLSyntaxError:  # nothing but markup errors: an empty page
        root = None
    return _Walk().over(root) if root is not None else Visible()


@dataclass(slots=True)
class _Frame:
    """An element that is still open: its start and longest link in characters, and which of
    its children hold both a link and a date."""

    start: int
    first_part: int
    link_words: int = 0
    dated_links: list[Span] = field(default_factory=list)


class _Walk:
    """One pass over the tree."""

    def __init__(self) -> None:
        self._seen = Visible()
        self._parts: list[str] = []
        self._length = 0
        self._gap = ""
        self._frames: list[_Frame] = []
        self._scripts = _Scripts()

    def over(self, root: etree._Element) -> Visible:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                self._close(element)
            elif self._open(element):
                walk.skip_subtree()
            if self._length > _MAX_CHARS:
                break
        self._seen.text = "".join(self._parts)
        return self._seen

    def _open(self, element: etree._Element) -> bool:
        """Enter an element; true when its inside is not for visitors."""
        tag = element.tag
        self._part_from(tag)
        self._frames.append(_Frame(self._length, len(self._parts)))
        if tag in _UNSEEN:
            self._unseen(tag, element)
            return True
        if tag == "meta":
            self._meta(element)
        self._say(element.text)
        return False

    def _close(self, element: etree._Element) -> None:
        frame = self._frames.pop()
        if self._length > frame.start and element.tag not in _UNSEEN:
            self._measure(element, frame)
        self._part_from(element.tag)
        self._say(element.tail)

    def _part_from(self, tag: object) -> None:
        if tag not in _INLINE:
            self._gap = "\n"
        elif not self._gap:
            self._gap = " "

    def _say(self, raw: str | None) -> None:
        words = raw.split() if raw else None
        if not words:
            return
        piece = " ".join(words)
        if self._length:
            piece = (self._gap or " ") + piece
        self._gap = ""
        self._parts.append(piece)
        self._length += len(piece)

    def _measure(self, element: etree._Element, frame: _Frame) -> None:
        tag, start, size = element.tag, frame.start, self._length - frame.start
        if tag == "a" and size <= _ROW_CHARS:
            frame.link_words = len(_NOT_WORDS.sub("", "".join(element.itertext())))
        if self._frames:
            outer = self._frames[-1]
            outer.link_words = max(outer.link_words, frame.link_words)
            if 2 <= frame.link_words >= size - _ROW_REST and self._looks_dated(frame):
                outer.dated_links.append((start, self._length))
        if size <= _ROW_CHARS and max(_ROW_LINK_WORDS, size * 0.4) <= frame.link_words:
            self._seen.rows.add(start, self._length)
        if len(frame.dated_links) >= _LIST_ROWS:
            for row in frame.dated_links:
                self._seen.rows.add(*row)
        if tag in _HEADINGS and size <= _ROW_CHARS and len(self._seen.headings) < _MOST_HEADINGS:
            self._seen.headings.append((tag, " ".join("".join(element.itertext()).split())))
        if element.attrib or tag == "footer":
            self._mark(element, start, size)

    def _looks_dated(self, frame: _Frame) -> bool:
        return bool(_DATED.search("".join(self._parts[frame.first_part :])))

    def _mark(self, element: etree._Element, start: int, size: int) -> None:
        attributes = element.attrib
        name = f"{attributes.get('class', '')} {attributes.get('id', '')}"
        if element.tag == "footer" or _FOOT.search(name):
            self._seen.foot.add(start, self._length)
        if size <= _DATE_CHARS and _DATE_NAME.search(name):
            self._seen.marked.add(start, self._length)
        if _HIDDEN.search(attributes.get("style", "")):
            self._seen.hidden.add(start, self._length)

    def _meta(self, element: etree._Element) -> None:
        attributes = element.attrib
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
        content = attributes.get("content", "").strip()
        if name and content:
            self._seen.metas.setdefault(name.strip().lower(), content[:500])

    def _unseen(self, tag: object, element: etree._Element) -> None:
        if tag == "title" and not self._seen.page_title:
            self._seen.page_title = " ".join((element.text or "").split())[:_ROW_CHARS]
        elif tag == "script" and element.text:
            self._seen.scripts.append(element.text)
            for said in self._scripts.writes(element.text):
                start = self._length
                self._say(said)
                self._seen.written.add(start, self._length)


_ASSIGNED = re.compile(
    r"""([A-Za-z_$][\w$]{0,40})\s{0,5}=\s{0,5}["']([^"'\n]{6,40})["']""",
)
_WRITTEN = re.compile(r"document\.write(?:ln)?\s{0,5}\(([^\n;]{1,300})")
_WORDS = re.compile(r"""'([^']{0,200})'|"([^"]{0,200})"|([A-Za-z_$][\w$]{0,40})""")
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
        self._unread.append(code[:_CODE_CHARS])
        if "document.write" not in code:
            return []
        for earlier in self._unread:
            self._variables.update(_ASSIGNED.findall(_uncommented(earlier)))
        self._unread.clear()
        calls = _WRITTEN.findall(_uncommented(code[:_CODE_CHARS]))
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
