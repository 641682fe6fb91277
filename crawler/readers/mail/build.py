"""From named fields to a letter, and from two looks at a letter to one."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from checks.facts import Letter
from crawler.readers.mail.words import Field, day_of

_ID_NAMES = re.compile(r"^(?:.*id|bh|code|no|num|number|letter|mail|key|guid|uuid|xh)$", re.I)
_GENERAL_IDS = frozenset({"sysid", "modelid", "model_id", "webid", "siteid", "tm_id", "columnid"})
_PATH_ID = re.compile(r"([0-9a-f]{16,}|[0-9a-f-]{36}|\d{3,})", re.I)
_BLANK_VALUES = frozenset({"", "-", "--", "/", "无", "暂无", "空", "null", "None"})
_HASH_LENGTH = 12
_NO_ANSWER = re.compile(
    r"^(?:暂无|尚无|暂未|尚未|未|没有|待|等待|正在|办理中|处理中|受理中)|\{\{|\$\{"
)


def build_letter(fields: Mapping[Field, str], title: str, url: str | None, today: date) -> Letter:
    """Which letter do these named fields describe?

    A letter without a number of its own is known by the id in its address, else by a short
    hash of the address (of its title and days, where there is no address either).
    """
    days = [day_of(fields.get(name), today) for name in ("received", "accepted", "replied")]
    shown = _value(fields.get("ref"))
    return Letter(
        ref=shown or reference(url) or _hash(f"{title}|{days[0]}"),
        title=title,
        url=url,
        received_on=days[0],
        accepted_on=days[1],
        replied_on=days[2],
        unit=_value(fields.get("unit")),
        status=_value(fields.get("status")),
        answered=_answered(fields),
    )


def _answered(fields: Mapping[Field, str]) -> bool | None:
    """Do these fields show an answer? None when the page has no place for one."""
    places = [fields[name] for name in ("replied", "answer") if name in fields]
    if not places:
        return None
    said = [words for place in places if (words := _value(place))]
    return any(not _NO_ANSWER.search(words) for words in said)


def _value(text: str | None) -> str | None:
    words = " ".join((text or "").split()).strip("[]【】 ")
    return None if words in _BLANK_VALUES else words


def reference(url: str | None) -> str | None:
    """What in this address tells the letter apart from the others?"""
    if not url:
        return None
    parts = urlsplit(url)
    own = [
        value
        for name, value in parse_qsl(parts.query)
        if _ID_NAMES.match(name) and name.lower() not in _GENERAL_IDS and value
    ]
    if own:
        return own[0]
    in_path = _PATH_ID.findall(parts.path.rpartition("/")[2])
    return in_path[-1] if in_path else _hash(url)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]


def merge(known: Letter, seen: Letter) -> Letter:
    """One letter from its list row and its detail page; what the detail page says wins.

    The reference, title and address stay those of the list, so that the letter is the same.
    """
    return replace(
        known,
        title=known.title or seen.title,
        received_on=seen.received_on or known.received_on,
        accepted_on=seen.accepted_on or known.accepted_on,
        replied_on=seen.replied_on or known.replied_on,
        unit=seen.unit or known.unit,
        status=seen.status or known.status,
        answered=known.answered if seen.answered is None else seen.answered,
    )


def told_apart(letters: Sequence[Letter]) -> tuple[Letter, ...]:
    """The letters, each once; a number that several letters share tells none of them apart."""
    unique = dict.fromkeys(letters)
    shown = Counter(letter.ref for letter in unique)
    return tuple(
        letter
        if shown[letter.ref] == 1
        else replace(letter, ref=_hash(f"{letter.url}|{letter.title}|{letter.received_on}"))
        for letter in unique
    )
