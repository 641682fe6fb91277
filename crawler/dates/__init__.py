"""Dates as Chinese government pages write them: found in text, addresses and time stamps.

Pure and linear: every pattern has bounded repetition, and no clock is read. Days are days in
Asia/Shanghai, which has been UTC+8 without summer time since 1991. Offsets always refer to the
text as given, so the original writing can be kept or cut out.
"""

from crawler.dates.pieces import FoundPart, partial_dates, parts_in, relative_day
from crawler.dates.stamps import instant_day, url_date
from crawler.dates.written import FoundDate, dates_in, full_dates

__all__ = [
    "FoundDate",
    "FoundPart",
    "dates_in",
    "full_dates",
    "instant_day",
    "partial_dates",
    "parts_in",
    "relative_day",
    "url_date",
]
