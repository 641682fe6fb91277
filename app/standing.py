"""How do the sites and accounts of a judged day stand under the indicators of the law?"""

from __future__ import annotations

from collections.abc import Mapping

from app.day import Day
from checks.rules import Pack
from checks.sites import Found
from checks.watch import Place, counting, places


def places_of(day: Day) -> tuple[Place, ...]:
    """Every site and account under every pack that counts; none where no pack does."""
    return tuple(
        place
        for pack in counting(day.law, day.bench.moment.as_of)
        for place in places(pack, day.bench, by_machine(day, pack), day.facts.hands)
    )


def by_machine(day: Day, pack: Pack) -> Mapping[str, Found]:  # noqa: ARG001
    """What was measured, or found by a check, for a row that no verdict or duty is counted for?

    By the key of the site or account. Nothing measures such a row yet.
    """
    return {}
