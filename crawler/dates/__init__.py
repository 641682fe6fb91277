"""Dates as Chinese government pages write them: found in text, addresses and time stamps.

Pure and linear: every pattern has bounded repetition, and no clock is read. Days are days in
Asia/Shanghai, which has been UTC+8 without summer time since 1991. Offsets always refer to the
text as given, so the original writing can be kept or cut out.
"""

from crawler.dates.pieces import FoundPart, partial_dates, relative_day
from crawler.dates.stamps import instant_day, url_date
from crawler.dates.written import FoundDate, full_dates

__all__ = [
    "FoundDate",
    "FoundPart",
    "full_dates",
    "instant_day",
    "partial_dates",
    "relative_day",
    "url_date",
]
