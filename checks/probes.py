"""Did one visit open a site in time? (国办秘函〔2019〕19号 W2 站点无法访问)

A visit has three kinds of result: it opened in time, it failed, or it says nothing of the
site. A firewall's answer, a maintenance page or a page that was not understood is of the third
kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from checks.facts import Outcome


class Access(StrEnum):
    """How one visit, one week or the present state of a site stands."""

    REACHED = "reached"
    FAILED = "failed"
    UNKNOWN = "unknown"


MILDEST_FIRST = (Access.REACHED, Access.UNKNOWN, Access.FAILED)


@dataclass(frozen=True, slots=True)
class Probe:
    """One visit to a site's home page. `at` is aware.

    `elapsed_ms` runs until the page was open, or until the visit was given up, which must not
    be before the rule's time is over; None when it was not measured. `ours`: our own network
    was down, so the visit says nothing of the site.
    """

    site: str
    at: datetime
    elapsed_ms: int | None
    outcome: Outcome
    ours: bool = False


@dataclass(frozen=True, slots=True)
class AvailabilityRule:
    """The numbers of the indicator, as a rule pack sets them.

    `slow_ms` and `limit` are inclusive: a visit that took `slow_ms` has failed, and a share of
    exactly `limit` is a fault. A week of `days` whole days is judged only with `min_per_day`
    samples on each day and `min_total` in all. Visits nearer than `min_gap` to the sample
    before them are no samples of their own; a stretch longer than `max_gap` without a sample
    leaves the week unjudged. `down_after` and `up_after` are visits in a row, for alerts only.
    Raises ValueError for numbers by which a site without a failure would be at fault.
    """

    days: int
    slow_ms: int
    limit: Fraction
    min_per_day: int
    min_total: int
    min_gap: timedelta
    max_gap: timedelta
    down_after: int
    up_after: int

    def __post_init__(self) -> None:
        if min(self.days, self.slow_ms, self.down_after, self.up_after) < 1:
            raise ValueError("days, slow_ms, down_after and up_after: expected at least 1")
        if not 0 < self.limit <= 1:
            raise ValueError(f"limit: {self.limit}; expected a share above 0, at most 1")

    @classmethod
    def of(cls, numbers: Mapping[str, int]) -> AvailabilityRule:
        """The rule of a duty's `numbers`. Raises ValueError as the rule itself does."""
        return cls(
            days=numbers["days"],
            slow_ms=numbers["slow_ms"],
            limit=Fraction(numbers["percent"], 100),
            min_per_day=numbers["min_per_day"],
            min_total=numbers["min_total"],
            min_gap=timedelta(minutes=numbers["min_gap_minutes"]),
            max_gap=timedelta(minutes=numbers["max_gap_minutes"]),
            down_after=numbers["down_after"],
            up_after=numbers["up_after"],
        )


def grade(probe: Probe, rule: AvailabilityRule) -> Access:
    """Did this visit open the site in time?

    Only what a visitor would call a site that does not open is a failure; a missing page may
    be a fault of the register, a firewall's answer is about us.
    """
    if probe.ours:
        return Access.UNKNOWN
    if probe.outcome is Outcome.UNREACHABLE:
        return Access.FAILED
    if not probe.outcome.seen or probe.elapsed_ms is None:
        return Access.UNKNOWN
    return Access.FAILED if probe.elapsed_ms >= rule.slow_ms else Access.REACHED


def in_order(probes: Iterable[Probe], rule: AvailabilityRule) -> list[Probe]:
    """Visits by time; of two at one instant the milder comes first, and is the one that counts."""
    held = sorted(probes, key=lambda probe: probe.at)
    if all(earlier.at < later.at for earlier, later in pairwise(held)):
        return held
    return sorted(held, key=lambda probe: (probe.at, badness(probe, rule)))


def badness(probe: Probe, rule: AvailabilityRule) -> tuple[int, bool, int, datetime, str]:
    """By which key is the mildest of several visits the least?"""
    rank = MILDEST_FIRST.index(grade(probe, rule))
    elapsed = -1 if probe.elapsed_ms is None else probe.elapsed_ms
    down = probe.outcome is Outcome.UNREACHABLE
    return rank, down, elapsed, probe.at, probe.outcome.value
