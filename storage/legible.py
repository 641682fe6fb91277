"""Texts from strangers: as every database can hold them, and as one line can show them.

What no eye sees, marks of direction among it, can turn the words around it into others. It is kept
as it was read. Documents and mails leave it out (`notify.words.clean`), screens show a replacement
character in its place (`app.show.visible`), JSON and logs show its number (`escaped`).
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
# Control characters, marks of direction, blanks without width, ends of lines, no characters.
UNSEEN = re.compile(
    "[\0-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff]"
)
NO_TEXT = re.compile("[\0\ud800-\udfff]")


def legible(value: T) -> T:
    """The same frozen value, with `?` or a replacement character for what is no character.

    A page can say `\\ud800` in JSON: half a character, which no database takes. Nor does
    PostgreSQL take NUL. One such title must not cost the visit.
    """
    kind: Any = type(value)
    texts = {
        name: clean for name in _names(kind) if (clean := _clean(getattr(value, name))) is not None
    }
    return replace(value, **texts) if texts else value  # type: ignore[type-var]


def legible_data(value: Any) -> Any:
    """The same plain data of dicts, lists and scalars, every text in it legible."""
    if isinstance(value, dict):
        return {legible_data(name): legible_data(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [legible_data(held) for held in value]
    clean = _clean(value)
    return value if clean is None else clean


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _clean(held: Any) -> str | None:
    if not isinstance(held, str) or NO_TEXT.search(held) is None or isinstance(held, Enum):
        return None
    return held.replace("\0", "\ufffd").encode(errors="replace").decode()


def escaped(text: str) -> str:
    """The same text as one line, `\\u001b` and the like in place of what no eye sees."""
    return UNSEEN.sub(_number, text)


def _number(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", errors="surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
