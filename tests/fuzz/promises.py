"""What holds of an answer whatever the input says: a false one is a fault, like a crash."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from html import unescape
from itertools import pairwise
from typing import Any

from checks.facts import DateSource, Item, Letter, Outcome
from checks.freshness import local_day
from checks.marks import NARROW, find_identities, find_mobiles
from crawler.dates import full_dates, instant_day, partial_dates, relative_day, url_date
from crawler.decode import decode
from crawler.private_letters import MARK, masked_sighting
from crawler.readers.article import read_article
from crawler.readers.choose import newest_of, read_list, read_page
from crawler.readers.letters import read_letter, read_letters
from crawler.readers.page import ListReading, Page
from storage.cells import address, identifier, text
from storage.evidence import Capture
from storage.fields import TABLES
from storage.inventory import Inventory, InventoryError, read_toml, validate
from storage.ledger import Sighting
from storage.legible import legible

FIRST, LAST = date(1900, 1, 1), date(2099, 12, 31)


class BrokenPromiseError(AssertionError):
    """An answer that the code promises never to give."""


def held(promise: str, kept: bool) -> None:
    if not kept:
        raise BrokenPromiseError(promise)


def dates(words: str, today: date) -> object:
    found, parts = full_dates(words), partial_dates(words)
    told = [instant_day(words), url_date(words), url_date(f"https://www.example.gov.cn/{words}")]
    ago = relative_day(words, today)
    for each in found:
        held("a day is what stands there", words[each.start : each.end] == each.text != "")
        held("a day lies in two centuries", FIRST <= each.on <= LAST)
    held("days do not overlap", all(a.end <= b.start for a, b in pairwise(found)))
    for part in parts:
        held("a piece is what stands there", words[part.start : part.end] == part.text != "")
        held("a piece is never a whole day", part.year is None or part.day is None)
        whole = (part.end <= each.start or each.end <= part.start for each in found)
        held("a piece lies in no whole day", all(whole))
    held("every day lies in two centuries", all(FIRST <= day <= LAST for day in told if day))
    held("a day told from the visit is not after it", ago is None or ago <= today)
    return found, parts, told, ago


def lists(page: Page) -> object:
    reading = read_list(page)
    return _listed(reading, page), _written(read_page("list", page))


def homes(page: Page) -> object:
    return _listed(read_list(page, "home"), page)


def feeds(page: Page) -> object:
    reading = read_list(page, "feed")
    held("a feed shows nothing after the visit", (reading.shown_to or page.today) <= page.today)
    return _listed(reading, page)


def _listed(reading: ListReading, page: Page) -> object:
    newest = newest_of(reading.items, page.today)
    for item in reading.items:
        _dated(item)
        _storable(item)
        held("a link leads to a web page", _is_web(item.url))
    counted = [
        item.published_on
        for item in reading.items
        if item.published_on and item.published_on <= page.today and not item.apart
    ]
    held("newest is the latest day up to the visit", _day(newest) == max(counted, default=None))
    if reading.outcome in (Outcome.EMPTY, Outcome.UNDATED):
        held("a list without days has no newest", newest is None)
    held("only an empty list is empty", reading.outcome is not Outcome.EMPTY or not reading.items)
    if reading.outcome is Outcome.OK:
        days = [item.published_on for item in reading.items if item.published_on]
        held("a dated list has a day up to the visit", min(days, default=LAST) <= page.today)
    return reading


def _day(item: Item | None) -> date | None:
    return item.published_on if item else None


def _dated(item: Item) -> None:
    if item.published_on is None:
        return
    held("a day lies in two centuries", FIRST <= item.published_on <= LAST)
    held("a day says where it stands", bool(item.date_text) and item.date_source is not None)
    written = full_dates(item.date_text or "")
    if item.date_source is DateSource.LIST and written:
        held("a day is the one written beside it", item.published_on in {w.on for w in written})


def articles(page: Page) -> object:
    reading = read_article(page)
    on = reading.published_on
    if on is not None:
        held("an article is not published after the visit", on <= page.today)
        held("a day was weighed", on in {each.on for each in reading.candidates})
        held("a day says where it stands", reading.date_source is not None)
        held("a dated article was seen", reading.outcome is Outcome.OK)
    _storable(reading)
    return reading, _written(read_page("article", page))


def letters(page: Page) -> object:
    reading, detail = read_letters(page), read_letter(page)
    for letter in (*reading.letters, *detail.letters):
        _lettered(letter, page.today)
        _storable(letter)
    numbers = [letter.ref for letter in reading.letters]
    held("a letter is listed once", len(numbers) == len(set(numbers)))
    held("only an empty list is empty", reading.outcome is not Outcome.EMPTY or not numbers)
    return reading, detail, _written(read_page("letters", page))


def _lettered(letter: Letter, today: date) -> None:
    received = [day for day in (letter.received_on, letter.accepted_on) if day]
    held("no letter is received after the visit", all(FIRST <= day <= today for day in received))
    held("a letter has a number", bool(letter.ref))
    held("a link leads to a web page", _is_web(letter.url))


def _is_web(url: str | None) -> bool:
    return url is None or url.startswith(("http://", "https://"))


def _storable(value: Any) -> None:
    """A database takes every text of it, once made legible."""
    for name in value.__dataclass_fields__:
        shown = getattr(legible(value), name)
        if isinstance(shown, str):
            held("a text can be stored", "\0" not in shown)
            shown.encode()


def _written(answer: Mapping[str, object]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def masks(capture: Capture) -> object:
    """A look at a mailbox as it is kept: its letters as before, no number of a person's."""
    letters = _read(capture)
    refs = {one.ref.translate(NARROW) for each in _readings(capture) for one in each}
    told = Sighting("mailbox:a", capture.at, Outcome.OK, capture.url, letters=letters)
    kept = masked_sighting(replace(told, captures=(capture,)))
    held("number, times, unit and status are kept", _told(kept.captures[0]) == _rows(letters))
    held("and so they are of the visit", _rows(kept.letters) == _rows(letters))
    words = [text for one in kept.letters for text in (one.unit, one.status) if text]
    left = [*_numbers_in(_kept(kept.captures[0])), *_numbers_in("\n".join(words))]
    left = [each for each in left if not any(each in ref for ref in refs)]
    held(f"no number of a person is kept: {left[:3]}", not left)
    return kept


