"""Letters out of the data of mailbox services, and out of arrays in a page's scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from checks.facts import Letter
from crawler.readers.as_data import (
    Entry,
    address_of,
    entry_day,
    entry_lists,
    number_of,
    plain_title,
)
from crawler.readers.listing.rowtext import resolve
from crawler.readers.mail.build import build_letter
from crawler.readers.mail.keys import CREATED, best_keys, plain_key, state_words
from crawler.readers.mail.words import Field, is_template
from crawler.readers.page import Page
from crawler.readers.script_data import find_literals

_DAYS = frozenset({"received", "accepted", "replied"})
_TELLING = frozenset({"accepted", "replied", "answer", "status"})
_ADDRESSES = ("url", "href", "link", "linkurl", "detailurl", "htmlpath")
_TOTALS = ("total", "totalcount", "totalrecord", "totalrecords", "totalnum", "count", "recordcount")
_MOST_LETTERS = 1_000
_MOST_VALUES = 200
# Systems whose answers carry an id only: the detail page stands beside the list's page.
_DETAILS = {"originalid": "com.web.complain.complainDetail.flow?originalId="}

Keys = Mapping[Field, str]


@dataclass(frozen=True, slots=True)
class LetterData:
    """The letters of one answer, and the total that the answer tells."""

    letters: tuple[Letter, ...]
    total: int | None = None


def letters_in(answer: object, page: Page) -> LetterData:
    """Which letters does this JSON answer hold? None of them when it is no list of letters.

    Of several lists of objects the longest counts whose objects have a title and a day or a
    status of a letter.
    """
    return LetterData(_best(list(entry_lists(answer)), page), _total(answer))


def letters_in_scripts(html: str, page: Page) -> tuple[Letter, ...]:
    """Which letters do arrays in this page's scripts hold?

    Menus and news have titles and states too: here a day or an answer of a letter must be
    among the keys.
    """
    lists = [each for literal in find_literals(html) for each in entry_lists(literal.value)]
    return _best(lists, page, certain=True)


def letter_in(answer: object, page: Page) -> Letter | None:
    """Which one letter does the answer of a detail service tell of?"""
    alone: list[list[Entry]] = []
    if isinstance(answer, dict):
        alone = [[each] for each in (answer, *answer.values()) if isinstance(each, dict)]
    for entries in [*alone, *entry_lists(answer)]:
        keys = best_keys(entries[0])
        if len(entries) == 1 and _is_letter(keys, certain=True):
            letters = _read(entries, keys, page, dict.fromkeys(keys, True))
            return letters[0] if letters else None
    return None


def _best(
    lists: Sequence[Sequence[Entry]], page: Page, *, certain: bool = False
) -> tuple[Letter, ...]:
    best: tuple[Letter, ...] = ()
    for entries in lists[:_MOST_VALUES]:
        if len(entries) <= len(best):
            continue
        keys = best_keys(dict.fromkeys(key for entry in entries[:20] for key in entry))
        if _is_letter(keys, certain=certain):
            best = max(best, _read(entries, keys, page, _served(entries, keys)), key=len)
    return best


def _is_letter(keys: Keys, *, certain: bool) -> bool:
    if "title" not in keys:
        return False
    sent = "received" in keys and plain_key(keys["received"]) not in CREATED
    if certain:
        return sent or bool({"accepted", "replied", "answer"} & keys.keys())
    return sent or bool(_TELLING & keys.keys())


def _served(entries: Sequence[Entry], keys: Keys) -> dict[Field, bool]:
    """Which fields does this list fill at all? One that is blank in every row tells nothing."""
    return {
        field: any(_text(field, entry.get(key)) for entry in entries) for field, key in keys.items()
    }


def _read(
    entries: Sequence[Entry], keys: Keys, page: Page, served: Mapping[Field, bool]
) -> tuple[Letter, ...]:
    letters = [_letter(entry, keys, page, served) for entry in entries[:_MOST_LETTERS]]
    return tuple(letter for letter in letters if letter is not None)


def _letter(entry: Entry, keys: Keys, page: Page, served: Mapping[Field, bool]) -> Letter | None:
    fields = {field: _text(field, entry.get(key)) for field, key in keys.items() if served[field]}
    title = fields.pop("title", "")
    if not title or is_template(title):
        return None
    own = fields.pop("ref", "")
    code = fields.pop("status", "")
    state = state_words(keys["status"], code) if code else None
    letter = build_letter(
        fields | ({"status": state} if state else {}), title, _address(entry, page), page.today
    )
    if code and state is None and not letter.answered:
        # A number stands for a state that may as well be 不予受理.
        letter = replace(letter, answered=None)
    return replace(letter, ref=own) if own else letter


def _text(field: Field, value: object) -> str:
    """The field's words; days as YYYY-MM-DD, whatever the service writes."""
    if field not in _DAYS:
        return plain_title(value)
    on, text = entry_day(value)
    return _iso(on) or text or ""


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""


def _address(entry: Entry, page: Page) -> str | None:
    names = {plain_key(key): key for key in entry}
    for name in _ADDRESSES:
        address = address_of(entry.get(names.get(name, "")), page.url)
        if address:
            return address
    for name, path in _DETAILS.items():
        own = plain_title(entry.get(names.get(name, "")))
        if own.isalnum():
            return resolve(path + own, page.url)
    return None


def _total(answer: object, depth: int = 0) -> int | None:
    if not isinstance(answer, dict) or depth > 2:
        return None
    names = {plain_key(str(key)): value for key, value in answer.items()}
    told = next((n for name in _TOTALS if (n := number_of(names.get(name))) is not None), None)
    if told is not None:
        return told
    inner = (_total(value, depth + 1) for value in answer.values())
    return next((each for each in inner if each is not None), None)
