"""Which words name the elements of a guide? Read from `guide.toml`, beside this file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from checks.guides import Element

_TRIM = "^(?:[\\W\\d_]|[一二三四五六七八九十]{1,3}(?=[、.)]))*"
_NUMBERED = re.compile(_TRIM)
_TAIL = re.compile(r"[(\[【].{0,20}[)\]】]$|[\W_]+$")
_BLANK = re.compile(r"\s+")
_FORM = re.compile(r"[\W_]+")
_LABEL_CHARS = 24
_LOOSE_CHARS = 12
_SURE_ANYWHERE = 4


@dataclass(frozen=True, slots=True)
class Words:
    """The words of `guide.toml`. `element_of` holds every label, None: of something else."""

    element_of: Mapping[str, Element | None]
    loose: Mapping[Element, tuple[str, ...]]
    none_is_said: frozenset[Element]
    void: frozenset[str]
    not_guides: tuple[str, ...]
    whole_guide: tuple[str, ...]
    inline: re.Pattern[str]

    def label(self, text: str) -> str | None:
        """Which label is this text alone, numbers, brackets and marks at its ends left out?"""
        if len(text) > 2 * _LABEL_CHARS:
            return None
        bare = _BLANK.sub("", _NUMBERED.sub("", text))
        for _ in range(3):
            if bare in self.element_of:
                return bare
            bare = _TAIL.sub("", bare)
        return bare if bare in self.element_of else None

    def meant_by(self, text: str) -> list[Element]:
        """Which elements may a short label mean that is none of their own?"""
        head = _BLANK.sub("", _NUMBERED.sub("", text).partition(":")[0])
        if len(head) > _LOOSE_CHARS or not head:
            return []
        return self.hinted(head)

    def hinted(self, text: str) -> list[Element]:
        return [each for each, words in self.loose.items() if any(word in text for word in words)]

    def is_void(self, element: Element, text: str) -> bool:
        bare = _FORM.sub("", text).lower()
        if bare == "无" and element in self.none_is_said:
            return False
        return not bare or bare in self.void

    def inline_labels(self, text: str) -> list[tuple[int, int, str]]:
        """Where do labels with a colon stand in this text: start, end, label?

        A short one only at the beginning of a word: 监督电话 is no 电话.
        """
        found = []
        for match in self.inline.finditer(text):
            before = text[match.start() - 1 : match.start()]
            if len(match[1]) >= _SURE_ANYWHERE or not before.isalpha():
                found.append((match.start(), match.end(), match[1]))
        return found

    def begins_with(self, text: str) -> str | None:
        """Which label stands at the beginning of this text, apart from the words after it?"""
        bare = _NUMBERED.sub("", text[: 2 * _LABEL_CHARS])
        match = self.inline_head.match(bare)
        return match[1] if match else None

    @property
    def inline_head(self) -> re.Pattern[str]:
        return _head(self.inline.pattern)


@cache
def _head(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.rpartition(r"[)\]】」 ]{0,3}:")[0] + r"(?=[^\w])")


@cache
def guide_words() -> Words:
    """The words, read once."""
    path = Path(__file__).with_name("guide.toml")
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    element_of: dict[str, Element | None] = dict.fromkeys(told["others"])
    for element in Element:
        element_of |= dict.fromkeys(told[element.name]["labels"], element)
    longest = sorted(element_of, key=len, reverse=True)
    return Words(
        element_of=element_of,
        loose={each: tuple(told[each.name]["loose"]) for each in Element},
        none_is_said=frozenset(each for each in Element if told[each.name].get("none_is_said")),
        void=frozenset(told["void"]),
        not_guides=tuple(told["not_guides"]),
        whole_guide=tuple(told["whole_guide"]),
        inline=re.compile(f"({'|'.join(map(re.escape, longest))})" + r"[)\]】」 ]{0,3}:"),
    )
