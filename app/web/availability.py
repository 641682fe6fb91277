"""Could a site be opened, hour by hour? A visit that we ourselves could not make is not known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from checks.availability import DayStrip, daily_strip, week_before
from checks.facts import Outcome
from checks.freshness import OUTCOME_WORDS, SHANGHAI, local_day
from checks.outages import alerts
from checks.periods import DAY
from checks.probes import Access, AvailabilityRule, Probe, grade
from notify.documents.parts import Rate
from notify.words import clean
from storage.ledger import ProbeNote

WORDS = {Access.REACHED: "打开", Access.FAILED: "未能及时打开", Access.UNKNOWN: "情况不明"}
MARKS = {Access.REACHED: "通", Access.FAILED: "断", Access.UNKNOWN: "？"}
STATES = {Access.REACHED: "能打开", Access.FAILED: "打不开", Access.UNKNOWN: "情况不明"}


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of one day. `access` None: nobody visited in it. `words` say it in full."""

    hour: int
    access: Access | None
    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class StripDay:
    """One day: its samples as the rule counts them, and its hours. `whole`: the day is over."""

    strip: DayStrip
    hours: Sequence[Hour]
    whole: bool

    @property
    def share(self) -> Rate:
        """The share of good visits among those that say something of the site."""
        return Rate(self.strip.reached, self.strip.known)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a site stands: now, and in the whole days that the rule judges by.

    `days` are those to be shown, the latest first; today, which is not over, among them.
    """

    now: Access
    seen_at: datetime | None
    week: Access
    reason: str
    days: Sequence[StripDay]


def standing(
    site: str, probes: Sequence[Probe], rule: AvailabilityRule, present: datetime, days: int
) -> Standing:
    """How does this site stand, shown for so many days before today and today itself?"""
    today = local_day(present)
    week = week_before(site, probes, rule, today)
    now = alerts(site, probes, rule, present)
    shown = daily_strip(site, probes, replace(rule, days=days + 1), today)
    by_day: dict[date, list[Probe]] = {}
    for probe in probes:
        by_day.setdefault(local_day(probe.at), []).append(probe)
    hour = present.astimezone(SHANGHAI).hour
    told = [
        StripDay(
            strip,
            hours_of(by_day.get(strip.day, ()), rule, 23 if strip.day < today else hour),
            strip.day < today,
        )
        for strip in reversed(shown)
    ]
    return Standing(now.access, now.seen_at, week.access, week.reason, told)


def share_of_week(found: Standing, rule: AvailabilityRule) -> Rate:
    """The share of good visits in the whole days that the rule judges by."""
    whole = [each.strip for each in found.days if each.whole][: rule.days]
    return Rate(sum(each.reached for each in whole), sum(each.known for each in whole))


def hours_of(probes: Iterable[Probe], rule: AvailabilityRule, last: int = 23) -> tuple[Hour, ...]:
    """The hours of one day; those after `last` are yet to come.

    One failed visit of several is shown: it may be a short outage.
    """
    by_hour: dict[int, list[Probe]] = {}
    for probe in probes:
        by_hour.setdefault(probe.at.astimezone(SHANGHAI).hour, []).append(probe)
    return tuple(_hour(hour, by_hour.get(hour, ()), rule, last) for hour in range(24))


def _hour(hour: int, probes: Sequence[Probe], rule: AvailabilityRule, last: int) -> Hour:
    if not probes:
        return Hour(hour, None, "", "未访问" if hour <= last else "尚未到")
    graded = [grade(probe, rule) for probe in probes if not probe.ours]
    counts = {access: graded.count(access) for access in Access}
    told = [f"{WORDS[access]}{count}次" for access, count in counts.items() if count]
    ours = len(probes) - len(graded)
    told += [f"本机网络中断{ours}次，情况不明"] if ours else []
    first = next((each for each in (Access.FAILED, Access.REACHED) if counts[each]), Access.UNKNOWN)
    return Hour(hour, first, MARKS[first], "，".join(told))


@dataclass(frozen=True, slots=True)
class Missed:
    """One visit that did not open the site in time, or says nothing of it, and why."""

    at: datetime
    access: Access
    word: str
    why: str


def missed(notes: Iterable[ProbeNote], rule: AvailabilityRule) -> list[Missed]:
    """The visits that did not open the site, the latest first."""
    graded = [(each, grade(each.probe, rule)) for each in notes]
    told = [_missed(each, access, rule) for each, access in graded if access is not Access.REACHED]
    return sorted(told, key=lambda each: each.at, reverse=True)


def _missed(note: ProbeNote, access: Access, rule: AvailabilityRule) -> Missed:
    probe = note.probe
    if probe.ours:
        return Missed(probe.at, access, WORDS[access], "本机网络中断，不计入")
    why = OUTCOME_WORDS[probe.outcome]
    if probe.outcome.seen and probe.elapsed_ms is not None:
        why = f"用时{probe.elapsed_ms / 1000:.1f}秒，达到{rule.slow_ms / 1000:g}秒"
    if note.status is not None and probe.outcome is not Outcome.OK:
        why += f"（状态码{note.status}）"
    more = f"：{clean(note.note)}" if note.note else ""
    return Missed(probe.at, access, WORDS[access], why + more)


def since(present: datetime, days: int) -> datetime:
    """From which instant on are visits asked for, to show so many days and judge a week?"""
    return present - DAY * (days + 2)
