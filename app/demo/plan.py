"""What is planted in the demo county, and what must be said of it.

`make_plan` is pure: the same day and calendar give the same county. Every subject carries
the verdict expected of it, written down here and in `faults`, never computed by the checks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.demo import inventory, vetoes
from app.demo.accounts import ACCOUNT_FAULTS, Account
from app.demo.columns import Column, plant_column
from app.demo.expected import Expected
from app.demo.letters import Letter, Mailbox, plant_mailbox
from checks.calendar import WorkCalendar
from checks.facts import Outcome
from checks.verdicts import Verdict

REGISTER = Path(__file__).with_name("portal.toml")
SITE_FAULTS = {
    "home": Expected(Verdict.OK, None, Outcome.OK, "首页近日有更新"),
    "home_unfiled": Expected(Verdict.OK, None, Outcome.OK, "首页近日有更新，页脚缺少备案号"),
    "home_on_limit": Expected(Verdict.DUE_SOON, None, Outcome.OK, "首页最新信息距今14天"),
    "home_late": Expected(Verdict.OVERDUE, None, Outcome.OK, "首页最新信息距今15天"),
    "home_maintenance": Expected(
        Verdict.UNKNOWN, None, Outcome.MAINTENANCE, "首页显示网站维护中，不作判定"
    ),
}


@dataclass(frozen=True, slots=True)
class Unit:
    id: str
    name: str
    kind: str
    emails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """One site. `host` names the server it lives on; `home` and `disallow` are paths."""

    id: str
    name: str
    unit: Unit
    code: str
    portal: bool
    host: str
    family: str
    home: str
    disallow: tuple[str, ...]
    fault: str
    expected: Expected


@dataclass(frozen=True, slots=True)
class Channel:
    """A page of the first level of a site's navigation, over columns and mailboxes."""

    site: str
    name: str
    path: str


Planted = Site | Column | Mailbox | Account


@dataclass(frozen=True, slots=True)
class Plan:
    """The county on `today`, a day in Asia/Shanghai."""

    today: date
    units: tuple[Unit, ...]
    sites: tuple[Site, ...]
    channels: tuple[Channel, ...]
    columns: tuple[Column, ...]
    mailboxes: tuple[Mailbox, ...]
    accounts: tuple[Account, ...]
    standings: tuple[vetoes.Planted, ...]

    @property
    def hosts(self) -> tuple[str, ...]:
        """Which servers does the county need? Each gets a port of its own."""
        return tuple(dict.fromkeys(site.host for site in self.sites))

    @property
    def letters(self) -> tuple[Letter, ...]:
        return tuple(letter for mailbox in self.mailboxes for letter in mailbox.letters)

    @property
    def subjects(self) -> dict[str, Planted]:
        """Everything watched, keyed `kind:id`."""
        kinds: tuple[tuple[str, tuple[Planted, ...]], ...] = (
            ("site", self.sites),
            ("column", self.columns),
            ("mailbox", self.mailboxes),
            ("account", self.accounts),
        )
        return {f"{kind}:{planted.id}": planted for kind, rows in kinds for planted in rows}

    def columns_of(self, site: Site) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.site == site.id)

    def channels_of(self, site: Site) -> tuple[Channel, ...]:
        return tuple(channel for channel in self.channels if channel.site == site.id)

    def mailboxes_of(self, site: Site) -> tuple[Mailbox, ...]:
        return tuple(mailbox for mailbox in self.mailboxes if mailbox.site == site.id)

    def inventory_toml(self, base_urls: Mapping[str, str]) -> str:
        """The county's inventory.toml, its addresses on the given servers, by host."""
        return inventory.write(self, base_urls)


def make_plan(today: date, calendar: WorkCalendar, *, with_vetoes: bool = True) -> Plan:
    """What is planted for `today` (Asia/Shanghai)? `calendar` sets the letters' due days.

    `with_vetoes`: the sites that show each veto come along, beside the county's own.
    """
    data = tomllib.loads(REGISTER.read_text(encoding="utf-8"))
    if with_vetoes:
        vetoes.add_to(data)
    units = {row["id"]: _unit(row) for row in data["unit"]}
    sites = tuple(_site(row, units) for row in data["site"])
    hosts = {site.id: site.host for site in sites}
    return Plan(
        today=today,
        units=tuple(units.values()),
        sites=sites,
        channels=tuple(Channel(**row) for row in data["channel"]),
        columns=tuple(
            plant_column(row, hosts[row["site"]], units[row["unit"]].name, today)
            for row in data["column"]
        ),
        mailboxes=tuple(
            plant_mailbox(row, hosts[row["site"]], units[row["unit"]].name, today, calendar)
            for row in data["mailbox"]
        ),
        accounts=tuple(
            ACCOUNT_FAULTS[row["fault"]].plant(row, units[row["unit"]].name, today)
            for row in data["account"]
        ),
        standings=vetoes.STANDINGS if with_vetoes else (),
    )


def _unit(row: Mapping[str, Any]) -> Unit:
    emails = (f"wz@{row['id']}.yunlan.example",)
    return Unit(row["id"], row["name"], row["kind"], emails)


def _site(row: Mapping[str, Any], units: Mapping[str, Unit]) -> Site:
    return Site(
        id=row["id"],
        name=row["name"],
        unit=units[row["unit"]],
        code=row["code"],
        portal=row["portal"],
        host=row["host"],
        family=row["family"],
        home=row["home"],
        disallow=tuple(row["disallow"]),
        fault=row["fault"],
        expected=SITE_FAULTS[row["fault"]],
    )
