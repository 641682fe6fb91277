"""How do the sites and accounts of a judged day stand under the indicators of the law?"""

from __future__ import annotations

from collections.abc import Iterable

from app.day import Day
from checks.false_alarms import without_false_alarms
from checks.judge import Bench, Facts
from checks.lifecycle import Finding
from checks.machine import found_by_machine
from checks.rules import Law
from checks.watch import Place, counting, places


def places_of(day: Day, findings: Iterable[Finding]) -> tuple[Place, ...]:
    """Every site and account under every pack that counts; none where no pack does.

    `findings` are those known by the day: what persons called false alarms counts nowhere.
    """
    return places_in(day.law, day.bench, day.facts, findings)


def places_in(
    law: Law, bench: Bench, facts: Facts, findings: Iterable[Finding]
) -> tuple[Place, ...]:
    """The same of what was judged together: whole sites, with all that is on them."""
    bench = without_false_alarms(bench, findings)
    return tuple(
        place
        for pack in counting(law, bench.moment.as_of)
        for place in places(pack, bench, found_by_machine(pack, bench, facts), facts.hands)
    )