def _readings(capture: Capture) -> Sequence[tuple[Letter, ...]]:
    kind = capture.headers["content-type"]
    page = Page(capture.url, capture.body, local_day(capture.at), capture.status, kind)
    return read_letters(page).letters, read_letter(page).letters


def _read(capture: Capture) -> tuple[Letter, ...]:
    return next(filter(None, _readings(capture)), ())


def _rows(letters: Sequence[Letter]) -> list[list[str | None]]:
    """What must be kept of letters: number, times, unit and status; of a title nothing need be."""
    return [
        [
            letter.ref,
            *(str(day) if day else None for day in _times(letter)),
            *(_NUMBER.sub("", words) if words else None for words in (letter.unit, letter.status)),
        ]
        for letter in letters
    ]


def _times(letter: Letter) -> Sequence[date | None]:
    return letter.received_on, letter.accepted_on, letter.replied_on


def _told(capture: Capture) -> list[list[str | None]]:
    """The same of what is kept: where that is the letters alone, as their rows say."""
    if not capture.headers.get(MARK, "").startswith("letters-only"):
        return _rows(_read(capture))
    names = ("code", "submitdate", "acceptdate", "replydate")
    return [
        [
            *(row.get(name) for name in names),
            *(
                _NUMBER.sub("", row[name]) if name in row else None
                for name in ("deptname", "status")
            ),
        ]
        for row in json.loads(capture.body)["letters"]
    ]


def _kept(capture: Capture) -> str:
    """What is kept of an answer, its links left out: by their ids letters are found again."""
    if capture.headers.get(MARK, "").startswith("letters-only"):
        rows = json.loads(capture.body)["letters"]
        return json.dumps([row | {"url": ""} for row in rows], ensure_ascii=False)
    return _LINK.sub("", unescape(decode(capture.body, capture.headers["content-type"])))


def _numbers_in(text: str) -> Sequence[str]:
    """Mobile and identity numbers but what a label calls the number of a letter."""
    text = text.translate(NARROW)
    return [
        text[mark.start : mark.end]
        for mark in (*find_mobiles(text), *find_identities(text))
        if not _NUMBERED.search(text[max(mark.start - 12, 0) : mark.start])
    ]


_NUMBER = re.compile(r"[\d*\- +]+")
_LINK = re.compile(
    r"""(?:href|src)\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)|(?:https?:/)?/[^\s"'<>]+""", re.I
)
_NUMBERED = re.compile(r"(?:编号|单号|受理号|流水号|信件号|查询[码号]|序号|文号|案号)\W{0,3}$")


def inventory(words: str) -> object:
    try:
        return _registered(read_toml(words, "inventory.toml"))
    except InventoryError as refused:
        return _refused(refused)


def register(sheets: Mapping[str, Sequence[Mapping[str, Any]]]) -> object:
    """Rows as the cells of a workbook give them: texts, numbers, days and truths."""
    try:
        return _registered(validate(sheets, "register.xlsx"))
    except InventoryError as refused:
        return _refused(refused)


def _refused(refused: InventoryError) -> object:
    held("a refusal says why", len(str(refused)) > len(refused.args[0].partition("\n")[0]))
    lines = str(refused).count("\n")
    held("one fault takes one line", not refused.faults or lines == len(refused.faults))
    return str(refused)


def _registered(taken: Inventory) -> Inventory:
    for table in TABLES:
        rows, ids = taken[table.name], [row["id"] for row in taken[table.name]]
        held("an id stands once", len(ids) == len(set(ids)))
        held("an id is an id", all(identifier(each) == each for each in ids))
        for field in table.fields:
            values = [row[field.name] for row in rows if row[field.name] is not None]
            if field.refers_to:
                known = {row["id"] for row in taken[field.refers_to]}
                held("what is named exists", set(values) <= known)
            held("a kept value is kept again", all(_again(field.read, value) for value in values))
            if field.read is address:
                held("an address leads to a web page", all(map(_is_web, values)))
            if field.read is text:
                held("a text takes one line", all("\n" not in value for value in values))
    return taken


def _again(read: Callable[[Any], Any], value: Any) -> bool:
    """Does a value that was taken mean the same when it is read again, from TOML or a sheet?"""
    return value == [] or bool(read(value) == value)
