"""How do the sites and accounts of a judged day stand under the indicators of the law?"""

from __future__ import annotations

from app.day import Day
from checks.judge import Bench, Facts
from checks.machine import found_by_machine
from checks.rules import Law
from checks.watch import Place, counting, places


def places_of(day: Day) -> tuple[Place, ...]:
    """Every site and account under every pack that counts; none where no pack does."""
    return places_in(day.law, day.bench, day.facts)


def places_in(law: Law, bench: Bench, facts: Facts) -> tuple[Place, ...]:
    """The same of what was judged together: whole sites, with all that is on them."""
    return tuple(
        place
        for pack in counting(law, bench.moment.as_of)
        for place in places(pack, bench, found_by_machine(pack, bench, facts), facts.hands)
    )
