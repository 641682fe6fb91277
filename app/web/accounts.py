"""The accounts of a judged day: how each stands, how it is known, how often it posts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.day import Day
from app.measure_views import measures_sheet
from app.measuring import Known, Measured
from app.words import days_words, severity
from checks.facts import History, Method, Visit
from checks.freshness import METHOD_WORDS, OUTCOME_WORDS, SHANGHAI, shown_to
from checks.measures import Measure
from checks.periods import Days
from checks.subjects import Subject, SubjectKind
from checks.verdicts import Judgement
from notify.terms import PLATFORMS, SOURCES
from notify.words import clean


@dataclass(frozen=True, slots=True)
class Way:
    """One way by which an account is known: what came of it, and is the verdict its?"""

    words: str
    good: bool
    deciding: bool


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account. `row` is its worst verdict; `measure` are the cells of the measures' table."""

    subject: Subject
    unit: str
    row: Judgement
    days: str
    platform: str
    source: str
    ways: Sequence[Way]
    measure: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts are asked for; empty: all. These are fields of the address."""

    unit: str = ""
    platform: str = ""
    verdict: str = ""

    def holds(self, row: Judgement) -> bool:
        return (
            self.unit in ("", row.subject.unit)
            and self.platform in ("", row.subject.platform)
            and self.verdict in ("", row.verdict)
        )


def worst_rows(day: Day, kind: SubjectKind, own: str | None) -> list[Judgement]:
    """One verdict a subject of this kind, its worst; the worst first. `own`: of one unit only."""
    worst: dict[str, Judgement] = {}
    for row in day.bench.rows:
        if row.subject.kind is not kind or own not in (None, row.subject.unit):
            continue
        held = worst.get(row.subject.key)
        if held is None or severity(row) < severity(held):
            worst[row.subject.key] = row
    return sorted(worst.values(), key=severity)


def account_lines(
    day: Day, rows: Sequence[Judgement], days: Days, measures: Mapping[str, Sequence[Measure]]
) -> list[AccountLine]:
    """These accounts as lines; `measures` are of `days` alone, by key."""
    accounts = tuple(row.subject for row in rows)
    known = Known(day.bench.moment.as_of, day.cutoff, accounts, day.unit_names)
    pairs = tuple((each, measures[each.key][0]) for each in accounts)
    sheet = measures_sheet(Measured(known, days, pairs))
    return [
        AccountLine(
            subject=row.subject,
            unit=day.unit_names.get(row.subject.unit, row.subject.unit),
            row=row,
            days=days_words(row),
            platform=PLATFORMS.get(row.subject.platform or "", "其他"),
            source=SOURCES.get(row.subject.source or "", "未登记"),
            ways=tuple(ways_of(row, day.facts.histories.get(row.subject.key, History()))),
            measure=told,
        )
        for row, told in zip(rows, sheet.told or (), strict=True)
    ]


def ways_of(row: Judgement, history: History) -> Iterator[Way]:
    """By a look of our own, by the word of a person, or by both; what came last of each."""
    look, word = history.last, history.word
    if look is not None:
        at = look.observed_at.astimezone(SHANGHAI)
        told = f"（{clean(look.note)}）" if look.note and not look.outcome.seen else ""
        until = f"，来源反映到 {look.shown_to}" if look.shown_to is not None else ""
        words = f"自动查看 {at:%Y-%m-%d %H:%M}，{OUTCOME_WORDS[look.outcome]}{told}{until}"
        yield Way(words, look.outcome.seen, row.method is Method.CRAWL)
    if word is not None:
        yield Way(_brought(word), word.outcome.seen, row.method.brought)
    if look is None and word is None:
        yield Way("尚未导入或登记" if row.subject.brought else "尚未查看", False, False)


def _brought(word: Visit) -> str:
    by = clean(word.by or "未注明")
    return f"{METHOD_WORDS[word.method]}，{by}，反映到 {shown_to(word)}"
