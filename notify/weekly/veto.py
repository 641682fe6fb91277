"""Veto watch: how near is each site and account to a veto of the indicators in force?

Only what was seen and judged is counted. Where nothing was measured there is no number. What
is at fault, or may be, has a line; of the rest each indicator tells how many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from checks.sites import Standing
from checks.standing_words import UNVERIFIED, amount, bound, gap, in_words, share_of
from checks.watch import Place
from notify.weekly.desk import Desk
from notify.weekly.lines import VetoGroup, VetoLine
from notify.weekly.model import VetoWatch
from notify.words import KIND_WORDS

UNKNOWN = "未知"
ARROW = "→"
LISTED, CLEAR, UNJUDGED, UNWATCHED = "listed", "clear", "unjudged", "unwatched"
Held = Mapping[tuple[str, str, str], Standing]


def veto_watch(desk: Desk) -> VetoWatch:
    """What stands how far from a veto? What is hit first, then the nearest."""
    material = desk.material
    past = [_by_key(places) for places in material.past]
    stood = [(place, one) for place in material.places for one in place.vetoes]
    listed = [(place, one) for place, one in stood if sort_of(one) == LISTED]
    return VetoWatch(
        sources=tuple(dict.fromkeys(place.pack.title for place in material.places)),
        total=len(stood),
        lines=tuple(
            _line(desk, place, one, past)
            for place, one in sorted(listed, key=lambda pair: nearness(pair[1]))
        ),
        groups=_groups(stood),
    )


def sort_of(one: Standing) -> str:
    """Has it a line, or is it told by number: clear, not known although watched, not watched?

    What is at fault, or may have reached the limit, has a line.
    """
    if one.hit or one.count or (one.measure is not None and one.measure.part):
        return LISTED
    if one.said is None and one.watched and len(one.not_known) == one.watched:
        return UNJUDGED
    if one.hit is False:
        return CLEAR
    if one.watched:
        return LISTED  # none at fault, yet enough not known to reach it
    return UNJUDGED if one.measure is not None else UNWATCHED


def _groups(stood: Sequence[tuple[Place, Standing]]) -> tuple[VetoGroup, ...]:
    sorts: dict[tuple[str, str], Counter[str]] = {}
    for place, one in stood:
        key = (_words(one), KIND_WORDS[place.subject.kind])
        sorts.setdefault(key, Counter())[sort_of(one)] += 1
    return tuple(
        VetoGroup(
            indicator=indicator,
            kind=kind,
            total=number.total(),
            listed=number[LISTED],
            clear=number[CLEAR],
            unjudged=number[UNJUDGED],
            unwatched=number[UNWATCHED],
        )
        for (indicator, kind), number in sorts.items()
    )


def _words(one: Standing) -> str:
    return f"{one.indicator.name}：{one.indicator.headline}"


def nearness(one: Standing) -> tuple[bool, float]:
    """A key to sort by: what is hit first, then the nearest."""
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
        indicator=_words(one),
        count=amount(one),
        limit=bound(one),
        gap=gap(one),
        trend=ARROW.join([*before, _once(one)]),
        remark=remark(one),
        hit=one.hit,
    )


def remark(one: Standing) -> str:
    """What do the numbers of the line not say?"""
    if one.said is not None or one.indicator.limit is None or amount(one) is None:
        return in_words(one)
    more = f"另有{len(one.not_known)}个未能判定，未计入" if one.not_known else ""
    stands = {True: "已达到限值", False: "未达到限值", None: "待查清"}[one.hit]
    unsure = "" if one.indicator.verified else UNVERIFIED
    return "；".join(words for words in (stands, more, unsure) if words)


def _once(one: Standing | None) -> str:
    """How one week reads in the trend; `≥` where more may have been at fault."""
    if one is None:
        return UNKNOWN
    if one.indicator.counts == "hand":
        return {True: "有", False: "无", None: UNKNOWN}[one.hit]
    count = amount(one)
    more = "≥" if one.hit is None and one.measure is None else ""
    return UNKNOWN if count is None else f"{more}{count}"
