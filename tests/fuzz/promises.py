"""What holds of an answer whatever the input says: a false one is a fault, like a crash."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from checks.facts import DateSource, Item, Letter, Outcome
from crawler.dates import full_dates, instant_day, partial_dates, relative_day, url_date
from crawler.readers.article import read_article
from crawler.readers.choose import newest_of, read_list, read_page
from crawler.readers.letters import read_letter, read_letters
from crawler.readers.page import ListReading, Page
from storage.cells import address, identifier, text
from storage.fields import TABLES
from storage.inventory import Inventory, InventoryError, read_toml, validate
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
