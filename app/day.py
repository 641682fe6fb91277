"""Judging one day: what was known at its end, under the law then in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.settings import Home, Settings
from checks.facts import Subject
from checks.freshness import SHANGHAI, Moment, local_day
from checks.judge import Bench, Facts, judge
from checks.rules import Law
from storage.clock import now
from storage.inventory import Inventory
from storage.ledger import Ledger

# A week of whole days before the day judged, and that day itself.
PROBES = timedelta(days=9)


@dataclass(frozen=True, slots=True)
class Day:
    """One judged day. `cutoff` is the last instant whose visits count; `facts` are those judged.

    A day ahead is a projection: nothing new is assumed to appear. Only today's judgement is
    ever written down.
    """

    bench: Bench
    law: Law
    cutoff: datetime
    register: Inventory
    facts: Facts

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
    facts = Facts(
        subjects=subjects,
        histories=ledger.histories([subject.key for subject in subjects], cutoff),
        letters=ledger.letters(cutoff),
        units={row["name"]: row["id"] for row in register["unit"]},
        observed=ledger.observed(cutoff, [subject.key for subject in subjects]),
        probes=ledger.probes(cutoff - PROBES, cutoff),
        hands=ledger.hands(cutoff),
    )
    bench = judge(law, facts, Moment(as_of, projected=as_of > today))
    return Day(bench, law, cutoff, register, facts)
