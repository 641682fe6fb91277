"""Which words and numbers in a published text should a person look at?

(国办秘函〔2019〕19号 W1: 严重表述错误; 个人信息: identity-card and mobile numbers)

The term lists are the office's own. A hit is for a person to weigh: a number may be published
rightly, a term may stand in a quotation. No result holds a number that can be read back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from ahocorasick_rs import AhoCorasick

KEPT = 2
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"

NARROW = str.maketrans("０１２３４５６７８９Ｘｘ＋－‐‑–—　", "0123456789Xx+----- ")
IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
MOBILE = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:\+|00)?86[- ]?)?(1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4})(?![0-9A-Za-z])"
)
# Any of the two holds so many digits, in whatever width; most texts hold none, and are not copied.
LONG = re.compile(r"(?:[0-9０-９][-－‐‑–— \u3000]?){10}[0-9０-９]")
# Wider than the two above: what is masked for show need not be proved to be a number of either.
NUMBER = re.compile(r"[0-9]{11,}[Xx]?|1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}")


class MarkKind(StrEnum):
    WORDING = "wording"
    LEADER = "leader"
    IDENTITY = "identity"
    MOBILE = "mobile"


MARK_WORDS = {
    MarkKind.WORDING: "疑似表述错误",
    MarkKind.LEADER: "涉及领导姓名",
    MarkKind.IDENTITY: "疑似身份证号",
    MarkKind.MOBILE: "疑似手机号",
}


@dataclass(frozen=True, slots=True)
class Term:
    """One row of a term list; `advice` says in Chinese what to do about it."""

    kind: MarkKind
    text: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One place of a text: characters `start` to `end`, the end not included.

    `shown` is the term as it stands in the list, or a number with all but its first and last
    two characters masked.
    """

    kind: MarkKind
    start: int
    end: int
    shown: str
    advice: str = ""


class TermFinder:
    """Finds all terms of a list in one pass over a text, whatever their number (Aho-Corasick).

    A term stands where it is written as in the list, but for the width and the compatibility
    forms of its characters. One term never overlaps itself; two terms may overlap. Raises
    ValueError for a term without characters.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        for term in self.terms:
            if not term.text.strip():
                raise ValueError(f"{term.kind} term {term.text!r}: expected a text")
        folded = [plain_width(term.text) for term in self.terms]
        self._automaton = AhoCorasick(folded) if folded else None

    @property
    def kinds(self) -> frozenset[MarkKind]:
        """Of which kinds does the list have terms?"""
        return frozenset(term.kind for term in self.terms)

    def find(self, text: str) -> Iterator[Mark]:
        """Where do the terms stand? Offsets are those of the text as given."""
        if self._automaton is None:
            return
        ends = [0] * len(self.terms)
        found = self._automaton.find_matches_as_indexes(plain_width(text), overlapping=True)
        for number, start, end in found:
            if start >= ends[number]:
                ends[number] = end
                term = self.terms[number]
                yield Mark(term.kind, start, end, term.text, term.advice)


def find_marks(text: str, terms: TermFinder | Iterable[Term]) -> tuple[Mark, ...]:
    """Which terms, identity-card and mobile numbers does this text hold? In reading order.

    Raises ValueError for a term without characters.
    """
    finder = terms if isinstance(terms, TermFinder) else TermFinder(terms)
    found = [*finder.find(text), *find_identities(text), *find_mobiles(text)]
    return tuple(sorted(found, key=lambda mark: (mark.start, mark.end, mark.kind, mark.shown)))


def plain_width(text: str) -> str:
    """The text with each character in its common form (NFKC), where that is one character.

    Of the same length. Half characters, which no matcher takes, become replacement characters.
    """
    return text.translate(_forms())


@cache
def _forms() -> dict[int, str]:
    forms = {}
    for code in range(0x80, 0x30000):
        form = unicodedata.normalize("NFKC", chr(code))
        if len(form) == 1 and form != chr(code):
            forms[code] = form
    return forms | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def find_identities(text: str) -> Iterator[Mark]:
    """Where do identity-card numbers stand, by their birthday and check character (GB 11643)?

    Numbers of the old form, with 15 digits, carry no check character and are not told from
    other numbers.
    """
    for match in IDENTITY.finditer(text.translate(NARROW)):
        if is_identity_number(match[0]):
            yield Mark(MarkKind.IDENTITY, match.start(), match.end(), mask(match[0]))


def find_mobiles(text: str) -> Iterator[Mark]:
    """Where do numbers of the form of a mainland mobile phone stand, country code left out?"""
    for match in MOBILE.finditer(text.translate(NARROW)):
        digits = re.sub(r"[- ]", "", match[1])
        yield Mark(MarkKind.MOBILE, match.start(1), match.end(1), mask(digits))


def is_identity_number(number: str) -> bool:
    """Is this a well-formed identity-card number: 17 digits and a check character (GB 11643)?"""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9Xx]", number):
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return 1800 <= born.year < 2100 and CHECK_DIGITS[total % 11] == number[17].upper()


def mask(number: str) -> str:
    """What of a number may be shown? Its first and last two characters; of a short one nothing."""
    if len(number) <= 2 * KEPT:
        return "*" * len(number)
    return number[:KEPT] + "*" * (len(number) - 2 * KEPT) + number[-KEPT:]


def masked_text(text: str) -> str:
    """How may this text be quoted? With every long number masked, proved to be personal or not.

    Of the same length; full-width digits and signs come back narrow.
    """
    return NUMBER.sub(lambda match: mask(match[0]), text.translate(NARROW))


def without_numbers(text: str) -> str:
    """The text with the identity-card and mobile numbers in it masked, all else as it was."""
    if LONG.search(text) is None:
        return text
    marks = [*find_identities(text), *find_mobiles(text)]
    for mark in sorted(marks, key=lambda mark: mark.start, reverse=True):
        text = text[: mark.start] + mark.shown + text[mark.end :]
    return text
