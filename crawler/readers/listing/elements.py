"""Small pieces of markup, such as the links of a list's rows, as their elements and words.

libxml2 says what begins and ends; of that only what readers ask for is kept, which takes a
fourth of the time of a tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

ROW = "x-row"
# The words inside these belong to them alone: of a ruby only the base is read.
_WORDS_APART = frozenset({"rt", "rp", "script", "style", "template"})


@dataclass(slots=True)
class Element:
    """An element with all elements and texts inside it, in document order."""

    name: str
    attributes: Mapping[str, str]
    inner: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")


def elements_round(fragments: Sequence[str]) -> list[Element]:
    """One element round each piece of markup, in order."""
    if not fragments:
        return []
    gathered = _Gathered()
    parser = etree.HTMLParser(target=gathered)
    parser.feed("".join([f"<{ROW}>{each}</{ROW}>" for each in fragments]))
    parser.close()
    return gathered.rows


def untemplated(attributes: Mapping[str, str]) -> Mapping[str, str]:
    """The attributes by their names: `{…}href` is what a template left of an href."""
    if any(each.startswith("{") for each in attributes):
        return {_named(each): value for each, value in attributes.items()}
    return attributes


def _named(attribute: str) -> str:
    left, brace, name = attribute.partition("}")
    return name if brace and left.startswith("{") else attribute


class _Gathered:
    """Takes in what the parser tells, and keeps it with every element that is open just then."""

    def __init__(self) -> None:
        self.rows: list[Element] = []
        self._open: list[Element] = []
        self._text: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._end_text()
        element = Element(name, untemplated(attributes))
        for holder in self._open:
            holder.inner.append(element)
        self._open.append(element)
        if name == ROW:
            self.rows.append(element)

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, _name: str) -> None:
        self._end_text()
        self._open.pop()

    def comment(self, _text: str) -> None:
        self._end_text()

    def pi(self, _target: str, _data: str | None = None) -> None:
        self._end_text()

    def close(self) -> None:
        self._end_text()

    def _end_text(self) -> None:
        if self._text:
            text = "".join(self._text)
            self._text.clear()
            for holder in self._holders():
                holder.texts.append(text)

    def _holders(self) -> Iterator[Element]:
        """The open elements to which words at this place belong."""
        for holder in reversed(self._open):
            yield holder
            if holder.name in _WORDS_APART:
                return
