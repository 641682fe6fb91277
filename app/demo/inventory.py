"""Writes the demo county's inventory.toml: flat tables, one row a thing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from app.demo.letters import CATEGORIES

if TYPE_CHECKING:
    from app.demo.plan import Plan

Value = str | bool | date | tuple[str, ...] | None


# Which box of the yearly form a class of columns goes into; services are published elsewhere.
BUCKETS = {
    **dict.fromkeys(("overview", "leader", "institution"), "overview"),
    "news": "news",
    **dict.fromkeys(("service", "interview", "survey", "special", "other"), "none"),
}


def write(plan: Plan, base_urls: Mapping[str, str]) -> str:
    """The register as TOML; `base_urls` gives `http://host:port` for each host of the plan."""
    head = "# 云岚市：虚构的演示城市 (synthetic register of the xunjian demo portal)\n"
    return head + "".join(_table(kind, row) for kind, row in _rows(plan, base_urls))


def _rows(plan: Plan, base_urls: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Value]]]:
    for unit in plan.units:
        yield (
            "unit",
            {"id": unit.id, "name": unit.name, "kind": unit.kind, "emails": unit.emails},
        )
    for site in plan.sites:
        yield (
            "site",
            {
                "id": site.id,
                "name": site.name,
                "home": base_urls[site.host] + site.home,
                "unit": site.unit.id,
                "code": site.code,
                "portal": site.portal,
            },
        )
    for column in plan.columns:
        row: dict[str, Value] = {
            "id": column.id,
            "site": column.site,
            "name": column.name,
            "url": base_urls[column.host] + column.path,
            "class": column.column_class,
            "unit": column.unit,
            "bucket": BUCKETS.get(column.column_class, "disclosure"),
        }
        if column.exempt_until is not None:
            row |= {"exempt_until": column.exempt_until, "exempt_reason": "栏目改版"}
        yield "column", row
    for mailbox in plan.mailboxes:
        box: dict[str, Value] = {
            "id": mailbox.id,
            "site": mailbox.site,
            "name": mailbox.name,
            "unit": mailbox.unit,
        }
        if mailbox.path:
            box["url"] = base_urls[mailbox.host] + mailbox.path
        else:
            box |= {"source": "export", "categories": CATEGORIES}
        if mailbox.form is not None:
            box["form"] = base_urls[mailbox.host] + mailbox.form
        yield "mailbox", box
    for account in plan.accounts:
        yield (
            "account",
            {
                "id": account.id,
                "platform": account.platform,
                "name": account.name,
                "unit": account.unit,
                "source": account.source,
                "url": base_urls[account.host] + account.path if account.path else None,
                "opened_on": account.opened_on,
                "closed_on": account.closed_on,
                "status": "closed" if account.closed_on else "open",
                "owner": account.unit_name,
            },
        )


def _table(kind: str, row: Mapping[str, Value]) -> str:
    told = ((key, value) for key, value in row.items() if value is not None)
    return f"\n[[{kind}]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in told)


def _toml(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # A JSON string without escapes beyond quote, backslash and \u is a TOML basic string.
    return json.dumps(value, ensure_ascii=False)
