"""A page as a flat list of nodes in document order, so that questions of place are cheap.

Lexbor builds the tree a browser would build, tag soup included. Every node gets its place in
document order, its parent and the place of its last descendant; "is it inside", "what lies
between" and "how many inside" are then comparisons of numbers.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

_NO_CONTENT = ["script", "style", "noscript", "template", "select", "textarea", "iframe", "svg"]
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_NESTS = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th "
    "thead tbody tfoot option optgroup colgroup html head body".split()
)
# Both cases are spelt out, and a letter is asked for first: else 5 MB of brackets cost a second.
_STYLE = re.compile(
    r"<(/?)(?=[a-zA-Z])(?:[aAbBiIsSuU]|[bB][iI][gG]|[cC][oO][dD][eE]|[eE][mM]|[fF][oO][nN][tT]|[nN][oO][bB][rR]"
    r"|[sS][mM][aA][lL][lL]|[sS][tT][rR][iI][kK][eE]|[sS][tT][rR][oO][nN][gG]|[tT][tT])(?![a-zA-Z0-9])"
)
_DIGIT = re.compile(r"\d")
_TEXT = "-text"
_NAMELESS = "-nameless"  # `<?php …>` that no server ran
_MOST_NODES = 80_000
_FEW_TAGS = 3_000
_DEEPEST = 3_000
_MOST_OPEN_FORMATTING = 200


class ScopeError(ValueError):
    """The configured selector is no selector, or matches nothing on this page."""


class NestingError(ValueError):
    """The markup nests deeper than any page made for people."""


@dataclass(slots=True)
class Scan:
    """The nodes of one page, or of the part a selector names. Indexes are document order.

    `texts` are the places of text nodes that are not blank; `clickable` those of
    elements with a click action. A scan ends after 80,000 nodes; `rest` are later texts with
    digits. `base` is the page's `<base>`.
    """

    nodes: list[LexborNode] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    clickable: list[int] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    base: str | None = None
    title: str = ""

    def attribute(self, at: int, name: str) -> str:
        return self.nodes[at].attributes.get(name) or ""

    def ancestors(self, at: int, most: int = 100) -> list[int]:
        """The node's parents, nearest first."""
        found: list[int] = []
        at = self.parents[at]
        while at >= 0 and len(found) < most:
            found.append(at)
            at = self.parents[at]
        return found

    def children(self, at: int) -> list[int]:
        """The elements directly inside a node, in order."""
        found = []
        child = at + 1
        while child <= self.ends[at]:
            if self.tags[child][0] != "-":
                found.append(child)
            child = self.ends[child] + 1
        return found

    def text(self, at: int) -> str:
        """All words inside a node, blanks collapsed."""
        return self.between(at - 1, self.ends[at] + 1)

    def between(self, after: int, before: int) -> str:
        """All words strictly between two places."""
        low, high = bisect_right(self.texts, after), bisect_left(self.texts, before)
        return " ".join([self.words[at] for at in self.texts[low:high]])

    def words_in(self, at: int) -> list[str]:
        """The texts inside a node, in order."""
        low, high = bisect_left(self.texts, at), bisect_right(self.texts, self.ends[at])
        return [self.words[text] for text in self.texts[low:high]]

    def words_before(self, at: int, most: int = 1) -> list[str]:
        """The texts before a place, nearest last."""
        place = bisect_left(self.texts, at)
        return [self.words[text] for text in self.texts[max(place - most, 0) : place]]


def count_inside(places: Sequence[int], first: int, last: int) -> int:
    """How many of these sorted places lie between two places, both included?"""
    return bisect_right(places, last) - bisect_left(places, first)


def scan_page(html: str, scope: str | None = None) -> Scan:
    """What stands where on this page? Scripts, styles and form choices are left out.

    The answer is shared between those who ask for the same page in turn: never change it.
    Raises ScopeError, and NestingError instead of building a tree that would take minutes.
    """
    return _scanned(html, scope)


