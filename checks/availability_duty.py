"""What share of a week's visits to a site failed? For the indicator W2 (国办秘函〔2019〕19号)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from checks.availability import Week, week_before
from checks.duty_table import Duty
from checks.probes import AvailabilityRule, Probe
from checks.sites import Measure


def site_measure(site: str, probes: Sequence[Probe], duty: Duty, as_of: date) -> Measure | None:
    """Of the samples in the days before `as_of`, how many failed, and of how many is it not known?

    `duty` is one about availability, `site` the site's id. None where the week says nothing:
    too few samples, a day without enough of them, or too long a time in which nobody looked.
    """
    rule = AvailabilityRule.of(duty.numbers)
    week = week_before(site, probes, rule, as_of)
    if not _is_full(week, rule):
        return None
    failed, unclear = sum(day.failed for day in week.days), sum(day.unclear for day in week.days)
    return Measure(failed, sum(day.samples for day in week.days), unclear)


def _is_full(week: Week, rule: AvailabilityRule) -> bool:
    enough = all(day.known >= rule.min_per_day for day in week.days)
    return enough and sum(day.known for day in week.days) >= rule.min_total and not week.gaps
