"""The on-time rate of weeks gone by: columns alone are judged, which costs little a week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from app.day import known_by
from checks.freshness import Moment
from checks.judge import Bench, Facts, judge
from checks.rules import Law
from checks.subjects import SubjectKind
from notify.weekly import Period, on_time
from notify.weekly.lines import TrendPoint
from notify.weekly.period import WEEK
from storage.ledger import Ledger

WEEKS = 12


def weeks_before(
    ledger: Ledger, law: Law, week: Period, known: Mapping[date, Bench], present: datetime
) -> list[TrendPoint]:
    """The rates of the eleven weeks before this one, as the report of each week told them.

    `law` is that of today, for weeks before any was kept; `known` are days judged already.
    """
    weeks = [Period.containing(week.first - back * WEEK) for back in range(WEEKS - 1, 0, -1)]
    return [
        TrendPoint.of(
            each, on_time((known.get(each.last) or _columns(ledger, law, each.last, present)).rows)
        )
        for each in weeks
    ]


def _columns(ledger: Ledger, law: Law, as_of: date, present: datetime) -> Bench:
    """How did the columns stand at the end of a past day? Nothing else speaks in their rate."""
    cutoff, at = known_by(ledger, as_of, present)
    law = ledger.law_at(cutoff) or law
    law = replace(law, packs=tuple(replace(pack, duties=()) for pack in law.packs))
    columns = [each for each in ledger.subjects(at) if each.kind is SubjectKind.COLUMN]
    targets = ledger.targets_of(columns, at)
    keys = [each.key for each in (*columns, *targets)]
    facts = Facts(columns, ledger.histories(keys, cutoff), targets=targets)
    return judge(law, facts, Moment(as_of))
