"""When are people told that a site is down, or back? For alerts only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from checks.probes import Access, AvailabilityRule, Probe, grade, in_order


@dataclass(frozen=True, slots=True)
class Change:
    """A moment at which people are told: the site went down, or it is back. `at` is aware."""

    site: str
    at: datetime
    access: Access


@dataclass(frozen=True, slots=True)
class Alerts:
    """The state of a site for alerts; `seen_at` is the last visit that said anything of it."""

    access: Access
    seen_at: datetime | None
    changes: tuple[Change, ...]


def alerts(site: str, probes: Iterable[Probe], rule: AvailabilityRule, as_of: datetime) -> Alerts:
    """When was anyone to be told that the site is down or back? `as_of` is aware, inclusive.

    `down_after` failures in a row tell that it is down, `up_after` good visits in a row that
    it is back; a visit that says nothing breaks the row and changes nothing else. The first
    good visits are no news.
    """
    state, run, length = Access.UNKNOWN, Access.UNKNOWN, 0
    seen_at: datetime | None = None
    changes: list[Change] = []
    for probe in in_order((p for p in probes if p.site == site and p.at <= as_of), rule):
        if probe.ours:
            continue
        now = grade(probe, rule)
        run, length = now, length + 1 if now is run else 1
        if now is Access.UNKNOWN:
            continue
        seen_at = probe.at
        needed = rule.down_after if now is Access.FAILED else rule.up_after
        if length >= needed and now is not state:
            if Access.FAILED in (now, state):
                changes.append(Change(site, probe.at, now))
            state = now
    return Alerts(state, seen_at, tuple(changes))
