"""One job of a worker: look at what is due in a lot, and say when each is to be looked at next."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from app.cycle import families_of
from app.home import Home
from app.settings import Settings
from app.workers.timing import after, within
from checks.subjects import SubjectKind
from crawler.children import CrawlStoppedError
from crawler.run import CrawlReport, crawl, plan
from storage.clock import now
from storage.inventory import Inventory
from storage.ledger import Due, Ledger

OUR_FAULT_AGAIN = timedelta(minutes=30)  # what a run was to look at and did not
log = logging.getLogger("xunjian.workers")


def inspect(home: Home, settings: Settings, ledger: Ledger, lot: int) -> CrawlReport | None:
    """Look at what is due in this lot, the most urgent first; None: nothing was.

    What was looked at before, by a worker that was killed or by hand, is not looked at again.
    Raises CrawlError when not all could be looked at: that is due again, a little later.
    """
    every, present = settings.workers.every, now()
    dues = ledger.due_in(lot, present, settings.workers.subjects_per_job)
    register = _register_of(ledger, dues)
    hours = {row["id"]: row["hours"] for row in register["site"]}
    dues = [due for due in settle(ledger, dues, every, hours) if due.at <= present]
    closed = [replace(due, at=within(present, _hours(due, hours))) for due in dues]
    ledger.set_due([due for due in closed if due.at > present])
    dues = [due for due in closed if due.at <= present]
    if not dues:
        return None
    try:
        return _crawl(home, settings, ledger, register, dues)
    except CrawlStoppedError:
        raise
    except Exception:
        # Whatever it was, it must not be tried again at once and for ever.
        left = [due for due in settle(ledger, dues, every, hours) if due.at <= now()]
        ledger.set_due([replace(due, at=now() + OUR_FAULT_AGAIN) for due in left])
        raise
    finally:
        settle(ledger, dues, every, hours)


def _crawl(
    home: Home, settings: Settings, ledger: Ledger, register: Inventory, dues: Sequence[Due]
) -> CrawlReport:
    families = families_of(home, settings)
    among = [due.subject for due in dues]
    jobs = plan(
        ledger,
        register,
        now(),
        duties=families,
        links=settings.links,
        articles=settings.text.articles,
        among=frozenset(among),
    )
    place = {subject: number for number, subject in enumerate(among)}
    jobs.sort(key=lambda job: place.get(job.subject, len(place)))  # the most urgent first
    terms = home.terms(settings)
    return crawl(ledger, jobs, settings.crawl, terms=terms, wechat=settings.wechat)


def settle(
    ledger: Ledger, dues: Sequence[Due], every: timedelta, hours: Mapping[str, str | None]
) -> list[Due]:
    """The same subjects with their last looks taken into account, and so kept."""
    looks = ledger.last_looks([due.subject for due in dues], now())
    known = [
        after(due, looks[due.subject], every, _hours(due, hours)) if due.subject in looks else due
        for due in dues
    ]
    ledger.set_due([new for new, old in zip(known, dues, strict=True) if new != old])
    return known


def _hours(due: Due, hours: Mapping[str, str | None]) -> str | None:
    return hours.get(due.site or "")


def _register_of(ledger: Ledger, dues: Sequence[Due]) -> Inventory:
    """All that the sites of these subjects have, and these accounts."""
    register = ledger.register_of({due.site for due in dues if due.site is not None})
    wanted = {due.subject for due in dues if due.subject.startswith(f"{SubjectKind.ACCOUNT}:")}
    if not wanted:
        return register
    accounts = [row for row in ledger.accounts() if f"account:{row['id']}" in wanted]
    return {**register, "account": accounts}
