"""From named fields to a letter, and from two looks at a letter to one."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from checks.facts import Letter
from crawler.readers.mail.words import Field, day_of, is_template

_ID_NAMES = re.compile(r"^(?:.*id|bh|code|no|sn|num|number|letter|mail|key|guid|uuid|xh)$", re.I)
_GENERAL_IDS = frozenset({"sysid", "modelid", "model_id", "webid", "siteid", "tm_id", "columnid"})
_PATH_ID = re.compile(r"([0-9a-f]{16,}|[0-9a-f-]{36}|\d{3,})", re.I)
_BLANK_VALUES = frozenset({"", "-", "--", "/", "无", "暂无", "空", "null", "None", "undefined"})
_HASH_LENGTH = 12
_LONGEST_STATUS = 20
_NO_ANSWER = re.compile(
    r"^(?:暂无|尚无|暂未|尚未|未|没有|待|等待|正在|办理中|处理中|受理中|审核中|否$)"
)
# A list often numbers its rows; such a number belongs to another letter tomorrow.
_ROW_NUMBER = re.compile(r"\d{1,3}")
_CUT = re.compile(r"(?:\.{2,3}|…{1,2})$")
_MARK_WORDS = r"(?:重复|同一诉求|撤件|撤信|已?撤回|已?撤销|作废|无效)(?:来信|信件|留言|诉求|件)?"
_MARK = re.compile(
    rf"^\s{{0,3}}[【\[（(]({_MARK_WORDS})[】\]）)]|[【\[（(]({_MARK_WORDS})[】\]）)]\s{{0,3}}$"
)


def build_letter(fields: Mapping[Field, str], title: str, url: str | None, today: date) -> Letter:
    """Which letter do these named fields describe?

    A letter without a number of its own is known by the id in its address, else by a short
    hash of the address (of its title and days, where there is no address either). A day of
    receipt after `today` is a slip of the page and no day.
    """
    days = [day_of(fields.get(name), today) for name in ("received", "accepted", "replied")]
    received, accepted = (day if day and day <= today else None for day in days[:2])
    status = _value(fields.get("status"))
    if status and len(status) > _LONGEST_STATUS:
        # 办理情况 names a status on some pages and the whole answer on others.
        fields, status = {**fields, "answer": fields.get("answer") or status}, None
    return Letter(
        ref=_number(fields.get("ref")) or reference(url) or _hash(f"{title}|{days[0]}"),
        title=title,
        url=url,
        received_on=received,
        accepted_on=accepted,
        replied_on=days[2],
        unit=_value(fields.get("unit")),
        status=_marked(status, title),
        answered=_answered(fields),
    )


def _number(shown: str | None) -> str | None:
    value = _value(shown)
    return None if value is None or _ROW_NUMBER.fullmatch(value) else value


def _marked(status: str | None, title: str) -> str | None:
    """The status, and with it what the title says in brackets: 【重复件】, （已撤回）."""
    mark = _MARK.search(title)
    if mark is None:
        return status
    said = mark[1] or mark[2]
    return said if status is None or said in status else f"{status}（{said}）"


def _answered(fields: Mapping[Field, str]) -> bool | None:
    """Do these fields show an answer? None when the page has no place for one.

    A place that a script has yet to fill is no place.
    """
    places = [fields[name] for name in ("replied", "answer") if name in fields]
    places = [place for place in places if not is_template(place)]
    if not places:
        return None
    said = [words for place in places if (words := _value(place))]
    return any(not _NO_ANSWER.search(words) for words in said)


def _value(text: str | None) -> str | None:
    words = " ".join((text or "").split()).strip("[]【】 ")
    return None if words in _BLANK_VALUES or is_template(words) else words


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
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:_HASH_LENGTH]


def merge(known: Letter, seen: Letter) -> Letter:
    """One letter from its list row and its detail page; what the detail page says wins.

    The reference, title and address stay those of the list, so that the letter is the same.
    An answer that either of them shows is an answer.
    """
    return replace(
        known,
        title=known.title or seen.title,
        received_on=seen.received_on or known.received_on,
        accepted_on=seen.accepted_on or known.accepted_on,
        replied_on=seen.replied_on or known.replied_on,
        unit=seen.unit or known.unit,
        status=_later_status(known.status, seen.status),
        answered=_either(known.answered, seen.answered),
    )


def _later_status(known: str | None, seen: str | None) -> str | None:
    """The detail page's status; a mark such as 重复件 from the list's title stays with it."""
    mark = re.search(_MARK_WORDS, known or "")
    if seen is None or mark is None or mark[0] in seen:
        return seen or known
    return f"{seen}（{mark[0]}）"


def _either(known: bool | None, seen: bool | None) -> bool | None:
    return True if known or seen else known if seen is None else seen


def told_apart(letters: Iterable[Letter]) -> tuple[Letter, ...]:
    """The letters, each once, in order; rows of the same letter become one.

    Rows with one number and one title, or with one id in their address, are the same letter. A
    number, or an address without id, that different letters share tells none of them apart.
    """
    by_ref: defaultdict[str, list[Letter]] = defaultdict(list)
    for letter in dict.fromkeys(letters):
        same = by_ref[letter.ref]
        place = next((n for n, each in enumerate(same) if _is_same(each, letter)), None)
        if place is None:
            same.append(letter)
        else:
            same[place] = merge(same[place], letter)
    return tuple(letter for same in by_ref.values() for letter in _numbered(same))


def _is_same(one: Letter, other: Letter) -> bool:
    if one.url is not None and one.url == other.url and reference(one.url) != _hash(one.url):
        return True
    days = {each for each in (one.received_on, other.received_on) if each is not None}
    short, long = sorted((_CUT.sub("", each.title) for each in (one, other)), key=len)
    return len(days) < 2 and bool(short) and long.startswith(short)


def _numbered(same: Sequence[Letter]) -> Sequence[Letter]:
    if len(same) == 1:
        return same
    return [
        replace(letter, ref=_hash(f"{letter.url}|{letter.title}|{letter.received_on}"))
        for letter in same
    ]
