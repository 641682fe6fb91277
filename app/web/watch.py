"""What the first page says beside its board: vetoes that are near, and what was not seen. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks.facts import Outcome
from checks.freshness import OUTCOME_WORDS
from checks.sites import Standing
from checks.standing_words import amount, bound, gap
from checks.subjects import Subject
from checks.verdicts import Judgement, Verdict
from checks.watch import Place
from notify.weekly.veto import LISTED, nearness, remark, sort_of

HITS = {True: "已达到", False: "未达到", None: "未判定"}
TONES = {True: Verdict.OVERDUE, False: Verdict.OK, None: Verdict.UNKNOWN}
NEVER, NOT_SURE = "尚未查看", "见到内容，但不足以判定"
OLD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Near:
    """One veto of a site or account that is reached, near, or cannot be ruled out."""

    subject: Subject
    name: str
    count: int | str
    limit: int | str
    distance: int | str
    word: str
    tone: Verdict
    remark: str
    clause: str


@dataclass(frozen=True, slots=True)
class Unseen:
    """Why some subjects have no verdict, and which they are, the longest unseen first."""

    why: str
    rows: Sequence[Judgement]


def near_vetoes(places: Iterable[Place], unit: str = "") -> list[Near]:
    """Which vetoes want an eye, those reached first, then the nearest? `unit` empty: all units'."""
    found = [
        (place, one)
        for place in places
        if unit in ("", place.subject.unit)
        for one in place.vetoes
        if sort_of(one) == LISTED
    ]
    return [_near(place, one) for place, one in sorted(found, key=lambda pair: nearness(pair[1]))]


def unseen(rows: Iterable[Judgement]) -> list[Unseen]:
    """What has no verdict, by why; what most have in common first. Each subject counts once."""
    found: dict[str, dict[str, Judgement]] = {}
    for row in rows:
        if row.verdict is Verdict.UNKNOWN and row.inherits is None:
            found.setdefault(_why(row.outcome), {}).setdefault(row.subject.key, row)
    return [
        Unseen(why, sorted(of.values(), key=_since))
        for why, of in sorted(found.items(), key=lambda each: -len(each[1]))
    ]


def last_seen(rows: Sequence[Judgement], at: datetime) -> tuple[datetime | None, int]:
    """When was anything last seen; and how many subjects were not seen for more than a day?"""
    seen = {row.subject.key: row.last_seen for row in rows if row.inherits is None}
    times = [each for each in seen.values() if each is not None]
    return max(times, default=None), sum(each is None or at - each > OLD for each in seen.values())


def _why(outcome: Outcome | None) -> str:
    if outcome is None:
        return NEVER
    return NOT_SURE if outcome.seen else OUTCOME_WORDS[outcome]


def _since(row: Judgement) -> tuple[float, str]:
    return (row.last_seen.timestamp() if row.last_seen else 0.0), row.subject.name


def _near(place: Place, one: Standing) -> Near:
    return Near(
        place.subject,
        f"{one.indicator.name}：{one.indicator.headline}",
        _or_dash(amount(one)),
        _or_dash(bound(one)),
        _or_dash(gap(one)),
        HITS[one.hit],
        TONES[one.hit],
        remark(one),
        f"{one.indicator.source}{one.indicator.clause}",
    )


def _or_dash(value: int | str | None) -> int | str:
    return "—" if value is None else value
