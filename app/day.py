"""Judging one day: what was known at its end, under the law then in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.settings import Home, Settings
from checks.facts import Observed, Subject
from checks.fakes import Sighting
from checks.freshness import SHANGHAI, Moment, local_day
from checks.judge import Bench, Facts, judge
from checks.rules import Law
from checks.texts import FROM_LISTS, REPOST
from storage.clock import now
from storage.inventory import Inventory
from storage.ledger import Ledger

# A week of whole days before the day judged, and that day itself.
PROBES = timedelta(days=9)


@dataclass(frozen=True, slots=True)
class Day:
    """One judged day. `cutoff` is the last instant whose visits count.

    A day ahead is a projection: nothing new is assumed to appear. Only today's judgement is
    ever written down.
    """

    bench: Bench
    law: Law
    cutoff: datetime
    register: Inventory

    @property
    def subjects(self) -> dict[str, Subject]:
        return {row.subject.key: row.subject for row in self.bench.rows}

    @property
    def unit_names(self) -> dict[str, str]:
        return {row["id"]: row["name"] for row in self.register["unit"]}


def judge_day(home: Home, settings: Settings, ledger: Ledger, as_of: date | None = None) -> Day:
    """How did everything stand on `as_of` (None: today, in Asia/Shanghai)?

    A past day is judged from the visits, the register and the law of that day's end.
    """
    present = now()
    today = local_day(present)
    as_of = as_of or today
    law = home.law(settings)
    cutoff = present
    at: datetime | None = None
    if as_of < today:
        cutoff = datetime.combine(as_of, time.max, SHANGHAI)
        law = ledger.law_at(cutoff) or law
        first = ledger.first_loaded_at()
        # Before the first register there was nothing to judge by: show it, unseen.
        at = max(cutoff, first + timedelta(microseconds=1)) if first else cutoff
    subjects, register = ledger.subjects(at), ledger.inventory(at)
    observed = ledger.observed(cutoff, [subject.key for subject in subjects])
    facts = Facts(
        subjects=subjects,
        histories=ledger.histories([subject.key for subject in subjects], cutoff),
        letters=ledger.letters(cutoff),
        units={row["name"]: row["id"] for row in register["unit"]},
        observed=observed,
        probes=ledger.probes(cutoff - PROBES, cutoff),
        hands=ledger.hands(cutoff),
        rows=_rows(ledger, law, as_of, cutoff, observed),
    )
    bench = judge(law, facts, Moment(as_of, projected=as_of > today))
    return Day(bench, law, cutoff, register)


def _rows(
    ledger: Ledger,
    law: Law,
    as_of: date,
    cutoff: datetime,
    observed: Mapping[str, Sequence[Observed]],
) -> Mapping[str, Sequence[Sighting]]:
    """The rows that a flag may speak of; none where the law in force has no such flags."""
    owed = [d for d in law.duties_in_force(as_of) if d.about in (*FROM_LISTS, REPOST)]
    if not owed:
        return {}
    since = cutoff - timedelta(days=max(duty.within.n for duty in owed) + 1)
    late = min((d.numbers["tolerance_days"] for d in owed if d.about in FROM_LISTS), default=0)
    return ledger.sightings(cutoff, since, observed, late)
