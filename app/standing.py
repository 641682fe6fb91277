"""How do the sites and accounts of a judged day stand under the indicators of the law?"""

from __future__ import annotations

from app.day import Day
from checks.machine import found_by_machine
from checks.watch import Place, counting, places


def places_of(day: Day) -> tuple[Place, ...]:
    """Every site and account under every pack that counts; none where no pack does."""
    return tuple(
        place
        for pack in counting(day.law, day.bench.moment.as_of)
        for place in places(
            pack, day.bench, found_by_machine(pack, day.bench, day.facts), day.facts.hands
        )
    )
