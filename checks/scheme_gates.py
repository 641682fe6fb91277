"""The words of a gate: `score >= 80`, `media < 12`, `site + media >= 44`.

A sum of section ids, or `score`, compared with a number: nothing else is understood, and nothing
is ever evaluated.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

SCORE = "score"
NAME = re.compile(r"[a-z][a-z0-9_]*")
NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
SIGNS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
FORM = "expected such as 'score >= 80', 'media < 12' or 'site + media >= 44'"


@dataclass(frozen=True, slots=True)
class Condition:
    """The sum of the points of `names` (section ids, or `score` alone) against `limit`."""

    names: tuple[str, ...]
    sign: str
    limit: Decimal

    @property
    def falls_below(self) -> bool:
        return self.sign in ("<", "<=")

    def holds(self, points: Decimal, limit: Decimal) -> bool:
        """Do these points meet the condition with this limit?"""
        return SIGNS[self.sign](points, limit)


def read_condition(text: str) -> Condition:
    """Read a gate's `when`. Raises ValueError that says at which word it is not understood."""
    words = re.findall(r"[<>]=?|\+|[^\s<>+]+", text)
    names: list[str] = []
    while True:
        names.append(_name(text, words))
        if not words or words[0] != "+":
            break
        words.pop(0)
    sign = words.pop(0) if words else ""
    if sign not in SIGNS:
        raise ValueError(_fault(text, sign, f"one of {' '.join(SIGNS)}"))
    limit = words.pop(0) if words else ""
    if NUMBER.fullmatch(limit) is None:
        raise ValueError(_fault(text, limit, "a number"))
    if words:
        raise ValueError(_fault(text, words[0], "nothing more"))
    if len(set(names)) < len(names) or (SCORE in names and len(names) > 1):
        raise ValueError(f"{text!r}: each section once, and score alone; {FORM}")
    return Condition(tuple(names), sign, Decimal(limit))


def _name(text: str, words: list[str]) -> str:
    name = words.pop(0) if words else ""
    if NAME.fullmatch(name) is None:
        raise ValueError(_fault(text, name, "a section id or score"))
    return name


def _fault(text: str, word: str, wanted: str) -> str:
    at = f"at {word!r}" if word else "at its end"
    return f"{text!r}: {wanted} is wanted {at}; {FORM}"
