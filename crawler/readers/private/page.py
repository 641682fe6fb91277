"""What of a mailbox's answer may be kept: its letters as they are read, nothing of who wrote them.

The door of this package. An answer is masked where it stands, and read again: the readers must
find the same letters, and no mask may be left to set. Where that cannot be had, only the letters
that were read are kept.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from checks.facts import Letter
from crawler.decode import charset_of, decode
from crawler.readers.letters import read_letter, read_letters
from crawler.readers.listing.scan import NestingError
from crawler.readers.page import LettersReading, Page
from crawler.readers.private.addresses import without_persons
from crawler.readers.private.data import mask_data
from crawler.readers.private.markup import mask_markup, mask_script
from crawler.readers.private.sweep import is_swept, swept
from crawler.readers.private.text import Masker
from crawler.readers.private.values import texts_of, values_of
from crawler.readers.private.words import MASK, Kind
from crawler.readers.records import service_answer, unwrapped

Readings = tuple[LettersReading, LettersReading]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an answer. `whole`: all of it but the masks; else its letters alone, as JSON.

    `counts` says how many places were masked, by kind.
    """

    body: bytes
    counts: Mapping[Kind, int]
    whole: bool = True


def kept_of(page: Page) -> Kept | None:
    """What may be kept of this answer of a mailbox? None: all of it, nothing in it is personal."""
    before = _readings(page)
    masker = Masker(frozenset(letter.ref for reading in before for letter in reading.letters))
    try:
        body = _masked(page, masker)
        if body == page.body and is_swept(_source(page), masker.kept):
            return None
        proved = body is not None and _proved(replace(page, body=body), before, masker)
    except (NestingError, ValueError, RecursionError):
        # What cannot be masked is not kept, and `whole` says so.
        body, proved = None, False
    if body is None or not proved:
        return Kept(_letters_alone(before, masker), Counter(masker.counts), whole=False)
    return Kept(body, Counter(masker.counts))


def _proved(masked: Page, before: Readings, masker: Masker) -> bool:
    return _same(before, _readings(masked)) and _is_clean(masked, masker)


def _readings(page: Page) -> Readings:
    return read_letters(page), read_letter(page)


def _same(before: Readings, after: Readings) -> bool:
    return all(_plain(one) == _plain(other) for one, other in zip(before, after, strict=True))


def _plain(reading: LettersReading) -> LettersReading:
    """The reading without titles, and without what addresses say of persons: what rows keep."""
    letters = tuple(
        replace(letter, title="", url=without_persons(letter.url) if letter.url else None)
        for letter in reading.letters
    )
    return replace(reading, letters=letters)


def _masked(page: Page, masker: Masker) -> bytes | None:
    """The bytes with everything masked that is known to be a person's, in the page's own charset.

    None where the text does not give the same bytes again, as in what is no text.
    """
    charset, mark = charset_of(page.body, page.content_type)
    raw = page.body[mark:]
    text = raw.decode(charset, errors="surrogateescape")
    if "\0" in text or text.encode(charset, errors="surrogateescape") != raw:
        return None
    masked = _masked_text(text, page.content_type, masker)
    return page.body[:mark] + masked.encode(charset, errors="surrogateescape")


def _masked_text(text: str, content_type: str, masker: Masker) -> str:
    answer = service_answer(text)
    if answer is not None:
        masked = mask_data(answer, masker)
        if masked == answer:
            return text
        data = unwrapped(text)
        start = text.index(data)
        written = json.dumps(masked, ensure_ascii="\\u" in data)
        return text[:start] + written + text[start + len(data) :]
    if "javascript" in content_type or "css" in content_type:
        return swept(mask_script(text, masker), masker)
    return swept(mask_markup(text, masker), masker)


def _source(page: Page) -> str:
    return decode(page.body, page.content_type)


def _is_clean(page: Page, masker: Masker) -> bool:
    """Does this page, read anew, show nothing more that would have to be masked?"""
    html = _source(page)
    again = Masker(masker.kept)
    if not is_swept(html, masker.kept):
        return False
    if service_answer(html) is None:
        values, names = values_of(html)
        if names or any(MASK not in words for words in values):
            return False
        return all(MASK in words or again.text(words) == words for words in texts_of(html))
    return _masked_text(html, page.content_type, again) == html


def _letters_alone(readings: Readings, masker: Masker) -> bytes:
    """The letters as data that the readers read again; of a title a letter shows nothing."""
    found = next((reading.letters for reading in readings if reading.letters), ())
    rows = [_row(letter, masker) for letter in found]
    return json.dumps({"total": len(rows), "letters": rows}, ensure_ascii=False).encode()


def _row(letter: Letter, masker: Masker) -> dict[str, str]:
    said = {True: "是", False: "否"}
    told: Iterable[tuple[str, object]] = (
        ("code", letter.ref),
        ("title", MASK),
        ("url", without_persons(letter.url) if letter.url else None),
        ("submitdate", letter.received_on),
        ("acceptdate", letter.accepted_on),
        ("replydate", letter.replied_on),
        ("deptname", masker.numbers(letter.unit or "") or None),
        ("status", masker.numbers(letter.status or "") or None),
        ("reply", said.get(letter.answered) if letter.answered is not None else None),
    )
    return {key: str(value) for key, value in told if value is not None}
