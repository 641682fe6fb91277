"""The accounts at the year's end, and what became of those there were when it began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from checks.periods import DAY, Days
from notify.annual.model import AccountTally
from notify.terms import PLATFORMS
from notify.weekly.desk import Desk
from storage.inventory import Inventory

Row = Mapping[str, Any]


def account_tally(register: Inventory, before: Inventory | None, period: Days) -> AccountTally:
    """How many accounts are open, and how did their number change?

    Those of the year before are taken from the register then in force; without one, from the days
    of opening and closing, if each account has them.
    """
    rows = register["account"]
    eve = period.first - DAY
    now = {row["id"] for row in rows if _is_open(row, period.last)}
    opened = {row["id"] for row in rows if row["opened_on"] in period}
    closed = {row["id"] for row in rows if row["closed_on"] in period}
    held = _held_before(rows, before, eve)
    if held is None:
        return AccountTally(len(now), None, len(opened), len(closed), 0, 0)
    return AccountTally(
        now=len(now),
        before=len(held),
        opened=len(opened - held),
        closed=len(closed & (held | opened)),
        enrolled=len(now - held - opened),
        dropped=len(held - now - closed) + len(opened - held - now - closed),
    )


def _held_before(rows: Sequence[Row], before: Inventory | None, eve: date) -> set[str] | None:
    if before is not None:
        return {row["id"] for row in before["account"] if _is_open(row, eve)}
    if any(row["opened_on"] is None for row in rows):
        return None
    return {
        row["id"]
        for row in rows
        if row["opened_on"] <= eve and (row["closed_on"] is None or row["closed_on"] > eve)
    }


def _is_open(row: Row, day: date) -> bool:
    """Is the account open at the end of the day? On the day of its closing it is not."""
    if row["opened_on"] is not None and row["opened_on"] > day:
        return False
    return row["closed_on"] is None or bool(row["closed_on"] > day)


def account_lines(desk: Desk, day: date) -> tuple[tuple[str, str, str, str], ...]:
    """The open accounts: name, platform, unit, state in the filing ledger."""
    return tuple(
        (
            str(row["name"]),
            PLATFORMS.get(row["platform"], "其他"),
            desk.unit(row["unit"]),
            "变更中" if row["status"] == "changing" else "在用",
        )
        for row in desk.material.register["account"]
        if _is_open(row, day)
    )
