"""Where does a mailbox's list go on?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from checks.facts import Letter
from crawler.readers.page import Follow, Page
from crawler.readers.pager import turns_of

_PAGE_NUMBERS = frozenset({"currpage", "cur_page"})
_FEW = 2
_BEGIN, _LENGTH = "PageCond/begin", "PageCond/length"


def next_list_page(page: Page, asked: Follow | None) -> Follow | None:
    """Which request brings the next page of this list? None when there is none, or none is told.

    `asked` is the request to a list service whose answer `page` holds; None for a page of its
    own.
    """
    if asked is None:
        return turns_of(page).following or _next_in_query(page.url)
    return _next_in_form(asked) or turns_of(page, asked).following


def last_list_page(page: Page, asked: Follow | None) -> Follow | None:
    """Which request brings the end of this list, as far as the page tells?"""
    return turns_of(page, asked).last


def previous_list_page(page: Page, asked: Follow | None) -> Follow | None:
    """Which request brings the page before this one, as far as the page tells?"""
    return turns_of(page, asked).previous


def runs_upward(letters: Iterable[Letter]) -> bool:
    """Do these rows run from old to new, so that the newest letters stand on the last page?"""
    days = [day for each in letters if (day := each.received_on or each.replied_on)]
    return len(days) > _FEW and days == sorted(days) and days[0] < days[-1]


def _next_in_form(asked: Follow) -> Follow | None:
    form = dict(asked.form)
    begin, length = form.get(_BEGIN, ""), form.get(_LENGTH, "")
    if begin.isdecimal() and length.isdecimal():
        return replace(asked, form={**form, _BEGIN: str(int(begin) + int(length))})
    for name, value in form.items():
        if name.lower() in _PAGE_NUMBERS and value.isdecimal():
            return replace(asked, form={**form, name: str(int(value) + 1)})
    return None


def _next_in_query(url: str) -> Follow | None:
    """The same address with its page number raised, where only a script turns the pages."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, True)
    turned = [
        (name, str(int(value) + 1) if _is_page(name, value) else value) for name, value in pairs
    ]
    if turned == pairs:
        return None
    return Follow(urlunsplit(parts._replace(query=urlencode(turned), fragment="")))


def _is_page(name: str, value: str) -> bool:
    return name.lower() in _PAGE_NUMBERS and value.isdecimal() and len(value) < 6
