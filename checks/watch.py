"""How does every site and account stand under the indicators of a pack, and what is it worth?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from checks.facts import Hand
from checks.hands import bonuses, by_hand, checks_by_hand
from checks.indicators import Indicator, in_force
from checks.judge import Bench
from checks.points import Score, check_of, score
from checks.rules import Law, Pack
from checks.sites import Found, Standing, Watched, standings, vetoed, watched
from checks.subjects import Subject


@dataclass(frozen=True, slots=True)
class Place:
    """One site or account under one pack: its vetoes, and a portal's deductions and points."""

    subject: Subject
    pack: Pack
    vetoes: tuple[Standing, ...]
    deductions: tuple[Standing, ...] = ()
    score: Score | None = None

    @property
    def vetoed(self) -> bool | None:
        """Is there a veto? None where it cannot be ruled out."""
        return vetoed(self.vetoes)


def counting(law: Law, as_of: date) -> tuple[Pack, ...]:
    """Which packs count and score? Those with an indicator in force on `as_of`."""
    return tuple(pack for pack in law.packs if in_force(pack.indicators, as_of))


def places(
    pack: Pack,
    bench: Bench,
    found: Mapping[str, Found] | None = None,
    hands: Mapping[str, Sequence[Hand]] | None = None,
) -> tuple[Place, ...]:
    """How does every registered site and account stand? In the register's order.

    `found` is what was measured or found by machine, `hands` what persons found, both by the key
    of the site or account. A person's word takes the place of the machine's.
    """
    as_of = bench.moment.as_of
    rows = in_force(pack.indicators, as_of)
    said = {key: by_hand(own, pack, as_of) for key, own in (hands or {}).items()}
    known = {
        key: replace((found or {}).get(key, Found()), by_hand=said.get(key, {}))
        for key in {*(found or {}), *said}
    }
    subjects = {row.subject.key: row.subject for row in bench.rows}
    return tuple(
        _place(pack, rows, subjects[key], one, (hands or {}).get(key, ()))
        for key, one in watched(bench, known).items()
        if key in subjects
    )


def _place(
    pack: Pack,
    rows: Sequence[Indicator],
    subject: Subject,
    known: Watched,
    hands: Sequence[Hand],
) -> Place:
    scale = pack.scale
    if scale is not None and not subject.services:
        rows = [row for row in rows if row.section != scale.services_section]
    vetoes = standings(known, rows)
    if scale is None or not subject.portal:
        return Place(subject, pack, vetoes)
    deductions = standings(known, rows, "deduct")
    as_of = known.as_of
    checks = {one.indicator: one for one in map(check_of, deductions) if one is not None}
    checks |= {one.indicator: one for one in checks_by_hand(hands, pack, as_of)}
    asked = {row.id for row in rows}
    sheet = score(
        scale,
        rows,
        vetoes,
        [one for one in checks.values() if one.indicator in asked],
        [one for one in bonuses(hands, pack, as_of) if one.indicator in asked],
        services=subject.services,
    )
    return Place(subject, pack, vetoes, deductions, sheet)
