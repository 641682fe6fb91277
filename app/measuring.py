"""Measuring accounts from the ledger: one period, or the yearly form's figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.day import known_by
from app.settings import SettingsError
from checks.account_figures import Figures, figures_of
from checks.account_year import YearLine, year_lines
from checks.freshness import SHANGHAI, local_day
from checks.measures import Measure, measure
from checks.periods import Days, read_period
from checks.subjects import Subject, SubjectKind
from storage.clock import now
from storage.ledger import Ledger

USUAL = timedelta(days=29)
# How long before a period may an account's replies have been counted?
READINGS = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Known:
    """The accounts of the register of a day, and the last instant whose visits count."""

    as_of: date
    cutoff: datetime
    accounts: tuple[Subject, ...]
    units: dict[str, str]


@dataclass(frozen=True, slots=True)
class Measured:
    """The accounts, each with its measure, in the order of the register."""

    known: Known
    period: Days
    rows: tuple[tuple[Subject, Measure], ...]


@dataclass(frozen=True, slots=True)
class Year:
    """The yearly figures as known at a day."""

    known: Known
    year: int
    lines: tuple[YearLine, ...]


def measure_accounts(
    ledger: Ledger, period: str | None, as_of: date | None, unit: str | None = None
) -> Measured:
    """How often does each account post in a period (None: the 30 days up to `as_of`)?

    Of the accounts of one unit, None: of all. Raises SettingsError for a period that cannot be
    read, and for days that lie ahead.
    """
    known = known_on(ledger, as_of, unit)
    days = _period(period, known.as_of)
    measured = measures_of(ledger, known.accounts, [days], known.as_of, known.cutoff)
    rows = tuple((each, measured[each.key][0]) for each in known.accounts)
    return Measured(known, days, rows)


def year_of_accounts(
    ledger: Ledger, year: int, as_of: date | None, unit: str | None = None
) -> Year:
    """What does the yearly form say of the accounts open in a year? Raises SettingsError."""
    known = known_on(ledger, as_of, unit)
    if not 1 <= year <= 9999:
        raise SettingsError(f"--year {year}：应为四位年份，如 2026")
    first = date(year, 1, 1)
    if first > known.as_of:
        raise SettingsError(f"--year {year}：这一年尚未开始")
    keys = [each.key for each in known.accounts]
    posted = ledger.posted(keys, first, known.cutoff)
    figures = _figures(ledger, keys, first, known.cutoff)
    return Year(known, year, year_lines(known.accounts, posted, figures, year, known.as_of))


def measures_of(
    ledger: Ledger,
    accounts: Sequence[Subject],
    periods: Sequence[Days],
    as_of: date,
    cutoff: datetime,
) -> dict[str, tuple[Measure, ...]]:
    """The measures of each account in each of these periods, by its key."""
    keys = [each.key for each in accounts]
    first = min(period.first for period in periods)
    posted = ledger.posted(keys, first, cutoff)
    figures = _figures(ledger, keys, first, cutoff)
    return {
        each.key: tuple(
            measure(each, posted[each.key], period, as_of, figures.get(each.key, ()))
            for period in periods
        )
        for each in accounts
    }


def known_on(ledger: Ledger, as_of: date | None, unit: str | None = None) -> Known:
    """What was known at a day's end (None: today)? Raises SettingsError for a day ahead."""
    present = now()
    today = local_day(present)
    if as_of is not None and as_of > today:
        raise SettingsError(f"--as-of {as_of}：这一天尚未到来")
    cutoff, at = known_by(ledger, as_of or today, present)
    accounts = tuple(
        each
        for each in ledger.subjects(at)
        if each.kind is SubjectKind.ACCOUNT and unit in (None, each.unit)
    )
    units = {row["id"]: row["name"] for row in ledger.inventory(at)["unit"]}
    return Known(as_of or today, cutoff, accounts, units)


def _period(text: str | None, as_of: date) -> Days:
    if text is None:
        return Days(as_of - USUAL, as_of)
    try:
        days = read_period(text)
    except ValueError as error:
        words = "应为年、季、月或 ISO 周，如 2026、2026Q4、2026-11、2026W47"
        raise SettingsError(f"--period {text}：{words}") from error
    if days.first > as_of:
        raise SettingsError(f"--period {text}：这一期间尚未开始")
    return days


def _figures(
    ledger: Ledger, keys: Sequence[str], first: date, cutoff: datetime
) -> dict[str, tuple[Figures, ...]]:
    since = datetime.combine(first, time.min, SHANGHAI) - READINGS
    notes = ledger.account_figures(keys, since, cutoff)
    return {key: figures_of(seen) for key, seen in notes.items()}
