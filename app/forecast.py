"""What did the week change in the points of the running assessment? (本周加减分，预测)"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from app.assessing import basis_of, draft, the_scheme
from app.home import Home
from app.settings import Settings
from checks.assessment import assess
from checks.assessment_case import Case
from checks.assessment_sheet import Sheet
from checks.freshness import local_day
from checks.lifecycle import Finding, known_at
from checks.periods import read_period
from checks.scheme_table import Scheme
from storage.ledger import Ledger


def forecast(
    home: Home,
    settings: Settings,
    ledger: Ledger,
    before: datetime,
    after: datetime,
    findings: Sequence[Finding],
) -> dict[str, Decimal]:
    """By unit, the score as known at `after` less that at `before`, in the period that runs then.

    Of the cycles of the scheme the shortest is meant, but a quarter only where it has no other.
    What nobody has confirmed counts in neither. `findings` are those known at `after`.
    """
    scheme, _ = the_scheme(home, settings)
    period = running(scheme, local_day(after))
    made = draft(home, settings, ledger, basis_of(home, settings, period, after), findings)
    if local_day(before) < read_period(period).first:
        start = {sheet.unit: _empty(scheme, sheet).score for sheet in made.sheets}
    else:
        known = known_at(findings, before)
        earlier = draft(home, settings, ledger, basis_of(home, settings, period, before), known)
        start = {sheet.unit: sheet.score for sheet in earlier.sheets}
    return {
        sheet.unit: sheet.score - start[sheet.unit] for sheet in made.sheets if sheet.unit in start
    }


def running(scheme: Scheme, day: date) -> str:
    """Which period of the scheme runs on this day?"""
    names = {
        "half_year": f"{day.year}H{1 + (day.month > 6)}",
        "year": f"{day.year}",
        "quarter": f"{day.year}Q{(day.month + 2) // 3}",
    }
    return next(name for cycle, name in names.items() if cycle in scheme.cycles)


def _empty(scheme: Scheme, sheet: Sheet) -> Sheet:
    """The same unit with nothing for or against it."""
    return assess(
        scheme,
        Case(
            unit=sheet.unit,
            unit_name=sheet.unit_name,
            unit_kind=sheet.unit_kind,
            period=sheet.period,
            as_of=sheet.period.first,
        ),
    )
