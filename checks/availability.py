"""Could visitors open a site in the week before a day? (国办秘函〔2019〕19号 W2 站点无法访问)

A visit that says nothing of the site is shown apart, and a week is called failed only where it
would be failed even if all such visits had opened, and good only where it would be good even if
none had. Visits made while our own network was down do not count at all. Days are days in
Asia/Shanghai.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise

from checks.freshness import SHANGHAI, local_day
from checks.probes import MILDEST_FIRST, Access, AvailabilityRule, Probe, badness, grade, in_order

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayStrip:
    """One day's samples. `worst` is the visit to show first: failed, then unclear, then slow."""

    day: date
    reached: int
    failed: int
    unclear: int
    ours: int
    worst: Probe | None

    @property
    def known(self) -> int:
        """How many samples say something of the site?"""
        return self.reached + self.failed

    @property
    def samples(self) -> int:
        return self.known + self.unclear


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without a sample; both ends are aware."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Week:
    """How a site stood in the days before a day, with its arithmetic in words.

    The share of failed visits lies between `lowest` (all unclear visits had opened) and
    `highest` (none had); both are None when there was no sample.
    """

    site: str
    access: Access
    days: tuple[DayStrip, ...]
    gaps: tuple[Gap, ...]
    lowest: Fraction | None
    highest: Fraction | None
    reason: str


def daily_strip(
    site: str, probes: Iterable[Probe], rule: AvailabilityRule, last: date
) -> tuple[DayStrip, ...]:
    """How did each of the rule's days up to `last`, inclusive, go for this site? Oldest first."""
    mine = _within(site, probes, rule, last)
    return _strips(mine, _spaced(mine, rule), rule, last)


def long_gaps(
    site: str, probes: Iterable[Probe], rule: AvailabilityRule, last: date
) -> tuple[Gap, ...]:
    """In which stretches of the days up to `last`, inclusive, was nobody looking for too long?"""
    return _gaps(_spaced(_within(site, probes, rule, last), rule), rule, last)


def week_before(site: str, probes: Iterable[Probe], rule: AvailabilityRule, as_of: date) -> Week:
    """Could the site be opened in the rule's days before `as_of`?

    Only whole days count, so `as_of` itself does not. Raises nothing: what cannot be judged
    is `unknown`, with its reason.
    """
    last = as_of - ONE_DAY
    mine = _within(site, probes, rule, last)
    samples = _spaced(mine, rule)
    days = _strips(mine, samples, rule, last)
    gaps = _gaps(samples, rule, last)
    failed, unclear = sum(day.failed for day in days), sum(day.unclear for day in days)
    total = sum(day.samples for day in days)
    lowest = Fraction(failed, total) if total else None
    highest = Fraction(failed + unclear, total) if total else None
    access, why = _judge(days, gaps, rule, lowest, highest)
    span = f"{days[0].day}至{days[-1].day}"
    return Week(site, access, days, gaps, lowest, highest, f"{span}，{why}")


def _judge(
    days: Sequence[DayStrip],
    gaps: Sequence[Gap],
    rule: AvailabilityRule,
    lowest: Fraction | None,
    highest: Fraction | None,
) -> tuple[Access, str]:
    if lowest is None or highest is None:
        return Access.UNKNOWN, "未作有效访问，不作判定"
    known, failed = sum(day.known for day in days), sum(day.failed for day in days)
    unclear = sum(day.unclear for day in days)
    facts = f"有效访问{known}次，未能及时打开{failed}次"
    facts += f"，另有{unclear}次被拦截或情况不明" if unclear else ""
    if short := _too_few(days, known, rule):
        return Access.UNKNOWN, f"{facts}；{short}，不作判定"
    if gaps:
        longest = max(gap.end - gap.start for gap in gaps)
        why = f"访问间隔最长{_hours(longest)}，超过{_hours(rule.max_gap)}"
        return Access.UNKNOWN, f"{facts}；{why}，不作判定"
    limit = f"{_percent(rule.limit)}的限度（含）"
    if lowest >= rule.limit:
        at_least = "至少占" if unclear else "占"
        return Access.FAILED, f"{facts}；{at_least}{_percent(lowest)}，达到{limit}"
    if highest < rule.limit:
        at_most = "至多占" if unclear else "占"
        return Access.REACHED, f"{facts}；{at_most}{_percent(highest)}，未达到{limit}"
    share = f"占比在{_percent(lowest)}至{_percent(highest)}之间"
    return Access.UNKNOWN, f"{facts}；{share}，能否达到{limit}不能确定，不作判定"


