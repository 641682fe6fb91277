"""Days in addresses, and instants as feeds, services and meta tags write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from crawler.dates.plain import SHANGHAI, calendar_day
from crawler.dates.written import full_dates

_URL_FORMS = (
    re.compile(r"/[a-zA-Z]{1,3}(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)_\d+"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)/(?P<m>\d\d?)/(?P<d>\d\d?)(?=/|_|$)"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)-(?P<m>\d\d?)[-/](?P<d>\d\d?)(?=/|_|$)"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)/(?P<m>\d\d)-?(?P<d>\d\d)(?=/|_|$)"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)(?P<m>\d\d)/(?P<d>\d\d)(?=/|_|$)"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?=/|_|$)"),
)
_FIRST_WEB_YEAR = 1995


def url_date(url: str) -> date | None:
    """Which day does this address carry (t20191216_1.html, /2020/11/3/, /20201103/), if any?

    Only the path counts, and only whole path pieces: a running number is not a date.
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    for form in _URL_FORMS:
        for match in form.finditer(path):
            on = calendar_day(match["y"], match["m"], match["d"])
            if on is not None and on.year >= _FIRST_WEB_YEAR:
                return on
    return None


_DIGITS = re.compile(r"-?\d+(?:\.\d+)?$")
_ASCTIME = re.compile(
    r"(?:[A-Z][a-z]{2},? )?(?P<m>[A-Z][a-z]{2}) +(?P<d>\d\d?) (?P<t>\d\d?:\d\d:\d\d)"
    r"(?: (?P<z>[A-Za-z]{3,5}|[+-]\d{4}))? (?P<y>\d{4})$"
)
_OLDEST_INSTANT = datetime(1990, 1, 1, tzinfo=UTC)
_NEWEST_INSTANT = datetime(2100, 1, 1, tzinfo=UTC)


def instant_day(value: str | int | float) -> date | None:
    """On which day in Asia/Shanghai lies this instant, as a feed, service or meta tag says it?

    Reads epoch seconds and milliseconds, RFC 822, Weibo's and Java's spelling, ISO 8601 and
    the forms of `full_dates`. A missing zone, and CST, mean UTC+8. None for anything else.
    """
    text = str(value).strip()
    if _DIGITS.match(text):
        return _numeric_day(text)
    try:
        moment = _worded_moment(text) or datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        found = full_dates(text[:80])
        return found[0].on if found else None
    if moment.tzinfo is None:
        return moment.date() if _OLDEST_INSTANT.year <= moment.year < _NEWEST_INSTANT.year else None
    return _shanghai_day(moment)


def _numeric_day(text: str) -> date | None:
    """Epoch seconds or milliseconds, or a compact 20240605 with or without its clock time."""
    if re.match(r"(?:19|20)\d{6}(?:\d{4}|\d{6})?$", text):
        return calendar_day(text[:4], text[4:6], text[6:8])
    number = float(text)
    seconds = number / 1000 if number >= 1e11 else number
    try:
        return _shanghai_day(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _shanghai_day(moment: datetime) -> date | None:
    if not _OLDEST_INSTANT <= moment <= _NEWEST_INSTANT:
        return None
    return moment.astimezone(SHANGHAI).date()


def _worded_moment(text: str) -> datetime | None:
    """RFC 822 and asctime spellings, whose month names are English in any locale."""
    asctime = _ASCTIME.match(text)
    if asctime:
        text = f"{asctime['d']} {asctime['m']} {asctime['y']} {asctime['t']} {asctime['z'] or ''}"
    if not re.search(r"[A-Z][a-z]{2}", text):
        return None
    text = re.sub(r"\bCST\b", "+0800", text)  # China's, not Central America's
    text = text.replace("-0000", "+0000")
    try:
        return parsedate_to_datetime(text)
    except TypeError:
        return None
