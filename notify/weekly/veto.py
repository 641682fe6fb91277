"""Veto watch: how near is each site and account to a veto of the indicators in force?

Only what was seen and judged is counted. Where nothing was measured there is no number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from checks.sites import Standing
from checks.standing_words import amount, bound, gap, in_words, share_of
from checks.watch import Place
from notify.weekly.desk import Desk
from notify.weekly.model import VetoLine, VetoWatch
from notify.words import KIND_WORDS

UNKNOWN = "未知"
ARROW = "→"
Held = Mapping[tuple[str, str, str], Standing]


def veto_watch(desk: Desk) -> VetoWatch:
    """What stands how far from a veto? What is hit first, then the nearest."""
    material = desk.material
    past = [_by_key(places) for places in material.past]
    stood = [(place, one) for place in material.places for one in place.vetoes]
    known = sorted((pair for pair in stood if _is_known(pair[1])), key=lambda pair: _near(pair[1]))
    untold = Counter(
        (one.indicator.headline, KIND_WORDS[place.subject.kind])
        for place, one in stood
        if not _is_known(one)
    )
    return VetoWatch(
        sources=tuple(dict.fromkeys(place.pack.title for place in material.places)),
        total=len(stood),
        lines=tuple(_line(desk, place, one, past) for place, one in known),
        untold=tuple((words, kind, number) for (words, kind), number in untold.items()),
    )


def _is_known(one: Standing) -> bool:
    """Was anything looked at, or said by a person?"""
    return one.hit is not None or one.watched > 0 or one.measure is not None


def _near(one: Standing) -> tuple[bool, float]:
    row, measure = one.indicator, one.measure
    reached = one.count / row.limit if row.limit else 0.0
    if measure is not None and row.share:
        reached = float(share_of(measure) / row.share)
    return not one.hit, -reached


def _by_key(places: Sequence[Place]) -> Held:
    return {
        (place.subject.key, place.pack.name, one.indicator.id): one
        for place in places
        for one in place.vetoes
    }


def _line(desk: Desk, place: Place, one: Standing, past: Sequence[Held]) -> VetoLine:
    row = one.indicator
    key = (place.subject.key, place.pack.name, row.id)
    before = [_once(weeks.get(key)) for weeks in past]
    return VetoLine(
        place=desk.name(place.subject),
        indicator=f"{row.name}：{row.headline}",
        count=amount(one),
        limit=bound(one),
        gap=gap(one),
        trend=ARROW.join([*before, _once(one)]),
        remark=in_words(one),
        hit=one.hit,
    )


def _once(one: Standing | None) -> str:
    """How one week reads in the trend; `≥` where more may have been at fault."""
    if one is None:
        return UNKNOWN
    if one.indicator.counts == "hand":
        return {True: "有", False: "无", None: UNKNOWN}[one.hit]
    count = amount(one)
    more = "≥" if one.hit is None and one.measure is None else ""
    return UNKNOWN if count is None else f"{more}{count}"