def _too_few(days: Sequence[DayStrip], known: int, rule: AvailabilityRule) -> str | None:
    short = [f"{day.day}（{day.known}次）" for day in days if day.known < rule.min_per_day]
    if short:
        return f"每日有效访问应不少于{rule.min_per_day}次，不足的有{'、'.join(short)}"
    if known < rule.min_total:
        return f"有效访问应不少于{rule.min_total}次"
    return None


def _strips(
    probes: Sequence[Probe], samples: Sequence[Probe], rule: AvailabilityRule, last: date
) -> tuple[DayStrip, ...]:
    ours = Counter(local_day(probe.at) for probe in probes if probe.ours)
    by_day: dict[date, list[Probe]] = {}
    for probe in samples:
        by_day.setdefault(local_day(probe.at), []).append(probe)
    return tuple(_strip(day, by_day.get(day, ()), ours[day], rule) for day in _days(rule, last))


def _strip(day: date, today: Sequence[Probe], ours: int, rule: AvailabilityRule) -> DayStrip:
    graded: dict[Access, list[Probe]] = {access: [] for access in MILDEST_FIRST}
    for probe in today:
        graded[grade(probe, rule)].append(probe)
    shown = next((graded[access] for access in reversed(MILDEST_FIRST) if graded[access]), [])
    return DayStrip(
        day,
        reached=len(graded[Access.REACHED]),
        failed=len(graded[Access.FAILED]),
        unclear=len(graded[Access.UNKNOWN]),
        ours=ours,
        worst=max(shown, key=lambda probe: badness(probe, rule), default=None),
    )


def _within(site: str, probes: Iterable[Probe], rule: AvailabilityRule, last: date) -> list[Probe]:
    start, end = _bounds(rule, last)
    mine = (probe for probe in probes if probe.site == site and start <= probe.at < end)
    return in_order(mine, rule)


def _spaced(probes: Sequence[Probe], rule: AvailabilityRule) -> list[Probe]:
    """The visits that count as samples, chosen by their time and never by their result."""
    samples: list[Probe] = []
    for probe in probes:
        if probe.ours:
            continue
        if not samples or probe.at - samples[-1].at >= rule.min_gap:
            samples.append(probe)
    return samples


def _gaps(samples: Sequence[Probe], rule: AvailabilityRule, last: date) -> tuple[Gap, ...]:
    start, end = _bounds(rule, last)
    moments = [start, *(probe.at for probe in samples), end]
    return tuple(Gap(a, b) for a, b in pairwise(moments) if b - a > rule.max_gap)


def _days(rule: AvailabilityRule, last: date) -> list[date]:
    return [last - ONE_DAY * back for back in reversed(range(rule.days))]


def _bounds(rule: AvailabilityRule, last: date) -> tuple[datetime, datetime]:
    first = _days(rule, last)[0]
    midnight = time(tzinfo=SHANGHAI)
    # In UTC, as probes are: instants of one zone are compared many times faster.
    start, end = (datetime.combine(day, midnight) for day in (first, last + ONE_DAY))
    return start.astimezone(UTC), end.astimezone(UTC)


def _percent(share: Fraction) -> str:
    """Rounded down, so that a share below the limit never reads like the limit."""
    hundredths = int(share * 100 * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _hours(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    hours, rest = divmod(minutes, 60)
    return f"{hours}小时{rest}分钟" if rest else f"{hours}小时"
