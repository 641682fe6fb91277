"""The quarterly inspection notice: a judged day and the findings in, documents in a folder out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.day import Day, judge_day
from app.home import Home
from app.settings import Settings, SettingsError
from app.standing import places_of
from checks.freshness import local_day
from checks.lifecycle import Finding
from checks.rectification import TermsOfRectificationError, load_terms
from notify.quarterly import (
    Judged,
    Material,
    Office,
    Quarter,
    QuarterlyFigures,
    evidence_of,
    listed,
    quarterly_figures,
    write_quarterly,
)
from storage.clock import now
from storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class QuarterlyReport:
    figures: QuarterlyFigures
    paths: list[Path]


def make_quarterly(
    home: Home,
    settings: Settings,
    ledger: Ledger,
    period: str | None,
    on: date | None,
    out: Path | None,
) -> QuarterlyReport:
    """Write the notice of a quarter (None: this one so far). Raises SettingsError, ReportError.

    It is judged as of `on`, None: its last day, or today while it still runs. What persons did to
    the findings counts up to now: they look at them when the quarter is over.
    """
    present = now()
    today = local_day(present)
    quarter = _quarter(period, today) if period else Quarter.containing(today)
    on = reference_day(quarter, on, today)
    day = judge_day(home, settings, ledger, on)
    findings = ledger.findings()
    office = settings.office
    figures = quarterly_figures(
        Material(
            quarter=quarter,
            day=_judged(ledger, day, quarter),
            before=_before(home, settings, ledger, quarter.before),
            findings=findings,
            made_at=present,
            due=_due(home, settings, today),
            office=Office(office.signature, office.head, office.contact.strip()),
            hashes=_hashes(ledger, findings, quarter, on),
        )
    )
    folder = out or home.path("reports")
    folder.mkdir(parents=True, exist_ok=True)
    return QuarterlyReport(figures, write_quarterly(figures, folder))


def _quarter(period: str, today: date) -> Quarter:
    try:
        quarter = Quarter.parse(period)
    except ValueError as error:
        raise SettingsError(f"--period {period}：应为季度，如 2026Q4") from error
    if quarter.first > today:
        raise SettingsError(f"--period {period}：{quarter.chinese}尚未开始")
    return quarter


def reference_day(quarter: Quarter, on: date | None, today: date) -> date:
    """As of which day is the quarter judged? Raises SettingsError for a day that cannot be."""
    if on is None:
        return min(quarter.last, today)
    if on not in quarter.days:
        raise SettingsError(
            f"--on {on}：不在{quarter.chinese}之内，应为 {quarter.first} 至 {quarter.last} 的一天"
        )
    if on > today:
        raise SettingsError(f"--on {on}：尚未到来，判定日不得晚于今天（{today}）")
    return on


def _judged(ledger: Ledger, day: Day, quarter: Quarter) -> Judged:
    return Judged(
        bench=day.bench,
        law=day.law,
        register=day.register,
        places=places_of(day, ledger.findings()),
        seen=ledger.seen_between(list(day.subjects), quarter.first, day.cutoff),
    )


def _before(home: Home, settings: Settings, ledger: Ledger, quarter: Quarter) -> Judged | None:
    """The last day of the quarter before; None where nothing had been looked at in it."""
    loaded = ledger.first_loaded_at()
    if loaded is None or local_day(loaded) > quarter.last:
        return None
    judged = _judged(ledger, judge_day(home, settings, ledger, quarter.last), quarter)
    return judged if judged.seen else None


def _due(home: Home, settings: Settings, today: date) -> date:
    """The last day of rectification of a notice issued today."""
    try:
        return load_terms(home.folder).due(today, home.law(settings).calendar)
    except (TermsOfRectificationError, OSError) as error:
        raise SettingsError(str(error)) from error


def _hashes(
    ledger: Ledger, findings: Sequence[Finding], quarter: Quarter, on: date
) -> dict[str, str]:
    """The SHA-256 of what the listed findings rest on, where the ledger keeps it."""
    shown = [(each, evidence_of(each)) for each in listed(findings, quarter, on)]
    places = [place for _, place in shown if place]
    return ledger.evidence_hashes(places, [each.key.subject for each, _ in shown])