@lru_cache(maxsize=1)
def _scanned(html: str, scope: str | None) -> Scan:
    tree = parse_html(html)
    scan = Scan()
    base = tree.css_first("base[href]")
    title = tree.css_first("title")
    scan.base = base.attributes.get("href") if base else None
    scan.title = title.text(strip=True) if title else ""
    tree.strip_tags(_NO_CONTENT)
    for root in _roots(tree, scope):
        _walk(scan, root)
    return scan


def parse_html(html: str) -> LexborHTMLParser:
    """The tree a browser would build; NestingError for markup that would take minutes."""
    if _nests_too_deep(html):
        raise NestingError("标签嵌套过深，不像正常网页")
    return LexborHTMLParser(html)


def _roots(tree: LexborHTMLParser, scope: str | None) -> list[LexborNode]:
    if scope is None:
        return [tree.body] if tree.body else []
    try:
        roots = tree.css(scope)
    except SelectolaxError as error:
        raise ScopeError(f"选择器写法有误：{scope}") from error
    if not roots:
        raise ScopeError(f"页面上没有选择器所指的区域：{scope}")
    return roots


def _walk(scan: Scan, root: LexborNode) -> None:
    """Every node inside, in document order; what holds it, and where it ends."""
    every = root.traverse(include_text=True)
    first = len(scan.nodes)
    nodes = list(islice(every, _MOST_NODES - first))
    scan.nodes += nodes
    scan.tags += [node.tag or _NAMELESS for node in nodes]
    _place(scan, nodes, first)
    for at, node in enumerate(nodes, first):
        if scan.tags[at] == _TEXT and (pieces := (node.text_content or "").split()):
            scan.texts.append(at)
            scan.words[at] = " ".join(pieces)
    _note_clickable(scan, root, first)
    if len(scan.nodes) >= _MOST_NODES:
        _note_rest(scan, every)


def _place(scan: Scan, nodes: Sequence[LexborNode], first: int) -> None:
    """What comes after a node is inside it where it holds something; else it is its next, or the
    next of the nearest holder that has one: all those without end here."""
    parents, ends, holder = scan.parents, scan.ends, -1
    inside = [node.first_child is not None for node in nodes]
    goes_on = [node.next is not None for node in nodes]
    goes_on[:1] = [False] * len(nodes[:1])  # what stands after the root is not looked at
    ends += range(first, first + len(nodes))
    for at, (holds, followed) in enumerate(zip(inside, goes_on, strict=True), first):
        parents.append(holder)
        if holds:
            holder = at
        elif not followed:
            while holder >= 0:
                ends[holder] = at
                closed, holder = holder, parents[holder]
                if goes_on[closed - first]:
                    break
    while holder >= 0:
        ends[holder], holder = first + len(nodes) - 1, parents[holder]


def _note_clickable(scan: Scan, root: LexborNode, first: int) -> None:
    clickable = {node.mem_id for node in root.css("[onclick]")}
    if clickable:
        places = enumerate(scan.nodes[first:], first)
        scan.clickable.extend(at for at, node in places if node.mem_id in clickable)


def _note_rest(scan: Scan, rest: Iterable[LexborNode]) -> None:
    """Past the limit only texts with digits are noted, to know of later days among them."""
    words = (node.text_content or "" for node in rest if node.tag == _TEXT)
    scan.rest.extend(each for each in words if _DIGIT.search(each))


def _nests_too_deep(html: str) -> bool:
    """Would the tree be thousands deep, or repeat hundreds of open styles in each paragraph?"""
    tags = html.count("<")
    if tags <= _FEW_TAGS:
        return False
    if tags - html.count("</") > _DEEPEST:
        nesting = (end for end, name in _TAG.findall(html) if name.lower() not in _NEVER_NESTS)
        if _deepest(nesting) > _DEEPEST:
            return True
    return _deepest(_STYLE.findall(html)) > _MOST_OPEN_FORMATTING


def _deepest(closings: Iterable[str]) -> int:
    """How many of these tags are open at once, each told by the slash of a closing one?"""
    depth = deepest = 0
    for closing in closings:
        if not closing:
            depth += 1
            deepest = max(deepest, depth)
        elif depth:
            depth -= 1
    return deepest
