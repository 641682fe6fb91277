"""What is drafted when a quarter or half-year is over: documents for the office to look through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from app.assessment_views import state_words
from app.cycle import deliver_now
from app.home import Home
from app.quarterly import make_quarterly
from app.score_report import make_scores
from app.settings import Settings
from checks.freshness import local_day
from checks.periods import read_period
from notify.drafts import draft_message
from notify.mail import recipients
from notify.quarterly import Quarter
from notify.scores.words import period_words
from storage.clock import now
from storage.ledger import Ledger


def mail_quarterly(home: Home, settings: Settings, ledger: Ledger) -> None:
    """Draft the notice of the quarter that is over and mail it to the office, once a quarter."""
    quarter = Quarter.containing(local_day(now())).before
    made = make_quarterly(home, settings, ledger, str(quarter), None, None)
    _mail(home, settings, ledger, "检查通报", str(quarter), made.paths, ())


def mail_halfyear(home: Home, settings: Settings, ledger: Ledger) -> None:
    """Draft the score table of the half-year that is over and mail it to the office, once."""
    today = local_day(now())
    last = today.replace(month=1 if today.month <= 6 else 7, day=1) - timedelta(days=1)
    period = f"{last.year}H{1 if last.month <= 6 else 2}"
    made = make_scores(home, settings, ledger, period, None, None)
    words = tuple(state_words(made.assessment))
    _mail(home, settings, ledger, "考核得分", period, made.paths, words)


def _mail(
    home: Home,
    settings: Settings,
    ledger: Ledger,
    title: str,
    period: str,
    paths: Sequence[Path],
    notes: Sequence[str],
) -> None:
    present, words = now(), f"{period_words(read_period(period))}{title}"
    with ledger.writing() as session:
        for reader in recipients(settings.mail.office):
            message = draft_message(settings.mail, reader, words, paths, notes, present)
            ledger.queue(session, message, present)
    deliver_now(home, settings, ledger)
