"""Arrays and objects that a page assigns to variables in its own scripts.

Only literals are read: JSON, and what JavaScript allows beside it (bare keys, single quotes,
a comma before the end). Anything that would have to be run is left alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from crawler.readers.listing.scan import NestingError, parse_html

_ASSIGNED = re.compile(r"(?<![\w$.])([A-Za-z_$][\w$]{0,60})\s{0,9}=\s{0,9}(?=[\[{])")
_RUN = ("", "text/javascript", "application/javascript", "module")
_TOKEN = re.compile(
    r"""(?P<blank>[\s\ufeff]{1,9999})|(?P<mark>[\[\]{}:,])"""
    r"""|(?P<text>"(?:[^"\\\n]|\\.){0,99999}"|'(?:[^'\\\n]|\\.){0,99999}')"""
    r"""|(?P<number>-?\d{1,20}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?)"""
    r"""|(?P<word>[A-Za-z_$][\w$]{0,99})"""
)
_DELIMITER = re.compile(r"""['"\s<>()\\]""")
_CONSTANTS = {"true": "true", "false": "false", "null": "null", "undefined": "null"}
_ESCAPE = re.compile(r"""\\(.)|(")""", re.S)
_JSON_ESCAPES = frozenset('"\\/bfnrtu')
_MOST_LITERALS = 100
_MOST_CHARS = 6_000_000
_MOST_TOKENS = 300_000
_LOOK_BACK = 5_000
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Literal:
    """A variable of a script and the value it is given."""

    name: str
    value: object


def find_literals(html: str) -> list[Literal]:
    """Which arrays and objects do the scripts of this page assign, in order?

    Reads at most 100, and stops after the work that an honest page may cost.
    """
    if not _ASSIGNED.search(html):
        return []
    try:
        scripts = parse_html(html).css("script")
    except NestingError:
        return []
    found: list[Literal] = []
    left = _MOST_CHARS
    for script in scripts:
        kind = (script.attributes.get("type") or "").strip().lower()
        if kind in _RUN:
            for literal, cost in _in_script(script.text()):
                left -= cost
                if literal is not None:
                    found.append(literal)
                if left <= 0 or len(found) >= _MOST_LITERALS:
                    return found
    return found


def addresses_with(html: str, word: re.Pattern[str]) -> Iterator[str]:
    """The addresses, as scripts and links write them, in which this word stands, in order.

    Looks 200 characters back and 600 on, so that a page without blanks costs no more.
    """
    for match in islice(word.finditer(html), _MOST_LITERALS):
        before = _DELIMITER.split(html[max(match.start() - 200, 0) : match.start()])[-1]
        after = _DELIMITER.split(html[match.end() : match.end() + 600])[0]
        yield f"{before}{match.group()}{after}"


def _in_script(code: str) -> Iterator[tuple[Literal | None, int]]:
    """Each literal of a script, or None for code, with the characters that were looked at."""
    at = 0
    while match := _ASSIGNED.search(code, at):
        at = match.end()
        if _is_comment(code, match.start()):
            yield None, _LOOK_BACK
            continue
        value, end, cost = _decoded(code, at)
        at = max(end, at + 1)
        yield (Literal(match[1], value) if value is not None else None), cost + _LOOK_BACK


def _is_comment(code: str, at: int) -> bool:
    """Does this place stand behind // in its line, or in an open /* comment?"""
    before = code[max(0, at - _LOOK_BACK) : at]
    line = before[max(before.rfind("\n") + 1, len(before) - 500) :]
    return bool(re.search(r"(?<!:)//", line)) or before.rfind("/*") > before.rfind("*/")


def _decoded(code: str, at: int) -> tuple[object | None, int, int]:
    """The value at this place, where it ends, and how many characters were looked at."""
    try:
        value, end = _DECODER.raw_decode(code, at)
    except json.JSONDecodeError as error:
        return _as_script(code, at, error.pos - at)
    except RecursionError:
        return None, at, len(code) - at
    return value, end, end - at


def _as_script(code: str, at: int, cost: int) -> tuple[object | None, int, int]:
    """The same for a literal that JavaScript reads and JSON does not."""
    written, end = _as_json(code, at)
    cost += end - at
    if written is None:
        return None, at, cost
    try:
        return json.loads(written), end, cost
    except (ValueError, RecursionError):
        return None, at, cost


def _as_json(code: str, at: int) -> tuple[str | None, int]:
    """The literal rewritten as JSON, and where it or our reading ends; None for code."""
    pieces: list[str] = []
    open_marks = 0
    for _ in range(_MOST_TOKENS):
        match = _TOKEN.match(code, at)
        if match is None:
            return None, at
        at = match.end()
        if match.lastgroup == "blank":
            continue
        piece = _rewritten(match, code)
        if piece is None:
            return None, at
        if piece in "]}" and pieces and pieces[-1] == ",":
            pieces.pop()
        pieces.append(piece)
        open_marks += (piece in "[{") - (piece in "]}")
        if open_marks == 0:
            return "".join(pieces), at
    return None, at


def _rewritten(match: re.Match[str], code: str) -> str | None:
    token = match.group()
    if match.lastgroup == "text":
        return f'"{_ESCAPE.sub(_escape, token[1:-1])}"'
    if match.lastgroup == "word":
        if re.compile(r"\s{0,99}:").match(code, match.end()):
            return f'"{token}"'
        return _CONSTANTS.get(token)
    return token


def _escape(match: re.Match[str]) -> str:
    """One escape of a script's string as JSON knows it; \\' is just the mark itself."""
    if match[2]:
        return '\\"'
    return match.group() if match[1] in _JSON_ESCAPES else match[1]
