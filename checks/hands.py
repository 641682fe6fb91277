"""What persons found by hand (人工核查), as the indicators of one pack take it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from checks.facts import Hand
from checks.points import Bonus, Check
from checks.rules import Pack


def by_hand(hands: Iterable[Hand], pack: Pack, as_of: date) -> dict[str, bool]:
    """Which rows did a person find at fault (True) or in order (False), that still hold?"""
    held = _held(hands, pack, as_of, ("veto", "deduct"))
    return {hand.row: hand.fault for hand in held if hand.fault is not None}


def checks_by_hand(hands: Iterable[Hand], pack: Pack, as_of: date) -> list[Check]:
    """What did persons find under the deductions? Points without a word are a fault."""
    return [
        Check(hand.row, int(fault), hand.evidence, hand.points if fault else None)
        for hand in _held(hands, pack, as_of, ("deduct",))
        for fault in [bool(hand.points) if hand.fault is None else hand.fault]
    ]


def bonuses(hands: Iterable[Hand], pack: Pack, as_of: date) -> list[Bonus]:
    """Which points did persons give under the bonus part?"""
    held = _held(hands, pack, as_of, ("bonus",))
    return [Bonus(hand.row, hand.points, hand.evidence) for hand in held if hand.points]


def _held(hands: Iterable[Hand], pack: Pack, as_of: date, parts: Sequence[str]) -> tuple[Hand, ...]:
    rows = {row.id for row in pack.indicators if row.part in parts}
    return tuple(
        hand
        for hand in hands
        if (hand.pack, hand.row in rows) == (pack.name, True)
        and (hand.until is None or as_of <= hand.until)
    )
