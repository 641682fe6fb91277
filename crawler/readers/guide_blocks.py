"""A page as a row of small blocks of words: what stands in a cell, a line, a link, a heading.

No tree is built, so no nesting is too deep; the cost grows with the length of the page alone.
A cell without words leaves an empty block, since a reader of guides asks for blanks too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from unicodedata import normalize

from crawler.readers.markup import attributes
from crawler.readers.unseen import seen_part

MOST_BLOCKS = 8_000
MOST_HTML = 2_000_000
_BLOCK_CHARS = 20_000
_DEEPEST = 200

_TAG = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})((?:\"[^\"]{0,2000}\"|'[^']{0,2000}'|[^<>])*+)>"
)
_NOISE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_INLINE = frozenset("span font em i u sub sup o:p small big ins nobr code s mark tt wbr".split())
_SOFT = frozenset("b strong a label button".split())
_MEDIA = frozenset("img iframe embed object video audio canvas".split())
_CELLS = frozenset({"td", "th", "dt", "dd"})
_GRIDS = frozenset({"table", "dl"})
_PLACED = re.compile(
    r"\s(?:id|v-[a-z]{2,6}|:?data-[\w-]{1,30}|ng-[a-z]{2,12})\s{0,3}=", re.IGNORECASE
)
_FOOT = re.compile(r"foot|copyright|banquan", re.IGNORECASE)
_ANCHOR = re.compile(r"版权所有|网站标识码|ICP备|公网安备|copyright ?©", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """Words without a break in them. `row` tells the cells of one row from others, 0: no cell.

    `gap` are the tags between the block before and this one. A block without words is an empty
    cell, `media`, or a `hole`: a place with a name that a script may fill.
    """

    words: str = ""
    row: int = 0
    gap: frozenset[str] = frozenset()
    tag: str = ""
    linked: bool = False
    media: bool = False
    hole: bool = False
    foot: bool = False


@dataclass(slots=True)
class _Cell:
    row: int
    blocks: int
    hole: bool


@dataclass(slots=True)
class _Maker:
    """Goes through the tags once; `cells` are the open cells, None where a table begins."""

    blocks: list[Block] = field(default_factory=list)
    cells: list[_Cell | None] = field(default_factory=list)
    gap: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)
    rows: int = 0
    row: int = 0
    tag: str = ""
    linked: bool = False
    feet: list[int] = field(default_factory=list)
    placed: str = ""

    def say(self, text: str) -> None:
        if text and not text.isspace():
            self.words.append(text)
            self.placed = ""

    def flush(self) -> None:
        words = _clean("".join(self.words))
        self.words.clear()
        if words:
            self.put(Block(words, linked=self.linked, tag=self.tag))

    def put(self, block: Block) -> None:
        block.gap, self.gap = frozenset(self.gap), set()
        cell = self.cells[-1] if self.cells else None
        block.row = cell.row if cell is not None else 0
        self.blocks.append(block)

    def begin(self, name: str, head: str) -> None:
        if name in _MEDIA:
            self.flush()
            self.put(Block(media=True, tag=name))
            return
        if name not in _INLINE:
            self.flush()
            self.gap.add(name)
            self.tag = name if name not in _SOFT else self.tag
        self.placed = name if _PLACED.search(head) else ""
        if name == "a":
            href = attributes(head).get("href", "").strip().lower()
            self.linked = bool(href) and not href.startswith(("#", "javascript:"))
        elif name in _GRIDS and len(self.cells) < _DEEPEST:
            self.cells.append(None)
        elif name in _CELLS or name == "tr":
            self._begin_cell(name, head)
        elif name == "footer" or ("=" in head and _is_foot(head)):
            self.feet.append(len(self.blocks))

    def _begin_cell(self, name: str, head: str) -> None:
        self._end_cell()
        if name in ("tr", "dt"):
            self.rows += 1
            self.row = self.rows
        if name != "tr" and len(self.cells) < _DEEPEST:
            self.cells.append(_Cell(self.row, len(self.blocks), bool(_PLACED.search(head))))

    def end(self, name: str) -> None:
        if name in _INLINE:
            self._hole(name)
            return
        self.flush()
        self._hole(name)
        self.gap.add(name)
        if name == "a":
            self.linked = False
        elif name in _CELLS or name == "tr":
            self._end_cell()
        elif name in _GRIDS:
            self._end_cell()
            if self.cells:
                self.cells.pop()
            outer = self.cells[-1] if self.cells else None
            self.row = outer.row if outer is not None else self.row

    def _hole(self, name: str) -> None:
        """An element with a name of its own that ends where it began is a place to be filled."""
        if self.placed == name and name not in _CELLS:
            self.put(Block(hole=True, tag=name))
        self.placed = ""

    def _end_cell(self) -> None:
        cell = self.cells[-1] if self.cells else None
        if cell is None:
            return
        if len(self.blocks) == cell.blocks:
            self.put(Block(hole=cell.hole, tag="td"))
        self.cells.pop()


def read_blocks(html: str) -> list[Block]:
    """Which blocks does this page show, in order, hidden ones too? Never raises."""
    html = seen_part(html[:MOST_HTML], lambda _name, _content: ())
    maker, at = _Maker(), 0
    for match in _TAG.finditer(html):
        maker.say(html[at : match.start()])
        at = match.end()
        name = match[2].lower()
        if match[1]:
            maker.end(name)
        else:
            maker.begin(name, match[3])
        if len(maker.blocks) >= MOST_BLOCKS:
            break
    maker.say(html[at:])
    maker.flush()
    _mark_foot(maker)
    return maker.blocks


def _mark_foot(maker: _Maker) -> None:
    """The foot begins in the lower half, at an element named so or at the first of its words."""
    half = len(maker.blocks) // 2
    words = (
        at for at, each in enumerate(maker.blocks) if at >= half and _ANCHOR.search(each.words)
    )
    first = min((*(at for at in maker.feet if at >= half), *words), default=len(maker.blocks))
    for block in maker.blocks[first:]:
        block.foot = True


def _clean(words: str) -> str:
    text = normalize("NFKC", _NOISE.sub("", unescape(words[:_BLOCK_CHARS])))
    return " ".join(text.split())


def _is_foot(head: str) -> bool:
    told = attributes(head)
    return bool(_FOOT.search(f"{told.get('class', '')} {told.get('id', '')}"))
