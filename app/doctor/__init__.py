"""`xunjian doctor`: is everything in order, and what must the operator see to?"""

from __future__ import annotations

from app.doctor import data, law, machine, network, pages, service, shared, watched
from app.doctor.check import Check
from app.home import Home
from app.settings import Settings, SettingsError
from checks.freshness import local_day
from checks.rules import Law
from storage.clock import now
from storage.database import DatabaseError
from storage.ledger import Ledger

__all__ = ["Check", "examine"]


def examine(home: Home, *, online: bool = False) -> list[Check]:
    """Look at everything that can be looked at; a broken part does not hide the others.

    `online` also logs in to the mail server and asks every site once, which takes seconds.
    """
    try:
        settings = home.settings()
        checks = [Check("设置", True, str(home.path("settings.toml")))]
        rules = home.law(settings)
    except SettingsError as error:
        return [Check("设置", False, str(error), fatal=True)]
    checks += law.terms(home, settings)
    checks += law.law(rules, local_day(now()))
    checks += law.assessed(home, settings, rules)
    checks += machine.here(home)
    checks += network.mail(home, settings, online=online)
    checks += network.chat(settings)
    try:
        if (old := data.outdated(home)) is not None:
            return [*checks, old]
        ledger = home.open_ledger()
    except (SettingsError, DatabaseError) as error:
        return [*checks, Check("数据库", False, str(error), fatal=True)]
    try:
        checks += _of_ledger(home, settings, ledger, rules)
        if online:
            checks += network.sites(settings, ledger)
    finally:
        ledger.close()
    return checks


def _of_ledger(home: Home, settings: Settings, ledger: Ledger, rules: Law) -> list[Check]:
    today = local_day(now())
    return [
        *data.database(ledger),
        *shared.shared(ledger),
        *machine.disk(home),
        *data.register(home, ledger),
        *machine.browser(settings, ledger),
        *data.credentials(ledger),
        *watched.unseen(ledger, rules, today),
        *watched.brought(ledger, rules, today),
        *watched.probes(settings, ledger, rules),
        *data.outbox(ledger),
        *service.service(settings, ledger),
        *service.workers(settings, ledger),
        *pages.pages(settings, ledger),
        *data.kept(settings, ledger),
    ]
