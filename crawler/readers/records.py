"""Rows carried inside scripts and list services: `<record><![CDATA[…]]></record>`.

Hanweb's jpage, TrueCMS and the jact mailboxes share this wrapping. A page parser does not see
it: the rows stand in a script or in an XML answer.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from itertools import pairwise

_TOTAL = re.compile(
    r"<total_?records?>\s{0,9}(?:<!\[CDATA\[)?\s{0,9}(\d{1,9})\s{0,9}(?:\]\]>)?\s{0,9}"
    r"<\\?/total_?records?>",
    re.I,
)
_SCRIPT_TOTAL = re.compile(
    r"""['"]?(?:total_?records?|record_?total)['"]?\s{0,9}[:=]\s{0,9}['"]?(\d{1,9})""", re.I
)
_CALLBACK = re.compile(r"^\s{0,99}[\w$.]{0,99}\s{0,9}\(\s{0,9}(?=[{\[\"'<])")
_ASKED = re.compile(r"[?&;]columnid=([\w-]{1,64}(?:,[\w-]{1,64}){0,99})", re.I)
_STORE_END = "</datastore>"


@dataclass(frozen=True, slots=True)
class Records:
    """The rows of one datastore as markup, the total it tells, and which column it is of.

    `column` is what its own request for further rows names; None when it names no single one.
    """

    fragments: tuple[str, ...]
    total: int | None
    column: str | None = None


def find_datastores(text: str) -> list[Records]:
    """Which datastores does this text carry, in order? A list without wrapper counts as one."""
    lowered = text.lower()
    starts = _occurrences(lowered, "<datastore")
    bounds = [*starts, len(text)] if starts else [0, len(text)]
    pieces = [text[first:last] for first, last in pairwise(bounds)]
    found = [_records(piece) for piece in pieces]
    return [each for each in found if each.fragments or each.total is not None]


def _records(piece: str) -> Records:
    end = piece.lower().find(_STORE_END)
    own = piece[:end] if end >= 0 else piece
    named = set(_ASKED.findall(html.unescape(own))) if "columnid" in own.lower() else set()
    return Records(tuple(_fragments(own)), _total(own), named.pop() if len(named) == 1 else None)


def _occurrences(text: str, word: str) -> list[int]:
    places = []
    at = text.find(word)
    while at >= 0:
        places.append(at)
        at = text.find(word, at + 1)
    return places


def _fragments(text: str) -> list[str]:
    """What stands between <record> and </record>, without its CDATA wrapping; linear."""
    found: list[str] = []
    lowered = text.lower()
    at = lowered.find("<record>")
    while at >= 0:
        start = at + len("<record>")
        end = lowered.find("</record>", start)
        if end < 0:
            end = len(text)
        found.append(_unwrapped(text[start:end]))
        at = lowered.find("<record>", end)
    return [each for each in found if each]


def _unwrapped(record: str) -> str:
    body = record.strip()
    if body.startswith("<![CDATA["):
        return body[len("<![CDATA[") :].removesuffix("]]>").strip()
    return html.unescape(body).strip() if body.startswith("&lt;") else body


def _total(text: str) -> int | None:
    match = _TOTAL.search(text)
    return int(match[1]) if match else None


def script_total(text: str) -> int | None:
    """How many rows does the page say the list has in all?

    Only the data's own `<totalrecord>` can say 0: a script variable may start at 0.
    """
    match = _TOTAL.search(text)
    if match is None:
        match = _SCRIPT_TOTAL.search(text)
        return int(match[1]) or None if match else None
    return int(match[1])


def unwrapped(text: str) -> str:
    """What a JSONP answer hands to its callback; any other text as it is."""
    body = text.strip()
    match = _CALLBACK.match(body)
    if match is None:
        return body
    return body[match.end() :].rstrip().rstrip(";").rstrip().removesuffix(")")


def service_answer(text: str) -> object | None:
    """The value of a JSON or JSONP answer; None when the text is neither."""
    body = unwrapped(text)
    if not body.startswith(("{", "[", '"')):
        return None
    try:
        answer: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer
