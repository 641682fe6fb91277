"""Items out of the data of list services: one entry of JSON is one row of the list.

Every portal names its fields in its own way, so a reader says which fields hold the title, the
address and the day of publication. Days of drafting, storing or changing are never asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import unescape

from checks.facts import DateSource, Item
from crawler.dates import full_dates, instant_day
from crawler.readers.listing.items import without_twins
from crawler.readers.listing.reading import list_reading, unreadable
from crawler.readers.listing.rowtext import resolve
from crawler.readers.page import ListReading, Page

Entry = Mapping[str, object]

UNTITLED = "（无标题）"
_MOST_ENTRIES = 5_000
_LONGEST_MARKUP = 2_000
_LONGEST_TITLE = 300
_LONGEST_DATE = 40
_DEEPEST = 4
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_NET_DATE = re.compile(r"/Date\((\d{9,14})(?:[+-]\d{4})?\)/")
_NOTHING = frozenset({"", "0", "null", "undefined", "none", "nan", "-"})


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields of an entry hold what; of several the first that is filled counts.

    Names are compared without regard to case.
    """

    titles: tuple[str, ...]
    addresses: tuple[str, ...]
    days: tuple[str, ...]


def entries_in(value: object) -> list[Entry]:
    """The entries of a list of objects; empty for anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def inside(value: object, *path: str) -> object:
    """What stands in this JSON value under these names, one within the other? None if nothing."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def entry_lists(value: object, depth: int = 0) -> Iterator[list[Entry]]:
    """Every list of objects in this JSON value, outer ones first, to a depth of four."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        entries = entries_in(value)
        if entries:
            yield entries
        for each in entries[:_MOST_ENTRIES]:
            yield from entry_lists(each, depth + 1)
    elif isinstance(value, dict):
        for each in value.values():
            if isinstance(each, list | dict):
                yield from entry_lists(each, depth + 1)


def filled(entry: Entry, names: Sequence[str]) -> object | None:
    """The value of the first of these fields that holds one; null, 0 and blanks do not."""
    known = {name.lower(): value for name, value in entry.items()}
    for name in names:
        value = known.get(name.lower())
        if value is None or isinstance(value, bool):
            continue
        if str(value).strip().lower() not in _NOTHING:
            return value
    return None


def entry_day(value: object) -> tuple[date | None, str | None]:
    """Which day does this value mean, and how was it written?

    Reads what `instant_day` reads, `{"time": …}` and .NET's `/Date(…)/`. Two different days in
    one value, or a long text, are no day of publication.
    """
    if isinstance(value, dict):
        value = filled(value, ("time",))
    if value is None or isinstance(value, bool | dict | list):
        return None, None
    text = str(value).strip()
    if text.lower() in _NOTHING:
        return None, None
    if len(text) > _LONGEST_DATE:
        return None, text[:_LONGEST_DATE]
    wrapped = _NET_DATE.fullmatch(text)
    if wrapped:
        return instant_day(wrapped[1]), text
    if len({found.on for found in full_dates(text)}) > 1:
        return None, text
    return instant_day(text), text


def plain_title(value: object) -> str:
    """The words of a title that may carry markup and character references."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    text = str(value)[:_LONGEST_MARKUP]
    return " ".join(unescape(_TAG.sub("", unescape(text))).split())[:_LONGEST_TITLE]


def address_of(value: object, base: str) -> str | None:
    """Where does this address lead, in full? None for blanks, scripts and mere fragments."""
    if not isinstance(value, str) or not value.strip() or value.strip().startswith("#"):
        return None
    return resolve(unescape(value), base)


def items_of_entries(entries: Sequence[Entry], fields: Fields, base: str) -> list[Item]:
    """What do these entries say, in their order?

    Of more than 5,000 both ends are read, as some lists run from old to new. An entry with
    neither a day nor an address tells nothing and is left out.
    """
    half = _MOST_ENTRIES // 2
    ends = [*entries[:half], *entries[-half:]] if len(entries) > _MOST_ENTRIES else entries
    items = [_item(entry, fields, base) for entry in ends]
    return without_twins([item for item in items if item.published_on or item.url])


def _item(entry: Entry, fields: Fields, base: str) -> Item:
    on, text = entry_day(filled(entry, fields.days))
    title = plain_title(filled(entry, fields.titles)) or UNTITLED
    url = address_of(filled(entry, fields.addresses), base)
    return Item(title, url, on, text, DateSource.API if on else None)


def number_of(value: object) -> int | None:
    """A count, written as a number or as digits; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip()
    return int(text) if re.fullmatch(r"\d{1,9}", text) else None


def refusal(answer: Entry) -> str | None:
    """In what words does this answer say that the service failed; None when it does not."""
    code = filled(answer, ("code", "status"))
    failed = answer.get("success") is False
    if isinstance(code, str | int) and re.fullmatch(r"[345]\d\d|-\d{1,9}", str(code).strip()):
        failed = True
    if not failed:
        return None
    words = plain_title(filled(answer, ("message", "msg", "errmsg", "error")))[:60]
    return f"列表服务返回失败{f'：{words}' if words else ''}"


def data_reading(
    page: Page, rows: object, fields: Fields, reader: str, how: str, total: int | None
) -> ListReading:
    """What do the rows that a list service answered amount to?

    No rows although the service counts some means that the answer was not the list: it is
    unreadable. Only no rows together with an explicit total of 0 make the list empty.
    """
    if not isinstance(rows, list):
        return unreadable(reader, f"{how}：没有返回列表")
    items = items_of_entries(entries_in(rows), fields, page.url)
    if not items and (rows or total):
        why = f"{how}：总数为{total}，却没有返回任何信息" if total else f"{how}：没有读到信息"
        return replace(unreadable(reader, why), total=total)
    return list_reading(items, page.today, reader, how, total=total)
