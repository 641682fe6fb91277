"""What persons found by hand, as the vetoes, the deductions and the bonus of a pack take it.

A record names a row: an indicator, or a duty that a person answers. Where such a duty decides an
indicator (nm_interactive decides M3) both names mean the duty's record, so nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from checks.duty_table import ABOUT, Duty
from checks.facts import Hand
from checks.indicators import Indicator, in_force
from checks.points import Bonus, Check
from checks.rules import Pack
from checks.subjects import SubjectKind


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record is kept, and what may be said there.

    `row` is the id under which it is kept, `subject` the kind of what it speaks of. `ticks`: a
    fault or none; `most`: the highest points, None where no points are taken. Without a day of
    its own a record holds for `days`, None: until another takes its place.
    """

    row: str
    headline: str
    subject: str
    ticks: bool
    most: Decimal | None = None
    days: int | None = None

    def until(self, on: date) -> date | None:
        """Up to which day, inclusive, does a record of `on` hold?"""
        return None if self.days is None else on + timedelta(self.days)


def place(pack: Pack, name: str, as_of: date) -> Place | None:
    """Where is a record about the row `name` kept? None: no such row takes what a person found."""
    for duty in _by_hand(pack, as_of):
        if name and name in (duty.id, duty.name):
            return Place(duty.id, duty.headline, duty.subject, ticks=True, days=duty.within.n)
    row = next((row for row in in_force(pack.indicators, as_of) if row.id == name), None)
    return None if row is None else _of_indicator(pack, row)


def _of_indicator(pack: Pack, row: Indicator) -> Place | None:
    if row.counts == "hand" and row.part == "veto":
        return Place(row.id, row.headline, row.subject, ticks=True)
    if pack.scale is None or row.part == "veto":
        return None
    # What a machine counts among columns is still deducted from their site.
    of = row.subject if row.counts == "hand" else str(SubjectKind.SITE)
    if row.part == "bonus":
        return Place(row.id, row.headline, of, ticks=False, most=pack.scale.bonus_most)
    return Place(row.id, row.headline, of, ticks=True, most=row.cap or pack.scale.full)


def holding(hands: Sequence[Hand], pack: Pack, as_of: date) -> tuple[Hand, ...]:
    """Which of these records, as they stood on `as_of`, still hold under this pack?"""
    mine = (hand for hand in hands if hand.pack == pack.name)
    return tuple(hand for hand in mine if hand.until is None or as_of <= hand.until)


def by_hand(hands: Sequence[Hand], pack: Pack, as_of: date) -> dict[str, bool]:
    """What did persons find of one subject under the vetoes and deductions?

    By indicator id: True a fault, False none; see `checks.sites.Found.by_hand`.
    """
    rows = {row.id for row in in_force(pack.indicators, as_of) if row.part != "bonus"}
    decides = {duty.id: duty.name for duty in _by_hand(pack, as_of)}
    found: dict[str, bool] = {}
    for hand in sorted(holding(hands, pack, as_of), key=lambda hand: hand.at):
        row, fault = decides.get(hand.row, hand.row), _fault(hand)
        if row in rows and fault is not None:
            found[row] = fault
    return found


def checks_by_hand(hands: Sequence[Hand], pack: Pack, as_of: date) -> list[Check]:
    """What did persons find of one site under the deductions? In the pack's order.

    A person's word takes the place of what the machine found under the same row.
    """
    found = {hand.row: hand for hand in holding(hands, pack, as_of)}
    return [
        Check(row.id, int(fault), found[row.id].evidence, found[row.id].points)
        for row in in_force(pack.indicators, as_of)
        if row.part == "deduct" and row.id in found
        if (fault := _fault(found[row.id])) is not None
    ]


def bonuses(hands: Sequence[Hand], pack: Pack, as_of: date) -> list[Bonus]:
    """Which points did persons give one site under the bonus part? In the pack's order."""
    found = {hand.row: hand for hand in holding(hands, pack, as_of)}
    return [
        Bonus(row.id, points, found[row.id].evidence)
        for row in in_force(pack.indicators, as_of)
        if row.part == "bonus" and row.id in found
        if (points := found[row.id].points) is not None
    ]


def _fault(hand: Hand) -> bool | None:
    """Points deducted are a fault, none deducted are none."""
    if hand.fault is None and hand.points is not None:
        return hand.points > 0
    return hand.fault


def _by_hand(pack: Pack, as_of: date) -> Iterator[Duty]:
    """The duties of a pack that only a person answers, each in its latest row begun by `as_of`."""
    latest: dict[str, Duty] = {}
    for duty in sorted(pack.duties, key=lambda duty: duty.effective_from):
        if ABOUT[duty.about].by_hand and duty.effective_from <= as_of:
            latest[duty.id] = duty
    return iter(latest.values())
