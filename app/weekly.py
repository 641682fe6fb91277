"""The weekly report: figures from the ledger, documents in a folder, a mail to the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app.cycle import deliver_now
from app.day import Day, end_of, judge_with_past
from app.forecast import forecast
from app.home import Home
from app.measuring import USUAL, measures_of
from app.settings import Settings, SettingsError
from app.standing import places_of
from app.trend import weeks_before
from checks.freshness import local_day
from checks.lifecycle import known_at
from checks.periods import Days
from checks.subjects import SubjectKind
from crawler.dates import url_date
from notify.weekly import (
    Conflicts,
    Material,
    Period,
    Posting,
    WeeklyFigures,
    weekly_figures,
    weekly_message,
    write_weekly,
)
from storage.clock import now
from storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    figures: WeeklyFigures
    paths: list[Path]


def make_weekly(
    home: Home, settings: Settings, ledger: Ledger, period: str | None, out: Path | None
) -> WeeklyReport:
    """Write the report of an ISO week (None: this week so far). Raises SettingsError, ReportError.

    A week that is over is judged as of its Sunday, the present one as of today.
    """
    today = local_day(now())
    try:
        week = Period.parse(period) if period else Period.containing(today)
    except ValueError as error:
        raise SettingsError(f"--period {period}：应为 ISO 周，如 2026W47") from error
    if week.first > today:
        raise SettingsError(f"--period {period}：这一周尚未开始")
    sundays = [week.first - timedelta(days=1 + 7 * back) for back in (2, 1, 0)]
    day, past = judge_with_past(home, settings, ledger, min(week.last, today), sundays)
    findings = ledger.findings(day.cutoff)
    places = places_of(day, findings)
    known = {each.bench.moment.as_of: each.bench for each in past}
    figures = weekly_figures(
        Material(
            bench=day.bench,
            findings=findings,
            register=day.register,
            law=day.law,
            made_at=now(),
            period=week,
            places=places,
            past=[places_of(each, known_at(findings, each.cutoff)) for each in past]
            if places
            else [],
            measures=_postings(ledger, day, week),
            conflicts=_conflicts(ledger, day, week),
            trend=weeks_before(ledger, home.law(settings), week, known, now()),
            exports={
                each.key: history.word
                for each in day.facts.subjects
                if each.kind is SubjectKind.MAILBOX
                if (history := day.facts.histories.get(each.key)) and history.word
            },
            points=forecast(
                home,
                settings,
                ledger,
                before=end_of(week.first - timedelta(days=1)),
                after=day.cutoff,
                findings=findings,
            ),
        )
    )
    folder = out or home.path("reports")
    folder.mkdir(parents=True, exist_ok=True)
    return WeeklyReport(figures, write_weekly(figures, folder))


def _postings(ledger: Ledger, day: Day, week: Period) -> dict[str, Posting]:
    as_of = day.bench.moment.as_of
    accounts = [each for each in day.subjects.values() if each.kind is SubjectKind.ACCOUNT]
    periods = [Days(week.first, week.last), Days(as_of - USUAL, as_of)]
    measured = measures_of(ledger, accounts, periods, as_of, day.cutoff)
    return {key: Posting(*both) for key, both in measured.items()}


def _conflicts(ledger: Ledger, day: Day, week: Period) -> Conflicts:
    """Of the week's rows, which have an address that names another day than their list does?"""
    rows = ledger.dated_rows(end_of(week.first - timedelta(days=1)), day.cutoff)
    other = [subject for subject, url, on in rows if url_date(url) not in (None, on)]
    return Conflicts(len(rows), len(other), len(set(other)))


def mail_weekly(home: Home, settings: Settings, ledger: Ledger) -> None:
    """Mail last week's report to the office; the same week is never mailed twice."""
    week = Period.last_full(local_day(now()))
    report = make_weekly(home, settings, ledger, str(week), None)
    present = now()
    with ledger.writing() as session:
        for recipient in settings.mail.office:
            message = weekly_message(
                report.figures, report.paths, recipient, settings.mail.sender, present
            )
            ledger.queue(session, message, present)
    deliver_now(home, settings, ledger)
