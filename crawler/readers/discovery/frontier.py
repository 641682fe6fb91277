"""Which page is looked at next? Breadth first, menus before other links, within fixed bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.readers.discovery.addresses import canonical, registrable, same_place
from crawler.readers.discovery.classes import class_of_words
from crawler.readers.discovery.kinds import Looked, PageKind
from crawler.readers.discovery.links import is_root

MAX_DEPTH = 3
_MOST_WAITING = 5_000
_MOST_WAYS = 5
_LEADS_ON = frozenset({PageKind.CHANNEL, PageKind.COLUMN, PageKind.OTHER, PageKind.ACCOUNTS})
# The pages below these are about persons, or topics that came and went.
_LEAVES = frozenset({"leader", "special"})
_NO_STEP = frozenset({"网站地图", "站点地图", "网站导航", "导航", "网站首页"})


@dataclass(frozen=True, slots=True)
class Way:
    """How visitors reach a page. `path` are the names above it, outermost first.

    `block` names the group of links it stands in; `place` orders pages as the navigation does.
    """

    url: str
    name: str
    path: tuple[str, ...] = ()
    parent: str = ""
    block: str = ""
    place: tuple[int, ...] = ()
    aside: bool = False

    @property
    def depth(self) -> int:
        return len(self.place)


class Frontier:
    """The pages known of, each once, and all ways to them."""

    def __init__(self, home: str, max_pages: int) -> None:
        start = Way(canonical(home), "")
        self._waiting = [start]
        self._left = max_pages
        self.ways: dict[str, list[Way]] = {same_place(start.url): [start]}
        self.cut = False

    def next_level(self) -> list[Way]:
        """The pages to look at now, the most promising first; empty when all is done."""
        waiting = sorted(self._waiting, key=lambda way: (not way.aside, way.place))
        level = waiting[: self._left]
        self.cut = self.cut or len(level) < len(waiting)
        self._left -= len(level)
        self._waiting = []
        return level

    def add(self, way: Way, seen: Looked) -> None:
        """Take up the links of a page that was looked at."""
        if not self._leads_on(way, seen):
            return
        home = is_root(seen.url) or seen.words.home
        named = (way.name,) if way.name and way.name not in _NO_STEP else ()
        path = () if home else way.path + named
        for number, link in enumerate(seen.links):
            block = f"{same_place(seen.url)}#{link.block}"
            place = (*way.place, number)
            self._note(Way(link.url, link.name, path, way.url, block, place, link.aside))

    def _leads_on(self, way: Way, seen: Looked) -> bool:
        return (
            seen.kind in _LEADS_ON
            and way.depth < MAX_DEPTH
            and registrable(seen.url) == registrable(way.url)
            and class_of_words(way.name) not in _LEAVES
        )

    def _note(self, way: Way) -> None:
        known = self.ways.get(same_place(way.url))
        if known is not None:
            if len(known) < _MOST_WAYS:
                known.append(way)
        elif len(self.ways) < _MOST_WAITING:
            self.ways[same_place(way.url)] = [way]
            self._waiting.append(way)
        else:
            self.cut = True

    def all_ways(self, way: Way) -> Sequence[Way]:
        """Every way noted to this page, the first one first."""
        return self.ways[same_place(way.url)]
